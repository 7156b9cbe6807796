"""Feeds of the newest articles: of the paper, a section, an author, a keyword, a topic.

Each in RSS, Atom and JSON Feed, with the standfirsts or, by FEED_FULL_TEXT, the whole texts.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.feedgenerator import Enclosure
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from articles.bylines import byline_parts
from articles.feed_forms import FORMS, Picture, Played
from articles.former import sent_on
from articles.lists import FORMATS, InFormat, Kind, ListSize, Placement
from articles.models import (
    Article,
    ArticlePhoto,
    ArticleQuerySet,
    Author,
    Tag,
    Topic,
    next_public_change,
)
from articles.rendering import (
    Archive,
    archive_photos,
    photo_tags,
    recordings_of,
    render_plain,
    with_recordings,
)
from categories.menus import menu_tree
from categories.models import Category, CategoryAddress
from core import page_tags
from core.addresses import absolute
from core.languages import current_language
from core.vietnamese import HANOI
from masthead.templatetags.masthead import current_masthead
from photos import renditions

ITEMS = 50
PICTURE_WIDTH = 1080
# Keywords are many; the list of feeds names those with most articles.
MOST_TAGS = 200

Owner = Category | Author | Tag | Topic | InFormat

_FROM_ROOT = re.compile(r'\b(href|src|poster)="/(?!/)')


def feed_paths(owner: Owner | None = None) -> dict[str, str]:
    """Where the feed of ``owner``, or the paper's, answers in each form."""
    if owner is None:
        names = {"rss": "feed", "atom": "atom_feed", "json": "json_feed"}
        return {form: reverse(f"articles:{name}") for form, name in names.items()}
    kind = "format" if isinstance(owner, InFormat) else owner._meta.model_name
    name = f"articles:{kind}_feed"
    return {form: reverse(name, args=[owner.slug, form]) for form in FORMS}


@require_safe
@conditional_page
def newest(request: HttpRequest, form: str = "rss") -> HttpResponse:
    page_tags.tag(request, "front")
    masthead = current_masthead(request)
    page_tags.expires_at(request, next_public_change(Article.objects.in_language()))
    stories = _stories().published().in_language().newest_first()[:ITEMS]
    front = reverse("articles:front")
    return _feed(request, form, stories, masthead.name, masthead.tagline, front)


@require_safe
@conditional_page
def section(request: HttpRequest, slug: str, form: str = "rss") -> HttpResponse:
    """Under a former slug of the section programs are sent on, as people are."""
    category = Category.objects.select_related("parent").filter(slug=slug).first()
    if category is None:
        former = CategoryAddress.objects.with_slug(slug).select_related("category").first()
        if former is None:
            raise Http404
        return redirect(feed_paths(former.category)[form], permanent=True)
    return _list_feed(request, form, category, category.shown_description)


@require_safe
@conditional_page
def author(request: HttpRequest, slug: str, form: str = "rss") -> HttpResponse:
    author = Author.objects.filter(slug=slug).first()
    if author is None:
        return sent_on(request, Author, slug, lambda owner: feed_paths(owner)[form])
    return _list_feed(request, form, author, author.shown_role)


@require_safe
@conditional_page
def tag(request: HttpRequest, slug: str, form: str = "rss") -> HttpResponse:
    tag = Tag.objects.filter(slug=slug).first()
    if tag is None:
        return sent_on(request, Tag, slug, lambda owner: feed_paths(owner)[form])
    return _list_feed(request, form, tag, may_be_empty=False)


@require_safe
@conditional_page
def topic(request: HttpRequest, slug: str, form: str = "rss") -> HttpResponse:
    topic = Topic.objects.filter(slug=slug).first()
    if topic is None:
        return sent_on(request, Topic, slug, lambda owner: feed_paths(owner)[form])
    return _list_feed(request, form, topic, topic.shown_description, may_be_empty=False)


@require_safe
@conditional_page
def told_in(request: HttpRequest, slug: str, form: str = "rss") -> HttpResponse:
    """Photo stories or videos."""
    return _list_feed(request, form, next(one for one in FORMATS if one.slug == slug))


@require_safe
def list_of_feeds(request: HttpRequest) -> HttpResponse:
    """A page for people that names every section's feed."""
    page_tags.tag(request, "menus")
    return render(request, "articles/feeds.html")


@require_safe
@conditional_page
def opml(request: HttpRequest) -> HttpResponse:
    """Every feed in one file, for feed readers."""
    page_tags.tag(request, "front", "menus")
    page_tags.expires_at(request, next_public_change(Article.objects.in_language()))
    sections = []
    for top in menu_tree(request):
        sections += [top, *top.menu_children]  # type: ignore[attr-defined]
    sizes = ListSize.objects.filter(kind=Kind.TAG, language=current_language())
    sizes = sizes.order_by("-articles", "owner")
    largest = list(sizes.values_list("owner", flat=True)[:MOST_TAGS])
    groups: list[tuple[str, Sequence[Owner]]] = [
        (_("Sections"), list({section.pk: section for section in sections}.values())),
        (_("Authors"), list(Author.objects.filter(_is_listed(Kind.AUTHOR)))),
        (_("Running stories"), list(Topic.objects.filter(_is_listed(Kind.TOPIC)))),
        (_("Keywords"), list(Tag.objects.filter(_is_listed(Kind.TAG), pk__in=largest))),
    ]
    for _name, owners in groups:
        page_tags.tag(request, *(_page_tag(owner) for owner in owners))
    context = {
        "paper": current_masthead(request),
        "feed": absolute(request, reverse("articles:feed")),
        "front": absolute(request, reverse("articles:front")),
        "groups": [(name, [_outline(request, owner) for owner in all_]) for name, all_ in groups],
    }
    content_type = "text/x-opml; charset=utf-8"
    return render(request, "articles/feeds.opml", context, content_type=content_type)


