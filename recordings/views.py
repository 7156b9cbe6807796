"""The public files of recordings, where no web server in front serves them.

Phones and Safari play only from servers that answer requests for a part (RFC 9110, 14).
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from recordings import formats

_PART = re.compile(r"bytes=(\d{0,15})-(\d{0,15})\Z", re.ASCII)
_PIECE = 64 * 1024
# An address names one file for ever: a changed recording gets a new address.
_CACHE_CONTROL = "public, max-age=31536000, immutable"
_POLICY = "default-src 'none'; sandbox"
RETRY_AFTER_SECONDS = 10


@require_safe
def file(request: HttpRequest, name: str) -> HttpResponseBase:
    """A recording's file or subtitles, whole or the part that is asked for."""
    path = f"{formats.FOLDER}/{name}"
    try:
        response = _answer(request, path)
    except OSError as error:
        # No page for people: what asks here is a player.
        out_of_reach = isinstance(error, ConnectionError)
        response = HttpResponse(
            status=503 if out_of_reach else 404,
            content_type="text/plain",
            headers={"Cache-Control": "no-store"},
        )
        if out_of_reach:
            response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    response["Content-Security-Policy"] = _POLICY
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _answer(request: HttpRequest, path: str) -> HttpResponseBase:
    modified = default_storage.get_modified_time(path).timestamp()
    size = default_storage.size(path)
    etag, last_modified = f'"{int(modified):x}-{size:x}"', http_date(modified)
    response: HttpResponseBase | None = get_conditional_response(
        request, etag=etag, last_modified=int(modified)
    )
    if response is None:
        fresh = request.headers.get("If-Range", etag) in (etag, last_modified)
        part = _part(request.headers.get("Range", ""), size) if fresh else None
        response = _content(request, path, size, part)
    if not isinstance(response, HttpResponseNotModified):
        response["Content-Type"] = formats.content_type(path)
        response["Content-Disposition"] = "inline"
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = etag
    response["Last-Modified"] = last_modified
    response["Cache-Control"] = _CACHE_CONTROL
    return response


def _part(asked: str, size: int) -> range | None:
    """The bytes asked for; empty when there are none there, None when all are wanted.

    Several parts at once are answered with the whole, as the standard allows.
    """
    match = _PART.match(asked)
    if match is None or match[1] == match[2] == "":
        return None
    if not match[1]:
        return range(max(0, size - int(match[2])), size)
    first = int(match[1])
    last = int(match[2]) if match[2] else size - 1
    if last < first and match[2]:
        return None
    return range(first, min(last + 1, size))


def _content(request: HttpRequest, path: str, size: int, part: range | None) -> HttpResponseBase:
    if part is not None and not part:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    wanted = range(size) if part is None else part
    headers = {"Content-Length": str(len(wanted))}
    if part is not None:
        headers["Content-Range"] = f"bytes {part[0]}-{part[-1]}/{size}"
    status = 200 if part is None else 206
    if request.method == "HEAD":
        return HttpResponse(status=status, headers=headers)
    pieces = _pieces(default_storage.open(path), wanted)  # type: ignore[arg-type]
    return StreamingHttpResponse(pieces, status=status, headers=headers)


def _pieces(file: BinaryIO, wanted: range) -> Iterator[bytes]:
    with file:
        file.seek(wanted.start)
        left = len(wanted)
        while left and (piece := file.read(min(_PIECE, left))):
            left -= len(piece)
            yield piece
