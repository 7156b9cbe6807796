"""A small server that hands out stored pages and passes everything else to the Python server.

It answers plain GET and HEAD requests whose page is stored, which costs it less than a file costs
nginx. A page that is not stored it asks the server to make, once. Any other request it passes on,
each on a connection of its own, so no reader's connection ever hangs on one of the server's that
may end, and a server that hangs does not keep stored pages from anybody.

    python -m newsroom.pagestore.front --listen 0.0.0.0:8000 --server 127.0.0.1:8001 \
        --folder var/pages
"""

import argparse
import contextlib
import errno
import math
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

from newsroom.pagestore import silence
from newsroom.pagestore.addresses import page_address
from newsroom.pagestore.apologies import (
    NOT_SAVED,
    NOT_UNDERSTOOD,
    RETRY_AFTER,
    UNAVAILABLE,
)
from newsroom.pagestore.entries import Entry
from newsroom.pagestore.heads import Answer, BadRequest, Passed, read_passed
from newsroom.pagestore.pages import Pages
from newsroom.pagestore.versions import HITS, STALE

MEMORY = 48 * 1024 * 1024
LARGEST_HEAD = 32 * 1024
READ_BYTES = 64 * 1024
IDLE_SECONDS = 75
# A head must come, and an answer be taken, within this time.
SLOW_SECONDS = 20
TICK_SECONDS = 1.0
# While readers wait for the server behind, their time is looked at so often.
SHORT_TICK_SECONDS = 0.1
# After a signal to stop, connections without a request stay open for the first time and take one
# more, as who uses them must not find them closed at that very moment; what is under way may finish
# within the second.
STOP_SECONDS = {
    signal.SIGINT: (0.0, 3.0),
    signal.SIGTERM: (2.0, 20.0),
    signal.SIGUSR1: (15.0, 120.0),
}
# The server behind says itself when it has no answer. This is for one that says nothing, as the
# database is silent, and the others as it is busy or hangs itself.
PAGE_SECONDS = 2.0
PAGE_SECONDS_LESS = 0.3
MOST_PAGE_SECONDS = 25.0
# Requests that are passed on may be long work.
ANSWER_SECONDS = 60.0
# The server behind may be starting anew.
CONNECT_SECONDS = 10.0
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
# Every method there is begins so; other protocols do not.
MAY_BE_REQUEST = re.compile(rb"[A-Z]{1,20}(?: |\Z)")
READ, WRITE = select.EPOLLIN, select.EPOLLOUT
GONE = select.EPOLLHUP | select.EPOLLERR
UNAVAILABLE_LINE = b"503 Service Unavailable"


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


class Exchange:
    """A request that the server behind answers, and its answer on the way to the reader."""

    __slots__ = (
        *("again", "answer", "asked", "begun", "body", "connection", "dialled", "draining", "head"),
        *("keep", "moment", "number", "passed", "reader_ended", "server", "to_reader"),
        *("to_server", "whole"),
    )

    def __init__(self, connection: Connection, passed: Passed, now: float) -> None:
        self.connection = connection
        self.number = connection.sock.fileno()
        self.passed = passed
        self.keep = passed.keep
        self.body = passed.body
        self.to_server = passed.head
        self.to_reader = b"HTTP/1.1 100 Continue\r\n\r\n" if passed.waits else b""
        self.server: socket.socket | None = None
        self.head = b""
        self.answer: Answer | None = None
        self.begun = False
        self.again = False
        self.whole = False
        self.reader_ended = False
        self.draining = False
        # When the last of the request came.
        self.asked = now
        self.dialled = self.moment = now

    def take(self, data: bytes) -> None:
        """Read what the reader sent: first the rest of the body, then the next requests."""
        size = len(data) if self.body < 0 else min(self.body, len(data))
        self.to_server += data[:size]
        self.connection.buffer += data[size:]
        if self.body > 0:
            self.body -= size


