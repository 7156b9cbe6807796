# ruff: noqa: S608 - the pieces of SQL are constants of this module
"""The triggers that keep ``Placement`` and ``ListSize``, whoever writes to the tables.

Both databases run the same two statements: remove what an article's lists no longer have, add or
correct what they have. Only what differs is written.
"""

from typing import Any

from django.db import connection, transaction

from articles.lists import FORMATS, Kind

TABLE = "articles_placement"
SIZES = "articles_listsize"
# Tables that say what stands where, with the column that names the list's owner.
LINKS = {
    "articles_article_more_categories": ("category_id", Kind.SECTION),
    "articles_article_authors": ("author_id", Kind.AUTHOR),
    "articles_article_tags": ("tag_id", Kind.TAG),
    "articles_article_topics": ("topic_id", Kind.TOPIC),
}
TABLES = {TABLE, SIZES, *LINKS, "articles_article", "categories_category"}


def ensure() -> None:
    """Make the triggers if any is missing, and fill the tables; else do nothing."""
    if not triggers_wanted() <= triggers_present():
        rebuild()


def rebuild() -> None:
    """Make the triggers anew and the tables right."""
    with transaction.atomic(), connection.cursor() as cursor:
        drop_triggers()
        fill(cursor)
        for statement in _postgresql() if connection.vendor == "postgresql" else _sqlite():
            cursor.execute(statement)


def fill(cursor: Any) -> None:
    """Make the tables right without triggers, as after a bulk load."""
    cursor.execute(f"DELETE FROM {TABLE}")
    cursor.execute(f"DELETE FROM {SIZES}")
    cursor.execute(_place("IS NOT NULL").split(";")[1])
    cursor.execute(
        f"INSERT INTO {SIZES} ({_LIST}, articles) SELECT {_LIST}, count(*)"
        f" FROM {TABLE} WHERE public_at IS NOT NULL GROUP BY {_LIST}"
    )


def drop_triggers() -> None:
    """Also before SQLite remakes a table, which it refuses while a trigger elsewhere names it."""
    with connection.cursor() as cursor:
        for name, table in triggers_present():
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {name}{on}")


def triggers_present() -> set[tuple[str, str]]:
    """Names and tables of our triggers that the database has."""
    if connection.vendor == "postgresql":
        sql = (
            "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
            " WHERE tgname LIKE 'placement!_%%' ESCAPE '!'"
            " AND relnamespace = current_schema()::regnamespace"
        )
    else:
        sql = (
            "SELECT name, tbl_name FROM sqlite_master"
            " WHERE type = 'trigger' AND name LIKE 'placement!_%%' ESCAPE '!'"
        )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return set(cursor.fetchall())


def triggers_wanted() -> set[tuple[str, str]]:
    return {
        *((f"placement_article_{event}", "articles_article") for event in _EVENTS),
        *((f"placement_{table}_{event}", table) for table in LINKS for event in _LINK_EVENTS),
        ("placement_category", "categories_category"),
        *((f"placement_count_{event}", TABLE) for event in _EVENTS),
    }


# What tells one list from another, and two of them apart.
_LIST = "kind, owner, language"


def _same_list(one: str, other: str) -> str:
    return " AND ".join(f"{one}.{column} = {other}.{column}" for column in _LIST.split(", "))


_EVENTS = ("insert", "update", "delete")
_LINK_EVENTS = ("insert", "delete")
_ARTICLE_CHANGE = (
    "UPDATE OF status, published_at, category_id, language, format ON articles_article"
    " FOR EACH ROW WHEN ("
    "old.status {is_not} new.status OR old.published_at {is_not} new.published_at"
    " OR old.category_id {is_not} new.category_id OR old.language {is_not} new.language"
    " OR old.format {is_not} new.format)"
)
# What a section's new place in the tree changes.
_OF_CATEGORY = f"IN (SELECT article_id FROM {TABLE} WHERE kind = 1 AND owner = new.id)"