def _outline(request: HttpRequest, owner: Owner) -> dict[str, str]:
    return {
        "name": _name(owner),
        "feed": absolute(request, feed_paths(owner)["rss"]),
        "page": absolute(request, owner.get_absolute_url()),
    }


def _name(owner: Owner) -> str:
    return owner.name if isinstance(owner, Author | InFormat) else owner.shown_name


def _is_listed(kind: Kind) -> Exists:
    return Exists(Placement.objects.filter(kind=kind, owner=OuterRef("pk")).in_language().public())


def _page_tag(owner: Owner) -> str:
    return owner.page_tag if isinstance(owner, InFormat) else f"{owner._meta.model_name}:{owner.pk}"


def _list_feed(
    request: HttpRequest, form: str, owner: Owner, description: str = "", may_be_empty: bool = True
) -> HttpResponse:
    page_tags.tag(request, _page_tag(owner))
    title = f"{_name(owner)} - {current_masthead(request).name}"
    listed = _stories().listed(owner)
    page_tags.expires_at(request, listed.changes_at)
    stories = listed[:ITEMS]
    if not stories and not may_be_empty:
        raise Http404
    return _feed(request, form, stories, title, description, owner.get_absolute_url())


def _stories() -> ArticleQuerySet:
    stories = Article.objects.for_cards().prefetch_related("authors", "tags", with_recordings())
    if settings.FEED_FULL_TEXT:
        stories = stories.defer(None).defer("search_body", "search_keys", "internal_note")
    return stories


def _feed(
    request: HttpRequest,
    form: str,
    stories: Iterable[Article],
    title: str,
    description: str,
    link: str,
) -> HttpResponse:
    stories = list(stories)
    # The names of sections, authors and keywords stand in the entries.
    page_tags.tag(request, "menus")
    for article in stories:
        named = (article, *article.authors.all(), *article.tags.all())
        page_tags.tag(request, *(f"{one._meta.model_name}:{one.pk}" for one in named))
    bodies = [article.body for article in stories] if settings.FEED_FULL_TEXT else []
    page_tags.tag(request, *photo_tags(*bodies))
    archive = archive_photos(bodies)
    feed_class = FORMS[form]
    feed = feed_class(
        title=title,
        link=absolute(request, link),
        description=description or title,
        subtitle_text=description,
        language=current_language(),
        author_name=current_masthead(request).name,
        feed_url=absolute(request, request.path),
        hub=settings.WEBSUB_HUB_URL,
    )
    for article in stories:
        _add(feed, request, article, archive)
    response = HttpResponse(content_type=feed_class.content_type)
    feed.write(response, "utf-8")
    return response


def _add(feed: object, request: HttpRequest, article: Article, archive: Archive) -> None:
    picture = _picture(request, article.lead_photo)
    played = [
        Played(absolute(request, one.url), one.mime_type, one.size, one.duration)
        for one in recordings_of(article)
    ]
    published = article.published_at
    assert published is not None  # noqa: S101 - the database refuses a published one without
    tags = article.tags.all()
    parts = byline_parts(article.byline, list(article.authors.all()))
    feed.add_item(  # type: ignore[attr-defined]
        title=article.headline,
        link=absolute(request, article.get_absolute_url()),
        # Readers' programs take it for HTML.
        description=escape(article.standfirst),
        standfirst=article.standfirst,
        html=_whole_text(request, article, archive) if settings.FEED_FULL_TEXT else "",
        author_name="".join(part.text for part in parts),
        pubdate=_to_the_second(published),
        updateddate=_to_the_second(article.revised_at or published),
        # Stable for ever, whatever becomes of the headline: readers' programs go by it.
        unique_id=absolute(request, f"/{article.pk}"),
        unique_id_is_permalink=False,
        categories=list(
            dict.fromkeys([article.category.shown_name, *(tag.shown_name for tag in tags)])
        ),
        enclosures=_enclosures(played, picture),
        picture=picture,
        played=played,
    )


def _enclosures(played: list[Played], picture: Picture | None) -> list[Enclosure]:
    """The one that RSS allows: what can be played, else the picture."""
    if played:
        return [Enclosure(played[0].url, str(played[0].size), played[0].content_type)]
    return [Enclosure(picture.url, "0", "image/jpeg")] if picture else []


def _to_the_second(moment: datetime) -> datetime:
    return moment.astimezone(HANOI).replace(microsecond=0)


def _picture(request: HttpRequest, use: ArticlePhoto | None) -> Picture | None:
    if use is None or use.photo is None:
        return None
    sources = renditions.sources(use.photo)
    source = next((one for one in sources if one.width >= PICTURE_WIDTH), sources[-1])
    url = absolute(request, source.jpeg)
    return Picture(url, source.width, source.height, use.shown_credit)


def _whole_text(request: HttpRequest, article: Article, archive: Archive) -> str:
    html: str = render_plain(article, list(article.photos.all()), archive, recordings_of(article))
    if article.standfirst:
        html = f"<p><strong>{escape(article.standfirst)}</strong></p>\n{html}"
    return with_full_addresses(request, html)


def with_full_addresses(request: HttpRequest, html: str) -> str:
    """``html`` whose links and pictures work wherever it is shown."""
    return _FROM_ROOT.sub(rf'\1="{absolute(request, "/")}', html)
