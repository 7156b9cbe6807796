"""What waits for whom, on the first page of the newsroom."""

from typing import Any

from django import template
from django.apps import apps
from django.http import HttpRequest

from articles import permissions
from articles.models import Article

register = template.Library()
SHOWN = 8


@register.inclusion_tag("admin/_desk.html", takes_context=True)
def desk(context: dict[str, Any]) -> dict[str, Any]:
    """Own drafts, articles in review and scheduled, comments that wait: each only for who may."""
    request: HttpRequest = context["request"]
    user = request.user
    lists: dict[str, Any] = {}
    may_write = user.has_perm("articles.add_article")
    if user.has_perm("articles.view_article"):
        seen = (
            permissions.visible_to(user)
            .select_related("category")
            .only("headline", "status", "published_at", "changed_at", "byline", "category__name")
        )
        own = seen.filter(permissions.own_articles(user))
        lists["drafts"] = own.filter(status=Article.Status.DRAFT).order_by("-changed_at")[:SHOWN]
        waiting = seen.filter(status=Article.Status.IN_REVIEW).order_by("changed_at")
        lists["in_review"] = waiting[:SHOWN]
        lists["scheduled"] = seen.scheduled().order_by("published_at")[:SHOWN]
    pending = None
    if user.has_perm("comments.moderate_comment"):
        pending = apps.get_model("comments", "Comment").objects.pending().count()
    return {**lists, "may_write": may_write, "pending_comments": pending, "user": user}
