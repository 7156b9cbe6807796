"""Which reads a sender has sent already, kept so that nobody can be named from it.

A table of fixed size in memory that the worker processes of one machine share. It holds keyed
hashes of sender and article with the minute; the key is random, replaced every day and never
written to a disk. When the table is full the oldest entry of a place makes room, so that a repeat
may count again before its time.
"""

import fcntl
import mmap
import os
import secrets
from hashlib import blake2b
from pathlib import Path

REPEAT_MINUTES = 30
# A million reads; eight megabytes for all processes together.
SLOTS = 1 << 20
# An entry has its place in one of so many slots side by side.
NEIGHBOURS = 8
DAY_SECONDS = 86_400
# Numbers before the slots: the day of the key, and the key.
DAY, KEY, KEY_END, SLOTS_START = 0, 1, 5, 8
SIZE = (SLOTS_START + SLOTS) * 8
MINUTE_BITS = 20
MINUTE_MASK = (1 << MINUTE_BITS) - 1

SHARED_FOLDER = Path("/dev/shm")  # noqa: S108


class Senders:
    """``owner`` tells apart installations on one machine: those that share it share the table."""

    def __init__(self, owner: str) -> None:
        self._memory, self._handle = _open(owner)
        # Writing one of these numbers is one store of the processor: no reader sees half.
        self._numbers = memoryview(self._memory).cast("Q")

    def is_repeat(self, sender: str, article_id: int, now: float) -> bool:
        """Whether the same read came within the last half hour; notes it if not."""
        text = f"{article_id} {sender}".encode(errors="replace")
        digest = blake2b(text, key=self._key(now), digest_size=8).digest()
        number = int.from_bytes(digest, "big")
        mark = number & ~MINUTE_MASK
        minute = int(now / 60) & MINUTE_MASK
        # The place comes from the bits that the mark leaves out.
        low = (number * 0x9E3779B97F4A7C15 >> 17) % (SLOTS // NEIGHBOURS)
        start = SLOTS_START + low * NEIGHBOURS
        oldest, oldest_age = start, -1
        for place, entry in enumerate(self._numbers[start : start + NEIGHBOURS], start):
            age = (minute - entry) & MINUTE_MASK if entry else MINUTE_MASK
            if age < REPEAT_MINUTES and entry & ~MINUTE_MASK == mark:
                return True
            if age > oldest_age:
                oldest, oldest_age = place, age
        self._numbers[oldest] = mark | minute
        return False

    def _key(self, now: float) -> bytes:
        day = int(now / DAY_SECONDS)
        if self._numbers[DAY] != day:
            self._new_key(day)
        return self._memory[KEY * 8 : KEY_END * 8]

    def _new_key(self, day: int) -> None:
        if self._handle is not None:
            fcntl.flock(self._handle, fcntl.LOCK_EX)
        try:
            if self._numbers[DAY] != day:
                self._memory[KEY * 8 : KEY_END * 8] = secrets.token_bytes((KEY_END - KEY) * 8)
                self._numbers[DAY] = day
        finally:
            if self._handle is not None:
                fcntl.flock(self._handle, fcntl.LOCK_UN)


def shared_path(owner: str) -> Path:
    """The file in memory, of this user and installation alone."""
    name = blake2b(owner.encode(), digest_size=8).hexdigest()
    return SHARED_FOLDER / f"newsroom-reads-{os.getuid()}-{name}"


def _open(owner: str) -> tuple[mmap.mmap, int | None]:
    """The shared memory and its file; where none can be had, memory of this process alone."""
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
    try:
        handle = os.open(shared_path(owner), flags, 0o600)
    except OSError:
        return mmap.mmap(-1, SIZE), None
    if os.fstat(handle).st_uid != os.getuid():
        os.close(handle)
        return mmap.mmap(-1, SIZE), None
    os.ftruncate(handle, SIZE)
    return mmap.mmap(handle, SIZE), handle
