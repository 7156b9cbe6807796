"""What only a browser shows: script or none, narrow screens, remembered size, accessibility."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from articles.models import Article
from tests.support import assert_accessible, lay_out_everything, wait_until

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page, Route


Opener = Callable[..., "BrowserContext"]


@pytest.fixture
def addresses(full_paper: Article, live_server: Any) -> dict[str, str]:
    paths = {
        "front": "/",
        "section": "/chinh-tri/",
        "second page": "/chinh-tri/?trang=2",
        "article": full_paper.get_absolute_url(),
        "author": "/tac-gia/hoai-anh/",
        "search": "/tim-kiem/?q=tin",
        "comment form": f"/binh-luan/{full_paper.pk}/gui/",
        "not found": "/khong-co/",
    }
    return {name: live_server.url + path for name, path in paths.items()}


def size_of_text(page: "Page") -> float:
    text = ".story__body p:not(.story__standfirst)"
    return page.eval_on_selector(text, "e => parseFloat(getComputedStyle(e).fontSize)")


def test_the_chosen_size_outlives_a_reload(page: "Page", addresses: dict[str, str]) -> None:
    page.goto(addresses["article"])
    usual = size_of_text(page)
    larger = page.get_by_role("button", name="Chữ to hơn")
    larger.click()
    larger.click()
    assert size_of_text(page) == pytest.approx(usual * 1.3, abs=0.2)
    page.reload()
    assert size_of_text(page) == pytest.approx(usual * 1.3, abs=0.2)
    assert page.evaluate("document.cookie") == ""
    page.get_by_role("button", name="Cỡ chữ thường").click()
    assert size_of_text(page) == usual


def test_the_chosen_size_is_there_before_the_first_paint(
    open_browser: Opener, addresses: dict[str, str]
) -> None:
    context = open_browser()
    page = context.new_page()
    page.goto(addresses["article"])
    page.evaluate("localStorage.setItem('size', '150'); localStorage.setItem('theme', 'dark')")
    # Only the inline script is left to run: no file of ours arrives.
    context.route("**/*.js", lambda route: route.abort())
    page.goto(addresses["article"])
    assert page.evaluate("document.documentElement.dataset.size") == "150"
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert colour == "rgb(22, 22, 22)"


def test_nothing_moves_while_the_page_loads(page: "Page", addresses: dict[str, str]) -> None:
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver(list => list.getEntries().forEach("
        "entry => { window.shift += entry.value })).observe({type: 'layout-shift', buffered: true})"
    )
    for name in ("front", "article"):
        page.goto(addresses[name], wait_until="networkidle")
        assert page.evaluate("window.shift") < 0.01, name


def test_comfort_panel_changes_colours_and_closes_with_escape(
    page: "Page", addresses: dict[str, str]
) -> None:
    page.goto(addresses["front"])
    page.locator(".comfort summary").click()
    page.get_by_label("Vàng ấm").check()
    assert page.evaluate("document.documentElement.dataset.theme") == "sepia"
    page.keyboard.press("Escape")
    assert not page.locator(".comfort").evaluate("e => e.open")
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "sepia"


def test_without_script_the_menu_opens_and_no_dead_control_shows(
    page_without_script: "Page", addresses: dict[str, str]
) -> None:
    page = page_without_script
    page.goto(addresses["article"])
    assert page.locator("site-clock").is_hidden()
    assert page.locator(".size-steps").is_hidden()
    assert page.locator(".comfort").is_hidden()
    assert page.get_by_role("button", name="Chép liên kết").is_hidden()
    assert page.get_by_role("link", name="Facebook").is_visible()
    link = page.locator(".sections__panel").get_by_role("link", name="Xây dựng Đảng")
    assert link.is_hidden()
    page.locator(".sections summary").click()
    link.click()
    assert page.url.endswith("/chinh-tri/xay-dung-dang/")


def test_the_clock_tells_the_time_in_hanoi_everywhere(
    open_browser: Opener, addresses: dict[str, str]
) -> None:
    for zone in ("America/New_York", "Pacific/Auckland"):
        page = open_browser(timezone_id=zone, locale="en-US").new_page()
        page.clock.set_fixed_time("2024-11-22T13:14:00Z")
        page.goto(addresses["front"])
        clock = page.locator("site-clock")
        assert clock.inner_text() == "Thứ Sáu, 22/11/2024 20:14 (GMT +7)"
        page.clock.set_fixed_time("2024-12-31T17:00:00Z")
        page.reload()
        assert clock.inner_text() == "Thứ Tư, 01/01/2025 00:00 (GMT +7)"
        page.clock.set_fixed_time("2025-01-05T05:00:00Z")
        page.reload()
        assert clock.inner_text() == "Chủ Nhật, 05/01/2025 12:00 (GMT +7)"


@pytest.mark.parametrize("width", [320, 360])
def test_nothing_scrolls_sideways_on_a_narrow_screen(
    open_browser: Opener, addresses: dict[str, str], width: int
) -> None:
    page = open_browser(viewport={"width": width, "height": 700}).new_page()
    for name, address in addresses.items():
        for size in ("100", "150"):
            page.goto(address)
            lay_out_everything(page)
            page.evaluate(f"document.documentElement.dataset.size = '{size}'")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, size)


def test_buttons_and_menus_are_large_enough_for_a_thumb(
    phone: "Page", addresses: dict[str, str]
) -> None:
    phone.goto(addresses["article"])
    for control in phone.locator("button:visible, summary:visible, .button:visible").all():
        box = control.bounding_box()
        assert box and box["width"] >= 44 and box["height"] >= 44, control.inner_html()


def test_half_of_the_front_page_has_the_columns_of_the_whole(
    page: "Page", addresses: dict[str, str]
) -> None:
    columns = "e => getComputedStyle(e).gridTemplateColumns.split(' ').length"
    page.goto(addresses["front"])
    whole = page.locator(".front-top").evaluate(columns)

    def cut(route: "Route") -> None:
        answer = route.fetch()
        before, found, _rest = answer.text().partition('<section class="latest"')
        assert found
        route.fulfill(response=answer, body=before)

    # As a slow line brings it: what has come must not move when the rest does.
    page.route(addresses["front"], cut)
    page.goto(addresses["front"])
    assert page.locator(".latest").count() == 0
    assert page.locator(".front-top").evaluate(columns) == whole > 1


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        ("article", ".site-footer"),
        ("article", ".comments"),
        ("section", ".story-list > :last-child"),
    ],
)
def test_a_phone_lays_out_what_is_further_down_as_it_comes_near(
    phone: "Page", page: "Page", addresses: dict[str, str], kind: str, part: str
) -> None:
    laid_out = "e => e.firstElementChild.checkVisibility({ contentVisibilityAuto: true })"
    phone.goto(addresses[kind])
    assert not phone.locator(part).last.evaluate(laid_out)
    phone.locator(part).last.evaluate("e => e.scrollIntoView()")
    wait_until(phone, f"({laid_out})([...document.querySelectorAll('{part}')].at(-1))")
    # A wide screen, where much is in sight at once, lays out all.
    page.goto(addresses[kind])
    assert page.locator(part).last.evaluate(laid_out)


def test_axe_finds_nothing(phone: "Page", addresses: dict[str, str]) -> None:
    for address in addresses.values():
        phone.goto(address)
        phone.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
        assert_accessible(phone)


def test_the_sepia_theme_is_readable_too(page: "Page", addresses: dict[str, str]) -> None:
    page.goto(addresses["article"])
    page.evaluate("document.documentElement.dataset.theme = 'sepia'")
    found = Axe().run(page).response["violations"]
    assert not found, [(v["id"], v["nodes"][0]["html"]) for v in found]


def test_the_keyboard_reaches_the_text_first(page: "Page", addresses: dict[str, str]) -> None:
    page.goto(addresses["article"])
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "noi-dung"


def test_no_other_site_is_asked_and_no_error_is_logged(
    page: "Page", addresses: dict[str, str], live_server: Any
) -> None:
    asked: list[str] = []
    troubles: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: troubles.append(message.text))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    for name in ("front", "section", "article"):
        page.goto(addresses[name], wait_until="networkidle")
    assert [url for url in asked if not url.startswith(live_server.url)] == []
    assert troubles == []


def test_an_article_takes_few_requests(page: "Page", addresses: dict[str, str]) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(addresses["article"], wait_until="networkidle")
    assert len(asked) <= 14, asked
    # Italics come only to an article that has some.
    assert [url for url in asked if "italic" in url] == []


def test_what_to_go_on_to_stands_beside_on_a_wide_screen_and_below_on_a_phone(
    page: "Page", phone: "Page", addresses: dict[str, str]
) -> None:
    for screen, beside in ((page, True), (phone, False)):
        screen.goto(addresses["not found"])
        main = screen.locator(".with-rail__main").bounding_box()
        rail = screen.locator(".rail").bounding_box()
        assert main and rail
        assert (rail["x"] >= main["x"] + main["width"]) is beside
        assert (rail["y"] >= main["y"] + main["height"]) is not beside


def test_printing_leaves_the_story_alone(page: "Page", addresses: dict[str, str]) -> None:
    page.goto(addresses["article"])
    page.emulate_media(media="print")
    for hidden in (".site-nav", ".story__tools", ".comments", ".site-footer", ".story__share"):
        assert page.locator(hidden).is_hidden(), hidden
    for shown in (".story__headline", ".story__dateline", ".story__byline", ".print-only"):
        assert page.locator(shown).is_visible(), shown
