"""A newspaper that runs as a small paper would run it: its own data, server and static files."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

PROJECT_DIR = Path(__file__).resolve().parents[2]
PASSWORD = "mat-khau-cua-toa-soan"
STAFF = {
    "phongvien": "reporter",
    "bientap": "editor",
    "tongbientap": "chief",
    "kiemduyet": "moderator",
}
SET_UP = f"""
from django.contrib.auth.models import Group
from accounts.models import User
from categories.models import Category
from masthead.models import Masthead
for name, role in {STAFF!r}.items():
    user = User.objects.create_user(name, password={PASSWORD!r}, name=name, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
parent = Category.objects.create(name="Chính trị", slug="chinh-tri")
Category.objects.create(name="Xây dựng Đảng", slug="xay-dung-dang", parent=parent)
Masthead.objects.create(name="Báo Hành Trình", valid_from="2020-01-01")
"""
START_SECONDS = 180


@dataclass
class Newspaper:
    """A running newsroom: its address, its folder and a way to give it commands."""

    address: str
    environment: dict[str, str]

    def manage(self, *arguments: str) -> str:
        """Run a command of manage.py beside the running server; returns what it printed."""
        return manage(self.environment, *arguments)


def manage(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "manage.py", *arguments]
    result = subprocess.run(
        command, cwd=PROJECT_DIR, env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.fixture(scope="session")
def newspaper(
    tmp_path_factory: pytest.TempPathFactory, collected_static: Path
) -> Iterator[Newspaper]:
    """Started once for all journeys, on SQLite and a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = tmp_path_factory.mktemp("newspaper")
    (folder / "static").symlink_to(collected_static)
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "DATA_DIR": str(folder),
        "BIND": "127.0.0.1",
        "PORT": str(port),
        "WORKERS": "2",
    }
    manage(environment, "migrate", "--no-input", "--verbosity", "0")
    manage(environment, "shell", "--command", SET_UP)
    server = subprocess.Popen(
        [sys.executable, "-m", "newsroom.server"], cwd=PROJECT_DIR, env=environment
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address)
        yield Newspaper(address, environment)
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=5).close()
            return
        except OSError:  # also a late answer of a busy machine
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.1)
