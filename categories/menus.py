"""The tree of sections that the header of every page shows, and the editions of the paper."""

from datetime import datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone

from categories.models import Category
from core import page_tags
from core.languages import current_language, main_language, other_languages


def menu_tree(request: HttpRequest) -> list[Category]:
    """Top-level sections in order, each with ``menu_children``; one query a request.

    Leaves out what is hidden, with its children. A section also listed under another parent
    stands under both. An edition in another language has the sections with articles in it.
    """
    known: list[Category] | None = getattr(request, "menu_tree", None)
    if known is None:
        page_tags.tag(request, "menus")
        rows = list(_rows(current_language()))
        request.editions = _editions(request, rows)  # type: ignore[attr-defined]
        if current_language() != main_language():
            page_tags.tag(request, f"menus:{current_language()}")
            rows = [row for row in rows if _has_begun(request, row.begins)]
        known = request.menu_tree = _tree(rows)  # type: ignore[attr-defined]
    return known


def menu_sections(request: HttpRequest) -> list[Category]:
    """The sections of the menu, each once, under those they stand under."""
    tree: list[Any] = menu_tree(request)
    return list({one.pk: one for top in tree for one in (top, *top.menu_children)}.values())


def editions(request: HttpRequest) -> list[tuple[str, str]]:
    """Languages, with their names, in which there is something to read; the paper's own first."""
    menu_tree(request)
    found: list[tuple[str, str]] = request.editions  # type: ignore[attr-defined]
    return found


def _rows(language: str) -> QuerySet[Category, Any]:
    """One row for each place: a section listed under two more parents comes twice here.

    Each row tells when the other editions began, so that this needs no query of its own.
    """
    rows: QuerySet[Category, Any] = Category.objects.in_menus()
    rows = rows.annotate(listed_under=F("also_under"))
    articles = apps.get_model("articles", "Article").objects.filter(status="published")
    for other in other_languages():
        first = articles.in_language(other).order_by("published_at").values("published_at")[:1]
        rows = rows.annotate(**{f"edition_{other}": Subquery(first)})
    if language == main_language():
        return rows
    lists = apps.get_model("articles", "Placement").objects.in_language(language)
    # 1: the lists of sections (articles.lists.Kind).
    placed = lists.filter(kind=1, owner=OuterRef("pk"), public_at__isnull=False)
    return rows.annotate(begins=Subquery(placed.order_by("public_at").values("public_at")[:1]))


def _editions(request: HttpRequest, rows: list[Any]) -> list[tuple[str, str]]:
    names = dict(settings.LANGUAGES)
    begun = [
        language
        for language in other_languages()
        if rows and _has_begun(request, getattr(rows[0], f"edition_{language}"))
    ]
    return [(language, names[language]) for language in (main_language(), *begun)]


def _has_begun(request: HttpRequest, moment: datetime | None) -> bool:
    """Whether the first article is there; one that is scheduled changes the page by itself."""
    if moment is not None and moment > timezone.now():
        page_tags.expires_at(request, moment)
    return moment is not None and moment <= timezone.now()


def _tree(rows: list[Any]) -> list[Category]:
    top = {row.pk: row for row in rows if row.parent_id is None}
    for section in top.values():
        section.menu_children = []
    for row in rows:
        if row.parent_id in top:
            row.parent = top[row.parent_id]
        elif row.parent_id is not None:
            continue
        for place in (row.parent_id, row.listed_under):
            if place in top and place != row.pk and row not in top[place].menu_children:
                top[place].menu_children.append(row)
    return list(top.values())
