from collections.abc import Iterable
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from core.fields import LineField, TextField
from core.finding import WordIndex, words_of

COMMENT_WORDS = WordIndex("comments_comment", "search_text")


class CommentQuerySet(models.QuerySet["Comment"]):
    def approved(self) -> Self:
        """What the public may read: approved, and not a reply to one that is not."""
        return self.filter(status=Comment.Status.APPROVED).filter(
            models.Q(parent=None) | models.Q(parent__status=Comment.Status.APPROVED)
        )

    def threads(self, article: Article) -> Self:
        """Approved comments under ``article``, oldest first, each with its approved replies as
        ``shown_replies``; two queries however many there are."""
        # The article, too: few comments are replies, and SQLite takes a parent for a vague clue.
        replies = Comment.objects.approved().filter(article=article).order_by("created_at", "pk")
        return (
            self.approved()
            .filter(article=article, parent=None)
            .order_by("created_at", "pk")
            .prefetch_related(models.Prefetch("replies", replies, to_attr="shown_replies"))
        )

    def pending(self) -> Self:
        return self.filter(status=Comment.Status.PENDING)


class Comment(models.Model):
    """A reader's plain text under an article; public only once approved.

    ``status`` changes through the verbs of ``comments.moderation`` only.
    """

    class Status(models.TextChoices):
        PENDING = "pending", _("Pending")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")

    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="comments", verbose_name=_("article")
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="replies",
        verbose_name=_("reply to"),
    )
    name = LineField(_("name"), max_length=80)
    email = models.EmailField(_("e-mail"), blank=True)
    text = TextField(_("comment"))
    status = models.CharField(
        _("status"), max_length=10, choices=Status, default=Status.PENDING, editable=False
    )
    created_at = models.DateTimeField(_("sent at"), auto_now_add=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="decided_comments",
        verbose_name=_("decided by"),
    )
    refusal_reason = LineField(_("reason for refusal"), max_length=200, blank=True)
    # A keyed hash of the sender's address: counts a sender's comments, names nobody.
    sender = models.CharField(max_length=64, editable=False, default="")
    # Equal for the same words of the same sender under the same article: stored once.
    fingerprint = models.CharField(max_length=64, unique=True, editable=False)
    # Why a moderator should look twice, as found when it came in.
    flags = LineField(_("warnings"), max_length=300, blank=True, editable=False)
    search_text = models.TextField(editable=False, default="")

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ("created_at", "id")
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        permissions = (("moderate_comment", _("Can approve and refuse comments")),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(status="pending") | models.Q(decided_at__isnull=False),
                name="decided_comment_has_a_time",
            ),
        )
        indexes = (
            models.Index(fields=["article", "status", "created_at"], name="comment_under_article"),
            models.Index(fields=["status", "created_at"], name="comment_queue"),
            models.Index(fields=["created_at", "id"], name="comment_order"),
            models.Index(fields=["sender", "created_at"], name="comment_sender"),
        )

    def __str__(self) -> str:
        return f"{self.name}: {self.text[:60]}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with the column that is derived from this row."""
        fields: Iterable[str] | None = kwargs.get("update_fields")
        if fields is None or {"name", "email", "text"} & set(fields):
            self.search_text = words_of(f"{self.name}\n{self.email}\n{self.text}")
            if fields is not None:
                kwargs["update_fields"] = {*fields, "search_text"}
        super().save(*args, **kwargs)
