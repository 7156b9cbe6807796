"""What only a browser shows of a live coverage: its script, narrow screens, accessibility."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from categories.models import Category
from live.models import LiveEntry, LiveEvent, LivePhoto
from tests.conftest import PHONE
from tests.factories import make_article, make_live_entry, make_live_event, make_user
from tests.site.conftest import make_photo
from tests.support import assert_accessible

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page, Route

Opener = Callable[..., "BrowserContext"]
LOOKS = 24_000  # milliseconds within which an open page looks for news


@pytest.fixture
def event(paper: Category) -> LiveEvent:
    article = make_article(headline="Bão áp sát bờ", category=paper, body="<p>Mở đầu.</p>")
    event = make_live_event(article, summary="Gió cấp 9\nTàu về bến")
    for number in range(24):
        make_live_entry(event, is_key=number % 8 == 0, body=f"<p>Dòng {number}. {'x ' * 60}</p>")
    entry = make_live_entry(event, headline="Có ảnh", correction="Gió cấp 9, không 8")
    LivePhoto.objects.create(entry=entry, photo=make_photo(caption="Đê.", credit="Lan", alt="Đê"))
    return event


@pytest.fixture
def address(event: LiveEvent, live_server: Any) -> str:
    return live_server.url + event.article.get_absolute_url()


def open_live(page: "Page", address: str, scroll_to: int = 2) -> None:
    page.clock.install()
    page.goto(address)
    page.locator(".entry").nth(scroll_to).scroll_into_view_if_needed()


def look_again(page: "Page") -> None:
    with page.expect_response(lambda response: "/moi-nhat/" in response.url):
        page.clock.run_for(LOOKS)


def test_several_new_entries_are_counted_and_shown_in_order(
    page: "Page", address: str, event: LiveEvent
) -> None:
    open_live(page, address)
    first = make_live_entry(event, body="<p>Mới một</p>")
    look_again(page)
    expect(page.get_by_role("button", name="1 diễn biến mới")).to_be_visible()
    second = make_live_entry(event, body="<p>Mới hai</p>")
    look_again(page)
    news = page.get_by_role("status").get_by_role("button")
    expect(news).to_have_text("2 diễn biến mới")
    assert page.locator(".entry").first.get_attribute("id") not in (first.anchor, second.anchor)
    news.click()
    ids = [entry.get_attribute("id") for entry in page.locator(".entry").all()[:2]]
    assert ids == [second.anchor, first.anchor]
    assert page.evaluate("document.activeElement.id") == second.anchor
    expect(news).to_have_count(0)


def test_nobody_looks_so_new_entries_below_the_screen_go_in_at_once(
    open_browser: Opener, address: str, event: LiveEvent
) -> None:
    page = open_browser(viewport={"width": 1280, "height": 300}).new_page()
    page.clock.install()
    page.goto(address)
    entry = make_live_entry(event, body="<p>Mới</p>")
    look_again(page)
    expect(page.locator(".entry").first).to_have_attribute("id", entry.anchor)


def test_a_corrected_entry_changes_where_it_stands(
    page: "Page", address: str, event: LiveEvent
) -> None:
    open_live(page, address)
    entry = event.entries.newest_first()[1]
    entry.body, entry.version = "<p>Con số đúng</p>", 2
    entry.save()
    look_again(page)
    expect(page.locator(f"#{entry.anchor}")).to_contain_text("Con số đúng")


def test_what_is_taken_out_or_corrected_above_the_entries_changes_at_once(
    page: "Page", address: str, event: LiveEvent
) -> None:
    open_live(page, address)
    key = event.entries.filter(is_key=True).newest_first()[0]
    other = event.entries.filter(is_key=True).newest_first()[1]
    LiveEntry.objects.filter(pk=key.pk).update(status=LiveEntry.Status.WITHDRAWN)
    LiveEntry.objects.filter(pk=other.pk).update(headline="Con số đúng", version=2)
    event.summary = "Gió cấp 10"
    event.save()
    new = make_live_entry(event, is_key=True, headline="Tin sốt dẻo")
    look_again(page)
    keys = page.locator(".live__keys")
    expect(keys.locator(f"a[href='#{key.anchor}']")).to_have_count(0)
    expect(page.locator(f"#{key.anchor}")).to_have_text("Diễn biến này đã được gỡ.")
    expect(keys.locator(f"a[href='#{other.anchor}']")).to_have_text("Con số đúng")
    expect(page.locator(".live__summary li")).to_have_text(["Gió cấp 10"])
    # The new one waits for the reader, its line too.
    expect(keys).not_to_contain_text(new.headline)
    page.get_by_role("button", name="1 diễn biến mới").click()
    expect(keys).to_contain_text(new.headline)


def test_what_comes_up_from_the_next_page_is_not_called_new(
    page: "Page", address: str, event: LiveEvent
) -> None:
    open_live(page, address)
    gone = event.entries.newest_first()[3]
    next_one = event.entries.newest_first()[20]
    LiveEntry.objects.filter(pk=gone.pk).update(status=LiveEntry.Status.WITHDRAWN)
    look_again(page)
    expect(page.locator(f"#{gone.anchor}")).to_have_text("Diễn biến này đã được gỡ.")
    expect(page.locator(".live__list > :last-child")).to_have_attribute("id", next_one.anchor)
    expect(page.get_by_role("status").get_by_role("button")).to_have_count(0)


def test_the_last_entry_of_all_is_taken_out_and_comes_back(
    page: "Page", live_server: Any, paper: Category
) -> None:
    event = make_live_event(make_article(category=paper))
    last, _first = (make_live_entry(event, body=f"<p>{word}</p>") for word in ("Cũ", "Mới"))
    open_live(page, live_server.url + event.article.get_absolute_url(), scroll_to=0)
    for status, said in (
        (LiveEntry.Status.WITHDRAWN, "Diễn biến này đã được gỡ."),
        (LiveEntry.Status.PUBLISHED, "Cũ"),
    ):
        LiveEntry.objects.filter(pk=last.pk).update(status=status)
        look_again(page)
        expect(page.locator(f"#{last.anchor}")).to_contain_text(said)


def test_the_end_is_told_and_ends_the_looking(page: "Page", address: str, event: LiveEvent) -> None:
    open_live(page, address)
    event.ended_at = timezone.now() + timedelta(seconds=1)
    event.save()
    look_again(page)
    expect(page.locator(".live__state")).to_have_text("Đã kết thúc")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for(600_000)
    assert [url for url in asked if "/moi-nhat/" in url] == []


def test_errors_are_borne_and_a_hidden_page_asks_nothing(page: "Page", address: str) -> None:
    failures: list[str] = []
    asked: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    open_live(page, address)

    def refuse(route: "Route") -> None:
        asked.append(route.request.url)
        route.fulfill(status=503)

    page.route("**/moi-nhat/", refuse)
    look_again(page)
    # What the script does with that answer comes before what it does with a later one.
    page.evaluate("fetch(location.href).then(() => null)")
    page.clock.run_for(5_000)
    assert len(asked) == 1
    # Later than before, but it asks again. By small steps: after 15 seconds it gives up what is
    # under way, which may be before the request has come here.
    for _ in range(60):
        page.clock.run_for(1_000)
        if len(asked) > 1:
            break
    assert failures == []
    page.evaluate(
        "Object.defineProperty(document, 'hidden', {get: () => true});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    page.clock.run_for(900_000)
    assert len(asked) == 2


def test_sharing_copies_the_entrys_own_address(
    open_browser: Opener, address: str, live_server: Any
) -> None:
    context = open_browser()
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(address)
    link = page.locator("[data-share-entry]").first
    own = link.get_attribute("href")
    link.click()
    expect(link).to_have_text("Đã chép liên kết")
    assert page.evaluate("navigator.clipboard.readText()") == live_server.url + str(own)
    page.goto(live_server.url + str(own))
    expect(page.locator(".entry")).to_have_count(1)


def test_old_entries_are_reached_without_script(
    page_without_script: "Page", address: str, event: LiveEvent
) -> None:
    page = page_without_script
    page.goto(address)
    oldest = event.entries.order_by("pk").first()
    assert oldest is not None
    page.locator(".live__keys a").last.click()  # the key entry that is on the second page
    expect(page.locator(f"#{oldest.anchor}")).to_be_in_viewport()
    page.get_by_role("link", name="Tới diễn biến mới nhất").click()
    expect(page.locator(".entry").first).to_contain_text("Có ảnh")
    page.locator(".live .pages").get_by_role("link", name="2").click()
    expect(page.locator(f"#{oldest.anchor}")).to_be_attached()
    page.go_back()
    page.get_by_role("link", name="Chia sẻ diễn biến").first.click()
    expect(page.locator(".entry")).to_have_count(1)


def pages_of(address: str, event: LiveEvent, url: str) -> list[str]:
    entry = event.entries.newest_first().first()
    assert entry is not None
    return [
        address,
        f"{url}/truc-tiep/{event.article_id}/?trang=2",
        url + entry.get_absolute_url(),
        f"{url}/",
    ]


def test_axe_finds_nothing(phone: "Page", address: str, event: LiveEvent, live_server: Any) -> None:
    for one in pages_of(address, event, live_server.url):
        phone.goto(one)
        assert_accessible(phone)


def test_axe_finds_nothing_while_news_wait(page: "Page", address: str, event: LiveEvent) -> None:
    page.goto(address)
    page.evaluate(
        "() => { const news = document.querySelector('.live__news');"
        " news.innerHTML = '<button type=button>3 diễn biến mới</button>' }"
    )
    assert_accessible(page)


def test_nothing_scrolls_sideways(
    open_browser: Opener, address: str, event: LiveEvent, live_server: Any
) -> None:
    page = open_browser(viewport={"width": 320, "height": 700}).new_page()
    for one in pages_of(address, event, live_server.url):
        page.goto(one)
        page.evaluate("document.documentElement.dataset.size = '150'")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, one


def test_a_live_page_takes_few_requests(page: "Page", address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address, wait_until="networkidle")
    assert len(asked) <= 14, asked


@pytest.fixture
def writing(
    open_browser: Opener, event: LiveEvent, live_server: Any, client: Client
) -> Callable[..., "Page"]:
    """Opens the page for writing as a reporter of the coverage."""
    reporter = make_user("reporter")
    event.reporters.add(reporter)
    make_live_entry(event, created_by=reporter)
    make_live_entry(event, created_by=reporter, status=LiveEntry.Status.WITHDRAWN)
    client.force_login(reporter)

    def start(**options: Any) -> "Page":
        context = open_browser(viewport=PHONE, has_touch=True, is_mobile=True, **options)
        cookie = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        page = context.new_page()
        page.goto(f"{live_server.url}/admin/live/liveevent/{event.pk}/viet/")
        return page

    return start


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_for_writing_suits_a_phone(writing: Callable[..., "Page"], scheme: str) -> None:
    page = writing(color_scheme=scheme)
    button = page.get_by_role("button", name="Đăng").first
    expect(button).to_be_in_viewport()
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    for control in page.locator(
        "button:visible, summary:visible, .button:visible, a:visible"
    ).all():
        box = control.bounding_box()
        assert box and box["height"] >= 44, control.inner_text()
    found = Axe().run(page).response["violations"]
    assert not found, [(v["id"], v["nodes"][0]["html"]) for v in found]
