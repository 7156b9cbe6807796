"""Tells nginx which files have changed, by asking each of its workers for them.

A worker of nginx keeps files open and trusts what it has of one for a second. By the recipe's inner
server (deploy/nginx.conf) a request for the same file makes that worker look at it anew. The server
has a socket for each worker, among which the kernel chooses by the ports of a connection, so with
enough connections every worker is met.
"""

import contextlib
import logging
import os
import re
import socket
import threading
import time
from collections.abc import Sequence
from urllib.parse import quote

logger = logging.getLogger(__name__)

HOST = "127.0.0.1"
# Then nginx has looked by itself: open_file_cache_valid of the readers' server.
TRUSTS_SECONDS = 1.0
# The answers for so many fit into the buffers of a connection, so neither end waits for the other
# one to read.
FILES_AT_ONCE = 200
CONNECTIONS_AT_ONCE = 16
# Of n workers the last one is missed by n * MISSES connections with a chance of e^-MISSES, that is
# one in 20,000; it then serves what it has for a second.
MISSES = 10
# What is asked for to learn who answers: for the folder itself nginx would log an error.
NO_FILE = "none"
HEAD_ENDS = b"\r\n\r\n"
WORKER = re.compile(rb"\r\nX-Worker: (\d+)\r\n")


class NginxWorkers:
    """All workers of the nginx whose inner server listens on ``port`` of this machine.

    May be used by several threads, and by a process forked from one that has used it.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self._lock = threading.Lock()
        self._workers: list[socket.socket] = []
        os.register_at_fork(after_in_child=self._begin)

    def _begin(self) -> None:
        # Answers on the connections of another process would be taken for our own.
        self._lock = threading.Lock()
        self._leave()

    def look_at(self, files: Sequence[str]) -> None:
        """Return when every worker has looked at the files anew, or when nginx has by itself.

        ``files`` are paths below the folder of nginx's pages. An nginx that is not there, or that
        does not answer, is no error.
        """
        with self._lock:
            until = time.monotonic() + TRUSTS_SECONDS
            try:
                try:
                    self._ask_all(files, until)
                except ConnectionError:
                    # With a new configuration nginx has other workers, and leaves the old ones.
                    self._leave()
                    self._ask_all(files, until)
            except ConnectionRefusedError:
                logger.debug("No nginx listens on port %d to be told of changes", self.port)
            except OSError:
                logger.warning("Not every worker of nginx could be told of changes", exc_info=True)
                self._leave()

    def _ask_all(self, files: Sequence[str], until: float) -> None:
        if not self._workers:
            self._workers = self._meet(until)
        for start in range(0, len(files), FILES_AT_ONCE):
            some = files[start : start + FILES_AT_ONCE]
            requests = b"".join(map(_request, some))
            for worker in self._workers:
                _send(worker, requests, until)
            for worker in self._workers:
                _heads(worker, len(some), until)

    def _meet(self, until: float) -> list[socket.socket]:
        """A connection to each worker."""
        met: dict[bytes, socket.socket] = {}
        in_vain = 0
        with contextlib.ExitStack() as opened:
            while in_vain <= MISSES * (len(met) + 1):
                fresh = [
                    opened.enter_context(socket.create_connection((HOST, self.port), _left(until)))
                    for _ in range(CONNECTIONS_AT_ONCE)
                ]
                for connection in fresh:
                    _send(connection, _request(NO_FILE), until)
                for connection in fresh:
                    number = _number(_heads(connection, 1, until))
                    if number in met:
                        connection.close()
                        in_vain += 1
                    else:
                        met[number] = connection
                        in_vain = 0
            opened.pop_all()
        return list(met.values())

    def _leave(self) -> None:
        for worker in self._workers:
            worker.close()
        self._workers = []


def _request(file: str) -> bytes:
    return f"HEAD /{quote(file)} HTTP/1.1\r\nHost: nginx\r\n\r\n".encode()


def _send(connection: socket.socket, requests: bytes, until: float) -> None:
    connection.settimeout(_left(until))
    connection.sendall(requests)


def _heads(connection: socket.socket, number: int, until: float) -> bytes:
    """So many answers, which have heads alone."""
    got = b""
    while got.count(HEAD_ENDS) < number:
        connection.settimeout(_left(until))
        some = connection.recv(1 << 16)
        if not some:
            raise ConnectionResetError("nginx has closed the connection")
        got += some
    return got


def _number(head: bytes) -> bytes:
    """Which worker has answered."""
    found = WORKER.search(head)
    if found is None:
        raise OSError("what listens there is not the inner server of deploy/nginx.conf")
    return found[1]


def _left(until: float) -> float:
    """Seconds that are left; raises TimeoutError when there are none."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError("nginx takes too long")
    return left
