"""The search page: a plain form, works without script, never stored."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from functools import lru_cache

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from articles.former import formerly
from articles.models import Article, Author
from categories.menus import menu_sections
from categories.models import Category
from core.vietnamese import clean_line
from search.backends import MOST_COUNTED
from search.query import LONGEST_QUERY, Query
from search.results import find
from search.suggestions import suggestion

PAGE_SIZE = 20
# Nobody reads on beyond what is ranked and counted.
LAST_PAGE = MOST_COUNTED // PAGE_SIZE
PERIODS = {
    "ngay": (_("Past day"), timedelta(days=1)),
    "tuan": (_("Past week"), timedelta(days=7)),
    "thang": (_("Past month"), timedelta(days=31)),
    "nam": (_("Past year"), timedelta(days=366)),
}
NEWEST = "moi-nhat"
MOST_AUTHORS = 200
SELECTED = mark_safe(" selected")


@require_safe
@never_cache
def results(request: HttpRequest) -> HttpResponse:
    """``?q=`` with filters ``chuyen-muc``, ``tac-gia``, ``thoi-gian``, ``sap-xep``, ``trang``."""
    typed = clean_line(request.GET.get("q", ""))
    query = _query(request, typed[:LONGEST_QUERY])
    page = _page_number(request)
    found = find(query, (page - 1) * PAGE_SIZE, PAGE_SIZE)
    pages = min(-(-found.total // PAGE_SIZE), LAST_PAGE)
    if page > max(pages, 1):
        raise Http404
    context = {
        "query": query,
        "too_long": len(typed) > LONGEST_QUERY,
        "found": found,
        "suggestion": suggestion(query) if found.guessed or not found.total else "",
        "more_than": MOST_COUNTED if found.total > MOST_COUNTED else None,
        "page": page,
        "pages": pages,
        "previous": _address(request, page - 1) if page > 1 else "",
        "next": _address(request, page + 1) if page < pages else "",
        "section_options": _options(_sections(request, query.category), query.category),
        "author_options": _options(_authors(query.author), query.author),
        "periods": [(key, label) for key, (label, _length) in PERIODS.items()],
        "period": request.GET.get("thoi-gian", ""),
        "newest": NEWEST,
        "latest": [] if found.results else _latest(),
    }
    return render(request, "search/results.html", context)


def _query(request: HttpRequest, text: str) -> Query:
    """Filters that name nothing we have are left out rather than refused."""
    period = PERIODS.get(request.GET.get("thoi-gian", ""))
    category = Category.objects.filter(slug=request.GET.get("chuyen-muc", ""))
    author = request.GET.get("tac-gia", "")
    return Query(
        text=text,
        category=category.first() if request.GET.get("chuyen-muc") else None,
        author=_author(author) if author else None,
        since=timezone.now() - period[1] if period else None,
        newest_first=request.GET.get("sap-xep") == NEWEST,
    )


def _sections(request: HttpRequest, chosen: Category | None) -> Iterator[tuple[str, str]]:
    """Slugs and names of those in the menu, each once, and of the one that is asked for."""
    sections = menu_sections(request)
    if chosen and chosen not in sections:
        sections.append(chosen)
    for one in sections:
        above = f"{one.parent.shown_name} › " if one.parent else ""
        yield one.slug, f"{above}{one.shown_name}"


def _authors(chosen: Author | None) -> Iterable[tuple[str, str]]:
    """Slugs and names of the first ones, and of the one that is asked for."""
    authors = dict(Author.objects.values_list("slug", "name")[:MOST_AUTHORS])
    if chosen:
        authors.setdefault(chosen.slug, chosen.name)
    return authors.items()


def _options(named: Iterable[tuple[str, str]], chosen: Category | Author | None) -> SafeString:
    """Made here: for hundreds of them a template took a quarter of the page's time."""
    selected = chosen.slug if chosen else None
    lines = (_option(slug, name, slug == selected) for slug, name in named)
    return mark_safe("\n".join(lines))  # noqa: S308


# The same on nearly every page of results.
@lru_cache(1000)
def _option(slug: str, name: str, selected: bool) -> SafeString:
    return format_html('<option value="{}"{}>{}</option>', slug, SELECTED if selected else "", name)


def _author(slug: str) -> Author | None:
    """Also by a slug the author once had."""
    return Author.objects.filter(slug=slug).first() or formerly(Author, slug)


def _page_number(request: HttpRequest) -> int:
    number = request.GET.get("trang", "1")
    if not (number.isascii() and number.isdigit() and 1 <= int(number[:6]) <= LAST_PAGE):
        raise Http404
    return int(number[:6])


def _address(request: HttpRequest, page: int) -> str:
    parameters = request.GET.copy()
    parameters["trang"] = str(page)
    return f"?{parameters.urlencode()}"


def _latest() -> list[Article]:
    return list(Article.objects.published().in_language().newest_first().for_cards()[:5])
