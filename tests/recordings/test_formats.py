"""Photo stories and videos: their pages, their sign in lists, their place on the front page."""

import re
from datetime import timedelta
from typing import Any

import feedparser
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.lists import PHOTO_STORIES, VIDEOS, ListSize, Placement
from articles.models import Article, ArticleRecording
from categories.models import RESERVED_SLUGS
from core.page_tags import dropped
from recordings.archive import add_recording
from tests.factories import make_article, make_category, make_draft
from tests.recordings.samples import sent
from tests.support import assert_public

pytestmark = pytest.mark.django_db


def headlines(client: Client, path: str) -> list[str]:
    html = client.get(path).content.decode()
    return re.findall(r'__headline"><a href="[^"]*">([^<]*)</a>', html)


def text(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def hours_old(hours: float) -> dict[str, Any]:
    return {"published_at": timezone.now() - timedelta(hours=hours)}


def test_the_pages_list_what_is_told_in_their_format_newest_first(client: Client) -> None:
    make_article(headline="Chữ")
    make_article(headline="Phim cũ", format="video", **hours_old(5))
    make_article(headline="Phim mới", format="video", **hours_old(2))
    make_article(headline="Ảnh đẹp", format="photo")
    assert headlines(client, "/video/") == ["Phim mới", "Phim cũ"]
    assert headlines(client, "/anh/") == ["Ảnh đẹp"]
    assert_public(client.get("/video/"))


def test_a_page_without_stories_says_so(client: Client) -> None:
    for path in ("/video/", "/anh/"):
        assert "Chưa có bài" in text(client, path)


def test_pages_are_numbered_and_end(client: Client) -> None:
    for n in range(25):
        make_article(format="photo", **hours_old(n + 1))
    assert len(headlines(client, "/anh/")) == 20
    assert len(headlines(client, "/anh/?trang=2")) == 5
    assert client.get("/anh/?trang=3").status_code == 404
    assert client.get("/anh/?trang=1").headers["Location"] == "/anh/"


def test_no_section_takes_the_address_of_one_of_them() -> None:
    assert {"anh", "video"} <= RESERVED_SLUGS


@pytest.mark.parametrize("state", ["draft", "in_review", "scheduled", "withdrawn"])
def test_what_readers_may_not_see_stands_nowhere(client: Client, state: str) -> None:
    for format_, owner in (("video", VIDEOS), ("photo", PHOTO_STORIES)):
        hidden = make_draft(headline="Tin kín", slug="tin-kin", format=format_)
        status = "published" if state == "scheduled" else state
        soon = timezone.now() + timedelta(hours=1)
        hidden.status = status
        hidden.published_at = soon if state == "scheduled" else None
        hidden.save()
        make_article(headline="Công khai", format=format_)
        assert headlines(client, owner.get_absolute_url()) == ["Công khai"]
        for path in ("/", f"/rss/the-loai/{owner.slug}.rss", "/sitemap-trang.xml", "/rss/"):
            assert "Tin kín" not in text(client, path)


def test_a_change_of_format_or_state_moves_a_story_between_the_lists(client: Client) -> None:
    story = make_article(headline="Lũ về", format="video")
    story.format = "photo"
    story.save()
    assert (headlines(client, "/video/"), headlines(client, "/anh/")) == ([], ["Lũ về"])
    Article.objects.filter(pk=story.pk).update(format="text")
    assert headlines(client, "/anh/") == []
    assert not Placement.objects.in_any_language(PHOTO_STORIES).exists()
    assert sum(ListSize.objects.filter(kind=5).values_list("articles", flat=True)) == 0


def test_the_cost_of_a_page_does_not_grow(client: Client) -> None:
    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        return len(captured)

    for n in range(3):
        make_article(format="video", **hours_old(n + 1))
    few = [
        queries(path) for path in ("/video/", "/", "/rss/the-loai/video.rss", "/sitemap-trang.xml")
    ]
    for n in range(30):
        clip = add_recording(sent("clip.mp4"), title="Lũ")
        story = make_article(format=("video", "photo")[n % 2], **hours_old(n + 1))
        ArticleRecording.objects.create(article=story, recording=clip)
    many = [
        queries(path) for path in ("/video/", "/", "/rss/the-loai/video.rss", "/sitemap-trang.xml")
    ]
    assert few == many
    assert max(many) <= 15


def test_a_card_says_what_it_is_and_how_long(client: Client) -> None:
    clip = add_recording(sent("clip.mp4"), title="Lũ", duration=187)
    story = make_article(format="video")
    ArticleRecording.objects.create(article=story, recording=clip)
    html = text(client, "/video/")
    assert re.search(r'</svg>Video <span class="visually-hidden">dài</span> 3:07</span>', html)
    make_article(format="photo")
    assert "</svg>Ảnh</span>" in text(client, "/anh/")


def test_a_plain_story_bears_no_sign(client: Client) -> None:
    make_article()
    assert "media-sign" not in text(client, "/")


def test_they_have_feeds_and_stand_in_the_sitemap_once_there_is_one(client: Client) -> None:
    assert "/video/" not in text(client, "/sitemap-trang.xml")
    make_article(headline="Lũ về", format="video")
    feed = feedparser.parse(client.get("/rss/the-loai/video.rss").content)
    assert [entry.title for entry in feed.entries] == ["Lũ về"]
    assert client.get("/rss/the-loai/anh.atom").status_code == 200
    assert "/video/" in text(client, "/sitemap-trang.xml")
    assert "/anh/" not in text(client, "/sitemap-trang.xml")


def test_a_change_makes_the_pages_old(django_capture_on_commit_callbacks: Any) -> None:
    told: set[str] = set()

    def note(tags: frozenset[str], **_: Any) -> None:
        told.update(tags)

    story = make_article(format="video")
    dropped.connect(note)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            story.format = "photo"
            story.save()
        assert {"format:video", "format:photo"} <= told
    finally:
        dropped.disconnect(note)


# --- the front page ---------------------------------------------------------------------------


def test_the_front_page_has_a_block_of_both_and_each_story_once(client: Client) -> None:
    section = make_category()
    for n in range(30):
        make_article(category=section, **hours_old(n + 1))
    for n in range(6):
        format_ = ("video", "photo")[n % 2]
        make_article(
            headline=f"{format_} {n}", category=section, format=format_, **hours_old(100 + n)
        )
    html = text(client, "/")
    block = html[html.index('class="multimedia"') :]
    block = block[: block.index("</section>")]
    shown = re.findall(r'__headline"><a href="[^"]*">([^<]*)</a>', block)
    assert shown == ["video 0", "photo 1", "video 2", "photo 3"]
    everywhere = headlines(client, "/")
    assert len(everywhere) == len(set(everywhere))


def test_without_photo_stories_and_videos_there_is_no_block(client: Client) -> None:
    make_article()
    assert "multimedia" not in text(client, "/")
