"""Answers from stored pages ahead of Django, and keeps the pages Django makes."""

import contextlib
import fcntl
import io
import logging
import os
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as Late
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.http.request import split_domain_port, validate_host

from newsroom.pagestore import silence
from newsroom.pagestore.addresses import ADMIN, address_key, page_address
from newsroom.pagestore.apologies import NOT_SAVED, RETRY_AFTER, UNAVAILABLE
from newsroom.pagestore.entries import Entry, make_entry
from newsroom.pagestore.keeper import Keeper
from newsroom.pagestore.store import Store, page_store
from newsroom.pagestore.versions import HITS, MISSES, STALE
from newsroom.publicpages import TAGS_KEY

logger = logging.getLogger(__name__)

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

STORED_STATUSES = {200, 301, 308, 404, 410}
LARGEST_PAGE = 32 * 1024 * 1024
RENDER_THREADS = 8
# Misses that wait for a rendering in one worker; more get "try again".
MOST_WAITING = 256
LOCK_STEP_SECONDS = 0.005
LATE_STEP_SECONDS = 0.1
# A machine that is only busy gets so long to make a page.
MOST_RENDER_SECONDS = 20.0
# Each attempt meets a drop of the page in its midst only when many editors publish at once.
ATTEMPTS = 4
# After a rendering failed, an old copy is given without trying again.
GRACE_SECONDS = 1.0
# An address whose page cannot be stored goes straight to Django for so long.
UNSTORABLE_SECONDS = 60
MOST_UNSTORABLE = 10_000
FOREVER = 1e12
DATABASE_DOWN = (OperationalError, InterfaceError)
# The front server asks so for a page to be made and kept, and is told only how that went.
FILL_KEY = "HTTP_X_PAGE_FILL"
# Whom the front passes on. Only a server that nobody but the front reaches believes it.
VISITOR_KEY = "HTTP_X_PAGE_VISITOR"
BEHIND_FRONT = "PAGE_FRONT"
# Marks a page that an editor's request makes (newsroom.pagestore.ahead).
AHEAD_KEY = "newsroom.ahead"
FILLED, NOT_A_PAGE = "204 No Content", "406 Not Acceptable"

