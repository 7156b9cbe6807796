"""The moderators' list counts no further than it shows, and finds words without their marks."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from comments.admin import CommentAdmin
from comments.models import Comment
from tests.factories import make_article, make_comment, make_user

pytestmark = pytest.mark.django_db
LIST = reverse("admin:comments_comment_changelist")


@pytest.fixture
def moderator(client: Client) -> Client:
    client.force_login(make_user("moderator"))
    return client


def found(client: Client, **query: Any) -> set[str]:
    shown = client.get(LIST, {"queue": "all", **query}).context["cl"].result_list
    return {comment.text for comment in shown}


@pytest.mark.parametrize(
    "text",
    ["đường ngập", "duong ngap", "duong ng", "Lan Hương", "lan@example.com", "cầu vân tiên"],
)
def test_a_comment_is_found_by_its_words_its_sender_and_the_headline(
    moderator: Client, text: str
) -> None:
    article = make_article(headline="Cầu Vân Tiên thông xe")
    make_comment(article, name="Lan Hương", email="lan@example.com", text="Đường ngập từ sáng")
    make_comment(make_article(), text="Chuyện khác")
    assert found(moderator, q=text) == {"Đường ngập từ sáng"}


def test_signs_alone_are_looked_for_and_blanks_leave_the_list_as_it_is(moderator: Client) -> None:
    make_comment(make_article(), text="Hay quá!")
    assert found(moderator, q="?!") == set()
    assert found(moderator, q="  ") == {"Hay quá!"}


def test_what_waits_is_found_among_any_number_of_others_with_the_same_words(
    moderator: Client,
) -> None:
    article = make_article()
    make_comment(article, text="Đường ngập", status=Comment.Status.PENDING)
    for _ in range(CommentAdmin.list_per_page + 1):
        make_comment(article, text="Đường vắng")
    assert found(moderator, q="đường", queue="pending") == {"Đường ngập"}
    assert found(moderator, q="đường") == {"Đường vắng"}


def test_an_action_on_all_that_is_found_is_not_of_the_page_alone(
    moderator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CommentAdmin, "list_per_page", 1)
    article = make_article()
    waiting = {"text": "Đường ngập", "status": Comment.Status.PENDING}
    comments = [make_comment(article, **waiting) for _ in range(3)]
    other = make_comment(article, text="Khác", status=Comment.Status.PENDING)
    choice = {"action": "approve_selected", "select_across": "1"}
    moderator.post(f"{LIST}?q=đường", {**choice, "_selected_action": comments[-1].pk})
    assert set(Comment.objects.pending()) == {other}


@pytest.mark.parametrize("queue", ["pending", "all"])
def test_no_query_of_the_list_reads_all_comments(
    moderator: Client, queue: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CommentAdmin, "list_per_page", 1)
    for _ in range(2):
        make_comment(make_article(), status=Comment.Status.PENDING)
    with CaptureQueriesContext(connection) as captured:
        moderator.get(LIST, {"queue": queue})
    table = f'FROM "{Comment._meta.db_table}"'
    of_comments = [query["sql"] for query in captured if table in query["sql"]]
    assert of_comments
    assert [sql for sql in of_comments if "LIMIT" not in sql] == []
