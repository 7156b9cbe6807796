"""A hub and search engines are told of what changes: by real messages to a real server."""

import json
import logging
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from articles import announcing, publishing
from articles.models import MOST_ATTEMPTS, STILL_NEWS, Announcement, Article
from categories.models import Category
from comments import moderation
from live import reporting
from live.models import LiveEntry
from newsroom.pagestore.purge import Purger
from newsroom.pagestore.store import page_store
from tests.factories import (
    make_article,
    make_author,
    make_category,
    make_comment,
    make_draft,
    make_live_event,
    make_tag,
    make_topic,
    make_user,
)

SITE = "https://bao.example"
KEY = "0123456789abcdef"


class Listener:
    """A server that notes what it is sent; ``gate`` holds its answers back while it is closed."""

    def __init__(self) -> None:
        self.received: list[tuple[str, str, bytes]] = []
        self.status = 204
        self.gate = threading.Event()
        self.gate.set()
        self.arrived = threading.Event()
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                listener.received.append((self.path, self.headers["Content-Type"], body))
                listener.arrived.set()
                listener.gate.wait(5)
                self.send_response(listener.status)
                self.end_headers()

            def log_message(self, *_arguments: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def of(self, path: str) -> list[bytes]:
        return [body for at, _type, body in self.received if at == path]


@pytest.fixture
def listener(settings: Any) -> Iterator[Listener]:
    listener = Listener()
    settings.SITE_URL = SITE
    settings.WEBSUB_HUB_URL = f"{listener.address}/hub"
    settings.INDEXNOW_KEY = KEY
    settings.INDEXNOW_URL = f"{listener.address}/indexnow"
    yield listener
    listener.gate.set()
    announcing.sender.wait()
    listener.server.shutdown()
    listener.server.server_close()


@pytest.fixture
def chief(db: None) -> User:
    return make_user("chief")


@pytest.fixture
def draft(paper: Category) -> Article:
    return make_draft(
        category=make_category(name="Xây dựng Đảng", parent=paper),
        headline="Mưa lũ",
        authors=[make_author(name="Hoài Anh")],
        tags=[make_tag(name="Mưa lũ")],
        topics=[make_topic(name="Mưa lũ")],
    )


def publish(article: Article, chief: User, commit: Any) -> None:
    with commit(execute=True):
        publishing.publish(article, by=chief)
    announcing.sender.wait()


def test_an_english_article_is_told_with_the_feeds_of_its_edition(
    listener: Listener, draft: Article, chief: User, django_capture_on_commit_callbacks: Any
) -> None:
    draft.language = "en"
    draft.save()
    publish(draft, chief, django_capture_on_commit_callbacks)
    scheduled = make_draft(category=draft.category, language="en", slug="mua-lu")
    schedule(scheduled, chief)
    announcing.announce_due()
    for message in listener.of("/hub"):
        feeds = set(parse_qs(message.decode())["hub.url"])
        assert {f"{SITE}/en/rss/", f"{SITE}/en/rss/chinh-tri.rss"} <= feeds
        assert all(feed.startswith(f"{SITE}/en/") for feed in feeds)
    assert len(listener.of("/hub")) == 2
    pages = [f"{SITE}/en/mua-lu-{article.pk}.html" for article in (draft, scheduled)]
    assert told_pages(listener) == sorted(pages)


def test_a_publication_is_told_to_the_hub_and_to_search_engines(
    listener: Listener,
    draft: Article,
    chief: User,
    client: Client,
    django_capture_on_commit_callbacks: Any,
) -> None:
    publish(draft, chief, django_capture_on_commit_callbacks)
    [message] = listener.of("/hub")
    fields = parse_qs(message.decode())
    assert fields["hub.mode"] == ["publish"]
    lists = ("chinh-tri", "xay-dung-dang", "tac-gia/hoai-anh", "tu-khoa/mua-lu", "chu-de/mua-lu")
    expected = {f"{SITE}/rss/{name}.{form}" for name in lists for form in ("rss", "atom", "json")}
    expected |= {f"{SITE}/rss/", f"{SITE}/rss/atom.xml", f"{SITE}/rss/feed.json"}
    assert set(fields["hub.url"]) == expected
    for feed in expected:
        assert client.get(feed.removeprefix(SITE)).status_code == 200

    [message] = listener.of("/indexnow")
    told = json.loads(message)
    assert told["host"] == "bao.example"
    assert told["key"] == KEY
    assert told["urlList"] == [f"{SITE}{draft.get_absolute_url()}"]
    proof = client.get(told["keyLocation"].removeprefix(SITE))
    assert (proof.status_code, proof.content.decode()) == (200, KEY)
    assert client.get("/0000000000000000.txt").status_code == 404


def test_a_video_is_told_with_the_feeds_of_videos(
    listener: Listener,
    draft: Article,
    chief: User,
    client: Client,
    django_capture_on_commit_callbacks: Any,
) -> None:
    draft.format = "video"
    draft.save()
    publish(draft, chief, django_capture_on_commit_callbacks)
    feeds = set(parse_qs(listener.of("/hub")[0].decode())["hub.url"])
    assert {f"{SITE}/rss/the-loai/video.{form}" for form in ("rss", "atom", "json")} <= feeds
    assert f"{SITE}/rss/the-loai/anh.rss" not in feeds
    assert client.get("/rss/the-loai/video.rss").status_code == 200


def test_each_entry_of_a_live_coverage_is_told_with_the_feed_of_it(
    listener: Listener,
    draft: Article,
    chief: User,
    client: Client,
    django_capture_on_commit_callbacks: Any,
) -> None:
    event = make_live_event(draft)

    def report() -> LiveEntry:
        with django_capture_on_commit_callbacks(execute=True):
            words = reporting.Words(body="<p>Nước lên nhanh.</p>")
            entry = reporting.post(event, words, by=chief, token=uuid4())
        announcing.sender.wait()
        return entry

    report()
    assert listener.received == []  # nobody is told of a draft
    publish(draft, chief, django_capture_on_commit_callbacks)
    listener.received.clear()
    entry = report()
    [message] = listener.of("/hub")
    [feed] = parse_qs(message.decode())["hub.url"]
    assert feed == f"{SITE}/truc-tiep/{draft.pk}/dien-bien.rss"
    response = client.get(feed.removeprefix(SITE))
    assert listener.address in response.content.decode()
    [message] = listener.of("/indexnow")
    pages = [f"{SITE}{one.get_absolute_url()}" for one in (draft, entry)]
    assert json.loads(message)["urlList"] == pages


def test_a_withdrawal_is_told_so_that_it_is_forgotten(
    listener: Listener, paper: Category, chief: User, django_capture_on_commit_callbacks: Any
) -> None:
    article = make_article(category=paper)
    with django_capture_on_commit_callbacks(execute=True):
        publishing.withdraw(article, by=chief)
    announcing.sender.wait()
    [message] = listener.of("/indexnow")
    assert json.loads(message)["urlList"] == [f"{SITE}{article.get_absolute_url()}"]


def test_nothing_is_told_of_what_readers_do_not_see(
    listener: Listener, draft: Article, chief: User, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        publishing.submit(draft, by=chief)
    with django_capture_on_commit_callbacks(execute=True):
        publishing.schedule(draft, by=chief, at=timezone.now() + timedelta(hours=1))
    announcing.sender.wait()
    assert listener.received == []
    comment = make_comment(make_article(), status="pending")
    connection.run_on_commit.clear()  # the new article is not what this is about
    before = list(listener.received)
    with django_capture_on_commit_callbacks(execute=True):
        moderation.approve([comment], by=make_user("moderator"))
    announcing.sender.wait()
    assert listener.received == before


def test_what_is_rolled_back_is_not_told(
    listener: Listener, draft: Article, chief: User, django_capture_on_commit_callbacks: Any
) -> None:
    with (
        django_capture_on_commit_callbacks(execute=True),
        pytest.raises(RuntimeError),
        transaction.atomic(),
    ):
        publishing.publish(draft, by=chief)
        raise RuntimeError
    announcing.sender.wait()
    assert listener.received == []


def test_nobody_waits_for_the_hub_and_later_changes_go_together(
    listener: Listener, paper: Category, chief: User, django_capture_on_commit_callbacks: Any
) -> None:
    listener.gate.clear()
    articles = [make_draft(category=paper) for _ in range(4)]
    for article in articles:
        with django_capture_on_commit_callbacks(execute=True):
            publishing.publish(article, by=chief)
        # The hub answers nothing yet, and the editor goes on.
        assert listener.arrived.wait(5)
    assert len(listener.received) == 1
    listener.gate.set()
    announcing.sender.wait()
    told = [json.loads(message)["urlList"] for message in listener.of("/indexnow")]
    assert [len(pages) for pages in told] == [1, 3]
    assert len(listener.of("/hub")) == 2


@pytest.mark.parametrize("broken", ["refuses", "is not there", "is no address"])
def test_a_hub_that_fails_harms_nothing(
    listener: Listener,
    draft: Article,
    chief: User,
    settings: Any,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: Any,
    broken: str,
) -> None:
    if broken == "refuses":
        listener.status = 500
    else:
        settings.WEBSUB_HUB_URL = "http://127.0.0.1:1/" if "there" in broken else "không"
    with caplog.at_level(logging.WARNING):
        publish(draft, chief, django_capture_on_commit_callbacks)
    draft.refresh_from_db()
    assert draft.is_public
    assert settings.WEBSUB_HUB_URL in caplog.text
    assert len(listener.of("/indexnow")) == 1


@pytest.mark.parametrize("missing", [("SITE_URL",), ("WEBSUB_HUB_URL", "INDEXNOW_KEY")])
def test_it_is_off_until_it_is_set_up(
    listener: Listener,
    draft: Article,
    chief: User,
    settings: Any,
    django_capture_on_commit_callbacks: Any,
    missing: tuple[str, ...],
) -> None:
    for name in missing:
        setattr(settings, name, "")
    publish(draft, chief, django_capture_on_commit_callbacks)
    assert listener.received == []


def schedule(article: Article, chief: User) -> Announcement:
    """Scheduled by the desk, and its time has come."""
    publishing.schedule(article, by=chief, at=timezone.now() + timedelta(hours=1))
    moment = timezone.now() - timedelta(seconds=1)
    Article.objects.filter(pk=article.pk).update(published_at=moment)
    Announcement.objects.filter(article=article).update(at=moment)
    return Announcement.objects.get(article=article)


def told_pages(listener: Listener) -> list[str]:
    """Every page that search engines were told of, as often as they were."""
    messages = [json.loads(message)["urlList"] for message in listener.of("/indexnow")]
    return sorted(page for pages in messages for page in pages)


def test_what_was_scheduled_is_told_when_its_time_has_come(
    listener: Listener, draft: Article, paper: Category, chief: User
) -> None:
    watch = announcing.Watch()
    later = make_draft(category=paper)
    publishing.schedule(later, by=chief, at=timezone.now() + timedelta(minutes=2))
    assert watch.look() == 0
    schedule(draft, chief)
    # A server that was stopped meanwhile tells what has come.
    assert announcing.Watch().look() == 1
    assert watch.look() == 0
    assert told_pages(listener) == [f"{SITE}{draft.get_absolute_url()}"]
    [message] = listener.of("/hub")
    assert f"{SITE}/rss/tac-gia/hoai-anh.rss" in parse_qs(message.decode())["hub.url"]
    assert Announcement.objects.get().article == later


@pytest.fixture
def purger(listener: Listener, settings: Any, tmp_path: Path) -> Iterator[Purger]:
    """Tells the listener what to forget; nobody else is told of anything."""
    settings.WEBSUB_HUB_URL = settings.INDEXNOW_KEY = settings.SITE_URL = ""
    settings.PAGE_STORE_URL = f"file://{tmp_path}/pages"
    address = listener.address.removeprefix("http://")
    settings.PURGE_URLS = [f"cloudflare+http://key:token@{address}/zones/1"]
    page_store.cache_clear()
    store = page_store()
    assert store is not None
    assert store.purger is not None
    yield store.purger
    page_store.cache_clear()


def test_proxies_forget_what_shows_a_scheduled_article_at_its_time_and_not_before(
    listener: Listener, purger: Purger, draft: Article, paper: Category, chief: User
) -> None:
    later = make_draft(category=paper)
    publishing.schedule(later, by=chief, at=timezone.now() + timedelta(minutes=2))
    schedule(draft, chief)
    # One machine tells it, once.
    assert announcing.Watch().look() == 1
    assert announcing.Watch().look() == 0
    purger.finish()
    [message] = listener.of("/zones/1/purge_cache")
    tags = set(json.loads(message)["tags"])
    author = draft.authors.get()
    assert {"front", f"article:{draft.pk}", f"category:{paper.pk}", f"author:{author.pk}"} <= tags
    assert f"article:{later.pk}" not in tags
    assert len(listener.received) == 1


def test_who_looks_is_there_at_the_next_time(
    listener: Listener, draft: Article, chief: User
) -> None:
    watch = announcing.Watch()
    assert watch.pause() == announcing.WATCH_SECONDS
    publishing.schedule(draft, by=chief, at=timezone.now() + timedelta(seconds=5))
    assert 0 <= watch.pause() <= 5


def test_what_is_called_off_or_published_at_once_is_not_told_by_the_clock(
    listener: Listener, draft: Article, paper: Category, chief: User
) -> None:
    soon = timezone.now() + timedelta(hours=1)
    other = make_draft(category=paper)
    for article in (draft, other):
        publishing.schedule(article, by=chief, at=soon)
        publishing.schedule(article, by=chief, at=soon + timedelta(hours=1))
    assert set(Announcement.objects.values_list("at", flat=True)) == {soon + timedelta(hours=1)}
    publishing.withdraw(draft, by=chief)
    publishing.publish(other, by=chief)
    assert not Announcement.objects.exists()
    assert announcing.Watch().look() == 0


def test_what_a_dead_machine_has_taken_is_told_by_another_and_given_up_in_the_end(
    listener: Listener, draft: Article, chief: User, caplog: pytest.LogCaptureFixture
) -> None:
    row = schedule(draft, chief)
    watch = announcing.Watch()

    def die() -> None:
        """Take it, tell nobody, and be gone for longer than the claim holds."""
        assert Announcement.objects.take_due() == [row]
        assert watch.look() == 0
        Announcement.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))

    for _ in range(MOST_ATTEMPTS - 1):
        die()
    assert listener.received == []
    assert watch.look() == 1
    assert told_pages(listener) == [f"{SITE}{draft.get_absolute_url()}"]

    second = make_draft(category=draft.category)
    row = schedule(second, chief)
    for _ in range(MOST_ATTEMPTS):
        die()
    assert "Nobody could be told" not in caplog.text
    assert watch.look() == 0
    assert f"article {second.pk} has appeared" in caplog.text
    assert not Announcement.objects.exists()
    assert len(told_pages(listener)) == 1


