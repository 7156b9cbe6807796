"""What people call the pages of articles, in messages to editors."""

from django.utils.translation import gettext as _

from articles.models import Article
from core.refreshing import name_pages


def connect() -> None:
    name_pages("articles:front", lambda: _("Front page"))
    name_pages("articles:feed", lambda: _("RSS feed"))
    name_pages("articles:article", _headline)


def _headline(pk: int, slug: str) -> str | None:
    return Article.objects.filter(pk=pk).values_list("headline", flat=True).first()
