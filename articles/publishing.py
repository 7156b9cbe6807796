"""How an article changes state: submit, send back, publish, schedule, withdraw.

Each verb checks permission and state itself, writes in one transaction, and records who did it.
The pages that show the article are dropped by ``articles.staleness``. A verb whose result is
already there does nothing, so pressing a button twice is harmless.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles import permissions
from articles.body_warnings import shortcode_warnings
from articles.models import Announcement, Article
from core.changes import make_ahead
from core.html import html_to_text
from core.vietnamese import clean_line, clean_text, slugify

if TYPE_CHECKING:
    from accounts.models import User

NOTE_LENGTH = 300


class PublishingError(Exception):
    """The verb cannot be done now; ``problems`` says why, one sentence each."""

    def __init__(self, *problems: str) -> None:
        self.problems = list(problems)
        super().__init__(" ".join(self.problems))


@transaction.atomic
def submit(article: Article, *, by: "User") -> None:
    """Send a draft for review."""
    _lock(article)
    if article.status == Article.Status.IN_REVIEW and permissions.is_own(by, article):
        return
    _allow(permissions.why_not_edit(by, article))
    if article.status != Article.Status.DRAFT:
        raise PublishingError(_("Only a draft can be sent for review."))
    article.status = Article.Status.IN_REVIEW
    _write(article, "status", by=by, done="Sent for review")


@transaction.atomic
def send_back(article: Article, *, by: "User", note: str = "") -> None:
    """Give an article in review back to its reporter; the note goes into the internal note."""
    _lock(article)
    _allow(permissions.why_not_publish(by, article))
    if article.status == Article.Status.DRAFT:
        return
    if article.status != Article.Status.IN_REVIEW:
        raise PublishingError(_("Only an article in review can be sent back."))
    article.status = Article.Status.DRAFT
    note = clean_text(note)
    if note:
        when = date_format(timezone.localtime(), "H:i d/m/Y")
        line = f"[{when}] {by}: {note}"
        article.internal_note = clean_text(f"{article.internal_note}\n{line}")
        if len(article.internal_note) > 5000:
            raise PublishingError(_("The internal note is full: shorten it first."))
    article.version += 1  # a form opened before this must not overwrite the note
    _write(article, "status", "internal_note", "version", by=by, done="Sent back", note=note)


@transaction.atomic
def publish(article: Article, *, by: "User") -> None:
    """Let readers see the article now. After a withdrawal it keeps its first time."""
    _lock(article)
    _allow(permissions.why_not_publish(by, article))
    if article.is_public:
        return
    at = timezone.now()
    if was_public(article) and article.published_at:
        at = article.published_at
    _release(article, at, by=by, done="Published")


@transaction.atomic
def schedule(article: Article, *, by: "User", at: datetime) -> None:
    """Let readers see the article from ``at`` (aware, in the future) on."""
    _lock(article)
    _allow(permissions.why_not_publish(by, article))
    if article.is_public:
        raise PublishingError(_("The article is already published."))
    if was_public(article):
        raise PublishingError(
            _("The article was published before: publish it again, it keeps its first time.")
        )
    if at <= timezone.now():
        when = date_format(timezone.localtime(at), "H:i d/m/Y")
        raise PublishingError(_("%(time)s has passed: choose a later time.") % {"time": when})
    if article.is_scheduled and article.published_at == at:
        return
    when = date_format(timezone.localtime(at), "H:i d/m/Y")
    _release(article, at, by=by, done="Scheduled", note=when)


@transaction.atomic
def withdraw(article: Article, *, by: "User", note: str = "") -> None:
    """Take the article off the site: its address answers 410. A schedule is just called off."""
    _lock(article)
    _allow(permissions.why_not_publish(by, article))
    if article.status == Article.Status.WITHDRAWN:
        return
    if article.status != Article.Status.PUBLISHED:
        raise PublishingError(_("The article is not published."))
    note = clean_line(note)
    if len(note) > NOTE_LENGTH:
        raise PublishingError(
            _("The note is too long: at most %(limit)d characters.") % {"limit": NOTE_LENGTH}
        )
    if article.is_scheduled:
        article.status = Article.Status.DRAFT
        article.published_at = None
        Announcement.objects.plan(article)
        _write(article, "status", "published_at", by=by, done="Schedule called off", note=note)
        return
    article.status = Article.Status.WITHDRAWN
    article.withdrawn_at = timezone.now()
    article.withdrawal_note = note
    fields = ("status", "withdrawn_at", "withdrawal_note")
    _write(article, *fields, by=by, done="Withdrawn", note=note)


def was_public(article: Article) -> bool:
    """Whether readers have seen it before it was withdrawn."""
    return (
        article.status == Article.Status.WITHDRAWN
        and article.published_at is not None
        and article.withdrawn_at is not None
        and article.published_at <= article.withdrawn_at
    )


def is_frozen(article: Article) -> bool:
    """Whether readers may know the address, so that the slug must stay."""
    return article.status in (Article.Status.PUBLISHED, Article.Status.WITHDRAWN)


def problems(article: Article) -> list[str]:
    """What must be put right before readers can see the article."""
    found = []
    if not article.headline.strip():
        found.append(_("The headline is missing."))
    if article.category_id is None:
        found.append(_("The category is missing."))
    if not html_to_text(article.body).strip():
        found.append(_("The body is empty."))
    return found


def warnings(article: Article) -> list[str]:
    """What an editor should look at; it stops nothing."""
    found = []
    uses = list(article.photos.select_related("photo"))
    for number, use in enumerate(uses, start=1):
        if use.photo is None:
            found.append(_("Photo %(n)d has no picture file.") % {"n": number})
        if not use.shown_credit:
            found.append(_("Photo %(n)d has no credit.") % {"n": number})
        if not use.shown_alt:
            found.append(_("Photo %(n)d has no alternative text.") % {"n": number})
    return [*found, *shortcode_warnings(article)]


def record(article: Article, *, by: "User", done: str, note: str = "") -> None:
    """Write who did what; ``done`` is an English msgid, stored in the paper's language."""
    with translation.override(settings.LANGUAGE_CODE):
        message = _(done) + (f": {note}" if note else "")
    LogEntry.objects.create(
        user_id=by.pk,
        content_type=ContentType.objects.get_for_model(Article),
        object_id=str(article.pk),
        object_repr=str(article)[:200],
        action_flag=CHANGE,
        change_message=message,
    )


