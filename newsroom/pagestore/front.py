"""A small server that hands out stored pages and passes everything else to the Python server.

It answers plain GET and HEAD requests whose page is stored, which costs it less than a file costs
nginx. Any other connection it joins to the server behind it, byte for byte, from the first request
it does not answer; it never takes requests and answers apart to rebuild them, so the two cannot
disagree about where one ends. A page that is not stored it asks the server to make, once.

    python -m newsroom.pagestore.front --listen 0.0.0.0:8000 --server 127.0.0.1:8001 \
        --folder var/pages --visitors var/pages/visitors
"""

import argparse
import contextlib
import errno
import os
import re
import resource
import select
import signal
import socket
import time
from collections import deque
from collections.abc import Callable
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import TypeGuard

from newsroom.pagestore.addresses import page_address
from newsroom.pagestore.entries import Entry
from newsroom.pagestore.pages import Pages
from newsroom.pagestore.versions import HITS, STALE
from newsroom.pagestore.visitors import PLACES, Visitors, place_address

MEMORY = 48 * 1024 * 1024
# Larger heads are passed on; the server behind has limits of its own.
LARGEST_HEAD = 16 * 1024
READ_BYTES = 64 * 1024
IDLE_SECONDS = 75
# A head must come, and an answer be taken, within this time.
SLOW_SECONDS = 20
TICK_SECONDS = 1.0
STOP_SECONDS = 3.0
FILL_SECONDS = 4.0
# The server behind says itself when it cannot make a page; this is for one that says nothing.
SILENT_SECONDS = 25.0
# The server behind may be starting anew.
CONNECT_SECONDS = 8.0
RETRY_SECONDS = 0.05
NOT_A_PAGE_SECONDS = 30
MOST_NOT_PAGES = 10_000
GRACE_SECONDS = 1.0

REQUEST = re.compile(rb"(GET|HEAD) (/[!-~]*) HTTP/1\.([01])\r\n")
# Headers that change what is to be done. Where one of the last is there, the server answers.
HEADERS = re.compile(
    rb"\r\n(?:(host|accept-encoding|if-none-match|connection|x-forwarded-proto)[ \t]*:[ \t]*"
    rb"([^\r\n]*)|(content-length|transfer-encoding|upgrade|expect|x-page-fill|[ \t]))",
    re.IGNORECASE,
)
READ, WRITE = select.EPOLLIN, select.EPOLLOUT
GONE = select.EPOLLHUP | select.EPOLLERR
UNAVAILABLE_BODY = (
    '<!doctype html><html lang="vi"><meta charset="utf-8"><title>Tạm thời gián đoạn</title>'
    "<h1>Tạm thời gián đoạn</h1><p>Trang này chưa mở được. Xin bạn đọc thử lại sau ít phút.</p>"
    '<p lang="en">This page is not available right now. Please try again in a few minutes.</p>'
).encode()


class Request:
    """What of a request's head decides its answer."""

    __slots__ = ("address", "close", "encodings", "etags", "head_only", "host", "target")

    def __init__(self) -> None:
        self.address: str | None = None
        self.head_only = False
        self.close = False
        self.encodings = ""
        self.etags = ""
        self.host = ""
        self.target = ""


def read_request(head: bytes, behind_proxy: bool) -> Request | None:
    """Read a whole head; None for a request that is not for this server to answer."""
    line = REQUEST.match(head)
    if line is None:
        return None
    method, target, minor = line.groups()
    request = Request()
    request.head_only = method == b"HEAD"
    request.close = minor == b"0"
    scheme, connection = "http", b""
    hosts = 0
    for name, value, other in HEADERS.findall(head, line.end() - 2):
        if other:
            return None
        name = name.lower()
        if name == b"host":
            hosts += 1
            request.host = value.decode("latin-1").rstrip()
        elif name == b"accept-encoding":
            request.encodings = value.decode("latin-1")
        elif name == b"if-none-match":
            request.etags = value.decode("latin-1")
        elif name == b"connection":
            connection = value.lower()
        elif behind_proxy:
            scheme = "https" if value.split(b",")[0].strip() == b"https" else "http"
    if hosts != 1 or b"upgrade" in connection:
        return None
    if connection:
        request.close = b"close" in connection or (
            request.close and b"keep-alive" not in connection
        )
    request.target = target.decode("ascii")
    request.address = _address(scheme, request.host, request.target)
    return request if request.address else None


