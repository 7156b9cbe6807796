# ruff: noqa: S608 - the pieces of SQL are constants of this module and of the ORM
"""Full-text search in PostgreSQL: tsvectors over the folded columns, kept by a trigger.

A common word stands in most articles, more than can be read for one answer. So every vector also
holds the month of its article as a word of its own, and a search asks the newest month first,
then further back in growing steps, until it has as many matches as anyone reads. Rare words are
asked for in all the years, which is cheap for them. Only what was found so is ranked.
"""

from datetime import datetime
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import connection
from django.utils import timezone

from search.backends import MOST_COUNTED, Found
from search.query import Query

# How many months back each step of a search ends; the last step has no end.
STEPS = (1, 4, 16, 64)
MOST_FOUND = MOST_COUNTED + 1
# A shorter beginning of a word begins too many.
SHORTEST_PREFIX = 3

TABLE = """
CREATE TABLE search_index (
    article_id bigint PRIMARY KEY REFERENCES articles_article (id) ON DELETE CASCADE,
    public_at timestamptz,
    headline tsvector NOT NULL,
    words tsvector NOT NULL,
    keys tsvector NOT NULL
)"""
# The month is no word that a text or a query could have: it has a sign in it.
FUNCTIONS = """
CREATE OR REPLACE FUNCTION search_index_row(article articles_article) RETURNS search_index AS $$
    SELECT
        article.id,
        CASE WHEN article.status = 'published' THEN article.published_at END,
        month || to_tsvector('simple', article.search_headline),
        month || setweight(to_tsvector('simple', article.search_headline), 'A')
            || setweight(to_tsvector('simple', article.search_body), 'D'),
        month || to_tsvector('simple', article.search_keys)
    FROM array_to_tsvector(ARRAY['@' || to_char(
        coalesce(article.published_at, article.created_at) AT TIME ZONE 'UTC', 'YYYYMM'
    )]) AS month
$$ LANGUAGE sql STABLE;
CREATE OR REPLACE FUNCTION search_index_follow() RETURNS trigger AS $$
BEGIN
    INSERT INTO search_index SELECT (search_index_row(NEW)).*
    ON CONFLICT (article_id) DO UPDATE SET public_at = excluded.public_at,
        headline = excluded.headline, words = excluded.words, keys = excluded.keys;
    RETURN NULL;
END $$ LANGUAGE plpgsql;
"""
FILL = """
INSERT INTO search_index
SELECT made.* FROM articles_article AS article, search_index_row(article) AS made
"""
INDEXES = [
    "CREATE INDEX search_index_headline ON search_index USING gin (headline)",
    "CREATE INDEX search_index_words ON search_index USING gin (words)",
    "CREATE INDEX search_index_keys ON search_index USING gin (keys)",
]
TRIGGER = """
CREATE TRIGGER search_index_follow
    AFTER INSERT OR UPDATE OF search_headline, search_body, search_keys, status, published_at
    ON articles_article FOR EACH ROW EXECUTE FUNCTION search_index_follow()
"""


class PostgresqlBackend:
    def ensure(self) -> None:
        with connection.cursor() as cursor:
            # The column that the newest form of the index has and older ones have not.
            cursor.execute(
                "SELECT count(*) FROM pg_attribute"
                " WHERE attrelid = to_regclass('search_index') AND attname = 'headline'"
            )
            (present,) = cursor.fetchone()
        if not present:
            self.rebuild()

    def rebuild(self) -> None:
        self.drop()
        with connection.cursor() as cursor:
            for statement in (TABLE, FUNCTIONS, FILL, *INDEXES, TRIGGER, "ANALYZE search_index"):
                cursor.execute(statement)

    def drop(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER IF EXISTS search_index_follow ON articles_article")
            cursor.execute("DROP FUNCTION IF EXISTS search_index_row(articles_article)")
            cursor.execute("DROP TABLE IF EXISTS search_index")

    def headlines(self, words: list[str]) -> list[int]:
        return _Search("headline", _match(words, prefix=True)).newest(MOST_FOUND)

    def find(self, query: Query, start: int, size: int, *, prefix: bool = False) -> Found:
        if not query.words:
            return Found([], 0)
        if prefix:
            found = _beginning_with(query)
            exact: list[int] = []
        else:
            exact = _public("keys", query.keys, query).newest(MOST_FOUND) if query.keys else []
            found = exact
            if len(exact) < MOST_FOUND:
                found = _public("words", query.words, query).newest(MOST_FOUND)
        total = len(found)
        if not query.newest_first:
            found = _ranked(found[:MOST_COUNTED], exact, _match(query.words, prefix))
        return Found(found[start : start + size], total)


class _Search:
    """A search of one column, with more conditions in SQL."""

    def __init__(self, column: str, match: str, where: str = "", values: tuple = ()) -> None:
        self._column, self._match, self._where, self._values = column, match, where, values

    def newest(self, most: int) -> list[int]:
        """The newest matches, newest first."""
        found: list[int] = []
        end: datetime | None = None
        now = timezone.now()
        for months in STEPS:
            start = _month_begin(now, months)
            found += self._between(start, end, most - len(found))
            if len(found) >= most:
                return found
            end = start
        return found + self._between(None, end, most - len(found))

    def _between(self, start: datetime | None, end: datetime | None, most: int) -> list[int]:
        """Of the months from ``start`` on and before ``end``."""
        condition, values = f"{self._column} @@ to_tsquery('simple', %s)", [self._match]
        if start:
            months = _months(start, end)
            condition = f"{self._column} @@ (to_tsquery('simple', %s) && %s::tsquery)"
            values.append(" | ".join(f"'@{month:%Y%m}'" for month in months))
        if end:
            pass
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT article_id FROM search_index"
                f" WHERE {condition} {self._where}"
                " ORDER BY public_at DESC NULLS FIRST, article_id DESC LIMIT %s",
                [*values, *self._values, most],
            )
            return [pk for (pk,) in cursor.fetchall()]
