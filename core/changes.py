"""What a transaction makes old on public pages, gathered until it commits.

``core.page_tags.drop`` notes it here; ``dropped`` tells it once for each transaction. Whoever keeps
pages listens to the other signals, too: ``noted`` to write down what is due before the commit,
``ending`` to make pages anew while only the transaction sees what it has changed.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db import transaction
from django.dispatch import Signal

# Sent inside the transaction with ``change`` and the ``tags`` that were added to it just now.
noted = Signal()
# Sent inside the transaction, when all is changed, with ``change`` and ``paths``.
ending = Signal()
# Sent after the commit with ``tags: frozenset[str]`` and ``change``.
dropped = Signal()
# Sent with ``tags: frozenset[str]`` by one machine of all when a time has come that makes them old.
passed = Signal()
# Sent with ``since`` and ``tags``; who keeps pages answers with a list of ``Refreshed``.
asked = Signal()

# A long import tells what it has made old at least so often: nobody may read old pages for long.
BULK_SECONDS = 5.0

_thread = threading.local()


@dataclass(frozen=True)
class Refreshed:
    """A page that a change made old, and since when there is a fresh copy, if there is one."""

    address: str
    dropped: datetime
    stored: datetime | None


class Note(Protocol):
    """What has been written down of a change."""

    def settle(self) -> None:
        """Nothing is left to be done for it."""


class Change:
    """The tags of one transaction. Django calls it after the commit, and lets go of it when the
    transaction is rolled back."""

    def __init__(self) -> None:
        self.tags: set[str] = set()
        self.told = False
        # Whether pages were made ahead since the last of the tags came.
        self.made = False
        # Set by whoever keeps pages: the note that this is due, and pages made ahead.
        self.due: Note | None = None
        self.pages: list[Any] = []

    def add(self, tags: frozenset[str]) -> None:
        self.tags |= tags
        self.made = False
        noted.send(sender=None, change=self, tags=tags)

    def __call__(self) -> None:
        if self.told:
            return
        self.told = True
        bulk: Bulk | None = getattr(_thread, "bulk", None)
        if bulk is not None:
            bulk.take(self)
        else:
            self.tell()

    def tell(self) -> None:
        dropped.send(sender=None, tags=frozenset(self.tags), change=self)
        self.settle()

    def settle(self) -> None:
        if self.due is not None:
            self.due.settle()


class Bulk:
    """The changes of many transactions, told together."""

    def __init__(self) -> None:
        self.change = Change()
        self._began = time.monotonic()

    def take(self, change: Change) -> None:
        """Add what a transaction has committed; tell it when the last time is long ago."""
        # Noted for all of them before the one forgets it.
        self.change.add(frozenset(change.tags))
        change.settle()
        if time.monotonic() - self._began > BULK_SECONDS:
            self.tell()

    def tell(self) -> None:
        told, self.change = self.change, Change()
        if told.tags:
            told.tell()
        self._began = time.monotonic()


def note(tags: frozenset[str]) -> None:
    """Have ``tags`` told when the running transaction commits; at once when there is none."""
    if not tags:
        return
    change = _running() or Change()
    change.add(tags)
    # Each time anew, as a savepoint takes away what was registered within it.
    transaction.on_commit(change)


def make_ahead(*paths: str) -> Change | None:
    """Let pages that will be old be made anew now, and those at ``paths``, before the commit.

    To be called last in a transaction: what changes afterwards makes them useless. A second call
    does nothing unless something has changed since. Returns the change, if there is one.
    """
    change = _running()
    if change is None or getattr(_thread, "bulk", None) is not None:
        return None
    if paths or not change.made:
        ending.send(sender=None, change=change, paths=paths)
        change.made = True
    return change


@contextmanager
def one_drop() -> Iterator[None]:
    """Tell the changes of all transactions within together, as for an import of many articles."""
    if getattr(_thread, "bulk", None) is not None:
        yield
        return
    bulk = _thread.bulk = Bulk()
    try:
        yield
    finally:
        _thread.bulk = None
        bulk.tell()


def refreshed(since: float, tags: frozenset[str]) -> list[Refreshed]:
    """The pages that changes of all these tags together have made old since a Unix time."""
    answers: list[tuple[Any, Any]] = asked.send(sender=None, since=since, tags=tags)
    return [page for _receiver, pages in answers for page in pages]


def _running() -> Change | None:
    """The change of the running transaction, unless a savepoint took it away."""
    callbacks = [entry[1] for entry in transaction.get_connection().run_on_commit]
    found = (one for one in reversed(callbacks) if isinstance(one, Change) and not one.told)
    return next(found, None)
