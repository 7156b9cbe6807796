"""Moderators decide; readers see the approved ones and their number, nobody else may decide."""

from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from articles.models import Article
from comments import moderation
from comments.models import Comment
from core import page_tags
from tests.factories import make_article, make_comment, make_user

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> Article:
    return make_article()


@pytest.fixture
def pending(article: Article) -> Comment:
    return make_comment(article, status=Comment.Status.PENDING, text="Đang chờ duyệt")


@pytest.fixture
def moderator() -> User:
    return make_user("moderator")


@pytest.fixture
def dropped() -> Any:
    """The tags dropped during the test, in order."""
    seen: list[frozenset[str]] = []

    def note(tags: frozenset[str], **_: Any) -> None:
        seen.append(tags)

    page_tags.dropped.connect(note)
    yield seen
    page_tags.dropped.disconnect(note)


def test_an_approved_comment_is_public_and_counted(
    client: Client, article: Article, pending: Comment, moderator: User
) -> None:
    assert moderation.approve([pending], by=moderator) == 1

    article.refresh_from_db()
    assert article.approved_comments == 1
    html = client.get(reverse("comments:all", args=[article.pk])).content.decode()
    assert "Đang chờ duyệt" in html
    pending.refresh_from_db()
    assert pending.decided_by == moderator and pending.decided_at is not None


def test_a_refusal_takes_an_approved_comment_back(
    client: Client, article: Article, pending: Comment, moderator: User
) -> None:
    moderation.approve([pending], by=moderator)
    assert moderation.refuse([pending], by=moderator, reason="Quảng cáo") == 1

    article.refresh_from_db()
    assert article.approved_comments == 0
    html = client.get(reverse("comments:all", args=[article.pk])).content.decode()
    assert "Đang chờ duyệt" not in html
    pending.refresh_from_db()
    assert pending.refusal_reason == "Quảng cáo"


@pytest.mark.parametrize("role", ["reporter", ""])
def test_others_may_not_decide(pending: Comment, role: str) -> None:
    stranger = make_user(role)
    for verb in (moderation.approve, moderation.refuse):
        with pytest.raises(PermissionDenied):
            verb([pending], by=stranger)
    pending.refresh_from_db()
    assert pending.status == Comment.Status.PENDING


def test_a_second_moderators_same_click_changes_and_logs_nothing(
    pending: Comment, moderator: User
) -> None:
    assert moderation.approve([pending], by=moderator) == 1
    assert moderation.approve([pending], by=make_user("moderator")) == 0
    pending.refresh_from_db()
    assert pending.decided_by == moderator
    assert LogEntry.objects.count() == 1


def test_replies_count_and_go_with_their_parent(article: Article, moderator: User) -> None:
    parent = make_comment(article, status=Comment.Status.PENDING)
    reply = make_comment(article, parent=parent, status=Comment.Status.PENDING)
    moderation.approve([parent, reply], by=moderator)
    article.refresh_from_db()
    assert article.approved_comments == 2

    moderation.refuse([parent], by=moderator)
    article.refresh_from_db()
    assert article.approved_comments == 0


