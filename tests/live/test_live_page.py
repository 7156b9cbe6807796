"""What readers see of a live coverage, and what they must not see."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import feedparser
import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article
from categories.models import Category
from core.page_tags import dropped
from live.models import LiveEntry, LiveEvent, LivePhoto
from tests.factories import (
    make_article,
    make_author,
    make_category,
    make_comment,
    make_draft,
    make_live_entry,
    make_live_event,
    make_tag,
    make_topic,
    make_user,
)
from tests.site.conftest import make_photo
from tests.site.test_query_counts import MOST
from tests.support import assert_public

SECRET = "Điều chưa ai được biết"


@pytest.fixture
def event(paper: Category) -> LiveEvent:
    article = make_article(headline="Bão số 9 áp sát bờ", slug="bao-so-9-ap-sat-bo", category=paper)
    return make_live_event(article, summary="Gió cấp 9\n\nTàu về bến đủ")


@pytest.fixture
def drops() -> Iterator[list[set[str]]]:
    seen: list[set[str]] = []

    def note(tags: frozenset[str], **_: Any) -> None:
        seen.append(set(tags))

    dropped.connect(note)
    yield seen
    dropped.disconnect(note)


def text(response: HttpResponse) -> str:
    return response.content.decode()


def addresses(event: LiveEvent, entry: LiveEntry | None = None) -> list[str]:
    pk = event.article_id
    paths = [f"/truc-tiep/{pk}/?trang=2", f"/truc-tiep/{pk}/moi-nhat/"]
    paths += [f"/truc-tiep/{pk}/dien-bien.rss", f"/truc-tiep/{pk}/"]
    return [*paths, f"/truc-tiep/{pk}/{entry.pk}/"] if entry else paths


def test_the_article_shows_state_summary_key_entries_and_entries(
    client: Client, event: LiveEvent
) -> None:
    key = make_live_entry(event, headline="Bão đổ bộ", is_key=True, correction="Gió cấp 9, không 8")
    last = make_live_entry(event, body="<p>Mưa ngớt</p>", byline="Lan Anh")
    response = client.get(event.article.get_absolute_url())
    assert_public(response)
    html = text(response)
    assert "Đang diễn ra" in html
    assert "<li>Gió cấp 9</li><li>Tàu về bến đủ</li>" in html
    assert f'<a href="#dien-bien-{key.pk}">Bão đổ bộ</a>' in html
    assert html.index(f'id="dien-bien-{last.pk}"') < html.index(f'id="dien-bien-{key.pk}"')
    for words in ("Cải chính:", "Gió cấp 9, không 8", "Lan Anh", "Diễn biến chính"):
        assert words in html
    assert "Tải lại để xem diễn biến mới" in html


def test_an_ended_coverage_says_so_and_may_begin_with_the_first(
    client: Client, event: LiveEvent
) -> None:
    first, last = make_live_entry(event), make_live_entry(event)
    event.ended_at, event.oldest_first = timezone.now(), True
    event.save()
    html = text(client.get(event.article.get_absolute_url()))
    assert last.published_at
    assert f"{timezone.localtime(last.published_at):%H:%M, %d/%m/%Y}" in html
    assert "Đã kết thúc" in html
    assert "Đang diễn ra" not in html
    assert "Tải lại" not in html
    assert html.index(f'id="dien-bien-{first.pk}"') < html.index(f'id="dien-bien-{last.pk}"')


def test_hundreds_of_entries_stand_on_bounded_pages_each_once(
    client: Client, event: LiveEvent
) -> None:
    oldest_key = make_live_entry(event, headline="Ngày đầu", is_key=True)
    for _ in range(44):
        make_live_entry(event)
    article = event.article
    path = f"/truc-tiep/{article.pk}/"
    pages = [article.get_absolute_url(), f"{path}?trang=2", f"{path}?trang=3"]
    shown: list[str] = []
    for page in pages:
        response = client.get(page)
        assert_public(response)
        found = re.findall(r'id="(dien-bien-\d+)"', text(response))
        assert len(found) <= 20
        shown += found
    assert len(shown) == len(set(shown)) == 45
    first = text(client.get(pages[0]))
    assert f'href="{path}?trang=2#dien-bien"' in first
    # The key entry stands on another page, and the link leads there.
    assert f'href="{path}?trang=3#dien-bien-{oldest_key.pk}"' in first
    for wrong in ("4", "0", "02", "x", "", "1e3", "9999999"):
        assert client.get(f"{path}?trang={wrong}").status_code == 404, wrong
    for old in (path, f"{path}?trang=1"):
        response = client.get(old)
        assert (response.status_code, response["Location"]) == (301, article.get_absolute_url())


def test_an_entry_has_an_address_of_its_own(client: Client, event: LiveEvent) -> None:
    entry = make_live_entry(event, headline="Cầu Bến Lau thông xe", body="<p>Lúc 5 giờ</p>")
    LivePhoto.objects.create(
        entry=entry, photo=make_photo(caption="Xe qua cầu.", credit="Lan Anh", alt="Cầu")
    )
    response = client.get(entry.get_absolute_url())
    assert_public(response)
    html = text(response)
    assert '<meta property="og:title" content="Cầu Bến Lau thông xe">' in html
    assert "og:image" in html
    assert "Xe qua cầu." in html
    assert "Ảnh: Lan Anh" in html
    assert f'href="{event.article.get_absolute_url()}#dien-bien"' in html


def test_a_withdrawn_entry_is_gone_everywhere(client: Client, event: LiveEvent) -> None:
    entry = make_live_entry(event, body=f"<p>{SECRET}</p>", status=LiveEntry.Status.WITHDRAWN)
    make_live_entry(event)
    for path in (event.article.get_absolute_url(), *addresses(event, entry)):
        assert SECRET not in text(client.get(path)), path
    assert client.get(entry.get_absolute_url()).status_code == 410


def test_a_draft_entry_is_not_to_be_found(client: Client, event: LiveEvent) -> None:
    entry = make_live_entry(event, body=f"<p>{SECRET}</p>", status=LiveEntry.Status.DRAFT)
    for path in (event.article.get_absolute_url(), *addresses(event, entry)):
        assert SECRET not in text(client.get(path)), path
    assert client.get(entry.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("state", ["draft", "in review", "scheduled", "withdrawn"])
def test_nothing_of_an_article_that_is_not_public_leaks(
    client: Client, paper: Category, state: str
) -> None:
    common: dict[str, Any] = {"category": paper, "headline": "Bão kín", "slug": "bao-kin"}
    common |= {"authors": [make_author(name="Hoài Anh")], "tags": [make_tag(name="Mưa lũ")]}
    soon = timezone.now() + timedelta(hours=1)
    article = {
        "draft": lambda: make_draft(**common),
        "in review": lambda: make_draft(**common, status=Article.Status.IN_REVIEW),
        "scheduled": lambda: make_article(**common, published_at=soon),
        "withdrawn": lambda: make_article(**common, status=Article.Status.WITHDRAWN),
    }[state]()
    event = make_live_event(article, summary=SECRET)
    for _ in range(25):
        entry = make_live_entry(event, headline=SECRET, body=f"<p>{SECRET}</p>", is_key=True)
    paths = [article.get_absolute_url(), *addresses(event, entry), "/", "/chinh-tri/", "/rss/"]
    paths += ["/sitemap-bai-0.xml", "/news-sitemap.xml", "/api/", "/tim-kiem/?q=dieu+chua+ai"]
    for path in paths:
        response = client.get(path)
        assert SECRET not in text(response), path
        assert "Bão kín" not in text(response), path
    for path in addresses(event, entry):
        assert client.get(path).status_code in ((410, 404) if state == "withdrawn" else (404,))
    if state == "scheduled":
        # Its time is nearer than the minute for which anything missing is kept.
        soon = timezone.now() + timedelta(seconds=40)
        Article.objects.filter(pk=article.pk).update(published_at=soon)
        page = client.get(f"/truc-tiep/{article.pk}/moi-nhat/")
        assert float(page["X-Page-Expires"]) == pytest.approx(soon.timestamp(), abs=0.01)


def test_the_part_for_the_script_is_what_the_page_shows(client: Client, event: LiveEvent) -> None:
    make_live_entry(event)
    response = client.get(f"/truc-tiep/{event.article_id}/moi-nhat/")
    assert response.status_code == 200
    assert response["Surrogate-Key"] == f"article:{event.article_id}"
    assert not response.cookies
    part = text(response).strip()
    assert part.startswith('<section class="live"')
    assert part in text(client.get(event.article.get_absolute_url()))


def test_an_ordinary_article_costs_no_query_more(client: Client, paper: Category) -> None:
    article = make_article(category=paper)
    plain = queries(client, article.get_absolute_url())
    fronts = queries(client, "/")
    event = make_live_event(article)
    for _ in range(3):
        make_live_entry(event, is_key=True)
    few = queries(client, article.get_absolute_url())
    assert queries(client, "/") == fronts
    for _ in range(60):
        make_live_entry(event, is_key=True)
    assert queries(client, article.get_absolute_url()) == few
    # Two for the entries and their photos, less that for the most read articles of the section.
    assert few == plain + 1
    event.delete()
    assert queries(client, article.get_absolute_url()) == plain


@pytest.mark.parametrize("with_links", [True, False])
def test_a_live_article_with_everything_stays_within_the_limit(
    client: Client, paper: Category, with_links: bool
) -> None:
    photo = make_photo()
    article = make_article(
        category=make_category(parent=paper),
        authors=[make_author(photo=photo), make_author()],
        tags=[make_tag(), make_tag()],
        topics=[make_topic()],
        body=f'<p>x</p><figure data-photo-id="{photo.pk}"></figure><p>[links()]</p>',
    )
    event = make_live_event(article)
    for _ in range(3):
        make_comment(article, parent=make_comment(article))
        other = make_article(category=paper)
        LivePhoto.objects.create(entry=make_live_entry(event, is_key=True), photo=photo)
        if with_links:
            article.related_links.create(target=other)
    assert queries(client, article.get_absolute_url()) <= MOST
    assert queries(client, f"/truc-tiep/{article.pk}/moi-nhat/") <= 3
    assert queries(client, event.entries.all()[0].get_absolute_url()) <= 7


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_cards_say_in_words_that_it_runs(client: Client, event: LiveEvent) -> None:
    make_article(category=event.article.category)
    sign = '<p class="live-sign">Trực tiếp</p>'
    for path in ("/", "/chinh-tri/"):
        assert text(client.get(path)).count(sign) == 1, path
    event.ended_at = timezone.now()
    event.save()
    for path in ("/", "/chinh-tri/"):
        assert sign not in text(client.get(path)), path


def test_machines_get_a_live_blog_posting(client: Client, event: LiveEvent) -> None:
    entry = make_live_entry(event, headline="Tin <b>mới</b>", body="<p>Nước rút</p>")
    html = text(client.get(event.article.get_absolute_url()))
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    live = json.loads(found[1])
    assert live["@type"] == "LiveBlogPosting"
    assert live["coverageStartTime"].endswith("+07:00")
    assert "coverageEndTime" not in live
    [update] = live["liveBlogUpdate"]
    assert update["articleBody"] == "Nước rút"
    assert update["headline"] == "Tin <b>mới</b>"
    assert update["url"].endswith(f"{event.article.get_absolute_url()}#dien-bien-{entry.pk}")
    event.ended_at = timezone.now()
    event.save()
    assert "coverageEndTime" in text(client.get(event.article.get_absolute_url()))


def test_entries_have_a_feed(client: Client, event: LiveEvent) -> None:
    entry = make_live_entry(event, headline="Bão tan", body="<p>Trời <strong>hửng</strong></p>")
    make_live_entry(event, status=LiveEntry.Status.DRAFT, headline=SECRET)
    feed = feedparser.parse(client.get(f"/truc-tiep/{event.article_id}/dien-bien.rss").content)
    assert not feed.bozo
    assert [item.title for item in feed.entries] == ["Bão tan"]
    assert feed.entries[0].link.endswith(entry.get_absolute_url())


def test_the_text_of_an_entry_is_clean_and_shortcodes_print_nothing(
    client: Client, event: LiveEvent
) -> None:
    make_live_entry(
        event,
        headline="<script>alert(1)</script>",
        body='<p onclick="x()">A [photo(1)] <a href="https://x.example/">b</a></p>'
        '<script>alert(1)</script><figure data-photo-id="5"></figure>',
    )
    html = text(client.get(f"/truc-tiep/{event.article_id}/moi-nhat/"))
    assert "<script" not in html
    assert "onclick" not in html
    assert "[photo" not in html
    assert '<a rel="noopener" href="https://x.example/">' in html


def test_pages_are_dropped_by_what_readers_see(
    client: Client, event: LiveEvent, drops: list[set[str]], django_capture_on_commit_callbacks: Any
) -> None:
    tag = f"article:{event.article_id}"

    def dropped_by(act: Any) -> set[str]:
        drops.clear()
        # What was to be told of the changes before: each of these is a transaction of its own.
        connection.run_on_commit.clear()
        with django_capture_on_commit_callbacks(execute=True):
            act()
        return {name for tags in drops for name in tags}

    # The part of the sitemap that tells when the article was revised.
    part = client.get("/sitemap-bai-0.xml").wsgi_request
    [sitemap] = {name for name in part.page_tags if name.startswith("sitemap")}
    entry = make_live_entry(event)
    photo = make_photo()
    draft = make_live_entry(event, status=LiveEntry.Status.DRAFT)
    shown = {tag, sitemap}
    assert dropped_by(lambda: make_live_entry(event)) == shown
    assert dropped_by(entry.save) == shown
    assert dropped_by(lambda: LivePhoto.objects.create(entry=entry, photo=photo)) == shown
    assert tag in dropped_by(photo.save)
    assert dropped_by(lambda: make_live_entry(event, status=LiveEntry.Status.DRAFT)) == set()
    assert dropped_by(draft.save) == set()
    assert {"front", tag} <= dropped_by(event.save)
    assert dropped_by(entry.delete) == shown
    Article.objects.filter(pk=event.article_id).update(status=Article.Status.DRAFT)
    assert dropped_by(lambda: make_live_entry(event)) == set()


def test_a_coverage_of_another_edition_answers_in_that_edition(
    client: Client, paper: Category
) -> None:
    article = make_article(category=paper, language="en", headline="Storm nears", slug="storm")
    event = make_live_event(article)
    for _ in range(21):
        make_live_entry(event)
    html = text(client.get(article.get_absolute_url()))
    assert "Reload to see what is new" in html
    for path in (f"/en/truc-tiep/{article.pk}/moi-nhat/", f"/en/truc-tiep/{article.pk}/?trang=2"):
        assert path in html
        assert client.get(path).status_code == 200
        assert client.get(path.removeprefix("/en")).status_code == 404


def test_pages_are_valid_html(client: Client, event: LiveEvent, vnu: Any) -> None:
    for number in range(22):
        make_live_entry(event, is_key=number % 5 == 0, headline="Tít" if number % 2 else "")
    entry = make_live_entry(event, correction="Đúng là 9")
    LivePhoto.objects.create(entry=entry, photo=make_photo(caption="Đê", credit="Lan", alt="Đê"))
    paths = (event.article.get_absolute_url(), *addresses(event, entry)[:1])
    pages = {path: text(client.get(path)) for path in (*paths, entry.get_absolute_url())}
    writer = make_user("editor")
    client.force_login(writer)
    pages["write"] = text(client.get(f"/admin/live/liveevent/{event.pk}/viet/"))
    assert vnu(pages) == []
