"""What happens in a live coverage: entries are sent, revised, approved, withdrawn; it ends.

Each verb checks permission and state itself, writes in one transaction, and records who did it.
``live.staleness`` says which pages become old; a verb has them made anew before its commit. A verb
whose result is already there does nothing.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import publishing
from articles.models import Article
from core.addresses import path_of
from core.changes import make_ahead
from core.html import clean_html
from core.vietnamese import clean_line, clean_text
from live import permissions
from live.models import LiveEntry, LiveEvent, LivePhoto
from photos.models import Photo

if TYPE_CHECKING:
    from accounts.models import User


class ReportingError(Exception):
    """The verb cannot be done now; its text says why."""


class Outdated(ReportingError):
    """Somebody else has changed the entry meanwhile."""


@dataclass(frozen=True)
class Words:
    """What an entry says, in its stored form."""

    headline: str = ""
    body: str = ""
    is_key: bool = False
    correction: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "headline", clean_line(self.headline))
        object.__setattr__(self, "body", clean_html(self.body))
        object.__setattr__(self, "correction", clean_text(self.correction))


def words_of(entry: LiveEntry) -> Words:
    return Words(entry.headline, entry.body, entry.is_key, entry.correction)


@transaction.atomic
def post(
    event: LiveEvent, words: Words, *, by: "User", token: UUID, photos: Sequence[Photo] = ()
) -> LiveEntry:
    """Write an entry: published at once when ``by`` may, else it waits for the desk.

    The same ``token`` gives the entry it gave before. Words typed since then replace those sent
    first, unless somebody has changed the entry: then ``Outdated``.
    """
    known = LiveEntry.objects.filter(created_by=by, token=token).first()
    if known is None:
        _allow(permissions.why_not_write(by, event))
        known, is_new = LiveEntry.objects.get_or_create(
            created_by=by,
            token=token,
            defaults={"event": event, "byline": _name(by), **asdict(words)},
        )
    else:
        is_new = False
    entry = _locked(known)
    if not is_new:
        return _sent_again(entry, event, words, by, photos)
    _attach(entry, photos)
    if permissions.may_post(by, event):
        _release(entry, by)
    return entry


@transaction.atomic
def revise(
    entry: LiveEntry,
    words: Words,
    *,
    by: "User",
    version: int,
    is_update: bool = False,
    photos: Sequence[Photo] = (),
    without: Sequence[int] = (),
) -> LiveEntry:
    """Change an entry that was opened at ``version``; ``is_update`` tells readers when.

    ``without`` are numbers of photos to take out. A correction always gives a new time.
    """
    entry = _locked(entry)
    _allow(permissions.why_not_edit(by, entry))
    if entry.version != version:
        raise Outdated(
            _("Somebody else has changed this entry meanwhile. Look at it, then save again.")
        )
    old = words_of(entry)
    entry.uses.filter(photo__in=without).delete()
    _attach(entry, photos)
    if entry.published_at and (is_update or (words.correction and words != old)):
        entry.revised_at = timezone.now()
    _change(entry, words)
    _tell_article(entry, by, "Live entry changed")
    return entry


@transaction.atomic
def approve(entry: LiveEntry, *, by: "User") -> LiveEntry:
    """Publish an entry that waits or was withdrawn; one seen before keeps its time."""
    entry = _locked(entry)
    if not permissions.is_desk(by, entry.event):
        raise PermissionDenied(_("Only the desk approves entries."))
    if entry.status != LiveEntry.Status.PUBLISHED:
        _release(entry, by)
    return entry


@transaction.atomic
def withdraw(entry: LiveEntry, *, by: "User") -> LiveEntry:
    """Take an entry from readers, or a draft from the desk's list."""
    entry = _locked(entry)
    _allow(permissions.why_not_edit(by, entry))
    if entry.status != LiveEntry.Status.WITHDRAWN:
        entry.status = LiveEntry.Status.WITHDRAWN
        entry.save(update_fields=["status"])
        _tell_article(entry, by, "Live entry withdrawn")
    return entry


@transaction.atomic
def end(event: LiveEvent, *, by: "User") -> None:
    """Tell readers that it is over. Nobody can write entries any more; the desk can correct."""
    _allow_desk(event, by)
    if event.is_running:
        event.ended_at = max(timezone.now(), event.started_at)
        event.save(update_fields=["ended_at"])
        publishing.record(event.article, by=by, done="Live coverage ended")
        _make_pages(event.article)


