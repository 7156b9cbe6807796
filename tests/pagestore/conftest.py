import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from newsroom.pagestore import ahead
from newsroom.pagestore.nginx_files import NginxFiles
from newsroom.pagestore.nginx_workers import NginxWorkers
from newsroom.pagestore.store import Store, page_store

PROJECT_DIR = Path(__file__).resolve().parents[2]
START_SECONDS = 120
LIMIT = 64 * 1024 * 1024


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Answer:
    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def text(self) -> str:
        return self.body.decode()


class Paper:
    """The tiny paper, its processes and its store."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.write("Một")
        self.store_url = "file://"
        self.settings: dict[str, str] = {}
        self.processes: list[subprocess.Popen[bytes]] = []
        self.server_port, self.front_port, self.inner_port = free_port(), free_port(), free_port()
        self._store: Store | None = None

    @property
    def store(self) -> Store:
        """The store as another process of the machine sees it, such as the admin's."""
        if self._store is None:
            self._store = Store(self.folder / "data" / "pages", limit=LIMIT)
        return self._store

    def go_behind_nginx(self) -> None:
        """To be called before the server is started."""
        port = str(self.inner_port)
        self.settings = {
            "PAGE_STORE_NGINX": "yes",
            "PAGE_STORE_NGINX_PORT": port,
            "BEHIND_PROXY": "yes",
        }

    def store_behind_nginx(self) -> Store:
        """As ``store``, for a paper behind nginx."""
        pages = self.folder / "data" / "pages"
        nginx = NginxFiles(pages / "nginx", NginxWorkers(self.inner_port))
        return Store(pages, limit=LIMIT, nginx=nginx)

    def write(self, text: str) -> None:
        """Commit a change."""
        (self.folder / "text").write_text(text)

    def renders(self, path: str = "") -> int:
        try:
            lines = (self.folder / "renders").read_text().splitlines()
        except FileNotFoundError:
            return 0
        return sum(path in ("", line) for line in lines)

    def start(self, workers: int = 2) -> None:
        self.start_server(workers)
        self.start_front()

    def start_server(self, workers: int = 2) -> None:
        environ = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "newsroom.settings",
            "DATA_DIR": str(self.folder / "data"),
            "PAGE_RENDER_SECONDS": "2",
            "TINY": str(self.folder),
            "PAGE_STORE_URL": self.store_url,
            "PAGE_FRONT": "1",
            "ALLOWED_HOSTS": "127.0.0.1,news.test,other.test",
            "PYTHONPATH": str(PROJECT_DIR),
            **self.settings,
        }
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"]
        # A worker told to stop while it starts may never end by itself.
        command += ["--workers-kill-timeout", "3"]
        command += ["--workers", str(workers), "--blocking-threads", "16"]
        command += ["--port", str(self.server_port), "tests.pagestore.tiny:application"]
        self.server = self._run(command, environ)
        self.wait(self.server_port)

    def start_front(self) -> None:
        command = [sys.executable, "-m", "newsroom.pagestore.front"]
        command += ["--listen", f"127.0.0.1:{self.front_port}"]
        command += ["--server", f"127.0.0.1:{self.server_port}"]
        command += ["--folder", str(self.folder / "data" / "pages")]
        if self.store_url != "file://":
            command.append("--several-machines")
        self.front = self._run(command, dict(os.environ))
        self.wait(self.front_port)

    def stop(self) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
        self.processes.clear()

    def ask(
        self,
        path: str,
        *,
        method: str = "GET",
        port: int | None = None,
        body: bytes | None = None,
        **headers: str,
    ) -> Answer:
        """One request on a connection of its own, to the front unless a port is given."""
        connection = http.client.HTTPConnection("127.0.0.1", port or self.front_port, timeout=20)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body=body, headers={"Host": "news.test", **sent})
        answer = Answer(connection.getresponse())
        connection.close()
        return answer

    def _run(self, command: list[str], environ: dict[str, str]) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                command, cwd=PROJECT_DIR, env=environ, stdout=log, stderr=subprocess.STDOUT
            )
        self.processes.append(process)
        return process

    def wait(self, port: int) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError((self.folder / "log").read_text())


@pytest.fixture
def desk(
    settings: Any, monkeypatch: pytest.MonkeyPatch, transactional_db: None
) -> Iterator[Callable[[Paper], None]]:
    """Lets this process publish as the admin of a paper does, on the paper's machine."""
    # However busy this machine is.
    monkeypatch.setattr(ahead, "SECONDS", 60.0)
    monkeypatch.setattr(ahead, "PROCESSOR_SECONDS", 60.0)

    def sit_at(paper: Paper) -> None:
        settings.DATA_DIR = paper.folder / "data"
        settings.PAGE_STORE_URL = paper.store_url
        settings.PAGE_STORE_NGINX = "PAGE_STORE_NGINX" in paper.settings
        settings.PAGE_STORE_NGINX_PORT = paper.inner_port
        settings.ALLOWED_HOSTS = ["news.test"]
        page_store.cache_clear()

    yield sit_at
    page_store.cache_clear()


@pytest.fixture
def own_paper(tmp_path: Path) -> Iterator[Paper]:
    """A paper whose processes the test may stop."""
    paper = Paper(tmp_path)
    paper.start()
    yield paper
    paper.stop()


@pytest.fixture(scope="session")
def _running_paper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paper]:
    paper = Paper(tmp_path_factory.mktemp("paper"))
    paper.start()
    yield paper
    paper.stop()


@pytest.fixture
def paper(_running_paper: Paper) -> Paper:
    """The running paper as it was at the beginning, with nothing stored."""
    for name in ("gate", "down", "renders"):
        (_running_paper.folder / name).unlink(missing_ok=True)
    _running_paper.write("Một")
    _running_paper.store.clear()
    return _running_paper


@pytest.fixture(params=["front", "server"])
def door(request: pytest.FixtureRequest) -> str:
    """Both doors: the front's, and that of the Python server behind it."""
    name: str = request.param
    return name


@pytest.fixture
def port(door: str, paper: Paper) -> int:
    return paper.front_port if door == "front" else paper.server_port
