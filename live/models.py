"""An event that is told as it happens: its article, and the entries under it."""

import re
import uuid
from collections.abc import Iterable
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from core.fields import HtmlField, LineField, TextField
from core.html import html_to_text, nbsp_html, shortcodes
from core.vietnamese import index_text
from photos.models import Photo

_FIGURE = re.compile(r"<figure\b.*?</figure>", re.DOTALL)
_OUTSIDE_LINK = re.compile(r'<a href="(?=https?://)', re.IGNORECASE)
_WORDS = frozenset(("headline", "body", "correction", "byline"))


class LiveEvent(models.Model):
    """What makes an article live. It runs until the desk ends it.

    Its page is that of the article: readers see nothing of it before the article is public.
    """

    article = models.OneToOneField(
        Article, on_delete=models.CASCADE, related_name="live_event", verbose_name=_("article")
    )
    started_at = models.DateTimeField(_("started at"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True, editable=False)
    oldest_first = models.BooleanField(
        _("oldest first once it has ended"),
        default=False,
        help_text=_("While it runs the newest entry always comes first."),
    )
    summary = TextField(
        _("summary"),
        blank=True,
        max_length=2000,
        help_text=_("One point a line; it stands above the entries."),
    )
    reporters = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="live_events",
        verbose_name=_("reporters"),
        help_text=_("Their entries reach readers at once; those of others wait for the desk."),
    )

    class Meta:
        ordering = ("-started_at", "-id")
        verbose_name = _("live coverage")
        verbose_name_plural = _("live coverages")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ended_at=None) | models.Q(ended_at__gte=models.F("started_at")),
                name="live_event_ends_after_its_start",
                violation_error_message=_("It cannot end before it starts."),
            ),
        )

    def __str__(self) -> str:
        return str(self.article)

    @property
    def is_running(self) -> bool:
        return self.ended_at is None

    @property
    def is_oldest_first(self) -> bool:
        return self.oldest_first and not self.is_running

    @property
    def points(self) -> list[str]:
        """The pinned summary, point by point."""
        return [line.strip() for line in self.summary.splitlines() if line.strip()]

    def search_words(self) -> tuple[str, str]:
        """The words by which its article is found, folded and exact: of the published entries."""
        entries = self.entries.published()
        folded = entries.values_list("search_body", flat=True)
        return " ".join(folded), " ".join(entries.values_list("search_keys", flat=True))


class LiveEntryQuerySet(models.QuerySet["LiveEntry"]):
    def published(self) -> Self:
        """What the public may read, provided it may read the article."""
        return self.filter(status=LiveEntry.Status.PUBLISHED)

    def waiting(self) -> Self:
        """What the desk has to look at, oldest first."""
        return self.filter(status=LiveEntry.Status.DRAFT).order_by("created_at", "pk")

    def newest_first(self) -> Self:
        return self.order_by("-published_at", "-pk")


class LiveEntry(models.Model):
    """What happened at one moment. ``status`` changes through the verbs of ``live.reporting``."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Waits for the desk")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    event = models.ForeignKey(
        LiveEvent, on_delete=models.CASCADE, related_name="entries", verbose_name=_("live coverage")
    )
    headline = LineField(_("headline"), max_length=250, blank=True)
    body = HtmlField(_("text"), blank=True)
    is_key = models.BooleanField(
        _("key entry"), default=False, help_text=_("Listed above the others.")
    )
    correction = TextField(
        _("correction"),
        blank=True,
        max_length=1000,
        help_text=_("Readers see it under the entry: what was wrong, and what is right."),
    )
    byline = LineField(_("byline"), max_length=150, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=Status, default=Status.DRAFT, editable=False
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    revised_at = models.DateTimeField(
        _("updated for readers at"), null=True, blank=True, editable=False
    )
    photos = models.ManyToManyField(
        Photo, through="LivePhoto", related_name="+", verbose_name=_("photos")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="live_entries",
        verbose_name=_("written by"),
    )
    created_at = models.DateTimeField(_("written at"), auto_now_add=True)
    # Raised at every change of the text; a form opened before cannot overwrite it unseen.
    version = models.PositiveIntegerField(default=1, editable=False)
    # Made with the form: the same form sent twice is one entry.
    token = models.UUIDField(default=uuid.uuid4, editable=False)

    # What the index of its article takes from it while it is published (live.indexing).
    search_body = models.TextField(editable=False, default="", db_default="")
    search_keys = models.TextField(editable=False, default="", db_default="")

    objects = LiveEntryQuerySet.as_manager()

    class Meta:
        ordering = ("-published_at", "-id")
        verbose_name = _("entry")
        verbose_name_plural = _("entries of live coverages")
        constraints = (
            models.UniqueConstraint(fields=["created_by", "token"], name="live_entry_sent_once"),
            models.CheckConstraint(
                condition=~models.Q(status="published") | models.Q(published_at__isnull=False),
                name="published_live_entry_has_a_time",
            ),
        )
        indexes = (
            models.Index(fields=["event", "status", "-published_at", "-id"], name="live_order"),
        )

    def __str__(self) -> str:
        return self.headline or f"#{self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with the columns that are derived from this row."""
        fields: Iterable[str] | None = kwargs.get("update_fields")
        if fields is None or _WORDS & set(fields):
            text = "\n".join((self.headline, html_to_text(self.body), self.correction, self.byline))
            self.search_body, self.search_keys = index_text(text), index_text(text, exact=True)
            if fields is not None:
                kwargs["update_fields"] = {*fields, "search_body", "search_keys"}
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Its own page, which stays right however far down the list it goes."""
        return reverse("live:entry", args=[self.event.article_id, self.pk])

    @property
    def anchor(self) -> str:
        return f"dien-bien-{self.pk}"

    @property
    def shown_body(self) -> str:
        """The text as readers see it. Photos stand under it; shortcodes mean nothing here."""
        html = _FIGURE.sub("", self.body)
        for code in shortcodes(html):
            html = html.replace(code, "")
        return _OUTSIDE_LINK.sub('<a rel="noopener" href="', nbsp_html(html))


class LivePhoto(models.Model):
    """A photo of the archive, with the archive's words, in one entry."""

    entry = models.ForeignKey(LiveEntry, on_delete=models.CASCADE, related_name="uses")
    photo = models.ForeignKey(
        Photo, on_delete=models.PROTECT, related_name="live_uses", verbose_name=_("photo")
    )
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        ordering = ("position", "id")
        verbose_name = _("photo of the entry")
        verbose_name_plural = _("photos of the entry")
        constraints = (models.UniqueConstraint(fields=["entry", "photo"], name="live_photo_once"),)

    def __str__(self) -> str:
        return str(self.photo)
