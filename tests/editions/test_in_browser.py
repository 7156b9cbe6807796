"""The English edition in a browser, and its HTML."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.test import Client

from articles.models import Article
from tests.support import assert_accessible

if TYPE_CHECKING:
    from playwright.sync_api import Page


PATHS = ("/en/", "/en/xa-hoi/", "/en/chu-de/the-river/", "/en/tim-kiem/?q=bridge", "/en/khong-co/")


def test_html_is_valid(
    client: Client, english: Article, vietnamese: Article, vnu: Callable[..., list[str]]
) -> None:
    comments = f"/en/binh-luan/{english.pk}/"
    addresses = [english.get_absolute_url(), vietnamese.get_absolute_url(), comments, *PATHS]
    assert vnu({path: client.get(path).content.decode() for path in addresses}) == []


def test_axe_finds_nothing(phone: "Page", english: Article, live_server: Any) -> None:
    for path in (english.get_absolute_url(), *PATHS):
        phone.goto(live_server.url + path)
        assert_accessible(phone)
        assert phone.evaluate("document.documentElement.scrollWidth") <= 360, path


def test_a_reader_goes_over_to_the_other_language_and_back(
    page: "Page", english: Article, vietnamese: Article, live_server: Any
) -> None:
    page.goto(live_server.url + vietnamese.get_absolute_url())
    page.get_by_role("link", name="Read in English").click()
    assert page.url == live_server.url + english.get_absolute_url()
    assert page.evaluate("document.documentElement.lang") == "en"
    page.get_by_role("heading", name=english.headline, exact=True).wait_for()
    clock = page.locator("site-clock").inner_text()
    assert re.fullmatch(r"[A-Z][a-z]+day, \d{1,2} [A-Z][a-z]+ \d{4}, \d\d:\d\d \(GMT\+7\)", clock)
    page.locator("header").get_by_role("link", name="Tiếng Việt").first.click()
    assert page.url == live_server.url + vietnamese.get_absolute_url()
    assert page.evaluate("document.cookie") == ""


def test_the_way_to_the_edition_is_there_on_a_phone_without_script(
    phone_without_script: "Page", english: Article, live_server: Any
) -> None:
    page = phone_without_script
    page.goto(live_server.url)
    page.locator(".sections__button").click()
    page.locator(".sections__panel").get_by_role("link", name="English").click()
    assert page.url == f"{live_server.url}/en/"
    page.locator("footer").get_by_role("link", name="Tiếng Việt").click()
    assert page.url == f"{live_server.url}/"


def test_a_comment_is_sent_in_english(page: "Page", english: Article, live_server: Any) -> None:
    page.goto(live_server.url + english.get_absolute_url())
    page.get_by_label("Your comment").fill("A good bridge.")
    page.get_by_label("Your name").fill("Lan")
    page.get_by_role("button", name="Send comment").click()
    page.get_by_text("Thank you. Your comment has reached the newsroom").wait_for()
