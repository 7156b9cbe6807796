"""“Did you mean”, for a search that found nothing."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from articles.models import Article
from core.vietnamese import fold_raw_keys
from search.query import Query
from search.suggestions import suggestion
from tests.factories import make_article, make_draft

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("quang nnih", "Quảng Ninh"),
        ("quagn ninh", "Quảng Ninh"),
        ("quảng nih", "Quảng Ninh"),
        ("quangg ninh", "Quảng Ninh"),
        ("lux lutj", "lũ lụt"),
        ("lu4 lut5", "lũ lụt"),
        ("dduwowngf laang", "đường làng"),
        ("nuowcs lux", "nước lũ"),
    ],
)
def test_a_slip_is_put_right(typed: str, meant: str) -> None:
    make_article(headline="Quảng Ninh đón khách")
    make_article(headline="Sau lũ lụt, đường làng đã sạch")
    make_article(headline="Vượt qua nước lũ")
    make_article(headline="Chuyện khác hẳn")
    assert suggestion(Query(typed)).casefold() == meant.casefold()


def test_the_spelling_most_headlines_have_wins() -> None:
    make_article(headline="Gió tan ngoài khơi")
    for _ in range(2):
        make_article(headline="Thị trường than ổn định")
    assert suggestion(Query("thsn")) == "than"


@pytest.mark.parametrize("typed", ["", "zzzzzz", "một hai ba bốn năm sáu", "'\"&|", "12345", "a"])
def test_what_is_like_nothing_suggests_nothing(typed: str) -> None:
    make_article(headline="Quảng Ninh đón khách")
    assert suggestion(Query(typed)) == ""


def test_only_what_readers_may_see_is_suggested(client: Client) -> None:
    hidden = {"headline": "Vụ án Kỳ Lân"}
    make_draft(**hidden)
    make_article(**hidden, published_at=timezone.now() + timedelta(hours=1))
    make_article(**hidden, status=Article.Status.WITHDRAWN)
    assert suggestion(Query("ky lna")) == ""
    make_article(**hidden)
    assert suggestion(Query("ky lna")) == "Kỳ Lân"


def test_the_page_leads_on_and_says_nothing_where_there_is_something(client: Client) -> None:
    make_article(headline="Quảng Ninh đón khách")
    html = client.get("/tim-kiem/?q=quang+nnih").content.decode()
    assert "Bạn có muốn tìm:" in html
    assert 'href="/tim-kiem/?q=Qu%E1%BA%A3ng%20Ninh"' in html
    assert "Bạn có muốn tìm:" not in client.get("/tim-kiem/?q=quang+ninh").content.decode()


@pytest.mark.parametrize(
    ("keys", "folded"),
    [
        *(("dduwowngf", "duong"), ("ddats", "dat"), ("lux", "lu"), ("nguwowif", "nguoi")),
        *(("tieengs", "tieng"), ("viet65", "viet"), ("d9ương2", "duong"), ("quyeets", "quyet")),
        *(("sach", "sach"), ("xe", "xe"), ("xyz", "xyz"), ("bcd", "bcd"), ("", "")),
    ],
)
def test_keys_of_an_input_method_are_read(keys: str, folded: str) -> None:
    assert fold_raw_keys(keys) == folded