@lru_cache(maxsize=8192)
def _address(scheme: str, host: str, target: str) -> str | None:
    path, _, query = target.partition("?")
    return page_address(scheme, host, path, query)


class Connection:
    """A reader's connection, until it is closed or joined to the server behind."""

    __slots__ = ("answering", "buffer", "close", "moment", "out", "peer", "recv", "sock", "waiting")

    def __init__(self, sock: socket.socket, peer: str, now: float) -> None:
        self.sock = sock
        self.recv: Callable[[int], bytes] = sock.recv
        self.peer = peer
        self.buffer = b""
        self.out: list[memoryview] = []
        self.close = False
        self.waiting = False
        self.moment = now


class Fill:
    """A page the server behind is asked to make, and the connections that wait for it."""

    __slots__ = ("address", "began", "message", "received", "sent", "sock", "waiters")

    def __init__(self, address: str, message: bytes, now: float) -> None:
        self.address = address
        self.message = message
        self.began = now
        self.sock: socket.socket | None = None
        self.sent = 0
        self.received = b""
        self.waiters: list[tuple[Connection, Request, bytes]] = []


class Pipe:
    """One direction of a joined pair: what was read here goes to ``other``."""

    __slots__ = ("began", "connecting", "ended", "other", "out", "place", "sock")

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.other: Pipe | None = None
        self.out = b""
        self.ended = False
        self.connecting = False
        self.place: int | None = None
        self.began = 0.0


