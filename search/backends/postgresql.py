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

# Months of the steps of a search: the near ones, of which the first ends a year ahead, where
# scheduled articles are, and the year before them. The last step takes the rest: what has too few
# matches until then has few enough in all the years, while many months at once would be slow to
# look up. The year is left out when the near months had so few, a twentieth of what is wanted,
# that it would hardly be enough: evenly spread, a fifth would do, but of words of a season the
# year may have many times as many, and all the years too many to read.
AHEAD = 12
NEAR = (AHEAD + 1, 3)
YEAR = 12
FEW = 20
MOST_FOUND = MOST_COUNTED + 1
SHORTEST_BEGINNING = 3

TABLE = """
CREATE TABLE search_index (
    article_id bigint PRIMARY KEY,
    at timestamptz NOT NULL,
    published boolean NOT NULL,
    language text NOT NULL,
    headline tsvector NOT NULL,
    words tsvector NOT NULL,
    keys tsvector NOT NULL
)"""
# The month is no word that a text or a query could have: it has a sign in it. The columns are
# words between spaces already; PostgreSQL's own parser would take most of the time. Only the
# words of the headline get a position: they count for more, and more when they are close.
# In PL/pgSQL, which plans the query once: a function in SQL is parsed and planned for each row.
ROW = """
CREATE OR REPLACE FUNCTION search_index_row(article articles_article) RETURNS search_index AS $$
DECLARE
    at timestamptz := coalesce(article.published_at, article.created_at);
    month tsvector := array_to_tsvector(
        ARRAY['@' || to_char(at AT TIME ZONE 'UTC', 'YYYYMM')]
    );
    headline text[] := array_remove(string_to_array(article.search_headline, ' '), '');
    body text[] := array_remove(string_to_array(article.search_body, ' '), '');
    keys text[] := array_remove(string_to_array(article.search_keys, ' '), '');
    places text := (
        SELECT string_agg(format('''%s'':%sA', word, place), ' ')
        FROM unnest(headline) WITH ORDINALITY AS one (word, place)
    );
    made search_index;
BEGIN
    made.article_id := article.id;
    made.at := at;
    made.published := article.status = 'published';
    made.language := article.language;
    made.headline := month || array_to_tsvector(headline);
    made.words := month || coalesce(places, '')::tsvector || array_to_tsvector(body);
    made.keys := month || array_to_tsvector(keys);
    RETURN made;
END $$ LANGUAGE plpgsql STABLE
"""
FOLLOW = """
CREATE OR REPLACE FUNCTION search_index_follow() RETURNS trigger AS $$
BEGIN
    INSERT INTO search_index SELECT made.* FROM search_index_row(NEW) AS made
    ON CONFLICT (article_id) DO UPDATE SET
        at = excluded.at, published = excluded.published, language = excluded.language,
        headline = excluded.headline, words = excluded.words, keys = excluded.keys;
    RETURN NULL;
END $$ LANGUAGE plpgsql
"""
# No foreign key: nobody could empty the articles' table, as Django does between tests.
FORGET = """
CREATE OR REPLACE FUNCTION search_index_forget() RETURNS trigger AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        DELETE FROM search_index;
    ELSE
        DELETE FROM search_index WHERE article_id = OLD.id;
    END IF;
    RETURN NULL;
END $$ LANGUAGE plpgsql
"""
TRIGGERS = {
    "search_index_follow": (
        "AFTER INSERT OR UPDATE OF"
        " search_headline, search_body, search_keys, status, published_at, language"
        " ON articles_article FOR EACH ROW EXECUTE FUNCTION search_index_follow()"
    ),
    "search_index_forget": (
        "AFTER DELETE ON articles_article FOR EACH ROW EXECUTE FUNCTION search_index_forget()"
    ),
    "search_index_forget_all": (
        "AFTER TRUNCATE ON articles_article FOR EACH STATEMENT"
        " EXECUTE FUNCTION search_index_forget()"
    ),
}
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
            cursor.execute(
                "SELECT (SELECT count(*) FROM pg_trigger WHERE tgname = ANY(%s)"
                " AND tgrelid = to_regclass('articles_article')), EXISTS (SELECT FROM pg_attribute"
                " WHERE attrelid = to_regclass('search_index') AND attname = 'language')",
                [list(TRIGGERS)],
            )
            present, is_of_today = cursor.fetchone()
            if present == len(TRIGGERS) and is_of_today:
                cursor.execute(ROW)  # as it is today
                return
        self.rebuild()

    def rebuild(self) -> None:
        with connection.cursor() as cursor:
            for trigger in TRIGGERS:
                cursor.execute(f"DROP TRIGGER IF EXISTS {trigger} ON articles_article")
            cursor.execute("DROP TABLE IF EXISTS search_index CASCADE")
            for statement in (TABLE, ROW, FOLLOW, FORGET, FILL):
                cursor.execute(statement)
            for trigger, rule in TRIGGERS.items():
                cursor.execute(f"CREATE TRIGGER {trigger} {rule}")
        self.end_bulk()

    def begin_bulk(self) -> None:
        with connection.cursor() as cursor:
            for index in INDEXES:
                cursor.execute(f"DROP INDEX IF EXISTS {index}")

    def end_bulk(self) -> None:
        with connection.cursor() as cursor:
            for index, rule in INDEXES.items():
                cursor.execute(f"CREATE INDEX IF NOT EXISTS {index} {rule}")
            cursor.execute("ANALYZE search_index")

    def headlines_with(self, groups: list[list[str]], most: int) -> list[int]:
        any_of = (" | ".join(f"'{word}'" for word in words) for words in groups)
        every = " & ".join(f"({words})" for words in any_of)
        public = ("published AND at <= %s", [timezone.now()])
        return _newest([("headline @@ %s::tsquery", [every]), public], most)

    def find(self, query: Query, start: int, size: int, *, prefix: bool = False) -> Found:
        if not query.words:
            return Found([], 0)
        public = _public(query)
        if prefix:
            exact, found = [], _beginning("words", query.words, public)
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
    return [(f"{column} @@ %s::tsquery", [_tsquery(words)])]


