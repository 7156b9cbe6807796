"""Stored pages as readers get them, from real processes."""

import gzip
import os
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import brotli
import pytest

from newsroom.pagestore import silence
from newsroom.pagestore.store import LARGE_DROP
from tests.pagestore.conftest import Paper


def test_it_renders_a_page_once_and_hands_it_out_from_then_on(paper: Paper, port: int) -> None:
    first = paper.ask("/a.html", port=port)
    first = paper.ask("/a.html", port=port)
    second = paper.ask("/a.html", port=port)
    assert "Một" in first.text
    assert second.body == first.body
    assert paper.renders() == 1


def test_all_workers_and_the_front_share_what_is_stored(paper: Paper) -> None:
    paper.ask("/a.html")
    for _ in range(20):
        paper.ask("/a.html", port=paper.server_port)
        paper.ask("/a.html")
    assert paper.renders() == 1


def test_a_drop_reaches_the_very_next_request_everywhere(paper: Paper) -> None:
    for round_ in range(20):
        paper.write(f"Lần {round_}")
        paper.store.drop(["page"])
        for port in (paper.front_port, paper.server_port, paper.server_port):
            assert f"Lần {round_} " in paper.ask("/a.html", port=port).text
    assert paper.renders() == 20


def test_a_drop_leaves_pages_that_do_not_show_the_change(paper: Paper, port: int) -> None:
    paper.ask("/a.html", port=port)
    paper.ask("/b.html", port=port)
    paper.store.drop(["b.html"])
    paper.ask("/a.html", port=port)
    paper.ask("/b.html", port=port)
    assert paper.renders("/a.html") == 1
    assert paper.renders("/b.html") == 2


def test_a_page_rendered_from_data_older_than_a_drop_is_not_kept(paper: Paper, port: int) -> None:
    gate = paper.folder / "gate"
    os.mkfifo(gate)
    with ThreadPoolExecutor() as threads:
        early = threads.submit(paper.ask, "/a.html", port=port)
        # Opening it waits until the rendering, which has read the old text, is at the gate.
        with gate.open("w"):
            paper.write("Hai")
            paper.store.drop(["page"])
            gate.unlink()
        early.result()
    assert "Hai" in paper.ask("/a.html", port=port).text
    assert "Hai" in paper.ask("/a.html").text


def test_who_asks_after_a_drop_does_not_join_a_rendering_from_before(
    paper: Paper, port: int
) -> None:
    gate = paper.folder / "gate"
    os.mkfifo(gate)
    with ThreadPoolExecutor() as threads:
        early = threads.submit(paper.ask, "/a.html", port=port)
        with gate.open("w"):
            paper.write("Hai")
            paper.store.drop(["page"])
            late = threads.submit(paper.ask, "/a.html", port=port)
            gate.unlink()
        early.result()
        assert "Hai" in late.result().text


def test_many_misses_at_once_render_once(paper: Paper) -> None:
    gate = paper.folder / "gate"
    os.mkfifo(gate)
    ports = [paper.front_port, paper.server_port] * 8
    with ThreadPoolExecutor(16) as threads:
        answers = [threads.submit(paper.ask, "/a.html", port=port) for port in ports]
        with gate.open("w"):
            gate.unlink()
        assert {answer.result().status for answer in answers} == {200}
    assert paper.renders() == 1


def test_it_survives_a_restart(own_paper: Paper) -> None:
    own_paper.ask("/a.html")
    own_paper.stop()
    own_paper.start()
    assert own_paper.ask("/a.html").status == 200
    assert own_paper.ask("/a.html", port=own_paper.server_port).status == 200
    assert own_paper.renders() == 1


def test_the_front_goes_on_without_the_server(own_paper: Paper) -> None:
    page = own_paper.ask("/a.html")
    own_paper.server.terminate()
    own_paper.server.wait()
    assert own_paper.ask("/a.html").body == page.body
    missing = own_paper.ask("/b.html")
    assert missing.status == 503
    assert missing.headers["Retry-After"]


