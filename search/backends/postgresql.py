# ruff: noqa: S608 - the pieces of SQL are constants of this module and of the ORM
"""Full-text search in PostgreSQL: tsvectors over the folded columns, kept by a trigger.

A common word stands in most articles, more than can be read for one answer. So every vector also
holds the month of its article as a word of its own, and a search asks the newest month first,
then further back in growing steps, until it has as many matches as anyone reads. Rare words are
asked for in all the years, which is cheap for them. Only what was found so is ranked.
"""

from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from search.backends import MOST_COUNTED, Found
from search.query import Query

# How many months each step of a search takes, after next month's; the last step takes the rest.
STEPS = (2, 3, 12, 48)
MOST_FOUND = MOST_COUNTED + 1

TABLE = """
CREATE TABLE search_index (
    article_id bigint PRIMARY KEY REFERENCES articles_article (id) ON DELETE CASCADE,
    at timestamptz NOT NULL,
    published boolean NOT NULL,
    headline tsvector NOT NULL,
    words tsvector NOT NULL,
    keys tsvector NOT NULL
)"""
# The month is no word that a text or a query could have: it has a sign in it.
ROW = """
CREATE FUNCTION search_index_row(article articles_article) RETURNS search_index AS $$
    SELECT
        article.id,
        at,
        article.status = 'published',
        month || to_tsvector('simple', article.search_headline),
        month || setweight(to_tsvector('simple', article.search_headline), 'A')
            || setweight(to_tsvector('simple', article.search_body), 'D'),
        month || strip(to_tsvector('simple', article.search_keys))
    FROM (SELECT coalesce(article.published_at, article.created_at)) AS time (at),
        array_to_tsvector(ARRAY['@' || to_char(at AT TIME ZONE 'UTC', 'YYYYMM')]) AS month
$$ LANGUAGE sql STABLE
"""
FOLLOW = """
CREATE OR REPLACE FUNCTION search_index_follow() RETURNS trigger AS $$
BEGIN
    INSERT INTO search_index SELECT made.* FROM search_index_row(NEW) AS made
    ON CONFLICT (article_id) DO UPDATE SET at = excluded.at, published = excluded.published,
        headline = excluded.headline, words = excluded.words, keys = excluded.keys;
    RETURN NULL;
END $$ LANGUAGE plpgsql
"""
TRIGGER = """
CREATE TRIGGER search_index_follow
    AFTER INSERT OR UPDATE OF search_headline, search_body, search_keys, status, published_at
    ON articles_article FOR EACH ROW EXECUTE FUNCTION search_index_follow()
"""
FILL = """
INSERT INTO search_index
SELECT made.* FROM articles_article AS article, LATERAL search_index_row(article) AS made
"""
INDEXES = {
    f"search_index_{column}": f"ON search_index USING gin ({column})"
    for column in ("headline", "words", "keys")
}


