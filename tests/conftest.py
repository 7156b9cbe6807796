"""Fixtures shared by all tests: a folder of their own for data, a browser, an HTML checker.

Environment variables that choose what the tests use:
TEST_DATABASE_URL  the database (an SQLite file of this run when it is not set)
CHROMIUM           the browser (/usr/bin/chromium)
VNU_JAR            the Nu HTML checker (node_modules/vnu-jar, else none)
CI                 true makes every skipped test a failure
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

# The settings are read from the environment when Django loads them, which pytest-django does
# after this file: nothing a test does may reach the folder of a newspaper that runs here.
RUN_DIR = Path(tempfile.mkdtemp(prefix="newsroom-tests-"))
for _name in ("DATABASE_URL", "SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL", "DEBUG", "PORT"):
    os.environ.pop(_name, None)
os.environ["DATA_DIR"] = str(RUN_DIR)
if os.environ.get("TEST_DATABASE_URL"):
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]
# Playwright runs its own event loop in the thread of the test, which Django takes for async code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

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


def pytest_unconfigure() -> None:
    """Throw away what this run has written."""
    shutil.rmtree(RUN_DIR, ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that asks for the browser is a browser test, whether or not it says so."""
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
        if item.get_closest_marker("postgres") and not on_postgres():
            item.add_marker(pytest.mark.skip(reason="runs on PostgreSQL only"))
            item.add_marker(pytest.mark.may_skip)


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


@pytest.fixture(autouse=True)
def _own_media(settings: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Each test that writes pictures finds an empty folder."""
    settings.MEDIA_ROOT = tmp_path_factory.getbasetemp() / "media"


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
