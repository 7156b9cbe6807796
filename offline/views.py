"""The paper of a day to take along, the saved articles, and what is kept on the device.

What is saved or kept only the reader's own browser knows; these pages are the same for everyone.
"""

from datetime import date, timedelta

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.models import Article, next_public_change
from core import page_tags
from offline import paper


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """The articles of today so far."""
    return _day_page(request, timezone.localdate())


@require_safe
def day(request: HttpRequest, day: date) -> HttpResponse:
    """The articles of a day; a day without any does not exist for readers, but today does."""
    return _day_page(request, day)


@require_safe
def day_files(request: HttpRequest, day: date) -> HttpResponse:
    """The addresses of a day's pages and pictures with their weights, for ``take-paper.js``."""
    _note_changes(request, day)
    pages = paper.pages_of(day)
    if not pages:
        raise Http404
    page_tags.tag(request, *(tag for page in pages for tag in page.tags))
    data = {
        "day": day.isoformat(),
        "page": reverse("offline:day", args=[day]),
        "bytes": paper.weight(pages),
        "sound_bytes": sum(sound.bytes for sound in paper.sounds_of(pages)),
        "articles": paper.as_json(pages),
    }
    return JsonResponse(data)


@require_safe
def saved(request: HttpRequest) -> HttpResponse:
    """Where the browser lists what its reader has put aside."""
    page_tags.tag(request, "masthead")
    return render(request, "offline/saved.html")


@require_safe
def kept(request: HttpRequest) -> HttpResponse:
    """What the worker shows when there is no network and it has kept no copy of a page."""
    page_tags.tag(request, "masthead")
    return render(request, "offline/kept.html")


def _day_page(request: HttpRequest, day: date) -> HttpResponse:
    _note_changes(request, day)
    stories = list(paper.articles_of(day).for_cards()[: paper.MOST])
    if not stories and day != timezone.localdate():
        raise Http404
    page_tags.tag(request, *(f"article:{story.pk}" for story in stories))
    before = _day_before(day)
    if before is not None:
        # The link to it goes when its last article does.
        page_tags.tag(request, f"day:{before}")
    pages = paper.pages_of(day)
    sounds = paper.sounds_of(pages)
    context = {
        "day": day,
        "is_today": day == timezone.localdate(),
        "before": before,
        "parts": paper.parts_of(stories),
        "count": len(stories),
        "bytes": paper.weight(pages),
        "sounds": len(sounds),
        "sound_bytes": sum(sound.bytes for sound in sounds),
    }
    return render(request, "offline/day.html", context)


def _note_changes(request: HttpRequest, day: date) -> None:
    """Which changes, and what time, make the paper of ``day`` another one."""
    page_tags.tag(request, f"day:{day}")
    today = timezone.localdate()
    if day > today:
        raise Http404
    if day == today:
        page_tags.expires_at(request, paper.midnight(today + timedelta(days=1)))
        page_tags.expires_at(request, next_public_change(Article.objects.all()))


def _day_before(day: date) -> date | None:
    """The last day before ``day`` on which something was published."""
    published = Article.objects.published().in_language()
    earlier = published.filter(published_at__lt=paper.midnight(day))
    newest = earlier.order_by("-published_at").values_list("published_at", flat=True).first()
    return timezone.localdate(newest) if newest else None
