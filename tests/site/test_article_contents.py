"""Headings have addresses, and a long article has a table of contents."""

import re

import pytest
from django.test import Client, override_settings
from django.utils import translation

from articles.contents import FEWEST_SYLLABLES, Headings
from articles.models import Article
from categories.models import Category
from tests.factories import make_article

SECTIONS = ("Mùa xuân", "Mùa <em>hè</em> &amp; nắng", "Mùa thu", "Mùa đông", "Mùa thu")


def long_article(
    paper: Category, sections: tuple[str, ...] = SECTIONS, syllables: int = FEWEST_SYLLABLES
) -> Article:
    words = "gió " * (syllables // len(sections) + 1)
    body = "".join(f"<h2>{name}</h2><h3>Chi tiết</h3><p>{words}</p>" for name in sections)
    return make_article(category=paper, body=body)


def contents_of(client: Client, article: Article) -> list[tuple[str, str]]:
    html = client.get(article.get_absolute_url()).content.decode()
    nav = re.search(r'<nav class="toc-menu".*?</nav>', html, re.S)
    return re.findall(r'<a href="#([^"]+)">([^<]+)</a>', nav[0]) if nav else []


def test_a_long_article_lists_its_sections_in_order(client: Client, paper: Category) -> None:
    article = long_article(paper)
    assert contents_of(client, article) == [
        ("muc-mua-xuan", "Mùa xuân"),
        ("muc-mua-he-nang", "Mùa hè &amp; nắng"),
        ("muc-mua-thu", "Mùa thu"),
        ("muc-mua-dong", "Mùa đông"),
        ("muc-mua-thu-2", "Mùa thu"),
    ]
    html = client.get(article.get_absolute_url()).content.decode()
    for anchor, _text in contents_of(client, article):
        assert html.count(f'id="{anchor}"') == 1
    body = html.index('class="story__standfirst"')
    assert body < html.index('class="toc-menu"') < html.index('id="muc-mua-xuan"')


@pytest.mark.parametrize(
    ("sections", "syllables"), [(SECTIONS[:3], FEWEST_SYLLABLES * 2), (SECTIONS, 200)]
)
def test_a_short_one_or_one_of_few_sections_has_none(
    client: Client, paper: Category, sections: tuple[str, ...], syllables: int
) -> None:
    article = long_article(paper, sections, syllables)
    assert contents_of(client, article) == []
    assert 'id="muc-mua-xuan"' in client.get(article.get_absolute_url()).content.decode()


def test_an_address_stays_when_text_around_it_changes() -> None:
    before, after = Headings(), Headings()
    before.anchored("<h2>Hai</h2>")
    after.anchored("<h2>Mới</h2>")
    after.anchored("<h2>Hai</h2>")
    assert before.found[-1].anchor == after.found[-1].anchor == "muc-hai"


def test_words_that_look_like_a_numbered_address_still_get_their_own() -> None:
    headings = Headings()
    for words in ("Quý", "Quý 2", "Quý", "???"):
        headings.anchored(f"<h3>{words}</h3>")
    anchors = [heading.anchor for heading in headings.found]
    assert len(set(anchors)) == len(anchors) == 4


@override_settings(LANGUAGE_CODE="en")
def test_it_speaks_english_where_the_paper_does(client: Client, paper: Category) -> None:
    with translation.override("en"):
        html = client.get(long_article(paper).get_absolute_url()).content.decode()
    assert "In this article" in html
    assert "5 sections" in html
