"""Notes which photos of the archive stand in an article's text, whoever saves it.

Connected by ``ArticlesConfig.ready``. ``QuerySet.update()`` of a body sends no signal: who does
that calls ``note_photos`` afterwards.
"""

from typing import Any

from django.db.models.signals import post_save

from articles.models import Article, TextPhoto
from articles.rendering import photos_in
from photos.models import Photo


def connect() -> None:
    post_save.connect(_article_saved, sender=Article)


def note_photos(article: Article) -> None:
    """Make the notes of ``article`` what its text says; numbers without a photo are left out."""
    standing = photos_in(article.body)
    noted = set(article.text_photos.values_list("photo_id", flat=True))
    if gone := noted - standing:
        article.text_photos.filter(photo__in=gone).delete()
    if new := standing - noted:
        known = Photo.objects.filter(pk__in=new).values_list("pk", flat=True)
        notes = [TextPhoto(article=article, photo_id=number) for number in known]
        TextPhoto.objects.bulk_create(notes, ignore_conflicts=True)


def _article_saved(
    instance: Article, raw: bool, update_fields: frozenset[str] | None, **_: Any
) -> None:
    # A fixture brings its own.
    if not raw and (update_fields is None or "body" in update_fields):
        note_photos(instance)
