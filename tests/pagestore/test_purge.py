"""What proxies and CDNs are told, and a real Varnish that is told it."""

import json
import multiprocessing
import queue
import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from newsroom.pagestore.purge import MOST_TAGS, Purger, purge_requests
from tests.pagestore.conftest import Paper, free_port

TAGS = frozenset(["front", "article:12"])


def test_fastly_is_told_the_tags_of_a_change() -> None:
    url = "fastly+https://key:secret@api.fastly.test/service/1"
    (request,) = purge_requests(url, TAGS, [])
    assert (request.method, request.url) == ("POST", "https://api.fastly.test/service/1/purge")
    assert request.headers["Surrogate-Key"] == "article:12 front"
    assert request.headers["Fastly-Key"] == "secret"
    (everything,) = purge_requests(url, frozenset("*"), [])
    assert everything.url == "https://api.fastly.test/service/1/purge_all"
    many = purge_requests(url, frozenset(f"article:{n}" for n in range(700)), [])
    assert len(many) > 1
    assert all(len(one.headers["Surrogate-Key"].split()) <= 256 for one in many)


def test_cloudflare_is_told_thirty_tags_at_a_time() -> None:
    url = "cloudflare+https://key:secret@api.cloudflare.test/client/v4/zones/1"
    requests = purge_requests(url, frozenset(f"article:{n}" for n in range(70)), [])
    assert [len(json.loads(request.body or b"")["tags"]) for request in requests] == [30, 30, 10]
    assert requests[0].url.endswith("/zones/1/purge_cache")
    assert requests[0].headers["Authorization"] == "Bearer secret"
    (everything,) = purge_requests(url, frozenset("*"), [])
    assert json.loads(everything.body or b"") == {"purge_everything": True}


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="akamai"):
        purge_requests("akamai+https://x.test", TAGS, [])


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_worker_sends_at_once_though_its_parent_has_sent_before() -> None:
    told: queue.Queue[str] = queue.Queue()

    class Proxy(BaseHTTPRequestHandler):
        def do_PURGE(self) -> None:
            told.put(self.headers["X-Tags"])
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Proxy) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        purger = Purger([f"varnish+http://127.0.0.1:{server.server_port}"])
        purger.purge(frozenset(["before"]), [])
        assert "before" in told.get(timeout=10)

        def work() -> None:
            purger.purge(frozenset(["first"]), [])
            purger.finish()

        worker = multiprocessing.get_context("fork").Process(target=work)
        worker.start()
        assert "first" in told.get(timeout=10)
        worker.join()
        purger.finish()
        server.shutdown()


@pytest.fixture
def varnish_port(paper: Paper, tmp_path: Path) -> Iterator[int]:
    vcl = Path(__file__).resolve().parents[2] / "deploy" / "varnish.vcl"
    text = vcl.read_text().replace('"8000"', f'"{paper.front_port}"')
    (tmp_path / "newsroom.vcl").write_text(text)
    port = free_port()
    command = [
        "varnishd",
        "-j",
        "none",
        "-F",
        "-n",
        str(tmp_path / "work"),
        "-a",
        f"127.0.0.1:{port}",
    ]
    command += ["-f", str(tmp_path / "newsroom.vcl"), "-s", "malloc,16m"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    paper.wait(port)
    yield port
    process.terminate()
    process.wait()


@pytest.mark.services
@pytest.mark.skipif(not shutil.which("varnishd"), reason="needs the Debian package varnish")
def test_varnish_forgets_what_shows_the_change_and_keeps_the_rest(
    paper: Paper, varnish_port: int
) -> None:
    def text(path: str) -> str:
        return paper.ask(path, port=varnish_port).text

    assert "Một" in text("/a.html") + text("/b.html")
    paper.write("Hai")
    paper.store.drop(["a.html", "b.html"])
    assert "Một" in text("/a.html?utm_source=x")
    purger = Purger([f"varnish+http://127.0.0.1:{varnish_port}"])
    purger.purge(frozenset(["a.html"]), [])
    purger.finish()
    assert "Hai" in text("/a.html")
    assert "Một" in text("/b.html")


@pytest.mark.services
@pytest.mark.skipif(not shutil.which("varnishd"), reason="needs the Debian package varnish")
@pytest.mark.parametrize("others", [700, 5000])
def test_varnish_is_told_of_a_change_of_any_size(
    paper: Paper, varnish_port: int, others: int
) -> None:
    def text(path: str) -> str:
        return paper.ask(path, port=varnish_port).text

    assert "Một" in text("/a.html") + text("/b.html")
    paper.write("Hai")
    paper.store.drop(["a.html", "b.html"])
    purger = Purger([f"varnish+http://127.0.0.1:{varnish_port}"])
    purger.purge(frozenset(["a.html", *(f"article:{n}" for n in range(others))]), [])
    purger.finish()
    assert "Hai" in text("/a.html")
    # A change of thousands has everything forgotten, one of hundreds only what it is about.
    assert ("Hai" if others > MOST_TAGS else "Một") in text("/b.html")
