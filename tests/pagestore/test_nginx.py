"""deploy/nginx.conf with a real nginx in front of the tiny paper."""

import gzip
import http.client
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from articles import publishing
from bench.serving import recipe, start_nginx
from newsroom.pagestore.nginx_workers import FILES_AT_ONCE
from newsroom.publicpages import MOST_TAG_BYTES
from tests.factories import make_draft, make_user
from tests.pagestore.conftest import Paper, free_port

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(not shutil.which("nginx"), reason="needs the Debian package nginx"),
]

# More than this machine would get: each keeps files open by itself.
WORKERS = 4
# What a process may have open when nobody says otherwise.
MOST_FILES = 1024
DEBIANS_LIMIT = f"worker_rlimit_nofile {MOST_FILES};"


class Behind:
    """The paper behind nginx."""

    def __init__(self, paper: Paper, port: int, nginx: subprocess.Popen[bytes]) -> None:
        self.paper, self.port, self.nginx = paper, port, nginx
        self.store = paper.store_behind_nginx()

    def errors(self) -> str:
        """What nginx has logged."""
        return (self.paper.folder / "nginx.err").read_text()

    @property
    def files(self) -> list[Path]:
        folder = self.paper.folder / "data" / "pages" / "nginx"
        return sorted(path for path in folder.glob("**/*") if path.is_file())


def workers_of(nginx: subprocess.Popen[bytes]) -> set[str]:
    children = Path(f"/proc/{nginx.pid}/task/{nginx.pid}/children")
    return set(children.read_text().split())


@pytest.fixture
def behind(tmp_path: Path) -> Iterator[Behind]:
    # nginx's workers run as a user of their own, who must reach the files.
    for folder in (tmp_path, *tmp_path.parents):
        if folder == Path(tempfile.gettempdir()):
            break
        folder.chmod(0o755)
    paper = Paper(tmp_path)
    paper.go_behind_nginx()
    paper.start_server()
    port = free_port()
    text = recipe(tmp_path / "data", port, paper.server_port, paper.inner_port)
    text = text.replace("news.example", "news.test")
    nginx = start_nginx(tmp_path, "nginx", text, main=DEBIANS_LIMIT, workers=WORKERS)
    paper.wait(port)
    yield Behind(paper, port, nginx)
    nginx.terminate()
    nginx.wait()
    paper.stop()


def test_nginx_takes_the_recipe_and_serves_stored_pages_by_itself(behind: Behind) -> None:
    paper = behind.paper
    for path in ("/a.html", "/", "/muc/"):
        made = paper.ask(path, port=behind.port)
        stored = paper.ask(path, port=behind.port)
        assert stored.body == made.body
        assert made.headers["Server"].startswith("nginx")
        assert stored.headers["Server"].startswith("nginx")
        assert stored.headers["Content-Type"] == "text/html; charset=utf-8"
        assert "Last-Modified" not in stored.headers
        etag = stored.headers["ETag"]
        assert paper.ask(path, port=behind.port, If_None_Match=etag).status == 304
        packed = paper.ask(path, port=behind.port, Accept_Encoding="gzip")
        assert packed.headers["Content-Encoding"] == "gzip"
    assert len(behind.files) == 9
    renders = paper.renders()
    paper.server.terminate()
    paper.server.wait()
    assert paper.ask("/a.html", port=behind.port).status == 200
    assert paper.renders() == renders == 3


def test_a_drop_reaches_nginx_at_once(behind: Behind) -> None:
    paper = behind.paper
    for number in range(30):
        paper.write(f"Lần {number}")
        behind.store.drop(["page"])
        for _ in range(3):
            assert f"Lần {number} " in paper.ask("/a.html", port=behind.port).text
    assert paper.renders() == 30