def _lock(article: Article) -> None:
    """Hold the row until the transaction ends, and read it anew."""
    Article.objects.select_for_update().only("pk").get(pk=article.pk)
    article.refresh_from_db()


def _allow(why_not: str) -> None:
    if why_not:
        raise PermissionDenied(why_not)


def _release(article: Article, at: datetime, *, by: "User", done: str, note: str = "") -> None:
    if found := problems(article):
        raise PublishingError(*found)
    article.slug = article.slug or slugify(article.headline)
    article.status = Article.Status.PUBLISHED
    article.published_at = at
    article.withdrawn_at = None
    article.withdrawal_note = ""
    Announcement.objects.plan(article)
    fields = ("slug", "status", "published_at", "withdrawn_at", "withdrawal_note")
    _write(article, *fields, by=by, done=done, note=note)


def _write(article: Article, *fields: str, by: "User", done: str, note: str = "") -> None:
    article.save(update_fields=[*fields, "changed_at"])
    record(article, by=by, done=done, note=note)
    # Readers have it with the commit; the editor waits for the pages to be made, not they.
    make_ahead(article.get_absolute_url())


# Marks for makemessages: what ``record`` writes.
def _messages() -> list[str]:
    return [
        _("Sent for review"),
        _("Sent back"),
        _("Published"),
        _("Scheduled"),
        _("Withdrawn"),
        _("Schedule called off"),
    ]
