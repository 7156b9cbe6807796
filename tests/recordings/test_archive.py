"""How recordings come into the archive, change and leave it."""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from articles.models import ArticleRecording
from recordings.archive import (
    CheckedRecording,
    CheckedSubtitles,
    RecordingError,
    add_recording,
    change_recording,
    delete_recording,
)
from recordings.models import Recording
from tests.factories import make_article
from tests.recordings.samples import PLACE, sample, sent, with_place

pytestmark = pytest.mark.django_db

VTT = "WEBVTT\n\n00:00.000 --> 00:01.500\nXin chào bà con.\n"
SRT = "1\r\n00:00:00,000 --> 00:00:01,500\r\nXin chào bà con.\r\n"


def files() -> list[str]:
    folder = Path(default_storage.path("recordings"))
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def content(recording: Recording) -> bytes:
    with recording.file.open("rb") as file:
        return file.read()


def words(text: str) -> CheckedSubtitles:
    return CheckedSubtitles(SimpleUploadedFile("x.vtt", text.encode()))


def test_a_video_is_kept_under_a_name_nobody_can_guess() -> None:
    recording = add_recording(sent("clip.mp4", "canh-dep.mp4"), title="Cảnh đẹp")
    assert (recording.kind, recording.duration) == ("video", 2)
    assert (recording.width, recording.height) == (64, 36)
    assert recording.url.startswith("/media/recordings/")
    assert "canh-dep" not in recording.url
    assert len(Path(recording.url).stem) == 32
    assert content(recording) == sample("clip.mp4")


def test_the_content_says_what_it_is_not_the_name() -> None:
    recording = add_recording(sent("clip.webm", "clip.mp3"), title="Cảnh đẹp")
    assert (recording.kind, recording.mime_type) == ("video", "video/webm")


@pytest.mark.parametrize("memory", [True, False])
def test_where_a_video_was_filmed_does_not_reach_readers(memory: bool, settings: Any) -> None:
    data = with_place()
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10**6 if memory else 1
    recording = add_recording(sent("clip.mp4", data=data), title="Cảnh đẹp")
    stored = content(recording)
    assert PLACE in data
    assert PLACE not in stored
    assert b"udta" not in stored
    assert len(stored) == len(data)
    # Everything else is where it was, and still a video.
    assert stored[:5000] == data[:5000]
    assert CheckedRecording(SimpleUploadedFile("x", stored)).contents.seconds


def test_a_refused_file_leaves_nothing_behind() -> None:
    with pytest.raises(RecordingError) as caught:
        add_recording(sent("old.mp4"), title="Cũ")
    assert caught.value.code == "no_player"
    with pytest.raises(ValidationError):
        add_recording(sent("clip.mp4"), title="")
    assert (Recording.objects.count(), files()) == (0, [])


@pytest.mark.parametrize(("size", "code"), [(0, "empty"), (2 * 1024**2, "too_big")])
def test_an_empty_and_a_very_large_file_are_refused(size: int, code: str, settings: Any) -> None:
    settings.RECORDING_MAX_BYTES = 1024**2
    with pytest.raises(RecordingError) as caught:
        add_recording(SimpleUploadedFile("x.mp4", bytes(size)), title="Lớn")
    assert caught.value.code == code


@pytest.mark.parametrize("text", [VTT, "\ufeff" + VTT.replace("\n", "\r\n"), SRT])
def test_subtitles_are_kept_as_webvtt(text: str) -> None:
    recording = add_recording(sent("clip.mp4"), title="Cảnh", subtitles=words(text))
    with recording.subtitles.open("rb") as file:
        stored = file.read().decode()
    assert stored.startswith("WEBVTT\n\n")
    assert "00:01.500\nXin chào bà con.\n" in stored
    assert recording.subtitles_url.endswith(".vtt")


@pytest.mark.parametrize("text", ["", "Xin chào", "WEBVTT", "WEBVTT\n\n<script>alert(1)</script>"])
def test_what_is_no_subtitles_is_refused(text: str) -> None:
    with pytest.raises(RecordingError) as caught:
        words(text)
    assert caught.value.code in ("not_subtitles", "empty")


def test_another_file_gets_another_address_and_the_old_one_goes(
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        recording = add_recording(sent("clip.mp4"), title="Cảnh", subtitles=words(VTT))
    before = recording.url
    with django_capture_on_commit_callbacks(execute=True):
        change_recording(recording, file=CheckedRecording(sent("clip.webm")), subtitles=False)
    recording.refresh_from_db()
    assert recording.url != before
    assert recording.mime_type == "video/webm"
    assert not recording.subtitles
    assert files() == [Path(recording.url).name]


def test_a_sound_does_not_take_the_place_of_a_video() -> None:
    recording = add_recording(sent("clip.mp4"), title="Cảnh")
    with pytest.raises(RecordingError) as caught:
        change_recording(recording, file=CheckedRecording(sent("sound.mp3")))
    assert caught.value.code == "other_kind"


def test_a_recording_in_use_is_not_deleted(django_capture_on_commit_callbacks: Any) -> None:
    recording = add_recording(sent("sound.mp3"), title="Bản đọc")
    use = ArticleRecording.objects.create(article=make_article(), recording=recording)
    narrated = make_article(narration=recording)
    with pytest.raises(RecordingError) as caught:
        delete_recording(recording)
    assert caught.value.code == "in_use"
    use.delete()
    with pytest.raises(RecordingError):
        delete_recording(recording)
    narrated.narration = None
    narrated.save()
    with django_capture_on_commit_callbacks(execute=True):
        delete_recording(recording)
    assert files() == []


def test_a_length_is_told_to_people_and_to_machines() -> None:
    recording = Recording(duration=187)
    assert (recording.length, recording.iso_duration) == ("3:07", "PT187S")
    assert Recording(duration=3765).length == "1:02:45"
    assert (Recording().length, Recording().iso_duration) == ("", "")
