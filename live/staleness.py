"""Which public pages a change of a live coverage makes old, whoever makes it.

As in ``articles.staleness``; connected by ``LiveConfig.ready``. Whatever shows the article, its
feeds included, shows ``article:<number>``.
"""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.urls import reverse
from django.utils import translation

from articles import announcing
from articles.models import Article
from articles.sitemaps import part_tag
from articles.staleness import tags_of
from core.page_tags import drop
from live.models import LiveEntry, LiveEvent, LivePhoto
from photos.models import Photo


def connect() -> None:
    for model, receiver in (
        (LiveEvent, _event_changed),
        (LiveEntry, _entry_changed),
        (LivePhoto, _use_changed),
    ):
        post_save.connect(receiver, sender=model)
        post_delete.connect(receiver, sender=model)
    post_save.connect(_photo_changed, sender=Photo)


def _event_changed(instance: LiveEvent, **_: Any) -> None:
    """Cards in lists say whether it runs."""
    article = Article.objects.filter(pk=instance.article_id).first()
    if article is not None and _was_seen(article.status):
        drop(*tags_of(article))


def _entry_changed(instance: LiveEntry, **_: Any) -> None:
    if instance.published_at is None:  # never seen by readers
        return
    article = Article.objects.filter(live_event=instance.event_id).only("status").first()
    if article is not None and _was_seen(article.status):
        # An entry revises its article, which sitemaps tell.
        drop(f"article:{article.pk}", part_tag(article.pk))
        told = partial(_announce, article.pk, instance.pk)
        # The work of who writes from the event must not look as if it had failed.
        transaction.on_commit(told, robust=True)


def _announce(article_number: int, number: int) -> None:
    """Tell the hub of the coverage's feed, and search engines of its pages."""
    if not announcing.is_on():
        return
    article = Article.objects.published().filter(pk=article_number).first()
    if article is None:
        return
    with translation.override(article.language):
        feed = reverse("live:feed", args=[article.pk])
        page = reverse("live:entry", args=[article.pk, number])
    announcing.announce_paths([feed], [article.get_absolute_url(), page])


def _use_changed(instance: LivePhoto, **_: Any) -> None:
    entry = LiveEntry.objects.filter(pk=instance.entry_id).first()
    if entry is not None:
        _entry_changed(entry)


def _photo_changed(instance: Photo, created: bool, **_: Any) -> None:
    if not created:
        for use in instance.live_uses.select_related("entry"):
            _entry_changed(use.entry)


def _was_seen(status: str) -> bool:
    return status in (Article.Status.PUBLISHED, Article.Status.WITHDRAWN)
