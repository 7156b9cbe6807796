"""What the service worker keeps, and what readers see of it when the network is gone."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Error, Page

from articles.models import Article
from core import page_tags
from tests.factories import make_article, make_comment
from tests.offline.conftest import Reader

BAR = ".kept-bar"


def make_copies_older(page: Page, days: int) -> None:
    """Let all that is kept have been kept some days ago."""
    page.evaluate(
        """async (days) => {
          for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            for (const request of await cache.keys()) {
              const kept = await cache.match(request);
              const headers = new Headers(kept.headers);
              headers.set("X-Kept-At", Number(headers.get("X-Kept-At")) - days * 864e5);
              await cache.put(request, new Response(await kept.blob(), { headers }));
            }
          }
        }""",
        days,
    )


def test_an_article_that_was_read_is_there_without_a_network(
    reader: Reader, story: Article
) -> None:
    reader.read(story.get_absolute_url())
    reader.lose_network()
    page = reader.open(story.get_absolute_url() + "?utm_source=zalo")
    assert page.get_by_role("heading", level=1).inner_text() == story.headline
    now = f"{timezone.localtime():%H:}"
    assert page.locator(BAR).inner_text().startswith(f"Bản lưu lúc {now}")
    assert "/202" not in page.locator(BAR).inner_text()
    # Its styles and both its pictures, of which one had not come into sight.
    font = page.evaluate("getComputedStyle(document.body).fontFamily")
    assert font.startswith('"Newsroom Serif"')
    for picture in page.locator(".story__body img").all():
        picture.scroll_into_view_if_needed()
        picture.evaluate("image => image.decode()")
    assert page.evaluate("document.cookie") == ""


def test_an_old_front_page_says_of_when_it_is(reader: Reader, story: Article) -> None:
    reader.read("/")
    make_copies_older(reader.page, days=2)
    reader.lose_network()
    page = reader.open("/")
    assert page.locator(".card__headline").first.inner_text() == story.headline
    bar = page.locator(BAR).inner_text()
    day = timezone.localtime() - timedelta(days=2)
    assert f", {day:%d/%m/%Y}" in bar
    assert "Có thể đã có tin mới hơn." in bar
    reader.find_network()
    page.get_by_role("link", name="Thử lại").click()
    page.wait_for_selector(BAR, state="detached")


@pytest.mark.parametrize("preload", [True, False])
def test_with_a_network_the_page_is_always_the_present_one(
    reader: Reader, story: Article, preload: bool
) -> None:
    """Also in a browser that cannot ask for a page while the worker starts."""
    reader.read(story.get_absolute_url())
    if not preload:
        ready = "navigator.serviceWorker.ready"
        reader.page.evaluate(f"{ready}.then(worker => worker.navigationPreload.disable())")
    story.headline = "Cầu Lèn Hai hợp long sớm"
    story.save()
    page = reader.read(story.get_absolute_url())
    assert page.get_by_role("heading", level=1).inner_text() == story.headline
    assert page.locator(BAR).count() == 0
    reader.lose_network()
    page.reload()
    assert page.get_by_role("heading", level=1).inner_text() == story.headline
    assert page.locator(BAR).is_visible()


@pytest.mark.parametrize("end", ["withdrawn", "deleted"])
def test_a_copy_of_what_is_gone_is_removed(reader: Reader, story: Article, end: str) -> None:
    address = story.get_absolute_url()
    reader.read(address)
    picture = (
        "(await (await caches.open('newsroom-1-files')).keys()).filter(r => /media/.test(r.url))"
    )
    assert reader.page.evaluate(f"(async () => {picture}.length)()") == 2
    if end == "deleted":
        story.delete()
    else:
        Article.objects.filter(pk=story.pk).update(status=Article.Status.WITHDRAWN)
        page_tags.drop(f"article:{story.pk}")
    reader.open(address)
    assert address not in reader.kept_addresses()
    assert reader.page.evaluate(f"(async () => {picture}.length)()") == 0
    reader.lose_network()
    page = reader.open(address)
    assert story.headline not in page.content()
    assert page.get_by_role("heading", level=1).inner_text() == "Đọc khi không có mạng"


def test_without_a_copy_readers_see_what_is_kept(reader: Reader, story: Article) -> None:
    other = make_article(category=story.category)
    reader.read(story.get_absolute_url())
    reader.lose_network()
    page = reader.open(other.get_absolute_url())
    link = page.get_by_role("link", name=story.headline)
    link.wait_for()
    assert other.headline not in page.content()
    link.click()
    page.wait_for_selector(BAR)
    page.get_by_role("link", name="Các bản đã lưu").click()
    page.get_by_role("button", name="Xóa mọi bản lưu").click()
    page.get_by_text("Máy này không còn lưu trang nào.").wait_for()
    assert reader.kept() == []


def test_nothing_private_is_kept_or_answered(reader: Reader, story: Article) -> None:
    make_comment(story)
    reader.read(story.get_absolute_url())
    for path in (
        *("/tim-kiem/?q=cầu", "/admin/login/", f"/binh-luan/{story.pk}/gui/", "/api/articles/"),
        *("/en/tim-kiem/?q=x", f"{story.get_absolute_url()}?x=1", "/rss/", "/khong-co/"),
    ):
        reader.open(path)
    reader.read(story.get_absolute_url())
    assert reader.kept_addresses() == {story.get_absolute_url()}
    reader.lose_network()
    for path in ("/admin/login/", "/api/articles/"):
        with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
            reader.open(path)


def test_a_search_without_a_network_leads_to_what_is_kept(reader: Reader, story: Article) -> None:
    reader.read(story.get_absolute_url())
    found = reader.open("/tim-kiem/?q=cầu")
    assert found.get_by_role("heading", level=1).inner_text() != "Đọc khi không có mạng"
    reader.lose_network()
    for path in ("/tim-kiem/?q=cầu", f"{story.get_absolute_url()}?x=1"):
        page = reader.open(path)
        assert page.get_by_role("heading", level=1).inner_text() == "Đọc khi không có mạng"
        page.get_by_role("link", name=story.headline).wait_for()


def test_the_worker_refuses_to_keep_what_is_not_public(reader: Reader, story: Article) -> None:
    reader.read(story.get_absolute_url())
    draft = make_article(category=story.category, status=Article.Status.IN_REVIEW)
    # What it refuses it does not answer; the list asked for afterwards it does.
    ask = """question => Promise.race([
      window.keeper.ask(question), window.keeper.ask({job: 'list'}).then(() => null)])"""
    for address in ("/admin/login/", "/tim-kiem/?q=x", "https://elsewhere.example/"):
        question = {"job": "keep", "shelf": "saved", "address": address}
        assert reader.page.evaluate(ask, question) is None, address
    question = {"job": "keep", "shelf": "saved", "address": draft.get_absolute_url()}
    assert reader.page.evaluate(ask, question) == {"error": "gone"}
    assert reader.kept_addresses() == {story.get_absolute_url()}


def test_of_many_articles_the_last_fifty_are_kept(reader: Reader, story: Article) -> None:
    reader.read(story.get_absolute_url())
    others = [make_article(category=story.category).get_absolute_url() for _ in range(50)]
    for address in others:
        reader.page.evaluate(
            "address => window.keeper.ask({job: 'read', address, pictures: []})", address
        )
    assert reader.kept_addresses() == set(others)
    # The pictures of the one that went have gone with it.
    files = reader.page.evaluate(
        "(async () => (await (await caches.open('newsroom-1-files')).keys()).map(r => r.url))()"
    )
    assert files and not [address for address in files if "/media/" in address]


def test_another_size_of_a_kept_picture_stands_in(reader: Reader, story: Article) -> None:
    reader.page.set_viewport_size({"width": 360, "height": 700})
    reader.read(story.get_absolute_url())
    reader.page.close()
    reader.lose_network()
    reader.page = reader.context.new_page()
    page = reader.open(story.get_absolute_url())
    status = page.evaluate(
        """async () => {
          const shown = document.querySelector(".story__body img").currentSrc;
          const other = shown.replace(/\\d+\\.webp$/, "320.jpg");
          return [(await fetch(other, {cache: "reload"})).status, other !== shown];
        }"""
    )
    assert status == [200, True]


def test_the_english_edition_is_told_in_english(reader: Reader, story: Article) -> None:
    english = make_article(category=story.category, language="en", headline="Bridge nearly done")
    reader.read(english.get_absolute_url())
    reader.lose_network()
    page = reader.open(english.get_absolute_url())
    assert page.locator(BAR).inner_text().startswith("Copy kept at ")
    page = reader.open("/en/chinh-tri/")
    assert page.get_by_role("heading", level=1).inner_text() == "Reading without a network"
    page.get_by_role("link", name="Bridge nearly done").wait_for()
