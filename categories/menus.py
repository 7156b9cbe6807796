"""The tree of sections that the header of every page shows."""

from django.db.models import F
from django.http import HttpRequest

from categories.models import Category
from core import page_tags


def menu_tree(request: HttpRequest) -> list[Category]:
    """Top-level sections in order, each with ``menu_children``; one query a request.

    Leaves out what is hidden, with its children. A section also listed under another parent
    stands under both.
    """
    known: list[Category] | None = getattr(request, "menu_tree", None)
    if known is None:
        page_tags.tag(request, "menus")
        known = request.menu_tree = _read_tree()  # type: ignore[attr-defined]
    return known


def _read_tree() -> list[Category]:
    # One row for each place: a section listed under two more parents comes twice here.
    rows = list(Category.objects.in_menus().annotate(listed_under=F("also_under")))
    top = {row.pk: row for row in rows if row.parent_id is None}
    for section in top.values():
        section.menu_children = []  # type: ignore[attr-defined]
    for row in rows:
        if row.parent_id in top:
            row.parent = top[row.parent_id]
        elif row.parent_id is not None:
            continue
        for place in (row.parent_id, row.listed_under):
            if place in top and place != row.pk and row not in top[place].menu_children:  # type: ignore[attr-defined]
                top[place].menu_children.append(row)  # type: ignore[attr-defined]
    return list(top.values())
