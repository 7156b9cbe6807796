"""What stands under “Related”: the desk's choice, else what is near the article."""

from dataclasses import dataclass

from django.db.models import Case, IntegerField, Q, Value, When

from articles.models import Article

MOST = 5
# A card in a list of links needs no more than this.
_COLUMNS = ("id", "slug", "headline", "published_at", "category_id")


@dataclass(frozen=True)
class Related:
    """One link; ``article`` is None for an outside address."""

    title: str
    url: str
    article: Article | None = None


def related_to(article: Article) -> list[Related]:
    """At most five links: those chosen and public, else same topic, tag or section, else none."""
    return _chosen(article) or [
        Related(near.headline, near.get_absolute_url(), near) for near in _near(article)
    ]


def _chosen(article: Article) -> list[Related]:
    links = article.related_links.select_related("target").defer(
        "target__body", "target__search_body", "target__search_keys"
    )
    found: list[Related] = []
    for link in links:
        target = link.target
        if target is None:
            found.append(Related(link.title, link.url))
        elif target.is_public and target.pk != article.pk:
            found.append(Related(link.title or target.headline, target.get_absolute_url(), target))
    return found[:MOST]


def _near(article: Article) -> list[Article]:
    """Newest of the same topics, then of the same tags, then of the same section."""
    public = Article.objects.published().exclude(pk=article.pk).only(*_COLUMNS)
    topics = Article.topics.through.objects.filter(topic__in=article.topics.all())
    tags = Article.tags.through.objects.filter(tag__in=article.tags.all())
    same_topic = Q(pk__in=topics.values("article_id"))
    same_tag = Q(pk__in=tags.values("article_id"))
    kin = public.filter(same_topic | same_tag).annotate(
        distance=Case(
            When(same_topic, then=Value(0)), default=Value(1), output_field=IntegerField()
        )
    )
    near = list(kin.order_by("distance", "-published_at", "-id")[:MOST])
    # Always asked, so that a page takes the same number of queries however much there is.
    neighbours = public.filter(category=article.category_id).newest_first()[: 2 * MOST]
    known = {kin.pk for kin in near}
    near += [neighbour for neighbour in neighbours if neighbour.pk not in known]
    return near[:MOST]