@pytest.mark.parametrize("damage", ["cut", "changed", "emptied", "removed"])
def test_a_damaged_file_is_a_page_that_is_not_there(
    own_paper: Paper, door: str, damage: str
) -> None:
    port = own_paper.front_port if door == "front" else own_paper.server_port
    page = own_paper.ask("/a.html", port=port)
    own_paper.stop()
    (path,) = (own_paper.folder / "data" / "pages" / "entries").glob("*/*")
    _damage(path, damage)
    own_paper.start()
    assert own_paper.ask("/a.html", port=port).body == page.body
    assert own_paper.ask("/a.html", port=port).body == page.body
    assert own_paper.renders() == 2


def _damage(path: Path, damage: str) -> None:
    content = path.read_bytes()
    if damage == "cut":
        path.write_bytes(content[: len(content) // 2])
    elif damage == "changed":
        path.write_bytes(content.replace("ă".encode(), b"e ", 1))
    elif damage == "emptied":
        path.write_bytes(b"")
    else:
        path.unlink()


def test_it_speaks_the_encodings_the_client_reads(paper: Paper, port: int) -> None:
    plain = paper.ask("/a.html", port=port)
    assert "Content-Encoding" not in plain.headers
    for sent, got, read in (
        ("gzip", "gzip", gzip.decompress),
        ("gzip, deflate, br", "br", brotli.decompress),
        ("br;q=0, gzip", "gzip", gzip.decompress),
        ("*", "br", brotli.decompress),
    ):
        packed = paper.ask("/a.html", port=port, Accept_Encoding=sent)
        assert packed.headers["Content-Encoding"] == got
        assert read(packed.body) == plain.body
        assert packed.headers["Vary"] == "Accept-Encoding"
        assert packed.headers["Content-Length"] == str(len(packed.body))
    refused = paper.ask("/a.html", port=port, Accept_Encoding="gzip;q=0")
    assert refused.body == plain.body


def test_a_client_that_has_the_page_is_told_so(paper: Paper, port: int) -> None:
    etag = paper.ask("/a.html", port=port, Accept_Encoding="gzip").headers["ETag"]
    assert etag.startswith('"')
    for sent in (etag, f"W/{etag}", f'"x", {etag}', "*"):
        answer = paper.ask("/a.html", port=port, Accept_Encoding="gzip", If_None_Match=sent)
        assert (answer.status, answer.body) == (304, b"")
        assert answer.headers["ETag"] == etag
    assert paper.ask("/a.html", port=port, If_None_Match='"other"').status == 200
    paper.store.drop(["page"])
    assert paper.ask("/a.html", port=port, Accept_Encoding="gzip").headers["ETag"] == etag


def test_head_tells_what_get_would_without_the_body(paper: Paper, port: int) -> None:
    got = paper.ask("/a.html", port=port)
    told = paper.ask("/a.html", port=port, method="HEAD")
    assert (told.status, told.body) == (200, b"")
    for name in ("Content-Length", "ETag", "Content-Type", "Cache-Control", "Surrogate-Key"):
        assert told.headers[name] == got.headers[name]


def test_only_known_queries_make_pages(paper: Paper, port: int) -> None:
    paper.ask("/muc/", port=port)
    for tracked in ("?utm_source=a&utm_medium=b", "?fbclid=x", "?zarsrc=30&gclid=1"):
        paper.ask("/muc/" + tracked, port=port)
    assert paper.renders() == 1
    for _ in range(2):
        assert "trang=2" in paper.ask("/muc/?trang=2&fbclid=x", port=port).text
    assert paper.renders() == 2
    for unknown in ("?trang=02", "?trang=1", "?x=1", "?trang=2&x=1", "?"):
        paper.ask("/muc/" + unknown, port=port)
    assert paper.renders() >= 6
    assert len(paper.store.addresses()) == 2


def test_one_host_never_gets_the_page_of_another(paper: Paper, port: int) -> None:
    for _ in range(2):
        assert "news.test" in paper.ask("/a.html", port=port).text
        assert "other.test" in paper.ask("/a.html", port=port, Host="other.test").text
    assert paper.renders() == 2
    paper.ask("/a.html", port=port, Host="evil.test")
    assert len(paper.store.addresses()) == 2


def test_a_cookie_neither_reads_from_nor_gets_into_the_store(paper: Paper, port: int) -> None:
    assert "editor" not in paper.ask("/a.html", port=port, Cookie="editor").text
    assert paper.ask("/a.html", port=port).body == paper.ask("/a.html", port=port).body
    for who in ("editor", "reader"):
        assert paper.ask("/private/", port=port, Cookie=who).text == f"for {who}"
    assert paper.ask("/private/", port=port).text == "for nobody"
    assert [address.rpartition("test")[2] for address in paper.store.addresses()] == ["/a.html"]


def test_an_answer_that_sets_a_cookie_is_not_kept(paper: Paper, port: int) -> None:
    for _ in range(2):
        assert paper.ask("/sets-cookie/", port=port).headers["Set-Cookie"] == "a=1"
    assert paper.store.addresses() == []


def test_a_page_without_an_article_is_kept_with_its_status(paper: Paper, port: int) -> None:
    assert [paper.ask("/gone/", port=port).status for _ in range(2)] == [404, 404]
    assert paper.renders() == 1


def test_a_page_changes_at_its_time_with_nobody_touching_it(paper: Paper, port: int) -> None:
    assert "Một" in paper.ask("/timed/", port=port).text
    paper.write("Hai")
    until = time.monotonic() + 5
    while "Hai" not in paper.ask("/timed/", port=port).text:
        assert time.monotonic() < until
    assert "s-maxage=1," in paper.ask("/timed/", port=port).headers["Cache-Control"]


def test_without_the_database_stored_pages_go_on(paper: Paper, port: int) -> None:
    page = paper.ask("/a.html", port=port)
    timed = paper.ask("/timed/", port=port)
    (paper.folder / "down").touch()
    assert paper.ask("/a.html", port=port).body == page.body
    begun = time.monotonic()
    missing = paper.ask("/b.html", port=port)
    assert missing.status == 503
    assert missing.headers["Retry-After"]
    assert paper.ask("/private/?x=1", port=port).status == 503
    assert time.monotonic() - begun < 2
    until = time.monotonic() + 1.2
    while time.monotonic() < until:
        # Its time is over meanwhile, which is better than nothing.
        assert paper.ask("/timed/", port=port).body == timed.body
    (paper.folder / "down").unlink()
    until = time.monotonic() + 5
    while paper.ask("/b.html", port=port).status != 200:
        assert time.monotonic() < until


def test_a_database_that_hangs_is_answered_for_within_two_seconds(paper: Paper, port: int) -> None:
    gate = paper.folder / "gate"
    page = paper.ask("/a.html", port=port)
    os.mkfifo(gate)
    begun = time.monotonic()
    silence.note_question(paper.store.versions.numbers, time.time())
    missing = paper.ask("/b.html", port=port)
    assert missing.status == 503
    assert time.monotonic() - begun < 2.5
    silence.note_answer(paper.store.versions.numbers)
    assert paper.ask("/a.html", port=port).body == page.body
    with gate.open("w"):
        gate.unlink()


def test_who_is_passed_on_to_a_hung_database_is_told_too_however_many_they_are(
    paper: Paper,
) -> None:
    gate = paper.folder / "gate"
    page = paper.ask("/a.html")
    os.mkfifo(gate)
    silence.note_question(paper.store.versions.numbers, time.time())

    def ask(number: int) -> tuple[int, str | None, float]:
        begun = time.monotonic()
        path, method = (f"/a.html?x={number}", "GET") if number % 4 else ("/echo/", "POST")
        answer = paper.ask(path, method=method, body=b"hello" if method == "POST" else None)
        return answer.status, answer.headers["Retry-After"], time.monotonic() - begun

    # More than the threads of both workers, so that nobody is there to say it but the front.
    with ThreadPoolExecutor(41) as readers:
        editor = readers.submit(paper.ask, "/admin/")
        told = list(readers.map(ask, range(40)))
        assert {(status, retry) for status, retry, _ in told} == {(503, "5")}
        assert max(seconds for _, _, seconds in told) < 4
        assert paper.ask("/a.html").body == page.body
        assert not editor.done()
        silence.note_answer(paper.store.versions.numbers)
        with gate.open("w"):
            gate.unlink()
        assert editor.result().status == 200
    assert paper.ask("/a.html?x=1").status == 200


def test_it_takes_requests_one_after_the_other_on_one_connection(paper: Paper) -> None:
    paper.ask("/a.html")
    get = b"GET /a.html HTTP/1.1\r\nHost: news.test\r\n\r\n"
    post = b"POST /echo/ HTTP/1.1\r\nHost: news.test\r\nContent-Length: 5\r\n\r\nhello"
    last = b"GET /b.html HTTP/1.1\r\nHost: news.test\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", paper.front_port), timeout=10) as connection:
        for part in (get[:10], get[10:] + get + get, post, last):
            connection.sendall(part)
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    assert received.count(b"HTTP/1.1 200 OK") == 5
    assert b"hello" in received
    assert received.index(b"hello") < received.index(b"/b.html")


