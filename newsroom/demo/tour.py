"""One address of every kind of page that the demo paper has, for who looks at them all."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import Length
from django.urls import reverse
from django.utils import timezone, translation

from articles.models import Article, ArticleQuerySet, Author, Tag, Topic
from categories.models import Category
from core.languages import main_language
from live.models import LiveEntry
from masthead.models import StandingPage


def tour() -> dict[str, str]:
    """Paths by the name of the kind of public page; a kind without an example is left out."""
    with translation.override(main_language()):
        return dict(_stops())


def _stops() -> Iterator[tuple[str, str]]:
    public = Article.objects.published().in_language()
    first = public.filter(photos__isnull=False).order_by("pk").first()
    day = timezone.localdate(first.published_at) if first and first.published_at else None
    yield "front", reverse("articles:front")
    yield from _example("section", Category.objects.filter(parent=None, children__isnull=False))
    yield from _example("empty section", _without_articles())
    if first is not None:
        yield "article", first.get_absolute_url()
        yield "comment form", reverse("comments:send", args=[first.pk])
        yield "comment sent", reverse("comments:sent", args=[first.pk])
    yield from _example("long article", public.order_by(Length("body").desc()))
    discussed = public.order_by("-approved_comments")
    yield from _example("article with comments", discussed)
    for article in discussed[:1]:
        yield "all comments", reverse("comments:all", args=[article.pk])
    yield from _example("article with a table", public.filter(body__contains="<table"))
    yield from _example("article with a correction", public.filter(corrections__isnull=False))
    yield from _example("article with a translation", public.filter(original__isnull=False))
    yield from _example("spoken article", public.filter(narration__isnull=False))
    withdrawn = Article.objects.filter(status=Article.Status.WITHDRAWN).exclude(published_at=None)
    yield from _example("withdrawn article", withdrawn)
    yield from _example("live coverage", public.filter(live_event__isnull=False))
    yield from _example("live entry", LiveEntry.objects.published())
    yield from _example("photo story", public.filter(format=Article.Format.PHOTO))
    yield from _example("video story", public.filter(format=Article.Format.VIDEO))
    yield "photo stories", reverse("articles:photo_stories")
    yield "videos", reverse("articles:videos")
    yield from _example("author", _busiest(Author.objects.all()))
    yield from _example("tag", _busiest(Tag.objects.all()))
    yield from _example("topic", _busiest(Topic.objects.all()))
    yield "topics", reverse("articles:topics")
    yield "search", f"{reverse('search:results')}?q=ben+lau"
    yield "second page of a search", f"{reverse('search:results')}?q=mot&trang=2"
    yield "search not begun", reverse("search:results")
    yield (
        "search with filters",
        f"{reverse('search:results')}?q=bien&thoi-gian=thang&sap-xep=moi-nhat",
    )
    yield "search with a slip", f"{reverse('search:results')}?q=ben+lauu"
    yield "search without a result", f"{reverse('search:results')}?q=xyzzy"
    yield "corrections", reverse("articles:corrections")
    yield "feeds", reverse("articles:feeds")
    if day is not None:
        yield "month", reverse("articles:archive_month", args=[day.year, day.month])
        yield "day", reverse("articles:archive_day", args=[day.year, day.month, day.day])
        # Not today's: soon after midnight there is none.
        yield "paper to take along", reverse("offline:day", args=[day])
    yield "imprint", reverse("masthead:imprint")
    yield from _example("standing page", StandingPage.objects.published())
    yield "today's paper", reverse("offline:today")
    yield "saved articles", reverse("offline:saved")
    yield "kept copies", reverse("offline:kept")
    yield "page not found", "/khong-co-trang-nay/"
    with translation.override("en"):
        yield "English front", reverse("articles:front")
        yield from _example("English section", _sections_of(Article.objects.in_language()))
        yield from _example("English article", Article.objects.published().in_language())
        english = Article.objects.published().in_language().filter(comments_open=True)
        for article in english[:1]:
            yield "English comment form", reverse("comments:send", args=[article.pk])
        yield "English corrections", reverse("articles:corrections")
        yield "English today's paper", reverse("offline:today")
        yield "English saved articles", reverse("offline:saved")
        yield "English search without a result", f"{reverse('search:results')}?q=xyzzy"
        yield "English search", f"{reverse('search:results')}?q=river"
        yield "English page not found", "/en/no-such-page/"


def _sections_of(articles: ArticleQuerySet) -> QuerySet[Category]:
    return Category.objects.filter(pk__in=articles.published().values("category"))


def _without_articles() -> QuerySet[Category]:
    shown = Article.objects.published()
    also = shown.filter(more_categories__isnull=False).values("more_categories")
    below = Category.objects.exclude(parent=None)
    return below.exclude(pk__in=shown.values("category")).exclude(pk__in=also)


def _busiest(entries: QuerySet[Any]) -> QuerySet[Any]:
    """Those with the most articles first."""
    return entries.alias(number=Count("articles")).order_by("-number", "pk")


def _example(kind: str, entries: QuerySet[Any]) -> Iterator[tuple[str, str]]:
    entry = entries.first()
    if entry is not None:
        yield kind, entry.get_absolute_url()
