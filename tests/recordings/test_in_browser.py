"""Videos and sounds in a real browser: nothing of them is loaded before the reader starts one."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from articles.models import Article, ArticlePhoto, ArticleRecording, BreakingNews
from photos.archive import add_photo
from recordings.archive import CheckedSubtitles, add_recording
from tests.factories import image_bytes, make_article, make_category, make_masthead
from tests.recordings.samples import sent
from tests.support import assert_accessible

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = pytest.mark.django_db(transaction=True)
VTT = b"WEBVTT\n\n00:00.000 --> 00:01.500\nXin\n"


@pytest.fixture
def story() -> Article:
    """A video story with everything, and a line of breaking news."""
    make_masthead()
    article = make_article(
        headline="Lũ về",
        category=make_category(name="Thời sự"),
        body="<p>Đêm qua.</p>\n<p>[audio(1)]</p>\n<p>Sáng nay.</p>",
        format="video",
    )
    photo = add_photo(BytesIO(image_bytes(1300, 900)), caption="Bến tàu", alt="Thuyền", credit="A")
    ArticlePhoto.objects.create(article=article, photo=photo)
    words = CheckedSubtitles(SimpleUploadedFile("a.vtt", VTT))
    film = add_recording(
        sent("clip.webm"),
        title="Nước lên",
        caption="Nước lên nhanh",
        credit="Thanh Hoa",
        transcript="Xin chào.",
        subtitles=words,
    )
    sound = add_recording(sent("sound.mp3"), title="Tiếng nước", transcript="Rì rào.")
    for position, recording in enumerate((film, sound)):
        ArticleRecording.objects.create(article=article, recording=recording, position=position)
    ends_at = timezone.now() + timedelta(hours=1)
    BreakingNews.objects.create(headline="Nước vượt báo động 3", article=article, ends_at=ends_at)
    return article


def asked(page: "Page") -> list[str]:
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    return addresses


@pytest.mark.parametrize("script", [True, False])
def test_nothing_of_a_video_is_loaded_before_it_is_started(
    open_browser: Callable[..., "BrowserContext"], story: Article, live_server: Any, script: bool
) -> None:
    page = open_browser(java_script_enabled=script).new_page()
    addresses = asked(page)
    page.goto(live_server.url + story.get_absolute_url(), wait_until="networkidle")
    assert not [one for one in addresses if "/recordings/" in one]
    assert not [one for one in addresses if not one.startswith(live_server.url)]
    with page.expect_request("**/recordings/*.webm") as started:
        page.locator("video").focus()
        page.keyboard.press("Space")
    assert started.value.headers["range"].startswith("bytes=")


def test_a_video_plays_to_its_end_with_its_subtitles(
    page: "Page", story: Article, live_server: Any
) -> None:
    page.goto(live_server.url + story.get_absolute_url())
    video = page.locator("video")
    assert video.evaluate("v => [v.autoplay, v.preload, v.paused]") == [False, "none", True]
    video.evaluate(
        "v => { v.muted = true; v.textTracks[0].mode = 'showing'; v.play();"
        " return new Promise(resolve => v.addEventListener('ended', resolve)) }"
    )
    assert video.evaluate("v => [v.videoWidth, v.videoHeight]") == [64, 36]
    assert video.evaluate("v => v.textTracks[0].cues.length") == 1


def test_a_video_keeps_its_place_and_fits_a_phone(
    phone: "Page", story: Article, live_server: Any
) -> None:
    phone.goto(live_server.url + story.get_absolute_url())
    box = phone.locator("video").bounding_box()
    assert box["width"] == 360
    assert box["height"] == pytest.approx(360 * 9 / 16, abs=1)
    width = phone.evaluate("document.documentElement.scrollWidth")
    assert width <= 360


def test_axe_finds_nothing(phone: "Page", story: Article, live_server: Any) -> None:
    make_article(headline="Ảnh đẹp", format="photo")
    for path in (story.get_absolute_url(), "/", "/video/", "/anh/"):
        phone.goto(live_server.url + path)
        assert_accessible(phone)


def test_the_pages_are_right_html(
    vnu: Callable[[Mapping[str, str]], list[str]], story: Article, client: Client
) -> None:
    paths = (story.get_absolute_url(), "/", "/video/", "/anh/")
    assert vnu({path: client.get(path).content.decode() for path in paths}) == []


def test_on_paper_the_poster_and_the_address_stand(
    page: "Page", story: Article, live_server: Any
) -> None:
    page.goto(live_server.url + story.get_absolute_url())
    page.emulate_media(media="print")
    assert page.get_by_text("Xem hoặc nghe tại địa chỉ ở cuối trang này.").first.is_visible()
    assert page.locator("video").get_attribute("poster")
    assert page.locator("p.print-only").is_visible()


def test_breaking_news_is_reached_by_keyboard(
    page: "Page", story: Article, live_server: Any
) -> None:
    page.goto(live_server.url)
    link = page.get_by_role("link", name="Nước vượt báo động 3")
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/*.html")
