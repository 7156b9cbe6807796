"""What PostgreSQL is told about the queries of a newspaper."""

import pytest
from django.db import connection

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
LOOKS_LARGE = "EXPLAIN SELECT sum(n) FROM generate_series(1, 100000000) AS n WHERE n % 2 = 0"


def answers(sql: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [row[0] for row in cursor.fetchall()]


def test_a_query_that_looks_large_is_not_compiled() -> None:
    assert "JIT:" not in answers(LOOKS_LARGE)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL jit = on")
    assert "JIT:" in answers(LOOKS_LARGE)


def test_a_query_starts_no_helpers() -> None:
    assert answers("SHOW max_parallel_workers_per_gather") == ["0"]
