"""The read-only API: ninjs by IPTC's own schema, pages by cursor, errors that say what is wrong."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from jsonschema import Draft202012Validator
from lxml import etree

from api.live_entries import MOST
from articles.models import Article, Correction
from categories.models import Category, CategoryAddress
from live.models import LiveEntry, LivePhoto
from tests.factories import (
    make_article,
    make_author,
    make_category,
    make_draft,
    make_live_entry,
    make_live_event,
    make_tag,
    make_topic,
)
from tests.machines.conftest import DATA
from tests.site.conftest import make_photo, use_photo
from tests.support import assert_public

SITE = "https://bao.example"


@pytest.fixture(scope="module")
def ninjs() -> Draft202012Validator:
    schema = json.loads((DATA / "ninjs" / "ninjs-schema_3.1.json").read_text(encoding="utf-8"))
    checker = Draft202012Validator.FORMAT_CHECKER
    assert {"uri", "date-time"} <= set(checker.checkers)
    return Draft202012Validator(schema, format_checker=checker)


def ask(client: Client, path: str, status: int = 200) -> dict[str, Any]:
    response = client.get(path)
    assert_public(response, status=status)
    assert response["Content-Type"] == "application/json"
    assert response["Access-Control-Allow-Origin"] == "*"
    return json.loads(response.content)


def roles(texts: list[dict[str, str]]) -> dict[str, str]:
    return {text["role"]: text["value"] for text in texts}


@override_settings(SITE_URL=SITE)
def test_the_real_article_is_valid_ninjs_and_whole(
    client: Client, seed: Article, ninjs: Draft202012Validator
) -> None:
    Article.objects.update(source="Theo TTXVN", made_with_ai=True, kicker="Chính trị hôm nay")
    Correction.objects.create(article=seed, wrong="Sai.", right="Đúng.")
    item = ask(client, f"/api/articles/{seed.pk}/")
    ninjs.validate(item)
    assert item["uri"] == f"{SITE}/api/articles/{seed.pk}/"
    assert item["firstCreated"] == item["versionCreated"] == "2020-09-08T11:31:41+07:00"
    assert roles(item["headlines"]) == {"main": seed.headline, "kicker": "Chính trị hôm nay"}
    assert roles(item["descriptions"]) == {"summary": seed.standfirst, "correction": "Đúng."}
    assert item["by"] == "Hoài Anh"
    assert [person["name"] for person in item["people"]] == ["Hoài Anh"]
    assert item["infoSources"] == [{"name": "Theo TTXVN"}]
    assert item["language"] == "vi"
    assert [(one["rel"], one["name"]) for one in item["subjects"]] == [
        ("section", "Chính trị"),
        ("keyword", "Xây dựng Đảng"),
    ]
    assert item["renditions"][0]["href"] == f"{SITE}{seed.get_absolute_url()}"
    assert "TrainedAlgorithmicMedia" in item["digitalSourceType"]["uri"]
    html, text = item["bodies"]
    assert html["contentType"] == "text/html"
    assert len(etree.HTML(html["value"]).xpath("//figure/img")) == 2
    assert "[photo" not in html["value"]
    assert "Năm 2014, tỉnh xác định" in text["value"]
    first, second = item["associations"]
    assert first["type"] == "picture"
    assert second["by"] == "Thanh Hoa"
    assert roles(second["descriptions"])["caption"].endswith("tháng 8/2020.")
    assert [one["width"] for one in first["renditions"]] == [320, 480, 720, 1080, 1440]
    for one in first["renditions"]:
        assert client.get(one["href"].removeprefix(SITE)).status_code == 200


def test_the_schema_refuses_what_is_not_ninjs(
    client: Client, paper: Category, ninjs: Draft202012Validator
) -> None:
    item = ask(client, f"/api/articles/{make_article(category=paper).pk}/")
    assert ninjs.is_valid(item)
    assert not ninjs.is_valid(item | {"colour": "red"})
    assert not ninjs.is_valid(item | {"versionCreated": "hôm qua"})
    assert not ninjs.is_valid(item | {"uri": "không phải"})


def test_an_article_with_little_is_valid(
    client: Client, paper: Category, ninjs: Draft202012Validator
) -> None:
    article = make_article(category=paper, standfirst="", body="<p>a</p>")
    use_photo(article, None, caption="Mất")
    use_photo(article, make_photo(30, 20))
    ninjs.validate(ask(client, f"/api/articles/{article.pk}/"))


@override_settings(SITE_URL=SITE)
def test_a_live_article_has_its_published_entries(
    client: Client, paper: Category, ninjs: Draft202012Validator
) -> None:
    article = make_article(category=paper)
    event = make_live_event(article, summary="Nước đang rút")
    old = make_live_entry(event, correction="Đúng là 3 thuyền.")
    entry = make_live_entry(
        event, headline="Nước lên", body='<p>Xem <a href="/chinh-tri/">mục</a>.</p>'
    )
    LivePhoto.objects.create(entry=entry, photo=make_photo(900, 600))
    make_live_entry(event, status=LiveEntry.Status.DRAFT, body="<p>Chưa duyệt.</p>")
    make_live_entry(event, status=LiveEntry.Status.WITHDRAWN, body="<p>Đã rút.</p>")
    item = ask(client, f"/api/articles/{article.pk}/")
    ninjs.validate(item)
    assert roles(item["descriptions"])["coverage"] == "Nước đang rút"
    newest, oldest = item["associations"]
    assert newest["rel"] == oldest["rel"] == "liveEntry"
    assert newest["uri"] == f"{SITE}{entry.get_absolute_url()}"
    assert client.get(entry.get_absolute_url()).status_code == 200
    assert roles(newest["headlines"]) == {"main": "Nước lên"}
    assert newest["bodies"][0]["value"] == f'<p>Xem <a href="{SITE}/chinh-tri/">mục</a>.</p>'
    assert newest["by"] == entry.byline
    [picture] = newest["associations"]
    assert picture["type"] == "picture"
    assert oldest["uri"] == f"{SITE}{old.get_absolute_url()}"
    assert roles(oldest["descriptions"]) == {"correction": "Đúng là 3 thuyền."}
    [listed] = ask(client, "/api/articles/")["items"]
    assert listed == item


def test_entries_cost_no_query_each_and_are_bounded(client: Client, paper: Category) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            ask(client, "/api/articles/")
        return len(captured)

    for _ in range(2):
        event = make_live_event(make_article(category=paper))
        make_live_entry(event)
    few = queries()
    entries = [make_live_entry(event) for _ in range(MOST + 1)]
    make_live_entry(make_live_event(make_article(category=paper)))
    assert queries() == few <= 15
    associations = ask(client, f"/api/articles/{event.article_id}/")["associations"]
    assert len(associations) == MOST
    assert associations[0]["uri"].endswith(entries[-1].get_absolute_url())


def test_a_former_address_of_a_section_is_sent_on(client: Client, paper: Category) -> None:
    article = make_article(category=paper)
    CategoryAddress.objects.create(path="/chinh-tri/", category=paper)
    paper.slug = "thoi-su"
    paper.save()
    response = client.get("/api/articles/?section=chinh-tri&since=2020-01-01")
    assert response.status_code == 301
    assert response["Location"] == "/api/articles/?section=thoi-su&since=2020-01-01"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert f"category:{paper.pk}" in response["Surrogate-Key"].split()
    [item] = ask(client, response["Location"])["items"]
    assert item["uri"].endswith(f"/api/articles/{article.pk}/")
    for unknown in ("chinh", "tri", "chinh-trix", ""):
        error = ask(client, f"/api/articles/?section={unknown}", 400)["error"]
        assert error["parameter"] == "section", unknown


def pages_from(client: Client, path: str) -> list[list[str]]:
    pages = []
    while path:
        data = ask(client, path)
        pages.append([roles(item["headlines"])["main"] for item in data["items"]])
        path = (data["next"] or "").removeprefix("http://testserver")
    return pages


@pytest.mark.parametrize("query", ["", "?section=chinh-tri"])
def test_cursors_go_through_all_once_though_new_ones_come(
    client: Client, paper: Category, query: str, ninjs: Draft202012Validator
) -> None:
    same = timezone.now() - timedelta(days=1)
    # Many of one moment, as imports have them.
    articles = [make_article(category=paper, published_at=same) for _ in range(45)]
    first = ask(client, f"/api/articles/{query}")
    for item in first["items"]:
        ninjs.validate(item)
    late = make_article(category=paper)
    rest = pages_from(client, first["next"].removeprefix("http://testserver"))
    found = [roles(item["headlines"])["main"] for item in first["items"]]
    found += [headline for page in rest for headline in page]
    assert [len(page) for page in rest] == [20, 5]
    assert found == [article.headline for article in reversed(articles)]
    assert pages_from(client, f"/api/articles/{query}")[0][0] == late.headline


def test_a_last_full_page_says_that_it_is_the_last(client: Client, paper: Category) -> None:
    for _ in range(20):
        make_article(category=paper)
    assert ask(client, "/api/articles/")["next"] is None


def test_a_section_has_its_subsections_articles(client: Client, paper: Category) -> None:
    child = make_category(name="Xây dựng Đảng", parent=paper)
    inner = make_article(category=child)
    make_article(category=make_category(name="Kinh tế"))
    for slug in ("chinh-tri", "xay-dung-dang"):
        assert pages_from(client, f"/api/articles/?section={slug}") == [[inner.headline]]


@pytest.mark.parametrize(
    "since", ["2026-11-20T08:00:00%2B07:00", "2026-11-20T08:00:00+07:00", "2026-11-20T01:00:00Z"]
)
def test_since_gives_what_was_published_from_then_on(
    client: Client, paper: Category, since: str
) -> None:
    newer = make_article(category=paper, published_at="2026-11-20T01:00:00Z")
    make_article(category=paper, published_at="2026-11-20T00:59:59Z")
    assert pages_from(client, f"/api/articles/?since={since}") == [[newer.headline]]
    section = f"/api/articles/?section=chinh-tri&since={since}"
    assert pages_from(client, section) == [[newer.headline]]


def test_a_day_begins_in_hanoi(client: Client, paper: Category) -> None:
    newer = make_article(category=paper, published_at="2026-11-19T17:00:00Z")
    make_article(category=paper, published_at="2026-11-19T16:59:59Z")
    assert pages_from(client, "/api/articles/?since=2026-11-20") == [[newer.headline]]


def test_filters_stay_on_later_pages(client: Client, paper: Category) -> None:
    for _ in range(21):
        make_article(category=paper)
    make_article(category=paper, published_at="2020-01-01T00:00:00Z")
    make_article(category=make_category(name="Kinh tế"))
    pages = pages_from(client, "/api/articles/?section=chinh-tri&since=2026-01-01")
    assert [len(page) for page in pages] == [20, 1]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("section=khong-co", "section"),
        ("section=", "section"),
        ("since=hom-qua", "since"),
        ("since=2026-13-40", "since"),
        ("since=", "since"),
        ("since=0001-01-01", "since"),
        ("since=9999-12-31T23:00:00-07:00", "since"),
        ("cursor=abc", "cursor"),
        ("cursor=-", "cursor"),
        ("cursor=20261120010000000000-9999999999999999999999", "cursor"),
        ("cursor=99999999999999999999-1", "cursor"),
        ("page=2", "page"),
    ],
)
def test_a_wrong_question_is_told_what_is_wrong(client: Client, query: str, parameter: str) -> None:
    error = ask(client, f"/api/articles/?{query}", status=400)["error"]
    assert error["status"] == 400
    assert error["parameter"] == parameter
    assert error["message"]


def test_errors_are_json(client: Client, paper: Category) -> None:
    withdrawn = make_article(category=paper, status=Article.Status.WITHDRAWN)
    for path, status in (
        ("/api/articles/999/", 404),
        (f"/api/articles/{'9' * 30}/", 404),
        (f"/api/articles/{make_draft(category=paper).pk}/", 404),
        (f"/api/articles/{withdrawn.pk}/", 410),
        ("/api/khac/", 404),
        ("/api/articles/?cursor=2026-1%00", 400),
        ("/api/%00", 400),
    ):
        assert ask(client, path, status)["error"]["status"] == status
    response = Client(enforce_csrf_checks=True).post("/api/articles/")
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")
    assert "read-only" in json.loads(response.content)["error"]["message"]


def test_its_root_says_where_to_go(client: Client, paper: Category) -> None:
    data = ask(client, "/api/")
    assert data["name"] == "Báo Sông Quê"
    assert data["articles"] == "http://testserver/api/articles/"


def test_answers_are_kept_like_pages(client: Client, paper: Category) -> None:
    article = make_article(
        category=paper, authors=[make_author()], tags=[make_tag()], topics=[make_topic()]
    )
    one = client.get(f"/api/articles/{article.pk}/")
    tags = set(one["Surrogate-Key"].split())
    assert {f"article:{article.pk}", "masthead"} <= tags
    assert {tag.partition(":")[0] for tag in tags} >= {"author", "tag", "topic"}
    many = client.get("/api/articles/")
    assert tags | {"front"} == set(many["Surrogate-Key"].split())
    assert "s-maxage" in many["Cache-Control"]
    for path, first in ((f"/api/articles/{article.pk}/", one), ("/api/articles/", many)):
        again = client.get(path, headers={"if-none-match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
