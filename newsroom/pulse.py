"""Gives up on a PostgreSQL that has fallen silent, and waits for one that is only slow.

A database that hangs, or a machine that vanished, refuses nothing: whoever asks waits for ever, and
soon every thread of the server does. So in the workers each wait for the database is a short one.
After that a thread of its own asks the database for a sign of life, on a connection of its own.
While one comes, the wait goes on; else the statement fails as it does when the database is stopped,
in all threads that wait at the same time.
"""

import math
import select
import threading
import time
from typing import Any

import psycopg2
from psycopg2.extensions import POLL_OK, POLL_READ, set_wait_callback

from newsroom.pagestore import silence
from newsroom.pagestore.store import Store, page_store

PATIENCE_SECONDS = 0.6
# While a sign of life is awaited; nobody waits longer while the database is known to be silent, so
# that the threads stay free.
STEP_SECONDS = 0.1
# A busy machine may take its time, and what an editor has written is worth waiting for.
EDITOR_SECONDS = 2.5
# A sign of life is good for so long, and each is asked for so long before it is asked for anew.
KNOWN_SECONDS = 0.5
SIGN_SECONDS = 2.5


class Pulse:
    """Whether a database lives, as far as its connections' waits depend on it."""

    def __init__(self, parameters: dict[str, Any], store: Store | None) -> None:
        self._parameters = parameters
        self._store = store
        self._wanted = threading.Event()
        self._unanswered_since = math.inf
        # The first answer clears what a process left that was stopped in the midst of a question.
        self._wanted.set()
        threading.Thread(target=self._ask_when_wanted, name="pulse", daemon=True).start()

    def wait(self, connection: Any) -> None:
        """Wait for a connection's answer: psycopg2's wait callback."""
        limit = EDITOR_SECONDS if silence.patience.long else silence.DOUBT_SECONDS
        seconds = STEP_SECONDS if self._silent_for() > limit else PATIENCE_SECONDS
        while not _moved(connection, seconds):
            if self._silent_for() > limit:
                raise psycopg2.OperationalError("the database does not answer")
            self._wanted.set()
            seconds = STEP_SECONDS

    def _silent_for(self) -> float:
        """Seconds since a question that has no answer yet; below zero when there is none."""
        return time.monotonic() - self._unanswered_since

    def _ask_when_wanted(self) -> None:
        while self._wanted.wait():
            self._unanswered_since = time.monotonic()
            self._note_question()
            while not self._ask():
                # Another process, whose question was answered, may have put out the note.
                self._note_question()
            self._unanswered_since = math.inf
            self._note_answer()
            time.sleep(KNOWN_SECONDS)
            self._wanted.clear()

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
        except (psycopg2.Error, OSError, ValueError):
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
        set_wait_callback(Pulse(connection.get_connection_params(), page_store()).wait)
