"""What is not public stands on no page, in no feed and in no sitemap."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from articles.models import Article, FrontSlot, RelatedLink
from categories.models import Category
from tests.factories import make_article, make_author, make_draft, make_tag, make_topic

PATHS = (
    *("/", "/chinh-tri/", "/tac-gia/hoai-anh/", "/tu-khoa/mua-lu/", "/chu-de/mua-lu/"),
    *("/chu-de/", "/cai-chinh/", "/rss/", "/rss/chinh-tri.rss", "/khong-co/"),
    *("/sitemap.xml", "/sitemap-trang.xml", "/sitemap-bai-0.xml", "/news-sitemap.xml"),
)


def test_nothing_unpublished_leaks(client: Client, paper: Category) -> None:
    common = {
        "category": paper,
        "authors": [make_author(name="Hoài Anh")],
        "tags": [make_tag(name="Mưa lũ")],
        "topics": [make_topic(name="Mưa lũ")],
    }
    public = make_article(headline="Tin công khai", slug="tin-cong-khai", **common)
    secret = {"headline": "Tin kín", "slug": "tin-kin"}
    soon = timezone.now() + timedelta(minutes=5)
    hidden = [
        make_draft(**common | secret),
        make_draft(**common | secret, status=Article.Status.IN_REVIEW),
        make_article(**common | secret, published_at=soon),
        make_article(**common | secret, status=Article.Status.WITHDRAWN),
    ]
    for position, article in enumerate(hidden):
        FrontSlot.objects.create(position=position, article=article)
        RelatedLink.objects.create(article=public, target=article, position=position)
    for path in (*PATHS, public.get_absolute_url()):
        html = client.get(path).content.decode()
        assert "Tin kín" not in html, path
        assert "tin-kin" not in html, path
        if path not in ("/cai-chinh/", "/chu-de/", "/sitemap.xml", "/sitemap-trang.xml"):
            assert "ong khai" in html or "cong-khai" in html, path
