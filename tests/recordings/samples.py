"""Small real files, made for these tests: two seconds of a test card and of a tone."""

import struct
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

FOLDER = Path(__file__).parent / "samples"
PLACE = b"+21.0285+105.8542/"


def sample(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def sent(name: str, sent_as: str = "", data: bytes | None = None) -> SimpleUploadedFile:
    """A sample as a browser sends it, under any name."""
    return SimpleUploadedFile(sent_as or name, sample(name) if data is None else data)


def box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), name) + content


def with_place() -> bytes:
    """The clip as a phone writes it: where it was filmed stands in the index and after it."""
    data = sample("clip.mp4")
    at = data.index(b"moov") - 4
    (length,) = struct.unpack_from(">I", data, at)
    note = box(b"udta", box(b"\xa9xyz", PLACE))
    index = struct.pack(">I", length + len(note)) + data[at + 4 : at + length] + note
    # Without another box behind the index, nothing moves that the index points to.
    assert at + length == len(data)
    return data[:at] + index + box(b"uuid", bytes(16) + PLACE)


def turned(data: bytes) -> bytes:
    """The clip as a phone held upright writes it: filmed lying, shown turned by 90 degrees."""
    at = data.index(b"tkhd") + 4 + 40
    matrix = struct.pack(">9i", 0, 65536, 0, -65536, 0, 0, 0, 0, 1 << 30)
    return data[:at] + matrix + data[at + 36 :]
