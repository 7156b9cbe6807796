"""What a live coverage says to machines, as schema.org JSON-LD."""

from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from articles.linked_data import to_json
from articles.templatetags.reading import iso
from core.addresses import absolute
from core.html import html_to_text
from live.coverage import Coverage, moment, title_of
from live.models import LiveEntry
from photos import renditions


def coverage_data(request: HttpRequest, page: Coverage) -> SafeString:
    """LiveBlogPosting with the entries of ``page``."""
    article, event = page.article, page.event
    url = absolute(request, article.get_absolute_url())
    posting: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "LiveBlogPosting",
        "@id": f"{url}#dien-bien",
        "url": url,
        "headline": article.headline,
        "description": article.standfirst,
        "inLanguage": get_language() or "vi",
        "coverageStartTime": iso(event.started_at),
        "liveBlogUpdate": [_update(request, url, entry) for entry in page.entries],
    }
    if article.published_at:
        posting["datePublished"] = iso(article.published_at)
        posting["dateModified"] = iso(page.latest or article.published_at)
    if event.ended_at:
        posting["coverageEndTime"] = iso(event.ended_at)
    return to_json({name: value for name, value in posting.items() if value})


def _update(request: HttpRequest, url: str, entry: LiveEntry) -> dict[str, Any]:
    published = moment(entry)
    update: dict[str, Any] = {
        "@type": "BlogPosting",
        "url": f"{url}#{entry.anchor}",
        "headline": title_of(entry),
        "articleBody": html_to_text(entry.body),
        "datePublished": iso(published),
        "dateModified": iso(entry.revised_at or published),
        "image": [
            absolute(request, renditions.sources(use.photo)[-1].jpeg) for use in entry.uses.all()
        ],
    }
    if entry.byline:
        update["author"] = {"@type": "Person", "name": entry.byline}
    return {name: value for name, value in update.items() if value}
