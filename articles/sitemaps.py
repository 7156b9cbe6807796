"""Sitemaps: an index, its parts, and the one for news of the last two days."""

from datetime import timedelta
from functools import lru_cache

from django.core.files.storage import default_storage
from django.db.models import Exists, Max, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import conditional_page, require_safe

from articles.lists import Kind, Placement
from articles.models import Article, ArticlePhoto, Author, Topic, next_public_change
from articles.templatetags.reading import iso
from categories.models import Category
from core import page_tags
from core.addresses import absolute
from masthead.templatetags.masthead import current_masthead
from photos import renditions
from photos.models import Photo

# Articles of one part, as many as the format allows: those whose numbers begin a multiple of this.
# So a part keeps its articles, however many are published or withdrawn.
IN_PART = 50_000
# A part must stay under 50 MB.
IMAGES_EACH = 3
NEWS_HOURS = 48
MOST_NEWS = 1000


@require_safe
@conditional_page
def index(request: HttpRequest) -> HttpResponse:
    page_tags.tag(request, "front")
    highest = Article.objects.published().aggregate(highest=Max("pk"))["highest"]
    parts = range(highest // IN_PART + 1) if highest else []
    addresses = [reverse("machines:sitemap_pages")]
    addresses += [reverse("machines:sitemap_articles", args=[part]) for part in parts]
    context = {"addresses": [absolute(request, address) for address in addresses]}
    return _xml(request, "articles/sitemap_index.xml", context)


@require_safe
@conditional_page
def pages(request: HttpRequest) -> HttpResponse:
    """Front page, sections, authors, topics and what else stays at its address."""
    page_tags.tag(request, "front", "menus")
    entries: list[Category | Author | Topic] = [
        *Category.objects.in_menus().select_related("parent"),
        *Author.objects.filter(_has_articles(Kind.AUTHOR)),
        *Topic.objects.filter(_has_articles(Kind.TOPIC)),
    ]
    addresses = [reverse("articles:front"), reverse("articles:corrections")]
    addresses += [entry.get_absolute_url() for entry in entries]
    urls = [{"location": absolute(request, address)} for address in addresses]
    return _xml(request, "articles/sitemap.xml", {"urls": urls})


def _has_articles(kind: Kind) -> Exists:
    return Exists(Placement.objects.filter(kind=kind, owner=OuterRef("pk")).public())


@require_safe
@conditional_page
def articles(request: HttpRequest, part: int) -> HttpResponse:
    page_tags.tag(request, "front")
    if part > 2**40:
        raise Http404
    first = part * IN_PART
    public = Article.objects.published().filter(pk__gte=first, pk__lt=first + IN_PART)
    rows = public.order_by("-pk").values_list("slug", "pk", "published_at", "revised_at")
    # 50,000 addresses: one is asked for and serves as the pattern of the others.
    pattern = absolute(request, reverse("articles:article", args=["SLUG", 0]))
    pattern = pattern.replace("SLUG-0", "%s-%s")
    images = _images(request, first)
    urls = [
        f"<url><loc>{pattern % (slug, pk)}</loc>"
        f"<lastmod>{iso(revised or published)}</lastmod>{images.get(pk, '')}</url>"
        for slug, pk, published, revised in rows
        if published
    ]
    if not urls and part:
        raise Http404
    page_tags.expires_at(request, next_public_change(Article.objects.all()))
    xml = "\n".join([_BEGIN, *urls, "</urlset>\n"])
    return HttpResponse(xml, content_type="application/xml; charset=utf-8")


def _images(request: HttpRequest, first: int) -> dict[int, str]:
    """The entries of the first pictures of the articles from number ``first`` on."""
    uses = ArticlePhoto.objects.filter(article__gte=first, article__lt=first + IN_PART)
    uses = uses.exclude(photo=None).order_by("article", "position", "id")
    columns = ("article_id", "photo__key", "photo__width", "photo__height")
    # As above, one address is the pattern of all.
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
    ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">'
)


@require_safe
@conditional_page
def news(request: HttpRequest) -> HttpResponse:
    page_tags.tag(request, "front")
    now = timezone.now()
    since = now - timedelta(hours=NEWS_HOURS)
    recent = Article.objects.published().filter(published_at__gte=since).newest_first()
    stories = list(recent.only("pk", "language", "slug", "headline", "published_at")[:MOST_NEWS])
    page_tags.expires_at(request, next_public_change(Article.objects.all()))
    page_tags.expires_at(request, now + timedelta(hours=1))
    context = {"stories": stories, "paper": current_masthead(request).name}
    return _xml(request, "articles/news_sitemap.xml", context)


def _xml(request: HttpRequest, template: str, context: dict) -> HttpResponse:
    return render(request, template, context, content_type="application/xml; charset=utf-8")
