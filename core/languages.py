"""The languages of the paper: its own, and those of its other editions.

The paper's own language has the plain addresses; a page of another edition has the same address
after the language (``/en/…``). The address alone decides, so that one page is one stored page.
"""

from typing import Any

from django.conf import settings
from django.utils.translation import get_language


def main_language() -> str:
    """The language the paper is written in."""
    return settings.LANGUAGE_CODE


def current_language() -> str:
    """The language of the page that is being made, one of ``settings.LANGUAGES``."""
    language = (get_language() or "").partition("-")[0]
    return language if language in dict(settings.LANGUAGES) else main_language()


def other_languages() -> list[str]:
    """Those an edition of its own may be in."""
    return [code for code, _name in settings.LANGUAGES if code != main_language()]


def translated(row: Any, column: str) -> str:
    """What ``row`` has in ``column`` for the edition of the page alone: ``name_en`` for a name."""
    words: str = getattr(row, f"{column}_{current_language()}", "")
    return words


def shown(row: Any, column: str) -> str:
    """``column`` in the language of the page, else in the paper's own."""
    words: str = translated(row, column) or getattr(row, column)
    return words


def language_of_path(path: str) -> str:
    """The language of the page that answers at ``path``."""
    first = path[1:].partition("/")[0]
    return first if first in other_languages() else main_language()


def plain_path(path: str) -> str:
    """``path`` without the language it begins with: that of the same page in the main edition."""
    language = language_of_path(path)
    return path if language == main_language() else path[len(language) + 1 :] or "/"
