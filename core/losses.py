"""What the admin says will be lost with what is deleted."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from django.utils.text import capfirst


class TellsLosses(admin.ModelAdmin):
    """Names what somebody has entered, and no row that the database keeps beside it."""

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        lines, counts, missing, protected = super().get_deleted_objects(objs, request)
        kept = [model._meta for model in apps.get_models(include_auto_created=True)]
        # What nobody may edit, nobody has entered.
        kept = [meta for meta in kept if meta.auto_created or not meta.default_permissions]
        beginnings = tuple(f"{capfirst(meta.verbose_name)}: " for meta in kept)
        names = {meta.verbose_name_plural for meta in kept}
        counts = {name: number for name, number in counts.items() if name not in names}
        return _without(lines, beginnings), counts, missing, protected


def _without(lines: list[Any], beginnings: tuple[str, ...]) -> list[Any]:
    """Nested lists without the lines that begin so, and without those left empty."""
    left = (_without(line, beginnings) if isinstance(line, list) else line for line in lines)
    return [line for line in left if line and not str(line).startswith(beginnings)]
