"""The entries of a live coverage, each a news item of its own within that of the article."""

from typing import Any

from django.apps import apps
from django.db.models import Prefetch
from django.http import HttpRequest

from api.ninjs_parts import picture, texts, without_empty
from articles.feeds import with_full_addresses
from articles.models import Article
from articles.templatetags.reading import iso
from core.addresses import absolute
from core.html import html_to_text

# Of each coverage the newest, so that an answer stays bounded. Each has an address of its own.
MOST = 100


def with_entries() -> tuple[Prefetch, Prefetch]:
    """What is to be prefetched with articles: their newest published entries."""
    public = apps.get_model("live", "LiveEntry").objects.published()
    entries = public.defer("search_body", "search_keys").newest_first()[:MOST]
    uses = apps.get_model("live", "LivePhoto").objects.select_related("photo")
    return (
        Prefetch("live_event__entries", entries, to_attr="newest"),
        Prefetch("live_event__newest__uses", uses),
    )


def entries_of(request: HttpRequest, article: Article) -> list[dict[str, Any]]:
    """The newest entries of an article that was read ``with_entries``, if it is live."""
    event = getattr(article, "live_event", None)
    return [_entry(request, article, entry) for entry in event.newest] if event else []


def _entry(request: HttpRequest, article: Article, entry: Any) -> dict[str, Any]:
    page = absolute(request, entry.get_absolute_url())
    html = with_full_addresses(request, entry.shown_body)
    item = {
        "name": entry.anchor,
        "rel": "liveEntry",
        "uri": page,
        "type": "text",
        "representationType": "full",
        "pubStatus": "usable",
        "language": article.language,
        "firstCreated": iso(entry.published_at),
        "versionCreated": iso(entry.revised_at or entry.published_at),
        "headlines": texts(main=entry.headline),
        "descriptions": texts(correction=entry.correction),
        "bodies": [
            {"role": "main", "contentType": "text/html", "value": html},
            *texts(text=html_to_text(entry.shown_body)),
        ],
        "by": entry.byline,
        "renditions": [{"name": "web", "href": page, "contentType": "text/html"}],
        "associations": [
            picture(request, number, use.photo, use.photo.caption, use.photo.alt, use.photo.credit)
            for number, use in enumerate(entry.uses.all(), 1)
        ],
    }
    return without_empty(item)
