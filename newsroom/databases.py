"""What every connection to a database is told when it is made."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

# A page asks for little. Where PostgreSQL takes a query for a large one, as it does with a search
# of which it will only begin, starting helpers and compiling took 80 ms of its 90. Said by SQL,
# since some that stand between, such as PgBouncer, refuse it while connecting.
SHORT_QUERIES = """
SELECT set_config('jit', 'off', false), set_config('max_parallel_workers_per_gather', '0', false)
"""


def expect_short_queries(connection: BaseDatabaseWrapper, **_kwargs: Any) -> None:
    """For ``connection_created``."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(SHORT_QUERIES)
