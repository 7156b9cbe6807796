"""Runs the front server beside the Python server, for as long as that one runs."""

import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

from newsroom.env import PROJECT_DIR
from newsroom.pagestore.visitors import FILE_VARIABLE

LOOPBACK = "127.0.0.1"
PAUSE_SECONDS = 0.5


class FrontBeside:
    """The front's process; one that ends by itself is replaced."""

    def __init__(
        self, address: str, port: int, folder: Path, *, behind_proxy: bool, several_machines: bool
    ) -> None:
        self.server_port = _free_port()
        visitors = folder / "visitors"
        folder.mkdir(parents=True, exist_ok=True)
        # The workers read it when they start.
        os.environ[FILE_VARIABLE] = str(visitors)
        self._command = [
            *(sys.executable, "-m", "newsroom.pagestore.front"),
            *("--listen", f"[{address}]:{port}" if ":" in address else f"{address}:{port}"),
            *("--server", f"{LOOPBACK}:{self.server_port}"),
            *("--folder", str(folder), "--visitors", str(visitors)),
            *("--parent", str(os.getpid())),
            *(["--behind-proxy"] if behind_proxy else []),
            *(["--several-machines"] if several_machines else []),
        ]
        self._stopping = threading.Event()
        self._process = self._start()
        threading.Thread(target=self._watch, name="front", daemon=True).start()

    def stop(self) -> None:
        """Let it finish what is being sent, and wait for that."""
        self._stopping.set()
        self._process.terminate()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self._command, cwd=PROJECT_DIR)  # noqa: S603

    def _watch(self) -> None:
        while not self._stopping.is_set():
            self._process.wait()
            if not self._stopping.wait(PAUSE_SECONDS):
                self._process = self._start()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port
