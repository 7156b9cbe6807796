"""The files as players ask for them."""

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from recordings.archive import CheckedSubtitles, add_recording
from recordings.models import Recording
from tests.recordings.samples import sample, sent

pytestmark = pytest.mark.django_db

CLIP = sample("clip.mp4")


@pytest.fixture
def recording() -> Recording:
    words = SimpleUploadedFile("x.vtt", b"WEBVTT\n\n00:00.000 --> 00:01.500\nXin\n")
    return add_recording(sent("clip.mp4"), title="Cảnh", subtitles=CheckedSubtitles(words))


def body(response: Any) -> bytes:
    return response.getvalue()


def test_the_whole_file_is_served_as_what_it_is(client: Client, recording: Recording) -> None:
    response = client.get(recording.url)
    assert response.status_code == 200
    assert body(response) == CLIP
    assert response.headers["Content-Type"] == "video/mp4"
    assert response.headers["Content-Disposition"] == "inline"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Accept-Ranges"] == "bytes"
    assert "immutable" in response.headers["Cache-Control"]
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert not response.cookies


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-1", 0, 1),
        ("bytes=100-199", 100, 199),
        ("bytes=100-", 100, len(CLIP) - 1),
        ("bytes=-50", len(CLIP) - 50, len(CLIP) - 1),
        ("bytes=-999999", 0, len(CLIP) - 1),
        ("bytes=5-999999", 5, len(CLIP) - 1),
    ],
)
def test_a_part_is_served(
    client: Client, recording: Recording, asked: str, first: int, last: int
) -> None:
    response = client.get(recording.url, headers={"range": asked})
    assert response.status_code == 206
    assert response.headers["Content-Range"] == f"bytes {first}-{last}/{len(CLIP)}"
    assert response.headers["Content-Length"] == str(last - first + 1)
    assert response.headers["Content-Type"] == "video/mp4"
    assert body(response) == CLIP[first : last + 1]


@pytest.mark.parametrize("asked", ["bytes=9999999-", "bytes=-0"])
def test_a_part_beyond_the_end_is_told_so(client: Client, recording: Recording, asked: str) -> None:
    response = client.get(recording.url, headers={"range": asked})
    assert response.status_code == 416
    assert response.headers["Content-Range"] == f"bytes */{len(CLIP)}"


@pytest.mark.parametrize(
    "asked", ["bytes=-", "bytes=0-1,5-9", "bytes=9-5", "items=0-1", "bytes=a-b", "bytes=٣-٤"]
)
def test_what_is_no_part_gets_the_whole(client: Client, recording: Recording, asked: str) -> None:
    response = client.get(recording.url, headers={"range": asked})
    assert (response.status_code, body(response)) == (200, CLIP)


def test_a_part_of_a_file_that_has_changed_is_not_put_to_the_old_one(
    client: Client, recording: Recording
) -> None:
    etag = client.head(recording.url).headers["ETag"]
    same = client.get(recording.url, headers={"range": "bytes=0-1", "if-range": etag})
    other = client.get(recording.url, headers={"range": "bytes=0-1", "if-range": '"old"'})
    assert (same.status_code, other.status_code) == (206, 200)


def test_a_player_that_has_the_file_is_told_so(client: Client, recording: Recording) -> None:
    head = client.head(recording.url)
    assert head.headers["Content-Length"] == str(len(CLIP))
    again = client.get(recording.url, headers={"if-none-match": head.headers["ETag"]})
    assert again.status_code == 304
    assert "Content-Disposition" not in again.headers


def test_subtitles_are_served_as_text_for_players(client: Client, recording: Recording) -> None:
    response = client.get(recording.subtitles_url)
    assert response.headers["Content-Type"] == "text/vtt; charset=utf-8"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path", ["x.html", "x.mp4", "../secret-key", "0" * 32 + ".html", "0" * 32 + ".mp4", ""]
)
def test_nothing_else_is_there(client: Client, recording: Recording, path: str) -> None:
    default_storage.save("recordings/x.html", ContentFile(b"<script>"))
    default_storage.save("recordings/" + "0" * 32 + ".html", ContentFile(b"<script>"))
    response = client.get(f"/media/recordings/{path}")
    assert response.status_code == 404
    assert b"script" not in response.content