@transaction.atomic
def reopen(event: LiveEvent, *, by: "User") -> None:
    """Go on after all."""
    _allow_desk(event, by)
    if not event.is_running:
        event.ended_at = None
        event.save(update_fields=["ended_at"])
        publishing.record(event.article, by=by, done="Live coverage goes on")
        _make_pages(event.article)


@transaction.atomic
def summarise(event: LiveEvent, summary: str, *, by: "User") -> None:
    """Replace the points above the entries."""
    _allow_desk(event, by)
    if event.summary != clean_text(summary):
        event.summary = summary
        event.save(update_fields=["summary"])
        publishing.record(event.article, by=by, done="Summary of the live coverage changed")
        _make_pages(event.article)


def _allow(why_not: str) -> None:
    if why_not:
        raise PermissionDenied(why_not)


def _allow_desk(event: LiveEvent, by: "User") -> None:
    if not permissions.is_desk(by, event):
        raise PermissionDenied(_("Only the desk does this."))
    event.refresh_from_db(from_queryset=LiveEvent.objects.select_for_update())


def _locked(entry: LiveEntry) -> LiveEntry:
    """The row as it is now, held until the transaction ends."""
    # Of the entry alone: PostgreSQL would hold the article's row, too.
    entries = LiveEntry.objects.select_for_update(of=("self",))
    return entries.select_related("event__article").get(pk=entry.pk)


def _name(user: "User") -> str:
    """How readers know the user."""
    author = getattr(user, "author", None)
    return author.name if author else str(user)


def _sent_again(
    entry: LiveEntry, event: LiveEvent, words: Words, by: "User", photos: Sequence[Photo]
) -> LiveEntry:
    if entry.event_id != event.pk:
        raise PermissionDenied(_("This form belongs to another coverage."))
    _attach(entry, photos)
    if words == words_of(entry):
        _make_pages(event.article, entry)
        return entry
    if entry.version > 1 or permissions.why_not_edit(by, entry):
        raise Outdated(
            _(
                "An earlier text of yours was sent and has been changed since. Send again to make"
                " this a new entry."
            )
        )
    _change(entry, words)
    _tell_article(entry, by, "Live entry changed")
    return entry


def _attach(entry: LiveEntry, photos: Sequence[Photo]) -> None:
    last = entry.uses.aggregate(last=Max("position"))["last"] or 0
    for position, photo in enumerate(photos, last + 1):
        LivePhoto.objects.get_or_create(entry=entry, photo=photo, defaults={"position": position})


def _change(entry: LiveEntry, words: Words) -> None:
    for name, value in asdict(words).items():
        setattr(entry, name, value)
    entry.version += 1
    entry.save(update_fields=[*asdict(words), "version", "revised_at"])


def _release(entry: LiveEntry, by: "User") -> None:
    entry.status = LiveEntry.Status.PUBLISHED
    entry.published_at = entry.published_at or timezone.now()
    entry.save(update_fields=["status", "published_at"])
    _tell_article(entry, by, "Live entry published")


def _tell_article(entry: LiveEntry, by: "User", done: str) -> None:
    """Write who did what, and give the article readers know its new time."""
    article = entry.event.article
    publishing.record(article, by=by, done=done, note=f"#{entry.pk}")
    if entry.published_at is not None:
        # Its pages are dropped with the entry's.
        Article.objects.published().filter(pk=article.pk).update(revised_at=timezone.now())
    _make_pages(article, entry)


def _make_pages(article: Article, entry: LiveEntry | None = None) -> None:
    """Have the pages ready with the commit, also the entry's own, which nobody has asked for yet.

    Does nothing where readers see nothing of the change. To be called last.
    """
    live = path_of("live:newest", article.pk, language=article.language)
    pages = [article.get_absolute_url(), live]
    if entry is not None:
        pages.append(path_of("live:entry", article.pk, entry.pk, language=article.language))
    make_ahead(*pages)


# Marks for makemessages: what is recorded.
def _messages() -> list[str]:
    return [
        _("Live entry published"),
        _("Live entry changed"),
        _("Live entry withdrawn"),
        _("Live coverage ended"),
        _("Live coverage goes on"),
        _("Summary of the live coverage changed"),
    ]
