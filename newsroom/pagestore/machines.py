"""Tells other machines what was dropped, through a list in Redis.

Pages themselves stay on each machine, so Redis is never asked while a reader waits. A machine that
has not heard from Redis for three seconds trusts none of its pages until it has caught up.
"""

import json
import logging
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import redis

from newsroom.pagestore.entries import write_file
from newsroom.pagestore.versions import EVERYTHING

if TYPE_CHECKING:
    from newsroom.pagestore.store import Store

logger = logging.getLogger(__name__)

STREAM = "newsroom:drops"
DROPS_KEPT = 10_000
LISTEN_MS = 500
REDIS_SECONDS = 1.0


class Machines:
    """This machine's part of the list."""

    def __init__(self, store: "Store", url: str) -> None:
        self.store = store
        self._redis: Any = redis.Redis.from_url(
            url, socket_connect_timeout=REDIS_SECONDS, socket_timeout=REDIS_SECONDS
        )
        self._name_path = store.folder / "machine"
        self._place_path = store.folder / "heard"
        self._unsent = store.folder / "unsent"

    def announce(self, tags: frozenset[str], addresses: list[str]) -> None:
        """Tell the others; what cannot be told now is told when Redis is back."""
        try:
            self._send(tags)
        except redis.RedisError:
            logger.exception("Redis cannot be reached; the drop will be told later")
            content = json.dumps(sorted(tags)).encode()
            write_file(self._unsent / uuid.uuid4().hex, content)

    def listen(self) -> None:
        """Wait a moment for drops of the others, and carry them out here."""
        self._send_late()
        place = self._place()
        answer = self._redis.xread({STREAM: place}, block=LISTEN_MS)
        for _stream, messages in answer or []:
            for number, fields in messages:
                if fields[b"from"].decode() != self._name():
                    self.store.drop_here(frozenset(json.loads(fields[b"tags"])))
                place = number.decode()
            write_file(self._place_path, place.encode())
        self.store.versions.heard()

    def _place(self) -> str:
        """Where in the list this machine is; drops all when it may have missed something."""
        first, last = self._ends()
        try:
            place = self._place_path.read_text()
        except OSError:
            place = ""
        missed = not place or _number(place) > _number(last)
        missed = missed or (place != "0-0" and bool(first) and _number(place) < _number(first))
        if missed:
            write_file(self._place_path, last.encode())
            self.store.drop_here(frozenset([EVERYTHING]))
            return last
        return place

    def _ends(self) -> tuple[str, str]:
        first = self._redis.xrange(STREAM, count=1)
        last = self._redis.xrevrange(STREAM, count=1)
        if not last:
            return "", "0-0"
        return first[0][0].decode(), last[0][0].decode()

    def _send(self, tags: frozenset[str]) -> None:
        fields = {"from": self._name(), "tags": json.dumps(sorted(tags))}
        self._redis.xadd(STREAM, fields, maxlen=DROPS_KEPT, approximate=True)

    def _send_late(self) -> None:
        for path in sorted(self._unsent.glob("[!.]*")) if self._unsent.exists() else []:
            self._send(frozenset(json.loads(Path(path).read_text())))
            path.unlink()

    def _name(self) -> str:
        """A name for this machine's folder, the same for all its processes."""
        try:
            return self._name_path.read_text()
        except FileNotFoundError:
            fresh = self._name_path.with_name(f".machine-{uuid.uuid4().hex}")
            fresh.write_text(uuid.uuid4().hex)
            try:
                # Of two processes at once the first wins.
                self._name_path.hardlink_to(fresh)
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
            return self._name_path.read_text()


def _number(place: str) -> tuple[int, int]:
    time_part, _, order = (place or "0-0").partition("-")
    return int(time_part), int(order or 0)
