# ruff: noqa: S608 - the pieces of SQL are names of this project's own tables and columns
"""Finding the newest rows that have some words, however many rows there are.

A row is found by the words in one of its columns, which holds what ``words_of`` makes; newest is by
number. What is read for a page is of the page: a common word is read where the newest rows are, a
rare one wherever it stands.

On PostgreSQL an index has, beside the words of a row, the blocks of numbers that the row is in,
small ones and large ones, as words of their own. A search asks the newest small blocks first, then
larger ones further back, until it has enough. SQLite walks its index of words from the highest
number down.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar

from django.apps import AppConfig
from django.contrib.admin.views.main import SEARCH_VAR
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest

from core.paging import GrowingPages, GrowingPaginator, admin_page
from core.vietnamese import index_text

# No index takes a word of any length.
LONGEST_WORD = 60
MOST_WORDS = 12
# Blocks have 32 numbers, 128, … 32,768; a step takes at least so many of one size.
SHIFTS = (5, 7, 9, 11, 13, 15)
IN_A_STEP = 4
# The first steps are one query. Who has found nothing then asks for all the rest at once.
NEAR_STEPS = 4
# The beginning of a word with fewer letters has too many ends to look up.
SHORTEST_BEGINNING = 3
NEAR = 1000
# Where filters leave so few rows, these are read themselves; where they leave more, no more of
# those that have the words are looked at than a number.
FEW = 500
MOST_LOOKED_AT = 5000

BLOCKS = " || ".join(f"' @{level}' || (id >> {shift})" for level, shift in enumerate(SHIFTS))
# In PL/pgSQL: it is much quicker, and the planner, which cannot see into it, is told what it costs.
FUNCTION = f"""
CREATE OR REPLACE FUNCTION words_and_blocks(id bigint, words text) RETURNS tsvector AS $$
BEGIN
    RETURN array_to_tsvector(array_remove(string_to_array(words || {BLOCKS}, ' '), ''));
