"""The paper of a day: its articles, and the files a reader needs to take it along."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from django.core.files.storage import default_storage
from django.utils import timezone

from articles.models import Article, ArticleQuerySet
from articles.rendering import Archive, archive_photos, photo_tags, recordings_of, with_recordings
from categories.models import Category
from photos import renditions
from photos.models import Photo
from recordings.models import Recording

# More articles than this are no paper to take along; the newest are taken.
MOST = 400
# Wide enough for a phone, light enough for many; any other width is answered with this one.
PICTURE_WIDTH = 720
# What a page weighs beside the text of its article, compressed: measured on the demo paper.
FRAME_BYTES = 6000


@dataclass(frozen=True)
class File:
    address: str
    bytes: int


@dataclass(frozen=True)
class Page:
    """An article's page with its files. The weight of a page is near, that of a file right.

    ``sounds`` are heavy and taken along only where the reader asks for them.
    ``tags`` are those of what its pictures hang on besides the article.
    """

    address: str
    bytes: int
    pictures: list[File]
    sounds: list[File]
    tags: list[str]


@dataclass(frozen=True)
class Part:
    """A section's articles; those of its children among them."""

    section: Category
    stories: list[Article]


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def articles_of(day: date) -> ArticleQuerySet:
    """The public articles of ``day`` in the paper's time zone, in the page's language."""
    start, end = midnight(day), midnight(day + timedelta(days=1))
    published = Article.objects.published().in_language()
    return published.filter(published_at__gte=start, published_at__lt=end).newest_first()


def parts_of(articles: Iterable[Article]) -> list[Part]:
    """``articles`` by their top-level sections, in the order of the menus."""
    stories: dict[Category, list[Article]] = {}
    for article in articles:
        section = article.category.parent or article.category
        stories.setdefault(section, []).append(article)
    order = sorted(stories, key=lambda section: (section.position, section.pk))
    return [Part(section, stories[section]) for section in order]


def pages_of(day: date) -> list[Page]:
    """What is to be kept of each article of ``day``, at most ``MOST``."""
    found = articles_of(day).prefetch_related("photos__photo", with_recordings())
    found = found.select_related("category", "narration")
    articles = list(found.defer("search_body", "search_keys", "internal_note")[:MOST])
    archive = archive_photos(article.body for article in articles)
    return [_page(article, archive) for article in articles]


def _page(article: Article, archive: Archive) -> Page:
    text = zlib.compress(f"{article.standfirst}{article.body}".encode(), 1)
    files = (_picture(photo) for photo in _photos(article, archive))
    pictures = {file.address: file for file in files if file}
    weight = FRAME_BYTES + len(text)
    return Page(
        article.get_absolute_url(),
        weight,
        list(pictures.values()),
        [File(sound.url, sound.size) for sound in _sounds(article)],
        photo_tags(article.body),
    )


def _photos(article: Article, archive: Archive) -> Iterable[Photo]:
    yield from (use.photo for use in article.photos.all() if use.photo)
    yield from (photo for pk, photo in archive.items() if f'data-photo-id="{pk}"' in article.body)


def _sounds(article: Article) -> list[Recording]:
    """The article read aloud and the sounds in it; videos are for where there is a network."""
    sounds = [one for one in recordings_of(article) if not one.is_video]
    return list(dict.fromkeys(filter(None, [article.narration, *sounds])))


def _picture(photo: Photo) -> File | None:
    """The one size of ``photo`` that is taken along; None when its file is not there."""
    sizes = renditions.sizes(photo)
    size = next((size for size in sizes if size.width >= PICTURE_WIDTH), sizes[-1])
    path = renditions.path(photo.key, size.name, "webp")
    try:
        return File(default_storage.url(path), _bytes(path))
    except OSError:
        return None


@lru_cache(maxsize=20_000)
def _bytes(path: str) -> int:
    """Remembered, as a day has hundreds of pictures and a bucket is asked for each."""
    return default_storage.size(path)


def weight(pages: Iterable[Page]) -> int:
    """Bytes of all that is taken along; a picture in two articles counts once."""
    pages = list(pages)
    pictures = {file.address: file.bytes for page in pages for file in page.pictures}
    return sum(page.bytes for page in pages) + sum(pictures.values())


def sounds_of(pages: Iterable[Page]) -> list[File]:
    """All sounds that may be taken along, each once."""
    return list({sound.address: sound for page in pages for sound in page.sounds}.values())


def as_json(pages: Iterable[Page]) -> list[dict[str, Any]]:
    return [
        {
            "address": page.address,
            "bytes": page.bytes,
            "pictures": [[file.address, file.bytes] for file in page.pictures],
            "sounds": [[file.address, file.bytes] for file in page.sounds],
        }
        for page in pages
    ]