class Front:
    """The server: one thread, one loop."""

    def __init__(
        self,
        listener: socket.socket,
        server: str | tuple[str, int],
        pages: Pages,
        *,
        behind_proxy: bool = False,
        pass_only: bool = False,
        page_seconds: float = PAGE_SECONDS,
    ) -> None:
        self.listener = listener
        self.server = server
        self.pages = pages
        self.behind_proxy = behind_proxy
        self.pass_only = pass_only
        self.page_seconds = page_seconds - PAGE_SECONDS_LESS
        self.poll = select.epoll()
        self.poll.register(listener.fileno(), READ)
        # A signal interrupts no step of the loop: it only wakes it.
        self.wake = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self.poll.register(self.wake, READ)
        self.connections: dict[int, Connection] = {}
        self.fills: dict[int, Fill] = {}
        self.by_address: dict[str, Fill] = {}
        # Under the numbers of both their sockets.
        self.exchanges: dict[int, Exchange] = {}
        self.later: deque[tuple[float, Callable[[], None]]] = deque()
        self.not_pages: dict[str, float] = {}
        self.grace: dict[str, float] = {}
        self.hits = 0
        self.now = time.time()
        self.date = b""
        self.told_to_stop = 0
        self.stopping = False
        self.stop_by = self.idle_until = math.inf
        self.parent = 0

    def run(self) -> None:
        """Serve until told to stop; then finish what is being sent."""
        tick = short_tick = 0.0
        while not self._done():
            wait = RETRY_SECONDS if self.later else TICK_SECONDS
            if self.by_address or self.exchanges or self.stopping:
                wait = min(wait, SHORT_TICK_SECONDS)
            events = self.poll.poll(wait)
            self.now = now = time.time()
            if now >= short_tick:
                short_tick = now + SHORT_TICK_SECONDS
                self._short_tick()
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
                elif number in self.fills:
                    self._fill_event(self.fills[number])
                elif number in self.exchanges:
                    self._exchange_event(self.exchanges[number], number, event)
                elif number == self.listener.fileno():
                    self._accept()
                elif number == self.wake:
                    os.eventfd_read(self.wake)
                    self._stop()
            self._run_later()

    def _done(self) -> bool:
        if not self.stopping:
            return False
        busy = self.connections or self.exchanges
        return not busy or time.time() > self.stop_by

    def stop(self, number: int, _frame: object = None) -> None:
        """Take no more connections, and leave when those there are done, or after a while."""
        self.told_to_stop = number
        os.eventfd_write(self.wake, 1)

    def _stop(self) -> None:
        idle, busy = STOP_SECONDS[signal.Signals(self.told_to_stop)]
        self.idle_until = min(self.idle_until, self.now + idle)
        self.stop_by = min(self.stop_by, self.now + busy)
        if not self.stopping:
            self.stopping = True
            self._accept()
            self.poll.unregister(self.listener.fileno())
            self.listener.close()

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
                if len(buffer) > LARGEST_HEAD:
                    self._say(connection, b"431 Request Header Fields Too Large", NOT_UNDERSTOOD)
                elif not MAY_BE_REQUEST.match(buffer):
                    self._say(connection, b"400 Bad Request", NOT_UNDERSTOOD)
                return
            request = read_request(buffer[: end + 2], self.behind_proxy)
            if request is None or request.address is None or self.pass_only:
                self._pass_on(connection, end)
                return
            entry = self.pages.get(request.address, self.now)
            if self._may_serve(entry, request.address) and self._answer(connection, request, entry):
                connection.buffer = buffer[end + 4 :]
                if connection.sock.fileno() < 0:
                    return
                continue
            if self.not_pages.get(request.address, 0.0) > self.now:
                self._pass_on(connection, end)
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
        connection.close = request.close or self.stopping
        ending = b"Connection: close\r\n\r\n" if connection.close else b"\r\n"
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

    def _dial(self) -> socket.socket | None:
        """A connection to the server behind, perhaps not made yet; None when nobody is there."""
        family = socket.AF_UNIX if isinstance(self.server, str) else socket.AF_INET
        sock = socket.socket(family, socket.SOCK_STREAM)
        sock.setblocking(False)
        if family == socket.AF_INET:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if sock.connect_ex(self.server) in (0, errno.EINPROGRESS):
            self.poll.register(sock.fileno(), WRITE)
            return sock
        sock.close()
        return None

    def _start_fill(self, fill: Fill) -> None:
        fill.sent, fill.received = 0, b""
        fill.sock = self._dial()
        if fill.sock is None:
            self._try_fill_again(fill)
        else:
            self.fills[fill.sock.fileno()] = fill

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
        fill.received += data
        if data and b"\r\n\r\n" not in fill.received:
            return
        self._drop_fill_socket(fill)
        if fill.received:
            self._filled(fill, int(fill.received[9:12] or b"0"))
        else:
            self._try_fill_again(fill)

    def _try_fill_again(self, fill: Fill) -> None:
        """Nobody was there: the server behind is starting anew."""
        if self.now - fill.began < CONNECT_SECONDS:
            self.later.append((self.now + RETRY_SECONDS, lambda: self._start_again(fill)))
        else:
            self._filled(fill, 503)

    def _start_again(self, fill: Fill) -> None:
        if self.by_address.get(fill.address) is fill:
            self._start_fill(fill)

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
            self._say(connection, UNAVAILABLE_LINE, UNAVAILABLE, head_only=request.head_only)
        else:
            connection.buffer = head
            self._pass_on(connection, head.find(b"\r\n\r\n"))
            return
        if connection.sock.fileno() >= 0 and not connection.out:
            self.poll.modify(connection.sock.fileno(), READ)
            self._requests(connection)

    def _say(
        self, connection: Connection, line: bytes, page: bytes, *, head_only: bool = False
    ) -> None:
        """Answer with a page of our own, and close."""
        connection.close = True
        self._send(connection, [self._own_answer(line, page, head_only=head_only)])

    def _own_answer(self, line: bytes, page: bytes, *, head_only: bool) -> bytes:
        later = f"Retry-After: {RETRY_AFTER}\r\n".encode() if line == UNAVAILABLE_LINE else b""
        return b"".join(
            [
                *(b"HTTP/1.1 ", line, b"\r\n", later, self.date, b"Cache-Control: no-store\r\n"),
                b"Content-Security-Policy: default-src 'none'\r\n",
                b"Content-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n" % len(page),
                b"Connection: close\r\n\r\n" + (b"" if head_only else page),
            ]
        )

    # Requests passed on to the server behind

    def _pass_on(self, connection: Connection, end: int) -> None:
        """Let the server behind answer the request whose head ends there in the buffer."""
        buffer = connection.buffer
        try:
            passed = read_passed(buffer[:end], connection.peer)
        except BadRequest:
            self._say(connection, b"400 Bad Request", NOT_UNDERSTOOD)
            return
        connection.buffer = b""
        exchange = Exchange(connection, passed, self.now)
        exchange.take(buffer[end + 4 :])
        del self.connections[exchange.number]
        self.exchanges[exchange.number] = exchange
        self._dial_for(exchange)

    def _dial_for(self, exchange: Exchange) -> None:
        if self.exchanges.get(exchange.number) is not exchange:
            return
        exchange.server = self._dial()
        if exchange.server is not None:
            exchange.begun = False
            self.exchanges[exchange.server.fileno()] = exchange
            self._watch(exchange)
        else:
            self._dial_again(exchange)

    def _dial_again(self, exchange: Exchange) -> None:
        """Nobody was there, or left without a word: the server behind is starting anew."""
        self._drop_server(exchange)
        if self.now - exchange.dialled < CONNECT_SECONDS:
            self.later.append((self.now + RETRY_SECONDS, lambda: self._dial_for(exchange)))
        else:
            self._no_answer(exchange)

    def _exchange_event(self, exchange: Exchange, number: int, event: int) -> None:
        exchange.moment = self.now
        try:
            if number == exchange.number:
                self._reader_event(exchange, event)
            else:
                self._server_event(exchange, event)
            self._watch(exchange)
        except OSError:
            self._abort(exchange)

    def _reader_event(self, exchange: Exchange, event: int) -> None:
        sock = exchange.connection.sock
        if event & WRITE:
            self._to_reader(exchange)
        elif event & READ:
            data = sock.recv(READ_BYTES)
            if exchange.draining:
                if not data:
                    self._abort(exchange)
                return
            if data:
                exchange.take(data)
                exchange.asked = self.now
                return
            # It may be waiting for the answer still, unless it has broken off.
            exchange.reader_ended, exchange.keep = True, False
            if exchange.body > 0:
                self._abort(exchange)
        elif event & GONE:
            self._abort(exchange)

    def _server_event(self, exchange: Exchange, event: int) -> None:
        sock = exchange.server
        if sock is None:
            return
        try:
            if event & WRITE and exchange.to_server:
                sent = sock.send(exchange.to_server)
                exchange.to_server = exchange.to_server[sent:]
                exchange.begun = True
                return
        except BlockingIOError:
            return
        except OSError:
            if not exchange.begun:
                self._dial_again(exchange)
                return
            # It wants no more, or is gone; what it has said can still be read.
            exchange.to_server, exchange.body, exchange.keep = b"", 0, False
        try:
            data = sock.recv(READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            self._answered(exchange, data)
        else:
            self._server_ended(exchange)

    def _answered(self, exchange: Exchange, data: bytes) -> None:
        if exchange.answer is None:
            exchange.head += data
            end = exchange.head.find(b"\r\n\r\n")
            if end < 0:
                return
            try:
                answer = Answer(exchange.head[:end], exchange.passed.method)
            except ValueError:
                self._no_answer(exchange)
                return
            sent_all = not exchange.body and not exchange.to_server
            exchange.keep = exchange.keep and answer.framed and sent_all and not self.stopping
            ending = b"\r\n" if exchange.keep else b"Connection: close\r\n\r\n"
            exchange.to_reader += answer.head + ending
            exchange.answer = answer
            data = exchange.head[end + 4 :]
        exchange.answer.note(data)
        exchange.to_reader += data
        self._to_reader(exchange)

    def _to_reader(self, exchange: Exchange) -> None:
        try:
            sent = exchange.connection.sock.send(exchange.to_reader)
        except BlockingIOError:
            return
        except OSError:
            self._abort(exchange)
            return
        exchange.to_reader = exchange.to_reader[sent:]
        if exchange.whole and not exchange.to_reader:
            self._finish(exchange)

    def _server_ended(self, exchange: Exchange) -> None:
        if exchange.answer is not None:
            self._drop_server(exchange)
            if not exchange.answer.whole:
                # Only a broken connection tells the reader that something is missing.
                self._abort(exchange)
                return
            exchange.whole = True
            if not exchange.to_reader:
                self._finish(exchange)
        elif exchange.passed.harmless and not exchange.again:
            exchange.again = True
            exchange.head, exchange.to_server = b"", exchange.passed.head
            self._dial_again(exchange)
        else:
            self._no_answer(exchange)

    def _no_answer(self, exchange: Exchange) -> None:
        """Tell the reader that nothing came, and not to rely on what was sent."""
        self._drop_server(exchange)
        head_only = exchange.passed.method == b"HEAD"
        page = UNAVAILABLE if exchange.passed.harmless else NOT_SAVED
        exchange.to_reader += self._own_answer(UNAVAILABLE_LINE, page, head_only=head_only)
        exchange.to_server, exchange.keep, exchange.whole = b"", False, True
        self._to_reader(exchange)
        self._watch(exchange)

    def _finish(self, exchange: Exchange) -> None:
        """The reader has the answer: wait for the next request, or close."""
        connection = exchange.connection
        if exchange.keep:
            del self.exchanges[exchange.number]
            self.connections[exchange.number] = connection
            connection.moment = self.now
            try:
                self.poll.modify(exchange.number, READ)
                self._requests(connection)
            except OSError:
                self._close(connection)
        elif exchange.reader_ended:
            self._abort(exchange)
        else:
            # A socket closed with something unread would take the answer back.
            exchange.draining = True
            with contextlib.suppress(OSError):
                connection.sock.shutdown(socket.SHUT_WR)

    def _watch(self, exchange: Exchange) -> None:
        """Listen for what each side can do: it reads only when the other has taken all."""
        if self.exchanges.get(exchange.number) is not exchange:
            return
        mask = WRITE if exchange.to_reader else 0
        wanted = exchange.body and not exchange.to_server
        if (wanted or exchange.draining) and not exchange.reader_ended:
            mask |= READ
        self.poll.modify(exchange.number, mask)
        if exchange.server is not None:
            mask = WRITE if exchange.to_server else 0
            self.poll.modify(exchange.server.fileno(), mask | (0 if exchange.to_reader else READ))

    def _drop_server(self, exchange: Exchange) -> None:
        if exchange.server is not None:
            self.exchanges.pop(exchange.server.fileno(), None)
            exchange.server.close()
            exchange.server = None

    def _abort(self, exchange: Exchange) -> None:
        self._drop_server(exchange)
        if self.exchanges.get(exchange.number) is exchange:
            del self.exchanges[exchange.number]
            exchange.connection.sock.close()

    # Time

    def _tick(self) -> None:
        self.date = b"Date: " + formatdate(self.now, usegmt=True).encode() + b"\r\n"
        if self.parent and os.getppid() != self.parent:
            # Whoever started it was killed; the port must be free for the next.
            self.stop(signal.SIGTERM)
        if self.hits:
            self.pages.versions.add(HITS, self.hits)
            self.hits = 0
        for exchange in set(self.exchanges.values()):
            waited = self.now - exchange.moment
            if exchange.draining or exchange.to_reader:
                if waited > SLOW_SECONDS:
                    self._abort(exchange)
            elif waited > ANSWER_SECONDS:
                if exchange.answer is None:
                    self._no_answer(exchange)
                else:
                    self._abort(exchange)
        for connection in list(self.connections.values()):
            if connection.waiting:
                continue
            busy = connection.buffer or connection.out
            if self.now - connection.moment > (SLOW_SECONDS if busy else IDLE_SECONDS):
                self._close(connection)

    def _short_tick(self) -> None:
        silent = silence.in_doubt(self.pages.versions.numbers, self.now)
        for fill in list(self.by_address.values()):
            waited = self.now - fill.began
            if waited > (self.page_seconds if silent else MOST_PAGE_SECONDS):
                self._drop_fill_socket(fill)
                self._filled(fill, 503)
        if silent:
            for exchange in set(self.exchanges.values()):
                if self.now - exchange.asked > self.page_seconds and self._awaited(exchange):
                    self._no_answer(exchange)
        if self.stopping and self.now > self.idle_until:
            for connection in list(self.connections.values()):
                if not connection.out and not connection.waiting and not connection.buffer:
                    self._close(connection)

    @staticmethod
    def _awaited(exchange: Exchange) -> bool:
        """Whether a reader has asked for all and heard nothing."""
        heard = exchange.answer is not None or exchange.whole
        return not (heard or exchange.body or exchange.passed.patient)

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


def listen(address: str, port: int) -> socket.socket:
    """A listening socket."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((address, port))
    listener.listen(2048)
    listener.setblocking(False)
    return listener


def main(arguments: list[str] | None = None) -> None:
    """Serve until told to stop by SIGINT or SIGTERM, or by SIGUSR1 when another has taken over."""
    parser = argparse.ArgumentParser(description="Serve stored pages.")
    door = parser.add_mutually_exclusive_group(required=True)
    door.add_argument("--listen", help="address:port for readers")
    door.add_argument("--listener", type=int, help="number of a socket that listens already")
    parser.add_argument("--server", required=True, help="address:port or socket file of the server")
    parser.add_argument("--folder", required=True, type=Path, help="where the pages are")
    parser.add_argument("--behind-proxy", action="store_true", help="trust X-Forwarded-Proto")
    parser.add_argument("--several-machines", action="store_true", help="drops come over Redis")
    parser.add_argument("--pass-only", action="store_true", help="no pages are stored")
    parser.add_argument("--page-seconds", type=float, default=PAGE_SECONDS, help="wait for a page")
    parser.add_argument("--parent", type=int, default=0, help="end when this process is gone")
    parser.add_argument("--ready", type=int, help="number of a pipe that is told of the start")
    options = parser.parse_args(arguments)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 65536)), hard))
    front = Front(
        _listener(options.listen, options.listener),
        _server(options.server),
        Pages(options.folder, memory=MEMORY, several_machines=options.several_machines),
        behind_proxy=options.behind_proxy,
        pass_only=options.pass_only,
        page_seconds=options.page_seconds,
    )
    front.parent = options.parent
    for number in STOP_SECONDS:
        signal.signal(number, front.stop)
    if options.ready is not None:
        os.write(options.ready, b"1")
        os.close(options.ready)
    front.run()


def _listener(address: str | None, number: int | None) -> socket.socket:
    if number is not None:
        listener = socket.socket(fileno=number)
        listener.setblocking(False)
        return listener
    host, _, port = (address or "").rpartition(":")
    return listen(host.strip("[]"), int(port))


def _server(address: str) -> str | tuple[str, int]:
    if "/" in address:
        return address
    host, _, port = address.rpartition(":")
    return host, int(port)


if __name__ == "__main__":
    main()
