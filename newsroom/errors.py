"""Pages for what is not there and for what went wrong.

Those of 500 and 503 stand alone: no database, no template, no file, so nothing in them can fail.
"""

import base64
import hashlib
import sys
from datetime import timedelta

from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, InterfaceError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import ResolverMatch, resolve, reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.http import escape_leading_slashes
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from api.views import bad_request as api_bad_request
from articles.models import Article, ImportedPage
from core import page_tags
from newsroom.refusals import READING

RETRY_AFTER_SECONDS = 30
# What is not there now may be there soon, and not everything that puts it there drops this page.
MISSING_FOR = timedelta(minutes=1)
LATEST = 5

_STYLE = (
    ":root{color-scheme:light dark}body{font:1.125rem/1.6 Georgia,'Noto Serif',serif;"
    "max-width:34rem;margin:15vh auto;padding:0 1.25rem;"
    "color:light-dark(#1b1b1b,#e6e3dc);background:light-dark(#fffdf8,#161616)}"
    "h1{font-size:1.75rem;line-height:1.3;text-wrap:balance}"
    "a{display:inline-block;padding-block:.6rem;color:inherit}"
)
_POLICY = (
    "default-src 'none'; style-src 'sha256-"
    f"{base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEAD = (
    '<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<meta name="robots" content="noindex"><title>{title}</title><style>{style}</style></head>'
    "<body><main><h1>{title}</h1>"
)
_PAGE = (
    f'{_HEAD}<p>{{vietnamese}}</p><p lang="en">{{english}}</p>'
    '<p><a href="/">Trang chủ · <span lang="en">Front page</span></a></p></main></body></html>'
)
_EXPLANATION = (
    f'{_HEAD}<p>{{reason}}</p><p><a href="{{home}}">{{home_name}}</a></p></main></body></html>'
)
_BROKEN = _PAGE.format(
    language="vi",
    title="Trang đang gặp sự cố",
    style=_STYLE,
    vietnamese="Lỗi thuộc về máy chủ của tòa soạn và đã được ghi lại. Mời bạn thử lại sau ít phút.",
    english="Something went wrong on our side and has been noted. Please try again in a moment.",
)
_UNAVAILABLE = _PAGE.format(
    language="vi",
    title="Trang tạm ngừng phục vụ",
    style=_STYLE,
    vietnamese="Tòa soạn đang bảo trì hoặc máy chủ đang quá tải. Mời bạn quay lại sau ít phút.",
    english="The site is being maintained or is overloaded. Please come back in a few minutes.",
)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Sends on who comes with an address of the old site, or without the slash at the end of one
    of ours; helps everyone else to go on."""
    old = {request.path, request.path.rstrip("/"), f"{request.path.rstrip('/')}/"}
    pages = ImportedPage.objects.filter(old_path__in=old - {""})
    imported = pages.select_related("article").first()
    if imported is not None and _was_published(imported.article):
        page_tags.tag(request, f"article:{imported.article_id}")
        return HttpResponsePermanentRedirect(imported.article.get_absolute_url())
    if _lacks_only_a_slash(request):
        full = escape_leading_slashes(request.get_full_path(force_append_slash=True))
        return HttpResponsePermanentRedirect(full)
    page_tags.tag(request, "front")
    page_tags.expires_at(request, timezone.now() + MISSING_FOR)
    latest = Article.objects.published().in_language().newest_first()
    stories = list(latest.only("pk", "language", "slug", "headline", "published_at")[:LATEST])
    return render(request, "404.html", {"stories": stories}, status=404)


def _lacks_only_a_slash(request: HttpRequest) -> bool:
    """Whether there is something at this address with a slash at its end.

    Django would send everybody there who has an address of the right form, and be it to a 404.
    """
    if request.path_info.endswith("/") or request.method not in READING:
        return False
    try:
        match = resolve(f"{request.path_info}/")
    except Http404:
        return False
    if not getattr(match.func, "should_append_slash", True):
        return False
    if not match.kwargs or "admin" in match.namespaces:
        return True
    return _is_there(request, match)


def _is_there(request: HttpRequest, match: ResolverMatch) -> bool:
    """Whether the page that belongs to the address with the slash answers.

    It is made for this, as only it knows; what it tags is right for the answer, which is stored.
    """
    paths = request.path, request.path_info
    request.path, request.path_info = (f"{path}/" for path in paths)
    request.resolver_match = match
    try:
        return bool(match.func(request, *match.args, **match.kwargs).status_code != 404)
    except Http404:
        return False
    finally:
        request.path, request.path_info = paths
        request.resolver_match = None


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 for a form with more text than is taken, in the language of the page."""
    if request.path_info.startswith("/api/"):
        return api_bad_request(request)
    if isinstance(exception, RequestDataTooBig):
        reason = _(
            "Nothing has been saved. Go back with your browser: what you wrote is still there."
            " Shorten it and send it again."
        )
        return _explain(request, _("This is too much text at once"), reason, 413)
    reason = _("The address or the form that was sent is damaged. Go back and try again.")
    return _explain(request, _("This cannot be answered"), reason, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 where no page of its own says why (``accounts.middleware`` has one for the admin)."""
    reason = _("You have no right to what is at this address.")
    return _explain(request, _("Not allowed"), reason, 403)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form of the admin whose token is missing or old; ``reason`` is for the log."""
    advice = _(
        "Nothing has been saved. Go back with your browser and copy what you wrote; then load the"
        " page anew, sign in again if you are asked to, and send the form again. Your browser must"
        " accept the cookies of this site."
    )
    return _explain(request, _("The form has expired"), advice, 403)


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


def _explain(request: HttpRequest, title: str, reason: str, status: int) -> HttpResponse:
    """What happened and what to do, in the language of the page or of the editor."""
    in_admin = request.path_info.startswith("/admin/")
    page = _EXPLANATION.format(
        language=get_language(),
        title=escape(title),
        style=_STYLE,
        reason=escape(reason),
        home=reverse("admin:index" if in_admin else "articles:front"),
        home_name=escape(_("The newsroom") if in_admin else _("Front page")),
    )
    return _stand_alone(page, status)


def _stand_alone(page: str, status: int) -> HttpResponse:
    return HttpResponse(
        page,
        status=status,
        headers={"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"},
    )
