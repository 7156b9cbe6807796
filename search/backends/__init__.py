"""Where searches are answered: one small interface, one module for each kind of database."""

from dataclasses import dataclass
from typing import Protocol

from django.db import connection

from search.query import Query

# Results are counted up to here; beyond it a reader is told "more than".
MOST_COUNTED = 1000


@dataclass(frozen=True)
class Found:
    """One page of results."""

    ids: list[int]
    total: int  # at most MOST_COUNTED + 1


class Backend(Protocol):
    """Another engine (OpenSearch, say) joins by answering these calls."""

    def ensure(self) -> None:
        """Make the index if it is missing and fill it; does nothing when it is there."""

    def rebuild(self) -> None:
        """Make the index anew from the articles."""

    def begin_bulk(self) -> None:
        """Very many articles are about to come: put off what is quicker done once for all.

        Until ``end_bulk`` searches may be slow or find nothing.
        """

    def end_bulk(self) -> None:
        """Do what was put off."""

    def find(self, query: Query, start: int, size: int, *, prefix: bool = False) -> Found:
        """Articles that have every word of ``query``, best first.

        With ``prefix`` the last word may be the beginning of a longer one.
        """

    def headlines_with(self, groups: list[list[str]], most: int) -> list[int]:
        """The newest published articles whose headline has a word of every group."""


def backend() -> Backend:
    """The engine that belongs to the database in use."""
    if connection.vendor == "postgresql":
        from search.backends.postgresql import PostgresqlBackend

        return PostgresqlBackend()
    from search.backends.sqlite import SqliteBackend

    return SqliteBackend()
