from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = _("Articles")

    def ready(self) -> None:
        from articles import announcing, former, page_names, staleness, text_photos

        page_names.connect()
        staleness.connect()
        announcing.connect()
        text_photos.connect()
        former.connect()
        pre_migrate.connect(_clear_the_way, sender=self)
        post_migrate.connect(_ensure_placements, sender=self)


def _clear_the_way(plan: list[tuple[Any, bool]], **_kwargs: Any) -> None:
    """SQLite remakes a table to alter it and refuses while a trigger elsewhere names it."""
    from django.db import connection

    from articles import placements

    changed = {migration.app_label for migration, _backwards in plan}
    if connection.vendor == "sqlite" and changed & {"articles", "categories"}:
        placements.drop_triggers()


def _ensure_placements(**_kwargs: Any) -> None:
    from django.db import connection

    from articles import placements

    # Not there yet when only some migrations were asked for.
    if set(connection.introspection.table_names()) >= placements.TABLES:
        placements.ensure()
