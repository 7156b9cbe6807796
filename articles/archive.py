"""The archive by day: what was published on a day, and a calendar of each month."""

import calendar
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Min
from django.db.models.functions import TruncDate
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.views.decorators.http import require_safe

from articles.models import Article, ArticleQuerySet, next_public_change
from core import page_tags
from core.paging import first_page_is_clean, numbered_page

STORIES_ON_A_PAGE = 100


@require_safe
def latest(request: HttpRequest) -> HttpResponse:
    """Send the reader to the calendar of this month, which changes by itself."""
    today = timezone.localdate()
    return redirect("articles:archive_month", year=today.year, month=today.month)


@require_safe
def month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """The days of a month with the number of articles of each."""
    first, today = _day(year, month, 1), timezone.localdate()
    page_tags.tag(request, f"month:{first:%Y-%m}")
    # Each year adds its link to all months.
    page_tags.expires_at(request, _midnight(date(today.year + 1, 1, 1)))
    beginning = _first_day(request)
    if not beginning.replace(day=1) <= first <= today:
        raise Http404
    following = _month_after(first)
    published = _published_between(request, first, following)
    counted = published.annotate(day=TruncDate("published_at")).values_list("day")
    counts = dict(counted.annotate(Count("pk")).order_by())
    weeks = calendar.Calendar().monthdatescalendar(year, month)
    context = {
        "first": first,
        "weeks": [[_cell(day, first, counts) for day in week] for week in weeks],
        "count": sum(counts.values()),
        "before": _month_before(first) if beginning < first else None,
        "after": following if following <= today else None,
        "weekdays": _weekdays(),
        "years": _years(beginning, today),
    }
    return render(request, "articles/archive_month.html", context)


@require_safe
@first_page_is_clean
def day(request: HttpRequest, year: int, month: int, day: int) -> HttpResponse:
    """The articles of a day in the paper's time zone, newest first."""
    shown, today = _day(year, month, day), timezone.localdate()
    page_tags.tag(request, f"day:{shown}")
    beginning = _first_day(request)
    if not beginning <= shown <= today:
        raise Http404
    published = _published_between(request, shown, shown + timedelta(days=1))
    stories = published.select_related("category__parent").only(
        *(
            "language",
            "headline",
            "slug",
            "kicker",
            "standfirst",
            "published_at",
            "approved_comments",
        ),
        *("category__name", "category__name_en", "category__slug", "category__parent__slug"),
    )
    page = numbered_page(request, stories.newest_first(), STORIES_ON_A_PAGE)
    page_tags.tag(request, *(f"article:{story.pk}" for story in page.object_list))
    context = {
        "day": shown,
        "page": page,
        "before": shown - timedelta(days=1) if beginning < shown else None,
        "after": shown + timedelta(days=1) if shown < today else None,
    }
    return render(request, "articles/archive_day.html", context)


def _published_between(request: HttpRequest, start: date, end: date) -> ArticleQuerySet:
    """What was published from midnight to midnight; notes when that changes by itself."""
    if end > timezone.localdate():
        page_tags.expires_at(request, _midnight(timezone.localdate() + timedelta(days=1)))
        page_tags.expires_at(request, next_public_change(Article.objects.all()))
    within = {"published_at__gte": _midnight(start), "published_at__lt": _midnight(end)}
    return Article.objects.published().in_language().filter(**within)


def _first_day(request: HttpRequest) -> date:
    """The day of the oldest public article; today while there is none."""
    oldest: datetime | None = (
        Article.objects.published().in_language().aggregate(at=Min("published_at"))["at"]
    )
    if oldest is None:
        page_tags.tag(request, "front")
    return timezone.localdate(oldest) if oldest else timezone.localdate()


def _weekdays() -> list[str]:
    """Monday first, short, in the language of the page."""
    return [str(WEEKDAYS_ABBR[number]) for number in range(7)]


def _years(beginning: date, today: date) -> list[tuple[int, int]]:
    """Each year of the archive, newest first, with the month its link opens: the last one."""
    this_year = [(today.year, today.month)]
    return this_year + [(year, 12) for year in range(today.year - 1, beginning.year - 1, -1)]


def _cell(day: date, first: date, counts: dict[date, int]) -> dict[str, Any] | None:
    """A day of the calendar; None for those of the months around it."""
    return {"day": day, "count": counts.get(day, 0)} if day.month == first.month else None


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise Http404 from error


def _month_after(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _month_before(first: date) -> date:
    return (first - timedelta(days=1)).replace(day=1)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
