"""The same page in other languages, as search engines are told (hreflang)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation

from articles.models import Article
from core.addresses import absolute
from core.languages import main_language

FOR_OTHERS = "x-default"


@dataclass(frozen=True)
class Alternate:
    """A page in one language; ``language`` is what hreflang says."""

    language: str
    address: str


def article_pages(request: HttpRequest, versions: Sequence[Article]) -> list[Alternate]:
    """The pages of all versions of an article; nothing when there is only one."""
    pages = {one.language: absolute(request, one.get_absolute_url()) for one in versions}
    return alternates(pages)


def front_pages(request: HttpRequest, editions: Sequence[tuple[str, str]]) -> list[Alternate]:
    """The front pages of the editions; nothing when there is only one."""
    pages = {}
    for language, _name in editions:
        with translation.override(language):
            pages[language] = absolute(request, reverse("articles:front"))
    return alternates(pages)


def alternates(pages: dict[str, str]) -> list[Alternate]:
    """What to tell of pages by their language."""
    if len(pages) < 2:
        return []
    ordered = sorted(pages, key=lambda language: language != main_language())
    # Who reads none of these languages gets the paper's own.
    return [
        *(Alternate(language, pages[language]) for language in ordered),
        Alternate(FOR_OTHERS, pages[ordered[0]]),
    ]
