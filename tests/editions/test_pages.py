"""The English edition: its pages are English throughout, and the two lead to each other."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import lxml.html
import pytest
from django.test import Client, override_settings
from django.utils import timezone

from articles.models import Article, FrontSlot
from articles.publishing import publish, withdraw
from articles.versions import begin_translation, link, other_versions
from categories.models import Category, CategoryAddress
from mostread.models import ReadCount
from mostread.ranking import most_read
from tests.editions.conftest import html_of
from tests.factories import make_article, make_draft, make_user

VIETNAMESE_LETTER = re.compile(r"[À-ỹ]")
PATHS = (
    *("/", "/xa-hoi/", "/xa-hoi/giao-thong/", "/tac-gia/hoai-an/", "/tu-khoa/bridges/"),
    *("/chu-de/", "/chu-de/the-river/", "/cai-chinh/", "/rss/danh-sach/", "/tim-kiem/"),
    *("/tim-kiem/?q=bridge", "/tim-kiem/?q=nothing+such", "/toa-soan/", "/khong-co/"),
    *("/anh/", "/video/", "/bao-hom-nay/", "/doc-sau/", "/ngoai-tuyen/"),
)


def paths_of(article: Article) -> Iterator[str]:
    prefix = "/en" if article.get_absolute_url().startswith("/en/") else ""
    yield from (f"{prefix}{path}" for path in PATHS)
    yield article.get_absolute_url()
    for end in ("", "gui/", "da-gui/"):
        yield f"{prefix}/binh-luan/{article.pk}/{end}"
    day = timezone.localdate(article.published_at)
    yield f"{prefix}/ngay/{day.year}/{day.month}/"
    yield f"{prefix}/ngay/{day.year}/{day.month}/{day.day}/"


def vietnamese_on(html: str) -> list[str]:
    """What has Vietnamese letters on a page and does not say that it is Vietnamese."""
    tree = lxml.html.fromstring(html)
    assert tree.get("lang") == "en"
    for element in tree.xpath("//*[@lang='vi'] | //script[not(@type='application/ld+json')]"):
        element.drop_tree()
    texts = [*tree.itertext(), *(value for one in tree.iter() for value in one.attrib.values())]
    return [text for text in texts if VIETNAMESE_LETTER.search(text)]


def test_english_pages_have_no_vietnamese_word(client: Client, english: Article) -> None:
    for path in paths_of(english):
        assert vietnamese_on(client.get(path).content.decode()) == [], path


@override_settings(LANGUAGE_CODE="en")
def test_a_paper_in_english_has_no_vietnamese_word(client: Client, english: Article) -> None:
    assert english.get_absolute_url().startswith("/the-new-bridge")
    for path in paths_of(english):
        assert vietnamese_on(client.get(path).content.decode()) == [], path


def test_messages_for_commenters_are_english(client: Client, english: Article) -> None:
    address = f"/en/binh-luan/{english.pk}/gui/"
    refused = client.post(address, {"text": ""}, headers={"origin": "http://testserver"})
    html = refused.content.decode()
    assert refused.status_code == 422
    assert "Please write something." in html
    assert vietnamese_on(html) == []
    sent = client.post(
        address, {"text": "Good.", "name": "Lan"}, headers={"origin": "http://testserver"}
    )
    assert sent.headers["Location"] == f"/en/binh-luan/{english.pk}/da-gui/"


def test_an_english_article_says_so(client: Client, english: Article) -> None:
    Article.objects.filter(pk=english.pk).update(published_at="2020-09-08T04:31:41Z")
    html = html_of(client, english.get_absolute_url())
    for text in (
        '<html lang="en">',
        "Tuesday, 8 September 2020, 11:31 (GMT+7)",
        '<meta property="og:locale" content="en_US">',
        '<meta property="og:locale:alternate" content="vi_VN">',
        "The Song Que Newspaper",
        "The voice of the river country",
        "Society",
        "Comments (1)",
    ):
        assert text in html, text
    graph = json.loads(re.findall(r'ld\+json">(.*?)</script>', html, re.S)[0])["@graph"]
    assert graph[0]["inLanguage"] == "en"
    assert graph[0]["articleSection"] == "Giao thong"
    assert graph[0]["translationOfWork"]["inLanguage"] == "vi"
    assert [step["name"] for step in graph[1]["itemListElement"]] == [
        *("Society", "Giao thong", "The new bridge is open")
    ]


def test_the_browsers_language_and_cookies_change_nothing(
    client: Client, english: Article, vietnamese: Article
) -> None:
    for article in (english, vietnamese):
        plain = client.get(article.get_absolute_url())
        client.cookies["django_language"] = "fr"
        asked = client.get(article.get_absolute_url(), headers={"accept-language": "en, vi"})
        assert asked.content == plain.content
        assert "Accept-Language" not in asked.headers.get("Vary", "")


def test_both_versions_lead_to_each_other(
    client: Client, english: Article, vietnamese: Article
) -> None:
    addresses = {
        one.language: f"http://testserver{one.get_absolute_url()}" for one in (english, vietnamese)
    }
    for article, other, words in (
        (english, vietnamese, "Đọc bản tiếng Việt"),
        (vietnamese, english, "Read in English"),
    ):
        tree = lxml.html.fromstring(html_of(client, article.get_absolute_url()))
        told = {
            one.get("hreflang"): one.get("href") for one in tree.xpath("//head/link[@hreflang]")
        }
        assert told == {**addresses, "x-default": addresses["vi"]}
        (link_,) = tree.xpath("//p[@class='story__version']/a")
        assert link_.text == words
        assert (link_.get("lang"), link_.get("hreflang")) == (other.language, other.language)
        switches = tree.xpath(f"//header//a[@hreflang='{other.language}']/@href")
        assert set(switches) == {other.get_absolute_url()}


def test_the_front_pages_lead_to_each_other(client: Client, english: Article) -> None:
    for path in ("/", "/en/"):
        html = html_of(client, path)
        for language, address in (("vi", "/"), ("en", "/en/"), ("x-default", "/")):
            assert f'hreflang="{language}" href="http://testserver{address}"' in html


def test_an_article_answers_at_its_own_address_alone(
    client: Client, english: Article, vietnamese: Article
) -> None:
    for article in (english, vietnamese):
        address = article.get_absolute_url()
        wrong = address.removeprefix("/en") if address.startswith("/en/") else f"/en{address}"
        answer = client.get(wrong)
        assert (answer.status_code, answer.headers["Location"]) == (301, address)
    assert client.get(f"/binh-luan/{english.pk}/").status_code == 404
    assert client.get("/en").headers["Location"] == "/en/"
    assert client.get("/vi/").status_code == 404
    assert client.get("/fr/").status_code == 404


def test_lists_have_the_articles_of_their_language(
    client: Client, english: Article, vietnamese: Article
) -> None:
    vietnamese.authors.set(english.authors.all())
    vietnamese.tags.set(english.tags.all())
    vietnamese.topics.set(english.topics.all())
    for position, article in enumerate((english, vietnamese)):
        FrontSlot.objects.create(position=position, article=article)
    day = timezone.localdate(english.published_at)
    for path in (
        *("/", "/xa-hoi/", "/tac-gia/hoai-an/", "/tu-khoa/bridges/", "/chu-de/the-river/"),
        *("/rss/", "/rss/atom.xml", "/rss/feed.json", "/rss/xa-hoi.rss", "/khong-co/"),
        *("/tim-kiem/?q=cau+moi", "/tim-kiem/?q=bridge"),
        f"/ngay/{day.year}/{day.month}/{day.day}/",
    ):
        for prefix, ours, theirs in (("", vietnamese, english), ("/en", english, vietnamese)):
            html = client.get(prefix + path).content.decode()
            assert theirs.get_absolute_url() not in html, prefix + path
            searched = path.startswith("/tim-kiem/") and ("bridge" in path) == (prefix == "")
            assert searched or ours.get_absolute_url() in html, prefix + path


def test_related_articles_are_of_the_same_language(
    client: Client, english: Article, vietnamese: Article
) -> None:
    vietnamese.tags.set(english.tags.all())
    tree = lxml.html.fromstring(html_of(client, english.get_absolute_url()))
    found = tree.xpath("//aside[@class='related']//a/@href")
    assert found
    assert all(path.startswith("/en/") for path in found)
    assert not lxml.html.fromstring(html_of(client, vietnamese.get_absolute_url())).xpath(
        "//aside[@class='related']//a[starts-with(@href, '/en/')]"
    )


def test_the_edition_has_the_sections_with_something_to_read(
    client: Client, english: Article
) -> None:
    empty = make_article(category=Category.objects.create(name="The thao", slug="the-thao"))
    html = html_of(client, "/en/")
    assert 'href="/en/xa-hoi/"' in html
    assert "the-thao" not in html
    assert client.get("/en/the-thao/").status_code == 404
    assert "the-thao" in html_of(client, "/")
    assert "/en/the-thao/" not in html_of(client, "/sitemap-trang.xml")
    make_article(category=empty.category, language="en", headline="Football")
    assert "/en/the-thao/" in html_of(client, "/en/")
    assert "Football" in html_of(client, "/en/the-thao/")


def test_a_section_of_the_edition_has_numbered_pages(client: Client, english: Article) -> None:
    for _ in range(20):
        make_article(language="en", category=english.category, headline="More", slug="more")
    tree = lxml.html.fromstring(html_of(client, "/en/xa-hoi/giao-thong/?trang=2"))
    assert len(tree.xpath("//main//article")) == 4
    assert tree.xpath("//link[@rel='canonical']/@href") == [
        "http://testserver/en/xa-hoi/giao-thong/?trang=2"
    ]
    assert client.get("/en/xa-hoi/giao-thong/?trang=3").status_code == 404


def test_a_former_address_of_a_section_leads_on_in_both(client: Client, english: Article) -> None:
    CategoryAddress.objects.create(path="/xa-hoi-cu/", category=english.category.parent)
    assert client.get("/xa-hoi-cu/").headers["Location"] == "/xa-hoi/"
    assert client.get("/en/xa-hoi-cu/").headers["Location"] == "/en/xa-hoi/"


def test_the_way_to_the_edition_is_there_once_it_has_an_article(
    client: Client, section: Category
) -> None:
    make_article(category=section)
    draft = make_draft(language="en", category=section, headline="The first")
    soon = timezone.now() + timedelta(minutes=5)
    make_article(language="en", category=section, published_at=soon)
    response = client.get("/")
    assert 'href="/en/"' not in response.content.decode()
    assert response.wsgi_request.page_expires_at == soon
    publish(draft, by=make_user("chief"))
    assert 'href="/en/"' in html_of(client, "/")
    assert 'lang="vi" hreflang="vi"' in html_of(client, "/en/")
    withdraw(draft, by=make_user("chief"))
    assert 'href="/en/"' not in html_of(client, "/")


@pytest.mark.parametrize("state", ["draft", "in_review", "scheduled", "withdrawn"])
def test_a_version_that_is_not_public_is_told_of_nowhere(
    client: Client, english: Article, vietnamese: Article, state: str
) -> None:
    soon = timezone.now() + timedelta(minutes=5)
    changes: dict[str, Any] = {"status": state, "published_at": None}
    if state == "scheduled":
        changes = {"published_at": soon}
    if state == "withdrawn":
        changes = {"status": state, "withdrawn_at": timezone.now()}
    Article.objects.filter(pk=english.pk).update(**changes)
    day = timezone.localdate()
    for path in (
        *("/", "/en/", "/sitemap.xml", "/sitemap-bai-0.xml", "/news-sitemap.xml"),
        *("/en/rss/", "/api/articles/?language=en", f"/api/articles/{vietnamese.pk}/"),
        *("/en/tim-kiem/?q=bridge", "/en/xa-hoi/", "/en/cai-chinh/", "/en/tu-khoa/bridges/"),
        f"/en/ngay/{day.year}/{day.month}/{day.day}/",
        vietnamese.get_absolute_url(),
    ):
        response = client.get(path)
        assert "new-bridge" not in response.content.decode(), path
        assert "new bridge" not in response.content.decode(), path
        assert f"article:{english.pk}" not in response.headers.get("Surrogate-Key", ""), path
    page = client.get(vietnamese.get_absolute_url())
    assert "story__version" not in page.content.decode()
    assert '<link rel="alternate" hreflang' not in page.content.decode()
    assert getattr(page.wsgi_request, "page_expires_at", None) == (
        soon if state == "scheduled" else page.wsgi_request.page_expires_at
    )


def test_versions_cost_one_query_where_there_are_any(
    client: Client, english: Article, vietnamese: Article, count_queries: Callable[..., int]
) -> None:
    linked = count_queries(client, vietnamese.get_absolute_url())
    english_page = count_queries(client, english.get_absolute_url())
    link(english, None)
    assert count_queries(client, vietnamese.get_absolute_url()) == linked
    assert count_queries(client, english.get_absolute_url()) == english_page - 1


def test_sitemaps_name_both_and_link_them(
    client: Client, english: Article, vietnamese: Article
) -> None:
    part = html_of(client, "/sitemap-bai-0.xml")
    for article in (english, vietnamese):
        entry = re.search(
            rf"<url><loc>http://testserver{re.escape(article.get_absolute_url())}</loc>.*?</url>",
            part,
        )
        assert entry
        for language, one in (("vi", vietnamese), ("en", english), ("x-default", vietnamese)):
            assert (
                f'<xhtml:link rel="alternate" hreflang="{language}"'
                f' href="http://testserver{one.get_absolute_url()}"/>'
            ) in entry[0]
    assert part.count("xhtml:link") == 6
    news = html_of(client, "/news-sitemap.xml")
    for name, language, article in (
        ("Bao Song Que", "vi", vietnamese),
        ("The Song Que Newspaper", "en", english),
    ):
        assert re.search(
            rf"{re.escape(article.get_absolute_url())}</loc><news:news><news:publication>"
            rf"<news:name>{name}</news:name><news:language>{language}</news:language>",
            news,
        )
    pages = html_of(client, "/sitemap-trang.xml")
    for path in ("/", "/en/", "/en/xa-hoi/", "/en/tac-gia/hoai-an/", "/en/chu-de/the-river/"):
        assert f"<loc>http://testserver{path}</loc>" in pages


def test_the_api_gives_an_edition(client: Client, english: Article, vietnamese: Article) -> None:
    def found(query: str) -> set[tuple[str, str]]:
        items = client.get(f"/api/articles/{query}").json()["items"]
        return {(item["language"], item["headlines"][0]["value"]) for item in items}

    assert found("") == {("vi", vietnamese.headline)}
    assert ("en", english.headline) in found("?language=en")
    assert {language for language, _ in found("?language=en&section=xa-hoi")} == {"en"}
    item = client.get(f"/api/articles/{english.pk}/").json()
    assert item["language"] == "en"
    assert item["renditions"][0]["href"] == f"http://testserver{english.get_absolute_url()}"
    for _ in range(20):
        make_article(language="en", category=english.category)
    pages = [client.get("/api/articles/?language=en&section=xa-hoi&since=2020-01-01").json()]
    pages.append(client.get(pages[0]["next"]).json())
    assert pages[1]["items"]
    assert {item["language"] for page in pages for item in page["items"]} == {"en"}
    wrong = client.get("/api/articles/?language=fr")
    assert (wrong.status_code, wrong.json()["error"]["parameter"]) == (400, "language")


def named_in_english(article: Article) -> None:
    """Names as a Vietnamese paper has them, each with one for the English edition."""
    article.tags.update(name="Cây cầu", name_en="Bridges")
    article.topics.update(
        name="Dòng sông", name_en="The river", description="Chuyện sông.", description_en="Water."
    )
    article.authors.update(
        role="Phóng viên", role_en="Reporter", bio="Viết về sông.", bio_en="The river is hers."
    )


NAMED = (
    *("/tu-khoa/bridges/", "/chu-de/", "/chu-de/the-river/", "/tac-gia/hoai-an/"),
    *("/rss/danh-sach.opml", "/rss/tu-khoa/bridges.rss", "/rss/tu-khoa/bridges.atom"),
    *("/rss/chu-de/the-river.rss", "/rss/tac-gia/hoai-an.json", "/rss/", "/rss/feed.json"),
)


def test_keywords_topics_and_roles_are_named_in_english(client: Client, english: Article) -> None:
    named_in_english(english)
    paths = [f"/en{path}" for path in NAMED]
    paths += [english.get_absolute_url(), f"/api/articles/{english.pk}/"]
    for path in paths:
        text = html_of(client, path)
        assert not re.findall("Cây cầu|Dòng sông|Chuyện sông|Phóng viên|Viết về", text), path
        assert re.search("Bridges|The river|Reporter", text), path
    assert "The river is hers." in html_of(client, "/en/tac-gia/hoai-an/")
    html = html_of(client, english.get_absolute_url())
    assert "The river is hers." in html
    assert '"keywords":["Bridges"]' in html
    assert '<meta property="article:tag" content="Bridges">' in html
    item = client.get(f"/api/articles/{english.pk}/").json()
    assert [one["name"] for one in item["subjects"]] == [
        *("Society", "Giao thong", "Bridges", "The river")
    ]
    english.topics.update(description="")
    for path in ("/en/chu-de/the-river/", "/en/chu-de/"):
        assert "Water." in html_of(client, path), path


def test_without_an_english_name_they_are_in_the_papers_language(
    client: Client, english: Article
) -> None:
    named_in_english(english)
    english.tags.update(name_en="")
    english.topics.update(name_en="", description_en="")
    english.authors.update(role_en="", bio_en="")
    for path, words in (
        (english.get_absolute_url(), "Viết về sông."),
        ("/en/tac-gia/hoai-an/", "Viết về sông."),
        (english.get_absolute_url(), "Cây cầu"),
        (english.get_absolute_url(), "Dòng sông"),
        (english.get_absolute_url(), "Phóng viên"),
        ("/en/tu-khoa/bridges/", "Cây cầu"),
        ("/en/chu-de/", "Dòng sông"),
        ("/en/chu-de/", "Chuyện sông."),
        ("/en/chu-de/the-river/", "Dòng sông"),
        ("/en/tac-gia/hoai-an/", "Phóng viên"),
    ):
        in_vietnamese = f'<(a|h1|p|span|div) [^>]*lang="vi">(<p>)?{words}</'
        assert re.search(in_vietnamese, html_of(client, path)), path


def test_the_papers_own_edition_has_its_own_words(
    client: Client, english: Article, vietnamese: Article
) -> None:
    named_in_english(english)
    for name in ("tags", "topics", "authors"):
        getattr(vietnamese, name).set(getattr(english, name).all())
    for path in (*NAMED, vietnamese.get_absolute_url()):
        text = html_of(client, path)
        assert not re.findall("Bridges|The river|Reporter|Water", text), path
        assert re.search("Cây cầu|Dòng sông|Phóng viên", text), path
        assert 'lang="vi">Cây' not in text, path


def test_feeds_say_their_language(client: Client, english: Article) -> None:
    assert "<language>en</language>" in html_of(client, "/en/rss/")
    assert "<title>The Song Que Newspaper</title>" in html_of(client, "/en/rss/")
    assert client.get("/en/rss/feed.json").json()["language"] == "en"
    assert "<language>vi</language>" in html_of(client, "/rss/")
    assert 'href="/en/rss/xa-hoi.rss"' in html_of(client, "/en/xa-hoi/")


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/xa-hoi/", ["Xa hoi"]),
        ("/en/xa-hoi/giao-thong/", ["Society", "Giao thong"]),
        ("/en/tac-gia/hoai-an/", ["Hoai An"]),
        ("/en/tu-khoa/bridges/", ["Bridges"]),
        ("/en/chu-de/", ["Running stories"]),
        ("/en/chu-de/the-river/", ["Running stories", "The river"]),
        ("/en/cai-chinh/", ["Corrections and apologies"]),
        ("/en/tim-kiem/", ["Search"]),
        ("/tim-kiem/", ["Tìm kiếm"]),
        ("/en/rss/danh-sach/", ["RSS feeds"]),
        ("/en/toa-soan/", ["About the paper"]),
    ],
)
def test_every_page_says_where_it_is(
    client: Client, english: Article, path: str, names: list[str]
) -> None:
    tree = lxml.html.fromstring(html_of(client, path))
    data = [json.loads(one.text) for one in tree.xpath("//script[@type='application/ld+json']")]
    (trail,) = [one for one in data if one.get("@type") == "BreadcrumbList"]
    steps = trail["itemListElement"]
    assert [step["name"] for step in steps] == names
    assert steps[-1]["item"] == f"http://testserver{path}"
    seen = tree.xpath("//nav[@class='trail']//a")
    assert [one.text for one in seen][1:] == names[:-1]
    assert seen[0].get("href") == ("/en/" if path.startswith("/en/") else "/")


def test_a_reporters_draft_translation_is_no_page(
    client: Client, vietnamese: Article, english: Article
) -> None:
    lone = make_article(headline="Chỉ có tiếng Việt")
    draft = begin_translation(lone, "en", by=make_user("reporter"))
    assert client.get(f"/en/x-{draft.pk}.html").status_code == 404
    assert "story__version" not in html_of(client, lone.get_absolute_url())
    assert other_versions(lone).count() == 1


def test_most_read_is_of_the_edition(client: Client, english: Article, vietnamese: Article) -> None:
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    for article in Article.objects.published():
        ReadCount.objects.create(article=article, hour=hour, count=5)
    assert {article.language for article in most_read()} == {"vi"}
    tree = lxml.html.fromstring(html_of(client, "/en/"))
    links = tree.xpath("//section[@class='most-read']//a/@href")
    assert len(links) == 3
    assert all(path.startswith("/en/") for path in links)
    # One article is too few for a block.
    assert "most-read" not in html_of(client, "/").partition("<main")[2]
