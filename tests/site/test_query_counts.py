from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import ArticlePhoto, BreakingNews, Correction
from categories.models import Category
from tests.factories import (
    make_article,
    make_author,
    make_category,
    make_comment,
    make_partner_link,
    make_tag,
    make_topic,
)
from tests.site.conftest import make_photo

MOST = 15


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_a_page_takes_as_many_queries_with_200_articles_as_with_10(
    client: Client, paper: Category
) -> None:
    child = make_category(name="Xây dựng Đảng", parent=paper)
    sections = [paper, child, *(make_category() for _ in range(8))]
    author, tag, topic = make_author(name="Hoài Anh"), make_tag(name="a"), make_topic(name="b")
    photo = make_photo()
    make_partner_link()

    def publish(number: int) -> str:
        address = ""
        for n in range(number):
            article = make_article(
                category=sections[n % len(sections)],
                authors=[author],
                tags=[tag, make_tag()] if n % 2 else [],
                topics=[topic] if n % 3 else [],
                published_at=timezone.now() - timedelta(hours=n + 1),
            )
            ArticlePhoto.objects.create(article=article, photo=photo, credit="Lan Anh")
            ArticlePhoto.objects.create(article=article, photo=photo, position=2)
            make_comment(article)
            address = article.get_absolute_url()
        return address

    address = publish(10)
    paths = [
        *("/", "/chinh-tri/", address, "/tac-gia/hoai-anh/", "/tu-khoa/a/", "/chu-de/b/"),
        *("/chu-de/", "/cai-chinh/", "/rss/", "/rss/chinh-tri.rss", "/sitemap.xml"),
        *("/sitemap-trang.xml", "/news-sitemap.xml"),
    ]
    few = {path: queries(client, path) for path in paths}
    publish(190)
    many = {path: queries(client, path) for path in paths}
    assert few == many
    assert max(few.values()) <= MOST, few


@pytest.mark.parametrize("with_links", [True, False])
def test_an_article_with_everything_stays_within_the_limit(
    client: Client, paper: Category, with_links: bool
) -> None:
    photo = make_photo()
    article = make_article(
        category=make_category(parent=paper),
        authors=[make_author(photo=photo), make_author()],
        tags=[make_tag(), make_tag()],
        topics=[make_topic()],
        body=f'<p>x</p><figure data-photo-id="{photo.pk}"></figure><p>[links()]</p>',
    )
    for _ in range(3):
        parent = make_comment(article)
        make_comment(article, parent=parent)
        other = make_article(category=paper)
        if with_links:
            article.related_links.create(target=other)
    assert queries(client, article.get_absolute_url()) <= MOST


def test_links_in_the_text_corrections_and_portraits_stay_within_it_too(
    client: Client, paper: Category
) -> None:
    photo, topic = make_photo(), make_topic()
    others = [make_article(category=paper, topics=[topic]) for _ in range(3)]
    for other in others:
        ArticlePhoto.objects.create(article=other, photo=photo)
    article = make_article(
        category=paper,
        authors=[make_author(photo=photo, bio="x"), make_author(photo=photo, bio="x")],
        tags=[make_tag()],
        topics=[topic, make_topic()],
        body=f'<figure data-photo-id="{photo.pk}"></figure>'
        + "".join(f"<p>[related({other.pk})]</p>" for other in others),
    )
    Correction.objects.create(article=article, wrong="a", right="b")
    for _ in range(3):
        ArticlePhoto.objects.create(article=article, photo=photo)
        make_comment(article)
    ends_at = timezone.now() + timedelta(hours=1)
    BreakingNews.objects.create(headline="x", article=others[0], ends_at=ends_at)
    assert queries(client, article.get_absolute_url()) <= MOST
