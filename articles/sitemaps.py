"""Sitemaps: an index, its parts, and the one for news of the last two days."""

from collections.abc import Iterable
from datetime import timedelta
from functools import lru_cache

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import Exists, Max, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import conditional_page, require_safe

from articles.alternates import Alternate, alternates
from articles.lists import FORMATS, InFormat, Kind, Placement
from articles.models import (
    Article,
    ArticlePhoto,
    Author,
    Topic,
    next_public_change,
)
from articles.templatetags.reading import iso
from categories.menus import editions
from categories.models import Category
from core import page_tags
from core.addresses import absolute
from core.languages import current_language, main_language
from masthead.models import StandingPage
from masthead.templatetags.masthead import current_masthead
from photos import renditions
from photos.models import Photo

# Articles of one part, as many as the format allows: those whose numbers begin a multiple of this.
# So a part keeps its articles, however many are published or withdrawn.
IN_PART = 50_000
# Beyond this the numbers of its articles would be larger than any can be.
HIGHEST_PART = 2**40
# A part must stay under 50 MB.
IMAGES_EACH = 3
NEWS_HOURS = 48
MOST_NEWS = 1000


@require_safe
@conditional_page
def index(request: HttpRequest) -> HttpResponse:
    page_tags.tag_all_editions(request, "front")
    highest = Article.objects.published().aggregate(highest=Max("pk"))["highest"]
    parts = range(highest // IN_PART + 1) if highest else []
    addresses = [reverse("machines:sitemap_pages")]
    addresses += [reverse("machines:sitemap_articles", args=[part]) for part in parts]
    context = {"addresses": [absolute(request, address) for address in addresses]}
    return _xml(request, "articles/sitemap_index.xml", context)


@require_safe
@conditional_page
def pages(request: HttpRequest) -> HttpResponse:
    """Front page, sections, authors, topics and what else stays at its address, of each edition."""
    page_tags.tag_all_editions(request, "front", "menus", "standing_pages", "addresses")
    # The first article of an author or a running story makes a page of theirs.
    page_tags.expires_at(request, next_public_change(Article.objects.all()))
    addresses: list[str] = []
    for language, _name in editions(request):
        with translation.override(language):
            addresses += _pages_of_edition()
    urls = [{"location": absolute(request, address)} for address in addresses]
    return _xml(request, "articles/sitemap.xml", {"urls": urls})


def _pages_of_edition() -> list[str]:
    sections = Category.objects.in_menus().select_related("parent")
    if current_language() != main_language():
        sections = sections.filter(_has_articles(Kind.SECTION))
    entries: list[Category | Author | Topic | InFormat | StandingPage] = [
        *sections,
        *Author.objects.filter(_has_articles(Kind.AUTHOR)),
        *Topic.objects.filter(_has_articles(Kind.TOPIC)),
    ]
    names = ("articles:front", "articles:corrections", "masthead:imprint")
    addresses = [reverse(name) for name in names]
    entries += StandingPage.objects.published().only("slug", "language")
    entries += [owner for owner in FORMATS if Placement.objects.of(owner).public().exists()]
    return addresses + [entry.get_absolute_url() for entry in entries]


def _has_articles(kind: Kind) -> Exists:
    return Exists(Placement.objects.filter(kind=kind, owner=OuterRef("pk")).in_language().public())


def part_tag(number: int) -> str:
    """The tag of the part that has the article of this number, for a change only sitemaps show."""
    return f"sitemap:{number // IN_PART}"


@require_safe
@conditional_page
def articles(request: HttpRequest, part: int) -> HttpResponse:
    page_tags.tag_all_editions(request, "front", part_tag(part * IN_PART))
    if part > HIGHEST_PART:
        raise Http404
    first = part * IN_PART
    public = Article.objects.published().filter(pk__gte=first, pk__lt=first + IN_PART)
    rows = list(
        public.order_by("-pk").values_list(
            "language", "slug", "pk", "published_at", "revised_at", "original"
        )
    )
    patterns, images = _patterns(request), _images(request, first)
    versions = _versions(patterns, {row[-1] for row in rows} - {None})
    urls = [
        f"<url><loc>{patterns[language] % (slug, pk)}</loc>"
        f"<lastmod>{iso(revised or published)}</lastmod>"
        f"{versions.get(original, '')}{images.get(pk, '')}</url>"
        for language, slug, pk, published, revised, original in rows
        if published
    ]
    if not urls and part:
        raise Http404
    page_tags.expires_at(request, next_public_change(Article.objects.all()))
    xml = "\n".join([_BEGIN, *urls, "</urlset>\n"])
    return HttpResponse(xml, content_type="application/xml; charset=utf-8")


def _patterns(request: HttpRequest) -> dict[str, str]:
    """The address of an article by language, to be filled with slug and number.

    There are 50,000: one is asked for and serves as the pattern of the others.
    """
    patterns = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            address = absolute(request, reverse("articles:article", args=["SLUG", 0]))
        patterns[language] = address.replace("SLUG-0", "%s-%s")
    return patterns


def _versions(patterns: dict[str, str], originals: set[int | None]) -> dict[int | None, str]:
    """The entries of the pages in every language, by what the versions have in common."""
    # Nothing is asked when there are none: Django knows that no row is in an empty set.
    versions = Article.objects.published().filter(original__in=originals).order_by("pk")
    pages: dict[int | None, dict[str, str]] = {}
    for original, language, slug, pk in versions.values_list("original", "language", "slug", "pk"):
        pages.setdefault(original, {})[language] = patterns[language] % (slug, pk)
    return {original: _links(alternates(found)) for original, found in pages.items()}


def _links(pages: Iterable[Alternate]) -> str:
    return "".join(
        f'<xhtml:link rel="alternate" hreflang="{page.language}" href="{page.address}"/>'
        for page in pages
    )


def _images(request: HttpRequest, first: int) -> dict[int, str]:
    """The entries of the first pictures of the articles from number ``first`` on."""
    uses = ArticlePhoto.objects.filter(article__gte=first, article__lt=first + IN_PART)
    uses = uses.exclude(photo=None).order_by("article", "position", "id")
    columns = ("article_id", "photo__key", "photo__width", "photo__height")
    # As there, one address is the pattern of all.
    pattern = absolute(request, default_storage.url(renditions.path("KEY", "NAME", "jpg")))
    pattern = pattern.replace("KEY", "%s").replace("NAME", "%s")
    found: dict[int, list[str]] = {}
    for article, key, width, height in uses.values_list(*columns).iterator():
        entries = found.setdefault(article, [])
        if len(entries) < IMAGES_EACH:
            address = pattern % (key, _largest(width, height))
            entries.append(f"<image:image><image:loc>{address}</image:loc></image:image>")
    return {article: "".join(entries) for article, entries in found.items()}


@lru_cache(10_000)
def _largest(width: int, height: int) -> str:
    """The name of the largest file of a photo of that size."""
    return renditions.sizes(Photo(width=width, height=height))[-1].name


_BEGIN = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
    ' xmlns:xhtml="http://www.w3.org/1999/xhtml">'
)


@require_safe
@conditional_page
def news(request: HttpRequest) -> HttpResponse:
    page_tags.tag_all_editions(request, "front")
    now = timezone.now()
    since = now - timedelta(hours=NEWS_HOURS)
    recent = Article.objects.published().filter(published_at__gte=since).newest_first()
    stories = list(recent.only("pk", "language", "slug", "headline", "published_at")[:MOST_NEWS])
    page_tags.expires_at(request, next_public_change(Article.objects.all()))
    page_tags.expires_at(request, now + timedelta(hours=1))
    context = {"stories": stories, "paper": current_masthead(request)}
    return _xml(request, "articles/news_sitemap.xml", context)


def _xml(request: HttpRequest, template: str, context: dict) -> HttpResponse:
    return render(request, template, context, content_type="application/xml; charset=utf-8")
