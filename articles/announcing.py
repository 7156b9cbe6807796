"""Tells a WebSub hub and search engines (IndexNow) of pages that have changed.

Off unless WEBSUB_HUB_URL or INDEXNOW_KEY is set, and without SITE_URL, since there is no request
whose address could be used. Nothing waits for it: a thread sends after the commit, what fails is
logged, and what changes while it sends goes with the next message. Scheduled articles become public
by the clock: another thread looks for them, in every process of every machine. The database gives
each article to one of them (``Announcement``), which also says that pages have become old by it
(``core.changes.passed``), for the proxies in PURGE_URLS.
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
from django.db import connection
from django.urls import reverse
from django.utils import timezone, translation

from articles import staleness
from articles.feeds import feed_paths
from articles.lists import FORMATS
from articles.models import Announcement, Article, Author, Tag, Topic
from categories.models import Category
from core.changes import passed
from core.page_tags import dropped, in_edition, parts

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 5
# How often is looked for scheduled articles whose time has come.
WATCH_SECONDS = 20.0
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
    if is_on():
        sender.add(*_addresses(tags))


def _addresses(tags: Iterable[str]) -> tuple[set[str], set[str]]:
    """The feeds that show what the tags name, and the pages of the articles among it."""
    tags = set(tags)
    known = [parts(tag) for tag in tags]
    numbers = [number for kind, number, _language in known if kind == "article" and number]
    # What readers have seen; one withdrawn is announced so that it is forgotten.
    seen = Article.objects.filter(pk__in=numbers, published_at__lte=timezone.now())
    seen = seen.filter(status__in=(Article.Status.PUBLISHED, Article.Status.WITHDRAWN))
    unseen = Article.objects.filter(pk__in=numbers).exclude(pk__in=seen.values("pk"))
    if len(numbers) == unseen.count():
        return set(), set()
    paths: list[str] = []
    for language in {language for kind, _number, language in known if kind == "front"}:
        with translation.override(language):
            paths += _feeds([(kind, number) for kind, number, one in known if one == language])
            shown = [one for one in FORMATS if in_edition([one.page_tag], language) <= tags]
            paths += [path for one in shown for path in feed_paths(one).values()]
    pages = [
        article.get_absolute_url() for article in seen.only("pk", "language", "slug", "headline")
    ]
    return set(map(_full, paths)), set(map(_full, pages))


def announce_paths(feeds: Iterable[str], pages: Iterable[str]) -> None:
    """Announce feeds and pages that no list of articles names, by their paths."""
    if is_on():
        sender.add(map(_full, feeds), map(_full, pages))


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


def announce_due() -> int:
    """Announce the scheduled articles that have appeared, if nobody else does; how many."""
    taken = Announcement.objects.take_due()
    feeds: set[str] = set()
    pages: set[str] = set()
    for one in taken:
        tags = in_edition(staleness.tags_of(one.article), one.article.language)
        passed.send(sender=None, tags=frozenset(tags))
        if is_on():
            more_feeds, more_pages = _addresses(tags)
            feeds |= more_feeds
            pages |= more_pages
    _tell(sorted(feeds), sorted(pages))
    Announcement.objects.filter(pk__in=[one.pk for one in taken]).delete()
    return len(taken)


class Watch:
    """Announces scheduled articles when their time has come; nobody acts then."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="announce-due", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def look(self) -> int:
        """Announce what has appeared, and give up what could not be told; how many articles."""
        number = announce_due()
        for one in Announcement.objects.hopeless():
            logger.error("Nobody could be told that article %d has appeared", one.article_id)
            one.delete()
        return number

    def pause(self) -> float:
        """Seconds until the next is due, but few enough for one that is planned meanwhile."""
        next_at = Announcement.objects.next_at()
        left = (next_at - timezone.now()).total_seconds() if next_at else WATCH_SECONDS
        return max(0.0, min(left, WATCH_SECONDS))

    def _run(self) -> None:
        pause = WATCH_SECONDS
        while not self._stopping.wait(pause):
            pause = WATCH_SECONDS
            try:
                self.look()
                pause = self.pause()
            except Exception:
                # Whatever was taken is taken again when its claim has lapsed.
                logger.exception("Scheduled articles could not be announced")
            finally:
                connection.close()


def watch() -> None:
    """Begin to look, in a process that serves, if anybody is to be told."""
    if is_on() or settings.PURGE_URLS:
        Watch().start()


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
