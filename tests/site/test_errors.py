from unittest.mock import patch

import pytest
from django.db import OperationalError
from django.http import HttpRequest
from django.test import Client

from categories.models import Category
from newsroom import errors
from tests.factories import make_article
from tests.support import assert_public


def test_404_helps_to_go_on(client: Client, paper: Category) -> None:
    article = make_article(category=paper)
    response = client.get("/khong/co/gi")
    assert_public(response, status=404)
    html = response.content.decode()
    assert "Không tìm thấy trang" in html
    assert article.headline in html
    assert 'content="noindex"' in html


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
