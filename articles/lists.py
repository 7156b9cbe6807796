"""The lists that articles stand in: sections, authors, keywords, running stories and formats.

A narrow table says which article stands in which list since when, so that page 500 of a section
costs the same in a large archive as in a small one. Triggers of the database keep it
(``articles.placements``); nothing else writes to it.

Each edition has lists of its own: readers get those in the language of the page.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from django.db import connection, models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.languages import current_language

if TYPE_CHECKING:
    from articles.models import Article, ArticleQuerySet


class Kind(models.IntegerChoices):
    """What a list belongs to; the numbers are stored."""

    SECTION = 1
    AUTHOR = 2
    TAG = 3
    TOPIC = 4
    FORMAT = 5


_KINDS = {
    "categories.category": Kind.SECTION,
    "articles.author": Kind.AUTHOR,
    "articles.tag": Kind.TAG,
    "articles.topic": Kind.TOPIC,
}


@dataclass(frozen=True)
class InFormat:
    """The owner of the list of all stories told in one format; its number is stored."""

    pk: int
    format: str

    @property
    def name(self) -> str:
        return _("Videos") if self == VIDEOS else _("Photo stories")

    @property
    def page_tag(self) -> str:
        return f"format:{self.format}"

    @property
    def slug(self) -> str:
        return "video" if self == VIDEOS else "anh"

    def get_absolute_url(self) -> str:
        return reverse("articles:videos" if self == VIDEOS else "articles:photo_stories")


PHOTO_STORIES, VIDEOS = InFormat(1, "photo"), InFormat(2, "video")
FORMATS = (PHOTO_STORIES, VIDEOS)

ListOwner = models.Model | InFormat


def kind_of(owner: ListOwner | type[models.Model]) -> Kind:
    """Which kind of list ``owner``, or each of a model, has."""
    return Kind.FORMAT if isinstance(owner, InFormat) else _KINDS[owner._meta.label_lower]


class PlacementQuerySet(models.QuerySet["Placement"]):
    def in_any_language(self, owner: ListOwner) -> Self:
        """Placements in the lists of a category, author, tag, topic or format."""
        return self.filter(kind=kind_of(owner), owner=owner.pk)

    def of(self, owner: ListOwner) -> Self:
        """Those in the language of the page that is being made."""
        return self.in_any_language(owner).in_language()

    def in_language(self, language: str | None = None) -> Self:
        return self.filter(language=language or current_language())

    def public(self) -> Self:
        return self.filter(public_at__lte=timezone.now())

    def scheduled(self) -> Self:
        return self.filter(public_at__gt=timezone.now())

    def newest_first(self) -> Self:
        return self.order_by("-public_at", "-article_id")


class Placement(models.Model):
    """An article in one list, in every state; a section's list has those of its children too."""

    pk = models.CompositePrimaryKey("article_id", "kind", "owner")
    article = models.ForeignKey(
        "articles.Article",
        on_delete=models.CASCADE,
        related_name="placements",
        db_index=False,  # the primary key begins with it
    )
    kind = models.SmallIntegerField(choices=Kind)
    owner = models.BigIntegerField()
    language = models.CharField(max_length=10)
    # The time of publication while the article is published, else empty.
    public_at = models.DateTimeField(null=True)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        default_permissions = ()  # nobody edits it
        indexes = (
            models.Index(
                fields=["kind", "owner", "language", "public_at", "article"],
                name="placement_order",
            ),
        )

    def __str__(self) -> str:
        return f"{self.article_id} {Kind(self.kind).label} {self.owner}"


class ListSize(models.Model):
    """How many published articles in one language, scheduled ones included, a list has."""

    pk = models.CompositePrimaryKey("kind", "owner", "language")
    kind = models.SmallIntegerField(choices=Kind)
    owner = models.BigIntegerField()
    language = models.CharField(max_length=10)
    articles = models.IntegerField()

    class Meta:
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=models.Q(articles__gte=0), name="list_size_is_not_negative"
            ),
        )

    def __str__(self) -> str:
        return f"{Kind(self.kind).label} {self.owner} {self.language}: {self.articles}"


class ArticleList:
    """The public articles of one list, newest first, for a paginator: a count and slices."""

    def __init__(self, articles: "ArticleQuerySet", owner: ListOwner) -> None:
        self._articles = articles
        self._placements = Placement.objects.of(owner)
        self._sizes = ListSize.objects.filter(
            kind=kind_of(owner), owner=owner.pk, language=current_language()
        )

    def count(self) -> int:
        size = self._sizes.values_list("articles", flat=True).first() or 0
        scheduled: int = self._scheduled["number"]
        return max(size - scheduled, 0)

    def __getitem__(self, part: slice) -> "list[Article]":
        placements = self._placements.public().newest_first()
        numbers = list(placements.values_list("article_id", flat=True)[part])
        # Asked again through the public gate, which decides.
        articles = self._articles.published().in_bulk(numbers)
        return [articles[number] for number in numbers if number in articles]

    @property
    def changes_at(self) -> datetime | None:
        """When the next scheduled article of this list becomes public by itself."""
        return self._scheduled["next"]

    @cached_property
    def _scheduled(self) -> dict[str, Any]:
        times = {"number": models.Count("*"), "next": models.Min("public_at")}
        return self._placements.scheduled().aggregate(**times)


def newest_of(owners: Sequence[ListOwner], most: int) -> dict[ListOwner, list[int]]:
    """The numbers of the newest public articles of each list, newest first, in one query."""
    if not owners:
        return {}
    newest = Placement.objects.of(owners[0]).public().newest_first()[:most]
    # The statement is the same for all; its first two values say which list.
    sql, values = newest.values("article_id", "public_at").query.sql_with_params()
    queries: list[str] = []
    parameters: list[Any] = []
    for place, owner in enumerate(owners):
        queries.append(f"SELECT {place} AS place, found.* FROM ({sql}) AS found")  # noqa: S608
        parameters += [kind_of(owner), owner.pk, *values[2:]]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(queries), parameters)
        rows = cursor.fetchall()
    found: dict[ListOwner, list[int]] = {owner: [] for owner in owners}
    for place, article_id, _public_at in sorted(rows, key=_age, reverse=True):
        found[owners[place]].append(article_id)
    return found


def _age(row: Iterable[Any]) -> Any:
    _place, article_id, public_at = row
    return public_at, article_id