def _is_not() -> str:
    return "IS DISTINCT FROM" if connection.vendor == "postgresql" else "IS NOT"


def _unplace(which: str) -> str:
    """Only the first of the two: a link that goes away never adds an article to a list.

    A flush of SQLite empties the tables in any order; adding then would count what is gone.
    """
    return _place(which).split(";")[0] + ";"


def _place(which: str) -> str:
    """The two statements for the articles whose id is ``which``."""
    belonging = [
        f"SELECT id, {Kind.SECTION}, category_id FROM articles_article WHERE id {which}",
        f"SELECT a.id, {Kind.SECTION}, c.parent_id FROM articles_article a"
        " JOIN categories_category c ON c.id = a.category_id"
        f" WHERE a.id {which} AND c.parent_id IS NOT NULL",
        f"SELECT m.article_id, {Kind.SECTION}, c.parent_id"
        " FROM articles_article_more_categories m"
        " JOIN categories_category c ON c.id = m.category_id"
        f" WHERE m.article_id {which} AND c.parent_id IS NOT NULL",
        *(
            f"SELECT article_id, {kind}, {owner} FROM {table} WHERE article_id {which}"
            for table, (owner, kind) in LINKS.items()
        ),
        *(
            f"SELECT id, {Kind.FORMAT}, {owner.pk} FROM articles_article"
            f" WHERE format = '{owner.format}' AND id {which}"
            for owner in FORMATS
        ),
    ]
    columns = "article_id, kind, owner"
    return (
        f"DELETE FROM {TABLE} WHERE article_id {which} AND ({columns})"
        f" NOT IN ({' UNION ALL '.join(belonging)});"
        f"INSERT INTO {TABLE} ({columns}, language, public_at)"
        " SELECT b.*, a.language, CASE WHEN a.status = 'published' THEN a.published_at END"
        f" FROM ({' UNION '.join(belonging)}) AS b"
        f" JOIN articles_article a ON a.id = {'b.id'}"
        # SQLite needs a WHERE to tell this ON from that of a join.
        f" WHERE true ON CONFLICT ({columns})"
        " DO UPDATE SET public_at = excluded.public_at, language = excluded.language"
        f" WHERE {TABLE}.public_at {_is_not()} excluded.public_at"
        f" OR {TABLE}.language <> excluded.language;"
    )


def _sqlite() -> list[str]:
    def trigger(name: str, when: str, body: str) -> str:
        return f"CREATE TRIGGER placement_{name} AFTER {when} BEGIN {body} END"

    change = _ARTICLE_CHANGE.format(is_not=_is_not())
    new_values = ", ".join(f"new.{column}" for column in _LIST.split(", "))
    of_new, of_old = _same_list(SIZES, "new"), _same_list(SIZES, "old")
    add = (
        f"INSERT INTO {SIZES} ({_LIST}, articles) VALUES ({new_values}, 1)"
        f" ON CONFLICT ({_LIST}) DO UPDATE SET articles = articles + 1;"
    )
    take = f"UPDATE {SIZES} SET articles = articles - 1 WHERE {of_old};"
    return [
        trigger("article_insert", "INSERT ON articles_article", _place("= new.id")),
        trigger("article_update", change, _place("= new.id")),
        trigger(
            "article_delete",
            "DELETE ON articles_article",
            f"DELETE FROM {TABLE} WHERE article_id = old.id;",
        ),
        *(
            trigger(f"{table}_{event}", f"{event.upper()} ON {table}", body)
            for table in LINKS
            for event, body in zip(
                _LINK_EVENTS,
                (_place("= new.article_id"), _unplace("= old.article_id")),
                strict=True,
            )
        ),
        trigger(
            "category",
            "UPDATE OF parent_id ON categories_category WHEN old.parent_id IS NOT new.parent_id",
            _place(_OF_CATEGORY),
        ),
        trigger("count_insert", f"INSERT ON {TABLE} WHEN new.public_at IS NOT NULL", add),
        trigger("count_delete", f"DELETE ON {TABLE} WHEN old.public_at IS NOT NULL", take),
        trigger(
            "count_update",
            f"UPDATE OF public_at, language ON {TABLE}"
            " WHEN (old.public_at IS NULL) <> (new.public_at IS NULL)"
            " OR old.language <> new.language",
            f"UPDATE {SIZES} SET articles = articles - 1"
            f" WHERE old.public_at IS NOT NULL AND {of_old};"
            f"UPDATE {SIZES} SET articles = articles + 1"
            f" WHERE new.public_at IS NOT NULL AND {of_new};"
            f"INSERT INTO {SIZES} ({_LIST}, articles) SELECT {new_values}, 1"
            " WHERE new.public_at IS NOT NULL"
            f" AND NOT EXISTS (SELECT 1 FROM {SIZES} WHERE {of_new});",
        ),
    ]


