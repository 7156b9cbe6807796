"""Readers find articles by headline and text, with and without marks."""

import re
import unicodedata
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.models import Article
from search.backends import backend
from search.query import Query
from search.results import find, marked
from tests.factories import make_article, make_author, make_category, make_draft

pytestmark = pytest.mark.django_db


def headlines(text: str, **filters: Any) -> list[str]:
    found = find(Query(text, **filters), 0, 20)
    return [result.article.headline for result in found.results]


@pytest.mark.parametrize(
    ("query", "headline"),
    [
        ("quang ninh", "Quảng Ninh đón khách"),
        ("Quảng Ninh", "Quảng Ninh đón khách"),
        ("QUẢNG NINH", "Quảng Ninh đón khách"),
        ("dong trieu", "Xuân về Đông Triều"),
        ("viet duc", "Bệnh viện Việt Đức"),
        ("duong", "Mở đường mới"),
        ("19-NQ/TU", "Thực hiện Nghị quyết số 19-NQ/TU"),
        ("nghi quyet 19", "Thực hiện Nghị quyết số 19-NQ/TU"),
        ("cấp ủy", "Cấp uỷ vào cuộc"),
        ("kĩ thuật", "Kỹ thuật mới"),
        ("TPHCM", "Từ TP.HCM ra đảo"),
        ("TP. HCM", "Từ TP.HCM ra đảo"),
        ("quang nin", "Quảng Ninh đón khách"),
    ],
)
def test_it_finds_a_headline(query: str, headline: str) -> None:
    make_article(headline=headline)
    make_article(headline="Chuyện khác hẳn", body="<p>Không liên quan.</p>")
    assert headlines(query) == [headline]
    assert headlines(unicodedata.normalize("NFD", query)) == [headline]


def test_it_finds_the_body_the_standfirst_and_the_byline() -> None:
    make_article(headline="Bài một", body="<p>Cầu <strong>Vân Tiên</strong> nối nhịp.</p>")
    make_article(headline="Bài hai", standfirst="Chuyện về cầu Vân Tiên.")
    make_article(headline="Bài ba", byline="Hoài Anh")
    assert set(headlines("van tien")) == {"Bài một", "Bài hai"}
    assert headlines("hoai anh") == ["Bài ba"]


def test_marks_that_were_typed_come_first_and_none_means_any() -> None:
    for headline in ("Giống dương xỉ", "Chuyện đương thời", "Con đường làng", "Duong Street"):
        make_article(headline=headline)
    assert headlines("đường")[0] == "Con đường làng"
    assert len(headlines("duong")) == 4


def test_a_headline_weighs_more_than_the_text() -> None:
    make_article(headline="Bài khác", body="<p>Có nhắc đến sứa biển một lần.</p>")
    make_article(headline="Mùa sứa biển")
    assert headlines("sứa biển") == ["Mùa sứa biển", "Bài khác"]


def test_every_word_must_be_there() -> None:
    make_article(headline="Chợ phiên vùng cao")
    assert headlines("chợ quê") == []


@pytest.mark.parametrize(
    "query",
    [
        "",
        "   ",
        '"',
        "*",
        "a* OR b",
        "NEAR(",
        "'; DROP TABLE x; --",
        "search_keys:",
        "(",
        "\x00",
        "&|!",
    ],
)
def test_signs_of_a_query_language_are_only_signs(query: str) -> None:
    make_article(headline="Bài thường")
    assert headlines(query) == []
    assert Article.objects.count() == 1


def test_what_readers_may_not_see_is_not_found(client: Client) -> None:
    words = {"headline": "Bí mật sông Quê"}
    make_draft(**words)
    make_article(**words, status=Article.Status.WITHDRAWN)
    make_article(**words, status=Article.Status.IN_REVIEW)
    make_article(**words, published_at=timezone.now() + timedelta(hours=1))
    assert headlines("bí mật") == []
    public = make_article(**words)
    assert headlines("bí mật") == [public.headline]


def test_the_index_follows_every_change() -> None:
    article = make_article(headline="Tên đầu tiên")
    article.headline = "Tên thứ hai"
    article.save()
    assert headlines("đầu tiên") == []
    assert headlines("thứ hai") == ["Tên thứ hai"]
    article.delete()
    assert headlines("thứ hai") == []


def test_filters_narrow_the_results() -> None:
    section, author = make_category(), make_author()
    child = make_category(parent=section)
    old = timezone.now() - timedelta(days=40)
    make_article(headline="Lũ về một", category=child)
    make_article(headline="Lũ về hai", category=make_category(), authors=[author])
    make_article(headline="Lũ về ba", category=make_category(), published_at=old)
    assert headlines("lũ về", category=section) == ["Lũ về một"]
    assert headlines("lũ về", author=author) == ["Lũ về hai"]
    recent = timezone.now() - timedelta(days=31)
    assert "Lũ về ba" not in headlines("lũ về", since=recent)
    assert headlines("lũ về", newest_first=True)[-1] == "Lũ về ba"


def test_found_words_are_marked_and_everything_else_escaped() -> None:
    query = Query("quang ninh")
    assert marked("<b>Quảng</b> Ninh", query) == (
        "&lt;b&gt;<mark>Quảng</mark>&lt;/b&gt; <mark>Ninh</mark>"
    )
    assert marked("đường và dương", Query("đường")) == "<mark>đường</mark> và dương"


