"""Marks the pages that are the same for everybody, and tells caches what they show."""

from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest, HttpResponse

from newsroom.pagestore.purge import MANY

# A proxy or CDN may keep a page this long after the last word from us; it is told at once when a
# page changes (purge by tag), so the figure only bounds a lost purge.
SHARED_SECONDS = 60
STALE_SECONDS = 86_400
# What a request carries for the page store: all tags of its page.
TAGS_KEY = "newsroom.page_tags"
# Tags of a page that a proxy is told. nginx's recipe takes heads of 16 kB, Varnish lines of 8.
MOST_TAG_BYTES = 4000


class PublicPageMiddleware:
    """Gives a page whose view noted tags (``core.page_tags``) its caching headers.

    Browsers ask again each time (the ETag makes that cheap), so a withdrawal is seen at once.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        tags: set[str] = getattr(request, "page_tags", set())
        if not tags or response.status_code >= 500 or "Cache-Control" in response:
            return response
        response["Cache-Control"] = (
            f"public, max-age=0, s-maxage={SHARED_SECONDS},"
            f" stale-while-revalidate={SHARED_SECONDS}, stale-if-error={STALE_SECONDS}"
        )
        request.META[TAGS_KEY] = tags
        told = _told(tags)
        response["Surrogate-Key"] = " ".join(told)
        expires: datetime | None = getattr(request, "page_expires_at", None)
        if expires is not None:
            # For the page store, which does not pass it on.
            response["X-Page-Expires"] = f"{expires.timestamp():.3f}"
        response["Cache-Tag"] = ",".join(told)
        return response


def _told(tags: set[str]) -> list[str]:
    """The tags for proxies; of a page with more than they take, the one that each purge names."""
    told = sorted(tags)
    return told if len(" ".join(told)) <= MOST_TAG_BYTES else [MANY]
