"""Which articles are read most."""

from datetime import timedelta

from django.db.models import Sum
from django.utils import timezone

from articles.models import Article
from categories.models import Category
from mostread.models import ReadCount

DAY, WEEK = 24, 7 * 24
# The most read of the paper among which those that may be shown are looked for: more than are
# ever shown, as some may be withdrawn since, or stand in other sections.
CANDIDATES = 100
CANDIDATES_FOR_SECTION = 1000


def most_read(
    hours: int = DAY,
    limit: int = 5,
    category: Category | None = None,
    exclude: Article | None = None,
) -> list[Article]:
    """Public articles of the page's language by their reads in the last ``hours``, without bodies.

    Most read first; never more than ``limit``, fewer when fewer were read. Two queries, whose cost
    is bounded by what was read lately (``mostread.batches``) and does not grow with the archive.
    """
    places = _places(hours, CANDIDATES_FOR_SECTION if category else CANDIDATES)
    public = Article.objects.published().in_language().filter(pk__in=places)
    if category:
        public = public.in_section(category)
    if exclude:
        public = public.exclude(pk=exclude.pk)
    shown = public.order_by().only(
        "id", "language", "slug", "headline", "published_at", "category_id"
    )
    return sorted(shown, key=lambda article: places[article.pk])[:limit]


def _places(hours: int, number: int) -> dict[int, int]:
    """Place by article; of two read as often, the newer comes first."""
    counts = ReadCount.objects.filter(hour__gt=timezone.now() - timedelta(hours=hours))
    totals = counts.values("article_id").annotate(reads=Sum("count"))
    ids = totals.order_by("-reads", "-article_id").values_list("article_id", flat=True)[:number]
    return {article_id: place for place, article_id in enumerate(ids)}
