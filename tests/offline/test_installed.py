"""The paper as a reader gets it: the real server with hashed files, through its whole life."""

import http.server
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import CHROMIUM_FLAGS
from tests.offline.conftest import Reader, make_reader
from tests.support import wait_until

PROJECT_DIR = Path(__file__).resolve().parents[2]
START_SECONDS = 60
SET_UP = """
from django.utils import timezone
from articles.models import Article
from categories.models import Category
from masthead.models import Masthead
Masthead.objects.create(name="Báo Sông Quê", valid_from="2020-01-01")
Article.objects.create(
    category=Category.objects.create(name="Chính trị"), headline="Cầu mới", slug="cau-moi",
    body="<p>Đoạn đầu.</p>", status="published", published_at=timezone.now(),
)
"""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def variables(tmp_path_factory: pytest.TempPathFactory, collected_static: Path) -> dict[str, str]:
    """The environment of a paper with one article and its static files."""
    folder = tmp_path_factory.mktemp("paper")
    (folder / "static").symlink_to(collected_static)
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    variables = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | {
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "DATA_DIR": str(folder),
        "BIND": "127.0.0.1",
        "PORT": str(port),
        "WORKERS": "1",
    }
    for command in (["migrate", "-v", "0"], ["shell", "-v", "0", "-c", SET_UP]):
        arguments = [sys.executable, "manage.py", *command]
        subprocess.run(arguments, cwd=PROJECT_DIR, env=variables, check=True)
    return variables


@contextmanager
def serving(variables: dict[str, str], **changes: str) -> Iterator[None]:
    command = [sys.executable, "-m", "newsroom.server"]
    process = subprocess.Popen(command, cwd=PROJECT_DIR, env=variables | changes)
    try:
        wait_for(int(variables["PORT"]))
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def wait_for(port: int) -> None:
    end = time.monotonic() + START_SECONDS
    while True:
        with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
            try:
                connection.request("GET", "/")
                assert connection.getresponse().status == 200
                return
            except OSError:
                assert time.monotonic() < end, "the server did not start"
        time.sleep(0.05)


class Gone(http.server.BaseHTTPRequestHandler):
    """A proxy whose server is gone."""

    def do_GET(self) -> None:
        self.send_response(503)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", "4")
        self.end_headers()
        self.wfile.write(b"Gone")

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def proxy_of_nothing(port: int) -> Iterator[None]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Gone)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def reader(open_browser: Callable[..., Any], variables: dict[str, str]) -> Reader:
    return make_reader(open_browser(), f"http://127.0.0.1:{variables['PORT']}")


def test_the_paper_can_be_installed(
    chromium: Any, variables: dict[str, str], tmp_path: Path
) -> None:
    """Not in a private window, as those of the other tests are: from there nothing is installed."""
    with (
        serving(variables),
        chromium.browser_type.launch_persistent_context(
            tmp_path,
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            args=CHROMIUM_FLAGS,
        ) as context,
    ):
        page = make_reader(context, f"http://127.0.0.1:{variables['PORT']}").read("/")
        browser = context.new_cdp_session(page)
        found = browser.send("Page.getAppManifest")
        assert found["errors"] == []
        assert json.loads(found["data"])["name"] == "Báo Sông Quê"
        assert browser.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
        for icon in page.evaluate(
            """async () => {
              const manifest = await (await fetch("/manifest.webmanifest")).json();
              return Promise.all(manifest.icons.map(async ({src, sizes}) => {
                const image = await createImageBitmap(await (await fetch(src)).blob());
                return [`${image.width}x${image.height}`, sizes];
              }));
            }"""
        ):
            assert icon[0] == icon[1]
        touch = page.locator("link[rel=apple-touch-icon]").get_attribute("href")
        assert page.evaluate("address => fetch(address).then(({status}) => status)", touch) == 200


def test_a_stopped_server_a_broken_one_and_the_end_of_it_all(
    reader: Reader, variables: dict[str, str]
) -> None:
    address = "/cau-moi-1.html"
    with serving(variables):
        page = reader.read(address)
        # The second time it comes from the page store, through the worker.
        page = reader.read(address)
        assert page.locator(".kept-bar").count() == 0
        assert reader.kept_addresses() == {address}
    page = reader.open(address)
    assert page.locator(".kept-bar").is_visible()
    assert page.evaluate("getComputedStyle(document.body).fontFamily").startswith('"Newsroom')
    assert page.evaluate("customElements.get('save-later') !== undefined")
    with proxy_of_nothing(int(variables["PORT"])):
        page = reader.open(address)
        assert page.locator(".kept-bar").is_visible()
        assert page.get_by_role("heading", level=1).inner_text() == "Cầu mới"
        # What has no copy is told as it is.
        assert reader.page.goto(reader.base + "/khong-doc/").status == 503
    with serving(variables, OFFLINE_READING="no"):
        clear = [sys.executable, "manage.py", "pages", "clear"]
        subprocess.run(clear, cwd=PROJECT_DIR, env=variables, check=True)
        page = reader.open(address)
        assert page.locator("link[rel=manifest]").count() == 0
        # As if the ten minutes were over in which a browser does not ask for the worker again.
        page.context.new_cdp_session(page).send("Network.clearBrowserCache")
        page.evaluate("navigator.serviceWorker.getRegistration().then(found => found?.update())")
        wait_until(
            page,
            "Promise.all([navigator.serviceWorker.getRegistration(), caches.keys()])"
            ".then(([worker, names]) => !worker && !names.length)",
        )