def _postgresql() -> list[str]:
    def function(name: str, body: str) -> str:
        return (
            f"CREATE OR REPLACE FUNCTION placement_{name}() RETURNS trigger AS $$"
            f" BEGIN {body} RETURN NULL; END $$ LANGUAGE plpgsql"
        )

    def trigger(name: str, when: str, run: str) -> str:
        return f"CREATE TRIGGER placement_{name} AFTER {when} EXECUTE FUNCTION placement_{run}()"

    change = _ARTICLE_CHANGE.format(is_not=_is_not())
    each = "FOR EACH ROW"
    public = f"WHERE public_at IS NOT NULL GROUP BY {_LIST}"
    # Whoever changes sizes waits for who did before: two of them cannot lock each other out.
    queue = "PERFORM pg_advisory_xact_lock('articles_listsize'::regclass::oid::bigint);"
    add = (
        f"IF EXISTS (SELECT FROM added WHERE public_at IS NOT NULL) THEN {queue} END IF;"
        f" INSERT INTO {SIZES} ({_LIST}, articles)"
        f" SELECT {_LIST}, count(*) FROM added {public}"
        f" ON CONFLICT ({_LIST}) DO UPDATE SET articles = {SIZES}.articles + excluded.articles;"
    )
    take = (
        f"IF EXISTS (SELECT FROM removed WHERE public_at IS NOT NULL) THEN {queue} END IF;"
        f" UPDATE {SIZES} AS size SET articles = size.articles - gone.number FROM"
        f" (SELECT {_LIST}, count(*) AS number FROM removed {public}) AS gone"
        f" WHERE {_same_list('size', 'gone')};"
    )
    new_table, old_table = "REFERENCING NEW TABLE AS added", "REFERENCING OLD TABLE AS removed"
    return [
        function("of_new", _place("= new.id")),
        function("of_gone", f"DELETE FROM {TABLE} WHERE article_id = old.id;"),
        function("of_new_link", _place("= new.article_id")),
        function("of_gone_link", _unplace("= old.article_id")),
        function("of_category", _place(_OF_CATEGORY)),
        function("count_new", add),
        function("count_gone", take),
        function("count_changed", add + take),
        trigger("article_insert", f"INSERT ON articles_article {each}", "of_new"),
        trigger("article_update", change, "of_new"),
        trigger("article_delete", f"DELETE ON articles_article {each}", "of_gone"),
        *(
            trigger(f"{table}_{event}", f"{event.upper()} ON {table} {each}", run)
            for table in LINKS
            for event, run in zip(_LINK_EVENTS, ("of_new_link", "of_gone_link"), strict=True)
        ),
        trigger(
            "category",
            f"UPDATE OF parent_id ON categories_category {each}"
            " WHEN (old.parent_id IS DISTINCT FROM new.parent_id)",
            "of_category",
        ),
        trigger("count_insert", f"INSERT ON {TABLE} {new_table}", "count_new"),
        trigger("count_delete", f"DELETE ON {TABLE} {old_table}", "count_gone"),
        trigger(
            "count_update", f"UPDATE ON {TABLE} {old_table} NEW TABLE AS added", "count_changed"
        ),
    ]
