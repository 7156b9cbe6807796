"""The server, started as `make run` starts it, on an empty newspaper."""

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest

PROJECT_DIR = Path(__file__).resolve().parents[2]
START_SECONDS = 60

pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def variables(tmp_path_factory: pytest.TempPathFactory, collected_static: Path) -> dict[str, str]:
    """The environment of a paper that has its tables and static files."""
    folder = tmp_path_factory.mktemp("paper")
    (folder / "static").symlink_to(collected_static)
    (folder / "demo-logins.txt").write_text("editor  a-password\n")
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "DATA_DIR": str(folder),
        "PORT": str(free_port()),
        "WORKERS": "2",
    }
    command = [sys.executable, "manage.py", "migrate", "-v", "0"]
    subprocess.run(command, cwd=PROJECT_DIR, env=environment, check=True)
    return environment


def start(variables: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "newsroom.server"],
        cwd=PROJECT_DIR,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for(port: int, process: subprocess.Popen[str]) -> None:
    """Return when a page has been answered."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, process.stderr and process.stderr.read()
        with contextlib.suppress(OSError, http.client.HTTPException):
            get(port, "/")
            return
    pytest.fail("the server did not answer")


def get(port: int, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


@pytest.fixture(scope="module")
def server(variables: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    process = start(variables)
    try:
        wait_for(int(variables["PORT"]), process)
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=30)


def test_it_serves_the_front_page_and_the_styles_it_names(
    server: subprocess.Popen[str], variables: dict[str, str]
) -> None:
    port = int(variables["PORT"])
    status, html = get(port, "/")
    assert status == 200
    styles = re.findall(r'href="(/static/[^"]+\.css)"', html)
    assert styles
    for address in styles:
        assert get(port, address)[0] == 200, address


def test_it_serves_the_newsroom(server: subprocess.Popen[str], variables: dict[str, str]) -> None:
    status, html = get(int(variables["PORT"]), "/admin/login/")
    assert status == 200
    assert "csrfmiddlewaretoken" in html


def test_what_is_not_stored_goes_out_compressed_too(
    server: subprocess.Popen[str], variables: dict[str, str]
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", int(variables["PORT"]), timeout=10)
    connection.request("GET", "/tim-kiem/?q=phim", headers={"Accept-Encoding": "br, gzip"})
    response = connection.getresponse()
    html = brotli.decompress(response.read()).decode()
    connection.close()
    assert response.headers["Content-Encoding"] == "br"
    assert "</html>" in html


def test_a_second_server_on_the_same_port_is_refused_with_one_sentence(
    server: subprocess.Popen[str], variables: dict[str, str]
) -> None:
    _, errors = start(variables).communicate(timeout=30)
    assert errors.splitlines() == [
        f"newsroom: PORT is {variables['PORT']}, but it must be a free port, "
        "and another program is using this one."
    ]
    assert get(int(variables["PORT"]), "/")[0] == 200


# Last in this file: it ends the server the others share.
def test_it_says_where_it_is_and_stops_when_told(
    server: subprocess.Popen[str], variables: dict[str, str]
) -> None:
    server.send_signal(signal.SIGTERM)
    output, errors = server.communicate(timeout=30)
    assert server.returncode == 0, errors
    assert f"http://127.0.0.1:{variables['PORT']}/admin/" in output
    assert "editor  a-password" in output
