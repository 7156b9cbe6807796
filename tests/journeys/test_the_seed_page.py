"""The real article page of the old site goes in, and every element of it comes out working.

The rows are those of "Page elements": what the old page showed, left raw or left empty.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PROJECT_DIR, Newspaper
from tests.journeys.test_the_main_job import READERS, foreign

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SEED = PROJECT_DIR / "tests" / "data" / "import" / "seed.txt"
HEADLINE = "Đổi mới trong công tác xây dựng chỉnh đốn Đảng"
CLOCK = re.compile(r"(Thứ (Hai|Ba|Tư|Năm|Sáu|Bảy)|Chủ Nhật), \d\d/\d\d/\d{4} \d\d:\d\d \(GMT \+7\)")


@pytest.fixture(scope="session")
def seed(newspaper: Newspaper) -> str:
    """The address of the imported page, once it is published."""
    arguments = ("import_page", str(SEED), "--category", "xay-dung-dang", "--publish")
    printed = newspaper.manage(*arguments)
    address = re.search(r"/[a-z0-9-]+-\d+\.html", printed)
    assert address, printed
    again = newspaper.manage(*arguments)
    assert address[0] in again, "a second import names the article it has made before"
    return newspaper.address + address[0]


@pytest.mark.parametrize("reader", READERS)
def test_every_element_of_the_page_works(
    reader: str, seed: str, newspaper: Newspaper, open_browser: "Callable[..., BrowserContext]"
) -> None:
    with_script = "without" not in reader
    page = open_browser(**READERS[reader]).new_page()
    failures: list[str] = []
    page.on("request", lambda request: foreign(request.url, newspaper, failures))
    page.goto(seed)
    text = page.locator("main").inner_text()

    expect(page.locator("h1")).to_have_text(HEADLINE)
    assert page.title().startswith(HEADLINE)
    expect(page.get_by_text("Thứ 3, 08/09/2020 | 11:31:41 [GMT +7]")).to_be_visible()
    expect(page.locator("time[datetime='2020-09-08T11:31:41+07:00']")).to_have_count(1)
    assert "Cùng với đổi mới mạnh mẽ tư duy lãnh đạo" in text

    panel = page.locator("summary:has-text('Tất cả chuyên mục')")
    panel.click()
    expect(page.get_by_role("link", name="Chính trị").filter(visible=True).first).to_be_visible()
    panel.click()

    clock = page.locator("site-clock")
    if with_script:
        expect(clock).to_have_text(CLOCK)
    else:
        # No script, no time: one printed by the server would be wrong on a stored page.
        assert not CLOCK.search(page.locator("body").inner_text())

    captions = page.locator("figcaption")
    expect(captions).to_have_count(2)
    expect(captions.nth(0)).to_contain_text("tháng 6/2020.")
    expect(captions.nth(0)).not_to_contain_text("Ảnh:")
    expect(captions.nth(1)).to_contain_text("tháng 8/2020.")
    expect(captions.nth(1)).to_contain_text("Ảnh: Thanh Hoa")
    for caption in captions.all_inner_texts():
        assert "|" not in caption
    # Their files are not at hand: a plain frame, no broken picture.
    broken = "Array.from(document.images).filter(i => i.complete && !i.naturalWidth).length"
    if with_script:
        assert page.evaluate(broken) == 0

    assert "[links" not in text
    assert "Nghị quyết số 19-" in text
    byline = page.get_by_role("link", name="Hoài Anh").filter(visible=True).last
    assert "/tac-gia/hoai-anh" in str(byline.get_attribute("href"))
    expect(page.locator("#comments-heading")).to_have_text("Ý kiến (0)")
    sizes = page.locator("reading-comfort button")
    assert sizes.first.is_visible() is with_script
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth") if with_script else 1
    assert failures == []


def test_the_partner_box_shows_once_there_is_a_partner(
    seed: str, newspaper: Newspaper, open_browser: "Callable[..., BrowserContext]"
) -> None:
    page = open_browser().new_page()
    page.goto(seed)
    expect(page.get_by_text("Liên kết website")).to_have_count(0)
    newspaper.manage(
        "shell",
        "--command",
        "from masthead.models import PartnerLink as P;"
        "P.objects.create(name='Trang bạn', url='https://ban.example/')",
    )
    page.reload()
    expect(page.get_by_text("Liên kết website")).to_be_visible()
    link = page.get_by_role("link", name="Trang bạn")
    assert "noopener" in str(link.get_attribute("rel"))


def test_the_article_is_found_without_marks(
    seed: str, newspaper: Newspaper, open_browser: "Callable[..., BrowserContext]"
) -> None:
    page = open_browser(java_script_enabled=False).new_page()
    page.goto(f"{newspaper.address}/tim-kiem/?q=chinh+don+dang")
    page.get_by_role("link", name=HEADLINE).first.click()
    assert Path(page.url).name == Path(seed).name
