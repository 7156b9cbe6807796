"""The pages of the paper: front, article, author, tag, topic, corrections.

Each view notes what its page shows (``core.page_tags``) before it reads it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Subquery, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.alternates import article_pages, front_pages
from articles.breaking import newest_line
from articles.bylines import byline_parts
from articles.former import sent_on
from articles.front_page import front_page
from articles.linked_data import article_data, paper_data
from articles.lists import FORMATS, PHOTO_STORIES, VIDEOS, InFormat, Kind, Placement
from articles.models import (
    Article,
    ArticlePhoto,
    Author,
    Correction,
    RelatedLink,
    Tag,
    Topic,
    has_recordings,
    next_public_change,
)
from articles.related import others_of
from articles.rendering import photo_tags, recordings_of, render_body
from articles.versions import other_versions
from categories.menus import editions, menu_tree
from core import page_tags
from core.addresses import absolute
from core.languages import current_language
from core.paging import first_page_is_clean, numbered_page
from masthead.templatetags.masthead import current_masthead
from recordings.models import Recording

# A tag page with fewer articles says too little to be worth finding in a search engine.
FEWEST_TO_INDEX = 3


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The front page: the desk's choice, then the newest, then a block for each section."""
    page_tags.tag(request, "front")
    front = front_page(menu_tree(request))
    _tag_stories(request, front.stories)
    page_tags.expires_at(request, front.changes_at)
    page_tags.expires_at(request, next_public_change(Article.objects.in_language()))
    page_tags.expires_at(request, _next_midnight())
    linked_data = paper_data(request, current_masthead(request))
    context = {
        "front": front,
        "linked_data": linked_data,
        "alternates": front_pages(request, editions(request)),
    }
    return render(request, "articles/front.html", context)


