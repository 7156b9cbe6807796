"""Programs that read pages for people get the article: title, author, date and the whole text."""

import re
import unicodedata
from datetime import datetime
from typing import TYPE_CHECKING, Any

import newspaper
import pytest
import readability
import trafilatura
from django.test import Client, override_settings
from lxml import etree

from articles.models import Article
from core.html import html_to_text
from core.vietnamese import HANOI

if TYPE_CHECKING:
    pass

PUBLISHED = datetime(2020, 9, 8, 11, 31, 41, tzinfo=HANOI)
HEADLINE = "Đổi mới trong công tác xây dựng chỉnh đốn Đảng"


@pytest.fixture
def html(client: Client, seed: Article) -> str:
    with override_settings(SITE_URL="https://bao.example"):
        return client.get(seed.get_absolute_url()).content.decode()


def plain(text: str) -> str:
    """Without what only holds words together on the page, and with single blanks."""
    text = unicodedata.normalize("NFC", text).replace("\u2060", "").replace("\u00a0", " ")
    return re.sub(r"\s+", " ", text).strip()


def paragraphs(text: str) -> list[str]:
    return [plain(line) for line in text.splitlines() if line.strip()]


def assert_whole(found: list[str], article: Article) -> None:
    """Every paragraph is there on its own, whatever else is."""
    text = re.sub(r"\[(?:photo|links)\([^)]*\)\]", "", html_to_text(article.body))
    wanted = [plain(article.standfirst), *paragraphs(text)]
    assert len(wanted) > 5
    assert [line for line in wanted if line not in found] == []
    captions = [plain(use.shown_caption) for use in article.photos.all()]
    assert len(captions) == 2
    for line in found:
        for caption in captions:
            if caption in line:
                assert len(line) < len(caption) + len(" Ảnh: Thanh Hoa") + 2, line


def texts_of(tree: Any) -> list[str]:
    """The text of each paragraph, heading and caption in a tree of HTML."""
    names = ("p", "h2", "h3", "li", "figcaption", "td")
    blocks = tree.iter(*names)
    return [plain("".join(block.itertext())) for block in blocks]


def test_trafilatura_reads_it(html: str, seed: Article) -> None:
    found = trafilatura.bare_extraction(
        html, url="https://bao.example/x-1.html", with_metadata=True
    ).as_dict()
    assert found["title"] == HEADLINE
    assert found["author"] == "Hoài Anh"
    assert found["date"] == "2020-09-08"
    assert found["sitename"] == "Báo Sông Quê"
    assert_whole(paragraphs(found["text"]), seed)


def test_newspaper_reads_it(html: str, seed: Article) -> None:
    found = newspaper.article(
        "https://bao.example/x-1.html", language="vi", input_html=html, fetch_images=False
    )
    assert found.title == HEADLINE
    assert found.authors == ["Hoài Anh"]
    assert found.publish_date == PUBLISHED
    assert found.publish_date.utcoffset() == PUBLISHED.utcoffset()
    assert found.top_image.endswith("/share.jpg")
    assert_whole(paragraphs(found.text), seed)


def test_readability_of_python_reads_it(html: str, seed: Article) -> None:
    found = readability.Document(html)
    assert found.short_title() == HEADLINE
    assert_whole(texts_of(etree.HTML(found.summary())), seed)
