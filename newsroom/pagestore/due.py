"""Drops written down before their transaction commits, for the case that nobody is left to do them.

Each is a file with a tag on each line, locked by the process whose transaction it is. A file that
nobody locks any more is overdue: its process was killed, or its transaction was rolled back or is
in doubt. Dropping its tags then is right in the first case and does no harm in the others. A
machine that went down drops everything anyway, so nothing is forced to the disk.
"""

import fcntl
import os
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path

# A file begins with a name that nobody looks for, until it is locked.
BEGUN = ".begun-"


class Due:
    """The file of one transaction; it stays behind, unlocked, when this is let go unsettled."""

    def __init__(self, folder: Path) -> None:
        self._tags: set[str] = set()
        self._handle: int | None = None
        folder.mkdir(parents=True, exist_ok=True)
        name = uuid.uuid4().hex
        begun, self._path = folder / f"{BEGUN}{name}", folder / name
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC
        self._handle = os.open(begun, flags, 0o600)
        fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        begun.rename(self._path)

    def add(self, tags: Iterable[str]) -> None:
        """Write down more tags."""
        fresh = set(tags) - self._tags
        if fresh and self._handle is not None:
            os.write(self._handle, "".join(f"{tag}\n" for tag in sorted(fresh)).encode())
            self._tags |= fresh

    def settle(self) -> None:
        """Nothing is due any more."""
        self._path.unlink(missing_ok=True)
        self._close()

    def _close(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def __del__(self) -> None:
        self._close()


def overdue(folder: Path) -> Iterator[frozenset[str]]:
    """The tags of each file that nobody locks; it is removed once the next is asked for."""
    for path in sorted(folder.glob("[!.]*")):
        try:
            handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            continue
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.fstat(handle).st_nlink:
                yield frozenset(path.read_text().split())
                path.unlink(missing_ok=True)
        except BlockingIOError:
            continue
        finally:
            os.close(handle)
