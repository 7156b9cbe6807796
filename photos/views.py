"""The public files, where no web server or object storage in front serves them."""

import re

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from photos import renditions

_RENDITION = re.compile(r"photos/[0-9a-f]{32}/(?:(?:3x2-)?[0-9]{1,5}|share)\.(webp|jpg)")
# An address names one picture for ever: a changed picture gets a new address.
_CACHE_CONTROL = "public, max-age=31536000, immutable"
_POLICY = "default-src 'none'; sandbox"


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponse:
    """A rendition; anything else in the storage does not exist for readers."""
    match = _RENDITION.fullmatch(path)
    if not match:
        raise Http404
    try:
        modified = default_storage.get_modified_time(path)
        size = default_storage.size(path)
    except OSError as error:
        raise Http404 from error
    etag = f'"{int(modified.timestamp()):x}-{size:x}"'
    answer = get_conditional_response(request, etag=etag, last_modified=int(modified.timestamp()))
    response = answer or _file(request, path, size)
    if not isinstance(response, HttpResponseNotModified):
        response["Content-Type"] = renditions.CONTENT_TYPES[match[1]]
    response["ETag"] = etag
    response["Last-Modified"] = http_date(modified.timestamp())
    response["Cache-Control"] = _CACHE_CONTROL
    response["Content-Security-Policy"] = _POLICY
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _file(request: HttpRequest, path: str, size: int) -> HttpResponse:
    if request.method == "HEAD":
        return HttpResponse(headers={"Content-Length": str(size)})
    try:
        with default_storage.open(path) as file:
            data = file.read()
    except OSError as error:
        raise Http404 from error
    return HttpResponse(data, headers={"Content-Length": str(len(data))})
