"""A hub and search engines are told of what changes: by real messages to a real server."""

import json
import logging
import threading
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
from articles.models import Article
from categories.models import Category
from comments import moderation
from live import reporting
from live.models import LiveEntry
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
    announcing.announce_due(draft.published_at - timedelta(minutes=1), timezone.now())
    announcing.sender.wait()
    for message in listener.of("/hub"):
        feeds = set(parse_qs(message.decode())["hub.url"])
        assert {f"{SITE}/en/rss/", f"{SITE}/en/rss/chinh-tri.rss"} <= feeds
        assert all(feed.startswith(f"{SITE}/en/") for feed in feeds)
    assert len(listener.of("/hub")) == 2
    for message in listener.of("/indexnow"):
        assert json.loads(message)["urlList"] == [f"{SITE}/en/mua-lu-{draft.pk}.html"]


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


def test_what_was_scheduled_is_told_when_its_time_has_come(
    listener: Listener, paper: Category, tmp_path: Path
) -> None:
    now = timezone.now()
    watch = announcing.Watch(tmp_path / "announced")
    make_article(category=paper, published_at=now - timedelta(minutes=20))
    make_article(category=paper, published_at=now + timedelta(minutes=2))
    assert watch.look() == 0
    due = make_article(category=paper, published_at=timezone.now())
    # A server that was stopped meanwhile goes on where it was.
    assert announcing.Watch(tmp_path / "announced").look() == 1
    assert watch.look() == 0
    announcing.sender.wait()
    [message] = listener.of("/indexnow")
    assert json.loads(message)["urlList"] == [f"{SITE}{due.get_absolute_url()}"]
    assert len(listener.of("/hub")) == 1


@pytest.mark.django_db(transaction=True)
def test_one_process_of_a_machine_looks_and_another_takes_over(
    listener: Listener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcing, "WATCH_SECONDS", 0.05)
    section = make_category(name="Thể thao")
    first, second = (announcing.Watch(tmp_path / "announced") for _ in range(2))

    def assert_told_in_time() -> None:
        listener.arrived.clear()
        soon = make_article(category=section, published_at=timezone.now() + timedelta(seconds=1))
        assert listener.arrived.wait(20)
        announcing.sender.wait()
        told = json.loads(listener.of("/indexnow")[-1])
        assert told["urlList"] == [f"{SITE}{soon.get_absolute_url()}"]

    first.start()
    assert_told_in_time()
    second.start()
    assert_told_in_time()
    first.stop()
    assert_told_in_time()
    second.stop()
