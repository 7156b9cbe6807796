"""Sitemaps hold to their schemas, and have what they should."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client, override_settings
from django.utils import timezone
from lxml import etree

from articles.models import Article
from categories.models import Category
from masthead.models import StandingPage
from tests.factories import make_article, make_author, make_topic
from tests.site.conftest import make_photo, use_photo
from tests.support import assert_public

SCHEMAS = Path(__file__).resolve().parents[1] / "data" / "sitemaps"
SITE = "https://bao.example"
SPACES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "image": "http://www.google.com/schemas/sitemap-image/1.1",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
}

pytestmark = pytest.mark.usefixtures("site_address")


@pytest.fixture
def site_address() -> object:
    with override_settings(SITE_URL=SITE):
        yield


def valid(client: Client, path: str, schema: str = "urls") -> etree._Element:
    response = client.get(path)
    assert_public(response)
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    tree = etree.fromstring(response.content)
    etree.XMLSchema(file=str(SCHEMAS / f"{schema}.xsd")).assertValid(tree)
    return tree


def test_the_index_and_all_its_parts_are_valid(client: Client, paper: Category) -> None:
    article = make_article(
        category=paper, authors=[make_author()], topics=[make_topic()], revised_at=timezone.now()
    )
    make_article(category=paper, pk=60_000)
    index = valid(client, "/sitemap.xml", "siteindex")
    parts = index.xpath("//s:loc/text()", namespaces=SPACES)
    assert parts == [f"{SITE}/sitemap-{name}.xml" for name in ("trang", "bai-0", "bai-1")]
    found = []
    for part in parts:
        tree = valid(client, part.removeprefix(SITE))
        found += tree.xpath("//s:loc/text()", namespaces=SPACES)
    assert f"{SITE}{article.get_absolute_url()}" in found
    assert len(found) == len(set(found))
    for address in found:
        assert client.get(address.removeprefix(SITE)).status_code == 200


def test_the_standing_pages_and_the_next_new_page_are_thought_of(
    client: Client, paper: Category
) -> None:
    StandingPage.objects.create(title="Giới thiệu")
    StandingPage.objects.create(title="About", language="en")
    StandingPage.objects.create(title="Chưa xong", is_public=False)
    at = timezone.now() + timedelta(hours=1)
    make_article(category=paper, language="en", published_at="2026-01-01T00:00:00Z")
    make_article(category=paper, authors=[make_author(name="Hoài Anh")], published_at=at)
    response = client.get("/sitemap-trang.xml")
    pages = response.content.decode()
    for path in ("/toa-soan/", "/toa-soan/gioi-thieu/", "/en/toa-soan/", "/en/toa-soan/about/"):
        assert f"<loc>{SITE}{path}</loc>" in pages
    assert "chua-xong" not in pages
    assert "hoai-anh" not in pages
    assert float(response["X-Page-Expires"]) == pytest.approx(at.timestamp(), abs=0.01)


def test_an_articles_first_three_pictures_are_named(client: Client, paper: Category) -> None:
    article = make_article(category=paper)
    bare = make_article(category=paper)
    use_photo(article, None, caption="Mất")
    photos = [make_photo(1800, 1200), make_photo(300, 200), make_photo(), make_photo()]
    for photo in photos:
        use_photo(article, photo)
    tree = valid(client, "/sitemap-bai-0.xml")
    named = {
        url.findtext("s:loc", namespaces=SPACES): url.xpath(
            "image:image/image:loc/text()", namespaces=SPACES
        )
        for url in tree
    }
    assert named[f"{SITE}{bare.get_absolute_url()}"] == []
    pictures = named[f"{SITE}{article.get_absolute_url()}"]
    assert pictures == [
        f"{SITE}/media/photos/{photo.key}/{width}.jpg"
        for photo, width in zip(photos[:3], (1440, 300, 900), strict=True)
    ]
    for picture in pictures:
        assert client.get(picture.removeprefix(SITE)).status_code == 200


def test_the_news_sitemap_is_valid_and_ends_after_two_days(client: Client, paper: Category) -> None:
    fresh = make_article(category=paper, headline="Mưa & <lũ>")
    make_article(category=paper, published_at=timezone.now() - timedelta(hours=49))
    tree = valid(client, "/news-sitemap.xml")
    assert tree.xpath("//s:loc/text()", namespaces=SPACES) == [f"{SITE}{fresh.get_absolute_url()}"]
    assert tree.xpath("//news:title/text()", namespaces=SPACES) == ["Mưa & <lũ>"]
    [when] = tree.xpath("//news:publication_date/text()", namespaces=SPACES)
    assert when.endswith("+07:00")


def test_an_unchanged_part_is_not_sent_again(client: Client, paper: Category) -> None:
    make_article(category=paper)
    first = client.get("/sitemap-bai-0.xml")
    unchanged = {"if-none-match": first["ETag"]}
    assert client.get("/sitemap-bai-0.xml", headers=unchanged).status_code == 304
    Article.objects.update(revised_at=timezone.now())
    assert client.get("/sitemap-bai-0.xml", headers=unchanged).status_code == 200


def test_robots_are_told_where_the_sitemaps_are(client: Client, paper: Category) -> None:
    response = client.get("/robots.txt")
    assert response["Cache-Control"].startswith("public, max-age=")
    assert client.get("/robots.txt", headers={"If-None-Match": response["ETag"]}).status_code == 304
    lines = response.content.decode().splitlines()
    assert "Disallow: /admin/" in lines
    for path in ("/tim-kiem/", "/binh-luan/", "/en/tim-kiem/", "/en/binh-luan/"):
        assert f"Disallow: {path}" in lines
    assert f"Sitemap: {SITE}/sitemap.xml" in lines
    assert f"Sitemap: {SITE}/news-sitemap.xml" in lines
