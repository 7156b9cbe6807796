"""The comment block of an article's page."""

from typing import Any

from django import template
from django.conf import settings

from articles.models import Article
from comments.forms import CommentForm
from comments.models import Comment

register = template.Library()

SHOWN_FIRST = 20


@register.inclusion_tag("comments/_section.html")
def comment_section(article: Article) -> dict[str, Any]:
    """Heading with the number, the first approved comments, and the form. Two queries."""
    shown = list(Comment.objects.threads(article)[: SHOWN_FIRST + 1])
    return {
        "article": article,
        "comments": shown[:SHOWN_FIRST],
        "has_more": len(shown) > SHOWN_FIRST,
        "form": CommentForm(article=article),
        "limit": settings.COMMENT_MAX_LENGTH,
    }
