"""A list of what is stored: which pages show a tag, which may go first, what was dropped lately."""

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS page (
    address TEXT PRIMARY KEY, bytes INTEGER NOT NULL, status INTEGER NOT NULL,
    stored REAL NOT NULL, expires REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS page_expires ON page (expires);
CREATE TABLE IF NOT EXISTS page_tag (
    tag TEXT NOT NULL, address TEXT NOT NULL, PRIMARY KEY (tag, address)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS page_tag_address ON page_tag (address);
CREATE TABLE IF NOT EXISTS dropped (
    number INTEGER PRIMARY KEY, at REAL NOT NULL, tags TEXT NOT NULL, addresses TEXT NOT NULL
);
"""
WAIT_SECONDS = 5.0
DROPS_KEPT = 200
# Of a drop that reaches the whole paper, this many addresses are told.
ADDRESSES_TOLD = 500


class Index:
    """Opened anew for each use, as stores and drops are rare beside readings."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextlib.contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that no other process's runs beside."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self.path, timeout=WAIT_SECONDS, isolation_level=None)
        try:
            # Losing it costs a rendering; it is made anew after the machine went down.
            connection.execute("PRAGMA synchronous=OFF")
            connection.execute("BEGIN IMMEDIATE")
            if not connection.execute(
                "SELECT 1 FROM sqlite_master WHERE name='dropped'"
            ).fetchone():
                for statement in SCHEMA.split(";"):
                    connection.execute(statement)
            yield connection
            connection.execute("COMMIT")
        finally:
            connection.close()

    def remove(self) -> None:
        """Begin again with an empty list."""
        for end in ("", "-wal", "-shm", "-journal"):
            self.path.with_name(self.path.name + end).unlink(missing_ok=True)


def note_page(
    db: sqlite3.Connection,
    address: str,
    tags: Iterable[str],
    size: int,
    status: int,
    stored: float,
    expires: float,
) -> None:
    forget_pages(db, [address])
    db.execute("INSERT INTO page VALUES (?, ?, ?, ?, ?)", (address, size, status, stored, expires))
    db.executemany("INSERT INTO page_tag VALUES (?, ?)", [(tag, address) for tag in set(tags)])


def forget_pages(db: sqlite3.Connection, addresses: Iterable[str]) -> None:
    rows = [(address,) for address in addresses]
    db.executemany("DELETE FROM page WHERE address = ?", rows)
    db.executemany("DELETE FROM page_tag WHERE address = ?", rows)


def pages_showing(db: sqlite3.Connection, tags: Iterable[str]) -> list[str]:
    found: set[str] = set()
    for tag in tags:
        query = "SELECT address FROM page_tag WHERE tag = ?"
        found.update(address for (address,) in db.execute(query, (tag,)))
    return sorted(found)


def found(db: sqlite3.Connection, addresses: Iterable[str]) -> list[str]:
    """Of stored pages those that are there: what is missing or elsewhere concerns nobody."""
    query = "SELECT 1 FROM page WHERE address = ? AND status = 200"
    return [address for address in addresses if db.execute(query, (address,)).fetchone()]


def dropped_after(db: sqlite3.Connection, number: int, since: float) -> dict[int, list[str]]:
    """The drops after ``number`` and a Unix time, each with the pages that are told."""
    query = "SELECT number, addresses FROM dropped WHERE number > ? AND at > ? ORDER BY number"
    rows = db.execute(query, (number, since)).fetchall()
    return {number: json.loads(addresses) for number, addresses in rows}


def note_drop(db: sqlite3.Connection, at: float, tags: Iterable[str], addresses: list[str]) -> None:
    db.execute(
        "INSERT INTO dropped (at, tags, addresses) VALUES (?, ?, ?)",
        (at, " ".join(sorted(tags)), json.dumps(addresses[:ADDRESSES_TOLD])),
    )
    db.execute(
        "DELETE FROM dropped WHERE number <= (SELECT max(number) FROM dropped) - ?", (DROPS_KEPT,)
    )
