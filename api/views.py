"""The read-only API: what readers may read, as JSON for machines (docs/api.md)."""

from collections.abc import Callable
from datetime import UTC, datetime, time
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.dateparse import parse_date, parse_datetime
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import conditional_page

from api.live_entries import with_entries
from api.ninjs import news_item
from articles.lists import Placement
from articles.models import Article, ArticlePhoto, ArticleQuerySet, next_public_change
from articles.rendering import archive_photos, photo_tags, with_recordings
from categories.models import Category, CategoryAddress
from core import page_tags
from core.addresses import absolute
from core.converters import as_number
from core.languages import main_language
from masthead.templatetags.masthead import current_masthead

PAGE_SIZE = 20
CURSOR_TIME = "%Y%m%d%H%M%S%f"

View = Callable[..., HttpResponse]


class ApiError(Exception):
    """What the asker did wrong."""

    def __init__(self, status: int, message: str, parameter: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.parameter = parameter


class Moved(Exception):
    """The same is at another address."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


def api_view(view: View) -> View:
    """Answers GET and HEAD, from every site's scripts; errors are JSON too."""

    @csrf_exempt  # it changes nothing, and says itself that it is for reading
    @conditional_page
    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            if request.method not in ("GET", "HEAD"):
                raise ApiError(405, "This API is read-only: use GET.")
            response = view(request, *args, **kwargs)
        except Moved as moved:
            response = HttpResponsePermanentRedirect(moved.address)
        except ApiError as error:
            response = _error(error)
        response["Access-Control-Allow-Origin"] = "*"
        return response

    return wrapper


@api_view
def root(request: HttpRequest) -> HttpResponse:
    """What there is."""
    page_tags.tag(request, "masthead")
    articles = absolute(request, reverse("api:articles"))
    data = {
        "name": current_masthead(request).name,
        "articles": articles,
        "parameters": ["section", "since", "language", "cursor"],
        "standard": "ninjs 3.1",
    }
    return _json(data)


@api_view
def unknown(request: HttpRequest, rest: str) -> HttpResponse:
    raise ApiError(404, f"There is nothing at /api/{rest[:200]}. See /api/.")


@api_view
def bad_request(request: HttpRequest) -> HttpResponse:
    """For an address that no view is asked about, such as one with a NUL byte."""
    raise ApiError(400, "This address is damaged.")


@api_view
def articles(request: HttpRequest) -> HttpResponse:
    """Public articles, newest first, a page at a time; ``next`` is where it goes on."""
    known = {"section", "since", "language", "cursor"}
    if unknown_names := sorted(set(request.GET) - known):
        name = unknown_names[0]
        message = f"There is no such parameter; known are: {', '.join(sorted(known))}."
        raise ApiError(400, message, name)
    with translation.override(_language(request)):
        return _page(request)


def _page(request: HttpRequest) -> HttpResponse:
    """A page of the edition whose language is set."""
    page_tags.tag(request, "front")
    page_tags.expires_at(request, next_public_change(Article.objects.in_language()))
    section, since = _section(request), _since(request)
    numbers = _numbers(section, since, _cursor(request))
    found = _whole().published().in_bulk(numbers[:PAGE_SIZE])
    shown = [found[number] for number in numbers[:PAGE_SIZE] if number in found]
    for article in shown:
        _tag_relations(request, article)
    masthead = current_masthead(request)
    archive = archive_photos(article.body for article in shown)
    items = [news_item(request, article, masthead, archive) for article in shown]
    more = len(numbers) > PAGE_SIZE and shown
    following = _next_address(request, shown[-1]) if more else None
    return _json({"items": items, "next": following})


@api_view
def article(request: HttpRequest, pk: int) -> HttpResponse:
    page_tags.tag(request, f"article:{pk}")
    article = _whole().filter(pk=pk).first()
    if article is not None and article.status == Article.Status.WITHDRAWN and article.published_at:
        raise ApiError(410, "This article has been withdrawn.")
    if article is None or not article.is_public:
        if article is not None and article.is_scheduled:
            page_tags.expires_at(request, article.published_at)
        raise ApiError(404, "There is no such article.")
    with translation.override(article.language):
        _tag_relations(request, article)
        archive = archive_photos([article.body])
        return _json(news_item(request, article, current_masthead(request), archive))


def _tag_relations(request: HttpRequest, article: Article) -> None:
    page_tags.tag(request, f"article:{article.pk}", "menus", *photo_tags(article.body))
    for kind, related in (
        ("author", article.authors),
        ("tag", article.tags),
        ("topic", article.topics),
    ):
        page_tags.tag(request, *(f"{kind}:{entry.pk}" for entry in related.all()))


def _whole() -> ArticleQuerySet:
    photos = Prefetch("photos", ArticlePhoto.objects.select_related("photo"))
    return (
        Article.objects.select_related("category__parent", "live_event")
        .prefetch_related(photos, "authors", "tags", "topics", "corrections")
        .prefetch_related("more_categories__parent", with_recordings(), *with_entries())
        .defer("search_body", "search_keys", "internal_note")
    )


def _numbers(
    section: Category | None, since: datetime | None, cursor: tuple[datetime, int] | None
) -> list[int]:
    """The numbers of the articles of a page and of the one after it, from an index."""
    if section is None:
        public = Article.objects.published().in_language().newest_first()
        rows, when, number = public, "published_at", "pk"
    else:
        placed = Placement.objects.of(section).public().newest_first()
        rows, when, number = placed, "public_at", "article_id"  # type: ignore[assignment]
    if since is not None:
        rows = rows.filter(**{f"{when}__gte": since})
    if cursor is not None:
        at, last = cursor
        earlier = Q(**{f"{when}__lt": at}) | Q(**{when: at, f"{number}__lt": last})
        rows = rows.filter(earlier, **{f"{when}__lte": at})
    return list(rows.values_list(number, flat=True)[: PAGE_SIZE + 1])


def _section(request: HttpRequest) -> Category | None:
    slug = request.GET.get("section")
    if slug is None:
        return None
    category = Category.objects.filter(slug=slug).first()
    if category is None:
        raise _former_section(request, slug)
    page_tags.tag(request, f"category:{category.pk}")
    return category


def _former_section(request: HttpRequest, slug: str) -> Exception:
    """Under a former slug of a section programs are sent on, as people are."""
    former = CategoryAddress.objects.with_slug(slug).select_related("category").first()
    if former is None:
        message = "There is no such section; give the last part of its address."
        return ApiError(400, message, "section")
    page_tags.tag(request, f"category:{former.category_id}")
    query = urlencode({**request.GET.dict(), "section": former.category.slug})
    return Moved(f"{request.path}?{query}")


def _language(request: HttpRequest) -> str:
    language = request.GET.get("language", main_language())
    languages = [code for code, _name in settings.LANGUAGES]
    if language not in languages:
        raise ApiError(400, f"The languages are: {', '.join(languages)}.", "language")
    return language


def _since(request: HttpRequest) -> datetime | None:
    text = request.GET.get("since")
    if text is None:
        return None
    # A plus sign that was not written as %2B arrives as a blank.
    text = text.replace(" ", "+")
    try:
        return _moment(text)
    except (ValueError, OverflowError):  # the first and last days of the calendar have no UTC
        message = "Give a time such as 2026-11-24T09:00:00+07:00 or a day such as 2026-11-24."
        raise ApiError(400, message, "since") from None


def _moment(text: str) -> datetime:
    moment = parse_datetime(text)
    if moment is None:
        day = parse_date(text)
        if day is None:
            raise ValueError
        moment = datetime.combine(day, time.min)
    aware = timezone.make_aware(moment) if timezone.is_naive(moment) else moment
    return aware.astimezone(UTC)


def _cursor(request: HttpRequest) -> tuple[datetime, int] | None:
    """Where the page before ended: the time and the number of its last article."""
    text = request.GET.get("cursor")
    if text is None:
        return None
    at, _dash, number = text.partition("-")
    try:
        last = as_number(number)
        if last is None:
            raise ValueError
        return datetime.strptime(at, CURSOR_TIME).replace(tzinfo=UTC), last
    except ValueError:
        message = "Take the cursor from “next” of the page before."
        raise ApiError(400, message, "cursor") from None


def _next_address(request: HttpRequest, last: Article) -> str:
    assert last.published_at is not None  # noqa: S101 - it is public
    at = last.published_at.astimezone(UTC)
    query = urlencode({**request.GET.dict(), "cursor": f"{at:{CURSOR_TIME}}-{last.pk}"})
    return f"{absolute(request, request.path)}?{query}"


def _error(error: ApiError) -> HttpResponse:
    data: dict[str, Any] = {"status": error.status, "message": error.message}
    if error.parameter:
        data["parameter"] = error.parameter
    response = _json({"error": data}, status=error.status)
    if error.status == 405:
        response["Allow"] = "GET, HEAD"
    return response


def _json(data: dict[str, Any], status: int = 200) -> HttpResponse:
    return JsonResponse(data, status=status, json_dumps_params={"ensure_ascii": False})
