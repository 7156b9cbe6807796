"""RSS 2.0 of the newest articles: of the paper, a section, an author, a keyword, a topic."""

from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.feedgenerator import Enclosure, Rss201rev2Feed
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from articles.bylines import byline_parts
from articles.models import Article, ArticleQuerySet, Author, Tag, Topic, next_public_change
from categories.models import Category
from core import page_tags
from core.addresses import absolute
from masthead.templatetags.masthead import current_masthead
from photos import renditions

ITEMS = 50
SUMMARY_WIDTH = 720


@require_safe
def newest(request: HttpRequest) -> HttpResponse:
    page_tags.tag(request, "front")
    masthead = current_masthead(request)
    page_tags.expires_at(request, next_public_change(Article.objects.all()))
    stories = _stories().published().newest_first()[:ITEMS]
    return _feed(request, stories, masthead.name, masthead.tagline, reverse("articles:front"))


@require_safe
def section(request: HttpRequest, slug: str) -> HttpResponse:
    category = get_object_or_404(Category.objects.select_related("parent"), slug=slug)
    return _list_feed(request, category, category.description)


@require_safe
def author(request: HttpRequest, slug: str) -> HttpResponse:
    author = get_object_or_404(Author, slug=slug)
    return _list_feed(request, author, author.role)


@require_safe
def tag(request: HttpRequest, slug: str) -> HttpResponse:
    return _list_feed(request, get_object_or_404(Tag, slug=slug), may_be_empty=False)


@require_safe
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    topic = get_object_or_404(Topic, slug=slug)
    return _list_feed(request, topic, topic.description, may_be_empty=False)


@require_safe
def list_of_feeds(request: HttpRequest) -> HttpResponse:
    """A page for people that names every feed."""
    page_tags.tag(request, "menus")
    return render(request, "articles/feeds.html")


def _list_feed(
    request: HttpRequest,
    owner: Category | Author | Tag | Topic,
    description: str = "",
    may_be_empty: bool = True,
) -> HttpResponse:
    page_tags.tag(request, f"{owner._meta.model_name}:{owner.pk}")
    title = f"{owner.name} - {current_masthead(request).name}"
    listed = _stories().listed(owner)
    page_tags.expires_at(request, listed.changes_at)
    stories = listed[:ITEMS]
    if not stories and not may_be_empty:
        raise Http404
    return _feed(request, stories, title, description, owner.get_absolute_url())


def _stories() -> ArticleQuerySet:
    return Article.objects.for_cards().prefetch_related("authors")


def _feed(
    request: HttpRequest, stories: Iterable[Article], title: str, description: str, link: str
) -> HttpResponse:
    feed = Rss201rev2Feed(
        title=title,
        link=absolute(request, link),
        description=description or title,
        language=get_language() or "vi",
        feed_url=absolute(request, request.path),
    )
    for article in stories:
        page_tags.tag(request, f"article:{article.pk}")
        _add(feed, request, article)
    response = HttpResponse(content_type="application/rss+xml; charset=utf-8")
    feed.write(response, "utf-8")
    return response


def _add(feed: Rss201rev2Feed, request: HttpRequest, article: Article) -> None:
    use = article.lead_photo
    enclosures = []
    if use and use.photo:
        picture = absolute(request, renditions.url(use.photo, SUMMARY_WIDTH))
        enclosures.append(Enclosure(picture, "0", "image/jpeg"))
    feed.add_item(
        title=article.headline,
        link=absolute(request, article.get_absolute_url()),
        description=article.standfirst,
        author_name="".join(part.text for part in byline_parts(article.byline, _authors(article))),
        pubdate=article.published_at,
        updateddate=article.revised_at,
        # Stable for ever, whatever becomes of the headline: readers' programs go by it.
        unique_id=absolute(request, f"/{article.pk}"),
        unique_id_is_permalink=False,
        categories=[article.category.name],
        enclosures=enclosures,
    )


def _authors(article: Article) -> list[Author]:
    return list(article.authors.all())
