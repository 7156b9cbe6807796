"""What people call the pages of comments, in messages to moderators."""

from django.utils.translation import gettext as _

from articles.models import Article
from core.refreshing import name_pages


def connect() -> None:
    name_pages("comments:all", _name)


def _name(pk: int) -> str | None:
    comments = _("Comments")
    headline = Article.objects.filter(pk=pk).values_list("headline", flat=True).first()
    return f"{comments}: {headline}" if headline else None
