"""Short answers for crawlers and monitors."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import conditional_page, require_safe

from core.addresses import absolute
from core.languages import other_languages

# Crawlers ask for it before each visit.
ROBOTS_SECONDS = 3600


@require_safe
@conditional_page
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers need not read, in each edition, and where the sitemaps are."""
    starts = ["", *(f"/{language}" for language in other_languages())]
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        *(f"Disallow: {start}/{part}/" for start in starts for part in ("tim-kiem", "binh-luan")),
        "",
        f"Sitemap: {absolute(request, reverse('machines:sitemap'))}",
        f"Sitemap: {absolute(request, reverse('machines:news_sitemap'))}",
    ]
    return HttpResponse(
        "\n".join(lines) + "\n",
        content_type="text/plain; charset=utf-8",
        headers={"Cache-Control": f"public, max-age={ROBOTS_SECONDS}"},
    )


@require_safe
def indexnow_key(request: HttpRequest, key: str) -> HttpResponse:
    """Proves to search engines that who announces pages with this key owns them."""
    if key != settings.INDEXNOW_KEY:
        raise Http404
    return HttpResponse(key, content_type="text/plain; charset=utf-8")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for it on pages that name no icon, such as those of the admin."""
    return redirect(static("icons/favicon.svg"))


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The process answers and reaches its database."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse(
            "database unreachable\n", status=503, content_type="text/plain; charset=utf-8"
        )
    return HttpResponse("ready\n", content_type="text/plain; charset=utf-8")
