# ruff: noqa: S608 - the pieces of SQL are constants of this module and of the ORM
"""Full-text search in SQLite: an FTS5 index over the folded columns of the articles.

The index holds no text of its own (external content); triggers keep it in step with the table,
whoever writes to it.
"""

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


class SqliteBackend:
    def ensure(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM sqlite_master WHERE name LIKE 'search_index%%'")
            present = {name for (name,) in cursor.fetchall()}
        # A migration that remakes the articles' table takes the triggers with it.
        if not {"search_index", *TRIGGERS} <= present:
            self.rebuild()

    def rebuild(self) -> None:
        with connection.cursor() as cursor:
            for trigger in TRIGGERS:
                cursor.execute(f"DROP TRIGGER IF EXISTS {trigger}")
            cursor.execute("DROP TABLE IF EXISTS search_index")
            cursor.execute(TABLE)
            for trigger, rule in TRIGGERS.items():
                cursor.execute(f"CREATE TRIGGER {trigger} {rule}")
            cursor.execute("INSERT INTO search_index(search_index) VALUES ('rebuild')")

    def find(self, query: Query, start: int, size: int, *, prefix: bool = False) -> Found:
        if not query.words:
            return Found([], 0)
        articles, parameters = (
            query.articles().order_by().values("id", "published_at").query.sql_with_params()
        )
        words = _match("{search_headline search_body}", query.words, prefix)
        found = (
            f"SELECT rowid, bm25(search_index, {WEIGHTS}) AS score FROM search_index"
            " WHERE search_index MATCH %s"
        )
        source = f"FROM ({found}) AS found JOIN ({articles}) AS article ON article.id = found.rowid"
        order, order_parameters = "article.published_at DESC, article.id DESC", []
        if not query.newest_first:
            order = f"score, {order}"
            if query.keys:
                order = (
                    "article.id IN (SELECT rowid FROM search_index WHERE search_index MATCH %s)"
                    f" DESC, {order}"
                )
                order_parameters = [_match("search_keys", query.keys, prefix)]
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT article.id {source} ORDER BY {order} LIMIT %s OFFSET %s",
                [words, *parameters, *order_parameters, size, start],
            )
            ids = [pk for (pk,) in cursor.fetchall()]
            cursor.execute(
                f"SELECT count(*) FROM (SELECT 1 {source} LIMIT %s)",
                [words, *parameters, MOST_COUNTED + 1],
            )
            (total,) = cursor.fetchone()
        return Found(ids, total)


def _match(columns: str, words: list[str], prefix: bool) -> str:
    """An FTS5 expression; the words are letters and digits, so quoting them is safe."""
    terms = " ".join(f'"{word}"' for word in words)
    return f"{columns} : ({terms}{' *' if prefix else ''})"