def test_a_drop_reaches_every_worker_of_nginx(behind: Behind) -> None:
    paper = behind.paper
    with ExitStack() as opened:
        # A connection stays with the worker that has taken it.
        readers = [
            opened.enter_context(closing(http.client.HTTPConnection("127.0.0.1", behind.port)))
            for _ in range(16 * WORKERS)
        ]

        def reads(encoding: str) -> set[str]:
            found = set()
            for reader in readers:
                headers = {"Host": "news.test", "Accept-Encoding": encoding}
                reader.request("GET", "/a.html", headers=headers)
                body = reader.getresponse().read()
                found.add((gzip.decompress(body) if encoding == "gzip" else body).decode())
            return found

        for number in range(5):
            paper.write(f"Lần {number}")
            behind.store.drop(["page"])
            for encoding in ("gzip", "identity"):
                (text,) = reads(encoding)
                assert f"Lần {number} " in text
    assert paper.renders() == 5
    assert behind.errors() == ""


def test_nginx_is_told_after_it_took_a_new_configuration(behind: Behind) -> None:
    paper = behind.paper
    paper.ask("/a.html", port=behind.port)
    behind.store.drop(["page"])
    old = workers_of(behind.nginx)
    behind.nginx.send_signal(signal.SIGHUP)
    until = time.monotonic() + 20
    while old & workers_of(behind.nginx):
        assert time.monotonic() < until
        time.sleep(0.05)
    for _ in range(4 * WORKERS):
        assert "Một" in paper.ask("/a.html", port=behind.port).text
    for number in range(5):
        paper.write(f"Lần {number}")
        behind.store.drop(["page"])
        for _ in range(4 * WORKERS):
            assert f"Lần {number} " in paper.ask("/a.html", port=behind.port).text


def test_all_pages_at_once_leave_nginx(behind: Behind) -> None:
    paper = behind.paper
    paths = [f"/{number}.html" for number in range(2 * FILES_AT_ONCE)]
    paper.ask(paths[0], port=behind.port)
    folder = behind.files[0].parent
    for path in paths:
        (folder / path.removeprefix("/")).write_text("Một")
    # By one worker, which keeps the last ones open.
    with closing(http.client.HTTPConnection("127.0.0.1", behind.port)) as reader:

        def reads(path: str) -> str:
            reader.request("GET", path, headers={"Host": "news.test"})
            return reader.getresponse().read().decode()

        assert {reads(path) for path in paths} == {"Một"}
        paper.write("Hai")
        behind.store.clear()
        assert all("Hai" in reads(path) for path in paths[-100:])


def test_more_pages_are_read_than_nginx_may_have_files_open(behind: Behind) -> None:
    folder = behind.paper.folder / "data" / "pages" / "nginx" / "http" / "news.test"
    folder.mkdir(parents=True)
    for number in range(MOST_FILES + 100):
        (folder / f"{number}.html").write_text(str(number))
    # All by one worker.
    with closing(http.client.HTTPConnection("127.0.0.1", behind.port)) as reader:
        for number in range(MOST_FILES + 100):
            reader.request("GET", f"/{number}.html", headers={"Host": "news.test"})
            answer = reader.getresponse()
            assert (answer.status, answer.read().decode()) == (200, str(number))


@pytest.mark.parametrize("listener", ["nobody", "silent", "another"])
def test_a_page_is_dropped_where_no_nginx_can_be_told(behind: Behind, listener: str) -> None:
    paper = behind.paper
    behind.nginx.terminate()
    behind.nginx.wait()
    with ExitStack() as opened:
        if listener == "silent":
            opened.enter_context(socket.create_server(("127.0.0.1", paper.inner_port)))
        if listener == "another":
            # Some other server of HTTP.
            paper.inner_port = paper.server_port
        store = paper.store_behind_nginx()
        for number in range(2):
            paper.write(f"Lần {number}")
            store.drop(["page"])
            assert f"Lần {number} " in paper.ask("/a.html", port=paper.server_port).text
            assert behind.files
    assert paper.renders("/a.html") == 2


