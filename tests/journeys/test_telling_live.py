"""A reporter tells an event from a phone; readers see it come, with and without script.

On the server, page store and settings of `make run`, in a real browser.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.conftest import PHONE
from tests.factories import image_bytes
from tests.journeys.conftest import Newspaper
from tests.journeys.test_the_main_job import sign_in
from tests.support import wait_until

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page, Route

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OpenBrowser = Callable[..., "BrowserContext"]

SET_UP = """
from django.utils import timezone
from accounts.models import User
from articles.models import Article
from categories.models import Category
from live.models import LiveEntry, LiveEvent
article = Article.objects.create(
    headline="Bão áp sát bờ", slug="bao-ap-sat-bo", category=Category.objects.first(),
    standfirst="Gió mạnh dần.", body="<p>" + "Mở đầu. " * 60 + "</p>",
    status="published", published_at=timezone.now(),
)
event = LiveEvent.objects.create(article=article, summary="Gió cấp 9")
event.reporters.add(User.objects.get(username="phongvien"))
for number in range(3):
    LiveEntry.objects.create(event=event, status="published", published_at=timezone.now(),
        byline="Lan Anh", body="<p>" + f"Diễn biến cũ {number}. " * 30 + "</p>")
import json
print(json.dumps(article.get_absolute_url()))
"""


@pytest.fixture
def article(newspaper: Newspaper) -> str:
    """The address of an article that is being told live; the newest is first on every list."""
    out = newspaper.manage("shell", "--command", SET_UP)
    return newspaper.address + str(json.loads(out.strip().splitlines()[-1]))


@pytest.fixture
def writer(open_browser: OpenBrowser, newspaper: Newspaper, article: str) -> "Page":
    """The reporter's phone with the page for writing open."""
    context = open_browser(viewport=PHONE, has_touch=True, is_mobile=True)
    page = sign_in(context, newspaper, "phongvien")
    page.locator(".desk__actions a", has_text="Trực tiếp:").first.click()
    expect(page.get_by_label("Chuyện gì đang diễn ra?")).to_be_visible()
    return page


def write(page: "Page", words: str) -> None:
    page.get_by_label("Chuyện gì đang diễn ra?").fill(words)
    page.get_by_role("button", name="Đăng").first.tap()


def open_live(page: "Page", address: str) -> list[str]:
    """Open the article with a clock of the test's own; returns the errors of its scripts."""
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.clock.install()
    page.goto(address)
    page.evaluate("window.sameDocument = true")
    return failures


def look_again(page: "Page") -> None:
    """Let the time pass after which the page looks for news, and wait for the answer."""
    with page.expect_response(lambda response: "/moi-nhat/" in response.url):
        page.clock.run_for(24_000)


def test_a_reporter_writes_and_readers_see_it_come(
    writer: "Page", article: str, open_browser: OpenBrowser, tmp_path: Path
) -> None:
    reader = open_browser().new_page()
    failures = open_live(reader, article)
    plain = open_browser(java_script_enabled=False).new_page()
    plain.goto(article)
    expect(plain.locator(".live__state")).to_have_text("Đang diễn ra")
    reader.locator(".entry").nth(1).scroll_into_view_if_needed()
    before = reader.locator(".entry").nth(1).bounding_box()

    photo = tmp_path / "anh.jpg"
    photo.write_bytes(image_bytes(900, 600))
    writer.set_input_files("[name=photos]", photo)
    writer.get_by_label("Diễn biến chính").check()
    write(writer, "Nước tràn đê Bến Lau.\n\nXem https://songque.example/de")
    expect(writer.get_by_role("status")).to_contain_text("Bạn đọc thấy ngay bây giờ")
    expect(writer.get_by_label("Chuyện gì đang diễn ra?")).to_have_value("")
    expect(writer.locator("[data-own] .item").first).to_contain_text("Nước tràn đê Bến Lau.")

    look_again(reader)
    news = reader.get_by_role("button", name="1 diễn biến mới")
    expect(news).to_be_visible()
    assert reader.locator(".entry").nth(1).bounding_box() == before, "nothing moves unasked"
    news.click()
    new = reader.locator(".entry").first
    expect(new).to_contain_text("Nước tràn đê Bến Lau.")
    expect(new).to_be_in_viewport()
    expect(new).to_contain_text("Diễn biến chính")
    expect(new.get_by_role("link", name="https://songque.example/de")).to_be_visible()
    picture = new.locator("img").element_handle()
    assert picture is not None
    wait_until(reader, "image => image.naturalWidth > 0", picture)
    expect(reader.locator(".live__keys")).to_contain_text("Nước tràn đê Bến Lau.")
    assert reader.evaluate("window.sameDocument"), "without loading the page again"

    # Without script: the link on the page itself.
    assert "Nước tràn đê" not in plain.locator("body").inner_text()
    plain.get_by_role("link", name="Tải lại để xem diễn biến mới").click()
    expect(plain.locator(".entry").first).to_contain_text("Nước tràn đê Bến Lau.")

    # It is taken back: gone from the open page, and from the next one.
    item = writer.locator("[data-own] .item").first
    item.get_by_text("Rút…").tap()
    item.get_by_role("button", name="Đồng ý rút").tap()
    expect(writer.get_by_text("Bạn đọc không còn thấy")).to_be_visible()
    look_again(reader)
    expect(new).to_have_text("Diễn biến này đã được gỡ.")
    plain.reload()
    assert "Nước tràn đê" not in plain.locator("body").inner_text()
    assert failures == []


