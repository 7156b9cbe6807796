"""The line of breaking news over a page."""

from typing import Any

from django import template
from django.http import HttpRequest

from articles.models import BreakingNews
from core import page_tags

register = template.Library()
# Of more than these at one time, an older one is not looked at.
MOST = 5


@register.inclusion_tag("articles/_breaking.html", takes_context=True)
def breaking_news(context: dict[str, Any]) -> dict[str, Any]:
    """The newest line whose end has not come and whose article readers may read."""
    request: HttpRequest = context["request"]
    page_tags.tag(request, "breaking")
    for news in BreakingNews.objects.current().select_related("article")[:MOST]:
        article = news.article
        if article is not None:
            page_tags.tag(request, f"article:{article.pk}")
            if article.is_scheduled:
                page_tags.expires_at(request, article.published_at)
        if news.is_shown:
            page_tags.expires_at(request, news.ends_at)
            return {"news": news}
    return {"news": None}