def _public(query: Query) -> Conditions:
    """What readers may see and the filters let pass."""
    conditions: Conditions = [
        ("published AND at <= %s AND language = %s", [timezone.now(), query.language])
    ]
    if query.since:
        conditions.append(("at >= %s", [query.since]))
    if query.category or query.author:
        sql, values = query.articles().order_by().values("id").query.sql_with_params()
        conditions.append((f"article_id IN ({sql})", list(values)))
    return conditions


def _newest(conditions: Conditions, most: int = MOST_FOUND) -> list[int]:
    """The newest that meet the conditions, the first of which is a match; newest first."""
    match, *others = conditions
    ends = [_month_start(timezone.now(), AHEAD + 1)]
    months = []
    for step in (*NEAR, YEAR):
        ends.append(_month_start(ends[-1], -step))
        months.append(_in_months(match, ends[-1], step))
    *_, start_of_near, start_of_year = ends
    year_helps = ("(SELECT count(*) FROM near) >= %s", [most // FEW])
    near = [_part([in_months, *others], most) for in_months in months[:-1]]
    year = _part([months[-1], year_helps, *others], most)
    before = f"at < CASE WHEN {year_helps[0]} THEN %s ELSE %s END"
    rest = _part([match, (before, [*year_helps[1], start_of_year, start_of_near]), *others], most)
    # One part after the other, and none once there are enough.
    return _read(
        f"WITH near AS MATERIALIZED ({_one_after_the_other(near)} LIMIT %s)"
        f" (SELECT article_id FROM near) UNION ALL {_one_after_the_other([year, rest])} LIMIT %s",
        [*_joined(near), most, *_joined([year, rest]), most],
    )


def _in_months(match: tuple[str, list[Any]], start: datetime, number: int) -> tuple[str, list[Any]]:
    """The match in the ``number`` months from ``start`` on."""
    months = " | ".join(f"'@{_month_start(start, n):%Y%m}'" for n in range(number))
    return match[0].replace("@@ ", "@@ (%s::tsquery && ") + ")", [months, *match[1]]


def _one_after_the_other(parts: Conditions) -> str:
    return " UNION ALL ".join(sql for sql, _values in parts)


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


def _beginning(column: str, words: list[str], others: Conditions) -> list[int]:
    """The newest matches when the last word may be the beginning of one.

    A short beginning has too many ends to look up: with other words, it is asked of the newest
    that have those; alone, it is taken for a whole word.
    """
    last = (f"{column} @@ %s::tsquery", [_tsquery(words, prefix=True)])
    if len(words[-1]) >= SHORTEST_BEGINNING:
        return _newest([last, *others])
    if len(words) == 1:
        return _newest([*_matching(column, words), *others])
    near = _newest([*_matching(column, words[:-1]), *others])
    # Asked of the rows themselves, not of the index.
    of_row = (last[0].replace(column, f"strip({column})"), last[1])
    return _read(*_part([("article_id = ANY(%s)", [near]), of_row], MOST_FOUND))


def _ranked(found: list[int], exact: list[int], tsquery: str) -> list[int]:
    """Those that have the marks as typed before others; within these, best first."""
    if not found:
        return []
    return _read(
        "SELECT article_id FROM search_index WHERE article_id = ANY(%s)"
        " ORDER BY article_id = ANY(%s) DESC,"
        " ts_rank(words, %s::tsquery) DESC, at DESC, article_id DESC",
        [found, exact, tsquery],
    )
