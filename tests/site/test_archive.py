"""The archive by day."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from articles.models import Article
from categories.models import Category
from core.page_tags import dropped
from tests.factories import make_article, make_draft
from tests.site.test_query_counts import MOST, queries
from tests.support import assert_public

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def on(year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=HANOI)


def test_a_day_has_what_was_published_from_midnight_to_midnight(
    client: Client, paper: Category
) -> None:
    make_article(category=paper, headline="Đầu ngày", published_at=on(2026, 3, 8, 0, 0))
    make_article(category=paper, headline="Cuối ngày", published_at=on(2026, 3, 8, 23, 59))
    make_article(category=paper, headline="Hôm trước", published_at=on(2026, 3, 7, 23, 59))
    make_article(category=paper, headline="Hôm sau", published_at=on(2026, 3, 9, 0, 0))
    response = client.get("/ngay/2026/3/8/")
    assert_public(response)
    html = response.content.decode()
    assert "Chủ nhật, ngày 8 tháng 3 năm 2026".casefold() in html.casefold()
    assert html.index("Cuối ngày") < html.index("Đầu ngày")
    assert "Hôm trước" not in html
    assert "Hôm sau" not in html
    assert 'href="/ngay/2026/3/7/"' in html
    assert 'href="/ngay/2026/3/9/"' in html


def test_a_month_counts_its_days_and_leads_to_those_that_have_something(
    client: Client, paper: Category
) -> None:
    for _ in range(3):
        make_article(category=paper, published_at=on(2026, 3, 8, 0, 30))
    make_article(category=paper, published_at=on(2026, 2, 28))
    response = client.get("/ngay/2026/3/")
    assert_public(response)
    html = response.content.decode()
    assert "Tháng 3 năm 2026" in html
    assert html.count('href="/ngay/2026/3/8/"') == 1
    assert "3 bài" in html
    assert 'href="/ngay/2026/3/7/"' not in html
    assert 'href="/ngay/2026/2/"' in html
    assert 'href="/ngay/2026/4/"' in html


def test_days_before_the_first_article_and_after_today_do_not_exist(
    client: Client, paper: Category
) -> None:
    make_article(category=paper, published_at=on(2026, 3, 8))
    tomorrow = timezone.localdate() + timedelta(days=1)
    for path in ("2026/3/7/", "2026/2/30/", "2026/13/1/", "2026/2/", "9999999/1/", "0/1/1/"):
        assert client.get(f"/ngay/{path}").status_code == 404, path
    assert client.get(f"/ngay/{tomorrow:%Y/%m/%d}/").status_code == 404
    assert client.get("/ngay/2026/3/9/").status_code == 200
    today = timezone.localdate()
    assert client.get("/ngay/").headers["Location"] == f"/ngay/{today.year}/{today.month}/"


def test_an_empty_paper_has_an_empty_month(client: Client, paper: Category) -> None:
    assert client.get("/ngay/", follow=True).status_code == 200
    html = client.get(f"/ngay/{timezone.localdate():%Y/%m/%d}/").content.decode()
    assert "không có bài nào" in html


def test_what_is_not_public_is_neither_listed_nor_counted(client: Client, paper: Category) -> None:
    now = timezone.now()
    today = timezone.localdate()
    make_article(category=paper, headline="Tin công khai", published_at=now)
    later = now + timedelta(seconds=30)
    hidden = {"category": paper, "headline": "Tin kín"}
    make_article(**hidden, published_at=later)
    make_article(**hidden, published_at=now, status=Article.Status.WITHDRAWN)
    make_draft(**hidden)
    response = client.get(f"/ngay/{today:%Y/%m/%d}/")
    html = response.content.decode()
    assert "Tin công khai" in html
    assert "Tin kín" not in html
    assert response.wsgi_request.page_expires_at <= later
    assert "1 bài" in client.get(f"/ngay/{today:%Y/%m}/").content.decode()


def test_a_long_day_has_numbered_pages_and_few_queries(client: Client, paper: Category) -> None:
    for minute in range(101):
        make_article(category=paper, published_at=on(2026, 3, 8, 6) + timedelta(minutes=minute))
    assert 'href="?trang=2"' in client.get("/ngay/2026/3/8/").content.decode()
    assert client.get("/ngay/2026/3/8/?trang=2").status_code == 200
    assert client.get("/ngay/2026/3/8/?trang=3").status_code == 404
    assert queries(client, "/ngay/2026/3/8/") <= MOST
    assert queries(client, "/ngay/2026/3/") <= MOST


@pytest.mark.django_db(transaction=True)
def test_a_day_and_its_month_are_dropped_with_an_article_of_theirs(
    client: Client, paper: Category
) -> None:
    article = make_article(category=paper, published_at=on(2026, 3, 8))
    told: set[str] = set()

    def hear(tags: frozenset[str], **_: object) -> None:
        told.update(tags)

    dropped.connect(hear)
    try:
        article.published_at = on(2026, 4, 1)
        article.save()
    finally:
        dropped.disconnect(hear)
    assert {"day:2026-03-08", "month:2026-03", "day:2026-04-01", "month:2026-04"} <= told
    assert "day:2026-04-01" in client.get("/ngay/2026/4/1/").wsgi_request.page_tags
    month: Any = client.get("/ngay/2026/4/").wsgi_request
    assert "month:2026-04" in month.page_tags
    # Its list of years is right until there is another one.
    assert month.page_expires_at <= on(timezone.localdate().year + 1, 1, 1, 0)


def test_each_edition_has_an_archive_of_its_own(client: Client, paper: Category) -> None:
    make_article(category=paper, headline="Tin ngày", published_at=on(2026, 3, 8))
    make_article(
        category=paper, headline="News of the day", language="en", published_at=on(2026, 3, 8)
    )
    assert "News of the day" not in client.get("/ngay/2026/3/8/").content.decode()
    html = client.get("/en/ngay/2026/3/8/").content.decode()
    assert "News of the day" in html
    assert "Sunday, 8 March 2026" in html
    assert "Tin ngày" not in html
