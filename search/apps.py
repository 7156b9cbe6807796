from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = _("Search")

    def ready(self) -> None:
        # This app has no models, so the signal never names it.
        post_migrate.connect(_ensure_index, sender=apps.get_app_config("articles"))


def _ensure_index(**_kwargs: Any) -> None:
    """After each migrate: the index needs the articles' table, and SQLite may have lost it."""
    from django.db import connection

    from articles.models import Article
    from search.backends import backend

    # Not there yet when only the migrations of other apps were asked for.
    if Article._meta.db_table in connection.introspection.table_names():
        backend().ensure()
