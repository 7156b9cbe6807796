"""Readers that never give up: each asks on and on, and notes how every request went."""

import http.client
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

# A reader's browser would wait longer; who waits here has been left hanging.
TIMEOUT_SECONDS = 20.0
PAUSE_SECONDS = 0.005


@dataclass(frozen=True)
class Request:
    path: str
    method: str = "GET"
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Read:
    """One request; its status is 0 when the connection failed, and ``note`` says how."""

    kind: str
    began: float
    seconds: float
    status: int
    note: str = ""


class Readers:
    """Threads that ask a server of this machine until ``stop``.

    They pause and wait ``calm`` times as long as usual.
    """

    def __init__(self, port: int, host: str, calm: float = 1.0) -> None:
        self.port, self.host, self.calm = port, host, calm
        self.timeout = TIMEOUT_SECONDS * calm
        self.reads: list[Read] = []
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(
        self,
        kind: str,
        request: Callable[[int], Request],
        *,
        number: int = 1,
        keep_alive: bool = True,
        pause: float = PAUSE_SECONDS,
    ) -> None:
        """``number`` readers of a kind; ``request`` gives the request of each turn."""
        for one in range(number):
            thread = threading.Thread(
                target=self._read,
                args=(kind, lambda turn, one=one: request(turn * number + one), keep_alive, pause),
            )
            thread.start()
            self._threads.append(thread)

    def ask_once(self, kind: str, request: Request) -> None:
        """One request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        began = time.time()
        status, note, _ = self._ask(connection, request, keep_alive=False)
        self.reads.append(Read(kind, began, time.time() - began, status, note))
        connection.close()

    def stop(self) -> list[Read]:
        """All that was read, in the order of beginning."""
        self._stop.set()
        for thread in self._threads:
            thread.join()
        return sorted(self.reads, key=lambda read: read.began)

    def _read(
        self, kind: str, request: Callable[[int], Request], keep_alive: bool, pause: float
    ) -> None:
        connection: http.client.HTTPConnection | None = None
        turn = 0
        while not self._stop.wait(pause * self.calm):
            if connection is None:
                connection = http.client.HTTPConnection(
                    "127.0.0.1", self.port, timeout=self.timeout
                )
            began = time.time()
            status, note, close = self._ask(connection, request(turn), keep_alive)
            self.reads.append(Read(kind, began, time.time() - began, status, note))
            turn += 1
            if close:
                connection.close()
                connection = None
        if connection is not None:
            connection.close()

    def _ask(
        self, connection: http.client.HTTPConnection, request: Request, keep_alive: bool
    ) -> tuple[int, str, bool]:
        headers = {"Host": self.host, **request.headers}
        if not keep_alive:
            headers["Connection"] = "close"
        try:
            connection.request(request.method, request.path, request.body, headers)
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException) as error:
            return 0, f"{type(error).__name__}: {error}", True
        retry = answer.headers.get("Retry-After", "")
        return answer.status, f"Retry-After {retry}" if retry else "", answer.will_close


def table(reads: list[Read]) -> str:
    """What became of each kind: how many, with which status, and how long it took."""
    lines = [f"{'':24} {'requests':>8} {'median':>8} {'longest':>8}  answers (0: no answer)"]
    for kind in sorted({read.kind for read in reads}):
        ours = [read for read in reads if read.kind == kind]
        seconds = [read.seconds for read in ours]
        counts = Counter(read.status for read in ours)
        answers = ", ".join(f"{status}: {count}" for status, count in sorted(counts.items()))
        median = statistics.median(seconds)
        lines.append(f"{kind:24} {len(ours):8} {median:7.3f}s {max(seconds):7.3f}s  {answers}")
    return "\n".join(lines)