def test_a_large_upload_and_a_slow_reader_pass_through(paper: Paper) -> None:
    body = os.urandom(3_000_000)
    assert paper.ask("/echo/", method="POST", body=body).body == body


def test_the_server_knows_the_visitor_behind_the_front(paper: Paper) -> None:
    assert paper.ask("/visitor/?x=1").text == "127.0.0.1"
    assert paper.ask("/visitor/?x=1", X_Forwarded_For="6.6.6.6").text == "127.0.0.1"


@pytest.mark.parametrize(
    "start",
    [
        b"GET /a.html HTTP/1.1\r\n\r\n",
        b"GET /a.html HTTP/1.1\r\nHost: news.test\r\nHost: other.test\r\n\r\n",
        b"GET /a.html HTTP/1.1\r\nHost: news.test\r\n x: folded\r\n\r\n",
        b"GET http://other.test/a.html HTTP/1.1\r\nHost: news.test\r\n\r\n",
        b"GET //a.html HTTP/1.1\r\nHost: news.test\r\n\r\n",
        b"GET /../a.html HTTP/1.1\r\nHost: news.test\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET /%00 HTTP/1.1\r\nHost: news.test\r\n\r\n",
    ],
)
def test_what_is_no_plain_request_is_left_to_the_server(paper: Paper, start: bytes) -> None:
    with socket.create_connection(("127.0.0.1", paper.front_port), timeout=10) as connection:
        connection.sendall(start)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65536):
            pass
    assert paper.ask("/a.html").status == 200
    assert paper.front.poll() is None