def test_only_decisions_drop_the_articles_page(
    article: Article,
    pending: Comment,
    moderator: User,
    dropped: list[frozenset[str]],
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        make_comment(article, status=Comment.Status.PENDING)
    assert dropped == []
    # What was to be told of the fixtures: the approval is a transaction of its own.
    connection.run_on_commit.clear()
    with django_capture_on_commit_callbacks(execute=True):
        moderation.approve([pending], by=moderator)
    assert frozenset({f"article:{article.pk}"}) in dropped


def test_the_queue_shows_pending_ones_first_sent_first(
    client: Client, article: Article, pending: Comment, moderator: User
) -> None:
    make_comment(article, text="Đã duyệt từ trước")
    client.force_login(moderator)
    html = client.get(reverse("admin:comments_comment_changelist")).content.decode()
    assert "Đang chờ duyệt" in html
    assert "Đã duyệt từ trước" not in html
    everything = client.get(reverse("admin:comments_comment_changelist"), {"queue": "all"})
    assert "Đã duyệt từ trước" in everything.content.decode()


def test_a_moderator_decides_many_at_once_in_the_admin(
    client: Client, article: Article, moderator: User
) -> None:
    chosen = [make_comment(article, status=Comment.Status.PENDING) for _ in range(3)]
    left = make_comment(article, status=Comment.Status.PENDING)
    client.force_login(moderator)
    client.post(
        reverse("admin:comments_comment_changelist"),
        {"action": "approve_selected", "_selected_action": [comment.pk for comment in chosen]},
    )
    assert set(Comment.objects.approved()) == set(chosen)
    left.refresh_from_db()
    assert left.status == Comment.Status.PENDING


@pytest.mark.parametrize(
    ("verb", "status"),
    [("approve", Comment.Status.APPROVED), ("refuse", Comment.Status.REFUSED)],
)
def test_one_button_decides_one_comment_for_a_moderator_and_for_nobody_else(
    client: Client, pending: Comment, moderator: User, verb: str, status: str
) -> None:
    address = reverse(f"admin:comments_comment_{verb}", args=[pending.pk])

    client.post(address)  # nobody is signed in
    client.force_login(make_user("reporter"))
    assert client.post(address).status_code == 403
    pending.refresh_from_db()
    assert pending.status == Comment.Status.PENDING

    client.force_login(moderator)
    assert client.get(address).status_code == 405
    client.post(address, {"reason": "Lý do"})
    pending.refresh_from_db()
    assert pending.status == status


def test_a_comment_opens_from_the_queue_and_is_decided_there(
    client: Client, pending: Comment, moderator: User
) -> None:
    client.force_login(moderator)
    address = reverse("admin:comments_comment_change", args=[pending.pk])
    queue = client.get(reverse("admin:comments_comment_changelist"))
    assert f'href="{address}' in queue.text
    page = client.get(address)
    assert pending.text in page.text
    assert "None" not in page.text
    assert (
        f'formaction="{reverse("admin:comments_comment_refuse", args=[pending.pk])}"' in page.text
    )
    assert (
        client.get(reverse("admin:comments_comment_history", args=[pending.pk])).status_code == 200
    )


@pytest.mark.parametrize("word", ["change", "history", "zzz"])
def test_no_other_address_of_a_comment_decides(
    client: Client, pending: Comment, moderator: User, word: str
) -> None:
    client.force_login(moderator)
    client.post(reverse("admin:comments_comment_approve", args=[pending.pk]))
    client.post(f"/admin/comments/comment/{pending.pk}/{word}/", {"reason": "Quảng cáo"})
    pending.refresh_from_db()
    assert pending.status == Comment.Status.APPROVED


def test_a_decision_needs_the_forms_token(pending: Comment, moderator: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(moderator)
    address = reverse("admin:comments_comment_approve", args=[pending.pk])
    assert strict.post(address).status_code == 403


def test_a_moderator_touches_no_article(client: Client, article: Article, moderator: User) -> None:
    client.force_login(moderator)
    assert client.get(reverse("admin:index")).status_code == 200
    for address in (
        reverse("admin:articles_article_changelist"),
        reverse("admin:articles_article_change", args=[article.pk]),
    ):
        assert client.get(address).status_code in (302, 403)


def test_the_queue_asks_the_same_number_of_queries_however_long(
    client: Client, article: Article, moderator: User, django_assert_max_num_queries: Any
) -> None:
    for n in range(30):
        parent = make_comment(article) if n % 2 else None
        make_comment(make_article(), status=Comment.Status.PENDING, parent=parent)
    client.force_login(moderator)
    with django_assert_max_num_queries(14):
        client.get(reverse("admin:comments_comment_changelist"))


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_reason_is_written_in_a_field_that_looks_like_one(
    page: "Page", live_server: Any, pending: Comment, moderator: User
) -> None:
    address = reverse("admin:comments_comment_change", args=[pending.pk])
    page.goto(f"{live_server.url}{reverse('admin:login')}?next={address}")
    page.fill("#id_username", moderator.username)
    page.fill("#id_password", "mat-khau-thu-1")
    page.click("[type=submit]")
    colour = "one => getComputedStyle(one).backgroundColor"
    field = page.locator("#refusal-reason").evaluate(colour)
    assert field == page.locator("body").evaluate(colour)
    assert field != page.locator(".decide--refuse").evaluate(colour)
