"""Videos and sounds in articles, as readers get them."""

import json
import re
from datetime import timedelta
from html import unescape
from typing import Any

import feedparser
import pytest
from django.test import Client
from django.utils import timezone
from jsonschema import Draft202012Validator

from articles.body_warnings import shortcode_warnings
from articles.models import Article, ArticlePhoto, ArticleRecording
from articles.versions import begin_translation
from photos.archive import add_photo
from photos.models import Photo
from recordings.archive import CheckedSubtitles, add_recording, change_recording
from recordings.models import Recording
from tests.factories import image_bytes, make_article, make_draft, make_user
from tests.machines.conftest import DATA
from tests.recordings.samples import sent

pytestmark = pytest.mark.django_db


def video(**details: Any) -> Recording:
    return add_recording(sent("clip.mp4"), **{"title": "Lũ về"} | details)


def sound(**details: Any) -> Recording:
    return add_recording(sent("sound.mp3"), **{"title": "Tiếng nước"} | details)


def photo(**details: Any) -> Photo:
    from io import BytesIO

    return add_photo(BytesIO(image_bytes(1300, 900)), **details)


def with_recordings(article: Article, *recordings: Recording) -> Article:
    for position, recording in enumerate(recordings, 1):
        ArticleRecording.objects.create(article=article, recording=recording, position=position)
    return article


def page(article: Article, client: Client | None = None) -> str:
    return (client or Client()).get(article.get_absolute_url()).content.decode()


def body_of(html: str) -> str:
    start = html.index('<div class="story__body">')
    return html[start : html.index("</article>", start)]


def places(html: str, *parts: str) -> list[int]:
    found = [html.find(part) for part in parts]
    assert -1 not in found, parts[found.index(-1)]
    return found


def test_a_video_without_a_place_leads_with_the_lead_photo_as_poster() -> None:
    article = make_article(body="<p>Chuyện đêm qua.</p>")
    ArticlePhoto.objects.create(article=article, photo=photo(caption="Bến tàu"))
    clip = video(caption="Nước lên nhanh", credit="Thanh Hoa")
    html = body_of(page(with_recordings(article, clip)))
    order = places(html, "story__standfirst", clip.url, "Nước lên nhanh", "Chuyện đêm qua.")
    assert order == sorted(order)
    tag = re.search(r"<video[^>]*>", html)[0]
    assert 'preload="none"' in tag
    assert 'width="64" height="36"' in tag
    assert re.search(r'poster="/media/photos/\w+/16x9\.jpg"', tag)
    assert "autoplay" not in html
    # The photo is the poster and does not stand there twice.
    assert "Bến tàu" not in html


def shared_video(html: str) -> dict[str, str]:
    """What other sites are told of the article's video."""
    found = re.findall(r'<meta property="og:(video[^"]*)" content="([^"]*)">', html)
    return dict(found)


def test_other_sites_are_told_of_the_video_that_leads_the_article() -> None:
    clip = video()
    html = page(with_recordings(make_article(), clip, video(title="Hai")))
    assert shared_video(html) == {
        "video": f"http://testserver{clip.url}",
        "video:type": "video/mp4",
        "video:width": "64",
        "video:height": "36",
    }


def test_other_sites_are_told_of_a_video_in_the_text_where_the_article_is_told_by_it() -> None:
    clip = video()
    article = with_recordings(make_article(body="<p>Một.</p>\n<p>[video(1)]</p>"), clip)
    assert shared_video(page(article)) == {}
    Article.objects.update(format=Article.Format.VIDEO)
    assert shared_video(page(article))["video"] == f"http://testserver{clip.url}"
    spoken = with_recordings(make_article(format=Article.Format.VIDEO), sound())
    assert shared_video(page(spoken)) == {}


def test_with_a_poster_of_its_own_the_photo_follows_the_text() -> None:
    article = make_article(body="<p>Chuyện đêm qua.</p>")
    ArticlePhoto.objects.create(article=article, photo=photo(caption="Bến tàu"))
    html = body_of(page(with_recordings(article, video(poster=photo()))))
    order = places(html, "<video", "Chuyện đêm qua.", "Bến tàu")
    assert order == sorted(order)


