"""Every kind of page of the demo paper, for every reader: what it weighs, shows and allows."""

import os
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from bench.weights import PHONE, Weight
from tests.conftest import PROJECT_DIR
from tests.demo.conftest import ReadingSite
from tests.support import assert_accessible

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

Opener = Callable[..., "BrowserContext"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]

KB = 1024

# What has the focus, and whether a person can see that it has.
FOCUS = """() => {
    const element = document.activeElement;
    const style = getComputedStyle(element);
    const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    return {
        name: element.name,
        type: element.type,
        seen: element.getBoundingClientRect().width > 0 && ring,
        html: element.outerHTML.slice(0, 100),
    };
}"""


# The addresses of all articles and how many there are of what must not be loaded twice.
CONTENTS = """
from accounts.models import User
from articles.models import Article
from photos.models import Photo
print(Article.objects.count(), Photo.objects.count(), User.objects.count())
for article in Article.objects.published(): print(article.get_absolute_url())
"""


def first_view(open_browser: Opener, address: str) -> Weight:
    """What a reader's phone fetches who opens the page for the first time and does not scroll."""
    page = open_browser(**PHONE).new_page()
    weight = Weight(page)
    page.goto(address, wait_until="networkidle")
    return weight


def test_it_is_loaded_once_and_every_article_answers(site: ReadingSite) -> None:
    def manage(*command: str) -> str:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "newsroom.settings",
            "DATA_DIR": str(site.folder),
        }
        return subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=PROJECT_DIR,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    before = manage("shell", "-v", "0", "-c", CONTENTS)
    for path in before.splitlines()[1:]:
        with urllib.request.urlopen(site.address + path, timeout=60) as answer:
            assert answer.status == 200
    logins = site.folder / "demo-logins.txt"
    assert logins.stat().st_mode & 0o077 == 0, "the password is nobody else's to read"
    manage("load_demo")
    assert manage("shell", "-v", "0", "-c", CONTENTS) == before


def test_an_article_is_light(open_browser: Opener, site: ReadingSite) -> None:
    # The last has italics, which come in a file of their own.
    for kind in ("article", "long article", "article with a table"):
        weight = first_view(open_browser, site.url(kind))
        figures = (kind, weight.bytes, weight.addresses)
        assert weight.bytes["Document"] <= 20 * KB, figures
        assert weight.bytes["Stylesheet"] <= 20 * KB, figures
        assert weight.bytes["Script"] <= 10 * KB, figures
        assert weight.bytes["Font"] <= 65 * KB, figures
        assert weight.without_pictures <= 110 * KB, figures
        assert len(weight.addresses) <= 14, figures


def test_the_front_page_is_light(open_browser: Opener, site: ReadingSite) -> None:
    weight = first_view(open_browser, site.url("front"))
    assert weight.bytes["Document"] <= 45 * KB, weight.bytes
    assert weight.bytes["Image"] <= 350 * KB, weight.bytes


def test_no_page_asks_another_site_or_sets_a_cookie(
    open_browser: Opener, site: ReadingSite
) -> None:
    context = open_browser()
    for kind in site.pages:
        page = context.new_page()
        weight = Weight(page)
        page.goto(site.url(kind), wait_until="networkidle")
        elsewhere = [
            url for url in weight.addresses if not url.startswith((site.address, "data:", "blob:"))
        ]
        assert elsewhere == [], kind
        page.close()
    assert context.cookies() == []


def test_nothing_moves_while_a_page_comes(open_browser: Opener, site: ReadingSite) -> None:
    for options in (PHONE, {}):
        for kind in ("front", "section", "article", "long article"):
            page = open_browser(**options).new_page()
            page.goto(site.url(kind), wait_until="networkidle")
            shift = page.evaluate(
                """() => new Promise((resolve) => {
                    let sum = 0;
                    new PerformanceObserver((list) => {
                        for (const entry of list.getEntries()) sum += entry.value;
                    }).observe({ type: 'layout-shift', buffered: true });
                    requestAnimationFrame(() => requestAnimationFrame(() => resolve(sum)));
                })"""
            )
            assert shift <= 0.01, (kind, shift)
            assert page.evaluate("scrollY") == 0, kind
            page.context.close()


def test_axe_finds_nothing_on_any_page(open_browser: Opener, site: ReadingSite) -> None:
    page = open_browser().new_page()
    for kind in site.pages:
        page.goto(site.url(kind))
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
        same = () if kind in ("front", "English front") else (".site-header", ".site-footer")
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 800})
            assert_accessible(page, forced_colours=width == 360, but_the_looks_of=same)


def test_every_page_fits_a_narrow_screen_and_large_text(
    open_browser: Opener, site: ReadingSite
) -> None:
    page = open_browser().new_page()
    for kind in site.pages:
        page.goto(site.url(kind))
        for width, text in ((320, "100%"), (1280, "200%"), (360, "200%")):
            page.set_viewport_size({"width": width, "height": 700})
            page.evaluate(f"document.documentElement.style.fontSize = '{text}'")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (kind, text)


def test_every_page_has_its_heading_and_its_text_without_script(
    open_browser: Opener, site: ReadingSite
) -> None:
    page = open_browser(java_script_enabled=False, **PHONE).new_page()
    for kind in site.pages:
        page.goto(site.url(kind))
        assert page.locator("h1").count() == 1, kind
        assert page.locator("main").inner_text().strip(), kind


def test_nothing_moves_for_who_asked_for_stillness(open_browser: Opener, site: ReadingSite) -> None:
    page = open_browser(reduced_motion="reduce").new_page()
    for kind in ("front", "section", "article", "long article"):
        page.goto(site.url(kind))
        moving = page.evaluate(
            """() => [document.documentElement, ...document.querySelectorAll('*')]
                .map((e) => [e, getComputedStyle(e)])
                .filter(([, s]) => s.scrollBehavior === 'smooth'
                    || s.animationName !== 'none' || parseFloat(s.transitionDuration) > 0)
                .map(([e]) => e.outerHTML.slice(0, 80))"""
        )
        assert moving == [], kind


def test_the_keyboard_alone_leads_from_the_skip_link_to_a_comment_that_is_sent(
    open_browser: Opener, site: ReadingSite
) -> None:
    page = open_browser().new_page()
    page.goto(site.url("article"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")
    words = {"name": "Bạn đọc", "text": "Bài hay, xin cảm ơn tòa soạn."}
    for _ in range(200):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        assert focus["seen"], f"no visible focus on {focus['html']}"
        if focus["name"] in words:
            page.keyboard.type(words.pop(focus["name"]))
        elif not words and focus["type"] == "submit":
            page.keyboard.press("Enter")
            break
    page.get_by_text("chờ duyệt").first.wait_for()
