"""What a page of a live coverage shows. Every page of it is bounded, however many entries."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from articles.models import Article
from core.html import html_to_text, nbsp_html, shortcodes
from core.vietnamese import HANOI, truncate_chars
from live.models import LiveEntry, LiveEntryQuerySet, LiveEvent, LivePhoto

PAGE_SIZE = 20
# The newest of the key entries are listed.
MOST_KEYS = 10
KEY_LENGTH = 110

_FIGURE = re.compile(r"<figure\b.*?</figure>", re.DOTALL)
_OUTSIDE_LINK = re.compile(r'<a href="(?=https?://)', re.IGNORECASE)


@dataclass(frozen=True)
class KeyMoment:
    """A line of the list of key entries; ``href`` leads to the entry on its page."""

    title: str
    href: str
    moment: datetime


@dataclass(frozen=True)
class Coverage:
    """A page of entries with what stands above them."""

    event: LiveEvent
    article: Article
    page: Page
    entries: list[LiveEntry]
    keys: list[KeyMoment]
    latest: datetime | None

    @property
    def is_first(self) -> bool:
        return bool(self.page.number == 1)

    @cached_property
    def steps(self) -> list[tuple[int | str, str]]:
        """Page numbers with their addresses, ``…`` without one."""
        numbers = self.page.paginator.get_elided_page_range(self.page.number, on_each_side=2)
        return [
            (one, page_address(self.article, one) if isinstance(one, int) else "")
            for one in numbers
        ]

    @property
    def previous(self) -> str:
        """The address of the page before this, empty on the first."""
        return page_address(self.article, self.page.number - 1) if self.page.has_previous() else ""

    @property
    def next(self) -> str:
        return page_address(self.article, self.page.number + 1) if self.page.has_next() else ""


def page_address(article: Article, number: int) -> str:
    """The first page of entries is the article itself."""
    if number == 1:
        return article.get_absolute_url()
    return f"{reverse('live:entries', args=[article.pk])}?trang={number}"


def paginator_of(event: LiveEvent) -> Paginator:
    """The numbers of the published entries in the order of the page. One query."""
    rows = event.entries.published().newest_first().values_list("pk", "is_key")
    return Paginator(rows[::-1] if event.is_oldest_first else list(rows), PAGE_SIZE)


def read_page(event: LiveEvent, article: Article, page: Page) -> Coverage:
    """The entries of ``page`` (of ``paginator_of``) and the key ones; two queries at most."""
    rows: Sequence[tuple[int, bool]] = page.paginator.object_list  # type: ignore[assignment]
    place = {pk: index for index, (pk, _is_key) in enumerate(rows)}
    in_time = rows[::-1] if event.is_oldest_first else rows
    keys = [pk for pk, is_key in in_time if is_key][:MOST_KEYS]
    shown = [pk for pk, _is_key in page.object_list]
    newest = [pk for pk, _is_key in in_time[:1]]
    found = entries_with_photos(event).in_bulk({*shown, *keys, *newest})

    def moment_of(pk: int) -> KeyMoment:
        entry = found[pk]
        number = place[pk] // PAGE_SIZE + 1
        address = "" if number == page.number else page_address(article, number)
        return KeyMoment(title_of(entry), f"{address}#{entry.anchor}", moment(entry))

    return Coverage(
        event=event,
        article=article,
        page=page,
        # One withdrawn between the two queries is in neither list.
        entries=[found[pk] for pk in shown if pk in found],
        keys=[moment_of(pk) for pk in keys if pk in found],
        latest=moment(found[newest[0]]) if newest and newest[0] in found else None,
    )


def first_page(article: Article) -> Coverage | None:
    """What the page of ``article`` shows; None for one that is not live. Read once a page."""
    event: LiveEvent | None = getattr(article, "live_event", None)
    if event is None:
        return None
    known: Coverage | None = getattr(event, "_first_page", None)
    if known is None:
        known = read_page(event, article, paginator_of(event).page(1))
        event._first_page = known  # type: ignore[attr-defined]
    return known


def entries_with_photos(event: LiveEvent) -> LiveEntryQuerySet:
    """Published entries with all that is shown of them, in two queries."""
    uses = Prefetch("uses", LivePhoto.objects.select_related("photo"))
    # Through the event, so that each entry knows it without asking.
    return event.entries.published().prefetch_related(uses)


def moment(entry: LiveEntry) -> datetime:
    assert entry.published_at is not None  # noqa: S101 - the database refuses one without
    return entry.published_at


def title_of(entry: LiveEntry) -> str:
    """The headline, else how the text begins."""
    words = " ".join(html_to_text(entry.body).split())
    return entry.headline or truncate_chars(words, KEY_LENGTH) or f"{local(moment(entry)):%H:%M}"


def body_of(entry: LiveEntry) -> SafeString:
    """The text as readers see it. Photos stand under it; shortcodes mean nothing here."""
    html = _FIGURE.sub("", entry.body)
    for code in shortcodes(html):
        html = html.replace(code, "")
    html = _OUTSIDE_LINK.sub('<a rel="noopener" href="', nbsp_html(html))
    return mark_safe(html)  # noqa: S308 - cleaned on its way into the database


def local(when: datetime) -> datetime:
    return timezone.localtime(when, HANOI)
