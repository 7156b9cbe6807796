"""Counts the beacons that article pages send, ahead of Django.

``POST /doc/<article id>`` is always answered 204 and touches no database: reads gather in memory,
and a thread of each process writes them in batches. What a process that is killed may lose, and
other limits: docs/decisions/0012-most-read.md.

Imports no models, so that the WSGI entry point may import it before Django is set up.
"""

import logging
import re
import threading
import time
from collections.abc import Callable, Iterable
from functools import lru_cache
from multiprocessing.util import Finalize
from typing import Any

from django.conf import settings

from core.senders import sender_address
from mostread.senders import Senders

logger = logging.getLogger(__name__)

PREFIX = "/doc/"
# Longer numbers are no article's.
PATH = re.compile(r"/doc/([1-9][0-9]{0,17})\Z")
HOUR = 3600
BATCH_SECONDS = 10.0
# A flood must not turn batches into one write a beacon.
SHORTEST_BATCH_SECONDS = 1.0
# Articles, each in one hour, that wait to be written. Half of it makes a batch before its time.
MOST_WAITING = 20_000
STOP_SECONDS = 5.0

BOT = re.compile(
    r"(?<!cu)bot|crawl|spider|slurp|scrap|headless|phantom|puppeteer|playwright|selenium"
    r"|lighthouse|pagespeed|gtmetrix|pingdom|uptime|monitor|preview|fetch|archive|validator|scan"
    r"|facebookexternalhit|mediapartners|curl|wget|python|java/|go-http|okhttp|axios|node"
    r"|httpclient|libwww|feed|rss",
    re.IGNORECASE,
)

Environ = dict[str, Any]
Waiting = dict[tuple[int, int], int]
Write = Callable[[Waiting], None]


class BeaconLayer:
    """WSGI: answers beacons itself and leaves every other request to ``application``."""

    def __init__(
        self,
        application: Callable[..., Iterable[bytes]],
        reads: "Reads | None" = None,
        senders: Senders | None = None,
    ) -> None:
        self._application = application
        self._reads = reads or Reads()
        self._senders = senders or Senders(str(settings.DATA_DIR))
        self._site_host = settings.SITE_URL.partition("://")[2].lower()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        path: str = environ["PATH_INFO"]
        if not path.startswith(PREFIX):
            return self._application(environ, start_response)
        found = PATH.match(path)
        if found is None:
            return self._application(environ, start_response)
        if environ["REQUEST_METHOD"] != "POST":
            start_response(
                "405 Method Not Allowed", [("Allow", "POST"), ("Cache-Control", "no-store")]
            )
            return [b""]
        now = time.time()
        article_id = int(found[1])
        # A sender is noted last: who is no reader takes no place.
        if self._is_from_our_page(environ) and is_reader(environ.get("HTTP_USER_AGENT", "")):
            sender = f"{sender_address(environ)} {environ['HTTP_USER_AGENT']}"
            if not self._senders.is_repeat(sender, article_id, now):
                self._reads.add(article_id, now)
        start_response("204 No Content", [("Cache-Control", "no-store")])
        return [b""]

    def _is_from_our_page(self, environ: Environ) -> bool:
        """Whether the browser says so, in ``Origin``, ``Sec-Fetch-Site`` or both."""
        origin: str | None = environ.get("HTTP_ORIGIN")
        site: str | None = environ.get("HTTP_SEC_FETCH_SITE")
        if origin is None:
            return site == "same-origin"
        host = origin.partition("://")[2].lower()
        ours = {environ.get("HTTP_HOST", "").lower(), self._site_host}
        return bool(host) and host in ours and site in (None, "same-origin")


@lru_cache(maxsize=1024)
def is_reader(user_agent: str) -> bool:
    """Whether this is how a browser with somebody in front of it calls itself."""
    return user_agent.startswith("Mozilla/5.0 ") and not BOT.search(user_agent)


class Reads:
    """Reads that wait to be written; ``add`` may be called by any thread and never waits long."""

    def __init__(self, write: Write | None = None, batch_seconds: float = BATCH_SECONDS) -> None:
        self._write = write or _write
        self._batch_seconds = batch_seconds
        self._lock = threading.Lock()
        self._waiting: Waiting = {}
        self._thread: threading.Thread | None = None
        self._full = threading.Event()
        self._stopping = threading.Event()
        self._failing = False

    def add(self, article_id: int, now: float) -> None:
        """Count one read of the article."""
        key = (article_id, int(now / HOUR))
        with self._lock:
            waiting = self._waiting
            waiting[key] = waiting.get(key, 0) + 1
            number = len(waiting)
            if number > MOST_WAITING:
                del waiting[next(iter(waiting))]
        if self._thread is None:
            self._start()
        if number == MOST_WAITING // 2:
            self._full.set()

    def flush(self) -> None:
        """Write what waits; it goes on waiting when the database cannot take it."""
        with self._lock:
            batch, self._waiting = self._waiting, {}
        if not batch:
            return
        try:
            self._write(batch)
        except Exception as error:  # noqa: BLE001
            self._put_back(batch)
            if not self._failing:
                logger.warning("Reads cannot be written now and wait: %s", error)
            self._failing = True
        else:
            self._failing = False

    def stop(self) -> None:
        """Write what waits and end the thread; gives up on a database that does not answer."""
        self._stopping.set()
        self._full.set()
        if self._thread is not None:
            self._thread.join(STOP_SECONDS)

    def _put_back(self, batch: Waiting) -> None:
        with self._lock:
            for key, count in self._waiting.items():
                batch[key] = batch.get(key, 0) + count
            for key in list(batch)[: max(0, len(batch) - MOST_WAITING)]:
                del batch[key]
            self._waiting = batch

    def _start(self) -> None:
        """At the first read, hence in the process that serves and not in one it forks from."""
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="reads", daemon=True)
                self._thread.start()
                # Runs at the end of a program and of a multiprocessing worker, unlike atexit.
                Finalize(None, self.stop, exitpriority=10)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._stopping.wait(min(SHORTEST_BATCH_SECONDS, self._batch_seconds))
            self._full.wait(self._batch_seconds - SHORTEST_BATCH_SECONDS)
            self._full.clear()
            self.flush()
        # What came while the last batch was being written.
        self.flush()


def _write(waiting: Waiting) -> None:
    # Models can be imported only once Django is set up.
    from mostread.batches import write

    write(waiting)
