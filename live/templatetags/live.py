"""A live coverage on the page of its article, and in the newsroom."""

from datetime import datetime
from typing import Any

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString

from articles.models import Article
from live import coverage, permissions
from live.linked_data import coverage_data
from live.models import LiveEntry, LiveEvent

register = template.Library()


@register.inclusion_tag("live/_live.html", takes_context=True)
def live_entries(context: Context, article: Article) -> dict[str, Any]:
    """State, summary, key entries and the first page of entries of a live article."""
    return {"live": coverage.first_page(article), "request": context.get("request")}


@register.simple_tag(takes_context=True)
def live_data(context: Context, article: Article) -> SafeString:
    """The coverage as schema.org JSON-LD."""
    page = coverage.first_page(article)
    request = context.get("request")
    return coverage_data(request, page) if page and request else SafeString("")


@register.filter
def runs_live(article: Article) -> bool:
    """Whether a card says so; never a query, so False where the event was not read along."""
    event = article._state.fields_cache.get("live_event")
    return event is not None and event.is_running


@register.filter
def hour(moment: datetime) -> str:
    """``09:41``, whatever the day."""
    return f"{coverage.local(moment):%H:%M}"


@register.filter
def entry_body(entry: LiveEntry) -> SafeString:
    return coverage.body_of(entry)


@register.inclusion_tag("admin/live/_desk.html", takes_context=True)
def live_desk(context: Context) -> dict[str, Any]:
    """Running coverages the signed-in person may write for. Nothing for those who may not."""
    user = context["request"].user
    running: list[LiveEvent] = []
    if user.has_perm("articles.add_article"):
        events = LiveEvent.objects.filter(ended_at=None).select_related("article__category")
        running = [event for event in events if not permissions.why_not_write(user, event)]
    return {"running": running}


@register.inclusion_tag("admin/live/_tool.html", takes_context=True)
def live_tool(context: Context, article: Article) -> dict[str, Any]:
    """The way from an article's form to its coverage, or to making it live."""
    user = context["request"].user
    event = LiveEvent.objects.filter(article=article).first()
    may_begin = event is None and user.has_perm("articles.publish_article")
    return {"event": event, "article": article, "may_begin": may_begin}