class PostgresqlBackend:
    def ensure(self) -> None:
        with connection.cursor() as cursor:
            # A column that older forms of the index have not.
            cursor.execute(
                "SELECT count(*) FROM pg_attribute"
                " WHERE attrelid = to_regclass('search_index') AND attname = 'headline'"
            )
            (present,) = cursor.fetchone()
        if not present:
            self.rebuild()

    def rebuild(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER IF EXISTS search_index_follow ON articles_article")
            cursor.execute("DROP TABLE IF EXISTS search_index CASCADE")
            for statement in (TABLE, ROW, FOLLOW, FILL, TRIGGER):
                cursor.execute(statement)
        self.end_bulk()

    def begin_bulk(self) -> None:
        with connection.cursor() as cursor:
            for index in INDEXES:
                cursor.execute(f"DROP INDEX IF EXISTS {index}")

    def end_bulk(self) -> None:
        with connection.cursor() as cursor:
            for index, rule in INDEXES.items():
                cursor.execute(f"CREATE INDEX {index} {rule}")
            cursor.execute("ANALYZE search_index")

    def headlines(self, words: list[str]) -> list[int]:
        return _newest(_matching("headline", words), MOST_COUNTED) if words else []

    def find(self, query: Query, start: int, size: int, *, prefix: bool = False) -> Found:
        if not query.words:
            return Found([], 0)
        public = _public(query)
        if prefix:
            exact, found = [], _beginning(query, public)
        else:
            exact = found = _newest(_matching("keys", query.keys) + public) if query.keys else []
            if len(exact) < MOST_FOUND:
                found = _newest(_matching("words", query.words) + public)
        total = len(found)
        if not query.newest_first:
            found = _ranked(found[:MOST_COUNTED], exact, _tsquery(query.words, prefix))
        return Found(found[start : start + size], total)


# A condition in SQL with its values; several are joined by AND.
Conditions = list[tuple[str, list[Any]]]


def _tsquery(words: list[str], prefix: bool = False) -> str:
    """The words are letters and digits, so quoting them is safe."""
    return " & ".join(f"'{word}'" for word in words) + (":*" if prefix else "")


def _matching(column: str, words: list[str]) -> Conditions:
    return [(f"{column} @@ to_tsquery('simple', %s)", [_tsquery(words)])]


def _public(query: Query) -> Conditions:
    """What readers may see and the filters let pass."""
    conditions: Conditions = [("published AND at <= %s", [timezone.now()])]
    if query.since:
        conditions.append(("at >= %s", [query.since]))
    if query.category or query.author:
        sql, values = query.articles().order_by().values("id").query.sql_with_params()
        conditions.append((f"article_id IN ({sql})", list(values)))
    return conditions


def _newest(conditions: Conditions, most: int = MOST_FOUND) -> list[int]:
    """The newest that meet the conditions, the first of which is a match; newest first."""
    match, *others = conditions
    # What is dated further ahead, such as a scheduled article, stands before the first step.
    end = _month_start(timezone.now(), 2)
    parts = [_part([match, *others, ("at >= %s", [end])], most)]
    for step in STEPS:
        start = _month_start(end, -step)
        months = " | ".join(f"'@{_month_start(start, n):%Y%m}'" for n in range(step))
        in_months = match[0].replace("@@ ", "@@ (%s::tsquery && ") + ")"
        parts.append(_part([(in_months, [months, *match[1]]), *others], most))
        end = start
    parts.append(_part([match, *others, ("at < %s", [end])], most))
    # One part after the other, and none once there are enough.
    union = " UNION ALL ".join(sql for sql, _values in parts)
    return _read(f"{union} LIMIT %s", [*_joined(parts), most])


def _part(conditions: Conditions, most: int) -> tuple[str, list[Any]]:
    where = " AND ".join(sql for sql, _values in conditions)
    return (
        f"(SELECT article_id FROM search_index WHERE {where}"
        " ORDER BY at DESC, article_id DESC LIMIT %s)",
        [*_joined(conditions), most],
    )


def _joined(pieces: Conditions) -> list[Any]:
    return [value for _sql, values in pieces for value in values]


def _read(sql: str, values: list[Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [pk for (pk,) in cursor.fetchall()]


def _month_start(moment: datetime, later: int) -> datetime:
    """When the month begins that is ``later`` months after that of ``moment``."""
    years, month = divmod(moment.astimezone(UTC).month - 1 + later, 12)
    return datetime(moment.astimezone(UTC).year + years, month + 1, 1, tzinfo=UTC)


def _beginning(query: Query, public: Conditions) -> list[int]:
    """Matches when the last word is the beginning of one.

    With other words, only among the newest that have those: the beginnings of "t" are without end.
    """
    last = ("words @@ to_tsquery('simple', %s)", [_tsquery(query.words, prefix=True)])
    others = query.words[:-1]
    if not others:
        return _read(*_part([last, *public], MOST_FOUND))
    near = _newest(_matching("words", others) + public)
    # Asked of the row itself: the index would look all beginnings up.
    of_row = (last[0].replace("words", "strip(words)"), last[1])
    return _read(*_part([("article_id = ANY(%s)", [near]), of_row], MOST_FOUND))


def _ranked(found: list[int], exact: list[int], tsquery: str) -> list[int]:
    """Those that have the marks as typed before others; within these, best first."""
    return _read(
        "SELECT article_id FROM search_index WHERE article_id = ANY(%s)"
        " ORDER BY article_id = ANY(%s) DESC,"
        " ts_rank(words, to_tsquery('simple', %s)) DESC, at DESC, article_id DESC",
        [found, exact, tsquery],
    )
