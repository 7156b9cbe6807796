# ruff: noqa: S608 - the pieces of SQL are constants of this module and of the ORM
"""Full-text search in PostgreSQL: tsvectors over the folded columns, kept by a trigger."""

from django.db import connection

from search.backends import MOST_COUNTED, Found
from search.query import Query

# Ranking looks at this many of the newest matches: a common word has more than anyone reads.
MOST_RANKED = 1000

SCHEMA = """
CREATE TABLE search_index (
    article_id bigint PRIMARY KEY REFERENCES articles_article (id) ON DELETE CASCADE,
    words tsvector NOT NULL,
    keys tsvector NOT NULL
);
CREATE OR REPLACE FUNCTION search_index_of(article articles_article) RETURNS void AS $$
    INSERT INTO search_index VALUES (
        article.id,
        setweight(to_tsvector('simple', article.search_headline), 'A')
            || setweight(to_tsvector('simple', article.search_body), 'D'),
        to_tsvector('simple', article.search_keys)
    )
    ON CONFLICT (article_id) DO UPDATE SET words = excluded.words, keys = excluded.keys
$$ LANGUAGE sql;
CREATE OR REPLACE FUNCTION search_index_follow() RETURNS trigger AS $$
BEGIN
    PERFORM search_index_of(NEW);
    RETURN NULL;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER search_index_follow
    AFTER INSERT OR UPDATE OF search_headline, search_body, search_keys ON articles_article
    FOR EACH ROW EXECUTE FUNCTION search_index_follow();
INSERT INTO search_index SELECT
    id,
    setweight(to_tsvector('simple', search_headline), 'A')
        || setweight(to_tsvector('simple', search_body), 'D'),
    to_tsvector('simple', search_keys)
FROM articles_article;
CREATE INDEX search_index_words ON search_index USING gin (words);
CREATE INDEX search_index_keys ON search_index USING gin (keys);
"""


class PostgresqlBackend:
    def ensure(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass('search_index') IS NOT NULL")
            (present,) = cursor.fetchone()
        if not present:
            self.rebuild()

    def rebuild(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER IF EXISTS search_index_follow ON articles_article")
            cursor.execute("DROP TABLE IF EXISTS search_index")
            cursor.execute(SCHEMA)

    def find(self, query: Query, start: int, size: int, *, prefix: bool = False) -> Found:
        if not query.words:
            return Found([], 0)
        articles, parameters = (
            query.articles().order_by().values("id", "published_at").query.sql_with_params()
        )
        words = _match(query.words, prefix)
        source = (
            f"FROM search_index JOIN ({articles}) AS article ON article.id = article_id"
            " WHERE words @@ to_tsquery('simple', %s)"
        )
        newest = "article.published_at DESC, article.id DESC"
        with connection.cursor() as cursor:
            if query.newest_first:
                cursor.execute(
                    f"SELECT article.id {source} ORDER BY {newest} LIMIT %s OFFSET %s",
                    [*parameters, words, size, start],
                )
            else:
                cursor.execute(
                    "SELECT id FROM (SELECT article.id, article.published_at, words, keys"
                    f" {source} ORDER BY {newest} LIMIT {MOST_RANKED}) AS article"
                    " ORDER BY keys @@ to_tsquery('simple', %s) DESC,"
                    f" ts_rank(words, to_tsquery('simple', %s)) DESC, {newest}"
                    " LIMIT %s OFFSET %s",
                    [*parameters, words, _match(query.keys, prefix), words, size, start],
                )
            ids = [pk for (pk,) in cursor.fetchall()]
            cursor.execute(
                f"SELECT count(*) FROM (SELECT 1 {source} LIMIT %s) AS counted",
                [*parameters, words, MOST_COUNTED + 1],
            )
            (total,) = cursor.fetchone()
        return Found(ids, total)


def _match(words: list[str], prefix: bool) -> str:
    """A tsquery; the words are letters and digits, so quoting them is safe."""
    return " & ".join(f"'{word}'" for word in words) + (":*" if prefix and words else "")
