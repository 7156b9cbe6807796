"""When each tag was last dropped, in memory that all processes of the machine share.

A page notes the count of drops before it is rendered. It is right as long as none of its tags has
been dropped at a later count, so a drop reaches every process at once and needs no message, and a
page made from older data than a drop can never pass for a new one.

Tags fall into slots by their hash; two that share one only drop a page too many.
"""

import contextlib
import fcntl
import mmap
import os
import time
from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b
from pathlib import Path

MAGIC = 0x4E52504147453032
SLOTS = 1 << 18
# Numbers before the slots: what this file is, which run of the machine wrote it, and counts.
KIND, BOOT, COUNT, ALIVE = 0, 1, 2, 3
HITS, MISSES, DROPS, STORED, STALE = 8, 9, 10, 11, 12
COUNTERS = {"hits": HITS, "misses": MISSES, "drops": DROPS, "stored": STORED, "stale": STALE}
SLOTS_START = 64
SIZE = (SLOTS_START + SLOTS) * 8
# Every page carries this tag.
EVERYTHING = "*"
# How long drops from other machines may be unheard before pages here count as unsure.
UNHEARD_SECONDS = 3.0
CHECK_SECONDS = 1.0


def slot(tag: str) -> int:
    digest = blake2b(tag.encode(), digest_size=8).digest()
    return SLOTS_START + int.from_bytes(digest, "big") % SLOTS


def slots(tags: Iterable[str]) -> tuple[int, ...]:
    """The slots of a page's tags, that of every page among them."""
    return tuple(sorted({slot(tag) for tag in tags} | {slot(EVERYTHING)}))


class Versions:
    """The shared memory, kept in a file of ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "versions"
        self.lock_path = folder / "versions.lock"
        folder.mkdir(parents=True, exist_ok=True)
        self._open()

    def _open(self) -> None:
        with self._locked():
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                os.ftruncate(handle, SIZE)
                self._memory = mmap.mmap(handle, SIZE)
                self._inode = os.fstat(handle).st_ino
            finally:
                os.close(handle)
            # Writing one of these numbers is one store of the processor: no reader sees half.
            self.numbers = memoryview(self._memory).cast("Q")
            boot = _boot()
            if self.numbers[KIND] != MAGIC or self.numbers[BOOT] != boot:
                # A machine that went down may have kept a page and lost its drop.
                self.numbers[KIND] = MAGIC
                self.numbers[BOOT] = boot
                self._bump([EVERYTHING], floor=time.time_ns())
        self._checked = time.monotonic()

    def count(self) -> int:
        """How many drops there have been; read it before what a page is made of."""
        return self.numbers[COUNT]

    def right(self, page_slots: Iterable[int], since: int) -> bool:
        """Whether no such tag was dropped after the count ``since``."""
        numbers = self.numbers
        return all(numbers[number] <= since for number in page_slots)

    def drop(
        self, tags: Iterable[str], replace: Callable[[int], None] = lambda count: None
    ) -> None:
        """Make pages that show any of the tags old, in every process, before returning.

        ``replace`` gets the count of this drop just before it happens, while no other can; pages
        that it puts in place with that count are right afterwards.
        """
        self.follow()
        with self._locked():
            replace(self.numbers[COUNT] + 1)
            self._bump(tags)
            self.numbers[DROPS] += 1

    def add(self, counter: int, number: int = 1) -> None:
        """Add to a statistic; two processes at the same instant may lose one."""
        self.numbers[counter] += number

    def follow(self) -> bool:
        """Open the file anew if somebody removed it; True when that happened."""
        with contextlib.suppress(FileNotFoundError):
            if self.path.stat().st_ino == self._inode:
                return False
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._open()
        return True

    def follow_sometimes(self) -> bool:
        """As ``follow``, at most once a second."""
        now = time.monotonic()
        if now - self._checked < CHECK_SECONDS:
            return False
        self._checked = now
        return self.follow()

    def heard(self) -> None:
        """Note that the drops of other machines are known up to now."""
        self.numbers[ALIVE] = int(time.time() * 1000)

    def unsure(self) -> bool:
        """Whether drops of other machines may have been missed lately."""
        return time.time() * 1000 - self.numbers[ALIVE] > UNHEARD_SECONDS * 1000

    def _bump(self, tags: Iterable[str], floor: int = 0) -> None:
        count = max(self.numbers[COUNT], floor) + 1
        for tag in tags:
            self.numbers[slot(tag)] = count
        # Last: who sees the new count sees the slots too.
        self.numbers[COUNT] = count

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        handle = os.open(self.lock_path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def _boot() -> int:
    try:
        text = Path("/proc/sys/kernel/random/boot_id").read_text()
    except OSError:
        text = ""
    return int.from_bytes(blake2b(text.encode(), digest_size=7).digest(), "big")
