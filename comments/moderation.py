"""The verbs of moderation. Each checks the right itself and tells the pages that show it."""

from collections.abc import Iterable

from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from articles.models import Article
from comments.models import Comment
from core import page_tags
from core.changes import make_ahead


def approve(comments: Iterable[Comment], *, by: User) -> int:
    """Make comments public. Returns how many were not public before.

    Raises ``PermissionDenied`` when ``by`` may not moderate; then nothing has changed.
    """
    return _decide(comments, Comment.Status.APPROVED, by=by, reason="")


def refuse(comments: Iterable[Comment], *, by: User, reason: str = "") -> int:
    """Keep comments from the public, also such as were approved. Returns how many changed.

    Raises ``PermissionDenied`` when ``by`` may not moderate; then nothing has changed.
    """
    return _decide(comments, Comment.Status.REFUSED, by=by, reason=reason)


@transaction.atomic
def _decide(comments: Iterable[Comment], status: Comment.Status, *, by: User, reason: str) -> int:
    if not by.has_perm("comments.moderate_comment"):
        raise PermissionDenied(_("Only moderators approve and refuse comments."))
    # Only those in another state: a second moderator's same click changes and logs nothing.
    chosen = Comment.objects.select_for_update().filter(pk__in=[comment.pk for comment in comments])
    changing = list(chosen.exclude(status=status).order_by("pk"))
    Comment.objects.filter(pk__in=[comment.pk for comment in changing]).update(
        status=status, decided_at=timezone.now(), decided_by=by, refusal_reason=reason
    )
    _log(changing, status, by)
    recount(Article.objects.filter(pk__in={comment.article_id for comment in changing}))
    make_ahead()
    return len(changing)


def recount(articles: QuerySet[Article]) -> None:
    """Bring the printed number of comments in line and drop the pages that print it."""
    for article in articles.select_for_update().only("pk"):
        count = Comment.objects.approved().filter(article=article).count()
        Article.objects.filter(pk=article.pk).update(approved_comments=count)
        page_tags.drop(f"article:{article.pk}")


def _log(comments: list[Comment], status: Comment.Status, by: User) -> None:
    LogEntry.objects.log_actions(
        by.pk,
        comments,
        CHANGE,
        change_message=str(status.label),
    )
