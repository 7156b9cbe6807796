"""What a moderator is told of refreshed pages, and that these show the decision."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from comments.models import Comment
from newsroom.pagestore.store import Store
from tests.articles.test_refreshing import have_read, said, text_of
from tests.factories import make_article, make_comment, make_user

QUEUE = "admin:comments_comment_changelist"


@pytest.fixture
def pending(store: Store, client: Client) -> Comment:
    """A comment in the queue; readers have read its article and the comments under it."""
    pending = make_comment(
        make_article(headline="Cầu mới thông xe"), status="pending", text="Mong đợi đã lâu"
    )
    have_read(store, "/", *pages_of(pending))
    client.force_login(make_user("moderator"))
    return pending


def pages_of(comment: Comment) -> tuple[str, str]:
    article = comment.article
    return article.get_absolute_url(), reverse("comments:all", args=[article.pk])


def button(comment: Comment, verb: str) -> tuple[str, dict[str, Any]]:
    return reverse(f"admin:comments_comment_{verb}", args=[comment.pk]), {}


def action(comment: Comment, verb: str) -> tuple[str, dict[str, Any]]:
    address = f"{reverse(QUEUE)}?queue=all"
    return address, {"action": f"{verb}_selected", "_selected_action": [comment.pk]}


@pytest.mark.parametrize("way", [button, action])
def test_who_decides_is_told_what_was_refreshed_and_when(
    store: Store, client: Client, pending: Comment, way: Any
) -> None:
    for verb, done in (("approve", "Đã duyệt 1"), ("refuse", "Đã từ chối 1")):
        decided, told = said(client, *way(pending, verb))
        assert decided.startswith(done)
        assert told.startswith("Đã làm mới: ")
        for name in (">Cầu mới thông xe</a>", ">Bình luận: Cầu mới thông xe</a>"):
            assert name in told
        assert "Bản mới đầu tiên có lúc " in told
        for path in pages_of(pending):
            assert text_of(store, path)
            assert ("Mong đợi đã lâu" in text_of(store, path)) == (verb == "approve")


def test_where_nothing_was_to_be_decided_no_page_is_told(client: Client, pending: Comment) -> None:
    said(client, *button(pending, "approve"))
    [nothing] = said(client, *button(pending, "approve"))
    assert nothing.startswith("Không có gì thay đổi")
    refused, told = said(client, *button(pending, "refuse"))
    assert refused.startswith("Đã từ chối 1")
    assert told.startswith("Đã làm mới: ")


def test_a_stranger_decides_nothing_and_is_told_nothing(store: Store, pending: Comment) -> None:
    reporter = Client()
    reporter.force_login(make_user("reporter"))
    address, data = button(pending, "approve")
    assert reporter.post(address, data).status_code == 403
    pending.refresh_from_db()
    assert pending.status == Comment.Status.PENDING
