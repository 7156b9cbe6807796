"""The other articles that an article's page names, read together.

They are the links under “Related” (the desk's choice, else what is near the article), those that
the text names by shortcode, and the neighbours in each running story.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from articles.lists import Kind, Placement, newest_of
from articles.models import Article, ArticlePhoto, Tag, Topic, next_public_change
from articles.shortcodes import articles_named
from categories.models import Category

MOST = 5
# A card in a list of links needs no more than this.
_COLUMNS = ("id", "language", "slug", "headline", "published_at", "category_id")


@dataclass(frozen=True)
class Related:
    """One link; ``article`` is None for an outside address."""

    title: str
    url: str
    article: Article | None = None


@dataclass(frozen=True)
class Stream:
    """A running story, with the public articles in it just before and just after this one."""

    topic: Topic
    older: Article | None
    newer: Article | None


@dataclass
class Others:
    """Public articles only; ``changes_at`` is when time alone adds one."""

    related: list[Related]
    streams: list[Stream]
    linked: dict[int, Article]  # named in the text, with ``picture``, the number of a photo
    shown: set[int]  # whose change makes the page old
    changes_at: datetime | None

    @property
    def topics(self) -> list[Topic]:
        return [stream.topic for stream in self.streams]


def related_to(article: Article) -> list[Related]:
    """At most five links: those chosen and public, else same topic, tag or section, else none."""
    return others_of(article).related


def others_of(article: Article, *, has_links: bool = True) -> Others:
    """All of them, in at most four queries; ``has_links=False`` saves one if none is chosen."""
    topics = list(_topics(article))
    chosen, waiting = _chosen(article) if has_links else ([], [])
    owners = [] if chosen else [*topics, *article.tags.all(), article.category]
    # One more than is shown: the article itself is among them.
    newest = newest_of(owners, MOST + 1)
    named = articles_named(article.body) - {article.pk}
    neighbours = {pk for topic in topics for pk in _neighbours(topic) if pk}
    near = {pk for pks in newest.values() for pk in pks} - {article.pk}
    public = _read(named | neighbours | near, with_pictures=bool(named))
    related = chosen or _near(newest, public, but=article.pk)
    hidden = named - set(public)
    if hidden:
        waiting.append(next_public_change(Article.objects.filter(pk__in=hidden)))
    waiting += [topic.changes_at for topic in topics]  # type: ignore[attr-defined]
    return Others(
        related=related,
        streams=[Stream(topic, *_neighbours_in(public, topic)) for topic in topics],
        linked={pk: public[pk] for pk in named if pk in public},
        shown=named | neighbours | {link.article.pk for link in related if link.article},
        changes_at=min(filter(None, waiting), default=None),
    )


def _chosen(article: Article) -> tuple[list[Related], list[datetime | None]]:
    """The desk's choice, and when time adds to it."""
    links = article.related_links.select_related("target").defer(
        "target__body", "target__search_body", "target__search_keys"
    )
    found: list[Related] = []
    waiting: list[datetime | None] = []
    for link in links:
        target = link.target
        if target is None:
            found.append(Related(link.title, link.url))
        elif target.is_scheduled:
            waiting.append(target.published_at)
        elif target.is_public and target.pk != article.pk:
            found.append(Related(link.title or target.headline, target.get_absolute_url(), target))
    return found[:MOST], waiting


def _topics(article: Article) -> QuerySet[Topic]:
    """Its running stories, with the numbers of the articles before and after it in each."""
    here = article.published_at or timezone.now()
    placed = Placement.objects.filter(kind=Kind.TOPIC, owner=OuterRef("pk"))
    placed = placed.in_language(article.language)
    # The first bound alone lets the index find the place; the second tells equal times apart.
    older = placed.public().filter(public_at__lte=here).newest_first()
    older = older.filter(Q(public_at__lt=here) | Q(article__lt=article.pk))
    newer = placed.public().filter(public_at__gte=here).order_by("public_at", "article_id")
    newer = newer.filter(Q(public_at__gt=here) | Q(article__gt=article.pk))
    return article.topics.annotate(
        older=Subquery(older.values("article_id")[:1]),
        newer=Subquery(newer.values("article_id")[:1]),
        changes_at=Subquery(placed.scheduled().order_by("public_at").values("public_at")[:1]),
    )


def _neighbours(topic: Topic) -> tuple[int | None, int | None]:
    return topic.older, topic.newer  # type: ignore[attr-defined]


def _neighbours_in(
    public: dict[int, Article], topic: Topic
) -> tuple[Article | None, Article | None]:
    older, newer = _neighbours(topic)
    return public.get(older or 0), public.get(newer or 0)


def _read(numbers: set[int], with_pictures: bool) -> dict[int, Article]:
    articles = Article.objects.published().only(*_COLUMNS)
    if with_pictures:
        uses = ArticlePhoto.objects.filter(article=OuterRef("pk")).exclude(photo=None)
        articles = articles.annotate(picture=Subquery(uses.values("photo_id")[:1]))
    return articles.in_bulk(numbers) if numbers else {}


def _near(newest: Mapping[Any, list[int]], public: dict[int, Article], but: int) -> list[Related]:
    """Newest of the same topics, then of the same tags, then of the same section."""
    found: dict[int, Article] = {}
    for kind in (Topic, Tag, Category):
        numbers = {pk for owner, pks in newest.items() if isinstance(owner, kind) for pk in pks}
        articles = [public[pk] for pk in numbers - {but} if pk in public]
        articles.sort(key=lambda near: (near.published_at, near.pk), reverse=True)
        found |= {near.pk: near for near in articles}
    return [
        Related(near.headline, near.get_absolute_url(), near) for near in [*found.values()][:MOST]
    ]
