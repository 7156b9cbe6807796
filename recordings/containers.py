"""What is in a sound or video file, read from the file itself.

Only the outside of a file is looked at: which kind it is, whether browsers can play what is in it,
how long and how large it is, whether it is complete. Nothing is decoded.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from recordings.formats import AUDIO, VIDEO


class UnusableError(ValueError):
    """Why a file cannot be used; ``code`` is unknown_type, no_player, broken or incomplete."""

    def __init__(self, code: str, what: str = "") -> None:
        super().__init__(f"{code} {what}".strip())
        self.code = code
        self.what = what


# Where a box with data not meant for readers begins, where its data begins, where both end.
Private = tuple[int, int, int]


@dataclass
class Contents:
    """What a file is."""

    kind: str
    extension: str
    seconds: float | None = None
    width: int = 0
    height: int = 0
    private: list[Private] = field(default_factory=list)


def read(file: BinaryIO) -> Contents:
    """Look into ``file``. Raises ``UnusableError``."""
    size = file.seek(0, 2)
    head = _bytes(file, 0, min(size, 16))
    try:
        if head[4:8] == b"ftyp":
            return _mp4(file, size)
        if head[:4] == b"\x1a\x45\xdf\xa3":
            return _webm(file, size)
        if head[:4] == b"OggS":
            return _ogg(file, size)
        if head[:3] == b"ID3" or _mp3_header(head[:4]):
            return _mp3(file, size)
    except (struct.error, IndexError, OverflowError, ZeroDivisionError) as error:
        raise UnusableError("broken") from error
    raise UnusableError("unknown_type")


def _bytes(file: BinaryIO, start: int, length: int) -> bytes:
    file.seek(start)
    return file.read(length)


# --- MP4 and M4A (ISO 14496-12) ---------------------------------------------------------------

_MP4_VIDEO = {"avc1", "avc3", "av01", "vp09"}
_MP4_AUDIO = {"mp4a", "Opus", "fLaC", ".mp3"}
# Cameras write here where and with what a video was made.
_MP4_PRIVATE = {"udta", "meta", "uuid"}
_MOST_BOXES = 10_000


@dataclass
class _Box:
    name: str
    at: int
    start: int
    end: int


@dataclass
class _Track:
    handler: str = ""
    codec: str = ""
    width: int = 0
    height: int = 0


def _boxes(file: BinaryIO, start: int, end: int) -> Iterator[_Box]:
    for _ in range(_MOST_BOXES):
        if end - start < 8:
            return
        length, name = struct.unpack(">I4s", _bytes(file, start, 8))
        header = 8
        if length == 1:
            (length,) = struct.unpack(">Q", _bytes(file, start + 8, 8))
            header = 16
        elif length == 0:
            length = end - start
        if length < header:
            raise UnusableError("broken")
        box = _Box(name.decode("latin-1"), start, start + header, start + length)
        if box.end > end:
            raise UnusableError("incomplete")
        yield box
        start = box.end


def _mp4(file: BinaryIO, size: int) -> Contents:
    tracks: list[_Track] = []
    private: list[Private] = []
    seconds: float | None = None
    has_data = has_index = False
    for box in _boxes(file, 0, size):
        has_data = has_data or box.name == "mdat"
        if box.name in _MP4_PRIVATE:
            private.append((box.at, box.start, box.end))
        if box.name == "moov":
            has_index = True
            seconds = _mp4_index(file, box, tracks, private)
    if not has_index or not has_data:
        raise UnusableError("incomplete")
    contents = _mp4_kind(tracks)
    contents.seconds = seconds
    contents.private = private
    return contents


def _mp4_index(
    file: BinaryIO, index: _Box, tracks: list[_Track], private: list[Private]
) -> float | None:
    seconds = None
    for box in _boxes(file, index.start, index.end):
        if box.name in _MP4_PRIVATE:
            private.append((box.at, box.start, box.end))
        elif box.name == "mvhd":
            seconds = _mp4_seconds(file, box)
        elif box.name == "trak":
            track = _Track()
            _mp4_track(file, box, track, private)
            tracks.append(track)
    return seconds


def _mp4_seconds(file: BinaryIO, box: _Box) -> float | None:
    data = _bytes(file, box.start, 32)
    layout, at = (">IQ", 20) if data[0] == 1 else (">II", 12)
    scale, duration = struct.unpack_from(layout, data, at)
    return duration / scale if duration else None


def _mp4_track(file: BinaryIO, parent: _Box, track: _Track, private: list[Private]) -> None:
    for box in _boxes(file, parent.start, parent.end):
        if box.name in _MP4_PRIVATE:
            private.append((box.at, box.start, box.end))
        elif box.name in ("mdia", "minf", "stbl"):
            _mp4_track(file, box, track, private)
        elif box.name == "hdlr" and not track.handler:
            track.handler = _bytes(file, box.start + 8, 4).decode("latin-1")
        elif box.name == "stsd":
            track.codec = _bytes(file, box.start + 12, 4).decode("latin-1")
        elif box.name == "tkhd":
            track.width, track.height = _mp4_size(file, box)


def _mp4_size(file: BinaryIO, box: _Box) -> tuple[int, int]:
    """Width and height as shown: a phone held upright films sideways and says so."""
    data = _bytes(file, box.start, box.end - box.start)
    at = 52 if data[0] == 1 else 40
    a, b, _u, c, d = struct.unpack_from(">iiiii", data, at)
    width, height = (number >> 16 for number in struct.unpack_from(">II", data, at + 36))
    sideways = not a and not d and b and c
    return (height, width) if sideways else (width, height)


def _mp4_kind(tracks: list[_Track]) -> Contents:
    video = next((track for track in tracks if track.handler == "vide"), None)
    sounds = [track for track in tracks if track.handler == "soun"]
    for track in sounds:
        if track.codec not in _MP4_AUDIO:
            raise UnusableError("no_player", track.codec)
    if video is None:
        if not sounds:
            raise UnusableError("broken")
        return Contents(AUDIO, "m4a")
    if video.codec not in _MP4_VIDEO:
        raise UnusableError("no_player", video.codec)
    if not video.width or not video.height:
        raise UnusableError("broken")
    return Contents(VIDEO, "mp4", width=video.width, height=video.height)


# --- WebM (EBML) ------------------------------------------------------------------------------

_WEBM_VIDEO = {"V_VP8", "V_VP9", "V_AV1"}
_WEBM_AUDIO = {"A_OPUS", "A_VORBIS"}
_SEGMENT, _INFO, _TRACKS, _TRACK, _VIDEO, _CLUSTER = (
    *(0x18538067, 0x1549A966, 0x1654AE6B),
    *(0xAE, 0xE0, 0x1F43B675),
)
_DOC_TYPE, _SCALE, _DURATION, _CODEC, _WIDTH, _HEIGHT = (
    *(0x4282, 0x2AD7B1, 0x4489),
    *(0x86, 0xB0, 0xBA),
)
_MOST_HEAD = 1024 * 1024


@dataclass
class _Element:
    number: int
    start: int
    end: int
    open_ended: bool = False


def _number(file: BinaryIO, at: int, keep_mark: bool) -> tuple[int, int, bool]:
    """A number of variable length: itself, where it ends, whether it means “unknown”."""
    first = _bytes(file, at, 1)[0]
    length = 9 - first.bit_length()
    if length > 8:
        raise UnusableError("broken")
    data = _bytes(file, at, length)
    if len(data) < length:
        raise UnusableError("incomplete")
    value = int.from_bytes(data, "big")
    mask = (1 << (7 * length)) - 1
    unknown = value & mask == mask
    return value if keep_mark else value & mask, at + length, unknown


def _elements(file: BinaryIO, start: int, end: int) -> Iterator[_Element]:
    for _ in range(_MOST_BOXES):
        if start >= end:
            return
        number, at, _unknown = _number(file, start, keep_mark=True)
        length, at, unknown = _number(file, at, keep_mark=False)
        element = _Element(number, at, end if unknown else at + length, unknown)
        if element.end > end:
            raise UnusableError("incomplete")
        yield element
        start = element.end


def _value(file: BinaryIO, element: _Element) -> bytes:
    if element.end - element.start > _MOST_HEAD:
        raise UnusableError("broken")
    return _bytes(file, element.start, element.end - element.start)


def _webm(file: BinaryIO, size: int) -> Contents:
    top = _elements(file, 0, size)
    head = next(top)
    kinds = [
        _value(file, one).rstrip(b"\0")
        for one in _elements(file, head.start, head.end)
        if one.number == _DOC_TYPE
    ]
    if kinds != [b"webm"]:
        raise UnusableError("unknown_type")
    segment = next((element for element in top if element.number == _SEGMENT), None)
    if segment is None:
        raise UnusableError("incomplete")
    contents = None
    seconds = None
    has_data = False
    for element in _elements(file, segment.start, segment.end):
        if element.number == _INFO:
            seconds = _webm_seconds(file, element)
        elif element.number == _TRACKS:
            contents = _webm_kind(file, element)
        elif element.number == _CLUSTER:
            has_data = True
    if contents is None or not has_data:
        raise UnusableError("incomplete")
    contents.seconds = seconds
    return contents


def _webm_seconds(file: BinaryIO, info: _Element) -> float | None:
    scale, duration = 1_000_000, 0.0
    for element in _elements(file, info.start, info.end):
        value = _value(file, element)
        if element.number == _SCALE:
            scale = int.from_bytes(value, "big")
        elif element.number == _DURATION:
            (duration,) = struct.unpack(">d" if len(value) == 8 else ">f", value)
    return duration * scale / 1e9 or None


def _webm_kind(file: BinaryIO, tracks: _Element) -> Contents:
    contents = None
    for track in _elements(file, tracks.start, tracks.end):
        if track.number != _TRACK:
            continue
        codec, width, height = _webm_track(file, track)
        if codec in _WEBM_VIDEO and width and height:
            return Contents(VIDEO, "webm", width=width, height=height)
        if codec in _WEBM_AUDIO:
            contents = Contents(AUDIO, "weba")
        elif codec.startswith(("V_", "A_")):
            raise UnusableError("no_player", codec)
    if contents is None:
        raise UnusableError("broken")
    return contents


def _webm_track(file: BinaryIO, track: _Element) -> tuple[str, int, int]:
    codec, width, height = "", 0, 0
    for element in _elements(file, track.start, track.end):
        if element.number == _CODEC:
            codec = _value(file, element).rstrip(b"\0").decode("latin-1")
        elif element.number == _VIDEO:
            for one in _elements(file, element.start, element.end):
                if one.number == _WIDTH:
                    width = int.from_bytes(_value(file, one), "big")
                elif one.number == _HEIGHT:
                    height = int.from_bytes(_value(file, one), "big")
    return codec, width, height


# --- Ogg (RFC 3533) with Opus or Vorbis -------------------------------------------------------

_OGG_LAST = 65_536 + 512


def _ogg(file: BinaryIO, size: int) -> Contents:
    head = _bytes(file, 0, 4096)
    packet = head[27 + head[26] :]
    if packet.startswith(b"OpusHead"):
        (skipped,) = struct.unpack_from("<H", packet, 10)
        rate = 48_000
    elif packet.startswith(b"\x01vorbis"):
        skipped = 0
        (rate,) = struct.unpack_from("<I", packet, 12)
    else:
        raise UnusableError("no_player", "Ogg")
    serial = head[14:18]
    end = _bytes(file, max(0, size - _OGG_LAST), _OGG_LAST)
    last = end.rfind(b"OggS")
    # Of several streams the last page may be another's; then the length is not known.
    if last < 0 or end[last + 14 : last + 18] != serial:
        return Contents(AUDIO, "ogg")
    page = end[last:]
    lengths = page[27 : 27 + page[26]]
    if len(page) < 27 + len(lengths) + sum(lengths):
        raise UnusableError("incomplete")
    (position,) = struct.unpack_from("<q", page, 6)
    return Contents(AUDIO, "ogg", max(0.0, (position - skipped) / rate) or None)


# --- MP3 --------------------------------------------------------------------------------------

_MP3_RATES = {  # samples a second: of MPEG 1, 2 and 2.5
    3: (44_100, 48_000, 32_000),
    2: (22_050, 24_000, 16_000),
    0: (11_025, 12_000, 8_000),
}
_MP3_BITS = {  # thousand bits a second of layer III: of MPEG 1, and of 2 and 2.5
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_MP3_FRAMES_TO_SEE = 3
_MP3_PADDING = 65_536


@dataclass
class _Frame:
    length: int
    samples: int
    rate: int
    bits: int
    side: int


def _mp3_header(data: bytes) -> _Frame | None:
    """The frame that these four bytes begin; only layer III."""
    if len(data) < 4 or data[0] != 0xFF or data[1] & 0xE6 != 0xE2:
        return None
    version = data[1] >> 3 & 3
    bits_index, rate_index = data[2] >> 4, data[2] >> 2 & 3
    if version == 1 or rate_index == 3 or bits_index in (0, 15):
        return None
    first = version == 3
    rate = _MP3_RATES[version][rate_index]
    bits = _MP3_BITS[first][bits_index] * 1000
    samples = 1152 if first else 576
    mono = data[3] >> 6 == 3
    side = (17 if mono else 32) if first else (9 if mono else 17)
    length = samples // 8 * bits // rate + (data[2] >> 1 & 1)
    return _Frame(length, samples, rate, bits, side)


def _mp3(file: BinaryIO, size: int) -> Contents:
    start = 0
    head = _bytes(file, 0, 10)
    if head[:3] == b"ID3":
        start = 10 + sum((byte & 127) << 7 * (3 - place) for place, byte in enumerate(head[6:10]))
        padding = _bytes(file, start, _MP3_PADDING)
        start += len(padding) - len(padding.lstrip(b"\0"))
    first = _mp3_header(_bytes(file, start, 4))
    if first is None:
        raise UnusableError("incomplete" if start >= size else "unknown_type")
    at = start
    for _ in range(_MP3_FRAMES_TO_SEE):
        frame = _mp3_header(_bytes(file, at, 4))
        if frame is None:
            raise UnusableError("incomplete" if at >= size else "broken")
        at += frame.length
    tag = _bytes(file, start + 4 + first.side, 12)
    if tag[:4] in (b"Xing", b"Info") and tag[7] & 1:
        (frames,) = struct.unpack_from(">I", tag, 8)
        return Contents(AUDIO, "mp3", frames * first.samples / first.rate)
    return Contents(AUDIO, "mp3", (size - start) * 8 / first.bits)
