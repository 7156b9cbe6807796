"""Pages of a live coverage beside that of its article: older entries, one entry, the newest ones.

All answer only while the article is public, and are dropped with it.
"""

import re

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import escape
from django.utils.translation import get_language
from django.views.decorators.http import conditional_page, require_safe

from articles.feed_forms import RssFeed
from articles.models import Article
from core import page_tags
from core.addresses import absolute
from core.html import html_to_text
from core.languages import current_language
from core.vietnamese import truncate_chars
from live.coverage import (
    body_of,
    entries_with_photos,
    local,
    moment,
    read_page,
    title_of,
)
from live.models import LiveEvent
from masthead.templatetags.masthead import current_masthead

FEED_ITEMS = 50
NUMBER = re.compile(r"[1-9][0-9]{0,5}")


@require_safe
def entries(request: HttpRequest, pk: int) -> HttpResponse:
    """A numbered page of older entries; the first page is the article's own."""
    event = _public(request, pk)
    if event is None:
        return _withdrawn(request, pk)
    article = event.article
    if request.GET.get("trang", "1") == "1":
        return redirect(article, permanent=True)
    asked = request.GET["trang"]
    if not NUMBER.fullmatch(asked):
        raise Http404
    return render(request, "live/entries.html", _context(event, int(asked)))


@require_safe
def newest(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the article's page that changes, for its script to look for new entries."""
    event = _public(request, pk)
    if event is None:
        return _withdrawn(request, pk)
    response = render(request, "live/_live.html", _context(event, 1))
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def entry(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One entry by itself: what is shared and stays findable. 410 when it was withdrawn."""
    event = _public(request, pk)
    if event is None:
        return _withdrawn(request, pk)
    found = entries_with_photos(event).filter(pk=number).first()
    article = event.article
    if found is None:
        if event.entries.filter(pk=number).exclude(published_at=None).exists():
            template = "live/entry_withdrawn.html"
            return render(request, template, {"article": article}, status=410)
        raise Http404
    photos = [use.photo for use in found.uses.all()]
    text = " ".join(html_to_text(found.body).split())
    context = {
        "article": article,
        "event": event,
        "entry": found,
        "title": title_of(found),
        "description": truncate_chars(text, 300) if found.headline else article.headline,
        "address": absolute(request, request.path),
        "photo": photos[0] if photos else None,
    }
    return render(request, "live/entry.html", context)


@require_safe
@conditional_page
def feed(request: HttpRequest, pk: int) -> HttpResponse:
    """The newest entries in RSS."""
    event = _public(request, pk)
    if event is None:
        raise Http404
    article = event.article
    rss = RssFeed(
        title=f"{article.headline} - {current_masthead(request).name}",
        link=absolute(request, article.get_absolute_url()),
        description=article.standfirst or article.headline,
        language=get_language() or "vi",
        feed_url=absolute(request, request.path),
        hub=settings.WEBSUB_HUB_URL,
    )
    for found in entries_with_photos(event).newest_first()[:FEED_ITEMS]:
        published = local(moment(found)).replace(microsecond=0)
        updated = local(found.revised_at or published).replace(microsecond=0)
        rss.add_item(
            title=title_of(found),
            link=absolute(request, found.get_absolute_url()),
            description=escape(html_to_text(found.body)),
            html=body_of(found),
            author_name=found.byline,
            pubdate=published,
            updateddate=updated,
            unique_id=absolute(request, found.get_absolute_url()),
            picture=None,
            played=[],
        )
    response = HttpResponse(content_type=rss.content_type)
    rss.write(response, "utf-8")
    return response


def _public(request: HttpRequest, pk: int) -> LiveEvent | None:
    """The coverage of a public article; None when the article was withdrawn, else 404."""
    page_tags.tag(request, f"article:{pk}")
    events = LiveEvent.objects.select_related("article__category__parent")
    event = events.filter(article=pk).first()
    if event is None:
        raise Http404
    article = event.article
    if article.language != current_language():
        raise Http404  # its addresses are those of its own edition
    if article.status == Article.Status.WITHDRAWN and article.published_at:
        return None
    if not article.is_public:
        if article.is_scheduled:
            page_tags.expires_at(request, article.published_at)
        raise Http404
    return event


def _withdrawn(request: HttpRequest, pk: int) -> HttpResponse:
    article = Article.objects.get(pk=pk)
    return render(request, "articles/withdrawn.html", {"article": article}, status=410)


def _context(event: LiveEvent, number: int) -> dict[str, object]:
    live = read_page(event, event.article, number)
    if live is None:
        raise Http404
    return {"live": live, "article": event.article}
