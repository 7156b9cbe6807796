"""What the beacon layer counts, what it does not, and how its batches are written."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import Error, OperationalError, connection
from django.utils import timezone

from articles.models import Article
from mostread import counting
from mostread.batches import write
from mostread.counting import BeaconLayer, Reads, Waiting
from mostread.models import ReadCount
from mostread.senders import REPEAT_MINUTES, SLOTS_START, Senders, shared_path
from tests.factories import make_article, make_category, make_draft

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = (
    "Mozilla/5.0 (Linux; Android 9; CUBOT X19) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/140.0.0.0 Mobile Safari/537.36 Zalo android/24"
)
NOON = 1_800_000_000.0
HOUR = int(NOON / 3600)


class Paper:
    """A beacon layer with a clock of its own, and what Django would have been asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, owner: str) -> None:
        self.now = NOON
        monkeypatch.setattr(counting.time, "time", lambda: self.now)
        self.written: Waiting = {}
        self.passed_on: list[str] = []
        self.reads = Reads(write=self.written.update, batch_seconds=3600)
        self.layer = BeaconLayer(self._django, self.reads, Senders(owner))
        self.headers: dict[str, str] = {}

    def _django(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        self.passed_on.append(environ["PATH_INFO"])
        start_response("200 OK", [])
        return [b""]

    def send(self, path: str = "/doc/7", method: str = "POST", **overrides: str | None) -> str:
        environ = {
            "PATH_INFO": path,
            "REQUEST_METHOD": method,
            "REMOTE_ADDR": "203.0.113.9",
            "HTTP_HOST": "bao.example",
            "HTTP_ORIGIN": "https://bao.example",
            "HTTP_SEC_FETCH_SITE": "same-origin",
            "HTTP_USER_AGENT": FIREFOX,
        } | overrides
        statuses: list[str] = []

        def start_response(status: str, headers: list[tuple[str, str]]) -> None:
            statuses.append(status)
            self.headers = dict(headers)

        body = self.layer({k: v for k, v in environ.items() if v is not None}, start_response)
        assert b"".join(body) == b""
        return statuses[0]

    @property
    def counted(self) -> Waiting:
        self.reads.flush()
        return self.written


@pytest.fixture
def paper(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Any:
    owner = f"{request.node.nodeid}"
    paper = Paper(monkeypatch, owner)
    yield paper
    paper.reads.stop()
    shared_path(owner).unlink(missing_ok=True)


def test_it_counts_a_reader(paper: Paper) -> None:
    assert paper.send() == "204 No Content"
    assert paper.counted == {(7, HOUR): 1}
    assert paper.headers == {"Cache-Control": "no-store"}
    assert paper.passed_on == []


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_USER_AGENT": PHONE},
        {"HTTP_ORIGIN": None},
        {"HTTP_SEC_FETCH_SITE": None},
        {"HTTP_ORIGIN": "http://BAO.example"},
    ],
)
def test_it_counts_readers_of_every_browser(paper: Paper, headers: dict[str, str | None]) -> None:
    paper.send(**headers)
    assert paper.counted == {(7, HOUR): 1}


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_USER_AGENT": None},
        {"HTTP_USER_AGENT": "curl/8.0"},
        {"HTTP_USER_AGENT": "Mozilla/5.0 (compatible; Googlebot/2.1)"},
        {"HTTP_USER_AGENT": "Mozilla/5.0 (compatible; coccocbot-web/1.0)"},
        {"HTTP_USER_AGENT": FIREFOX.replace("Firefox", "HeadlessChrome")},
        {"HTTP_ORIGIN": "https://elsewhere.example"},
        {"HTTP_ORIGIN": "null"},
        {"HTTP_SEC_FETCH_SITE": "cross-site"},
        {"HTTP_ORIGIN": None, "HTTP_SEC_FETCH_SITE": "none"},
        {"HTTP_ORIGIN": None, "HTTP_SEC_FETCH_SITE": None},
    ],
)
def test_it_answers_robots_and_other_sites_but_counts_only_the_reader_after_them(
    paper: Paper, headers: dict[str, str | None]
) -> None:
    assert paper.send(**headers) == "204 No Content"
    assert paper.counted == {}
    paper.send()
    assert paper.counted == {(7, HOUR): 1}


def test_it_counts_one_sender_once_in_half_an_hour(paper: Paper) -> None:
    for _ in range(3):
        paper.send()
    paper.send("/doc/8")
    paper.send(REMOTE_ADDR="203.0.113.10")
    assert paper.counted == {(7, HOUR): 2, (8, HOUR): 1}
    paper.now += (REPEAT_MINUTES - 1) * 60
    paper.send()
    assert sum(paper.counted.values()) == 3
    paper.now += 60
    paper.send()
    assert paper.counted[7, int(paper.now / 3600)] == 1


def test_two_processes_know_the_same_senders(paper: Paper, request: Any) -> None:
    paper.send()
    other = Senders(request.node.nodeid)
    assert other.is_repeat(f"203.0.113.9 {FIREFOX}", 7, NOON)
    assert not other.is_repeat(f"203.0.113.9 {FIREFOX}", 8, NOON)


def test_a_new_day_forgets_the_senders_of_the_last(paper: Paper, request: Any) -> None:
    table = Senders(request.node.nodeid)
    assert not table.is_repeat("somebody", 7, NOON)
    key = table._key(NOON)
    assert table.is_repeat("somebody", 7, NOON)
    assert not table.is_repeat("somebody", 7, NOON + 86_400)
    assert table._key(NOON + 86_400) != key