def test_shortcodes_place_recordings_and_the_rest_follow_the_text() -> None:
    body = "<p>Một.</p>\n<p>[audio(1)]</p>\n<p>Hai.</p>\n<p>[video(2)]</p>\n<p>Ba.</p>"
    first, second, noise, more = video(), video(title="Hai"), sound(), sound(title="Gió")
    article = with_recordings(make_article(body=body), noise, first, more, second)
    html = body_of(page(article))
    order = places(html, first.url, "Một.", noise.url, "Hai.</p>", second.url, "Ba.", more.url)
    assert order[1:] == sorted(order[1:])
    assert "[audio" not in html
    assert all(html.count(f'<source src="{one.url}"') == 1 for one in (first, second, noise, more))


def test_a_shortcode_for_what_is_not_there_prints_nothing_and_warns_the_desk() -> None:
    body = "<p>Một [video(3)] [audio(1)] [video(x)]</p>"
    article = with_recordings(make_article(body=body), video())
    assert "[video" not in page(article)
    warnings = " ".join(shortcode_warnings(article))
    assert all(code in warnings for code in ("[video(3)]", "[audio(1)]", "[video(x)]"))
    article.body = "<p>[video(1)]</p>"
    assert shortcode_warnings(article) == []


def test_subtitles_and_transcript_come_with_the_player() -> None:
    words = CheckedSubtitles(sent("x.vtt", data=b"WEBVTT\n\n00:00.000 --> 00:01.500\nXin\n"))
    clip = video(subtitles=words, transcript="Xin chào bà con.\n\nNước lên rồi.")
    html = body_of(page(with_recordings(make_article(), clip)))
    assert f'<track kind="subtitles" src="{clip.subtitles_url}" srclang="vi"' in html
    assert re.search(
        r"<details.*<p>Xin chào bà con.</p>\s*<p>Nước lên rồi.</p>.*</figcaption>", html, re.DOTALL
    )


def test_words_of_a_recording_are_never_markup() -> None:
    evil = "<script>alert(1)</script>"
    clip = video(title=evil, caption=evil, credit=evil, transcript=evil)
    html = page(with_recordings(make_article(), clip))
    assert "<script>alert" not in html


def test_machines_are_told_of_the_video() -> None:
    clip = video(caption="Nước lên nhanh", duration=187)
    html = page(with_recordings(make_article(), clip))
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html)[1])
    told = data["@graph"][0]["video"][0]
    assert told["@type"] == "VideoObject"
    assert told["contentUrl"].endswith(clip.url)
    assert told["duration"] == "PT187S"
    assert told["description"] == "Nước lên nhanh"
    assert told["uploadDate"]


def test_feeds_name_what_can_be_played(client: Client) -> None:
    clip, noise = video(duration=187), sound()
    with_recordings(make_article(), clip, noise)
    [entry] = feedparser.parse(client.get("/rss/").content).entries
    [enclosure] = entry.enclosures
    assert enclosure.href.endswith(clip.url)
    assert (enclosure.type, enclosure.length) == ("video/mp4", str(clip.size))
    media = {one["url"].rpartition("/")[2]: one for one in entry.media_content}
    assert media[clip.url.rpartition("/")[2]]["duration"] == "187"
    [item] = client.get("/rss/feed.json").json()["items"]
    assert [one["mime_type"] for one in item["attachments"]] == ["video/mp4", "audio/mpeg"]
    assert client.get("/rss/atom.xml").status_code == 200


def test_whole_texts_in_feeds_have_plain_players(client: Client, settings: Any) -> None:
    settings.FEED_FULL_TEXT = True
    clip, noise = video(), sound()
    with_recordings(make_article(body="<p>Một.</p>\n<p>[video(1)]</p>"), clip, noise)
    html = unescape(client.get("/rss/").content.decode())
    assert re.search(rf'<video controls preload="none" src="http://testserver{clip.url}"', html)
    assert re.search(rf'<audio controls preload="none" src="http://testserver{noise.url}"', html)


