"""Listening: the desk's recording, or the browser's voice.

A Chromium without a screen has no voices, so a stand-in for this part of the browser speaks: it
notes what it is to say and ends a piece when the test lets it.
"""

from typing import Any

import pytest
from playwright.sync_api import Page

from articles.models import Article
from recordings.archive import add_recording
from tests.factories import make_article
from tests.recordings.samples import sent
from tests.support import assert_accessible, wait_until

VOICE = """
window.spoken = [];
window.cancelled = 0;
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
const synthesis = new EventTarget();
let voices = VOICES;
Object.assign(synthesis, {
  getVoices: () => voices,
  speak(speech) { spoken.push(speech); },
  cancel() { window.cancelled += 1; },
  later(list) { voices = list; synthesis.dispatchEvent(new Event("voiceschanged")); },
});
Object.defineProperty(window, "speechSynthesis", { value: synthesis });
"""
VIETNAMESE = "[{lang: 'en-US', name: 'Ann'}, {lang: 'vi_VN', name: 'Linh', localService: true}]"
ENGLISH = "[{lang: 'en-US', name: 'Ann'}]"


@pytest.fixture
def spoken_article(paper: Any) -> Article:
    return make_article(
        category=paper,
        headline="Nghe tiếng sông",
        standfirst="Phần mở đầu.",
        body=(
            "<p>Câu một. Câu hai!</p>"
            "<table><tbody><tr><td>Ô bảng</td></tr></tbody></table>"
            "<h2>Tít phụ</h2>"
            f"<p>{'Nước lên chậm, người đi bộ đông, thuyền về bến, ' * 12}rồi thôi.</p>"
            "<ul><li>Việc thứ nhất</li></ul><p>Đoạn cuối.</p>"
        ),
    )


def open_with(page: Page, voices: str, address: str) -> Page:
    page.add_init_script(VOICE.replace("VOICES", voices))
    page.goto(address)
    return page


def said(page: Page) -> str:
    """What is being said."""
    text: str = page.evaluate("spoken.at(-1).text")
    return text


def end_of_piece(page: Page) -> None:
    page.evaluate("spoken.at(-1).onend()")


def marked(page: Page) -> str:
    return page.locator(".is-spoken").inner_text()


def listen(page: Page) -> None:
    page.get_by_role("button", name="Nghe bài").click()
    page.locator("[data-player]").wait_for()


def test_without_a_voice_of_the_language_no_button_shows(
    page: Page, spoken_article: Article, live_server: Any
) -> None:
    open_with(page, ENGLISH, live_server.url + spoken_article.get_absolute_url())
    button = page.get_by_role("button", name="Nghe bài")
    assert button.is_hidden()
    page.evaluate(f"speechSynthesis.later({VIETNAMESE})")
    assert button.is_visible()
    page.evaluate("speechSynthesis.later([])")
    assert button.is_hidden()


def test_a_browser_without_speech_shows_no_button(
    page: Page, spoken_article: Article, live_server: Any
) -> None:
    page.add_init_script("Object.defineProperty(window, 'speechSynthesis', {value: undefined})")
    page.goto(live_server.url + spoken_article.get_absolute_url())
    assert page.get_by_role("button", name="Nghe bài").is_hidden()


def test_the_article_is_read_paragraph_by_paragraph(
    page: Page, spoken_article: Article, live_server: Any
) -> None:
    open_with(page, VIETNAMESE, live_server.url + spoken_article.get_absolute_url())
    listen(page)
    assert page.evaluate("spoken.at(-1).voice.name") == "Linh"
    heard = [(marked(page), said(page))]
    for _ in range(40):
        end_of_piece(page)
        if page.locator("[data-player]").is_hidden():
            break
        heard.append((marked(page), said(page)))
    words = " ".join(text for _paragraph, text in heard)
    assert words.startswith("Nghe tiếng sông Phần mở đầu. Câu một. Câu hai! Tít phụ Nước lên")
    assert words.endswith("rồi thôi. Việc thứ nhất Đoạn cuối.")
    assert "Ô bảng" not in words
    assert max(len(text) for _paragraph, text in heard) <= 150
    for paragraph, text in heard:
        assert text in paragraph.replace("\xa0", " ") or "…" in text
    # At the end the button is back where it was.
    assert page.get_by_role("button", name="Nghe bài").is_visible()
    assert page.locator(".is-spoken").count() == 0


