# ruff: noqa: S608 - the pieces of SQL are names of this project's own tables and columns
"""Fills a text column of a table of any size, in a migration.

It goes from batch to batch, each a transaction of its own, so neither memory nor the database's
journal holds the table. Stopped and begun anew, it writes only what is not right yet. Such a
migration has ``atomic = False``.
"""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

BATCH = 5000


def fill(
    connection: BaseDatabaseWrapper,
    model: type[Model],
    column: str,
    names: tuple[str, ...],
    make: Callable[..., str],
) -> int:
    """Set ``column`` of every row to what ``make`` says of the columns ``names``; how many rows
    were not so before."""
    rows = model._default_manager.using(connection.alias).order_by("pk")
    changed = last = 0
    while some := list(rows.filter(pk__gt=last).values_list("pk", column, *names)[:BATCH]):
        made = [(number, is_now, make(*values)) for number, is_now, *values in some]
        wrong = [(number, text) for number, is_now, text in made if text != is_now]
        with transaction.atomic(using=connection.alias):
            _write(connection, model._meta.db_table, column, wrong)
        changed += len(wrong)
        last = some[-1][0]
    return changed


def _write(
    connection: BaseDatabaseWrapper, table: str, column: str, texts: list[tuple[int, str]]
) -> None:
    if not texts:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            values: list[list[Any]] = [list(part) for part in zip(*texts, strict=True)]
            cursor.execute(
                f"UPDATE {table} SET {column} = made.text"
                " FROM unnest(%s::bigint[], %s::text[]) AS made (id, text)"
                f" WHERE {table}.id = made.id",
                values,
            )
        else:
            cursor.executemany(
                f"UPDATE {table} SET {column} = %s WHERE id = %s",
                [(text, number) for number, text in texts],
            )