def test_an_article_without_recordings_costs_no_more_queries(
    client: Client, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    plain = make_article()
    played = with_recordings(make_article(), video())
    with CaptureQueriesContext(
        connection,
    ) as without:
        page(plain, client)
    with CaptureQueriesContext(connection) as having:
        page(played, client)
    assert not [one for one in without if "recordings_recording" in one["sql"].split("WHERE")[0]]
    assert len(having) == len(without) + 1


@pytest.mark.parametrize("state", ["draft", "scheduled", "withdrawn"])
def test_nothing_of_an_article_readers_may_not_see_shows_its_recording(
    client: Client, state: str
) -> None:
    clip = video()
    article = with_recordings(make_draft(), clip)
    if state != "draft":
        article.slug = "bai-kin"
        article.status = Article.Status.WITHDRAWN if state == "withdrawn" else "published"
        article.published_at = timezone.now() + timedelta(hours=1 if state == "scheduled" else -1)
        article.save()
    make_article()
    for path in (
        article.get_absolute_url(),
        "/",
        "/rss/",
        "/video/",
        "/anh/",
        "/sitemap-trang.xml",
    ):
        assert clip.url not in client.get(path).content.decode()


def test_a_changed_caption_and_poster_make_the_page_old(
    django_capture_on_commit_callbacks: Any,
) -> None:
    from core.page_tags import dropped

    clip = video(poster=photo())
    article = with_recordings(make_article(), clip)
    narrated = make_article(narration=sound())
    told: set[str] = set()

    def note(tags: frozenset[str], **_: Any) -> None:
        told.update(tags)

    dropped.connect(note)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            change_recording(clip, caption="Mới")
        assert f"article:{article.pk}" in told
        told.clear()
        with django_capture_on_commit_callbacks(execute=True):
            clip.poster.alt = "Bến"
            clip.poster.save()
        assert f"article:{article.pk}" in told
        told.clear()
        with django_capture_on_commit_callbacks(execute=True):
            change_recording(narrated.narration, title="Bản đọc mới")
        assert f"article:{narrated.pk}" in told
    finally:
        dropped.disconnect(note)


def test_an_editor_puts_a_video_into_an_article() -> None:
    from tests.articles.test_admin_article import typed

    editor, clip = make_user("editor"), video()
    article = make_draft(created_by=editor)
    client = Client()
    client.force_login(editor)
    address = f"/admin/articles/article/{article.pk}/change/"
    answer = client.get(address).content.decode()
    assert "recordings-TOTAL_FORMS" in answer
    fields = typed(article) | {
        "recordings-TOTAL_FORMS": 1,
        "recordings-0-recording": clip.pk,
        "recordings-0-position": "",
        "format": "video",
    }
    client.post(address, fields)
    use = ArticleRecording.objects.get(article=article)
    assert (use.recording, use.position) == (clip, 1)
    article.refresh_from_db()
    assert article.format == "video"


def test_the_api_gives_recordings_in_valid_ninjs(client: Client) -> None:
    schema = json.loads((DATA / "ninjs" / "ninjs-schema_3.1.json").read_text(encoding="utf-8"))
    clip, noise = video(duration=187, caption="Nước lên", credit="Thanh Hoa"), sound()
    article = with_recordings(make_article(body="<p>Một.</p>\n<p>[audio(1)]</p>"), clip, noise)
    item = client.get(f"/api/articles/{article.pk}/").json()
    Draft202012Validator(schema).validate(item)
    film, tone = item["associations"]
    assert (film["type"], film["renditions"][0]["duration"]) == ("video", 187)
    assert (tone["type"], tone["renditions"][0]["contentType"]) == ("audio", "audio/mpeg")
    assert noise.url in item["bodies"][0]["value"]


def test_a_translation_begins_with_the_recordings_and_the_format() -> None:
    article = with_recordings(make_article(format="video"), video(), sound())
    draft = begin_translation(article, "en", by=make_user("editor"))
    assert draft.format == "video"
    assert [use.recording for use in draft.recordings.all()] == [
        use.recording for use in article.recordings.all()
    ]