def test_the_reader_steers(page: Page, spoken_article: Article, live_server: Any) -> None:
    open_with(page, VIETNAMESE, live_server.url + spoken_article.get_absolute_url())
    listen(page)
    page.get_by_role("button", name="Đoạn sau").click()
    page.get_by_role("button", name="Đoạn sau").click()
    assert (marked(page), page.locator("[data-place]").inner_text()) == (
        "Câu một. Câu hai!",
        "Đoạn 3/7",
    )
    page.get_by_role("button", name="Đoạn trước").click()
    assert said(page) == "Phần mở đầu."
    page.get_by_role("button", name="Tạm dừng").click()
    count = page.evaluate("spoken.length")
    # A piece that was broken off no longer counts.
    end_of_piece(page)
    assert page.evaluate("spoken.length") == count
    page.get_by_role("button", name="Tiếp tục").click()
    assert said(page) == "Phần mở đầu."
    page.get_by_label("Tốc độ").select_option("1.5")
    assert page.evaluate("spoken.at(-1).rate") == 1.5
    page.get_by_role("button", name="Dừng", exact=True).click()
    assert page.locator("[data-player]").is_hidden()
    assert page.evaluate("document.activeElement.textContent") == "Nghe bài"
    page.reload()
    listen(page)
    assert page.evaluate("spoken.at(-1).rate") == 1.5
    assert page.evaluate("document.cookie") == ""


def test_a_voice_that_fails_is_told_and_leaving_ends_it(
    page: Page, spoken_article: Article, live_server: Any
) -> None:
    open_with(page, VIETNAMESE, live_server.url + spoken_article.get_absolute_url())
    listen(page)
    page.evaluate("spoken.at(-1).onerror({error: 'synthesis-failed'})")
    assert page.get_by_text("Giọng đọc bị lỗi.").is_visible()
    page.get_by_role("button", name="Tiếp tục").click()
    assert page.get_by_text("Giọng đọc bị lỗi.").is_hidden()
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    assert page.locator("[data-player]").is_hidden()
    assert page.evaluate("cancelled") > 0


def test_the_page_follows_until_the_reader_scrolls_away(
    page: Page, spoken_article: Article, live_server: Any
) -> None:
    page.set_viewport_size({"width": 360, "height": 500})
    page.emulate_media(reduced_motion="reduce")
    open_with(page, VIETNAMESE, live_server.url + spoken_article.get_absolute_url())
    listen(page)
    page.evaluate("scrollTo(0, 0)")
    for _ in range(5):
        page.get_by_role("button", name="Đoạn sau").click()
    assert page.evaluate("scrollY") > 0
    page.mouse.move(180, 200)
    page.mouse.wheel(0, -5000)
    wait_until(page, "scrollY === 0")
    end_of_piece(page)
    assert marked(page) == "Đoạn cuối."
    assert page.evaluate("scrollY") == 0


def test_axe_finds_nothing_in_player_and_lists(
    phone: Page, spoken_article: Article, live_server: Any
) -> None:
    open_with(phone, VIETNAMESE, live_server.url + spoken_article.get_absolute_url())
    phone.get_by_role("button", name="Đọc sau").click()
    listen(phone)
    check(phone)
    for path in ("/bao-hom-nay/", "/doc-sau/", "/ngoai-tuyen/", "/en/doc-sau/"):
        phone.goto(live_server.url + path)
        phone.wait_for_load_state("networkidle")
        check(phone)
        assert phone.evaluate("document.documentElement.scrollWidth") <= 360, path
    phone.evaluate("window.keeper.ask({job: 'list'})")
    phone.goto(live_server.url + spoken_article.get_absolute_url())
    wait_until(
        phone,
        "window.keeper.ask({job: 'list'}).then(({pages}) => pages.some(p => p.shelf === 'read'))",
    )
    phone.context.set_offline(True)
    phone.reload()
    assert phone.locator(".kept-bar").is_visible()
    check(phone)


def check(page: Page) -> None:
    for control in page.locator("button:visible, select:visible, .kept-bar a:visible").all():
        box = control.bounding_box()
        assert box and box["height"] >= 44, control.inner_html()
    assert_accessible(page)


@pytest.mark.parametrize("script", [True, False])
def test_the_desks_recording_takes_the_place_of_the_voice(
    open_browser: Any, spoken_article: Article, live_server: Any, script: bool
) -> None:
    recording = add_recording(sent("sound.mp3"), title="Nghe tiếng sông", duration=187)
    spoken_article.narration = recording
    spoken_article.save()
    page = open_browser(java_script_enabled=script).new_page()
    open_with(page, VIETNAMESE, live_server.url + spoken_article.get_absolute_url())
    audio = page.locator(".narration audio")
    assert audio.is_visible()
    assert audio.get_attribute("preload") == "none"
    source = audio.locator("source")
    assert source.get_attribute("src") == recording.url
    assert source.get_attribute("type") == recording.mime_type
    assert page.locator(".narration figcaption").inner_text() == "Nghe bài (3:07)"
    assert page.locator("listen-aloud").count() == 0
    if script:
        check(page)
        audio.evaluate(
            "sound => new Promise((resolve) => { sound.oncanplay = resolve; sound.load(); })"
        )
