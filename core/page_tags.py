"""What a public page shows, and which pages a change makes old.

A view notes what it shows with ``tag``; a verb that changes something says so with ``drop``. The
page store listens to ``dropped``. Tags: ``front``, ``menus``, ``masthead``, ``partners``,
``article:12``, ``category:3``, ``author:4``, ``tag:5``, ``topic:6``.
"""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.dispatch import Signal
from django.http import HttpRequest

# Sent after commit with ``tags: frozenset[str]``.
dropped = Signal()


def tag(request: HttpRequest, *tags: str) -> None:
    """Note that the page answering ``request`` shows what ``tags`` name."""
    shown: set[str] = getattr(request, "page_tags", set())
    request.page_tags = shown | set(tags)  # type: ignore[attr-defined]


def expires_at(request: HttpRequest, moment: datetime | None) -> None:
    """Note that the page is right only until ``moment`` (aware); the earliest one given counts."""
    if moment is None:
        return
    known: datetime | None = getattr(request, "page_expires_at", None)
    if known is None or moment < known:
        request.page_expires_at = moment  # type: ignore[attr-defined]


def drop(*tags: str) -> None:
    """Tell, once the running transaction commits, that pages showing any of ``tags`` are old."""
    transaction.on_commit(partial(_send, frozenset(tags)))


def _send(tags: frozenset[str]) -> None:
    dropped.send(sender=None, tags=tags)
