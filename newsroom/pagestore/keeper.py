"""What has to be done beside answering: one thread of one process of the machine does it."""

import fcntl
import logging
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from newsroom.pagestore.versions import DROPS

if TYPE_CHECKING:
    from newsroom.pagestore.store import Store

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 0.5
# After a large drop so many of its pages are made that nobody has asked for yet.
MOST_REFILLED = 100


class Keeper:
    """Begins with the process; a second process takes over when the first ends.

    ``make`` begins to make the page of an address, if it is not there; False when it should wait.
    """

    def __init__(self, store: "Store", make: Callable[[str], bool]) -> None:
        self.store = store
        self._make = make
        self._lost: list[str] = []
        self._drops = self._seen = 0
        self._counted = False
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    def start(self) -> None:
        """Begin, unless this process has begun already."""
        if self._thread is not None:
            return
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="keeper", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        handle = _open(self.store.folder)
        fcntl.flock(handle, fcntl.LOCK_EX)
        while True:
            try:
                self.store.settle()
                self.store.remove_expired(time.time())
                if self.store.machines is None:
                    time.sleep(PAUSE_SECONDS)
                else:
                    self.store.machines.listen()
                self._refill()
            except Exception:
                logger.exception("Looking after the stored pages failed; trying again")
                time.sleep(PAUSE_SECONDS)

    def _refill(self) -> None:
        """Begin one page of those that a large drop has left nobody: readers come first."""
        if self._lost and self._make(self._lost[0]):
            del self._lost[0]
        drops = self.store.versions.numbers[DROPS]
        if self._counted and drops == self._drops:
            # What was counted a turn ago is noted by now.
            self._seen, lost = self.store.lost(self._seen)
            self._lost = lost[:MOST_REFILLED] or self._lost
        self._drops, self._counted = drops, drops != self._drops


def is_kept(folder: Path) -> bool:
    """Whether some process of the machine serves these pages."""
    handle = _open(folder)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(handle)


def _open(folder: Path) -> int:
    return os.open(folder / "keeper.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
