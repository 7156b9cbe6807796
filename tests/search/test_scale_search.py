"""Searches stop at as many matches as anyone reads, and still find the oldest."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from articles.headlines import HEADLINES
from articles.models import Article
from search.backends import MOST_COUNTED, Found, backend
from search.query import Query
from tests.factories import make_article, make_category, make_draft

pytestmark = pytest.mark.django_db


def find(text: str, start: int = 0, size: int = 20, **filters: Any) -> Found:
    return backend().find(Query(text, **filters), start, size)


def test_matches_of_every_age_are_found_newest_first() -> None:
    now = timezone.now()
    days = (0, 20, 40, 100, 200, 400, 900, 2000, 5000, 9000)
    for day in reversed(days):
        make_article(headline="Mùa lũ về", published_at=now - timedelta(days=day, hours=1))
    newest = list(Article.objects.newest_first().values_list("pk", flat=True))
    assert find("mùa lũ") == Found(newest, len(days))
    assert find("mùa lũ", newest_first=True) == Found(newest, len(days))
    assert find("lũ", since=now - timedelta(days=50)).ids == newest[:3]


# Apart so that all are of the last months, or that the year before them has many, or few.
@pytest.mark.parametrize("hours", [1, 12, 48])
def test_a_common_word_is_counted_to_a_limit_and_gives_the_newest(hours: int) -> None:
    newest = make_many(MOST_COUNTED + 20, timedelta(hours=hours))
    for text in ("lu", "lũ", "tin lũ"):
        found = find(text)
        assert found.total == MOST_COUNTED + 1
        assert found.ids == newest[:20]
    assert find("lu", MOST_COUNTED - 20).ids == newest[MOST_COUNTED - 20 : MOST_COUNTED]


@pytest.mark.parametrize("days", [1, 10])
def test_what_is_in_steps_of_the_years_is_found_whole(days: int) -> None:
    newest = make_many(900, timedelta(days=days))
    found = find("tin lũ", 880)
    assert found == Found(newest[880:], 900)


def make_many(number: int, apart: timedelta) -> list[int]:
    """Articles with the headline "Tin lũ"; their numbers, the newest first."""
    category, now = make_category(), timezone.now()
    articles = [
        Article(
            headline="Tin lũ",
            slug="tin-lu",
            search_headline="tin lu",
            search_keys="tin lũ",
            category=category,
            status=Article.Status.PUBLISHED,
            published_at=now - apart * (number - n),
        )
        for n in range(number)
    ]
    Article.objects.bulk_create(articles)
    return list(Article.objects.newest_first().values_list("pk", flat=True))


def test_typed_marks_come_first_even_when_older_than_all_others() -> None:
    now = timezone.now()
    exact = make_article(headline="Cây dương", published_at=now - timedelta(days=4000))
    for _ in range(5):
        make_article(headline="Con đường")
    assert find("dương").ids[0] == exact.pk
    assert find("dương").total == 6


def test_the_index_follows_state_and_time() -> None:
    draft = make_draft(headline="Sông Quê")
    assert find("sông quê").total == 0
    published = {"status": Article.Status.PUBLISHED, "slug": "a"}
    at = timezone.now() - timedelta(days=3000)
    Article.objects.filter(pk=draft.pk).update(**published, published_at=at)
    assert find("sông quê").ids == [draft.pk]
    later = timezone.now() + timedelta(days=1)
    Article.objects.filter(pk=draft.pk).update(published_at=later)
    assert find("sông quê").total == 0
    assert HEADLINES.find("sông quê", Article.objects.all(), 5) == [draft.pk]


def test_a_short_beginning_is_completed_among_what_has_the_other_words() -> None:
    article = make_article(headline="Quảng Ninh")
    make_article(headline="Nhà nông")
    assert backend().find(Query("quang n"), 0, 20, prefix=True).ids == [article.pk]
