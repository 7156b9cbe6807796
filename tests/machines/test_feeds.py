"""What feed readers get, in each form, read as they read it."""

import json
from datetime import timedelta

import feedparser
import pytest
from django.test import Client, override_settings
from django.utils import timezone
from lxml import etree

from articles.models import Article, Tag
from categories.models import Category
from newsroom.pagestore.purge import MANY
from newsroom.publicpages import TAGS_KEY
from tests.factories import make_article, make_author, make_category, make_tag, make_topic
from tests.site.conftest import make_photo, use_photo
from tests.support import assert_public

SITE = override_settings(SITE_URL="https://bao.example")
TYPES = {
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
}
OF_THE_PAPER = {"rss": "/rss/", "atom": "/rss/atom.xml", "json": "/rss/feed.json"}
LISTS = ("/rss/chinh-tri", "/rss/tac-gia/hoai-anh", "/rss/tu-khoa/mua-lu", "/rss/chu-de/mua-lu")


@pytest.fixture
def story(paper: Category) -> Article:
    article = make_article(
        category=paper,
        headline="Mưa & lũ <lớn>",
        standfirst="Mở đầu <của> tin & bài.",
        body='<p>Một <a href="/chinh-tri/">đoạn</a>.</p><p>[photo(1)]</p><p>[links()]</p>',
        authors=[make_author(name="Hoài Anh")],
        tags=[make_tag(name="Mưa lũ")],
        topics=[make_topic(name="Mưa lũ")],
        published_at="2026-11-20T01:00:00Z",
        revised_at="2026-11-21T02:00:00Z",
    )
    photo = make_photo(1600, 1000, alt="Nước lên")
    use_photo(article, photo, caption="Nước <lên>.", credit="Lan Anh")
    return article


def paths(form: str) -> list[str]:
    return [OF_THE_PAPER[form], *(f"{start}.{form}" for start in LISTS)]


@SITE
@pytest.mark.parametrize("form", ["rss", "atom"])
def test_every_feed_is_whole_and_read_without_complaint(
    client: Client, story: Article, form: str
) -> None:
    for path in paths(form):
        response = client.get(path)
        assert_public(response)
        assert response["Content-Type"] == TYPES[form]
        parsed = feedparser.parse(response.content)
        assert not parsed.bozo, path
        links = {link["rel"]: link["href"] for link in parsed.feed.links}
        assert links["self"] == f"https://bao.example{path}"
        assert links["alternate"].startswith("https://bao.example/")
        [entry] = parsed.entries
        assert entry.title == "Mưa & lũ <lớn>"
        assert entry.link == f"https://bao.example{story.get_absolute_url()}"
        assert entry.id == f"https://bao.example/{story.pk}"
        assert entry.summary == "Mở đầu &lt;của&gt; tin &amp; bài."
        assert entry.author == "Hoài Anh"
        assert entry.published_parsed[:5] == (2026, 11, 20, 1, 0)
        assert entry.updated_parsed[:5] == (2026, 11, 21, 2, 0)
        assert [tag.term for tag in entry.tags] == ["Chính trị", "Mưa lũ"]
        [picture] = entry.media_content
        assert picture["url"].startswith("https://bao.example/media/photos/")
        assert (picture["width"], picture["height"]) == ("1080", "675")
        assert entry.media_credit[0]["content"] == "Lan Anh"
        assert entry.enclosures[0].href == picture["url"]
        assert "đoạn" not in response.content.decode(), "standfirsts are the default"


@SITE
def test_every_feed_is_there_as_json(client: Client, story: Article) -> None:
    for path in paths("json"):
        response = client.get(path)
        assert_public(response)
        assert response["Content-Type"] == TYPES["json"]
        data = json.loads(response.content)
        assert data["version"] == "https://jsonfeed.org/version/1.1"
        assert data["feed_url"] == f"https://bao.example{path}"
        assert data["language"] == "vi"
        [item] = data["items"]
        assert item["id"] == f"https://bao.example/{story.pk}"
        assert item["url"] == f"https://bao.example{story.get_absolute_url()}"
        assert item["title"] == "Mưa & lũ <lớn>"
        assert item["content_text"] == item["summary"] == "Mở đầu <của> tin & bài."
        assert item["date_published"] == "2026-11-20T08:00:00+07:00"
        assert item["date_modified"] == "2026-11-21T09:00:00+07:00"
        assert item["authors"] == [{"name": "Hoài Anh"}]
        assert item["image"].startswith("https://bao.example/media/photos/")


@SITE
@override_settings(FEED_FULL_TEXT=True)
def test_whole_articles_may_be_given(client: Client, story: Article) -> None:
    in_rss = feedparser.parse(client.get("/rss/").content).entries[0].content[0].value
    in_atom = feedparser.parse(client.get("/rss/atom.xml").content).entries[0].content[0].value
    in_json = json.loads(client.get("/rss/feed.json").content)["items"][0]["content_html"]
    for html in (in_rss, in_atom, in_json):
        tree = etree.HTML(html)
        assert tree.xpath("//strong/text()") == ["Mở đầu <của> tin & bài."]
        assert tree.xpath("//p/a/@href") == ["https://bao.example/chinh-tri/"]
        [source] = tree.xpath("//figure/img/@src")
        assert source.startswith("https://bao.example/media/photos/")
        assert tree.xpath("//figcaption/text()") == ["Nước <lên>. (Ảnh: Lan Anh)"]
        assert "[photo" not in html
        assert "[links" not in html