@require_safe
def article(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """An article; a stale slug is sent on, a withdrawn article answers 410."""
    page_tags.tag(request, f"article:{pk}")
    article, versions = _whole_article(pk)
    if article is None:
        raise Http404
    if article.status == Article.Status.WITHDRAWN and article.published_at:
        if article.language != current_language():
            return redirect(article, permanent=True)  # the note is in the article's language
        return render(request, "articles/withdrawn.html", {"article": article}, status=410)
    if not article.is_public:
        if article.is_scheduled:
            page_tags.expires_at(request, article.published_at)
        raise Http404
    if request.path != article.get_absolute_url():
        return redirect(article, permanent=True)
    return render(request, "articles/article.html", article_context(request, article, versions))


def article_context(
    request: HttpRequest, article: Article, versions: Iterable[Article]
) -> dict[str, Any]:
    """All that the reader's template shows of ``article``; the preview of a draft uses it too.

    ``versions`` are those in other languages, in every state: readers get the public ones.
    """
    _read_parts(article)
    authors, tags = list(article.authors.all()), list(article.tags.all())
    others = others_of(article, has_links=_may_have(article, "links"))
    page_tags.expires_at(request, others.changes_at)
    page_tags.tag(request, *(f"article:{pk}" for pk in others.shown))
    page_tags.tag(request, *(f"author:{author.pk}" for author in authors))
    page_tags.tag(request, *(f"tag:{tag.pk}" for tag in tags))
    page_tags.tag(request, *(f"topic:{topic.pk}" for topic in others.topics))
    page_tags.tag(request, *photo_tags(article.body))
    photos, recordings = list(article.photos.all()), recordings_of(article)
    lead_photo = article.lead_photo
    body = render_body(article, photos, others.related, recordings, others.linked)
    translations = _public_versions(request, versions)
    return {
        "article": article,
        "translations": translations,
        "alternates": article_pages(request, [article, *translations]),
        "address": absolute(request, article.get_absolute_url()),
        "body": body,
        "byline": byline_parts(article.byline, authors),
        "authors": authors,
        # Those of whom there is more to say than the byline does.
        "introduced": [one for one in authors if one.photo or one.shown_role or one.shown_bio],
        "tags": tags,
        "streams": others.streams,
        "corrections": list(article.corrections.all()),
        "related": others.related,
        "share_photo": lead_photo.photo if lead_photo else None,
        "share_video": body.leading or _told_by(article, recordings),
        "linked_data": article_data(
            request, article, authors, current_masthead(request), translations, recordings
        ),
    }


def _told_by(article: Article, recordings: Iterable[Recording]) -> Recording | None:
    """The first video of an article that is told as one, wherever it stands in the text."""
    if article.format != Article.Format.VIDEO:
        return None
    return next((one for one in recordings if one.is_video), None)


def _public_versions(request: HttpRequest, versions: Iterable[Article]) -> list[Article]:
    """Those readers may see now; notes which they are and when the next one joins them."""
    found = []
    for version in versions:
        if version.is_public:
            page_tags.tag(request, f"article:{version.pk}")
            found.append(version)
        elif version.is_scheduled:
            page_tags.expires_at(request, version.published_at)
    return sorted(found, key=lambda version: version.pk)


def _whole_article(pk: int) -> tuple[Article | None, list[Article]]:
    """The article, if there is one, and its versions in other languages, in every state.

    They say whether they have what few articles have, see ``_may_have``.
    """
    photos = Prefetch("photos", ArticlePhoto.objects.select_related("photo"))
    articles = Article.objects.select_related("category__parent", "live_event", "narration")
    articles = articles.annotate(
        has_corrections=Exists(Correction.objects.filter(article=OuterRef("pk"))),
        has_links=Exists(RelatedLink.objects.filter(article=OuterRef("pk"))),
        has_recordings=has_recordings(),
        line=newest_line(),
    )
    article = articles.prefetch_related(photos).defer("search_body", "search_keys").filter(pk=pk)
    found = article.first()
    # A query of its own, for the few that have any: in one with the article SQLite reads whole
    # sections, as nearly all articles have none.
    versions = other_versions(found).defer("body", "search_body", "search_keys") if found else ()
    return found, list(versions)


def _read_parts(article: Article) -> None:
    """Its authors with their portraits, its keywords and its corrections."""
    authors = Prefetch("authors", Author.objects.select_related("photo"))
    corrections = Correction.objects.all()
    if not _may_have(article, "corrections"):
        corrections = corrections.none()
    prefetch_related_objects([article], authors, "tags", Prefetch("corrections", corrections))


def _may_have(article: Article, what: str) -> bool:
    """Whether to ask for them; nobody knows of an article that ``_whole_article`` did not read."""
    return bool(getattr(article, f"has_{what}", True))


@require_safe
@first_page_is_clean
def author(request: HttpRequest, slug: str) -> HttpResponse:
    author = Author.objects.select_related("photo").filter(slug=slug).first()
    if author is None:
        return sent_on(request, Author, slug, Author.get_absolute_url)
    page_tags.tag(request, f"author:{author.pk}")
    return _listing(request, author, {"author": author, "heading": author.name})


@require_safe
@first_page_is_clean
def tag(request: HttpRequest, slug: str) -> HttpResponse:
    """Articles with a keyword; a keyword that no public article has does not exist for readers."""
    tag = Tag.objects.filter(slug=slug).first()
    if tag is None:
        return sent_on(request, Tag, slug, Tag.get_absolute_url)
    page_tags.tag(request, f"tag:{tag.pk}")
    context = {"heading": tag.shown_name, "kind": _("Keyword"), "may_be_empty": False}
    return _listing(request, tag, context)


@require_safe
@first_page_is_clean
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """A running story, newest first; as with keywords, only once it has a public article."""
    topic = Topic.objects.filter(slug=slug).first()
    if topic is None:
        return sent_on(request, Topic, slug, Topic.get_absolute_url)
    page_tags.tag(request, f"topic:{topic.pk}")
    context = {
        "heading": topic.shown_name,
        "description": topic.shown_description,
        "kind": _("Running story"),
        "above": (_("Running stories"), reverse("articles:topics")),
        "may_be_empty": False,
    }
    return _listing(request, topic, context)


@require_safe
@first_page_is_clean
def topics(request: HttpRequest) -> HttpResponse:
    """Running stories, the one with the newest article first."""
    page_tags.tag(request, "front")
    placed = Placement.objects.filter(kind=Kind.TOPIC, owner=OuterRef("pk")).in_language().public()
    newest = placed.newest_first().values("public_at")[:1]
    running = Topic.objects.annotate(newest=Subquery(newest)).exclude(newest=None)
    page = numbered_page(request, running.order_by("-newest", "-id"))
    page_tags.tag(request, *(f"topic:{topic.pk}" for topic in page.object_list))
    page_tags.expires_at(request, next_public_change(Article.objects.in_language()))
    return render(request, "articles/topics.html", {"page": page})


@require_safe
@first_page_is_clean
def photo_stories(request: HttpRequest) -> HttpResponse:
    return _told_in(request, PHOTO_STORIES)


@require_safe
@first_page_is_clean
def videos(request: HttpRequest) -> HttpResponse:
    return _told_in(request, VIDEOS)


def _told_in(request: HttpRequest, owner: InFormat) -> HttpResponse:
    """All stories told in one format, newest first."""
    page_tags.tag(request, owner.page_tag)
    listed = Article.objects.for_cards().listed(owner)
    page = numbered_page(request, listed)
    page_tags.expires_at(request, listed.changes_at)
    stories = list(page.object_list)
    _tag_stories(request, stories)
    context = {"owner": owner, "page": page, "stories": stories, "others": FORMATS}
    return render(request, "recordings/stories.html", context)


@require_safe
@first_page_is_clean
def corrections(request: HttpRequest) -> HttpResponse:
    """Every correction of what readers may still read, newest first (Press Law, art. 42)."""
    page_tags.tag(request, "front")
    corrected = Article.objects.in_language().exclude(corrections=None)
    page_tags.expires_at(request, next_public_change(corrected))
    of_public = Article.objects.published().in_language().filter(pk=OuterRef("article"))
    public = Correction.objects.filter(Exists(of_public))
    page = numbered_page(request, public.select_related("article__category__parent"))
    _tag_stories(request, (correction.article for correction in page.object_list))
    return render(request, "articles/corrections.html", {"page": page})


def _listing(
    request: HttpRequest, owner: Author | Tag | Topic, context: dict[str, Any]
) -> HttpResponse:
    listed = Article.objects.for_cards().listed(owner)
    page = numbered_page(request, listed)
    page_tags.expires_at(request, listed.changes_at)
    if not page.paginator.count and not context.get("may_be_empty", True):
        raise Http404
    stories: Sequence[Article] = list(page.object_list)
    _tag_stories(request, stories)
    context |= {
        "page": page,
        "stories": stories,
        "noindex": page.paginator.count < FEWEST_TO_INDEX,
        "feed": reverse(f"articles:{owner._meta.model_name}_feed", args=[owner.slug]),
        "owner": owner,
        **_shown_elsewhere(owner, stories),
    }
    return render(request, "articles/listing.html", context)


def _shown_elsewhere(owner: Author | Tag | Topic, stories: Sequence[Article]) -> dict[str, Any]:
    """How other sites show the page of ``owner``: an author's portrait, else the newest photo."""
    portrait = owner.photo if isinstance(owner, Author) else None
    newest = next((use.photo for story in stories if (use := story.lead_photo)), None)
    return {
        "about": owner.shown_bio
        if isinstance(owner, Author)
        else getattr(owner, "shown_description", ""),
        "share_photo": portrait or newest,
        "share_type": "profile" if isinstance(owner, Author) else "website",
    }


def _tag_stories(request: HttpRequest, stories: Iterable[Article]) -> None:
    page_tags.tag(request, *(f"article:{story.pk}" for story in stories))


def _next_midnight() -> datetime:
    """When times of day on a page must become dates."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    return timezone.make_aware(datetime.combine(tomorrow, time.min))
