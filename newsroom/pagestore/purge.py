"""Tells proxies and CDNs what to forget, by HTTP.

PURGE_URLS lists where, separated by commas:

* ``varnish+http://host:6081``: PURGE, with a pattern of the tags for deploy/varnish.vcl
* ``fastly+https://api.fastly.com/service/ID`` with the token as password of user ``key``
* ``cloudflare+https://api.cloudflare.com/client/v4/zones/ID`` likewise
"""

import json
import logging
import os
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 5
ATTEMPTS = 3
# So many tags at a time: what Cloudflare takes; Fastly takes 256, Varnish a line of 8 kB.
TAGS_AT_ONCE = 30
# A change of more than these has all forgotten: that is one request instead of hundreds.
MOST_TAGS = 1000
# The tag of pages that show more than a head can name; each purge names it.
MANY = "many"


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
        tags = frozenset("*") if len(tags) > MOST_TAGS else tags | {MANY}
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
    ordered = sorted(tags)
    groups = [ordered[i : i + TAGS_AT_ONCE] for i in range(0, len(ordered), TAGS_AT_ONCE)]
    everything = "*" in tags
    if kind == "varnish":
        # Without a blank, at which Varnish would cut the pattern.
        named = [f"(^|[[:space:]])({'|'.join(group)})([[:space:]]|$)" for group in groups]
        patterns = ["."] if everything else named
        return [Request("PURGE", f"{base}/", {"X-Tags": pattern}) for pattern in patterns]
    if kind == "fastly":
        key = {"Fastly-Key": token}
        if everything:
            return [Request("POST", f"{base}/purge_all", key)]
        named = [" ".join(group) for group in groups]
        return [Request("POST", f"{base}/purge", {**key, "Surrogate-Key": one}) for one in named]
    if kind == "cloudflare":
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        orders = [{"purge_everything": True}] if everything else [{"tags": one} for one in groups]
        bodies = [json.dumps(order).encode() for order in orders]
        return [Request("POST", f"{base}/purge_cache", headers, body) for body in bodies]
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
            if attempt < ATTEMPTS:
                time.sleep(attempt)