@override_settings(FEED_FULL_TEXT=True)
def test_whole_articles_have_the_photos_in_their_text(client: Client, paper: Category) -> None:
    photo = make_photo(alt="Cầu")
    caption = "<figcaption>Cầu &lt;mới&gt;.</figcaption>"
    body = f'<p>a</p><figure data-photo-id="{photo.pk}">{caption}</figure><p>b</p>'
    make_article(category=paper, body=body)
    html = feedparser.parse(client.get("/rss/").content).entries[0].content[0].value
    tree = etree.HTML(html)
    assert photo.key in tree.xpath("//figure/img/@src")[0]
    assert tree.xpath("//figure/img/@alt") == ["Cầu"]
    assert tree.xpath("//figcaption/text()") == ["Cầu <mới>."]


@pytest.mark.parametrize("form", ["rss", "atom"])
def test_a_feed_has_the_fifty_newest(client: Client, paper: Category, form: str) -> None:
    now = timezone.now()
    for n in range(52):
        make_article(category=paper, headline=f"Tin {n}", published_at=now - timedelta(hours=n))
    for path in (OF_THE_PAPER[form], f"/rss/chinh-tri.{form}"):
        titles = [entry.title for entry in feedparser.parse(client.get(path).content).entries]
        assert titles == [f"Tin {n}" for n in range(50)]


@pytest.mark.parametrize("form", list(OF_THE_PAPER))
def test_an_unchanged_feed_is_not_sent_again(client: Client, story: Article, form: str) -> None:
    first = client.get(OF_THE_PAPER[form])
    again = client.get(OF_THE_PAPER[form], headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    Article.objects.update(headline="Tít mới")
    changed = client.get(OF_THE_PAPER[form], headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200


@pytest.mark.parametrize("form", list(OF_THE_PAPER))
def test_a_new_name_reaches_every_feed(client: Client, story: Article, form: str) -> None:
    for path in paths(form):
        tags = set(client.get(path)["Surrogate-Key"].split())
        author, keyword = story.authors.get(), story.tags.get()
        assert {f"author:{author.pk}", f"tag:{keyword.pk}", "menus", "masthead"} <= tags


def test_a_feed_of_many_names_tells_proxies_one_tag(client: Client, paper: Category) -> None:
    now = timezone.now()
    keywords = Tag.objects.bulk_create(
        Tag(name=f"Từ khóa {n}", slug=f"tu-khoa-{n}") for n in range(600)
    )
    for n in range(50):
        story = make_article(category=paper, published_at=now - timedelta(hours=n))
        story.tags.set(keywords[n * 12 : n * 12 + 12])
    answer = client.get(OF_THE_PAPER["rss"])
    assert answer["Surrogate-Key"] == answer["Cache-Tag"] == MANY
    # The page store of our own still knows each.
    assert {f"tag:{one.pk}" for one in keywords} <= answer.wsgi_request.META[TAGS_KEY]


def test_without_a_hub_none_is_named(client: Client, story: Article) -> None:
    for path in OF_THE_PAPER.values():
        assert "hub" not in client.get(path).content.decode()


@override_settings(WEBSUB_HUB_URL="https://hub.example/")
def test_feeds_name_their_hub(client: Client, story: Article) -> None:
    for path in ("/rss/", "/rss/atom.xml"):
        links = feedparser.parse(client.get(path).content).feed.links
        assert "https://hub.example/" in [link.href for link in links if link.rel == "hub"]
    data = json.loads(client.get("/rss/feed.json").content)
    assert data["hubs"] == [{"type": "WebSub", "url": "https://hub.example/"}]


@SITE
def test_one_file_names_every_feed(client: Client, story: Article) -> None:
    make_category(name="Xây dựng Đảng", parent=story.category)
    make_author(name="Chưa viết gì")
    response = client.get("/rss/danh-sach.opml")
    assert_public(response)
    assert response["Content-Type"] == "text/x-opml; charset=utf-8"
    tree = etree.fromstring(response.content)
    feeds = tree.xpath("//outline/@xmlUrl")
    assert "https://bao.example/rss/tac-gia/chua-viet-gi.rss" not in feeds
    assert "https://bao.example/rss/xay-dung-dang.rss" in feeds
    assert {f"https://bao.example{path}" for path in paths("rss")} <= set(feeds)
    for feed in feeds:
        assert client.get(feed.removeprefix("https://bao.example")).status_code == 200
    assert tree.xpath("/opml/body/outline/@text")[1] == "Chuyên mục"


def test_pages_say_where_their_feeds_are(client: Client, story: Article) -> None:
    pages = {
        "/chinh-tri/": "/rss/chinh-tri",
        "/tac-gia/hoai-anh/": "/rss/tac-gia/hoai-anh",
        "/tu-khoa/mua-lu/": "/rss/tu-khoa/mua-lu",
        "/chu-de/mua-lu/": "/rss/chu-de/mua-lu",
    }
    for path in ("/", story.get_absolute_url(), "/cai-chinh/", *pages):
        links = etree.HTML(client.get(path).content).xpath("//head/link[@rel='alternate']")
        found = {link.get("href"): link.get("type") for link in links}
        expected = dict(zip(OF_THE_PAPER.values(), TYPES.values(), strict=True))
        if path in pages:
            expected |= {f"{pages[path]}.{form}": TYPES[form] for form in TYPES}
        assert found == {href: kind.partition(";")[0] for href, kind in expected.items()}
        assert len({link.get("title") for link in links}) == len(links)
