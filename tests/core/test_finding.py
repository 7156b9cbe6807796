"""Rows are found by their words, newest first, and what is read for it is of the page."""

from collections.abc import Sequence

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from bench.scale import cost
from core.finding import FEW, LONGEST_WORD, MOST_LOOKED_AT, words_of
from photos.models import PHOTO_WORDS, Photo

pytestmark = pytest.mark.django_db
# On both sides of where each step begins, and far beyond the last.
NUMBERS = [1, 31, 32, 300, 2_000, 9_000, 40_000, 150_000, 600_000, 3_000_000]


def make_photos(texts: dict[int, str]) -> None:
    Photo.objects.bulk_create(
        Photo(
            pk=number,
            original=f"{number}.jpg",
            checksum=f"{number:064}",
            key=f"{number:032}",
            width=900,
            height=600,
            credit="Lan" if number % 2 else "Minh",
            search_text=text,
        )
        for number, text in texts.items()
    )


def find(text: str, most: int = 1000, rows: QuerySet[Photo] | None = None) -> list[int]:
    return PHOTO_WORDS.find(text, Photo.objects.all() if rows is None else rows, most)


def test_rows_of_every_age_are_found_newest_first_each_once() -> None:
    make_photos(dict.fromkeys(NUMBERS, "ben tau") | {3_000_001: "ben xe"})
    assert find("bến tàu") == find("TAU ben") == NUMBERS[::-1]
    assert find("ben", 3) == [3_000_001, 3_000_000, 600_000]
    for number in NUMBERS:
        below = [other for other in NUMBERS[::-1] if other < number]
        assert PHOTO_WORDS.newest(["tau"], 1000, before=number) == below


@pytest.mark.parametrize(
    ("text", "found"),
    [("ben ta", [2]), ("ben t", [2, 1]), ("thuye", [1]), ("huyen", []), ("t", []), ("?!", [])],
)
def test_the_last_word_may_be_a_beginning_when_nothing_has_it_whole(
    text: str, found: Sequence[int]
) -> None:
    make_photos({1: "thuyen xa ben", 2: "ben tau"})
    assert find(text) == found


def test_a_changed_text_is_found_by_its_new_words_and_a_deleted_row_no_more() -> None:
    make_photos({1: "ben tau"})
    Photo.objects.filter(pk=1).update(search_text="ga tau")
    assert (find("bến"), find("ga")) == ([], [1])
    Photo.objects.filter(pk=1).delete()
    assert find("ga") == []


def test_a_word_of_any_length_is_stored_and_found() -> None:
    longest = "a" * 5000
    make_photos({1: words_of(f"{longest} tau")})
    assert find("tàu") == find(longest) == [1]
    assert find("a" * (LONGEST_WORD - 1) + "b") == []


def test_rows_that_a_filter_leaves_are_found_however_few_and_old_they_are() -> None:
    newest = 3 * FEW
    make_photos(dict.fromkeys(range(1, newest + 1), "ben tau"))
    assert find("tàu", 5, Photo.objects.filter(pk__lte=3)) == [3, 2, 1]
    half = Photo.objects.filter(credit="Lan")
    assert find("tàu", 2 * FEW, half) == list(range(newest - 1, 0, -2))


def test_no_more_rows_than_a_number_are_looked_at_for_a_filter() -> None:
    last = MOST_LOOKED_AT + 4 * FEW
    make_photos(
        {number: "ben" if number < 2 * FEW else "ben tau" for number in range(1, last)}
        | {last: "ga tau"}
    )
    with CaptureQueriesContext(connection) as captured:
        assert find("ben", 50, Photo.objects.filter(pk__lt=2 * FEW)) == []
    assert len(captured) < 20


def rows_read(text: str) -> int:
    """By one search that fills a page of forty."""
    with CaptureQueriesContext(connection) as captured:
        assert len(find(text, 41)) == 41
    return sum(cost(query["sql"])[0] for query in captured)


@pytest.mark.postgres
def test_a_page_reads_as_many_rows_of_a_large_table_as_of_a_small_one() -> None:
    small, large = 500, 10_000
    text = {number: "ben tau" if number % 10 else "ben ga" for number in range(1, large + 1)}
    make_photos({number: text[number] for number in range(1, small + 1)})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE photos_photo")
    of_small = {word: rows_read(word) for word in ("ben", "ga", "ben ga")}
    make_photos({number: text[number] for number in range(small + 1, large + 1)})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE photos_photo")
    of_large = {word: rows_read(word) for word in of_small}
    assert {word: rows for word, rows in of_large.items() if rows > 1.5 * of_small[word]} == {}


def test_a_page_is_read_from_the_index_in_its_order_and_no_further() -> None:
    make_photos({1: "ben tau"})
    with CaptureQueriesContext(connection) as captured:
        find("tàu", 41)
    asked = [query["sql"] for query in captured]
    assert len(asked) <= 4
    assert [
        sql for sql in asked if "LIMIT" not in sql and " IN (" not in sql and "max" not in sql
    ] == []
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {asked[0]}")
            plan = [step[-1] for step in cursor.fetchall()]
        assert len(plan) == 1 and "VIRTUAL TABLE INDEX" in plan[0]
