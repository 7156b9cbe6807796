"""The line of breaking news over a page."""

from typing import Any

from django import template

from articles.breaking import shown_line
from articles.models import Article

register = template.Library()


@register.inclusion_tag("articles/_breaking.html", takes_context=True)
def breaking_news(context: dict[str, Any], over: Article | None = None) -> dict[str, Any]:
    """``over`` is the article whose page this is."""
    return {"news": shown_line(context["request"], over)}
