"""What one process knows of the stored pages: the hot ones in memory, the others on disk.

Used by the front server too, so nothing here may import Django.
"""

import contextlib
import os
import threading
from pathlib import Path

from newsroom.pagestore.entries import DamagedEntry, Entry, entry_path, read_body, read_entry
from newsroom.pagestore.versions import COUNT, Versions

# A page in use is marked so at most this often, for the eviction of those that are not.
MARK_USED_SECONDS = 60
ENTRY_BYTES = 4096


class Pages:
    """Stored pages that are right now. ``memory`` bounds the bytes one process holds."""

    def __init__(self, folder: Path, *, memory: int, several_machines: bool = False) -> None:
        self.folder = folder
        self.versions = Versions(folder)
        self._memory = memory
        self._held = 0
        self._several_machines = several_machines
        self._hot: dict[str, Entry] = {}
        self._changing = threading.RLock()

    def get(self, address: str, now: float) -> Entry | None:
        """The stored page, unless one of its tags was dropped; its time may be over."""
        versions = self.versions
        if versions.follow_sometimes():
            self.forget_all()
        if self._several_machines and versions.unsure():
            return None
        entry = self._hot.get(address)
        if entry is not None and entry.expires > now:
            count = versions.numbers[COUNT]
            if entry.checked == count:
                return entry
            if versions.right(entry.slots, entry.since):
                entry.checked = count
                return entry
        return self._load(address)

    def body(self, entry: Entry, encoding: str) -> bytes | None:
        """The bytes of one form, or None when the file is damaged or gone."""
        known = entry.bodies.get(encoding)
        if known is None:
            try:
                known = read_body(self.folder, entry, encoding)
            except (DamagedEntry, OSError):
                self._discard(entry)
                return None
            self._hold(len(known))
        return known

    def mark_used(self, entry: Entry, now: float) -> None:
        """Note now and then that readers want this page."""
        if now - entry.used > MARK_USED_SECONDS:
            entry.used = now
            with contextlib.suppress(OSError):
                os.utime(entry_path(self.folder, entry.address))

    def forget(self, address: str) -> None:
        with self._changing:
            entry = self._hot.pop(address, None)
            if entry is not None:
                self._held -= _weight(entry)

    def forget_all(self) -> None:
        with self._changing:
            self._hot.clear()
            self._held = 0

    def _discard(self, entry: Entry) -> None:
        """Remove a damaged file, unless another process has replaced it with a newer page."""
        self.forget(entry.address)
        with contextlib.suppress(DamagedEntry, OSError):
            if read_entry(self.folder, entry.address).sums == entry.sums:
                entry_path(self.folder, entry.address).unlink()

    def _load(self, address: str) -> Entry | None:
        self.forget(address)
        count = self.versions.count()
        try:
            entry = read_entry(self.folder, address)
            # A page made ahead has the time at which the one before it was used.
            used = entry_path(self.folder, address).stat().st_mtime
        except (DamagedEntry, OSError):
            return None
        if not self.versions.right(entry.slots, entry.since):
            return None
        entry.checked = count
        entry.used = used
        with self._changing:
            self.forget(address)
            self._hot[address] = entry
            self._hold(_weight(entry))
        return entry

    def _hold(self, size: int) -> None:
        """Count bytes that came into memory, and let go of the pages that have been there longest.

        A page that many want is read again from disk at once, so no order of use is kept here.
        """
        with self._changing:
            self._held += size
            while self._held > self._memory and len(self._hot) > 1:
                self.forget(next(iter(self._hot)))


def _weight(entry: Entry) -> int:
    return ENTRY_BYTES + sum(len(body) for body in entry.bodies.values())
