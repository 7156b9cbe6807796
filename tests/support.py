"""What many tests say about a page, said once."""

import re
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from axe_playwright_python.base import AXE_SCRIPT
from django.http import HttpResponse

if TYPE_CHECKING:
    from playwright.sync_api import Page

WAIT_SECONDS = 30.0
# What a style makes of a page. All other rules judge the document, which is the same in each.
OF_STYLE = ("color-contrast", "link-in-text-block", "target-size")
STYLE: dict[str, Any] = {"runOnly": OF_STYLE}
DOCUMENT: dict[str, Any] = {"rules": {name: {"enabled": False} for name in OF_STYLE}}
# What passes is not listed, and no style sheet is loaded anew for rules that are not in force.
AXE_OPTIONS: dict[str, Any] = {"resultTypes": ["violations"], "preload": {"assets": ["media"]}}


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


def lay_out_everything(page: "Page") -> None:
    """Lay out also what a phone leaves until it comes near, for what looks at the whole page."""
    page.evaluate(
        """() => {
            const all = new CSSStyleSheet();
            all.replaceSync("* { content-visibility: visible !important }");
            document.adoptedStyleSheets = [all];
        }"""
    )


def assert_accessible(
    page: "Page", *, forced_colours: bool = False, but_the_looks_of: Sequence[str] = ()
) -> None:
    """Axe finds nothing on the page, in light, in dark and, if asked, in forced colours.

    ``but_the_looks_of``: selectors of what looks the same on a page that the test judges whole.
    """
    lay_out_everything(page)
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    _assert_axe_finds_nothing(page, DOCUMENT)
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        _assert_axe_finds_nothing(page, STYLE, but_the_looks_of)
    if forced_colours:
        page.emulate_media(color_scheme="light", forced_colors="active")
        _assert_axe_finds_nothing(page, STYLE, but_the_looks_of)
    page.emulate_media(color_scheme="null", reduced_motion="null", forced_colors="null")


def _assert_axe_finds_nothing(
    page: "Page", rules: dict[str, Any], excluded: Sequence[str] = ()
) -> None:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(
        "([where, options]) => axe.run(where, options).then((found) => found.violations)",
        [{"exclude": [[selector] for selector in excluded]}, AXE_OPTIONS | rules],
    )
    assert not found, (page.url, [(one["id"], one["nodes"][0]["html"]) for one in found])
