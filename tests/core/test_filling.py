"""Columns that a migration fills, in a table of any size."""

import importlib
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments.models import Comment
from core import filling
from core.filling import fill
from photos.models import Photo
from tests.factories import make_article, make_comment
from tests.site.conftest import make_photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def comments(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is to stand in the column of seven comments, which has something older, in order."""
    monkeypatch.setattr(filling, "BATCH", 3)
    article = make_article()
    names = [f"Bạn đọc {number}" for number in range(7)]
    for name in names:
        make_comment(article, name=name)
    Comment.objects.update(search_text="cũ")
    return [f"<{name}>" for name in names]


def texts() -> list[str]:
    return list(Comment.objects.order_by("pk").values_list("search_text", flat=True))


def test_every_row_is_filled_and_a_batch_is_one_statement(comments: list[str]) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert fill(connection, Comment, "search_text", ("name",), "<{}>".format) == 7
    assert texts() == comments
    written = [query["sql"] for query in queries if query["sql"].startswith("UPDATE")]
    if connection.vendor == "postgresql":
        assert len(written) == 3
    read = [query["sql"] for query in queries if query["sql"].startswith("SELECT")]
    assert len(read) == 4


def test_one_that_was_stopped_keeps_what_it_has_done_and_goes_on_from_there(
    comments: list[str],
) -> None:
    def stopped(name: str) -> str:
        if name == "Bạn đọc 4":
            raise ZeroDivisionError
        return f"<{name}>"

    with pytest.raises(ZeroDivisionError):
        fill(connection, Comment, "search_text", ("name",), stopped)
    assert texts() == [*comments[:3], *["cũ"] * 4]
    assert fill(connection, Comment, "search_text", ("name",), "<{}>".format) == 4
    assert texts() == comments
    assert fill(connection, Comment, "search_text", ("name",), "<{}>".format) == 0


@pytest.mark.parametrize(
    ("app", "make"),
    [
        ("photos", lambda: make_photo(caption="Cầu Sông Quê", alt="Một cây cầu")),
        ("comments", lambda: make_comment(make_article(), name="Đỗ Lan", text="Rất hay.")),
    ],
)
def test_the_migration_writes_the_words_that_saving_writes(app: str, make: Any) -> None:
    row: Photo | Comment = make()
    wanted = row.search_text
    assert wanted
    type(row)._default_manager.update(search_text="cau song que")
    migration = importlib.import_module(f"{app}.migrations.0003_words")
    assert not migration.Migration.atomic
    migration.fill_words(apps, connection.schema_editor())
    row.refresh_from_db()
    assert row.search_text == wanted
