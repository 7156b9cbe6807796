import time
from unittest.mock import patch

import pytest
from django.db import OperationalError, connection
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext

from categories.models import Category, CategoryAddress
from newsroom import errors
from tests.factories import (
    make_article,
    make_author,
    make_category,
    make_draft,
    make_live_entry,
    make_live_event,
    make_tag,
)
from tests.support import assert_public


def test_404_helps_to_go_on(client: Client, paper: Category) -> None:
    article = make_article(category=paper)
    response = client.get("/khong/co/gi")
    assert_public(response, status=404)
    html = response.content.decode()
    assert "Không tìm thấy trang" in html
    assert article.headline in html
    assert 'content="noindex"' in html


def test_an_address_without_its_slash_is_sent_on(client: Client, paper: Category) -> None:
    child = make_category(name="Xây dựng Đảng", parent=paper)
    article = make_article(
        category=child, authors=[make_author(name="Hoài Anh")], tags=[make_tag(name="Mưa lũ")]
    )
    entry = make_live_entry(make_live_event(article))
    for path in (
        *("/chinh-tri/", child.get_absolute_url(), "/tac-gia/hoai-anh/", "/tu-khoa/mua-lu/"),
        *("/chu-de/", "/tim-kiem/", "/video/", "/rss/", "/admin/", entry.get_absolute_url()),
        *(f"/ngay/{article.published_at:%Y/%m}/", f"/binh-luan/{article.pk}/", "/toa-soan/"),
    ):
        response = client.get(f"{path[:-1]}?trang=1")
        assert (response.status_code, response["Location"]) == (301, f"{path}?trang=1")
        assert client.get(path).status_code in (200, 302), path
    # The answer goes when the page goes.
    stored = client.get("/chinh-tri")
    assert f"category:{paper.pk}" in stored["Surrogate-Key"].split()


def test_a_former_address_without_its_slash_leads_on(client: Client, paper: Category) -> None:
    CategoryAddress.objects.create(path="/chinh-tri/", category=paper)
    paper.slug = "thoi-su"
    paper.save()
    response = client.get("/chinh-tri", follow=True)
    assert response.redirect_chain == [("/chinh-tri/", 301), ("/thoi-su/", 301)]
    assert response.status_code == 200


def test_an_address_that_leads_nowhere_is_not_found_at_once(
    client: Client, paper: Category
) -> None:
    draft = make_draft()
    make_live_event(draft)
    with CaptureQueriesContext(connection) as plain:
        client.get("/khong/co/gi")
    for path, asked in (
        ("/made-up", 2),  # for the section of that name, now and formerly
        *(("/chinh-tri/made-up", 2), ("/tac-gia/made-up", 2), ("/en/made-up", 2)),
        *((f"/binh-luan/{draft.pk}", 1), (f"/truc-tiep/{draft.pk}", 1), ("/ngay/2999/1", 1)),
    ):
        with CaptureQueriesContext(connection) as captured:
            response = client.get(path)
        assert_public(response, status=404)
        assert len(captured) <= len(plain) + asked, path
        assert float(response["X-Page-Expires"]) <= time.time() + 60
        assert client.get(f"{path}/").status_code == 404
    assert client.post("/chinh-tri").status_code == 404  # nothing is sent there


NINES = "9" * 30
MANY_NINES = "9" * 4400  # more than Python reads


@pytest.mark.parametrize(
    "address",
    [
        f"/ngay/{NINES}/1/",
        f"/ngay/{NINES}/1/1/",
        f"/ngay/2026/{NINES}/",
        f"/ngay/2026/1/{NINES}/",
        "/ngay/2026/99/",
        "/bao-hom-nay/0001-01-01/",
        "/bao-hom-nay/0001-01-01/tep.json",
        "/bao-hom-nay/2999-12-31/",
        f"/tin-{NINES}.html",
        f"/tin-{MANY_NINES}.html",
        f"/truc-tiep/{NINES}/",
        f"/truc-tiep/{NINES}/moi-nhat/",
        f"/truc-tiep/1/{NINES}/",
        f"/binh-luan/{NINES}/",
        f"/binh-luan/1/?trang={MANY_NINES}",
        f"/tim-kiem/?q=x&trang={MANY_NINES}",
        f"/sitemap-bai-{NINES}.xml",
        "/sitemap-bai-999999999999999999.xml",
        f"/api/articles/{NINES}/",
        f"/chinh-tri/?trang={MANY_NINES}",
    ],
)
def test_no_number_is_too_large_to_be_not_found(
    client: Client, paper: Category, address: str
) -> None:
    make_article(category=paper)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/%00",
        "/a%00b/",
        "/tac-gia/%00/",
        "/en/%00",
        "/media/%00",
        "/static/%00",
        "/tim-kiem/?q=x&tac-gia=%00",
        "/tim-kiem/?q=x&chuyen-muc=%00",
        "/?%00",
        "/admin/login/?next=%00",
    ],
)
def test_a_nul_byte_is_refused_in_words(client: Client, paper: Category, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 400
    english = address.startswith("/en/")
    assert ("Yêu cầu không hợp lệ" in response.content.decode()) is not english
    assert ("This cannot be answered" in response.content.decode()) is english
    assert response["Cache-Control"] == "no-store"


def test_a_percent_sign_before_zeros_is_no_nul_byte(client: Client, paper: Category) -> None:
    assert client.get("/tim-kiem/?q=100%2500").status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_public_pages_are_for_reading_only(paper: Category, method: str) -> None:
    article = make_article(category=paper)
    client = Client(enforce_csrf_checks=True)
    for address in ("/", "/chinh-tri/", article.get_absolute_url(), "/tim-kiem/", "/sitemap.xml"):
        response = client.generic(method, address)
        assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")
        assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("error", "status"), [(ValueError("x"), 500), (OperationalError("x"), 503)]
)
def test_a_failure_answers_without_database_or_template(
    paper: Category, error: Exception, status: int
) -> None:
    client = Client(raise_request_exception=False)
    broken = patch("articles.views.front_page", side_effect=error)
    with broken, patch("django.template.base.Template.render", side_effect=AssertionError):
        response = client.get("/")
    assert_public(response, status=status)
    assert response["Cache-Control"] == "no-store"
    assert (response.get("Retry-After") is not None) is (status == 503)
    assert "Traceback" not in response.content.decode()


def test_503_says_when_to_come_back() -> None:
    response = errors.service_unavailable(HttpRequest())
    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