def test_what_is_no_news_any_more_is_not_told(
    listener: Listener, draft: Article, chief: User
) -> None:
    schedule(draft, chief)
    Announcement.objects.update(at=timezone.now() - STILL_NEWS - timedelta(minutes=1))
    assert announcing.Watch().look() == 0
    assert not Announcement.objects.exists()
    assert listener.received == []


@pytest.mark.django_db(transaction=True)
def test_of_many_that_look_at_once_one_tells(listener: Listener) -> None:
    chief, section = make_user("chief"), make_category(name="Thể thao")
    articles = [make_draft(category=section) for _ in range(5)]
    for article in articles:
        schedule(article, chief)
    number = 6
    together, told = threading.Barrier(number), []

    def look() -> None:
        together.wait(20)
        try:
            told.append(announcing.Watch().look())
        finally:
            connection.close()

    threads = [threading.Thread(target=look) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(told) == number
    assert sum(told) == len(articles)
    assert told_pages(listener) == sorted(f"{SITE}{one.get_absolute_url()}" for one in articles)
    assert not Announcement.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_every_process_looks_and_when_one_stops_the_others_go_on(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcing, "WATCH_SECONDS", 0.05)
    chief, section = make_user("chief"), make_category(name="Thể thao")
    first, second = announcing.Watch(), announcing.Watch()
    expected = []

    def assert_told_once() -> None:
        article = make_draft(category=section)
        schedule(article, chief)
        expected.append(f"{SITE}{article.get_absolute_url()}")
        until = time.monotonic() + 20
        while Announcement.objects.exists():
            assert time.monotonic() < until
        assert told_pages(listener) == sorted(expected)

    first.start()
    second.start()
    try:
        assert_told_once()
        first.stop()
        assert_told_once()
    finally:
        second.stop()
