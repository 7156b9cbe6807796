"""Runs the front server beside the Python server, for as long as that one runs."""

import os
import subprocess
import sys
import threading
from pathlib import Path

from newsroom.env import PROJECT_DIR

PAUSE_SECONDS = 0.5
# The front leaves by itself long before.
STOP_SECONDS = 150


class FrontBeside:
    """The front's process; one that ends by itself is replaced.

    ``listener`` and ``ready`` are numbers of a listening socket and of a pipe that is told when
    the front takes requests; the front gets both. ``options`` are more of its arguments.
    """

    def __init__(
        self, listener: int, server: Path, folder: Path, ready: int, options: list[str]
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._listener = listener
        self._command = [
            *(sys.executable, "-m", "newsroom.pagestore.front"),
            *("--listener", str(listener), "--server", str(server), "--folder", str(folder)),
            *("--parent", str(os.getpid()), *options),
        ]
        self._stopping = threading.Event()
        self._process = self._start(ready)
        threading.Thread(target=self._watch, name="front", daemon=True).start()

    def stop(self, number: int) -> None:
        """Let it finish what is under way, as front.STOP_SECONDS says for the signal."""
        self.tell(number)
        try:
            self._process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def tell(self, number: int) -> None:
        """As ``stop``, without waiting; one that is stopping may be told to hurry."""
        self._stopping.set()
        self._process.send_signal(number)

    def _start(self, ready: int | None = None) -> subprocess.Popen[bytes]:
        command, inherited = self._command, [self._listener]
        if ready is not None:
            command, inherited = [*command, "--ready", str(ready)], [*inherited, ready]
        process = subprocess.Popen(command, cwd=PROJECT_DIR, pass_fds=inherited)  # noqa: S603
        if ready is not None:
            os.close(ready)
        return process

    def _watch(self) -> None:
        while not self._stopping.is_set():
            self._process.wait()
            if not self._stopping.wait(PAUSE_SECONDS):
                self._process = self._start()
