"""The ground floor: Vietnamese text, HTML cleaning, model fields. Knows no other app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    """Core has no models, only what every other app stands on."""

    name = "core"

    def ready(self) -> None:
        from core import converters, finding

        converters.register()
        post_migrate.connect(finding.ensure_indexes)
