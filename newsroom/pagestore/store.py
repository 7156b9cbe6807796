"""Keeps finished pages in a folder that all processes of the machine share."""

import contextlib
import json
import logging
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from core.changes import Refreshed
from newsroom.pagestore import index
from newsroom.pagestore.due import overdue
from newsroom.pagestore.entries import Entry, entry_path, write_entry
from newsroom.pagestore.index import Index
from newsroom.pagestore.machines import Machines
from newsroom.pagestore.nginx_files import NginxFiles
from newsroom.pagestore.nginx_workers import NginxWorkers
from newsroom.pagestore.pages import Pages
from newsroom.pagestore.purge import Purger
from newsroom.pagestore.versions import COUNTERS, EVERYTHING, STORED

logger = logging.getLogger(__name__)

# What one worker keeps in memory of the pages it hands out itself.
WORKER_MEMORY = 8 * 1024 * 1024
# Room is made once in so many pages, and then to this part of the limit.
MAKE_ROOM_EVERY = 64
MAKE_ROOM_TO = 0.9
EXPIRED_AGAIN_SECONDS = 10.0
# A drop that leaves more pages than this to be made is a large one.
LARGE_DROP = 12
LATELY_SECONDS = 60.0
# A page read within this time is in use.
IN_USE_SECONDS = 300.0


