"""Tells an editor which pages a change has made anew, and since when readers have them."""

from datetime import datetime
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.urls import ResolverMatch, resolve
from django.utils import timezone, translation
from django.utils.formats import get_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Article
from categories.models import Category
from core.changes import Refreshed, refreshed
from core.languages import language_of_path

# Named in the message; of the others the number is told.
MOST_NAMED = 6


def tell(request: HttpRequest, article: int, since: float) -> None:
    """Add a message about the pages that changes of the article have made old since then."""
    pages = refreshed(since, f"article:{article}")
    fresh = sorted((page for page in pages if page.stored), key=lambda page: len(page.address))
    parts = [_ready(fresh)] if fresh else []
    if left := len(pages) - len(fresh):
        said = ngettext(
            "%(count)d page is made anew for its next reader.",
            "%(count)d pages are made anew for their next readers.",
            left,
        )
        parts.append(format_html("{}", said % {"count": left}))
    if parts:
        messages.info(request, format_html_join(" ", "{}", ((part,) for part in parts)))


def _ready(fresh: list[Refreshed]) -> SafeString:
    links = {urlsplit(page.address).path: page for page in fresh}
    named = [(path, _name(path)) for path in list(links)[:MOST_NAMED]]
    pages = format_html_join(", ", '<a href="{}">{}</a>', named)
    if more := len(links) - len(named):
        and_more = ngettext("%(count)d more", "%(count)d more", more) % {"count": more}
        pages = format_html("{}, {}", pages, and_more)
    first = min(page.stored for page in fresh if page.stored)
    return format_html(
        _("Refreshed: {pages}. Readers have the first fresh copy since {time}."),
        pages=pages,
        time=_to_the_hundredth(first),
    )


def _to_the_hundredth(moment: datetime) -> str:
    local = timezone.localtime(moment)
    point = get_format("DECIMAL_SEPARATOR")
    return f"{local:%H:%M:%S}{point}{local.microsecond // 10_000:02d}"


def _name(path: str) -> str:
    """What people call the page at ``path``."""
    try:
        with translation.override(language_of_path(path)):
            page = resolve(path)
    except Http404:
        return path
    return _name_of(page) or path


def _name_of(page: ResolverMatch) -> str | None:
    if page.view_name == "articles:front":
        return _("Front page")
    if page.view_name == "articles:feed":
        return _("RSS feed")
    if page.view_name == "articles:article":
        found = Article.objects.filter(pk=page.kwargs["pk"]).values_list("headline", flat=True)
        return found.first()
    if page.view_name in ("categories:section", "categories:subsection"):
        names = Category.objects.filter(slug=page.kwargs["slug"]).values_list("name", flat=True)
        return names.first()
    return None
