from datetime import timedelta

import pytest
from django.utils import timezone

from articles.models import Article, RelatedLink
from articles.related import related_to
from categories.models import Category
from tests.factories import make_article, make_category, make_draft, make_tag, make_topic

pytestmark = pytest.mark.django_db


def titles(article: Article) -> list[str]:
    return [link.title for link in related_to(article)]


def test_the_desks_choice_counts_in_its_order(paper: Category) -> None:
    article, second, first = (make_article(category=paper) for _ in range(3))
    RelatedLink.objects.create(article=article, target=second, position=2)
    RelatedLink.objects.create(article=article, target=first, position=1, title="Tựa khác")
    RelatedLink.objects.create(article=article, url="https://x.example/", title="Ngoài", position=3)
    assert titles(article) == ["Tựa khác", second.headline, "Ngoài"]


def test_at_most_five_are_shown(paper: Category) -> None:
    article = make_article(category=paper)
    for _ in range(7):
        RelatedLink.objects.create(article=article, target=make_article(category=paper))
    assert len(titles(article)) == 5


def test_what_is_not_public_and_the_article_itself_are_left_out(paper: Category) -> None:
    article = make_article(category=paper)
    later = timezone.now() + timedelta(hours=1)
    for target in (
        make_draft(category=paper),
        make_article(category=paper, published_at=later),
        make_article(category=paper, status=Article.Status.WITHDRAWN),
        article,
    ):
        RelatedLink.objects.create(article=article, target=target)
    assert titles(article) == []
    public = make_article(category=paper)
    RelatedLink.objects.create(article=article, target=public)
    assert titles(article) == [public.headline]


def test_without_a_choice_topic_comes_before_tag_before_section(paper: Category) -> None:
    elsewhere = make_category()
    topic, tag = make_topic(), make_tag()
    old = timezone.now() - timedelta(days=9)
    article = make_article(category=paper, topics=[topic], tags=[tag])
    same_section = make_article(category=paper)
    same_tag = make_article(category=elsewhere, tags=[tag])
    same_topic = make_article(category=elsewhere, topics=[topic], published_at=old)
    make_article(category=elsewhere)
    make_draft(category=paper, topics=[topic], tags=[tag])
    expected = [same_topic.headline, same_tag.headline, same_section.headline]
    assert titles(article) == expected


def test_alone_in_its_section_it_has_none(paper: Category) -> None:
    make_article(category=make_category())
    assert titles(make_article(category=paper)) == []
