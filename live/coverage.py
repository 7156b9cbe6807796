"""What a page of a live coverage shows. Every page of it is bounded, however many entries."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Prefetch, Q, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from articles.models import Article
from core.html import html_to_text
from core.vietnamese import HANOI, truncate_chars
from live.models import LiveEntry, LiveEntryQuerySet, LiveEvent, LivePhoto

PAGE_SIZE = 20
# The newest of the key entries are listed.
MOST_KEYS = 10
KEY_LENGTH = 110


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


def read_page(event: LiveEvent, article: Article, number: int = 1) -> Coverage | None:
    """The entries of a page and the key ones, in two queries; None when there is no such page."""
    begin = (number - 1) * PAGE_SIZE
    newest, oldest = ("-published_at", "-pk"), ("published_at", "pk")
    rows: list[Any] = list(
        entries_with_photos(event)
        .annotate(
            total=Window(Count("pk")),
            age=Window(RowNumber(), order_by=newest),
            place=Window(RowNumber(), order_by=oldest if event.is_oldest_first else newest),
            key_age=Window(RowNumber(), partition_by=["is_key"], order_by=newest),
        )
        .filter(
            Q(place__gt=begin, place__lte=begin + PAGE_SIZE)
            | Q(is_key=True, key_age__lte=MOST_KEYS)
            | Q(age=1)
        )
        .order_by("place")
    )
    paginator = Paginator(range(rows[0].total if rows else 0), PAGE_SIZE)
    if number not in paginator.page_range:
        return None

    def key_moment(entry: Any) -> KeyMoment:
        on = (entry.place - 1) // PAGE_SIZE + 1
        address = "" if on == number else page_address(article, on)
        return KeyMoment(title_of(entry), f"{address}#{entry.anchor}", moment(entry))

    keys = sorted((entry for entry in rows if entry.is_key), key=lambda entry: entry.age)
    return Coverage(
        event=event,
        article=article,
        page=paginator.page(number),
        entries=[entry for entry in rows if begin < entry.place <= begin + PAGE_SIZE],
        keys=[key_moment(entry) for entry in keys[:MOST_KEYS]],
        latest=next((moment(entry) for entry in rows if entry.age == 1), None),
    )


def first_page(article: Article) -> Coverage | None:
    """What the page of ``article`` shows; None for one that is not live. Read once a page."""
    event: LiveEvent | None = getattr(article, "live_event", None)
    if event is None:
        return None
    known: Coverage | None = getattr(event, "_first_page", None)
    if known is None:
        known = read_page(event, article)
        event._first_page = known  # type: ignore[attr-defined]
    return known


def entries_with_photos(event: LiveEvent) -> LiveEntryQuerySet:
    """Published entries with all that is shown of them, in two queries."""
    uses = Prefetch("uses", LivePhoto.objects.select_related("photo"))
    # Through the event, so that each entry knows it without asking.
    entries = event.entries.published().prefetch_related(uses)
    return entries.defer("search_body", "search_keys")


def moment(entry: LiveEntry) -> datetime:
    assert entry.published_at is not None  # noqa: S101 - the database refuses one without
    return entry.published_at


def title_of(entry: LiveEntry) -> str:
    """The headline, else how the text begins."""
    words = " ".join(html_to_text(entry.body).split())
    return entry.headline or truncate_chars(words, KEY_LENGTH) or f"{local(moment(entry)):%H:%M}"


def body_of(entry: LiveEntry) -> SafeString:
    return mark_safe(entry.shown_body)  # noqa: S308 - cleaned on its way into the database


def local(when: datetime) -> datetime:
    return timezone.localtime(when, HANOI)
