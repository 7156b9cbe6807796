"""Videos of other sites that an article may show once the reader asks for them.

Only addresses are made here; nothing is fetched. ``PLAYERS`` are the hosts that pages may frame.
"""

import re
from dataclasses import dataclass
from html import unescape
from urllib.parse import parse_qs, urlencode, urlsplit

PLAYERS = ("https://www.youtube-nocookie.com", "https://player.vimeo.com")

_YOUTUBE_HOSTS = {"youtube.com", "www.youtube.com", "m.youtube.com", "www.youtube-nocookie.com"}
_VIMEO_HOSTS = {"vimeo.com", "www.vimeo.com", "player.vimeo.com"}
_YOUTUBE_PATH = re.compile(r"/(embed|live|shorts|v)/([\w-]{11})/?", re.ASCII)
_YOUTUBE_ID = re.compile(r"[\w-]{11}", re.ASCII)
_VIMEO_PATH = re.compile(r"/(?:video/)?(\d{5,12})(?:/([0-9a-f]{6,20}))?/?", re.ASCII)
_VIMEO_KEY = re.compile(r"[0-9a-f]{6,20}", re.ASCII)
_START = re.compile(r"(?:(\d{1,2})h)?(?:(\d{1,3})m)?(?:(\d{1,5})s?)?", re.ASCII)
_PARAGRAPH = re.compile(r'<p>(?:<a href="([^"]*)">)?\s*(https?://[^\s<>"]+)\s*(?:</a>)?</p>')


@dataclass(frozen=True)
class Video:
    """``page`` is for people, ``player`` is what stands in the frame."""

    provider: str
    page: str
    player: str
    upright: bool = False


def video(address: str) -> Video | None:
    """The video at an address of YouTube or Vimeo; None for any other address."""
    try:
        parts = urlsplit(address.strip())
        query = parse_qs(parts.query)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or parts.netloc != parts.hostname:
        return None
    if parts.hostname in _YOUTUBE_HOSTS or parts.hostname == "youtu.be":
        return _youtube(parts.hostname, parts.path, query)
    return _vimeo(parts.path, query) if parts.hostname in _VIMEO_HOSTS else None


def video_in_paragraph(html: str) -> Video | None:
    """The video whose bare address is all that the paragraph ``html`` says."""
    match = _PARAGRAPH.fullmatch(html)
    return video(unescape(match[1] or match[2])) if match else None


def _youtube(host: str, path: str, query: dict[str, list[str]]) -> Video | None:
    by_path = _YOUTUBE_PATH.fullmatch(path)
    if by_path:
        number = by_path[2]
    elif host == "youtu.be":
        number = path.strip("/")
    else:
        number = query.get("v", [""])[0] if path == "/watch" else ""
    if not _YOUTUBE_ID.fullmatch(number):
        return None
    start = _seconds(query.get("t", query.get("start", [""]))[0])
    page, player = {"v": number}, {"autoplay": 1, "rel": 0}
    if start:
        page |= {"t": str(start)}
        player |= {"start": start}
    return Video(
        "YouTube",
        f"https://www.youtube.com/watch?{urlencode(page)}",
        f"{PLAYERS[0]}/embed/{number}?{urlencode(player)}",
        upright=bool(by_path and by_path[1] == "shorts"),
    )


def _vimeo(path: str, query: dict[str, list[str]]) -> Video | None:
    match = _VIMEO_PATH.fullmatch(path)
    if match is None:
        return None
    number, key = match[1], match[2] or query.get("h", [""])[0]
    hidden = {"h": key} if _VIMEO_KEY.fullmatch(key) else {}
    return Video(
        "Vimeo",
        f"https://vimeo.com/{number}" + (f"/{key}" if hidden else ""),
        f"{PLAYERS[1]}/video/{number}?{urlencode(hidden | {'autoplay': '1', 'dnt': '1'})}",
    )


def _seconds(text: str) -> int:
    """``90``, ``90s`` or ``1h2m3s`` in seconds; 0 for anything else."""
    match = _START.fullmatch(text)
    hours, minutes, seconds = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
    return hours * 3600 + minutes * 60 + seconds
