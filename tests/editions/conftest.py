"""A Vietnamese paper with an edition in English, whose own words are plain ASCII.

So every Vietnamese letter on an English page is one of the interface.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from articles.versions import link
from categories.models import Category
from tests.factories import (
    make_article,
    make_author,
    make_category,
    make_comment,
    make_masthead,
    make_partner_link,
    make_tag,
    make_topic,
)


@pytest.fixture
def section(db: None) -> Category:
    make_masthead(
        name="Bao Song Que",
        name_en="The Song Que Newspaper",
        tagline="Tieng noi cua que",
        tagline_en="The voice of the river country",
        governing_body="Uy ban",
        editor_in_chief="Ha",
    )
    return make_category(name="Xa hoi", slug="xa-hoi", name_en="Society", description_en="People.")


@pytest.fixture
def english(section: Category) -> Article:
    """An English article with everything, linked with a Vietnamese one."""
    make_partner_link(name="Friends")
    original = make_article(category=section, headline="Cau moi da thong xe")
    article = make_article(
        category=make_category(name="Giao thong", slug="giao-thong", parent=section),
        language="en",
        headline="The new bridge is open",
        slug="the-new-bridge-is-open",
        standfirst="Four years of ferries are over.",
        body="<p>The bridge opened on Tuesday.</p>",
        byline="Hoai An",
        authors=[make_author(name="Hoai An", slug="hoai-an")],
        tags=[make_tag(name="Bridges", slug="bridges")],
        topics=[make_topic(name="The river", slug="the-river")],
        approved_comments=1,
        revised_at="2026-11-24T00:00:00Z",
        made_with_ai=True,
        source="The river authority",
    )
    link(article, original)
    make_comment(article, name="Lan", text="Well built.")
    article.corrections.create(wrong="Three years", right="Four years")
    for _ in range(3):
        make_article(
            language="en",
            category=article.category,
            headline="News",
            slug="news",
            standfirst="News.",
            body="<p>News.</p>",
            tags=article.tags.all(),
            authors=article.authors.all(),
            topics=article.topics.all(),
        )
    return article


@pytest.fixture
def vietnamese(english: Article) -> Article:
    return Article.objects.get(pk=english.original_id)


def html_of(client: Any, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, path
    return response.content.decode()


@pytest.fixture
def count_queries() -> Callable[[Client, str], int]:
    def count(client: Client, path: str) -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    return count
