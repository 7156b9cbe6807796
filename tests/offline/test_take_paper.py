"""Taking the paper of a day along, in a browser."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from articles.models import Article
from categories.models import Category
from core import page_tags
from core.vietnamese import HANOI
from recordings.archive import add_recording
from tests.factories import make_article, make_live_entry, make_live_event
from tests.offline.conftest import Reader, make_reader
from tests.recordings.samples import sent
from tests.site.conftest import make_photo, use_photo
from tests.support import wait_until

TODAY = "/bao-hom-nay/"


@pytest.fixture
def day(paper: Category) -> list[Article]:
    """Twelve articles of today, each with a picture."""
    articles = [
        make_article(category=paper, published_at=timezone.now() - timedelta(seconds=number + 1))
        for number in range(12)
    ]
    for article in articles:
        use_photo(article, make_photo(300, 200))
    return articles


@pytest.fixture
def tagged(live_server: Any) -> Iterator[None]:
    """Pages have an ETag, as those of the page store have, and are not sent again in vain."""
    server = live_server.thread.httpd
    app = server.get_app()

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        told: list[Any] = []
        with closing(app(environ, lambda *head: told.extend(head[:2]))) as parts:
            body = b"".join(parts)
        status, headers = told
        if not status.startswith("200") or "ETag" in dict(headers):
            start_response(status, headers)
            return [body]
        tag = f'"{sha256(body).hexdigest()}"'
        if environ.get("HTTP_IF_NONE_MATCH") == tag:
            start_response("304 Not Modified", [("ETag", tag)])
            return []
        start_response(status, [*headers, ("ETag", tag)])
        return [body]

    server.set_app(answer)
    yield
    server.set_app(app)


def wait_for_state(page: Page, state: str) -> str:
    page.locator(f"take-paper[data-state={state}]").wait_for()
    return page.locator("take-paper").inner_text()


def kept_of(reader: Reader) -> set[str]:
    return {page["address"] for page in reader.kept() if page["shelf"] == "day"}


def mark_kept(page: Page) -> None:
    """Mark the copies that are kept; ``fetched`` then tells which came from the server since."""
    page.evaluate(
        """async () => {
          const shelf = await caches.open("newsroom-1-day");
          for (const request of await shelf.keys()) {
            const copy = await shelf.match(request);
            const headers = new Headers(copy.headers);
            headers.set("X-Old", "1");
            await shelf.put(request, new Response(await copy.text(), { headers }));
          }
        }"""
    )


def fetched(page: Page) -> dict[str, str]:
    """The texts of the copies that came since ``mark_kept``, by address."""
    texts: dict[str, str] = page.evaluate(
        """async () => {
          const shelf = await caches.open("newsroom-1-day");
          const texts = {};
          for (const copy of await shelf.keys()) {
            const page = await shelf.match(copy);
            if (!page.headers.has("X-Old")) texts[new URL(copy.url).pathname] = await page.text();
          }
          return texts;
        }"""
    )
    return texts


def bring_up_to_date(page: Page) -> None:
    page.get_by_role("button", name="Cập nhật").click()
    page.locator("take-paper [role=status]:focus").wait_for()
    wait_for_state(page, "done")


def stop_after(page: Page, pages: int) -> None:
    """Press the button that stops when so many pages have been kept."""
    page.evaluate(
        """pages => {
          const { ask } = window.keeper;
          let count = 0;
          window.keeper.ask = async (question) => {
            const answer = await ask(question);
            if (question.job === "keep" && ++count === pages)
              document.querySelector("[data-cancel]").click();
            return answer;
          };
        }""",
        pages,
    )


def test_the_paper_is_taken_read_without_a_network_and_removed(
    reader: Reader, day: list[Article]
) -> None:
    page = reader.read(TODAY)
    assert "12 bài kèm ảnh để đọc ở nơi không có mạng: tải khoảng 0,1" in wait_for_state(
        page, "none"
    )
    page.get_by_role("button", name="Mang báo theo").click()
    said = wait_for_state(page, "done")
    assert "Đã lưu 12 bài vào máy (chiếm " in said
    assert page.evaluate("document.activeElement.getAttribute('role')") == "status"
    addresses = {article.get_absolute_url() for article in day}
    today = f"{TODAY}{timezone.localdate().isoformat()}/"
    assert kept_of(reader) == addresses | {today}
    reader.lose_network()
    page = reader.open(today)
    assert page.locator(".kept-bar").is_visible()
    page.get_by_role("link", name=day[7].headline).click()
    page.wait_for_url("**" + day[7].get_absolute_url())
    page.locator(".story__body img").evaluate("image => image.decode()")
    reader.find_network()
    page = reader.open(TODAY)
    wait_for_state(page, "done")
    page.get_by_role("button", name="Xóa khỏi máy").click()
    assert "Đã xóa báo khỏi máy." in wait_for_state(page, "none")
    assert kept_of(reader) == set()


@pytest.mark.usefixtures("tagged")
def test_what_was_broken_off_goes_on_where_it_ended(reader: Reader, day: list[Article]) -> None:
    page = reader.read(TODAY)
    wait_for_state(page, "none")
    stop_after(page, 5)
    page.get_by_role("button", name="Mang báo theo").click()
    assert "Đã dừng." in wait_for_state(page, "part")
    assert len(kept_of(reader)) == 5
    mark_kept(page)
    page.reload()
    assert "Đã lưu 4 trên 12 bài" in wait_for_state(page, "part")
    reader.lose_network()
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_text("Mất kết nối.").wait_for()
    reader.find_network()
    page.get_by_role("button", name="Tiếp tục").click()
    wait_for_state(page, "done")
    new = [address for address in fetched(page) if address.endswith(".html")]
    assert len(new) == 8 and len(kept_of(reader)) == 13


@pytest.mark.usefixtures("tagged")
def test_bringing_up_to_date_fetches_what_changed_and_drops_what_went(
    reader: Reader, day: list[Article]
) -> None:
    event = make_live_event(day[0])
    use = day[2].photos.get()
    page = reader.read(TODAY)
    page.get_by_role("button", name="Mang báo theo").click()
    wait_for_state(page, "done")
    mark_kept(page)
    bring_up_to_date(page)
    assert fetched(page) == {}
    make_live_entry(event, body="<p>Tin sốt dẻo.</p>")
    assert use.photo is not None
    use.photo.credit = "Lê Thị Hoa"
    use.photo.save()
    Article.objects.filter(pk=day[1].pk).update(status=Article.Status.WITHDRAWN)
    page_tags.drop(f"article:{day[1].pk}")
    bring_up_to_date(page)
    new = fetched(page)
    assert "Tin sốt dẻo." in new[day[0].get_absolute_url()]
    assert "Lê Thị Hoa" in new[day[2].get_absolute_url()]
    assert day[1].get_absolute_url() not in kept_of(reader)


def test_the_time_told_is_the_papers_own(
    open_browser: Callable[..., Any], live_server: Any, day: list[Article]
) -> None:
    reader = make_reader(open_browser(timezone_id="Europe/Berlin"), live_server.url)
    page = reader.read(TODAY)
    page.get_by_role("button", name="Mang báo theo").click()
    said = wait_for_state(page, "done")
    taken = max(one["at"] for one in reader.kept() if one["address"].endswith(".html"))
    assert f"{datetime.fromtimestamp(taken / 1000, HANOI):%H:%M}" in said


def test_a_full_device_is_told(reader: Reader, day: list[Article], live_server: Any) -> None:
    page = reader.read(TODAY)
    wait_for_state(page, "none")
    browser = reader.context.new_cdp_session(page)
    # Room by the estimate, but not for all of it.
    used = page.evaluate("navigator.storage.estimate().then(({usage}) => usage)")
    page.evaluate("navigator.storage.estimate = async () => ({quota: 1e9, usage: 0})")
    quota = {"origin": live_server.url, "quotaSize": used + 60_000}
    browser.send("Storage.overrideQuotaForOrigin", quota)
    page.get_by_role("button", name="Mang báo theo").click()
    page.get_by_text("Máy không còn chỗ để lưu báo.").wait_for()
    browser.send("Storage.overrideQuotaForOrigin", {"origin": live_server.url})
    page.locator("[data-take]").click()
    wait_for_state(page, "done")
    # And one that has no room from the start is told before anything is fetched.
    page.locator("[data-remove]").click()
    wait_for_state(page, "none")
    page.evaluate("navigator.storage.estimate = async () => ({quota: 1000, usage: 0})")
    page.locator("[data-take]").click()
    page.get_by_text("Máy không còn chỗ để lưu báo.").wait_for()
    assert kept_of(reader) == set()


def test_recordings_are_taken_along_where_the_reader_asks_for_them(
    reader: Reader, paper: Category
) -> None:
    now = timezone.now()
    narration = add_recording(sent("sound.mp3"), title="Nghe tiếng sông")
    spoken = make_article(category=paper, published_at=now, narration=narration)
    make_article(category=paper, published_at=now)
    page = reader.read(TODAY)
    wait_for_state(page, "none")
    choice = page.get_by_label("Kèm 1 bản âm thanh để nghe: thêm 0,1 MB")
    assert not choice.is_checked()
    page.locator("[data-take]").click()
    wait_for_state(page, "done")
    assert sounds_in(reader) == []
    # Too little room for the sound: said, and the articles stay.
    choice.check()
    page.evaluate(LITTLE_ROOM)
    page.locator("[data-take]").click()
    page.get_by_text("Máy không còn chỗ cho các bản âm thanh.").wait_for()
    assert sounds_in(reader) == [] and len(kept_of(reader)) == 3
    page.evaluate("navigator.storage.estimate = async () => ({})")
    page.locator("[data-take]").click()
    wait_until(page, f"{TAKEN}.then(sounds => sounds.length === 1)")
    assert sounds_in(reader) == [narration.url]
    page = reader.open(TODAY)
    wait_for_state(page, "done")
    assert page.locator("[data-sounds]").is_checked()
    reader.lose_network()
    page = reader.open(spoken.get_absolute_url())
    page.locator(".narration audio").evaluate(
        "sound => { sound.muted = true; return sound.play(); }"
    )


# Room for the paper, but not for its recordings.
LITTLE_ROOM = """async () => {
  const files = await fetch(document.querySelector("take-paper").dataset.files);
  const { bytes, sound_bytes } = await files.json();
  navigator.storage.estimate = async () => ({ quota: bytes + sound_bytes - 1, usage: 0 });
}"""
TAKEN = "window.keeper.ask({job: 'list'}).then(({pages}) => pages.flatMap(page => page.sounds))"


def sounds_in(reader: Reader) -> list[str]:
    pages = [page for page in reader.kept() if page["shelf"] == "day"]
    return [sound for page in pages for sound in page["sounds"]]


def test_without_script_the_paper_is_a_plain_list(
    page_without_script: Page, day: list[Article], live_server: Any
) -> None:
    page = page_without_script
    page.goto(live_server.url + TODAY)
    assert page.locator("take-paper").is_hidden()
    page.get_by_role("link", name=day[3].headline).click()
    assert page.get_by_role("heading", level=1).inner_text() == day[3].headline
