"""Subtitles in WebVTT, the form browsers read."""

import re

from core.vietnamese import nfc

MOST_BYTES = 1024 * 1024
_TIME = r"(?:\d{2,}:)?\d{2}:\d{2}\.\d{3}"
_CUE = re.compile(rf"^{_TIME}[ \t]+-->[ \t]+{_TIME}(?:[ \t].*)?$", re.MULTILINE)
_SRT_TIME = re.compile(r"^(\d+:\d{2}:\d{2}),(\d{3}) --> (\d+:\d{2}:\d{2}),(\d{3})", re.MULTILINE)


class NotSubtitlesError(ValueError):
    """The file holds no subtitles that browsers could show."""


def as_webvtt(data: bytes) -> str:
    """The WebVTT in ``data``, composed (NFC); SubRip (.srt) is turned into it.

    Raises ``NotSubtitlesError``.
    """
    try:
        text = nfc(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise NotSubtitlesError from error
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _SRT_TIME.search(text) and not text.startswith("WEBVTT"):
        text = "WEBVTT\n\n" + _SRT_TIME.sub(r"\1.\2 --> \3.\4", text.lstrip("\n"))
    if not re.match(r"WEBVTT(?:[ \t\n]|$)", text) or not _CUE.search(text):
        raise NotSubtitlesError
    return text.rstrip("\n") + "\n"
