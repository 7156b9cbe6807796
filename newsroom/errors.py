"""Pages for what is not there and for what went wrong.

500 and 503 stand alone: no database, no template, no file, so nothing in them can fail.
"""

import base64
import hashlib
import sys
from datetime import timedelta

from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils import timezone

from articles.models import Article, ImportedPage
from core import page_tags

RETRY_AFTER_SECONDS = 30
# What is not there now may be there soon, and not everything that puts it there drops this page.
MISSING_FOR = timedelta(minutes=1)
LATEST = 5

_STYLE = (
    ":root{color-scheme:light dark}body{font:1.125rem/1.6 Georgia,'Noto Serif',serif;"
    "max-width:34rem;margin:15vh auto;padding:0 1.25rem;color:CanvasText;background:Canvas}"
    "h1{font-size:1.75rem;line-height:1.3}a{color:inherit}"
)
_POLICY = (
    "default-src 'none'; style-src 'sha256-"
    f"{base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_PAGE = (
    '<!doctype html><html lang="vi"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<meta name="robots" content="noindex"><title>{title}</title><style>{style}</style></head>'
    "<body><main><h1>{title}</h1><p>{vietnamese}</p>"
    '<p lang="en">{english}</p><p><a href="/">Trang chủ</a></p></main></body></html>'
)
_BROKEN = _PAGE.format(
    title="Trang đang gặp sự cố",
    style=_STYLE,
    vietnamese="Lỗi thuộc về máy chủ của tòa soạn và đã được ghi lại. Mời bạn thử lại sau ít phút.",
    english="Something went wrong on our side and has been noted. Please try again in a moment.",
)
_UNAVAILABLE = _PAGE.format(
    title="Trang tạm ngừng phục vụ",
    style=_STYLE,
    vietnamese="Tòa soạn đang bảo trì hoặc máy chủ đang quá tải. Mời bạn quay lại sau ít phút.",
    english="The site is being maintained or is overloaded. Please come back in a few minutes.",
)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Sends on who comes with an address of the old site; helps everyone else to go on."""
    old = {request.path, request.path.rstrip("/"), f"{request.path.rstrip('/')}/"}
    pages = ImportedPage.objects.filter(old_path__in=old - {""})
    imported = pages.select_related("article").first()
    if imported is not None and _was_published(imported.article):
        page_tags.tag(request, f"article:{imported.article_id}")
        return HttpResponsePermanentRedirect(imported.article.get_absolute_url())
    page_tags.tag(request, "front")
    page_tags.expires_at(request, timezone.now() + MISSING_FOR)
    latest = Article.objects.published().in_language().newest_first()
    stories = list(latest.only("pk", "language", "slug", "headline", "published_at")[:LATEST])
    return render(request, "404.html", {"stories": stories}, status=404)


def _was_published(article: Article) -> bool:
    """Readers get the article itself, or 410 and the note on its withdrawal."""
    return article.is_public or article.status == Article.Status.WITHDRAWN


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when the database cannot be reached."""
    error = sys.exc_info()[1]
    if isinstance(error, DatabaseError | InterfaceError):
        return service_unavailable(request)
    return _stand_alone(_BROKEN, 500)


def service_unavailable(request: HttpRequest | None = None) -> HttpResponse:
    """503 with ``Retry-After``."""
    response = _stand_alone(_UNAVAILABLE, 503)
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def _stand_alone(page: str, status: int) -> HttpResponse:
    return HttpResponse(
        page,
        status=status,
        headers={"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"},
    )
