"""Programs that read pages for people get the article: title, author, date and the whole text."""

import importlib.util
import re
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import newspaper
import pytest
import readability
import trafilatura
from django.test import Client, override_settings
from django.utils import timezone
from lxml import etree

from articles.models import Article, BreakingNews
from categories.models import Category
from core.html import html_to_text
from core.vietnamese import HANOI
from tests.factories import make_article, make_topic
from tests.site.conftest import make_photo, use_photo

if TYPE_CHECKING:
    from playwright.sync_api import Page

PUBLISHED = datetime(2020, 9, 8, 11, 31, 41, tzinfo=HANOI)
HEADLINE = "Đổi mới trong công tác xây dựng chỉnh đốn Đảng"


@pytest.fixture
def html(client: Client, seed: Article) -> str:
    with override_settings(SITE_URL="https://bao.example"):
        return client.get(seed.get_absolute_url()).content.decode()


@pytest.fixture
def mozilla(page: "Page") -> Callable[[str], dict[str, Any]]:
    """Mozilla's Readability, which makes the reading view of Firefox; it runs in Chromium.

    Of the package that carries it only its one script is used. The page is parsed and not shown.
    """
    package = importlib.util.find_spec("fast_readability")
    if not package or not package.submodule_search_locations:
        pytest.skip("no Readability.js: install requirements/dev.txt")
    script = Path(package.submodule_search_locations[0]) / "js" / "Readability.js"
    source = script.read_text(encoding="utf-8")
    program = f"""html => {{
        {source}
        const page = new DOMParser().parseFromString(html, "text/html");
        return new Readability(page).parse();
    }}"""

    def read(html: str) -> dict[str, Any]:
        found: dict[str, Any] = page.evaluate(program, html)
        return found

    return read


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


def test_readability_of_mozilla_reads_it(
    html: str, seed: Article, mozilla: Callable[[str], dict[str, Any]]
) -> None:
    found = mozilla(html)
    assert found["title"] == HEADLINE
    assert found["byline"] == "Hoài Anh"
    assert found["siteName"] == "Báo Sông Quê"
    assert found["lang"] == "vi"
    published = datetime.fromisoformat(found["publishedTime"])
    assert published == PUBLISHED
    assert published.utcoffset() == PUBLISHED.utcoffset()
    assert_whole(texts_of(etree.HTML(found["content"])), seed)


SECTIONS = [f"Mùa thứ {name} trên vịnh" for name in ("nhất", "hai", "ba", "tư", "năm")]
BREAKING = "Nước sông vượt báo động 3"
AROUND = (
    BREAKING,
    "Nội dung bài",
    "Đọc thêm",
    "Bấm để xem video",
    "Bài trước",
    "Bài sau",
    "Phóng to",
)


@pytest.fixture
def long_article(paper: Category) -> Article:
    """One with a table of contents, a gallery, links in the text and a running story."""
    topic = make_topic()
    other, article, _newer = (make_article(category=paper, topics=[topic]) for _ in range(3))
    sentence = "Con đò nhỏ rời bến từ lúc trời chưa sáng, mang theo cuốn sổ ghi từng cân rác. "
    pieces = (
        f"<p>[related({other.pk})]</p>",
        "<p>[gallery()]</p>",
        "<p>https://vimeo.com/1084537</p>",
        "",
        "",
    )
    body = "".join(
        f"<h2>{name}</h2><p>{name} đến. {sentence * 10}</p>{piece}<p>{name}: {sentence * 4}</p>"
        for name, piece in zip(SECTIONS, pieces, strict=True)
    )
    article.body = body
    article.save()
    for number in range(1, 5):
        use_photo(article, make_photo(), caption=f"Chú thích {number}.", credit="Thanh Hoa")
    return article


def assert_text_alone(found: list[str], article: Article) -> None:
    """Headings and paragraphs are there once, and nothing of what stands around them."""
    body = re.sub(r"<p>https://vimeo[^<]*</p>", "", article.body)
    wanted = paragraphs(html_to_text(body))
    assert [line for line in wanted if found.count(line) != 1] == []
    assert [line for line in found if any(words in line for words in AROUND)] == []


def test_what_stands_around_a_long_text_stays_out_of_it(
    client: Client, long_article: Article, mozilla: Callable[[str], dict[str, Any]]
) -> None:
    ends_at = timezone.now() + timedelta(hours=1)
    BreakingNews.objects.create(headline=BREAKING, ends_at=ends_at)
    html = client.get(long_article.get_absolute_url()).content.decode()
    assert 'class="toc-menu"' in html
    assert BREAKING in html
    text = trafilatura.extract(html, url="https://bao.example/x-1.html")
    assert_text_alone(paragraphs(text), long_article)
    summary = readability.Document(html).summary()
    found = texts_of(etree.HTML(summary))
    assert not [line for line in found if "Nội dung bài" in line or BREAKING in line]
    assert [line for line in SECTIONS if line not in found] == []
    found = texts_of(etree.HTML(mozilla(html)["content"]))
    assert_text_alone(found, long_article)
