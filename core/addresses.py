"""Addresses of pages, and full ones for feeds, sitemaps, canonical links and sharing."""

from functools import lru_cache
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.http import HttpRequest
from django.urls import get_script_prefix, reverse
from django.utils import translation
from django.utils.translation import get_language


def absolute(request: HttpRequest, path: str) -> str:
    """The full address of ``path`` at the paper's public address, or that of the request."""
    base = settings.SITE_URL or f"{request.scheme}://{request.get_host()}"
    if path.startswith("/") and not path.startswith("//"):
        # As below, without taking both apart: a feed has hundreds.
        return base.rstrip("/") + path
    return urljoin(f"{base.rstrip('/')}/", path)


def path_of(name: str, *args: Any, language: str | None = None) -> str:
    """The path of a named page in a language, by default that of the page that is being made.

    As ``reverse`` gives it, but remembered: a page has hundreds of links, mostly the same ones.
    """
    start = get_script_prefix(), settings.LANGUAGE_CODE  # which has no prefix of its own
    return _path(start, language or get_language(), name, args)


@lru_cache(maxsize=8192)
def _path(_start: tuple[str, str], language: str | None, name: str, args: tuple[Any, ...]) -> str:
    with translation.override(language):
        return reverse(name, args=args)
