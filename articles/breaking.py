"""The line of breaking news that is shown now."""

from datetime import UTC, datetime
from typing import Any

from django.db.models import Subquery
from django.db.models.functions import JSONObject
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from articles.models import Article, BreakingNews
from core import page_tags

# Of more than these at one time, an older one is not looked at.
MOST = 5
# What is read of a line within the query for the article over which it may stand.
_COLUMNS = {
    **{name: name for name in ("headline", "url", "ends_at", "article_id")},
    **{name: f"article__{name}" for name in ("slug", "language", "status", "published_at")},
}


def newest_line() -> Subquery:
    """The newest line, whether or not it is shown, to be read with an article as ``line``."""
    return Subquery(BreakingNews.objects.current().values(line=JSONObject(**_COLUMNS))[:1])


def shown_line(request: HttpRequest, over: Article | None = None) -> BreakingNews | None:
    """The newest line whose end has not come and whose article readers may read.

    Over the article that it leads to it says nothing new: None. Where ``over`` was read with its
    ``newest_line``, and this is shown or there is none, no query is made.
    """
    # Also dropped when an article that a line leads to appears, goes or gets another address.
    page_tags.tag(request, "breaking")
    news = _read_with(over) if hasattr(over, "line") else _newest(request)
    if news is not None and not news.is_shown:
        news = _newest(request)
    if news is None:
        return None
    page_tags.expires_at(request, news.ends_at)
    return None if over is not None and news.article_id == over.pk else news


def _newest(request: HttpRequest) -> BreakingNews | None:
    for news in BreakingNews.objects.current().select_related("article")[:MOST]:
        if news.article is not None and news.article.is_scheduled:
            page_tags.expires_at(request, news.article.published_at)
        if news.is_shown:
            return news
    return None


def _read_with(article: Article | None) -> BreakingNews | None:
    found: dict[str, Any] | None = getattr(article, "line", None)
    if found is None:
        return None
    news = BreakingNews(headline=found["headline"], url=found["url"])
    news.ends_at = _moment(found["ends_at"])
    if found["article_id"] is not None:
        news.article = Article(
            pk=found["article_id"],
            slug=found["slug"],
            language=found["language"],
            status=found["status"],
            published_at=_moment(found["published_at"]) if found["published_at"] else None,
        )
    return news


def _moment(written: str) -> datetime:
    """A time as the database writes it into JSON: SQLite in UTC without saying so."""
    moment = parse_datetime(written)
    assert moment is not None  # noqa: S101
    return moment if timezone.is_aware(moment) else moment.replace(tzinfo=UTC)
