"""Makes pages anew inside the transaction that will make them old, so that no reader waits.

The pages are made by Django in the same thread, so on the same connection, and are nowhere but in
memory until the commit. Then they take the place of the old ones at the moment these are dropped
(``Store.drop``). What fails here costs a reader a rendering; it never stops an editor.
"""

import logging
import sqlite3
import time
from collections.abc import Iterable, Sequence
from functools import cache
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.db import transaction
from django.utils import timezone, translation

from core import changes
from newsroom.pagestore.addresses import page_address
from newsroom.pagestore.due import Due
from newsroom.pagestore.entries import Entry
from newsroom.pagestore.keeper import is_kept
from newsroom.pagestore.layer import AHEAD_KEY, _storable, request_of
from newsroom.pagestore.store import Store, page_store
from newsroom.publicpages import TAGS_KEY

logger = logging.getLogger(__name__)

# The editor waits, and on SQLite who else wants to write: so many pages at most, begun within so
# long, or so much of the processor's time.
MOST_PAGES = 12
SECONDS = 5.0
PROCESSOR_SECONDS = 1.0


def connect() -> None:
    """Have every change, wherever it is made, reach the stored pages."""
    changes.noted.connect(_write_down)
    changes.ending.connect(_make)
    changes.dropped.connect(_drop)
    changes.asked.connect(_tell_refreshed)
    changes.passed.connect(_purge)


def _write_down(change: changes.Change, tags: frozenset[str], **_: Any) -> None:
    store = page_store()
    if store is None:
        return
    # What was made before this change does not show it.
    change.pages = [page for page in change.pages if tags.isdisjoint(page.tags)]
    try:
        if not isinstance(change.due, Due):
            change.due = Due(store.due_folder)
        change.due.add(tags)
    except OSError:
        logger.exception("A drop cannot be written down; it will be done unless we are killed")


def _make(change: changes.Change, paths: Sequence[str], **_: Any) -> None:
    store = page_store()
    if store is None or not transaction.get_connection().in_atomic_block:
        return
    try:
        if is_kept(store.folder):
            wanted = _wanted(store, change, paths)
            change.pages += _made(store, wanted)
    except Exception:
        logger.exception("Pages could not be made ahead; readers' requests will make them")


def _drop(tags: frozenset[str], change: changes.Change, **_: Any) -> None:
    store = page_store()
    if store is not None:
        store.drop(tags, change.pages)


def _purge(tags: frozenset[str], **_: Any) -> None:
    """Tell proxies alone: pages that are stored here end by the clock."""
    store = page_store()
    if store is not None and store.purger is not None:
        store.purger.purge(tags, [])


def _tell_refreshed(since: float, tags: frozenset[str], **_: Any) -> list[changes.Refreshed]:
    store = page_store()
    try:
        return store.refreshed(since, tags) if store else []
    except (sqlite3.Error, OSError):
        # What is told is told after the commit: it must not look as if nothing had been saved.
        logger.exception("Nobody can say which pages have been refreshed")
        return []


def _wanted(store: Store, change: changes.Change, paths: Iterable[str]) -> list[str]:
    """The addresses to make anew: those named, then the stored ones that readers want most."""
    hottest = store.hottest(change.tags, time.time())
    bases = [f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, hottest)]
    base = settings.SITE_URL if settings.SITE_URL in bases else next(iter(bases), "")
    # Hosts that nobody but a scanner asks for come last.
    own = [address for address in hottest if address.startswith(f"{base}/")]
    named = [address for path in paths if (address := _address(base, path))]
    there = {page.address for page in change.pages}
    wanted = dict.fromkeys([*named, *own, *hottest])
    return [address for address in wanted if address not in there][:MOST_PAGES]


def _address(base: str, path: str) -> str | None:
    parts = urlsplit(f"{base}{path}")
    return page_address(parts.scheme, parts.netloc, parts.path, parts.query) if base else None


def _made(store: Store, addresses: Iterable[str]) -> list[Entry]:
    until, processor_until = time.monotonic() + SECONDS, time.thread_time() + PROCESSOR_SECONDS
    made: list[Entry] = []
    # As in a thread that answers readers.
    with translation.override(settings.LANGUAGE_CODE), timezone.override(None):
        for address in addresses:
            if time.monotonic() > until or time.thread_time() > processor_until:
                break
            entry = render(store, address)
            # The page of an article that readers do not see yet need not be there.
            if entry is not None and entry.status != HTTPStatus.NOT_FOUND:
                made.append(entry)
    return made


def render(store: Store, address: str) -> Entry | None:
    """The page as a stranger gets it, seen from within the running transaction."""
    since = store.versions.count()
    with transaction.atomic():
        # Without the signals of a request, at which Django closes the connection.
        request = WSGIRequest({**request_of(address), AHEAD_KEY: True})
        response = _handler().get_response(request)
        # Whatever it did to the transaction, be it an error, is undone.
        transaction.set_rollback(True)
    status = f"{response.status_code} {response.reason_phrase}"
    headers = [*response.items(), *(("Set-Cookie", "") for _ in response.cookies)]
    tags = request.META.get(TAGS_KEY, ())
    return _storable(address, status, headers, list(response), tags=tags, since=since)


@cache
def _handler() -> WSGIHandler:
    return WSGIHandler()
