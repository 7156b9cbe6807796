from typing import Any

from django.apps import AppConfig


class NewsroomConfig(AppConfig):
    name = "newsroom"

    def ready(self) -> None:
        """Have every change, wherever it is made, reach the stored pages."""
        from core.page_tags import dropped

        dropped.connect(_drop_pages)


def _drop_pages(tags: frozenset[str], **_: Any) -> None:
    from newsroom.pagestore.store import page_store

    store = page_store()
    if store is not None:
        store.drop(tags)
