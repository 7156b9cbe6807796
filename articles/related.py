"""What stands under “Related”: the desk's choice, else what is near the article."""

from dataclasses import dataclass

from django.db.models import Case, IntegerField, Value, When

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
    """Newest of the same topics, then of the same tags, then of the same section; one query."""
    public = Article.objects.published().exclude(pk=article.pk)
    topics = Article.topics.through.objects.filter(topic__in=article.topics.all())
    tags = Article.tags.through.objects.filter(tag__in=article.tags.all())
    section = public.filter(category=article.category_id).newest_first()[:MOST]
    same_topic, same_tag = topics.values("article_id"), tags.values("article_id")
    neighbours = Article.objects.filter(pk__in=section.values("pk")).order_by().values("pk")
    # A union of numbers first: asked as "this or that", a database would read every article.
    candidates = public.filter(pk__in=same_topic.union(same_tag, neighbours))
    distance = Case(
        When(pk__in=same_topic, then=Value(0)),
        When(pk__in=same_tag, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    near = candidates.only(*_COLUMNS).annotate(distance=distance)
    return list(near.order_by("distance", "-published_at", "-id")[:MOST])
