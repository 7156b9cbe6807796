"""Finding a part of a text in a table of any size.

PostgreSQL has an index of three-letter pieces for it, which ``contains`` uses by itself; SQLite
reads the table.
"""

from typing import Any

from django.db import DatabaseError, migrations, transaction


def substring_index(table: str, column: str) -> migrations.RunPython:
    """The step of a migration that adds the index.

    Where the extension pg_trgm may not be installed there is none: searching is slower then.
    """
    name = f"{table}_{column}_pieces"

    def add(_apps: Any, editor: Any) -> None:
        if editor.connection.vendor != "postgresql" or not _has_extension(editor.connection):
            return
        editor.execute(f"CREATE INDEX {name} ON {table} USING gin ({column} gin_trgm_ops)")

    def remove(_apps: Any, editor: Any) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(f"DROP INDEX IF EXISTS {name}")

    return migrations.RunPython(add, remove)


def _has_extension(connection: Any) -> bool:
    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DatabaseError:
        return False
    return True
