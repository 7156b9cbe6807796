"""The public files, where no web server or object storage in front serves them."""

import re

from django.core.files.storage import default_storage
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotFound,
    HttpResponseNotModified,
)
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from photos import renditions

_RENDITION = re.compile(
    rf"photos/[0-9a-f]{{32}}/(?:(?:3x2-)?[0-9]{{1,5}}|{'|'.join(renditions.CROPS)})\.(webp|jpg)"
)
# An address names one picture for ever: a changed picture gets a new address.
_CACHE_CONTROL = "public, max-age=31536000, immutable"
_POLICY = "default-src 'none'; sandbox"
RETRY_AFTER_SECONDS = 10


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponse:
    """A rendition; anything else in the storage does not exist for readers."""
    match = _RENDITION.fullmatch(path)
    try:
        return _rendition(request, path, match[1]) if match else _not_found()
    except ConnectionError:
        return _out_of_reach()
    except OSError:
        return _not_found()


def _rendition(request: HttpRequest, path: str, extension: str) -> HttpResponse:
    modified = default_storage.get_modified_time(path)
    size = default_storage.size(path)
    etag = f'"{int(modified.timestamp()):x}-{size:x}"'
    answer = get_conditional_response(request, etag=etag, last_modified=int(modified.timestamp()))
    response = answer or _file(request, path, size)
    if not isinstance(response, HttpResponseNotModified):
        response["Content-Type"] = renditions.CONTENT_TYPES[extension]
    response["ETag"] = etag
    response["Last-Modified"] = http_date(modified.timestamp())
    response["Cache-Control"] = _CACHE_CONTROL
    response["Content-Security-Policy"] = _POLICY
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _file(request: HttpRequest, path: str, size: int) -> HttpResponse:
    if request.method == "HEAD":
        return HttpResponse(headers={"Content-Length": str(size)})
    with default_storage.open(path) as file:
        data = file.read()
    return HttpResponse(data, headers={"Content-Length": str(len(data))})


def _not_found() -> HttpResponse:
    """No page for people: what asks here is an <img>, and it must cost nothing."""
    return HttpResponseNotFound(
        content_type="text/plain",
        headers={"Cache-Control": "no-store", "Content-Security-Policy": _POLICY},
    )


def _out_of_reach() -> HttpResponse:
    """The storage does not answer: a cache in front may go on with what it has."""
    response = _not_found()
    response.status_code = 503
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response