def test_senders_are_kept_without_their_address_in_a_table_that_does_not_grow(
    paper: Paper, request: Any
) -> None:
    path = shared_path(request.node.nodeid)
    size = path.stat().st_size
    for number in range(2000):
        paper.send(REMOTE_ADDR=f"203.0.113.{number}")
    content = path.read_bytes()
    assert len(content) == size
    assert b"203.0.113" not in content
    assert any(content[SLOTS_START * 8 :])
    assert path.stat().st_mode & 0o077 == 0


def test_behind_a_proxy_the_sender_is_the_one_the_proxy_saw(paper: Paper, settings: Any) -> None:
    settings.BEHIND_PROXY = True
    paper.send(HTTP_X_FORWARDED_FOR="10.9.9.9, 198.51.100.1")
    paper.send(HTTP_X_FORWARDED_FOR="10.8.8.8, 198.51.100.1")
    assert paper.counted == {(7, HOUR): 1}
    paper.send(HTTP_X_FORWARDED_FOR="198.51.100.2")
    assert sum(paper.counted.values()) == 1  # a batch of its own
    settings.BEHIND_PROXY = False
    paper.send("/doc/9", HTTP_X_FORWARDED_FOR="198.51.100.3")
    paper.send("/doc/9", HTTP_X_FORWARDED_FOR="198.51.100.4")
    assert paper.counted[9, HOUR] == 1


def test_addresses_of_one_home_are_one_sender(paper: Paper) -> None:
    paper.send(REMOTE_ADDR="2001:db8:1:2:aaaa::1")
    paper.send(REMOTE_ADDR="2001:db8:1:2:bbbb::2")
    paper.send(REMOTE_ADDR="2001:db8:1:3::1")
    assert paper.counted == {(7, HOUR): 2}


@pytest.mark.parametrize("path", ["/", "/doc/", "/doc/0", "/doc/x", "/doc/7/", f"/doc/{10**18}"])
def test_it_leaves_other_addresses_to_django(paper: Paper, path: str) -> None:
    paper.send(path)
    assert paper.passed_on == [path]
    paper.send()
    assert paper.counted == {(7, HOUR): 1}


def test_it_refuses_other_methods(paper: Paper) -> None:
    assert paper.send(method="GET") == "405 Method Not Allowed"
    assert paper.headers["Allow"] == "POST"
    assert paper.counted == {}


def test_no_section_can_take_the_address_of_beacons(db: None) -> None:
    with pytest.raises(ValidationError):
        make_category(slug="doc").full_clean()
    make_category(slug="docs").full_clean()


def test_what_waits_is_bounded_and_the_oldest_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "MOST_WAITING", 10)
    written: Waiting = {}

    def hung(batch: Waiting) -> None:
        raise OperationalError("no database")

    reads = Reads(write=hung, batch_seconds=3600)
    for number in range(1, 26):
        reads.add(number, NOON)
        if number % 5 == 0:
            reads.flush()
    reads._write = written.update
    reads.flush()
    reads.stop()
    assert sorted(number for number, _ in written) == list(range(16, 26))


def test_reads_wait_for_a_database_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[Waiting] = []
    away = True

    def database(batch: Waiting) -> None:
        if away:
            raise OperationalError("no database")
        written.append(batch)

    reads = Reads(write=database, batch_seconds=3600)
    reads.add(7, NOON)
    reads.flush()
    reads.add(7, NOON)
    away = False
    reads.flush()
    reads.stop()
    assert written == [{(7, HOUR): 2}]


def test_a_hung_database_holds_up_no_beacon() -> None:
    entered, release = threading.Event(), threading.Event()
    total: Waiting = {}

    def hung(batch: Waiting) -> None:
        entered.set()
        release.wait(20)
        for key, count in batch.items():
            total[key] = total.get(key, 0) + count

    reads = Reads(write=hung, batch_seconds=0.01)
    reads.add(7, NOON)
    assert entered.wait(10)
    for _ in range(1000):
        reads.add(7, NOON)
    assert not release.is_set()
    release.set()
    reads.stop()
    assert total == {(7, HOUR): 1001}


def test_threads_lose_no_read() -> None:
    total: Waiting = {}

    def add_up(batch: Waiting) -> None:
        for key, count in batch.items():
            total[key] = total.get(key, 0) + count

    reads = Reads(write=add_up, batch_seconds=0.01)

    def send() -> None:
        for number in range(5000):
            reads.add(number % 7 + 1, NOON)

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    reads.stop()
    assert sum(total.values()) == 40_000
    assert len(total) == 7


@pytest.mark.django_db
def test_only_public_articles_are_written() -> None:
    public = make_article()
    later = make_article(published_at=timezone.now() + timedelta(hours=1))
    withdrawn = make_article(status=Article.Status.WITHDRAWN)
    draft = make_draft()
    ids = [public.pk, later.pk, withdrawn.pk, draft.pk, 10**17]
    write({(pk, HOUR): 3 for pk in ids})
    write({(public.pk, HOUR): 2, (public.pk, HOUR + 1): 1})
    rows = ReadCount.objects.order_by("hour").values_list("article_id", "hour__hour", "count")
    assert list(rows.values_list("article_id", "count")) == [(public.pk, 5), (public.pk, 1)]


@pytest.mark.django_db(transaction=True)
def test_processes_that_write_at_once_add_up() -> None:
    articles = [make_article() for _ in range(5)]
    errors: list[Error] = []

    def write_some() -> None:
        try:
            for _ in range(10):
                write({(article.pk, HOUR): 1 for article in articles})
        except Error as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write_some) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert set(ReadCount.objects.values_list("count", flat=True)) == {40}
