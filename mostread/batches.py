"""Writes reads to the database, and throws away those that no ranking looks at any more."""

import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone

from articles.models import Article
from mostread.models import ReadCount

ROWS_A_STATEMENT = 300
KEPT_DAYS = 8
# Of an hour that is over, only so many articles are kept, which bounds what a ranking reads.
KEPT_IN_AN_HOUR = 500
OPEN_HOURS = 2
PRUNE_SECONDS = 3600.0

Row = tuple[int, datetime, int]


class _Pruning:
    """When this process pruned last; the first time comes with the first batch."""

    due = 0.0


def write(reads: Mapping[tuple[int, int], int]) -> None:
    """Add reads, given by article and hour since 1970; those of articles not public are dropped.

    For a thread of its own: closes the database connection. Raises django.db.Error and has then
    written nothing.
    """
    try:
        with transaction.atomic():
            # In one order everywhere, so that two processes cannot wait for each other.
            rows = sorted(_of_public_articles(reads))
            for start in range(0, len(rows), ROWS_A_STATEMENT):
                _upsert(rows[start : start + ROWS_A_STATEMENT])
        if time.monotonic() >= _Pruning.due:
            _Pruning.due = time.monotonic() + PRUNE_SECONDS
            prune()
    finally:
        if not connection.in_atomic_block:
            connection.close()


def prune(now: datetime | None = None) -> int:
    """Delete reads older than eight days and the least read of hours past; the rows deleted."""
    now = now or timezone.now()
    deleted, _ = ReadCount.objects.filter(hour__lt=now - timedelta(days=KEPT_DAYS)).delete()
    past = ReadCount.objects.filter(hour__lt=now - timedelta(hours=OPEN_HOURS))
    full = past.values("hour").annotate(n=Count("pk")).filter(n__gt=KEPT_IN_AN_HOUR)
    for hour in full.order_by("hour").values_list("hour", flat=True):
        of_hour = ReadCount.objects.filter(hour=hour)
        kept = of_hour.order_by("-count", "-article_id").values("pk")[:KEPT_IN_AN_HOUR]
        deleted += of_hour.exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()[0]
    return deleted


def _of_public_articles(reads: Mapping[tuple[int, int], int]) -> Iterator[Row]:
    ids = sorted({article_id for article_id, _ in reads})
    public: set[int] = set()
    for start in range(0, len(ids), ROWS_A_STATEMENT):
        some = Article.objects.published().filter(pk__in=ids[start : start + ROWS_A_STATEMENT])
        public.update(some.order_by().values_list("pk", flat=True))
    for (article_id, hour), count in reads.items():
        if article_id in public:
            yield article_id, datetime.fromtimestamp(hour * 3600, UTC), count


def _upsert(rows: list[Row]) -> None:
    """Add to what other processes have written; bulk_create could only replace it."""
    table = connection.ops.quote_name(ReadCount._meta.db_table)
    values = ", ".join(["(%s, %s, %s)"] * len(rows))
    parameters = [
        value
        for article_id, hour, count in rows
        for value in (article_id, connection.ops.adapt_datetimefield_value(hour), count)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (article_id, hour, count) VALUES {values}"  # noqa: S608
            f" ON CONFLICT (article_id, hour) DO UPDATE SET count = {table}.count + excluded.count",
            parameters,
        )
