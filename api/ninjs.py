"""An article in ninjs 3.1, the news agencies' JSON (IPTC)."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from api.live_entries import entries_of
from api.ninjs_parts import picture, texts, without_empty
from articles.feeds import with_full_addresses
from articles.models import Article
from articles.rendering import Archive, recordings_of, render_plain
from articles.templatetags.reading import iso
from categories.models import Category
from core.addresses import absolute
from core.html import html_to_text, word_count
from masthead.models import Masthead
from recordings.models import Recording

STANDARD = {
    "name": "ninjs",
    "version": "3.1",
    "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json",
}
CORRECTIONS_POLICY = "http://cv.iptc.org/newscodes/trustindicator/correctionsPolicy"
MADE_WITH_AI = {
    "name": "Composite with trained algorithmic media",
    "uri": ("http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"),
}


def news_item(
    request: HttpRequest, article: Article, masthead: Masthead, archive: Archive
) -> dict[str, Any]:
    """All that readers see of ``article``; its relations should be prefetched."""
    recordings = recordings_of(article)
    body = render_plain(article, list(article.photos.all()), archive, recordings)
    html = with_full_addresses(request, body)
    text = html_to_text(article.body)
    published = article.published_at
    event = getattr(article, "live_event", None)
    page = absolute(request, article.get_absolute_url())
    item: dict[str, Any] = {
        "uri": absolute(request, reverse("api:article", args=[article.pk])),
        "standard": STANDARD,
        "type": "text",
        "representationType": "full",
        "pubStatus": "usable",
        "language": article.language,
        "firstCreated": iso(published) if published else "",
        "versionCreated": iso(article.revised_at or published) if published else "",
        "copyrightHolder": masthead.name,
        "headlines": texts(main=article.headline, kicker=article.kicker),
        "descriptions": [
            *texts(summary=article.standfirst),
            *(
                text
                for correction in article.corrections.all()
                for text in texts(correction=correction.right)
            ),
            *texts(coverage=event.summary if event else ""),
        ],
        "bodies": [
            {
                "role": "main",
                "contentType": "text/html",
                "charCount": len(text),
                "wordCount": word_count(article.body),
                "value": html,
            },
            {"role": "text", "contentType": "text/plain", "value": text},
        ],
        "by": article.byline or ", ".join(author.name for author in article.authors.all()),
        "people": [
            {
                "name": author.name,
                "rel": "creator",
                "uri": absolute(request, author.get_absolute_url()),
            }
            for author in article.authors.all()
        ],
        "organisations": [
            {
                "name": masthead.name,
                "rel": "publisher",
                "uri": absolute(request, reverse("articles:front")),
            }
        ],
        "infoSources": [{"name": article.source}] if article.source else [],
        "subjects": _subjects(request, article),
        "renditions": [{"name": "web", "href": page, "contentType": "text/html"}],
        "associations": [
            *(
                picture(
                    request,
                    number,
                    use.photo,
                    use.shown_caption,
                    use.shown_alt,
                    use.shown_credit,
                )
                for number, use in enumerate(article.photos.all(), 1)
                if use.photo
            ),
            *(_played(request, number, one) for number, one in enumerate(recordings, 1)),
            *entries_of(request, article),
        ],
        "altIds": [{"role": "id", "value": str(article.pk)}],
        "trustIndicators": [
            {
                "role": CORRECTIONS_POLICY,
                "href": absolute(request, reverse("articles:corrections")),
            }
        ],
        "digitalSourceType": MADE_WITH_AI if article.made_with_ai else {},
    }
    return without_empty(item)


def _subjects(request: HttpRequest, article: Article) -> list[dict[str, str]]:
    category: Category = article.category
    sections = [category.parent, category, *article.more_categories.all()]
    named: list[tuple[str, Any]] = [("section", section) for section in sections if section]
    named += [("keyword", tag) for tag in article.tags.all()]
    named += [("topic", topic) for topic in article.topics.all()]
    return [
        {
            "name": entry.shown_name,
            "rel": rel,
            "uri": absolute(request, entry.get_absolute_url()),
            "literal": entry.slug,
        }
        for rel, entry in named
    ]


def _played(request: HttpRequest, number: int, recording: Recording) -> dict[str, Any]:
    file = {
        "name": "original",
        "href": absolute(request, recording.url),
        "contentType": recording.mime_type,
        "sizeInBytes": recording.size,
        "width": recording.width,
        "height": recording.height,
        "duration": recording.duration,
    }
    played = {
        "name": f"{recording.kind}-{number}",
        "rel": recording.kind,
        "uri": file["href"],
        "type": recording.kind,
        "headlines": texts(main=recording.title),
        "descriptions": texts(caption=recording.caption, transcript=recording.transcript),
        "by": recording.credit,
        "renditions": [without_empty(file)],
    }
    return without_empty(played)
