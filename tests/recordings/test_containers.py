"""What a file is, read from the file itself."""

from io import BytesIO

import pytest

from recordings import containers
from tests.recordings.samples import PLACE, box, sample, turned, with_place


def read(data: bytes) -> containers.Contents:
    return containers.read(BytesIO(data))


def refusal(data: bytes) -> str:
    with pytest.raises(containers.UnusableError) as caught:
        read(data)
    return caught.value.code


@pytest.mark.parametrize(
    ("name", "kind", "extension", "size"),
    [
        ("clip.mp4", "video", "mp4", (64, 36)),
        ("clip.webm", "video", "webm", (64, 36)),
        ("sound.mp3", "audio", "mp3", (0, 0)),
        ("sound.m4a", "audio", "m4a", (0, 0)),
        ("sound.ogg", "audio", "ogg", (0, 0)),
    ],
)
def test_kind_size_and_length_are_read(
    name: str, kind: str, extension: str, size: tuple[int, int]
) -> None:
    contents = read(sample(name))
    assert (contents.kind, contents.extension) == (kind, extension)
    assert (contents.width, contents.height) == size
    assert contents.seconds == pytest.approx(2, abs=0.15)


def test_a_video_filmed_upright_has_its_upright_size() -> None:
    contents = read(turned(sample("clip.mp4")))
    assert (contents.width, contents.height) == (36, 64)


def test_places_of_private_data_are_found() -> None:
    data = with_place()
    private = b"".join(data[content:end] for _at, content, end in read(data).private)
    assert private.count(PLACE) == 2


@pytest.mark.parametrize(
    "data", [b"<html><script>alert(1)</script>", b"\x89PNG\r\n\x1a\n" + bytes(99), b"MZ", b"x"]
)
def test_what_is_no_video_or_sound_is_refused(data: bytes) -> None:
    assert refusal(data) == "unknown_type"


def test_matroska_is_not_webm() -> None:
    assert refusal(sample("clip.mkv")) == "unknown_type"


def test_what_browsers_cannot_play_is_refused_with_its_codec() -> None:
    with pytest.raises(containers.UnusableError) as caught:
        read(sample("old.mp4"))
    assert (caught.value.code, caught.value.what) == ("no_player", "mp4v")


@pytest.mark.parametrize("name", ["clip.mp4", "clip.webm", "sound.m4a", "sound.ogg"])
@pytest.mark.parametrize("part", [0.3, 0.9])
def test_a_file_that_ends_too_soon_is_refused(name: str, part: float) -> None:
    data = sample(name)
    assert refusal(data[: int(len(data) * part)]) == "incomplete"


def test_an_mp3_cut_off_after_its_tag_is_refused() -> None:
    assert refusal(b"ID3\x04\x00\x00\x00\x00\x00\x0a" + bytes(10)) == "incomplete"


def test_text_that_begins_like_an_mp3_is_refused() -> None:
    assert refusal(b"ID3\x04\x00\x00\x00\x00\x00\x00<script>alert(1)</script>") == "unknown_type"


@pytest.mark.parametrize(
    "data",
    [
        box(b"ftyp", b"isom") + bytes([0, 0, 0, 4]) + b"moov" + bytes(20),
        box(b"ftyp", b"isom") + box(b"moov", box(b"mvhd", b"")) + box(b"mdat", b""),
        box(b"ftyp", b"isom") + box(b"moov", b"") + box(b"mdat", b""),
        b"\x1a\x45\xdf\xa3\x00",
        b"OggS" + bytes(30),
    ],
)
def test_a_damaged_file_is_refused_and_nothing_breaks(data: bytes) -> None:
    assert refusal(data) in ("broken", "incomplete", "unknown_type", "no_player")
