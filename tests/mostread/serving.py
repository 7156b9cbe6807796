"""A real server on a port of its own, for the tests and the benchmark of beacons."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

PROJECT_DIR = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def server(environment: Mapping[str, str], workers: int = 2) -> Iterator[int]:
    """The newsroom's own server; stopped as an operator would stop it. Gives its port."""
    port = free_port()
    env = {
        **os.environ,
        **environment,
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "PORT": str(port),
        "BIND": "127.0.0.1",
        "WORKERS": str(workers),
    }
    process = subprocess.Popen([sys.executable, "-m", "newsroom.server"], cwd=PROJECT_DIR, env=env)
    try:
        wait_until_it_answers(port)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def wait_until_it_answers(port: int) -> None:
    """Until the first answer to a beacon that is none."""
    end = time.monotonic() + START_SECONDS
    while True:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/doc/1")
            assert connection.getresponse().status == 405
            return
        except OSError:
            if time.monotonic() > end:
                raise
        finally:
            connection.close()
        time.sleep(0.05)
