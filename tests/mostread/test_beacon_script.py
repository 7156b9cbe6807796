"""The script of the article page, in a browser: when it sends what."""

from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

SCRIPT = Path(settings.BASE_DIR) / "static/js/most-read.js"


def read_for_a_while(page: "Page", path: str, seconds: int) -> list[str]:
    """What the page sends within so many seconds of the browser's clock."""
    sent: list[str] = []

    def answer(route: "Route") -> None:
        request = route.request
        if request.method == "POST":
            sent.append(request.url)
            route.fulfill(status=204)
        elif request.url.endswith(".js"):
            route.fulfill(path=SCRIPT, content_type="text/javascript")
        else:
            html = '<!doctype html><title>Tin</title><script type="module" src="/m.js"></script>'
            route.fulfill(body=html, content_type="text/html")

    page.route("**/*", answer)
    page.clock.install()
    page.goto(f"http://bao.example{path}")
    page.clock.run_for(seconds * 1000)
    page.evaluate("fetch('/end', {method: 'POST'})")
    return [url.removeprefix("http://bao.example") for url in sent if not url.endswith("/end")]


def test_five_seconds_in_sight_send_one_beacon(page: "Page") -> None:
    assert read_for_a_while(page, "/mua-lu-3-dem-417.html", 60) == ["/doc/417"]


def test_a_glance_sends_none(page: "Page") -> None:
    assert read_for_a_while(page, "/mua-lu-3-dem-417.html", 4) == []


def test_other_pages_send_none(page: "Page") -> None:
    assert read_for_a_while(page, "/thoi-su/", 60) == []


def test_the_script_is_small() -> None:
    assert SCRIPT.stat().st_size < 600
