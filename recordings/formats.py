"""The kinds of files the paper takes and how each is named and served.

The extension alone decides the type a file is served as, here and in ``deploy/nginx.conf``; it is
given by what the file holds (``recordings.containers``), never by the name it was sent under.
"""

VIDEO, AUDIO = "video", "audio"
CONTENT_TYPES = {
    "mp4": "video/mp4",
    "webm": "video/webm",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "ogg": "audio/ogg",
    "weba": "audio/webm",
    "vtt": "text/vtt; charset=utf-8",
}
FOLDER = "recordings"


def content_type(name: str) -> str:
    """What a stored file is served as; a name that is not ours has no type."""
    return CONTENT_TYPES[name.rpartition(".")[2]]


def clock(seconds: int) -> str:
    """``3:07``, ``1:02:45``."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
