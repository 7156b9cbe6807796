"""What people call the pages of sections, in messages to editors."""

from categories.models import Category
from core.refreshing import name_pages


def connect() -> None:
    name_pages("categories:section", _name)
    name_pages("categories:subsection", _name)


def _name(slug: str, parent: str = "") -> str | None:
    return Category.objects.filter(slug=slug).values_list("name", flat=True).first()
