"""What many tests say about a page, said once."""

import re
import time
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse

if TYPE_CHECKING:
    from playwright.sync_api import Page

WAIT_SECONDS = 30.0


def assert_public(response: HttpResponse, *, status: int = 200) -> None:
    """The page is the same for every reader, safe to keep, and has one main heading."""
    assert response.status_code == status
    assert not response.cookies, "a public page must not set a cookie"
    assert "Set-Cookie" not in response.headers
    vary = [name.strip().lower() for name in response.headers.get("Vary", "").split(",")]
    assert "cookie" not in vary, "a public page must not vary by cookie"
    assert response.headers.get("X-Content-Type-Options") == "nosniff"
    policy = response.headers.get("Content-Security-Policy", "")
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    if response.headers.get("Content-Type", "").startswith("text/html"):
        html = response.content.decode()
        assert len(re.findall(r"<h1[\s>]", html)) == 1, "a page has one h1"
        assert "csrfmiddlewaretoken" not in html


def wait_until(page: "Page", expression: str, arg: Any = None) -> None:
    """Wait until an expression is true in the page; fails after ``WAIT_SECONDS``.

    The browser's own way of waiting, ``wait_for_function``, evaluates text inside the page, which
    our Content-Security-Policy forbids: it works only where the first look finds it true.
    """
    until = time.monotonic() + WAIT_SECONDS
    while not page.evaluate(expression, arg):
        assert time.monotonic() < until, f"never became true: {expression}"
        page.wait_for_timeout(50)
