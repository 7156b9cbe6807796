"""The desk's list counts no further than it shows, and finds headlines through the index."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.models import Article
from core.paging import GrowingPaginator
from tests.factories import make_article, make_category, make_draft, make_user

pytestmark = pytest.mark.django_db
LIST = reverse("admin:articles_article_changelist")


@pytest.fixture
def chief(client: Client) -> Client:
    client.force_login(make_user("chief"))
    return client


def found(client: Client, text: str) -> set[str]:
    return {article.headline for article in client.get(LIST, {"q": text}).context["cl"].result_list}


@pytest.mark.parametrize("text", ["cầu vân tiên", "van tien", "VAN TIE", "cau v", "tiên"])
def test_the_desk_finds_headlines_with_and_without_marks_and_by_beginnings(
    chief: Client, text: str
) -> None:
    make_draft(headline="Cầu Vân Tiên thông xe")
    make_article(headline="Chuyện khác", body="<p>Cầu Vân Tiên</p>")
    at = timezone.now() + timedelta(days=200)
    make_article(headline="Một năm cầu Vân Tiên", published_at=at)
    assert found(chief, text) == {"Cầu Vân Tiên thông xe", "Một năm cầu Vân Tiên"}


def test_signs_alone_find_nothing_and_blanks_everything(chief: Client) -> None:
    make_article(headline="Bài thường")
    assert found(chief, "?!") == set()
    assert found(chief, "  ") == {"Bài thường"}


def test_counting_stops_some_pages_on_and_goes_on_with_the_reader() -> None:
    category = make_category()
    Article.objects.bulk_create(Article(headline=f"Tin {n}", category=category) for n in range(100))
    articles = Article.objects.order_by("-changed_at", "-id")
    assert str(GrowingPaginator(articles, 2).count) == "42+"
    assert str(GrowingPaginator(articles, 2, number=25).count) == "90+"
    assert str(GrowingPaginator(articles, 2, number=45).count) == "100"


def test_no_query_of_the_list_reads_all_articles(chief: Client) -> None:
    category = make_category()
    Article.objects.bulk_create(Article(headline=f"Tin {n}", category=category) for n in range(60))
    with CaptureQueriesContext(connection) as captured:
        chief.get(LIST)
    of_articles = [query["sql"] for query in captured if 'FROM "articles_article"' in query["sql"]]
    assert of_articles
    assert [sql for sql in of_articles if "LIMIT" not in sql] == []
