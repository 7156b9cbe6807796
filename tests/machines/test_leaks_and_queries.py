"""Nothing unpublished leaks to machines, and what they ask for costs the same in a large paper."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article
from categories.models import Category
from tests.factories import make_article, make_author, make_draft, make_tag, make_topic
from tests.site.conftest import make_photo, use_photo

MOST = 15
FORMS = ("rss", "atom", "json")
LISTS = ("/rss/chinh-tri", "/rss/tac-gia/hoai-anh", "/rss/tu-khoa/mua-lu", "/rss/chu-de/mua-lu")
FEEDS = (
    *("/rss/", "/rss/atom.xml", "/rss/feed.json"),
    *(f"{start}.{form}" for start in LISTS for form in FORMS),
)
OTHERS = (
    *("/rss/danh-sach.opml", "/sitemap.xml", "/sitemap-trang.xml", "/sitemap-bai-0.xml"),
    *("/news-sitemap.xml", "/api/", "/api/articles/", "/api/articles/?section=chinh-tri"),
    *("/api/articles/?since=2020-01-01", "/robots.txt"),
)


@pytest.fixture
def owners(paper: Category) -> dict[str, Any]:
    return {
        "category": paper,
        "authors": [make_author(name="Hoài Anh")],
        "tags": [make_tag(name="Mưa lũ")],
        "topics": [make_topic(name="Mưa lũ")],
    }


@pytest.mark.parametrize("full_text", [True, False])
def test_nothing_unpublished_leaks(
    client: Client, owners: dict[str, Any], settings: Any, full_text: bool
) -> None:
    settings.FEED_FULL_TEXT = full_text
    secret = {
        "headline": "Tin kín",
        "slug": "tin-kin",
        "standfirst": "Kín.",
        "body": "<p>Nội dung Tin kín</p>",
    }
    soon = timezone.now() + timedelta(minutes=5)
    own = {
        "authors": [make_author(name="Tên kín")],
        "tags": [make_tag(name="Tên kín")],
        "topics": [make_topic(name="Tên kín")],
    }
    hidden = [
        make_draft(**owners | secret),
        make_draft(**owners | secret, status=Article.Status.IN_REVIEW),
        make_article(**owners | secret, published_at=soon),
        make_article(**owners | secret | own, published_at=soon),
        make_article(**owners | secret, status=Article.Status.WITHDRAWN),
    ]
    photo = make_photo()
    for article in hidden:
        use_photo(article, photo)
    public = make_article(
        **owners, headline="Tin mở", internal_note="Tin kín: ghi chú", body="<p>Mở</p>"
    )
    own_address = f"/api/articles/{public.pk}/"
    for path in (*FEEDS, *OTHERS, own_address, public.get_absolute_url()):
        response = client.get(path)
        assert response.status_code == 200, path
        text = response.content.decode()
        for word in ("Tin kín", "tin-kin", "Kín.", "Tên kín", "ten-kin", photo.key):
            assert word not in text, (path, word)
        if path in FEEDS or "/api/articles" in path:
            assert "Tin mở" in text, path
    for article in hidden:
        text = client.get(f"/api/articles/{article.pk}/").content.decode()
        assert "error" in text
        assert "kín" not in text


@pytest.mark.parametrize("full_text", [True, False])
def test_the_number_of_queries_is_fixed(
    client: Client, owners: dict[str, Any], settings: Any, full_text: bool
) -> None:
    settings.FEED_FULL_TEXT = full_text
    photo = make_photo()

    def publish(number: int) -> Article:
        for n in range(number):
            article = make_article(
                **owners,
                published_at=timezone.now() - timedelta(minutes=n + 1),
                body=f'<p>a</p><figure data-photo-id="{photo.pk}"></figure>',
                more_categories=[owners["category"]],
            )
            use_photo(article, photo)
            article.corrections.create(wrong="a", right="b")
        return article

    def counts(article: Article) -> dict[str, int]:
        found = {}
        for path in (*FEEDS, *OTHERS, f"/api/articles/{article.pk}/"):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(path).status_code == 200
            found[path.replace(f"/{article.pk}/", "/N/")] = len(captured)
        return found

    few = counts(publish(2))
    many = counts(publish(60))
    assert many == few
    assert max(few.values()) <= MOST, few
