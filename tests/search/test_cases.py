"""The search cases of vietnamese-cases.tsv, asked of the search page as a reader asks."""

import csv
import re
from pathlib import Path

import pytest
from django.test import Client

from core.vietnamese import fold
from tests.factories import make_article, make_author

CASES = Path(__file__).resolve().parents[1] / "data" / "vietnamese-cases.tsv"
pytestmark = pytest.mark.django_db


def cases(rule: str) -> list[tuple[str, str]]:
    with CASES.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [(row["id"], row["input"]) for row in rows if row["rule"] == rule]


def pairs(rule: str, sign: str) -> list[tuple[str, str, str]]:
    return [(number, *map(str.strip, text.split(sign))) for number, text in cases(rule)]


def found(client: Client, words: str) -> list[str]:
    """The headlines that the page lists, in order."""
    html = client.get("/tim-kiem/", {"q": words}).content.decode()
    links = re.findall(r'class="search-result__headline"><a[^>]*>(.*?)</a>', html)
    return [re.sub("</?mark>", "", link) for link in links]


@pytest.mark.parametrize(("number", "written", "asked"), pairs("search key equal", "~"))
def test_two_spellings_are_one_word(client: Client, number: str, written: str, asked: str) -> None:
    for one, other in ((written, asked), (asked, written)):
        right = make_article(headline=f"Chuyện {one} hôm nay", slug="a")
        bare = make_article(headline=f"Chuyen {fold(one)} hom nay", slug="b")
        # Found as typed: before the newer one that only looks alike without marks.
        assert found(client, other)[0] == right.headline, number
        right.delete()
        bare.delete()


@pytest.mark.parametrize(("number", "asked", "another"), pairs("search key different", "≠"))
def test_other_marks_are_another_word(
    client: Client, number: str, asked: str, another: str
) -> None:
    right = make_article(headline=f"Chuyện {asked} hôm nay")
    wrong = make_article(headline=f"Chuyện {another} hôm nay")
    assert found(client, asked)[0] == right.headline
    assert found(client, another)[0] == wrong.headline
    if fold(asked) == fold(another):
        assert set(found(client, fold(asked))) == {right.headline, wrong.headline}
    else:
        assert found(client, asked) == [right.headline]


def test_every_spelling_of_the_city_finds_every_other(client: Client) -> None:
    (_number, text) = cases("search (abbrev.)")[0]
    spellings = [one.strip() for one in text.split("|")]
    assert len(spellings) == 4
    headlines = {make_article(headline=f"Từ {one} ra đảo").headline for one in spellings}
    for one in spellings:
        assert set(found(client, one)) == headlines, one


def test_a_document_is_found_by_its_number(client: Client) -> None:
    (_number, text) = cases("search (doc. no.)")[0]
    right = make_article(headline=f"Thực hiện Nghị quyết số {text}")
    make_article(headline="Nghị quyết mới của tỉnh", body="<p>Có 19 điều, NQ khác của TU.</p>")
    assert found(client, text) == [right.headline]
    assert right.headline in found(client, "nghi quyet 19")


def test_a_beginning_suggests_the_whole(client: Client) -> None:
    (_number, text) = cases("search (prefix)")[0]
    article = make_article(headline="Mùa thu ở Quảng Ninh")
    assert found(client, text) == [article.headline]
    html = client.get("/tim-kiem/", {"q": text}).content.decode()
    assert 'Bạn có muốn tìm: <a href="/tim-kiem/?q=Qu%E1%BA%A3ng%20Ninh">Quảng Ninh</a>' in html


def test_typed_marks_rank_before_others(client: Client) -> None:
    assert cases("search (rank)")
    headlines = ["Con đường làng", "Giống dương xỉ", "Chuyện đương thời", "Ông Duong kể"]
    for headline in headlines:
        make_article(headline=headline)
    assert found(client, "đường")[0] == "Con đường làng"
    assert set(found(client, "duong")) == set(headlines)


def test_a_byline_is_found_without_marks(client: Client) -> None:
    (_number, text) = cases("search (name without marks)")[0]
    author = make_author(name="Hoài Anh")
    article = make_article(headline="Bài có tên", byline="Hoài Anh", authors=[author])
    make_article(headline="Bài của người khác")
    assert found(client, text) == [article.headline]
