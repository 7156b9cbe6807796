"""The block “Đọc nhiều”."""

from datetime import timedelta
from typing import Any

from django import template
from django.template.context import Context
from django.utils import timezone

from articles.models import Article
from categories.models import Category
from core.page_tags import expires_at, tag
from mostread.ranking import most_read as ranked

SHOWN = 5
# Fewer say nothing about what the paper's readers read.
FEWEST = 3
FRESH = timedelta(minutes=10)

register = template.Library()


@register.inclusion_tag("mostread/_block.html", takes_context=True)
def most_read(
    context: Context,
    category: Category | None = None,
    exclude: Article | None = None,
) -> dict[str, Any]:
    """The five articles most read in the last day, of a section if one is given.

    Prints nothing under three. Two queries. The page is made anew after ten minutes, and at once
    when one of the articles shown changes; a count alone makes no page old.
    """
    stories = ranked(limit=SHOWN, category=category, exclude=exclude)
    if len(stories) < FEWEST:
        stories = []
    request = context.get("request")
    if request is not None:
        expires_at(request, timezone.now() + FRESH)
        tag(request, *(f"article:{story.pk}" for story in stories))
    return {"stories": stories, "category": category}
