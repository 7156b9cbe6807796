"""Tells proxies and CDNs what to forget, by HTTP.

PURGE_URLS lists where, separated by commas:

* ``varnish+http://host:6081``: one PURGE, with a pattern of the tags for deploy/varnish.vcl
* ``fastly+https://api.fastly.com/service/ID`` with the token as password of user ``key``
* ``cloudflare+https://api.cloudflare.com/client/v4/zones/ID`` likewise
"""

import json
import logging
import os
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 5
ATTEMPTS = 3
# Cloudflare takes so many tags at a time.
TAGS_AT_ONCE = 30


@dataclass(frozen=True)
class Request:
    """One HTTP request to make."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes | None = None


class Purger:
    """Sends purges in the background: the editor does not wait for a CDN."""

    def __init__(self, urls: list[str]) -> None:
        self.urls = urls
        self._begin()
        # Workers are forked from a process that may have sent, whose threads they do not have.
        os.register_at_fork(after_in_child=self._begin)

    def _begin(self) -> None:
        self._threads = ThreadPoolExecutor(4, thread_name_prefix="purge")

    def purge(self, tags: frozenset[str], addresses: list[str]) -> None:
        """Have each proxy forget the tags and the addresses."""
        for url in self.urls:
            for request in purge_requests(url, tags, addresses):
                self._threads.submit(_send, request)

    def finish(self) -> None:
        """Wait for what was begun."""
        self._threads.shutdown(wait=True)


def purge_requests(url: str, tags: frozenset[str], addresses: list[str]) -> list[Request]:
    """The requests that make one proxy forget."""
    kind, _, rest = url.partition("+")
    parts = urlsplit(rest)
    token = parts.password or ""
    base = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path.rstrip('/')}"
    if kind == "varnish":
        # Without a blank, at which Varnish would cut the pattern.
        one = "|".join(sorted(tags))
        named = "." if "*" in tags else f"(^|[[:space:]])({one})([[:space:]]|$)"
        return [Request("PURGE", f"{base}/", {"X-Tags": named})]
    if kind == "fastly":
        headers = {"Fastly-Key": token, "Surrogate-Key": " ".join(sorted(tags))}
        return [Request("POST", f"{base}/purge", headers)]
    if kind == "cloudflare":
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        if "*" in tags:
            body = b'{"purge_everything":true}'
            return [Request("POST", f"{base}/purge_cache", headers, body)]
        ordered = sorted(tags)
        groups = [ordered[i : i + TAGS_AT_ONCE] for i in range(0, len(ordered), TAGS_AT_ONCE)]
        return [
            Request("POST", f"{base}/purge_cache", headers, json.dumps({"tags": group}).encode())
            for group in groups
        ]
    raise ValueError(f"PURGE_URLS does not know {kind!r}")


def _send(request: Request) -> None:
    for attempt in range(1, ATTEMPTS + 1):
        try:
            message = urllib.request.Request(  # noqa: S310
                request.url, data=request.body, headers=request.headers, method=request.method
            )
            with urllib.request.urlopen(message, timeout=TIMEOUT_SECONDS):  # noqa: S310
                return
        except OSError:
            logger.warning("Purge failed (attempt %d): %s", attempt, request.url, exc_info=True)