class Front:
    """The server: one thread, one loop."""

    def __init__(
        self,
        listener: socket.socket,
        server: tuple[str, int],
        pages: Pages,
        visitors: Visitors | None,
        *,
        behind_proxy: bool = False,
    ) -> None:
        self.listener = listener
        self.server = server
        self.pages = pages
        self.visitors = visitors
        self.behind_proxy = behind_proxy
        self.poll = select.epoll()
        self.poll.register(listener.fileno(), READ)
        self.connections: dict[int, Connection] = {}
        self.fills: dict[int, Fill] = {}
        self.by_address: dict[str, Fill] = {}
        self.pipes: dict[int, Pipe] = {}
        self.later: deque[tuple[float, Callable[[], None]]] = deque()
        self.not_pages: dict[str, float] = {}
        self.grace: dict[str, float] = {}
        self.places = deque(range(1, PLACES - 1))
        self.hits = 0
        self.now = time.time()
        self.date = b""
        self.stopping = False
        self.stop_by = 0.0
        self.parent = 0

    def run(self) -> None:
        """Serve until told to stop; then finish what is being sent."""
        tick = 0.0
        listener = self.listener.fileno()
        while not self._done():
            wait = RETRY_SECONDS if self.later else TICK_SECONDS
            events = self.poll.poll(wait)
            self.now = now = time.time()
            if now >= tick:
                tick = now + TICK_SECONDS
                self._tick()
            connections = self.connections
            for number, event in events:
                connection = connections.get(number)
                if connection is not None:
                    try:
                        self._event(connection, event)
                    except OSError:
                        self._close(connection)
                elif number == listener:
                    self._accept()
                elif number in self.fills:
                    self._fill_event(self.fills[number])
                elif number in self.pipes:
                    self._pipe_event(self.pipes[number], event)
            self._run_later()

    def _done(self) -> bool:
        if not self.stopping:
            return False
        busy = self.connections or self.pipes
        return not busy or time.time() > self.stop_by

    def stop(self, *_: object) -> None:
        """Take no more connections, and leave when those there are done, or after a while."""
        if not self.stopping:
            self.stopping = True
            self.stop_by = time.time() + STOP_SECONDS
            self.listener.close()
            for connection in list(self.connections.values()):
                if not connection.out and not connection.waiting and not connection.buffer:
                    self._close(connection)

    # Readers

    def _accept(self) -> None:
        for _ in range(64):
            try:
                sock, peer = self.listener.accept()
            except BlockingIOError:
                return
            except OSError as error:
                if error.errno in (errno.EMFILE, errno.ENFILE):
                    self._close_oldest()
                return
            sock.setblocking(False)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connections[sock.fileno()] = Connection(sock, peer[0], self.now)
            self.poll.register(sock.fileno(), READ)

    def _event(self, connection: Connection, event: int) -> None:
        connection.moment = self.now
        if event & WRITE:
            self._write(connection)
            if connection.out:
                return
            if not connection.close:
                self._requests(connection)
            return
        if connection.waiting or connection.out:
            # Only its end can be heard while an answer is due.
            if event & GONE:
                self._close(connection)
            return
        try:
            data = connection.recv(READ_BYTES)
        except BlockingIOError:
            return
        if not data:
            self._close(connection)
            return
        connection.buffer = connection.buffer + data if connection.buffer else data
        self._requests(connection)

    def _requests(self, connection: Connection) -> None:
        """Answer the requests that have come, one after the other."""
        while connection.buffer and not connection.out and not connection.waiting:
            buffer = connection.buffer
            end = buffer.find(b"\r\n\r\n")
            if end < 0:
                if len(buffer) > LARGEST_HEAD or not _may_be_request(buffer):
                    self._join(connection)
                return
            request = read_request(buffer[: end + 2], self.behind_proxy)
            if request is None or request.address is None:
                self._join(connection)
                return
            entry = self.pages.get(request.address, self.now)
            if self._may_serve(entry, request.address) and self._answer(connection, request, entry):
                connection.buffer = buffer[end + 4 :]
                if connection.sock.fileno() < 0:
                    return
                continue
            if self.not_pages.get(request.address, 0.0) > self.now:
                self._join(connection)
                return
            self._ask(connection, request, end)

    def _may_serve(self, entry: Entry | None, address: str) -> TypeGuard[Entry]:
        if entry is None:
            return False
        return entry.expires > self.now or self.grace.get(address, 0.0) > self.now

    def _answer(self, connection: Connection, request: Request, entry: Entry) -> bool:
        """Send the page; False when its file turns out damaged."""
        encoding = entry.encoding(request.encodings)
        unchanged = bool(request.etags) and entry.status == 200 and entry.matches(request.etags)
        body = b""
        if not unchanged and not request.head_only:
            found = self.pages.body(entry, encoding)
            if found is None:
                return False
            body = found
        form = f"304{encoding}" if unchanged else encoding
        if entry.ends_soon(self.now):
            form = f"soon{form}"
        head = entry.heads.get(form)
        if head is None:
            head = entry.heads[form] = _head(entry, encoding, self.now, unchanged)
        self.hits += 1
        if self.now - entry.used > 60:
            self.pages.mark_used(entry, self.now)
        ending = b"Connection: close\r\n\r\n" if request.close else b"\r\n"
        connection.close = request.close or self.stopping
        self._send(connection, [head, self.date, ending, body])
        return True

    def _send(self, connection: Connection, parts: list[bytes]) -> None:
        try:
            sent = connection.sock.sendmsg(parts)
        except BlockingIOError:
            sent = 0
        if sent == sum(map(len, parts)):
            if connection.close:
                self._close(connection)
            return
        connection.out = _rest([memoryview(part) for part in parts], sent)
        self.poll.modify(connection.sock.fileno(), WRITE)

    def _write(self, connection: Connection) -> None:
        try:
            sent = connection.sock.sendmsg(connection.out)
        except BlockingIOError:
            return
        connection.out = _rest(connection.out, sent)
        if not connection.out:
            if connection.close:
                self._close(connection)
            else:
                self.poll.modify(connection.sock.fileno(), READ)

    def _close(self, connection: Connection) -> None:
        self.connections.pop(connection.sock.fileno(), None)
        connection.sock.close()

    def _close_oldest(self) -> None:
        if self.connections:
            self._close(min(self.connections.values(), key=lambda one: one.moment))

    # Pages that are not stored

    def _ask(self, connection: Connection, request: Request, end: int) -> None:
        """Let the server behind make the page, and the connection wait for it."""
        address = request.address or ""
        connection.waiting = True
        # While it waits only its end is of interest, which epoll always tells.
        self.poll.modify(connection.sock.fileno(), 0)
        head = connection.buffer
        connection.buffer = head[end + 4 :]
        fill = self.by_address.get(address)
        if fill is None:
            target = request.target
            scheme = address.partition(":")[0]
            proto = f"X-Forwarded-Proto: {scheme}\r\n" if self.behind_proxy else ""
            message = (
                f"HEAD {target} HTTP/1.1\r\nHost: {request.host}\r\n{proto}"
                "X-Page-Fill: 1\r\nConnection: close\r\n\r\n"
            )
            fill = Fill(address, message.encode("latin-1"), self.now)
            self.by_address[address] = fill
            self._start_fill(fill)
        fill.waiters.append((connection, request, head))

    def _start_fill(self, fill: Fill) -> None:
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        sock.setblocking(False)
        sock.connect_ex(self.server)
        fill.sock, fill.sent, fill.received = sock, 0, b""
        self.fills[sock.fileno()] = fill
        self.poll.register(sock.fileno(), WRITE)

    def _fill_event(self, fill: Fill) -> None:
        sock = fill.sock
        if sock is None:
            return
        try:
            if fill.sent < len(fill.message):
                fill.sent += sock.send(fill.message[fill.sent :])
                self.poll.modify(sock.fileno(), READ)
                return
            data = sock.recv(READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data and b"\r\n\r\n" not in fill.received + data:
            fill.received += data
            return
        fill.received += data
        self._drop_fill_socket(fill)
        if fill.received:
            self._filled(fill, int(fill.received[9:12] or b"0"))
        elif self.now - fill.began < FILL_SECONDS:
            # Nobody there: the server behind is starting anew.
            self.later.append((self.now + RETRY_SECONDS, lambda: self._start_fill(fill)))
        else:
            self._filled(fill, 503)

    def _drop_fill_socket(self, fill: Fill) -> None:
        if fill.sock is not None:
            self.fills.pop(fill.sock.fileno(), None)
            fill.sock.close()
            fill.sock = None

    def _filled(self, fill: Fill, status: int) -> None:
        self.by_address.pop(fill.address, None)
        if status == 406:
            if len(self.not_pages) > MOST_NOT_PAGES:
                self.not_pages.clear()
            self.not_pages[fill.address] = self.now + NOT_A_PAGE_SECONDS
        for connection, request, head in fill.waiters:
            if connection.sock.fileno() in self.connections:
                connection.waiting = False
                connection.moment = self.now
                try:
                    self._after_fill(connection, request, head, status)
                except OSError:
                    self._close(connection)

    def _after_fill(
        self, connection: Connection, request: Request, head: bytes, status: int
    ) -> None:
        address = request.address or ""
        entry = self.pages.get(address, self.now)
        if entry is not None and entry.expires <= self.now:
            # Its time is over, and it cannot be made anew just now: better than nothing.
            if status != 503:
                entry = None
            else:
                self.pages.versions.add(STALE)
                self.grace = {address: self.now + GRACE_SECONDS, **_later(self.grace, self.now)}
        if entry is not None and self._answer(connection, request, entry):
            pass
        elif status == 503:
            self._unavailable(connection, request)
        else:
            connection.buffer = head
            self._join(connection)
            return
        if connection.sock.fileno() >= 0 and not connection.out:
            self.poll.modify(connection.sock.fileno(), READ)
            self._requests(connection)

    def _unavailable(self, connection: Connection, request: Request) -> None:
        connection.close = True
        head = (
            b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nCache-Control: no-store\r\n"
            b"Content-Security-Policy: default-src 'none'\r\n"
            b"Content-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n"
            % len(UNAVAILABLE_BODY)
        )
        body = b"" if request.head_only else UNAVAILABLE_BODY
        self._send(connection, [head, self.date, b"Connection: close\r\n\r\n", body])

    # Connections joined to the server behind

    def _join(self, connection: Connection) -> None:
        """Hand the connection on, beginning with what has been read of it."""
        number = connection.sock.fileno()
        self.connections.pop(number, None)
        reader = Pipe(connection.sock)
        reader.began = self.now
        self.pipes[number] = reader
        self.poll.modify(number, 0)
        self._connect(reader, connection.buffer, connection.peer)

    def _connect(self, reader: Pipe, first: bytes, peer: str) -> None:
        if reader.sock.fileno() not in self.pipes:
            return
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        server = Pipe(sock)
        server.out, server.other, server.connecting = first, reader, True
        if self.visitors is not None and self.places:
            server.place = self.places.popleft()
            self.visitors.write(server.place, peer)
            sock.bind((place_address(server.place), 0))
        reader.other = server
        sock.connect_ex(self.server)
        self.pipes[sock.fileno()] = server
        self.poll.register(sock.fileno(), WRITE)

    def _pipe_event(self, pipe: Pipe, event: int) -> None:
        try:
            if pipe.connecting:
                self._connected(pipe)
                return
            if event & WRITE:
                sent = pipe.sock.send(pipe.out)
                pipe.out = pipe.out[sent:]
            if event & READ:
                self._carry(pipe)
            elif event & GONE:
                self._part(pipe)
                return
            self._watch(pipe)
        except BlockingIOError:
            return
        except OSError:
            self._part(pipe)

    def _connected(self, server: Pipe) -> None:
        reader = server.other
        error = server.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if not error:
            server.connecting = False
            self._watch(server)
            return
        if reader is None or self.now - reader.began > CONNECT_SECONDS:
            self._part(server)
            return
        first, peer = server.out, ""
        if server.place is not None and self.visitors is not None:
            peer = self.visitors.read(server.place)
        self._release(server)
        self.later.append((self.now + RETRY_SECONDS, lambda: self._connect(reader, first, peer)))

    def _carry(self, pipe: Pipe) -> None:
        other = pipe.other
        if other is None:
            self._part(pipe)
            return
        data = pipe.sock.recv(READ_BYTES)
        if not data:
            pipe.ended = True
            if not other.out:
                other.sock.shutdown(socket.SHUT_WR)
            if other.ended:
                self._part(pipe)
            return
        sent = 0
        with contextlib.suppress(BlockingIOError):
            sent = other.sock.send(data)
        other.out = data[sent:]

    def _watch(self, pipe: Pipe) -> None:
        """Listen for what each side can do: it reads only when the other has taken all."""
        other = pipe.other
        if other is None or pipe.sock.fileno() not in self.pipes:
            return
        for one, two in ((pipe, other), (other, pipe)):
            if one.connecting:
                continue
            if two.ended and not one.out and one is not pipe:
                pass
            mask = WRITE if one.out else 0
            if not two.out and not one.ended:
                mask |= READ
            self.poll.modify(one.sock.fileno(), mask)
            if two.ended and not one.out:
                one.sock.shutdown(socket.SHUT_WR)

    def _part(self, pipe: Pipe) -> None:
        other = pipe.other
        for one in (pipe, other):
            if one is not None:
                self._release(one)

    def _release(self, pipe: Pipe) -> None:
        self.pipes.pop(pipe.sock.fileno(), None)
        pipe.sock.close()
        pipe.other = None
        if pipe.place is not None:
            # To the end of the queue: the server may still be writing its log about it.
            self.places.append(pipe.place)
            pipe.place = None

    # Time

    def _tick(self) -> None:
        self.date = b"Date: " + formatdate(self.now, usegmt=True).encode() + b"\r\n"
        if self.parent and os.getppid() != self.parent:
            # Whoever started it was killed; the port must be free for the next.
            self.stop()
        if self.hits:
            self.pages.versions.add(HITS, self.hits)
            self.hits = 0
        for fill in list(self.by_address.values()):
            if self.now - fill.began > SILENT_SECONDS and fill.sock is not None:
                self._drop_fill_socket(fill)
                self._filled(fill, 503)
        for connection in list(self.connections.values()):
            if connection.waiting:
                continue
            busy = connection.buffer or connection.out
            if self.now - connection.moment > (SLOW_SECONDS if busy else IDLE_SECONDS):
                self._close(connection)

    def _run_later(self) -> None:
        for _ in range(len(self.later)):
            moment, action = self.later.popleft()
            if moment <= self.now:
                action()
            else:
                self.later.append((moment, action))


def _head(entry: Entry, encoding: str, now: float, unchanged: bool) -> bytes:
    status = 304 if unchanged else entry.status
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"]
    headers = entry.headers_of(encoding, now, unchanged=unchanged)
    lines += [f"{name}: {value}" for name, value in headers]
    return ("\r\n".join(lines) + "\r\n").encode("latin-1")


def _rest(parts: list[memoryview], sent: int) -> list[memoryview]:
    rest = []
    for part in parts:
        if sent >= len(part):
            sent -= len(part)
        else:
            rest.append(part[sent:])
            sent = 0
    return rest


def _later(times: dict[str, float], now: float) -> dict[str, float]:
    return {name: moment for name, moment in times.items() if moment > now}


def _may_be_request(start: bytes) -> bool:
    return b"GET "[: len(start)] == start[:4] or b"HEAD "[: len(start)] == start[:5]


def listen(address: str, port: int) -> socket.socket:
    """A listening socket; several fronts may share the port."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listener.bind((address, port))
    listener.listen(2048)
    listener.setblocking(False)
    return listener


def main(arguments: list[str] | None = None) -> None:
    """Serve until told to stop by SIGINT or SIGTERM."""
    parser = argparse.ArgumentParser(description="Serve stored pages.")
    parser.add_argument("--listen", required=True, help="address:port for readers")
    parser.add_argument("--server", required=True, help="address:port of the Python server")
    parser.add_argument("--folder", required=True, type=Path, help="where the pages are")
    parser.add_argument("--visitors", type=Path, help="file that tells the server who visits")
    parser.add_argument("--behind-proxy", action="store_true", help="trust X-Forwarded-Proto")
    parser.add_argument("--several-machines", action="store_true", help="drops come over Redis")
    parser.add_argument("--parent", type=int, default=0, help="end when this process is gone")
    options = parser.parse_args(arguments)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 65536)), hard))
    address, _, port = options.listen.rpartition(":")
    server, _, server_port = options.server.rpartition(":")
    pages = Pages(options.folder, memory=MEMORY, several_machines=options.several_machines)
    visitors = Visitors(options.visitors) if options.visitors else None
    front = Front(
        listen(address.strip("[]"), int(port)),
        (server, int(server_port)),
        pages,
        visitors,
        behind_proxy=options.behind_proxy,
    )
    front.parent = options.parent
    signal.signal(signal.SIGTERM, front.stop)
    signal.signal(signal.SIGINT, front.stop)
    front.run()


if __name__ == "__main__":
    main()
