"""A live article is found by the words of its published entries, whoever writes them.

Connected by ``LiveConfig.ready``.
"""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save

from articles.models import Article
from live.models import LiveEntry


def connect() -> None:
    post_save.connect(_entry_saved, sender=LiveEntry)
    post_delete.connect(_index, sender=LiveEntry)


def _entry_saved(instance: LiveEntry, **_: Any) -> None:
    if instance.published_at is not None:  # else never seen by readers
        _index(instance)


@transaction.atomic
def _index(instance: LiveEntry, **_: Any) -> None:
    # Held before the entries are read: of two that come at once, the second sees the first.
    articles = Article.objects.select_for_update(of=("self",))
    article = articles.filter(live_event=instance.event_id).first()
    if article is None:
        return
    article.derive_search_columns()
    # The index follows by itself; readers see nothing of it, so no page is old.
    Article.objects.filter(pk=article.pk).update(
        search_body=article.search_body, search_keys=article.search_keys
    )
