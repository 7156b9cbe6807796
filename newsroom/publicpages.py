"""Marks the pages that are the same for everybody, and tells caches what they show."""

from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest, HttpResponse

# A proxy or CDN may keep a page this long after the last word from us; it is told at once when a
# page changes (purge by tag), so the figure only bounds a lost purge.
SHARED_SECONDS = 60
STALE_SECONDS = 86_400


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
        response["Surrogate-Key"] = " ".join(sorted(tags))
        expires: datetime | None = getattr(request, "page_expires_at", None)
        if expires is not None:
            # For the page store, which does not pass it on.
            response["X-Page-Expires"] = f"{expires.timestamp():.3f}"
        response["Cache-Tag"] = ",".join(sorted(tags))
        return response
