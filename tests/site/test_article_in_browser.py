"""A long article with all that an article can have, in a browser, with and without script."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from articles.contents import FEWEST_SYLLABLES
from articles.models import Article
from categories.models import Category
from core.vietnamese import nfc
from tests.factories import make_article, make_author, make_topic
from tests.site.conftest import LONG, make_photo, use_photo
from tests.support import assert_accessible, wait_until

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page, Route

Opener = Callable[..., "BrowserContext"]
TONES = "\u0300\u0309\u0303\u0301\u0323"
PLAYER = "https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ"


@pytest.fixture
def long_article(paper: Category) -> Article:
    topic = make_topic(name=f"Dòng {LONG}"[:150])
    other = make_article(category=paper, topics=[topic], headline=LONG.strip())
    use_photo(other, make_photo())
    words = "nghiêng " * (FEWEST_SYLLABLES // 3 + 1)
    article = make_article(
        category=paper,
        headline="Một năm giữ nước vịnh trong",
        byline="Hoài Anh",
        authors=[make_author(name="Hoài Anh", role="Phóng viên", bio=LONG, photo=make_photo())],
        topics=[topic],
        published_at=timezone.now(),
        body=(
            f"<p>Đoạn mở đầu.</p><h2>Mùa xuân</h2><p>{words}</p><h2>{LONG}</h2><p>{words}</p>"
            "<h2>Mùa thu</h2><p>[gallery(2-4)]</p>"
            '<blockquote class="pull"><p>Cá đang về lại.</p><p>— Chị Thơm</p></blockquote>'
            f'<aside class="info"><h3>Cần biết</h3><ul><li>{LONG}</li></ul></aside>'
            "<table><caption>Rác theo quý</caption><tbody><tr>"
            + "<td>Nghiêng nghiêng</td>"
            * 14
            + f"</tr></tbody></table><h2>Mùa đông</h2><p>[related({other.pk})]</p><p>{words}</p>"
            "<p>[embed(https://youtu.be/aqz-KE-bpKQ | Phim ngắn)]</p><p>Đoạn cuối.</p>"
        ),
    )
    for number in range(1, 5):
        use_photo(
            article,
            make_photo(1500, 1000, alt=f"Cảnh {number}"),
            caption=f"Chú thích {number}.",
            credit="Lan Anh",
        )
    return article


@pytest.fixture
def address(long_article: Article, live_server: Any) -> str:
    return f"{live_server.url}{long_article.get_absolute_url()}"


def shown_in_viewer(page: "Page") -> str:
    return page.locator(".viewer__place").inner_text()


def test_a_gallery_opens_large_and_the_keyboard_leads_through_it(
    page: "Page", address: str
) -> None:
    scripts: list[str] = []
    page.on("request", lambda request: scripts.append(request.url))
    page.goto(address, wait_until="networkidle")
    assert not any("photo-viewer" in url for url in scripts)
    second = page.locator(".gallery__link").nth(1)
    second.focus()
    page.keyboard.press("Enter")
    viewer = page.get_by_role("dialog", name="Chùm 3 ảnh")
    viewer.wait_for()
    assert shown_in_viewer(page) == "2/3"
    assert viewer.get_by_text("Chú thích 3.").is_visible()
    page.keyboard.press("ArrowRight")
    wait_until(page, "document.querySelector('.viewer__place').textContent === '3/3'")
    page.keyboard.press("ArrowRight")
    assert shown_in_viewer(page) == "3/3"
    viewer.get_by_role("button", name="Ảnh trước").click()
    viewer.get_by_role("button", name="Ảnh trước").click()
    assert shown_in_viewer(page) == "1/3"
    found = Axe().run(page).response["violations"]
    assert not found, [(v["id"], v["nodes"][0]["html"]) for v in found]
    page.keyboard.press("Escape")
    viewer.wait_for(state="detached")
    focused = "document.activeElement.querySelector('img')?.alt"
    assert page.evaluate(focused) == "Cảnh 2", "the focus is where the reader has come to"


def test_a_finger_swipes_and_a_button_closes(phone: "Page", address: str) -> None:
    phone.goto(address)
    phone.locator(".gallery__link").first.tap()
    strip = phone.locator(".viewer__strip")
    strip.wait_for()
    assert shown_in_viewer(phone) == "1/3"
    # What a swipe does: the strip scrolls and comes to rest at a picture.
    strip.evaluate("e => e.scrollTo({left: e.clientWidth * 0.9, behavior: 'instant'})")
    wait_until(phone, "document.querySelector('.viewer__place').textContent === '2/3'")
    picture = strip.locator("img").nth(1)
    assert picture.get_attribute("alt") == "Cảnh 3"
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    phone.get_by_role("button", name="Đóng").tap()
    strip.wait_for(state="detached")


def test_without_script_a_picture_leads_to_its_file(
    page_without_script: "Page", address: str
) -> None:
    page = page_without_script
    page.goto(address)
    page.locator(".gallery__link").first.click()
    page.wait_for_url("**/media/photos/**.jpg")


def test_a_picture_opens_by_its_link_when_the_viewer_does_not_come(
    page: "Page", address: str
) -> None:
    page.route("**/photo-viewer*.js", lambda route: route.abort())
    page.goto(address)
    page.locator(".gallery__link").first.click()
    page.wait_for_url("**/media/photos/**.jpg")


def test_a_video_of_another_site_waits_for_a_click(
    page: "Page", address: str, live_server: Any
) -> None:
    asked: list[str] = []

    def answer(route: "Route") -> None:
        asked.append(route.request.url)
        route.fulfill(body="<title>player</title>", content_type="text/html")

    page.route(lambda url: not url.startswith(live_server.url), answer)
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text))
    page.goto(address, wait_until="networkidle")
    assert asked == []
    link = page.get_by_role("link", name="Bấm để xem video từ YouTube")
    link.scroll_into_view_if_needed()
    box = page.locator(".embed").bounding_box()
    with page.expect_response(lambda response: response.url.startswith(PLAYER)):
        link.click()
    frame = page.locator(".embed iframe")
    wait_until(page, "document.activeElement.tagName === 'IFRAME'")
    assert asked and all(url.startswith(PLAYER) for url in asked)
    assert "Phim ngắn" in (frame.get_attribute("title") or "")
    assert page.locator(".embed").bounding_box() == box
    assert faults == []


def test_without_script_a_video_is_a_link(page_without_script: "Page", address: str) -> None:
    page_without_script.goto(address)
    link = page_without_script.get_by_role("link", name="Bấm để xem video từ YouTube")
    assert link.get_attribute("href") == "https://www.youtube.com/watch?v=aqz-KE-bpKQ"


def test_no_other_host_may_be_framed(page: "Page", address: str) -> None:
    page.goto(address)
    refused = page.evaluate(
        """() => new Promise(done => {
            document.addEventListener("securitypolicyviolation",
                                      event => done(event.effectiveDirective));
            const frame = document.createElement("iframe");
            frame.src = "https://youtube-nocookie.com.example/";
            document.body.append(frame);
        })"""
    )
    assert refused == "frame-src"


def test_contents_lead_to_their_sections_without_script(open_browser: Opener, address: str) -> None:
    page = open_browser(java_script_enabled=False, reduced_motion="reduce").new_page()
    page.goto(address)
    page.locator(".toc-menu summary").click()
    page.locator(".toc-menu").get_by_role("link", name="Mùa thu").click()
    assert page.url.endswith("#muc-mua-thu")
    heading = page.get_by_role("heading", name="Mùa thu").bounding_box()
    assert heading and 0 <= heading["y"] < 200


def test_a_wide_table_scrolls_by_itself_and_the_keyboard_reaches_it(
    open_browser: Opener, address: str
) -> None:
    for width in (320, 360):
        page = open_browser(viewport={"width": width, "height": 700}).new_page()
        page.goto(address)
        region = page.get_by_role("region", name="Bảng: Rác theo quý")
        region.focus()
        page.keyboard.press("ArrowRight")
        wait_until(page, "document.querySelector('.scroll').scrollLeft > 0")
        assert region.get_by_text("Rác theo quý").count() == 1
        for size in ("100", "150"):
            page.evaluate(f"document.documentElement.dataset.size = '{size}'")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (width, size)


@pytest.mark.parametrize("theme", ["light", "dark", "sepia"])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing(open_browser: Opener, address: str, theme: str, width: int) -> None:
    page = open_browser(viewport={"width": width, "height": 800}).new_page()
    page.goto(address)
    page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    found = Axe().run(page).response["violations"]
    assert not found, [(v["id"], v["nodes"][0]["html"]) for v in found]


def test_everything_to_press_is_large_enough_for_a_thumb(phone: "Page", address: str) -> None:
    phone.goto(address)
    phone.locator(".toc-menu summary").click()
    controls = ".toc-menu summary, .toc-menu a, .gallery__link, .embed__link, .story__share a"
    for control in phone.locator(controls).all():
        box = control.bounding_box()
        assert box and box["height"] >= 44 and box["width"] >= 44, control.inner_html()


def test_nothing_moves_while_it_loads(page: "Page", address: str) -> None:
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver(list => list.getEntries().forEach("
        "entry => { window.shift += entry.value })).observe({type: 'layout-shift', buffered: true})"
    )
    page.goto(address, wait_until="networkidle")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.shift") < 0.01


def test_every_letter_is_of_the_papers_own_fonts(
    page: "Page", paper: Category, live_server: Any
) -> None:
    """A letter that a font does not have is taken from another, and stands out of its word."""
    vowels = [nfc(vowel + tone) for vowel in "aăâeêioôơuưy" for tone in ("", *TONES)]
    letters = "".join(vowels) + "bcdđfghjklmnpqrstvwxz"
    signs = "0123456789 “nghiêng” ‘nghiêng’ («…») – — 5,5%; ai? - &!"
    printed = f"{letters} {letters.upper()} äçëñöü {signs}"
    article = make_article(
        category=paper,
        headline="Đủ chữ",
        body=f"<ul><li>{printed}</li></ul><p><em>{printed}</em></p><p><strong>{printed}</strong></p>",
    )
    use_photo(article, make_photo(), caption=f"{printed} © 25° 2×3 10₫ 3€ ↑↓ ›")
    page.goto(f"{live_server.url}{article.get_absolute_url()}")
    page.evaluate("document.fonts.ready.then(() => true)")
    devtools = page.context.new_cdp_session(page)
    devtools.send("DOM.enable")
    devtools.send("CSS.enable")
    root = devtools.send("DOM.getDocument")["root"]["nodeId"]
    for place in (".story__body li", ".story__body em", ".story__body strong", "figcaption"):
        node = {"nodeId": root, "selector": place}
        found = devtools.send("DOM.querySelector", node)["nodeId"]
        fonts = devtools.send("CSS.getPlatformFontsForNode", {"nodeId": found})["fonts"]
        assert [font["familyName"] for font in fonts if not font["isCustomFont"]] == [], place
        assert len(fonts) == 1, (place, fonts)


def test_paper_gets_the_story_and_the_address_of_the_video(page: "Page", address: str) -> None:
    page.goto(address)
    page.emulate_media(media="print")
    for hidden in (".toc-menu", ".story-link", ".stream", ".story__authors", ".embed__note"):
        assert page.locator(hidden).first.is_hidden(), hidden
    for shown in (".gallery__item", ".pull", ".info", ".scroll table", ".embed__link"):
        assert page.locator(shown).first.is_visible(), shown
    after = "getComputedStyle(document.querySelector('.embed__link'), '::after').content"
    assert "attr(href)" in page.evaluate(after) or "youtube.com" in page.evaluate(after)


def test_its_html_is_valid(
    client: Any, long_article: Article, vnu: Callable[..., list[str]]
) -> None:
    html = client.get(long_article.get_absolute_url()).content.decode()
    assert vnu({"article": html}) == []


def test_a_refused_copy_is_told_and_the_address_is_there_to_take(
    page: "Page", address: str
) -> None:
    browser = page.context.new_cdp_session(page)
    target = browser.send("Target.getTargetInfo")["targetInfo"]
    for setting, said in (
        ("denied", "Trình duyệt không cho trang chép. Hãy tự chép địa chỉ này:"),
        ("granted", "Đã chép liên kết"),
    ):
        rule = {"permission": {"name": "clipboard-write"}, "setting": setting}
        context = {"browserContextId": target["browserContextId"]}
        browser.send("Browser.setPermission", {**rule, **context})
        page.goto(address)
        page.get_by_role("button", name="Chép liên kết").click()
        expect(page.locator("share-links [role=status]")).to_have_text(said)
        shown = page.get_by_role("textbox", name="Địa chỉ")
        expect(shown).to_be_visible(visible=setting == "denied")
        if setting == "denied":
            assert page.evaluate("getSelection().toString()") == address
            assert_accessible(page)
