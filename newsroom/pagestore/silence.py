"""Whether the database has fallen silent, in the numbers that all processes share.

Only while it has is a reader told after seconds that there is no answer; a machine that is busy
gets more time. Used by the front server too, so nothing here may import Django.
"""

import threading
from typing import Protocol

# The place of the moment (in milliseconds) from which a question is unanswered, or 0.
ASKED = 20
DOUBT_SECONDS = 1.0


class Patience(threading.local):
    """How long a thread waits just now: an editor's request waits longer than a reader's."""

    long = False


patience = Patience()


class Numbers(Protocol):
    """Shared memory, one number a place."""

    def __getitem__(self, place: int, /) -> int: ...
    def __setitem__(self, place: int, number: int, /) -> None: ...


def note_question(numbers: Numbers, now: float) -> None:
    """A sign of life is asked for."""
    if not numbers[ASKED]:
        numbers[ASKED] = int(now * 1000)


def note_answer(numbers: Numbers) -> None:
    """It came."""
    numbers[ASKED] = 0


def in_doubt(numbers: Numbers, now: float) -> bool:
    """Whether a question has been unanswered for a while."""
    asked = numbers[ASKED]
    return bool(asked) and now * 1000 - asked > DOUBT_SECONDS * 1000