def test_a_phone_without_script_writes_and_changes_an_entry(
    article: str, newspaper: Newspaper, open_browser: OpenBrowser
) -> None:
    context = open_browser(
        viewport=PHONE, has_touch=True, is_mobile=True, java_script_enabled=False
    )
    page = sign_in(context, newspaper, "phongvien")
    page.locator(".desk__actions a", has_text="Trực tiếp:").first.click()
    write(page, "Gió giật cấp 11")
    expect(page.get_by_role("status").first).to_contain_text("Đã đăng")
    item = page.locator(".item", has_text="Gió giật cấp 11")
    item.get_by_role("link", name="Sửa").tap()
    page.get_by_label("Sửa diễn biến").fill("Gió giật cấp 12")
    page.get_by_role("button", name="Lưu").tap()
    expect(page.locator(".item", has_text="Gió giật cấp 12")).to_be_visible()
    reader = open_browser().new_page()
    reader.goto(article)
    expect(reader.locator(".entry", has_text="Gió giật cấp 12")).to_contain_text("Cập nhật")


def test_no_connection_loses_nothing(writer: "Page", article: str) -> None:
    writer.context.set_offline(True)
    write(writer, "Mất mạng giữa chừng")
    expect(writer.get_by_role("alert")).to_contain_text("không có mạng")
    expect(writer.get_by_label("Chuyện gì đang diễn ra?")).to_have_value("Mất mạng giữa chừng")
    writer.context.set_offline(False)
    writer.reload()  # as when the phone has thrown the page away
    expect(writer.get_by_label("Chuyện gì đang diễn ra?")).to_have_value("Mất mạng giữa chừng")
    writer.get_by_role("button", name="Đăng").first.tap()
    expect(writer.get_by_role("status")).to_contain_text("Bạn đọc thấy ngay bây giờ")
    writer.reload()
    expect(writer.get_by_label("Chuyện gì đang diễn ra?")).to_have_value("")
    expect(writer.locator(".item", has_text="Mất mạng giữa chừng")).to_have_count(1)


def test_an_answer_that_gets_lost_makes_no_second_entry(writer: "Page", article: str) -> None:
    lost: list[int] = []

    def lose(route: "Route") -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().status)  # it reaches the server, its answer nobody
            route.abort()
        else:
            route.continue_()

    writer.route("**/viet/", lose)
    write(writer, "Gửi mà không biết đã tới")
    expect(writer.get_by_role("alert")).to_contain_text("không có mạng")
    assert lost == [201]
    writer.get_by_role("button", name="Đăng").first.dblclick()
    expect(writer.get_by_role("status")).to_contain_text("Bạn đọc thấy ngay bây giờ")
    writer.reload()
    expect(writer.locator(".item", has_text="Gửi mà không biết đã tới")).to_have_count(1)


def test_being_signed_out_loses_nothing(writer: "Page", article: str, newspaper: Newspaper) -> None:
    writer.context.clear_cookies()
    write(writer, "Hết phiên làm việc")
    expect(writer.get_by_role("alert")).to_contain_text("nội dung vẫn ở đây")
    sign_in(writer.context, newspaper, "phongvien")
    writer.get_by_role("button", name="Đăng").first.tap()
    expect(writer.get_by_role("status")).to_contain_text("Bạn đọc thấy ngay bây giờ")
