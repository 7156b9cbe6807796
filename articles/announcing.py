"""Tells a WebSub hub and search engines (IndexNow) of pages that have changed.

Off unless WEBSUB_HUB_URL or INDEXNOW_KEY is set, and without SITE_URL, since there is no request
whose address could be used. Nothing waits for it: a thread sends after the commit, what fails is
logged, and what changes while it sends goes with the next message.
"""

import atexit
import json
import logging
import threading
import urllib.request
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from articles.feeds import feed_paths
from articles.models import Article, Author, Tag, Topic
from categories.models import Category
from core.page_tags import dropped, parts

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 5
# IndexNow takes so many addresses in one message.
MOST_ADDRESSES = 10_000

OWNERS: dict[str, type[Category | Author | Tag | Topic]] = {
    "category": Category,
    "author": Author,
    "tag": Tag,
    "topic": Topic,
}


class Sender:
    """Sends what has gathered, in one thread that ends when nothing is left."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._feeds: set[str] = set()
        self._pages: set[str] = set()
        self._thread: threading.Thread | None = None

    def add(self, feeds: Iterable[str], pages: Iterable[str]) -> None:
        """Have the addresses sent soon."""
        with self._lock:
            self._feeds.update(feeds)
            self._pages.update(pages)
            if self._thread is None and (self._feeds or self._pages):
                self._thread = threading.Thread(target=self._run, name="announce", daemon=True)
                self._thread.start()

    def wait(self, seconds: float | None = None) -> None:
        """Until everything that was added has been sent or has failed, or time is up."""
        thread = self._thread
        if thread is not None:
            thread.join(seconds)

    def _run(self) -> None:
        while True:
            with self._lock:
                feeds, self._feeds = sorted(self._feeds), set()
                pages, self._pages = sorted(self._pages), set()
                if not feeds and not pages:
                    self._thread = None
                    return
            try:
                _tell(feeds, pages)
            except Exception:
                # The thread must go on: it sends what comes next, too.
                logger.exception("Changed pages could not be announced")


sender = Sender()
# A command that publishes ends at once; a server that stops has nothing better to do.
atexit.register(sender.wait, 2 * TIMEOUT_SECONDS)


def connect() -> None:
    """Listen to what changes for readers; it is told after the commit."""
    dropped.connect(_on_dropped)


def announce(tags: Iterable[str]) -> None:
    """Announce the pages and feeds that show what page tags name (see ``core.page_tags``)."""
    if not is_on():
        return
    known = [parts(tag) for tag in tags]
    numbers = [number for kind, number, _language in known if kind == "article" and number]
    if not numbers:
        return
    paths: list[str] = []
    for language in {language for kind, _number, language in known if kind == "front"}:
        with translation.override(language):
            paths += _feeds([(kind, number) for kind, number, one in known if one == language])
    # What readers have seen; one withdrawn is announced so that it is forgotten.
    seen = Article.objects.filter(pk__in=numbers, published_at__lte=timezone.now())
    seen = seen.filter(status__in=(Article.Status.PUBLISHED, Article.Status.WITHDRAWN))
    pages = [
        article.get_absolute_url() for article in seen.only("pk", "language", "slug", "headline")
    ]
    sender.add(map(_full, paths), map(_full, pages))


def _feeds(lists: Iterable[tuple[str, int | None]]) -> list[str]:
    """The feeds of the edition whose language is set, and those of the lists named."""
    numbers: dict[str, list[int]] = {}
    for kind, number in lists:
        if number is not None:
            numbers.setdefault(kind, []).append(number)
    paths = list(feed_paths().values())
    for kind, model in OWNERS.items():
        for owner in model._default_manager.filter(pk__in=numbers.get(kind, ())):
            paths += feed_paths(owner).values()
    return paths


def is_on() -> bool:
    """Whether anybody is told."""
    return bool(settings.SITE_URL and (settings.WEBSUB_HUB_URL or settings.INDEXNOW_KEY))


def _on_dropped(tags: frozenset[str], **_: Any) -> None:
    # Where the front page stays as it is, as after a comment, no feed has changed.
    if not any(parts(tag)[0] == "front" for tag in tags):
        return
    try:
        announce(tags)
    except Exception:
        # The editor's work is done and must not look as if it had failed.
        logger.exception("Changed pages could not be announced")


def _full(path: str) -> str:
    return urljoin(f"{settings.SITE_URL}/", path)


def _tell(feeds: list[str], pages: list[str]) -> None:
    if settings.WEBSUB_HUB_URL and feeds:
        _tell_hub(settings.WEBSUB_HUB_URL, feeds)
    if settings.INDEXNOW_KEY:
        for start in range(0, len(pages), MOST_ADDRESSES):
            _tell_search_engines(pages[start : start + MOST_ADDRESSES])


def _tell_hub(hub: str, feeds: list[str]) -> None:
    """One message for all feeds: hubs take the field more than once."""
    fields = [("hub.mode", "publish"), *(("hub.url", feed) for feed in feeds)]
    _post(hub, urlencode(fields).encode(), "application/x-www-form-urlencoded")


def _tell_search_engines(pages: list[str]) -> None:
    key = settings.INDEXNOW_KEY
    message = {
        "host": urlsplit(settings.SITE_URL).netloc,
        "key": key,
        "keyLocation": _full(reverse("machines:indexnow_key", args=[key])),
        "urlList": pages,
    }
    _post(settings.INDEXNOW_URL, json.dumps(message).encode(), "application/json; charset=utf-8")


def _post(url: str, body: bytes, content_type: str) -> None:
    try:
        headers = {"Content-Type": content_type, "User-Agent": "Newsroom"}
        request = urllib.request.Request(url, body, headers, method="POST")  # noqa: S310
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS):  # noqa: S310
            pass
    except (OSError, ValueError):
        logger.warning("Changed pages could not be announced at %s", url, exc_info=True)
