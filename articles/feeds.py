"""RSS 2.0 of the newest articles, of the whole paper and of each section."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.feedgenerator import Enclosure, Rss201rev2Feed
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from articles.bylines import byline_parts
from articles.models import Article, ArticleQuerySet, Author, next_public_change
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
    page_tags.tag(request, f"category:{category.pk}")
    title = f"{category.name} - {current_masthead(request).name}"
    listed = _stories().listed(category)
    page_tags.expires_at(request, listed.changes_at)
    description, address = category.description, category.get_absolute_url()
    return _feed(request, listed[:ITEMS], title, description, address)


@require_safe
def list_of_feeds(request: HttpRequest) -> HttpResponse:
    """A page for people that names every feed."""
    page_tags.tag(request, "menus")
    return render(request, "articles/feeds.html")


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
