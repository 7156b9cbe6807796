"""Answers that are made for one request go out compressed, each in its right form."""

import gzip
from typing import Any

import brotli
import pytest
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory

from newsroom.compression import CompressionMiddleware
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

TEXT = "Con đò nhỏ rời bến từ lúc trời chưa sáng. " * 60


def answer(response: HttpResponseBase, accepted: str = "gzip, br") -> Any:
    request = RequestFactory().get("/", headers={"Accept-Encoding": accepted})
    return CompressionMiddleware(lambda _request: response)(request)


@pytest.fixture
def pages() -> list[str]:
    """Addresses that are answered anew each time."""
    article = make_article()
    return ["/tim-kiem/?q=bao", f"/binh-luan/{article.pk}/gui/", f"/binh-luan/{article.pk}/da-gui/"]


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("identity", None),
        ("", None),
    ],
)
def test_pages_come_as_the_client_reads_them(
    client: Client, pages: list[str], accepted: str, encoding: str | None
) -> None:
    undo = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[encoding]
    for address in pages:
        response = client.get(address, headers={"Accept-Encoding": accepted})
        assert response.headers.get("Content-Encoding") == encoding, address
        assert response.headers["Vary"] == "Accept-Encoding"
        assert int(response.headers["Content-Length"]) == len(response.content)
        assert undo(response.content).decode().rstrip().endswith("</html>")


def test_the_newsroom_comes_padded_at_random(client: Client) -> None:
    client.force_login(make_user("chief"))
    sizes = set()
    for _ in range(8):
        response = client.get("/admin/", headers={"Accept-Encoding": "gzip, br"})
        assert response.headers["Content-Encoding"] == "gzip"
        html = gzip.decompress(response.content)
        assert b"</html>" in html
        sizes.add(len(response.content) - len(gzip.compress(html, 6, mtime=0)))
    assert len(sizes) > 1
    assert client.get("/admin/", headers={"Accept-Encoding": "br"}).content.startswith(b"<!")


def test_what_sets_a_cookie_is_padded_too() -> None:
    response = HttpResponse(TEXT)
    response.set_cookie("a", "b")
    assert answer(response).headers["Content-Encoding"] == "gzip"


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse(TEXT[:500]),
        HttpResponse(TEXT, content_type="image/jpeg"),
        HttpResponse(TEXT, headers={"Content-Encoding": "zstd"}),
        HttpResponse(TEXT, status=206),
        StreamingHttpResponse([TEXT.encode()]),
        FileResponse([TEXT.encode()], content_type="text/plain"),
    ],
    ids=["tiny", "picture", "compressed", "part", "stream", "file"],
)
def test_what_would_gain_nothing_or_break_is_left_as_it_is(response: HttpResponseBase) -> None:
    before = dict(response.headers)
    assert dict(answer(response).headers) == before


def test_a_strong_etag_becomes_weak_as_each_form_has_other_bytes() -> None:
    response = HttpResponse(TEXT, headers={"ETag": '"a"'})
    assert answer(response).headers["ETag"] == 'W/"a"'
    response = HttpResponse(TEXT, headers={"ETag": '"a"'})
    assert answer(response, accepted="").headers["ETag"] == '"a"'