def test_no_read_fails_while_drops_and_readers_meet(paper: Paper) -> None:
    """Each reader sees numbers that only grow, and never less than what was dropped before."""
    stop = threading.Event()
    known = [0]
    problems: list[str] = []

    def read(port: int) -> None:
        while not stop.is_set():
            least = known[0]
            answer = paper.ask("/a.html", port=port)
            if answer.status != 200 or int(answer.text.split()[0][3:]) < least:
                problems.append(f"{answer.status} {answer.text[:20]} after {least}")

    paper.write("0")
    with ThreadPoolExecutor(6) as threads:
        for port in [paper.front_port, paper.server_port] * 3:
            threads.submit(read, port)
        for number in range(1, 101):
            paper.write(f"{number}")
            paper.store.drop(["page"])
            known[0] = number
        stop.set()
    assert problems == []


def test_after_a_large_drop_pages_are_made_that_nobody_has_asked_for(paper: Paper) -> None:
    """After a small one the next reader makes a page. The front asks for none of these."""

    def have_read(name: str, number: int) -> list[str]:
        paths = [f"/{name}-{one}.html" for one in range(number)]
        for path in paths:
            assert "Một" in paper.ask(path).text
        return paths

    def drop(paths: list[str]) -> None:
        paper.store.drop([path.strip("/") for path in paths])

    def wait_for(paths: list[str]) -> None:
        until = time.monotonic() + 60
        while any(paper.renders(path) < 2 for path in paths):
            assert time.monotonic() < until
            time.sleep(0.05)

    few, many = have_read("few", LARGE_DROP), have_read("many", LARGE_DROP + 1)
    paper.write("Hai")
    drop(few)
    drop(many)
    wait_for(many)
    assert [paper.renders(path) for path in few] == [1] * len(few)
    assert [paper.ask(path).text.count("Hai") for path in (*few, *many)] == [1] * (
        len(few) + len(many)
    )
    assert {paper.renders(path) for path in (*few, *many)} == {2}
