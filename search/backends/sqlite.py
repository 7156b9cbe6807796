# ruff: noqa: S608 - the pieces of SQL are constants of this module and of the ORM
"""Full-text search in SQLite: an FTS5 index over the folded columns of the articles.

The index holds no text of its own (external content); triggers keep it in step with the table,
whoever writes to it.
"""

from typing import Any

from django.db import connection

from search.backends import MOST_COUNTED, Found
from search.query import Query

COLUMNS = "search_headline, search_body, search_keys"
# The text is folded and split before it comes here: nothing else may happen to it.
TABLE = f"""
CREATE VIRTUAL TABLE search_index USING fts5(
    {COLUMNS}, content='articles_article', content_rowid='id',
    tokenize="unicode61 remove_diacritics 0"
)"""
_NEW = "new.id, new.search_headline, new.search_body, new.search_keys"
_OLD = "'delete', old.id, old.search_headline, old.search_body, old.search_keys"
_ADD = f"INSERT INTO search_index(rowid, {COLUMNS}) VALUES ({_NEW});"
_REMOVE = f"INSERT INTO search_index(search_index, rowid, {COLUMNS}) VALUES ({_OLD});"
TRIGGERS = {
    "search_index_insert": f"AFTER INSERT ON articles_article BEGIN {_ADD} END",
    "search_index_delete": f"AFTER DELETE ON articles_article BEGIN {_REMOVE} END",
    "search_index_update": (
        f"AFTER UPDATE OF id, {COLUMNS} ON articles_article BEGIN {_REMOVE} {_ADD} END"
    ),
}
# A word in the headline weighs as much as this many in the text; the keys only sort the tiers.
WEIGHTS = "8.0, 1.0, 0.0"
MOST_FOUND = MOST_COUNTED + 1


class SqliteBackend:
    def ensure(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM sqlite_master WHERE name LIKE 'search_index%%'")
            present = {name for (name,) in cursor.fetchall()}
        # A migration that remakes the articles' table takes the triggers with it.
        if not {"search_index", *TRIGGERS} <= present:
            self.rebuild()

    def rebuild(self) -> None:
        self.begin_bulk()
        with connection.cursor() as cursor:
            cursor.execute(TABLE)
            for trigger, rule in TRIGGERS.items():
                cursor.execute(f"CREATE TRIGGER {trigger} {rule}")
            cursor.execute("INSERT INTO search_index(search_index) VALUES ('rebuild')")

    def end_bulk(self) -> None:
        self.rebuild()

    def begin_bulk(self) -> None:
        with connection.cursor() as cursor:
            for trigger in TRIGGERS:
                cursor.execute(f"DROP TRIGGER IF EXISTS {trigger}")
            cursor.execute("DROP TABLE IF EXISTS search_index")

    def headlines_with(self, groups: list[list[str]], most: int) -> list[int]:
        every = " AND ".join(f"({_any(words)})" for words in groups)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT article.id FROM search_index"
                " CROSS JOIN articles_article AS article ON article.id = search_index.rowid"
                " WHERE search_index MATCH %s AND article.status = 'published'"
                " ORDER BY search_index.rowid DESC LIMIT %s",
                [f"{{search_headline}} : ({every})", most],
            )
            return [pk for (pk,) in cursor.fetchall()]

    def find(self, query: Query, start: int, size: int, *, prefix: bool = False) -> Found:
        if not query.words:
            return Found([], 0)
        words = _match("{search_headline search_body}", query.words, prefix)
        exact, found = {}, {}
        if query.keys and not prefix:
            exact = found = _newest(_match("{search_keys}", query.keys), query)
        if len(exact) < MOST_FOUND:
            found = _newest(words, query)
        total = len(found)
        ids = sorted(found, key=lambda pk: (found[pk], pk), reverse=True)[:MOST_COUNTED]
        if not query.newest_first:
            score = _scores(words, ids)
            # Sorting keeps the order of equals: newest first.
            ids.sort(key=lambda pk: (pk not in exact, score.get(pk, 0.0)))
        return Found(ids[start : start + size], total)


def _newest(match: str, query: Query) -> dict[int, Any]:
    """The newest public matches with their times.

    The index goes by article number, so this stops at as many as anyone reads; by number is
    nearly by time.
    """
    articles, values = (
        query.articles().order_by().values("id", "published_at").query.sql_with_params()
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT article.id, article.published_at FROM search_index"
            f" CROSS JOIN ({articles}) AS article ON article.id = search_index.rowid"
            " WHERE search_index MATCH %s ORDER BY search_index.rowid DESC LIMIT %s",
            [*values, match, MOST_FOUND],
        )
        return dict(cursor.fetchall())


def _scores(match: str, ids: list[int]) -> dict[int, float]:
    """How well each matches; the less the better."""
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT rowid, bm25(search_index, {WEIGHTS}) FROM search_index"
            " WHERE search_index MATCH %s AND rowid BETWEEN %s AND %s",
            [match, min(ids), max(ids)],
        )
        return dict(cursor.fetchall())


def _match(columns: str, words: list[str], prefix: bool = False) -> str:
    """An FTS5 expression; the words are letters and digits, so quoting them is safe."""
    terms = " ".join(f'"{word}"' for word in words)
    return f"{columns} : ({terms}{' *' if prefix else ''})"


def _any(words: list[str]) -> str:
    return " OR ".join(f'"{word}"' for word in words)
