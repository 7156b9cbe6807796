"""An editor writes and publishes; a reader finds, reads and comments; a moderator approves.

On the server and settings of `make run`, in a real browser, on a desk and on a phone, with and
without script for the reader.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from core.vietnamese import fold
from tests.conftest import DESKTOP, PHONE
from tests.factories import image_bytes
from tests.journeys.conftest import PASSWORD, Newspaper
from tests.support import wait_until

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HEADLINE = "Làng chài mở lớp học chữ buổi tối"
OTHER_HEADLINE = "Thuyền thúng về bến trước giờ lên lớp"
PHOTOS = (
    ("Lớp học ở nhà văn hóa thôn.", "Thanh Hoa"),
    ("Trẻ em làng chài trước giờ học.", "Trần Minh Đức"),
)

OpenBrowser = Callable[..., "BrowserContext"]


def sign_in(context: "BrowserContext", newspaper: Newspaper, name: str) -> "Page":
    page = context.new_page()
    page.goto(f"{newspaper.address}/admin/")
    page.fill("[name=username]", name)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    expect(page.locator("#user-tools")).to_be_visible()
    return page


def upload(page: "Page", newspaper: Newspaper, folder: Path, caption: str, credit: str) -> None:
    file = folder / f"{credit}.jpg"
    file.write_bytes(image_bytes(900, 600))
    page.goto(f"{newspaper.address}/admin/photos/photo/add/")
    page.set_input_files("[name=original]", file)
    page.fill("[name=caption]", caption)
    page.fill("[name=credit]", credit)
    page.fill("[name=alt]", f"Mô tả cho {credit}")
    page.click("[name=_save]")
    expect(page.locator(".messagelist .success")).to_be_visible()


def choose(page: "Page", row: int, caption: str) -> None:
    """Choose a photo of the archive by typing words of its caption without marks."""
    words = fold(caption)[:12]
    page.click("#photos-group .add-row a")
    page.click(f"#photos-{row} .field-photo .select2-selection")
    page.fill(".select2-container--open .select2-search__field", words)
    page.locator(".select2-results__option", has_text=caption).click()


def write(page: "Page", newspaper: Newspaper, headline: str, paragraphs: list[str]) -> None:
    missing: list[str] = []
    page.on("response", lambda answer: missing.append(answer.url) if answer.status > 399 else None)
    page.goto(f"{newspaper.address}/admin/articles/article/add/")
    page.fill("[name=headline]", headline)
    page.fill("[name=standfirst]", f"Sapo của bài: {headline}.")
    section = page.locator("[name=category] option", has_text="Xây dựng Đảng")
    page.select_option("[name=category]", section.get_attribute("value"))
    page.fill("[name=byline]", "Hoài Anh")
    editor = page.frame_locator("iframe.cke_wysiwyg_frame").locator("body")
    editor.click()
    for paragraph in paragraphs:
        page.keyboard.type(paragraph)
        page.keyboard.press("Enter")
    assert missing == [], "the editor asks for files that are not there"


def publish(page: "Page") -> str:
    """Press the button and its confirmation; returns the address of the page readers get."""
    page.click("button[name=_verb][value=publish]")
    page.get_by_role("button", name="Xuất bản", exact=True).click()
    link = page.locator(".messagelist a").first
    expect(link).to_be_visible()
    return str(link.get_attribute("href"))


@pytest.fixture(scope="session")
def journey_contexts(chromium: object) -> Iterator[list["BrowserContext"]]:
    contexts: list[BrowserContext] = []
    yield contexts
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def article(
    chromium: "object",
    journey_contexts: list["BrowserContext"],
    newspaper: Newspaper,
    tmp_path_factory: pytest.TempPathFactory,
) -> str:
    """The address of an article that an editor has written, illustrated and published."""
    context = chromium.new_context(viewport=DESKTOP, locale="vi-VN")
    context.set_default_timeout(15_000)
    journey_contexts.append(context)
    page = sign_in(context, newspaper, "bientap")
    folder = tmp_path_factory.mktemp("photos")
    for caption, credit in PHOTOS:
        upload(page, newspaper, folder, caption, credit)

    write(page, newspaper, OTHER_HEADLINE, ["Thuyền về bến lúc năm giờ."])
    page.click("[name=_continue]")
    publish(page)

    write(page, newspaper, HEADLINE, ["Mỗi tối thứ Ba, tiếng đọc bài vang lên.", "[links()]"])
    for row, (caption, _credit) in enumerate(PHOTOS):
        choose(page, row, caption)
    page.click("[name=_continue]")
    expect(page.locator(".messagelist .success")).to_be_visible()
    return publish(page)


READERS = {
    "desk": {"viewport": DESKTOP},
    "phone": {"viewport": PHONE, "is_mobile": True, "has_touch": True},
    "desk-without-script": {"viewport": DESKTOP, "java_script_enabled": False},
    "phone-without-script": {
        "viewport": PHONE,
        "is_mobile": True,
        "has_touch": True,
        "java_script_enabled": False,
    },
}


@pytest.mark.parametrize("reader", READERS)
def test_a_reader_reads_comments_and_sees_the_comment_approved(
    reader: str, article: str, newspaper: Newspaper, open_browser: OpenBrowser
) -> None:
    with_script = "without" not in reader
    context = open_browser(**READERS[reader])
    page = context.new_page()
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.on("request", lambda request: foreign(request.url, newspaper, failures))

    # Through the menu of all categories to the section, and from its list to the article.
    page.goto(newspaper.address)
    page.click("summary:has-text('Tất cả chuyên mục')")
    page.get_by_role("link", name="Xây dựng Đảng").filter(visible=True).first.click()
    page.get_by_role("link", name=HEADLINE).first.click()
    assert page.url == newspaper.address + article or page.url == article

    expect(page.locator("h1")).to_have_text(HEADLINE)
    expect(page.locator("figcaption")).to_have_count(len(PHOTOS))
    for caption, credit in PHOTOS:
        figure = page.locator("figure", has_text=caption)
        expect(figure).to_contain_text(f"Ảnh: {credit}")
        figure.scroll_into_view_if_needed()
        picture = figure.locator("img").element_handle()
        assert picture is not None
        if with_script:
            wait_until(page, "image => image.naturalWidth > 0", picture)
    assert "[links" not in page.locator("body").inner_text()
    expect(page.get_by_role("link", name=OTHER_HEADLINE).first).to_be_visible()

    if with_script:
        before = size_of_text(page)
        page.locator("reading-comfort button[data-step='1']").click()
        assert size_of_text(page) > before
        larger = size_of_text(page)
        page.reload()
        assert size_of_text(page) == larger

    already = count_of_comments(page)
    words = f"Ý kiến từ {reader}"
    page.fill("#comment-text", words)
    page.fill("#comment-name", "Bạn đọc Lan")
    page.get_by_role("button", name="Gửi ý kiến").click()
    expect(page.get_by_role("status").filter(has_text="duyệt").first).to_be_visible()

    page.goto(newspaper.address + article if article.startswith("/") else article)
    assert words not in page.locator("body").inner_text(), "not before a moderator has approved it"

    moderator = sign_in(open_browser(), newspaper, "kiemduyet")
    moderator.goto(f"{newspaper.address}/admin/comments/comment/")
    row = moderator.locator("tr", has_text=words)
    row.get_by_role("button", name="Duyệt").click()
    expect(moderator.locator(".messagelist .success")).to_be_visible()

    page.reload()
    assert count_of_comments(page) == already + 1
    expect(page.locator(".comment", has_text=words)).to_be_visible()
    assert failures == []


def foreign(url: str, newspaper: Newspaper, failures: list[str]) -> None:
    if not url.startswith((newspaper.address, "data:", "blob:")):
        failures.append(f"a request to {url}")


def size_of_text(page: "Page") -> float:
    style = "element => parseFloat(getComputedStyle(element).fontSize)"
    size: float = page.get_by_text("Mỗi tối thứ Ba").first.evaluate(style)
    return size


def count_of_comments(page: "Page") -> int:
    heading = page.locator("#comments-heading").inner_text()
    match = re.fullmatch(r"Ý kiến \((\d+)\)", heading)
    assert match, heading
    return int(match[1])
