"""Compresses answers that are made for one request: search results, forms, the API, the newsroom.

Stored pages are compressed once, by the store; static files at their collection; photos and
recordings by their format.
"""

import gzip
from collections.abc import Callable

import brotli
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import has_vary_header, patch_vary_headers
from django.utils.text import compress_string

from newsroom.pagestore.entries import BROTLI_QUALITY, COMPRESSED_TYPES, GZIP_LEVEL, preferred

# A shorter answer fits into one packet as it is.
SMALLEST = 1024
# Where an answer holds a secret beside something that a stranger chose, its length would tell of
# the secret (BREACH). So many random bytes blur it; Django's own middleware does the same.
PERSONAL_PADDING = 100


class CompressionMiddleware:
    """Sends texts as brotli or gzip where the client takes it.

    What is made for one person, who has a session or a token, goes as gzip with random padding.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not isinstance(response, HttpResponse) or not _may_be_compressed(response):
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        accepted = preferred(request.headers.get("Accept-Encoding", ""))
        if is_personal(response):
            accepted = tuple(name for name in accepted if name == "gzip")
        if accepted:
            _compress(response, accepted[0])
        return response


def is_personal(response: HttpResponse) -> bool:
    """Whether the answer depends on who asks."""
    return bool(response.cookies) or has_vary_header(response, "Cookie")


def _may_be_compressed(response: HttpResponse) -> bool:
    kind = response.headers.get("Content-Type", "")
    if response.status_code == 206 or "Content-Encoding" in response:
        return False
    return len(response.content) >= SMALLEST and COMPRESSED_TYPES.match(kind) is not None


def _compress(response: HttpResponse, encoding: str) -> None:
    content = response.content
    if encoding == "br":
        response.content = brotli.compress(content, quality=BROTLI_QUALITY)
    elif is_personal(response):
        response.content = compress_string(content, max_random_bytes=PERSONAL_PADDING)
    else:
        response.content = gzip.compress(content, GZIP_LEVEL, mtime=0)
    response.headers["Content-Encoding"] = encoding
    response.headers["Content-Length"] = str(len(response.content))
    etag = response.headers.get("ETag", "")
    if etag.startswith('"'):
        # A strong one promises the same bytes in every form.
        response.headers["ETag"] = f"W/{etag}"
