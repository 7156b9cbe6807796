"""Gives up on a PostgreSQL that has fallen silent, and waits for one that is only slow.

A database that hangs, or a machine that vanished, refuses nothing: whoever asks waits for ever, and
soon every thread of the server does. So in the workers each wait for the database is a short one.
After that a connection of its own asks the database for a sign of life. While one comes, the wait
goes on; else the statement fails as it does when the database is stopped.
"""

import select
import threading
import time
from typing import Any

import psycopg2
from psycopg2.extensions import POLL_OK, POLL_READ, set_wait_callback

from newsroom.pagestore import silence
from newsroom.pagestore.store import Store, page_store

PATIENCE_SECONDS = 0.6
# A busy machine may take its time; readers of pages are told sooner (newsroom.pagestore.silence).
SIGN_SECONDS = 2.5
# While the database is known to be silent nobody waits long, so that the threads stay free.
IMPATIENCE_SECONDS = 0.1
KNOWN_SECONDS = 0.5


class Pulse:
    """Whether a database lives, as far as its connections' waits depend on it."""

    def __init__(self, parameters: dict[str, Any], store: Store | None) -> None:
        self._parameters = parameters
        self._store = store
        self._asking = threading.Lock()
        self._lives = True
        self._known_until = 0.0

    def wait(self, connection: Any) -> None:
        """Wait for a connection's answer: psycopg2's wait callback."""
        while True:
            patience = PATIENCE_SECONDS if self._lives else IMPATIENCE_SECONDS
            if _moved(connection, patience):
                return
            if not self.lives():
                raise psycopg2.OperationalError("the database does not answer")

    def lives(self) -> bool:
        """Whether the database gave a sign just now; one thread asks for all."""
        if not self._asking.acquire(blocking=self._lives):
            return False
        try:
            if time.monotonic() > self._known_until:
                self._note_question()
                self._lives = self._ask()
                if self._lives:
                    self._note_answer()
                self._known_until = time.monotonic() + KNOWN_SECONDS
            return self._lives
        finally:
            self._asking.release()

    def _note_question(self) -> None:
        if self._store is not None:
            silence.note_question(self._store.versions.numbers, time.time())

    def _note_answer(self) -> None:
        if self._store is not None:
            silence.note_answer(self._store.versions.numbers)

    def _ask(self) -> bool:
        until = time.monotonic() + SIGN_SECONDS
        try:
            connection = psycopg2.connect(**self._parameters, async_=True)
            try:
                if not _moved(connection, until - time.monotonic()):
                    return False
                cursor = connection.cursor()
                cursor.execute("SELECT 1")
                return _moved(connection, until - time.monotonic())
            finally:
                connection.close()
        except psycopg2.Error:
            # A refusal is an answer too; those who wait get their own.
            return True


def _moved(connection: Any, seconds: float) -> bool:
    """Whether what the connection is doing was done within the time; raises what it met."""
    until = time.monotonic() + seconds
    while (state := connection.poll()) != POLL_OK:
        left = until - time.monotonic()
        waiting = select.poll()
        waiting.register(connection, select.POLLIN if state == POLL_READ else select.POLLOUT)
        if left <= 0 or not waiting.poll(left * 1000):
            return False
    return True


def watch() -> None:
    """Let every wait for PostgreSQL in this process have an end."""
    from django.db import connection

    if connection.vendor == "postgresql":
        pulse = Pulse(connection.get_connection_params(), page_store())
        # The answer clears what a process left that was stopped in the midst of a question.
        pulse.lives()
        set_wait_callback(pulse.wait)
