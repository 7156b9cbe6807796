"""What stands under “Related”: the desk's choice, else what is near the article."""

from dataclasses import dataclass
from typing import Any

from articles.lists import newest_of
from articles.models import Article

MOST = 5
# A card in a list of links needs no more than this.
_COLUMNS = ("id", "language", "slug", "headline", "published_at", "category_id")


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
    topics, tags = list(article.topics.all()), list(article.tags.all())
    # One more than is shown: the article itself is among them.
    newest = newest_of([*topics, *tags, article.category], MOST + 1)
    wanted = {pk for pks in newest.values() for pk in pks} - {article.pk}
    public = Article.objects.published().in_language().only(*_COLUMNS).in_bulk(wanted)

    def of(owners: list[Any]) -> list[Article]:
        found = {pk: public[pk] for owner in owners for pk in newest[owner] if pk in public}
        return sorted(found.values(), key=lambda near: (near.published_at, near.pk), reverse=True)

    nearest = [*of(topics), *of(tags), *of([article.category])]
    return list({near.pk: near for near in nearest}.values())[:MOST]
