"""Putting articles aside: a list that only the reader's browser knows."""

from typing import Any

from playwright.sync_api import Page

from articles.models import Article
from articles.publishing import withdraw
from recordings.archive import add_recording
from tests.factories import make_article, make_user
from tests.offline.conftest import Reader
from tests.recordings.samples import sample, sent
from tests.support import wait_until

BUTTON = "Đọc sau"
NO_STORAGE = """
    const refuse = { get() { throw new DOMException("", "SecurityError") } };
    Object.defineProperty(window, "localStorage", refuse);
"""


def save(page: Page) -> None:
    page.get_by_role("button", name=BUTTON).click()


def pressed(page: Page) -> str | None:
    return page.get_by_role("button", name=BUTTON).get_attribute("aria-pressed")


def test_an_article_is_put_aside_and_read_without_a_network(reader: Reader, story: Article) -> None:
    page = reader.read(story.get_absolute_url())
    assert pressed(page) == "false"
    save(page)
    assert pressed(page) == "true"
    wait_until(
        page,
        "window.keeper.ask({job: 'list'}).then(({pages}) => pages.some(p => p.shelf === 'saved'))",
    )
    page.reload()
    assert pressed(page) == "true"
    # What was only read goes; what was put aside stays.
    page.evaluate("window.keeper.ask({job: 'drop', shelf: 'read'})")
    reader.lose_network()
    page = reader.open("/doc-sau/")
    assert page.locator(".kept-bar").count() == 0
    item = page.locator(".kept__item")
    assert "Chính trị" in item.inner_text()
    item.get_by_role("link", name=story.headline).click()
    page.locator(".kept-bar").wait_for()
    page.locator(".story__body img").first.evaluate("image => image.decode()")
    assert reader.context.cookies() == []


def test_what_is_removed_from_the_list_can_be_had_back(reader: Reader, story: Article) -> None:
    other = make_article(category=story.category, headline="Bài thứ hai")
    for article in (story, other):
        save(reader.read(article.get_absolute_url()))
    page = reader.open("/doc-sau/")
    headlines = page.locator(".kept__headline")
    assert headlines.all_inner_texts() == ["Bài thứ hai", story.headline]
    page.get_by_role("button", name="Bỏ").first.click()
    assert headlines.all_inner_texts() == [story.headline]
    assert page.get_by_role("status").inner_text() == "Đã bỏ: Bài thứ hai"
    assert page.evaluate("document.activeElement.textContent") == "Hoàn tác"
    page.get_by_role("button", name="Hoàn tác").click()
    assert headlines.all_inner_texts() == ["Bài thứ hai", story.headline]
    saved = [one["address"] for one in reader.kept() if one["shelf"] == "saved"]
    assert set(saved) == {story.get_absolute_url(), other.get_absolute_url()}
    for _ in range(2):
        page.get_by_role("button", name="Bỏ").first.click()
    assert page.get_by_text("Chưa có bài nào.").is_visible()
    assert [one for one in reader.kept() if one["shelf"] == "saved"] == []
    page = reader.open(story.get_absolute_url())
    assert pressed(page) == "false"


def test_what_the_paper_has_taken_back_goes_from_the_list_and_the_device(
    reader: Reader, story: Article
) -> None:
    others = [make_article(category=story.category) for _ in range(2)]
    for article in (story, *others):
        save(reader.read(article.get_absolute_url()))
    withdraw(story, by=make_user("chief"))
    others[1].delete()
    reader.lose_network()
    page = reader.open("/doc-sau/")
    assert page.locator(".kept__item").count() == 3
    page.locator(".kept__item", has_text=others[0].headline).get_by_role("button").click()
    reader.find_network()
    page.get_by_text("2 bài không còn trên báo và đã được xóa khỏi máy này.").wait_for()
    # What the reader has removed can be had back all the same.
    page.get_by_role("button", name="Hoàn tác").click()
    assert page.locator(".kept__headline").all_inner_texts() == [others[0].headline]
    assert story.headline not in page.evaluate("localStorage.getItem('saved')")
    saved = [one["address"] for one in reader.kept() if one["address"].endswith(".html")]
    assert set(saved) == {others[0].get_absolute_url()}


SOUND = sample("sound.mp3")
PART = "fetch(document.querySelector('.narration source').src, {headers: {Range: 'bytes=5-9'}})"
HELD = "caches.match(document.querySelector('.narration source').src).then(Boolean)"


def test_what_was_put_aside_takes_its_sound_along(reader: Reader, story: Article) -> None:
    story.narration = add_recording(sent("sound.mp3"), title="Nghe tiếng sông")
    story.save()
    page = reader.read(story.get_absolute_url())
    page.get_by_role("button", name="Tải bản đọc về máy (0,1 MB)").click()
    page.get_by_text("Bản đọc đã nằm trên máy này").wait_for()
    assert pressed(page) == "true"
    [kept] = [one for one in reader.kept() if one["shelf"] == "saved"]
    assert kept["bytes"] > len(SOUND)
    reader.lose_network()
    page = reader.open(story.get_absolute_url())
    page.locator(".kept-bar").wait_for()
    page.get_by_text("Bản đọc đã nằm trên máy này").wait_for()
    page.locator(".narration audio").evaluate(
        "sound => new Promise((resolve) => { sound.oncanplay = resolve; sound.load(); })"
    )
    part = page.evaluate(f"{PART}.then(async (part) => [part.status, (await part.blob()).size])")
    assert part == [206, 5]
    reader.find_network()
    page = reader.read(story.get_absolute_url())
    assert page.evaluate(HELD)
    save(page)
    page.get_by_role("button", name="Tải bản đọc về máy").wait_for()
    assert not page.evaluate(HELD)


def test_a_browser_that_keeps_nothing_says_so(page: Page, story: Article, live_server: Any) -> None:
    page.add_init_script(NO_STORAGE)
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.goto(live_server.url + story.get_absolute_url())
    save(page)
    assert pressed(page) == "false"
    assert page.get_by_text("Trình duyệt này không cho lưu dữ liệu.").is_visible()
    page.goto(live_server.url + "/doc-sau/")
    assert page.get_by_text("nên không giữ được danh sách").is_visible()
    assert troubles == []


def test_a_damaged_list_begins_anew(page: Page, story: Article, live_server: Any) -> None:
    page.goto(live_server.url + story.get_absolute_url())
    for damaged in ("{", '{"a": 1}', '[null, 5, {"address": 7}]'):
        page.evaluate("text => localStorage.setItem('saved', text)", damaged)
        page.reload()
        assert pressed(page) == "false"
        save(page)
        assert pressed(page) == "true"


def test_a_list_in_two_tabs_is_one(reader: Reader, story: Article) -> None:
    save(reader.read(story.get_absolute_url()))
    tab = reader.context.new_page()
    tab.goto(reader.base + "/doc-sau/")
    tab.get_by_role("button", name="Bỏ").click()
    reader.page.wait_for_selector("save-later [aria-pressed=false]")


def test_without_script_no_dead_button_shows_and_the_page_says_why(
    page_without_script: Page, story: Article, live_server: Any
) -> None:
    page = page_without_script
    page.goto(live_server.url + story.get_absolute_url())
    assert page.locator("save-later").is_hidden()
    assert page.locator("listen-aloud").is_hidden()
    for path in ("/doc-sau/", "/ngoai-tuyen/"):
        page.goto(live_server.url + path)
        assert page.locator(".without-js").is_visible()
        assert page.locator(".kept").is_hidden()
