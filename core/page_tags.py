"""What a public page shows, and which pages a change makes old.

A view notes what it shows with ``tag``; a verb that changes something says so with ``drop``. The
page store listens to ``dropped``. Tags: ``front``, ``menus``, ``masthead``, ``partners``,
``article:12``, ``category:3``, ``author:4``, ``tag:5``, ``topic:6``, ``photo:7`` in a text,
``addresses`` for who has which slug.

Lists are of one edition: on a page in another language than the paper's own the tag of a list says
so (``front:en``, ``category:3:en``), without any view having to think of it.
"""

from collections.abc import Iterable
from datetime import datetime

from django.http import HttpRequest

from core.changes import dropped as dropped
from core.changes import note
from core.languages import current_language, main_language, other_languages

# Kinds of tags that name lists, of which each edition has its own.
LISTS = frozenset(
    ("author", "breaking", "category", "day", "format", "front", "month", "tag", "topic")
)


def tag(request: HttpRequest, *tags: str) -> None:
    """Note that the page answering ``request`` shows what ``tags`` name, in its language."""
    _note(request, in_edition(tags, current_language()))


def tag_all_editions(request: HttpRequest, *tags: str) -> None:
    """Note that the page shows what ``tags`` name in every language, as a sitemap does."""
    _note(request, _in_all_editions(tags))


def _note(request: HttpRequest, tags: set[str]) -> None:
    shown: set[str] = getattr(request, "page_tags", set())
    request.page_tags = shown | tags  # type: ignore[attr-defined]


def in_edition(tags: Iterable[str], language: str) -> set[str]:
    """``tags`` as they are on pages of the edition in ``language``."""
    end = "" if language == main_language() else f":{language}"
    return {f"{tag}{end}" if tag.partition(":")[0] in LISTS else tag for tag in tags}


def _in_all_editions(tags: Iterable[str]) -> set[str]:
    languages = [main_language(), *other_languages()]
    return set().union(*(in_edition(tags, language) for language in languages))


def expires_at(request: HttpRequest, moment: datetime | None) -> None:
    """Note that the page is right only until ``moment`` (aware); the earliest one given counts."""
    if moment is None:
        return
    known: datetime | None = getattr(request, "page_expires_at", None)
    if known is None or moment < known:
        request.page_expires_at = moment  # type: ignore[attr-defined]


def drop(*tags: str, language: str | None = None) -> None:
    """Tell, once the running transaction commits, that pages showing any of ``tags`` are old.

    With ``language`` only the lists of that edition are old.
    """
    old = in_edition(tags, language) if language else _in_all_editions(tags)
    note(frozenset(old))


def parts(tag: str) -> tuple[str, int | None, str]:
    """Kind, number if it has one, and language of a tag."""
    kind, _colon, rest = tag.partition(":")
    number, _colon, end = rest.partition(":")
    language = next((one for one in other_languages() if one in (number, end)), main_language())
    return kind, int(number) if number.isdigit() else None, language