class Store:
    """The stored pages of one machine.

    ``limit`` is in bytes on disk. ``nginx`` gets a copy of plain pages to serve by itself.
    ``listeners`` are told of drops that began here.
    """

    def __init__(
        self,
        folder: Path,
        *,
        limit: int,
        nginx: NginxFiles | None = None,
        several_machines: bool = False,
    ) -> None:
        self.folder = folder
        self.limit = limit
        self.nginx = nginx
        self.due_folder = folder / "due"
        self.pages = Pages(folder, memory=WORKER_MEMORY, several_machines=several_machines)
        self.versions = self.pages.versions
        self.listeners: list[Callable[[frozenset[str], list[str]], None]] = []
        self.machines: Machines | None = None
        self.purger: Purger | None = None
        self._index = Index(folder / "index.sqlite3")
        self._puts = 0
        self._expired_until = 0.0

    def put(self, entry: Entry) -> bool:
        """Keep a page, unless something it shows was dropped since its rendering began."""
        with self._changing() as db:
            if not self.versions.right(entry.slots, entry.since):
                return False
            size = write_entry(self.folder, entry)
            index.note_page(
                db, entry.address, entry.tags, size, entry.status, entry.stored, entry.expires
            )
            if self.nginx:
                self.nginx.write(entry)
        self.pages.forget(entry.address)
        self.versions.add(STORED)
        self._puts += 1
        if self._puts % MAKE_ROOM_EVERY == 1:
            self.make_room()
        return True

    def drop(self, tags: Iterable[str], fresh: Sequence[Entry] = ()) -> list[str]:
        """Make pages that show one of ``tags`` old everywhere; tells which were stored.

        Our own processes see it before anything else happens here. ``fresh`` pages, made with what
        is dropped for, take the place of old ones at that moment: each unless another drop of what
        it shows has come since its rendering began.
        """
        named = frozenset(tags)
        addresses = self.drop_here(named, fresh)
        for listener in self.listeners:
            listener(named, addresses)
        return addresses

    def drop_here(self, tags: frozenset[str], fresh: Sequence[Entry] = ()) -> list[str]:
        """As ``drop``, without telling other machines and proxies."""
        began = time.time()
        if EVERYTHING in tags:
            self.versions.drop(tags)
            return self._remove_all()
        placed: dict[str, int] = {}
        self.versions.drop(tags, lambda count: placed.update(self._place(fresh, count)))
        try:
            with self._changing() as db:
                addresses = index.pages_showing(db, tags)
                old = index.found(db, addresses)
                used = {one: self._used(one) for one in old}
                self._remove(db, (one for one in addresses if one not in placed))
                self._have_nginx_ask(placed)
                self._note_placed(db, fresh, placed)
                told = {*old, *index.found(db, placed)}
                # The editor is told of those that are fresh; the others may be too many.
                order = sorted(told, key=lambda one: (one not in placed, -used.get(one, 0.0)))
                index.note_drop(db, began, tags, order)
        except (sqlite3.Error, OSError):
            # Without the list nobody can say which files nginx must not serve any more.
            logger.exception("The list of stored pages cannot be used; all pages are dropped")
            return self._remove_all()
        return addresses

    def hottest(self, tags: Iterable[str], now: float) -> list[str]:
        """The stored pages that show one of ``tags``, those that most readers want first.

        A page in use is marked only now and then, so of two that are in use the one with the
        shorter address goes first: the front page, then sections and feeds, then articles.
        """
        with self._changing() as db:
            addresses = index.found(db, index.pages_showing(db, tags))
        return sorted(addresses, key=lambda one: (now - self._used(one) > IN_USE_SECONDS, len(one)))

    def settle(self) -> None:
        """Do the drops of processes that were killed before they could."""
        for tags in overdue(self.due_folder):
            self.drop(tags)

    def clear(self) -> None:
        """Drop every page."""
        self.drop([EVERYTHING])

    def remove_expired(self, now: float) -> None:
        """Take pages whose time is over from nginx; our own processes look at the clock."""
        if not self.nginx:
            return
        with self._changing() as db:
            query = "SELECT address FROM page WHERE expires BETWEEN ? AND ?"
            for (address,) in db.execute(query, (self._expired_until, now)):
                self.nginx.remove(address)
        # Again next time: a page may be written when its time is nearly over.
        self._expired_until = now - EXPIRED_AGAIN_SECONDS

    def make_room(self) -> None:
        """Remove the pages that were not read for longest when the limit is passed."""
        with self._changing() as db:
            (held,) = db.execute("SELECT coalesce(sum(bytes), 0) FROM page").fetchone()
            if held <= self.limit:
                return
            sizes = db.execute("SELECT address, bytes, status FROM page").fetchall()
            order = sorted(sizes, key=lambda row: (row[2] == 200, self._used(row[0])))
            going: list[str] = []
            for address, size, _status in order:
                if held <= self.limit * MAKE_ROOM_TO:
                    break
                going.append(address)
                held -= size
            self._remove(db, going)

    def refreshed(self, since: float, tags: Set[str] = frozenset()) -> list[Refreshed]:
        """The pages dropped since a Unix time, each with its first fresh copy if there is one.

        With ``tags`` only what drops of all of them together made old.
        """
        with self._changing() as db:
            found: dict[str, Refreshed] = {}
            rows = db.execute("SELECT at, tags, addresses FROM dropped WHERE at >= ?", (since,))
            for at, dropped, addresses in rows.fetchall():
                if not tags <= set(dropped.split()):
                    continue
                for address in json.loads(addresses):
                    query = "SELECT stored FROM page WHERE address = ? AND stored >= ?"
                    row = db.execute(query, (address, at)).fetchone()
                    stored = datetime.fromtimestamp(row[0], UTC) if row else None
                    found[address] = Refreshed(address, datetime.fromtimestamp(at, UTC), stored)
        return sorted(found.values(), key=lambda page: page.address)

    def lost(self, after: int) -> tuple[int, list[str]]:
        """The number of the newest drop, and what large ones after ``after`` have left nobody.

        What readers had last of a drop comes first. Those of long ago have been forgotten.
        """
        found: list[str] = []
        with self._changing() as db:
            drops = index.dropped_after(db, after, time.time() - LATELY_SECONDS)
            for told in drops.values():
                there = set(index.found(db, told))
                missing = [address for address in told if address not in there]
                found += missing if len(missing) > LARGE_DROP else []
        return max(drops, default=after), list(dict.fromkeys(found))

    def last_read(self, most: int) -> list[str]:
        """What readers wanted: pages stored now, then those of the latest drops."""
        stored = self.addresses()
        with self._changing() as db:
            found = dict.fromkeys(index.found(db, stored))
            for (addresses,) in db.execute("SELECT addresses FROM dropped ORDER BY at DESC"):
                found.update(dict.fromkeys(json.loads(addresses)))
        return list(found)[:most]

    def addresses(self) -> list[str]:
        """What is stored, most lately read first."""
        with self._changing() as db:
            rows = [address for (address,) in db.execute("SELECT address FROM page")]
        return sorted(rows, key=self._used, reverse=True)

    def statistics(self) -> dict[str, int]:
        """Counts and bytes, for people."""
        with self._changing() as db:
            count, size = db.execute(
                "SELECT count(*), coalesce(sum(bytes), 0) FROM page"
            ).fetchone()
        counters = {name: self.versions.numbers[place] for name, place in COUNTERS.items()}
        return {"pages": count, "bytes": size, "limit": self.limit, **counters}

    def _place(self, fresh: Iterable[Entry], count: int) -> dict[str, int]:
        """Put fresh pages where readers find them; tells the sizes of those that are."""
        placed: dict[str, int] = {}
        for entry in fresh:
            if not self.versions.right(entry.slots, entry.since):
                continue
            entry.since, entry.stored = count, time.time()
            used = self._used(entry.address)
            try:
                placed[entry.address] = write_entry(self.folder, entry)
                if used:
                    # Nobody has read it yet.
                    os.utime(entry_path(self.folder, entry.address), (used, used))
            except OSError:
                # A page less; the drop must come.
                logger.exception("A page could not be kept: %s", entry.address)
        return placed

    def _have_nginx_ask(self, addresses: Iterable[str]) -> None:
        """Let readers have fresh pages from us at once, until they are written for nginx, too."""
        if self.nginx:
            for address in addresses:
                self.nginx.remove(address)
            self.nginx.show()

    def _note_placed(
        self, db: sqlite3.Connection, fresh: Iterable[Entry], placed: dict[str, int]
    ) -> None:
        for entry in fresh:
            if entry.address in placed and self.versions.right(entry.slots, entry.since):
                size = placed[entry.address]
                index.note_page(
                    db, entry.address, entry.tags, size, entry.status, entry.stored, entry.expires
                )
                if self.nginx:
                    self.nginx.write(entry)
                self.versions.add(STORED)
            elif entry.address in placed:
                self._remove(db, [entry.address])

    def _used(self, address: str) -> float:
        try:
            return entry_path(self.folder, address).stat().st_mtime
        except OSError:
            return 0.0

    def _remove(self, db: sqlite3.Connection, addresses: Iterable[str]) -> None:
        addresses = list(addresses)
        for address in addresses:
            if self.nginx:
                self.nginx.remove(address)
            entry_path(self.folder, address).unlink(missing_ok=True)
        index.forget_pages(db, addresses)

    def _remove_all(self) -> list[str]:
        if self.nginx:
            self.nginx.remove_all()
        with contextlib.suppress(sqlite3.Error, OSError), self._changing() as db:
            db.execute("DELETE FROM page")
            db.execute("DELETE FROM page_tag")
            shutil.rmtree(self.folder / "entries", ignore_errors=True)
        return []

    @contextlib.contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        try:
            self.versions.follow()
            with self._index.changing() as db:
                yield db
        except sqlite3.DatabaseError as error:
            if not isinstance(error, sqlite3.OperationalError):
                # Damaged: the pages stay, and are listed again as they are rendered again.
                self._index.remove()
                if self.nginx:
                    self.nginx.remove_all()
            raise
        finally:
            if self.nginx:
                self.nginx.show()


@cache
def page_store() -> Store | None:
    """The store that the settings choose; None when it is off."""
    from django.conf import settings

    address = urlsplit(settings.PAGE_STORE_URL)
    if address.scheme not in ("file", "redis", "rediss", "unix"):
        return None
    folder = settings.DATA_DIR / "pages"
    if address.scheme == "file" and address.path:
        folder = Path(unquote(address.path))
    store = Store(
        folder,
        limit=settings.PAGE_STORE_MB * 1024 * 1024,
        nginx=NginxFiles(folder / "nginx", NginxWorkers(settings.PAGE_STORE_NGINX_PORT))
        if settings.PAGE_STORE_NGINX
        else None,
        several_machines=address.scheme != "file",
    )
    if address.scheme != "file":
        store.machines = Machines(store, settings.PAGE_STORE_URL)
        store.listeners.append(store.machines.announce)
    if settings.PURGE_URLS:
        store.purger = Purger(settings.PURGE_URLS)
        store.listeners.append(store.purger.purge)
    return store