def test_nginx_has_what_is_made_ahead_with_the_commit(
    behind: Behind, desk: Callable[[Paper], None]
) -> None:
    paper = behind.paper
    desk(paper)
    draft, later = make_draft(headline="Cầu mới thông xe"), make_draft(headline="Lũ về trong đêm")
    editor = make_user("editor")

    def reads(path: str) -> str:
        packed = paper.ask(path, port=behind.port, Accept_Encoding="gzip")
        plain = paper.ask(path, port=behind.port)
        assert gzip.decompress(packed.body) == plain.body
        return plain.text

    assert "Một" in reads("/")
    publishing.publish(draft, by=editor)
    for _ in range(20):
        assert draft.headline in reads("/")
        assert draft.headline in reads(draft.get_absolute_url())
    publishing.withdraw(draft, by=editor)
    for _ in range(20):
        assert draft.headline not in reads("/")
        assert paper.ask(draft.get_absolute_url(), port=behind.port).status == 410
    publishing.publish(later, by=editor)
    assert paper.renders() == 1
    paper.server.terminate()
    paper.server.wait()
    # Nobody but nginx is there to answer.
    for path in ("/", later.get_absolute_url()):
        assert later.headline in reads(path)
        assert paper.ask(path, port=behind.port).status == 200


def test_nginx_leaves_queries_and_other_methods_to_the_newsroom(behind: Behind) -> None:
    paper = behind.paper
    paper.ask("/a.html", port=behind.port)
    paper.ask("/muc/", port=behind.port)
    assert "trang=2" in paper.ask("/muc/?trang=2", port=behind.port).text
    assert "x=1" in paper.ask("/a.html?x=1", port=behind.port).text
    assert paper.ask("/echo/", method="POST", body=b"hello", port=behind.port).text == "hello"
    posted = paper.ask("/a.html", method="POST", body=b"", port=behind.port)
    assert posted.status == 200


def test_nginx_takes_the_longest_heads(behind: Behind) -> None:
    # Not a page of a file: all its head comes from the newsroom.
    answer = behind.paper.ask("/many/?trang=2", port=behind.port)
    assert answer.status == 200 and len(answer.headers["Cache-Tag"]) == MOST_TAG_BYTES


def test_a_page_whose_time_is_over_leaves_nginx(behind: Behind) -> None:
    paper = behind.paper
    paper.ask("/timed/", port=behind.port)
    paper.write("Hai")
    until = time.monotonic() + 5
    while "Hai" not in paper.ask("/timed/", port=behind.port).text:
        assert time.monotonic() < until


def test_only_the_newsroom_takes_large_files(behind: Behind) -> None:
    video = bytes(40 * 1024 * 1024)
    sent = behind.paper.ask("/admin/", method="POST", body=video, port=behind.port)
    assert sent.status != 413
    sent = behind.paper.ask("/echo/", method="POST", body=video, port=behind.port)
    assert sent.status == 413


def test_nginx_serves_parts_of_recordings_by_itself(behind: Behind) -> None:
    paper = behind.paper
    folder = paper.folder / "data" / "media" / "recordings"
    folder.mkdir(parents=True)
    video = bytes(range(256)) * 400
    name = "0123456789abcdef" * 2
    (folder / f"{name}.mp4").write_bytes(video)
    (folder / f"{name}.vtt").write_bytes(b"WEBVTT")
    (folder / f"{name}.html").write_bytes(b"<script>")
    paper.server.terminate()
    paper.server.wait()
    address = f"/media/recordings/{name}"
    whole = paper.ask(f"{address}.mp4", port=behind.port)
    assert (whole.body, whole.headers["Content-Type"]) == (video, "video/mp4")
    assert whole.headers["X-Content-Type-Options"] == "nosniff"
    assert whole.headers["Content-Disposition"] == "inline"
    part = paper.ask(f"{address}.mp4", port=behind.port, Range="bytes=100-199")
    assert (part.status, part.body) == (206, video[100:200])
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(video)}"
    words = paper.ask(f"{address}.vtt", port=behind.port)
    assert words.headers["Content-Type"] == "text/vtt; charset=utf-8"
    assert paper.ask(f"{address}.html", port=behind.port).status == 502


def test_the_units_are_what_systemd_understands() -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("needs systemd-analyze")
    unit = Path(__file__).resolve().parents[2] / "deploy" / "newsroom.service"
    done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True)
    assert "Unknown" not in done.stderr
