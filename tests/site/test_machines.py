from datetime import timedelta

import feedparser
import pytest
from django.contrib.staticfiles import finders
from django.test import Client, override_settings
from django.utils import timezone
from lxml import etree

from categories.models import Category
from tests.factories import (
    make_article,
    make_author,
    make_category,
    make_draft,
    make_tag,
    make_topic,
)
from tests.site.conftest import make_photo, use_photo
from tests.support import assert_public

NAMESPACES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "n": "http://www.google.com/schemas/sitemap-news/0.9",
}


def locations(client: Client, path: str) -> list[str]:
    response = client.get(path)
    assert_public(response)
    return etree.fromstring(response.content).xpath("//s:loc/text()", namespaces=NAMESPACES)


@override_settings(SITE_URL="https://bao.example")
def test_the_feed_has_the_newest_articles(client: Client, paper: Category) -> None:
    author = make_author(name="Hoài Anh")
    article = make_article(
        category=paper, headline="Mưa & lũ <lớn>", standfirst="Mở đầu.", authors=[author]
    )
    use_photo(article, make_photo())
    response = client.get("/rss/")
    assert_public(response)
    feed = feedparser.parse(response.content)
    assert not feed.bozo
    assert feed.feed.title == "Báo Sông Quê"
    assert feed.feed.language == "vi"
    [entry] = feed.entries
    assert entry.title == "Mưa & lũ <lớn>"
    assert entry.link == f"https://bao.example{article.get_absolute_url()}"
    assert entry.summary == "Mở đầu."
    assert entry.author == "Hoài Anh"
    assert entry.enclosures[0].href.startswith("https://bao.example/media/photos/")


def test_an_entry_keeps_its_identity_when_its_address_changes(
    client: Client, paper: Category
) -> None:
    article = make_article(category=paper)
    before = feedparser.parse(client.get("/rss/").content).entries[0].id
    article.slug = "ten-moi"
    article.save()
    assert feedparser.parse(client.get("/rss/").content).entries[0].id == before


def test_a_section_has_a_feed_of_its_own(client: Client, paper: Category) -> None:
    child = make_category(name="Xây dựng Đảng", parent=paper)
    make_article(category=child, headline="Của mục con")
    make_article(category=make_category(name="Kinh tế"), headline="Ở nơi khác")
    response = client.get("/rss/chinh-tri.rss")
    assert_public(response)
    feed = feedparser.parse(response.content)
    assert [entry.title for entry in feed.entries] == ["Của mục con"]
    assert client.get("/rss/khong-co.rss").status_code == 404


@pytest.mark.parametrize("kind", ["tac-gia", "tu-khoa", "chu-de"])
def test_an_author_a_keyword_and_a_running_story_have_feeds(
    client: Client, paper: Category, kind: str
) -> None:
    owners = {
        "authors": [make_author(name="Mưa lũ")],
        "tags": [make_tag(name="Mưa lũ")],
        "topics": [make_topic(name="Mưa lũ")],
    }
    make_draft(category=paper, **owners)
    path = f"/rss/{kind}/mua-lu.rss"
    assert client.get(path).status_code == (200 if kind == "tac-gia" else 404)
    make_article(category=paper, headline="Đã đăng", **owners)
    response = client.get(path)
    assert_public(response)
    assert [entry.title for entry in feedparser.parse(response.content).entries] == ["Đã đăng"]
    assert f'href="{path}"' in client.get(f"/{kind}/mua-lu/").content.decode()
    assert client.get(f"/rss/{kind}/khong-co.rss").status_code == 404


def test_feeds_are_listed_for_people(client: Client, paper: Category) -> None:
    response = client.get("/rss/danh-sach/")
    assert_public(response)
    assert "/rss/chinh-tri.rss" in response.content.decode()


@override_settings(SITE_URL="https://bao.example")
def test_the_sitemap_is_an_index_of_parts(client: Client, paper: Category) -> None:
    author = make_author(name="Hoài Anh")
    make_author(name="Chưa viết gì")
    articles = [make_article(category=paper, authors=[author]) for _ in range(3)]
    far = make_article(category=paper, pk=123_456)
    found = [
        location
        for part in locations(client, "/sitemap.xml")
        if part.endswith(("trang.xml", "bai-0.xml", "bai-2.xml"))
        for location in locations(client, part.removeprefix("https://bao.example"))
    ]
    for article in (*articles, far):
        assert f"https://bao.example{article.get_absolute_url()}" in found
    assert "https://bao.example/chinh-tri/" in found
    assert "https://bao.example/tac-gia/hoai-anh/" in found
    assert "https://bao.example/tac-gia/chua-viet-gi/" not in found
    assert client.get(f"/sitemap-bai-{'9' * 30}.xml").status_code == 404


def test_the_news_sitemap_has_two_days(client: Client, paper: Category) -> None:
    fresh = make_article(category=paper, headline="A & B")
    make_article(category=paper, published_at=timezone.now() - timedelta(hours=49))
    found = locations(client, "/news-sitemap.xml")
    assert found == [f"http://testserver{fresh.get_absolute_url()}"]
    assert "A &amp; B" in client.get("/news-sitemap.xml").content.decode()


@pytest.mark.django_db
def test_robots_and_monitors(client: Client) -> None:
    robots = client.get("/robots.txt")
    assert_public(robots)
    assert "Disallow: /admin/" in robots.content.decode()
    assert "Sitemap: http://testserver/sitemap.xml" in robots.content.decode()
    assert_public(client.get("/healthz"))
    assert_public(client.get("/readyz"))


def test_a_page_without_an_icon_gets_the_papers(client: Client) -> None:
    response = client.get("/favicon.ico")
    assert response.status_code == 302
    assert finders.find(response.headers["Location"].removeprefix("/static/"))