END $$ LANGUAGE plpgsql IMMUTABLE STRICT COST 100
"""


def words_of(text: str) -> str:
    """What the column of a ``WordIndex`` holds: words without marks between spaces."""
    return " ".join(word[:LONGEST_WORD] for word in index_text(text).split())


def asked_words(text: str) -> list[str]:
    """The words of a search, each once."""
    return list(dict.fromkeys(words_of(text).split()))[:MOST_WORDS]


class WordIndex:
    """Finds rows of ``table`` by the words in ``column``; made and kept after each migrate."""

    def __init__(self, table: str, column: str) -> None:
        self.table, self.column = table, column
        self.name = f"{table}_{column}_words"
        _indexes.append(self)

    def find(self, text: str, rows: QuerySet[Any], most: int) -> list[int]:
        """Numbers of the newest of ``rows`` that have all words of ``text``, newest first.

        When nothing has them so, the last may be the beginning of one. Marks do not matter.
        """
        words = asked_words(text)
        if not words:
            return []
        some, prefix = self.newest(words, most), False
        if not some:
            some, prefix = self.newest(words, most, prefix=True), True
        return self._passing(rows.order_by(), some, words, most, prefix)[:most]

    def _passing(
        self, rows: QuerySet[Any], some: list[int], words: list[str], most: int, prefix: bool
    ) -> list[int]:
        """Those of ``some`` that are among the rows; while they are too few, further ones."""
        found: list[int] = []
        ask, looked_at = most, 0
        while True:
            passed = set(rows.filter(pk__in=some).values_list("pk", flat=True))
            found += [number for number in some if number in passed]
            if len(some) < ask or len(found) >= most:
                return found
            if not looked_at:
                few = list(rows.values_list("pk", self.column)[: FEW + 1])
                if len(few) <= FEW:
                    return _having(words, few, prefix)
            looked_at += ask
            ask = min(ask * 4, MOST_LOOKED_AT - looked_at)
            if ask <= 0:
                return found
            some = self.newest(words, ask, before=some[-1], prefix=prefix)

    def newest(
        self, words: list[str], most: int, *, before: int | None = None, prefix: bool = False
    ) -> list[int]:
        """The highest numbers, below ``before``, of the rows that have all words."""
        if prefix and len(words[-1]) < SHORTEST_BEGINNING:
            others = words[:-1]
            near = self.newest(others, NEAR, before=before) if others else []
            return _having(words, self.texts(near), prefix)[:most]
        engine = _postgresql if connection.vendor == "postgresql" else _sqlite
        return engine(self, words, most, before, prefix)

    def highest(self) -> int:
        """The highest number that a row has."""
        return next(iter(_read(f"SELECT coalesce(max(id), 0) FROM {self.table}", [])))

    def texts(self, numbers: Sequence[int]) -> list[tuple[int, str]]:
        """What the rows with those numbers are found by."""
        if not numbers:
            return []
        places = ", ".join(["%s"] * len(numbers))
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id, {self.column} FROM {self.table} WHERE id IN ({places})", list(numbers)
            )
            return cursor.fetchall()

    def ensure(self) -> None:
        """Make the index if it, or a part of it, is missing."""
        with connection.cursor() as cursor:
            tables = connection.introspection.table_names(cursor)
            if self.table not in tables:
                return
            columns = connection.introspection.get_table_description(cursor, self.table)
            if self.column not in {column.name for column in columns}:
                return
        if connection.vendor == "postgresql":
            self._ensure_in_postgresql()
        elif not self._is_in_sqlite():
            self.end_bulk()

    def begin_bulk(self) -> None:
        """Very many rows are about to come: until ``end_bulk`` nothing is found."""
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                for trigger in self._triggers():
                    cursor.execute(f"DROP TRIGGER IF EXISTS {trigger}")
                cursor.execute(f"DROP TABLE IF EXISTS {self.name}")

    def end_bulk(self) -> None:
        if connection.vendor == "sqlite":
            self.begin_bulk()
            with connection.cursor() as cursor:
                # The text is folded and split before it comes here.
                cursor.execute(
                    f"CREATE VIRTUAL TABLE {self.name} USING fts5({self.column},"
                    f" content='{self.table}', content_rowid='id', columnsize=0,"
                    ' tokenize="unicode61 remove_diacritics 0")'
                )
                for trigger, rule in self._triggers().items():
                    cursor.execute(f"CREATE TRIGGER {trigger} {rule}")
                cursor.execute(f"INSERT INTO {self.name}({self.name}) VALUES ('rebuild')")

    def _ensure_in_postgresql(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass(%s) IS NULL", [self.name])
            if not cursor.fetchone()[0]:
                return
            cursor.execute(FUNCTION)
            # Without a list of what is yet to be sorted in, which each search would read.
            cursor.execute(
                f"CREATE INDEX {self.name} ON {self.table}"
                f" USING gin (words_and_blocks(id, {self.column})) WITH (fastupdate = off)"
            )
            cursor.execute(f"ANALYZE {self.table}")

    def _is_in_sqlite(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM sqlite_master WHERE name LIKE %s", [f"{self.name}%"])
            # A migration that remakes the table takes the triggers with it.
            return {self.name, *self._triggers()} <= {name for (name,) in cursor.fetchall()}

    def _triggers(self) -> dict[str, str]:
        name, column = self.name, self.column
        add = f"INSERT INTO {name}(rowid, {column}) VALUES (new.id, new.{column});"
        remove = (
            f"INSERT INTO {name}({name}, rowid, {column}) VALUES ('delete', old.id, old.{column});"
        )
        return {
            f"{name}_insert": f"AFTER INSERT ON {self.table} BEGIN {add} END",
            f"{name}_delete": f"AFTER DELETE ON {self.table} BEGIN {remove} END",
            f"{name}_update": (
                f"AFTER UPDATE OF id, {column} ON {self.table} BEGIN {remove} {add} END"
            ),
        }


_indexes: list[WordIndex] = []


def ensure_indexes(sender: AppConfig, **_kwargs: Any) -> None:
    """After the migrations of an app."""
    for index in _indexes:
        if index.table.startswith(f"{sender.label}_"):
            index.ensure()


def every_index() -> list[WordIndex]:
    return list(_indexes)


class FoundByWords(GrowingPages):
    """For a ModelAdmin whose rows a ``WordIndex`` finds: newest first, to the end of the page.

    Page after page everything can be reached, and nothing counts everything.
    """

    word_index: ClassVar[WordIndex]
    list_per_page: ClassVar[int]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not search_term.strip():
            return queryset, False
        # One more than the page ends with: so there is a next one.
        most = admin_page(request) * self.list_per_page + 1
        if request.method == "POST":
            most = max(most, MOST_LOOKED_AT)  # an action may be for all that is found
        found = self.found(search_term, queryset, most)
        return queryset.filter(pk__in=found).order_by("-pk"), False

    def found(self, text: str, rows: QuerySet[Any], most: int) -> list[int]:
        """Numbers of the newest of ``rows`` that ``text`` finds, newest first."""
        return self.word_index.find(text, rows, most)

    def get_paginator(self, request: HttpRequest, *args: Any, **kwargs: Any) -> GrowingPaginator:
        if not _searches(request):
            return super().get_paginator(request, *args, **kwargs)
        return GrowingPaginator(*args, **kwargs, number=admin_page(request), pages_ahead=0)

    def get_sortable_by(self, request: HttpRequest) -> Any:
        """What was searched for comes newest first, or it would have to be found to the end."""
        return () if _searches(request) else super().get_sortable_by(request)  # type: ignore[misc]


def _searches(request: HttpRequest) -> bool:
    return bool((request.GET.get(SEARCH_VAR) or request.GET.get("term", "")).strip())


def _having(words: list[str], texts: Iterable[tuple[int, str]], prefix: bool) -> list[int]:
    """Numbers of the texts that have all words, newest first."""
    whole, last = (words[:-1], words[-1]) if prefix else (words, "")
    having = (
        number
        for number, text in texts
        if f" {last}" in f" {text}" and set(whole) <= set(text.split())
    )
    return sorted(having, reverse=True)


# --- PostgreSQL -------------------------------------------------------------------------


def _postgresql(
    index: WordIndex, words: list[str], most: int, before: int | None, prefix: bool
) -> list[int]:
    end = before if before is not None else index.highest() + 1
    match = " & ".join(f"'{word}'" for word in words) + (":*" if prefix else "")
    steps = list(_steps(end))
    found = _asked(index, match, steps[:NEAR_STEPS], most)
    if len(found) < most:
        further = steps[NEAR_STEPS:]
        if further and not found:  # what none of thousands has is rare
            further = [("", further[0][1])]
        found += _asked(index, match, further, most - len(found))
    return found


def _asked(index: WordIndex, match: str, steps: list[tuple[str, int]], most: int) -> list[int]:
    """What the steps find one after the other, and nothing of the rest once it is enough."""
    if not steps:
        return []
    # Fenced and with no bare id: the planner would walk the rows in order, as it takes the words
    # for independent of how new a row is.
    part = (
        f"(SELECT id FROM (SELECT id FROM {index.table}"
        f" WHERE words_and_blocks(id, {index.column}) @@ %s::tsquery AND id + 0 < %s OFFSET 0)"
        " AS part ORDER BY id DESC LIMIT %s)"
    )
    values: list[Any] = []
    for blocks, below in steps:
        values += [f"{match} & ({blocks})" if blocks else match, below, most]
    union = " UNION ALL ".join([part] * len(steps))
    return _read(f"SELECT id FROM ({union}) AS parts LIMIT %s", [*values, most])


def _steps(end: int) -> Iterator[tuple[str, int]]:
    """The blocks to ask for in turn, and the number they end with; at last all the rest."""
    for level, shift in enumerate(SHIFTS):
        if end <= 0:
            return
        # Where the blocks of the next step can begin.
        edge = SHIFTS[min(level + 1, len(SHIFTS) - 1)]
        start = max(0, (end - (IN_A_STEP << shift)) >> edge << edge)
        numbers = range(start >> shift, ((end - 1) >> shift) + 1)
        yield " | ".join(f"'@{level}{number}'" for number in numbers), end
        end = start
    if end > 0:
        yield "", end


def _read(sql: str, values: list[Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [number for (number,) in cursor.fetchall()]


# --- SQLite -----------------------------------------------------------------------------


def _sqlite(
    index: WordIndex, words: list[str], most: int, before: int | None, prefix: bool
) -> list[int]:
    match = " ".join(f'"{word}"' for word in words) + (" *" if prefix else "")
    below = "" if before is None else f" AND rowid < {before:d}"
    return _read(
        f"SELECT rowid FROM {index.name} WHERE {index.name} MATCH %s{below}"
        " ORDER BY rowid DESC LIMIT %s",
        [match, most],
    )