# All that Django gets to know of a request for a public page: nothing of who asks.
SHARED_KEYS = {"SCRIPT_NAME", "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "SERVER_SOFTWARE"}
SHARED_KEYS |= {"GATEWAY_INTERFACE", "REQUEST_METHOD", "PATH_INFO", "QUERY_STRING", "HTTP_HOST"}
# What an answer that is not kept may depend on.
OWN_KEYS = ("HTTP_COOKIE", "HTTP_AUTHORIZATION", "HTTP_ACCEPT_LANGUAGE", "HTTP_ACCEPT_ENCODING")


class Unavailable(Exception):
    """The page could not be made now."""


@dataclass
class Answer:
    """What Django answered: ``entry`` when it was a page to keep."""

    status: str
    headers: Headers
    body: list[bytes]
    entry: Entry | None


class PageStore:
    """A WSGI application around Django's.

    Public pages are made as for a stranger, so neither a cookie nor a signed-in editor changes
    what is kept. A page is public when its view noted tags; all else passes through untouched.
    """

    def __init__(self, application: Application, store: Store | None = None) -> None:
        self.application = application
        self.store = store or page_store()
        self._threads = ThreadPoolExecutor(RENDER_THREADS, thread_name_prefix="page")
        self._renderings: dict[str, Future[Answer]] = {}
        self._choosing = threading.Lock()
        self._unstorable: dict[str, float] = {}
        self._grace: dict[str, float] = {}
        self._failed = threading.local()
        self._keeper = Keeper(self.store, self.make) if self.store else None
        got_request_exception.connect(self._note_exception)
        if self._keeper:
            # Behind the front no request may come for hours.
            self._keeper.start()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        silence.patience.long = environ.get("PATH_INFO", "").startswith(ADMIN)
        visitor = environ.pop(VISITOR_KEY, None)
        if visitor is not None and BEHIND_FRONT in os.environ:
            environ["REMOTE_ADDR"] = visitor
        address = self._address(environ)
        if address is None or self.store is None or self._keeper is None:
            return self._pass(environ, start_response)
        now = time.time()
        entry = self.store.pages.get(address, now)
        if entry and (entry.expires > now or self._grace.get(address, 0) > now):
            answer = self._from_store(entry, environ, start_response)
            if answer is not None:
                self.store.versions.add(HITS)
                return answer
        if self._unstorable.get(address, 0) > now:
            return self._pass(environ, start_response)
        self.store.versions.add(MISSES)
        return self._miss(address, entry, environ, start_response)

    def make(self, address: str) -> bool:
        """Begin to make a page for its next reader, unless readers wait for others."""
        if self._renderings:
            return False
        if self.store is not None and self.store.pages.get(address, time.time()) is None:
            self._rendering(address, request_of(address))
        return True

    def _address(self, environ: Environ) -> str | None:
        if environ.get("REQUEST_METHOD") not in ("GET", "HEAD") or environ.get("SCRIPT_NAME"):
            return None
        header = settings.SECURE_PROXY_SSL_HEADER
        scheme = environ.get("wsgi.url_scheme", "http")
        if header:
            sent = environ.get(header[0], "").split(",")[0].strip()
            scheme = "https" if sent == header[1] else "http"
        host = environ.get("HTTP_HOST", "")
        address = page_address(
            scheme, host, environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
        )
        if address is None or not _host_allowed(host):
            return None
        return address

    def _miss(
        self, address: str, old: Entry | None, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        try:
            answer, own = self._made(address, environ)
        except (Unavailable, Late):
            self._remember(self._grace, address, GRACE_SECONDS)
            if old is not None:
                found = self._from_store(old, environ, start_response)
                if found is not None and self.store:
                    self.store.versions.add(STALE)
                    return found
            return _unavailable(environ, start_response)
        if answer.entry is not None:
            found = self._from_store(answer.entry, environ, start_response)
            return found if found is not None else self._pass(environ, start_response)
        self._remember(self._unstorable, address, UNSTORABLE_SECONDS)
        if FILL_KEY in environ:
            start_response(NOT_A_PAGE, [("Content-Length", "0")])
            return [b""]
        asks_more = any(key in environ for key in OWN_KEYS)
        if not own or asks_more or environ["REQUEST_METHOD"] == "HEAD":
            return self._pass(environ, start_response)
        start_response(answer.status, answer.headers)
        return answer.body

    def _made(self, address: str, environ: Environ) -> tuple[Answer, bool]:
        """What Django answers to a request that came now, and whether it was made for this one.

        Who asks after a drop must not get a page whose rendering had begun before it.
        """
        assert self.store is not None  # noqa: S101
        versions = self.store.versions
        asked = versions.count()
        for _ in range(ATTEMPTS):
            rendering, own = self._rendering(address, environ)
            answer = self._wait_for(rendering)
            entry = answer.entry
            if entry is None or entry.since >= asked or versions.right(entry.slots, entry.since):
                return answer, own
        raise Unavailable

    def _wait_for(self, rendering: Future[Answer]) -> Answer:
        """The answer; gives up early only while the database is silent."""
        assert self.store is not None  # noqa: S101
        most = time.monotonic() + max(MOST_RENDER_SECONDS, _render_seconds())
        seconds = _render_seconds()
        while True:
            try:
                return rendering.result(timeout=seconds)
            except Late:
                silent = silence.in_doubt(self.store.versions.numbers, time.time())
                if silent or rendering.done() or time.monotonic() > most:
                    raise
            seconds = LATE_STEP_SECONDS

    def _rendering(self, address: str, environ: Environ) -> tuple[Future[Answer], bool]:
        """The rendering of the page that is under way, or a new one."""
        with self._choosing:
            rendering = self._renderings.get(address)
            if rendering is not None:
                return rendering, False
            if len(self._renderings) >= MOST_WAITING:
                raise Unavailable
            shared = _shared(environ, address)
            rendering = self._threads.submit(self._render_alone, address, shared)
            self._renderings[address] = rendering
        rendering.add_done_callback(lambda _: self._renderings.pop(address, None))
        return rendering, True

    def _render_alone(self, address: str, environ: Environ) -> Answer:
        assert self.store is not None  # noqa: S101
        with _only_process(self.store, address):
            now = time.time()
            entry = self.store.pages.get(address, now)
            if entry and entry.expires > now:
                return Answer("", [], [], entry)
            return self._render(address, environ)

    def _render(self, address: str, environ: Environ) -> Answer:
        assert self.store is not None  # noqa: S101
        since = self.store.versions.count()
        self._failed.error = None
        status, headers, body = _call(self.application, environ)
        if isinstance(self._failed.error, DATABASE_DOWN):
            raise Unavailable
        entry = _storable(
            address, status, headers, body, tags=environ.get(TAGS_KEY, ()), since=since
        )
        if entry is not None:
            try:
                # A drop that came meanwhile forbids keeping the page; these readers, who asked
                # before it, may have it.
                self.store.put(entry)
            except (OSError, sqlite3.Error):
                logger.exception("A page could not be kept: %s", address)
        return Answer(status, headers, body, entry)

    def _from_store(
        self, entry: Entry, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes] | None:
        """The answer from a page, or None when its file is damaged."""
        assert self.store is not None  # noqa: S101
        if FILL_KEY in environ:
            start_response(FILLED, [])
            return [b""]
        now = time.time()
        encoding = entry.encoding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        sent = environ.get("HTTP_IF_NONE_MATCH")
        if sent and entry.status == 200 and entry.matches(sent):
            start_response("304 Not Modified", entry.headers_of(encoding, now, unchanged=True))
            return [b""]
        body = self.store.pages.body(entry, encoding)
        if body is None:
            return None
        self.store.pages.mark_used(entry, now)
        start_response(_status_line(entry.status), entry.headers_of(encoding, now))
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]

    def _pass(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Django's own answer, or a plain 503 when the database does not answer."""
        self._failed.error = None
        begun: list[tuple[Any, ...]] = []

        def begin(*arguments: Any) -> None:
            if isinstance(self._failed.error, DATABASE_DOWN):
                return
            begun.append(arguments)
            start_response(*arguments)

        body = self.application(environ, begin)
        if not begun:
            if hasattr(body, "close"):
                body.close()
            return _unavailable(environ, start_response)
        return body

    def _note_exception(self, request: Any = None, **_: Any) -> None:
        # The editor's request in whose thread a page is made ahead has not failed with it.
        if request is None or AHEAD_KEY not in request.META:
            self._failed.error = sys.exc_info()[1]

    @staticmethod
    def _remember(times: dict[str, float], address: str, seconds: float) -> None:
        if len(times) > MOST_UNSTORABLE:
            times.clear()
        times[address] = time.time() + seconds


def request_of(address: str) -> Environ:
    """A request for the page as a stranger without a browser makes it."""
    parts = urlsplit(address)
    environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": parts.path,
        "QUERY_STRING": parts.query,
        "HTTP_HOST": parts.netloc,
        "SERVER_NAME": parts.hostname or "",
        "SERVER_PORT": str(parts.port or (443 if parts.scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": io.BytesIO(),
    }
    header = settings.SECURE_PROXY_SSL_HEADER
    if header:
        environ[header[0]] = parts.scheme
    return environ


def _storable(
    address: str,
    status: str,
    headers: Headers,
    body: list[bytes],
    *,
    tags: Iterable[str],
    since: int,
) -> Entry | None:
    """The entry for a public page, None for any other answer."""
    code = int(status.split(" ", 1)[0])
    known = {name.lower(): value for name, value in headers}
    control = {part.strip() for part in known.get("cache-control", "").lower().split(",")}
    varies = {part.strip().lower() for part in known.get("vary", "").split(",") if part.strip()}
    if code not in STORED_STATUSES or not tags or "set-cookie" in known:
        return None
    if "public" not in control or control & {"private", "no-store", "no-cache"}:
        return None
    if varies - {"accept-encoding"} or "content-encoding" in known:
        return None
    content = b"".join(body)
    now = time.time()
    try:
        expires = float(known.get("x-page-expires", FOREVER))
    except ValueError:
        return None
    if expires <= now or len(content) > LARGEST_PAGE:
        return None
    return make_entry(
        address, code, headers, content, tags=tags, since=since, expires=expires, stored=now
    )


def _call(application: Application, environ: Environ) -> tuple[str, Headers, list[bytes]]:
    begun: list[tuple[str, Headers]] = []

    def begin(status: str, headers: Headers, exc_info: Any = None) -> None:
        begun.append((status, headers))

    body = application(environ, begin)
    try:
        parts = list(body)
    finally:
        if hasattr(body, "close"):
            body.close()
    status, headers = begun[-1]
    return status, headers, parts


def _shared(environ: Environ, address: str) -> Environ:
    """The request as a stranger without a browser would make it, for the page's one name."""
    kept = {
        key: value
        for key, value in environ.items()
        if key in SHARED_KEYS or key.startswith("wsgi.")
    }
    kept["REQUEST_METHOD"] = "GET"
    kept["QUERY_STRING"] = address.partition("?")[2]
    kept["REMOTE_ADDR"] = "127.0.0.1"
    header = settings.SECURE_PROXY_SSL_HEADER
    if header and header[0] in environ:
        kept[header[0]] = environ[header[0]]
    return kept


def _render_seconds() -> float:
    """A little less than promised, so that the answer itself is in time."""
    seconds: int = settings.PAGE_RENDER_SECONDS
    return seconds - 0.2


@contextlib.contextmanager
def _only_process(store: Store, address: str) -> Any:
    """Hold the page's lock among processes; gives up when a rendering elsewhere hangs."""
    folder = store.folder / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / address_key(address)[:3], os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)
    until = time.monotonic() + MOST_RENDER_SECONDS
    try:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise Unavailable from None
                time.sleep(LOCK_STEP_SECONDS)
        yield
    finally:
        os.close(handle)


def _host_allowed(host: str) -> bool:
    domain, _port = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


def _status_line(code: int) -> str:
    return f"{code} {HTTPStatus(code).phrase}"


def _unavailable(environ: Environ, start_response: StartResponse) -> list[bytes]:
    method = environ["REQUEST_METHOD"]
    page = UNAVAILABLE if method in ("GET", "HEAD") else NOT_SAVED
    headers = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Length", str(len(page))),
        ("Retry-After", RETRY_AFTER),
        ("Cache-Control", "no-store"),
        ("Content-Security-Policy", "default-src 'none'"),
    ]
    start_response("503 Service Unavailable", headers)
    return [b"" if method == "HEAD" else page]