@pytest.mark.parametrize(
    ("query", "headline"),
    [
        ("tra", "Trang tranh: cá <mark>tra</mark>, <mark>trà</mark> và trầu"),
        (
            "tra trau",
            "Trang tranh: cá <mark>tra</mark>, <mark>trà</mark> và <mark>trầu</mark>",
        ),
        # Nothing has these words, so the last was completed, whatever its marks.
        (
            "cá tran",
            "<mark>Trang</mark> <mark>tranh</mark>: <mark>cá</mark> tra, trà và trầu",
        ),
    ],
)
def test_only_words_that_were_found_are_marked(query: str, headline: str) -> None:
    make_article(headline="Trang tranh: cá tra, trà và trầu")
    [result] = find(Query(query), 0, 20).results
    assert result.headline == headline


def test_the_excerpt_is_cut_around_a_word_that_was_found() -> None:
    body = f"<p>Trang nhất hôm nay. {'Nước lên chậm. ' * 40}Giá cá tra lên.</p>"
    make_article(standfirst="", body=body)
    [result] = find(Query("tra"), 0, 20).results
    assert result.excerpt.startswith("… ") and "<mark>tra</mark>" in result.excerpt
    assert "Trang" not in result.excerpt


def test_the_page_shows_results_numbers_and_pages(client: Client) -> None:
    for n in range(45):
        make_article(headline=f"Mưa lũ ngày {n}")
    address = reverse("search:results")
    first = client.get(address, {"q": "mưa lũ"})
    html = first.content.decode()
    assert "45" in html and "<mark>Mưa</mark>" in html
    assert 'content="noindex"' in html
    assert "no-store" in first.headers["Cache-Control"]
    assert client.get(address, {"q": "mưa lũ", "trang": "3"}).status_code == 200
    for wrong in ("4", "0", "-1", "abc", "9" * 40, "²"):
        assert client.get(address, {"q": "mưa lũ", "trang": wrong}).status_code == 404


@pytest.mark.parametrize("query", ["", "không-có-gì-cả", "x" * 5000, "<script>alert(1)</script>"])
def test_a_search_without_results_says_so_and_keeps_what_was_typed(
    client: Client, query: str
) -> None:
    make_article(headline="Tin mới nhất")
    response = client.get(reverse("search:results"), {"q": query})
    assert response.status_code == 200
    html = response.content.decode()
    assert "<script>alert" not in html
    assert "Tin mới nhất" in html


def test_unknown_filters_are_left_out(client: Client) -> None:
    make_article(headline="Mưa lũ")
    wrong = {"q": "mưa", "chuyen-muc": "khong-co", "tac-gia": "khong-co", "thoi-gian": "mai"}
    assert "<mark>Mưa</mark>" in client.get(reverse("search:results"), wrong).content.decode()


@pytest.mark.parametrize("typed", ["mưa lũ", "mưa luuux", "xyzzy"])
def test_the_number_of_queries_does_not_grow(
    client: Client, typed: str, django_assert_max_num_queries: Any
) -> None:
    for n in range(25):
        make_article(headline=f"Mưa lũ {n}", category=make_category(parent=make_category()))
    with django_assert_max_num_queries(15):
        client.get(reverse("search:results"), {"q": typed})


def test_the_filter_has_the_sections_of_the_menu_and_the_one_asked_for(client: Client) -> None:
    parent = make_category(name="Xã hội")
    make_category(name="Y tế", parent=parent)
    hidden = make_category(name="Nháp", in_menu=False)

    def offered(**asked: str) -> list[str]:
        page = client.get(reverse("search:results"), {"q": "mưa", **asked}).content.decode()
        menu = page.split('name="chuyen-muc">')[1].split("</select>")[0]
        return re.findall("<option[^>]*>([^<]+)</option>", menu)[1:]

    assert offered() == ["Xã hội", "Xã hội › Y tế"]
    assert offered(**{"chuyen-muc": hidden.slug}) == ["Xã hội", "Xã hội › Y tế", "Nháp"]


def test_the_filters_that_were_chosen_stay_chosen(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.views.MOST_AUTHORS", 1)
    make_author(name="Anh <Tú>")
    author, section = make_author(name="Yến"), make_category(name="Xã hội")
    asked = {"q": "mưa", "tac-gia": author.slug, "chuyen-muc": section.slug}
    page = client.get(reverse("search:results"), asked).content.decode()
    assert f'<option value="{author.slug}" selected>Yến</option>' in page
    assert f'<option value="{section.slug}" selected>Xã hội</option>' in page
    assert "Anh &lt;Tú&gt;</option>" in page
    assert page.count(" selected>") == 2


def test_rebuilding_finds_the_same() -> None:
    article = make_article(headline="Chợ phiên")
    Article.objects.update(search_headline="", search_body="", search_keys="")
    assert headlines("chợ phiên") == []
    call_command("rebuild_search", verbosity=0)
    assert headlines("chợ phiên") == [article.headline]
    backend().ensure()
    assert headlines("chợ phiên") == [article.headline]
