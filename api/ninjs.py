"""An article in ninjs 3.1, the news agencies' JSON (IPTC)."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from articles.feeds import with_full_addresses
from articles.models import Article, ArticlePhoto
from articles.rendering import Archive, recordings_of, render_plain
from articles.templatetags.reading import iso
from categories.models import Category
from core.addresses import absolute
from core.html import html_to_text, word_count
from masthead.models import Masthead
from photos import renditions
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
        "headlines": _texts(main=article.headline, kicker=article.kicker),
        "descriptions": [
            *_texts(summary=article.standfirst),
            *(
                text
                for correction in article.corrections.all()
                for text in _texts(correction=correction.right)
            ),
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
                _picture(request, number, use)
                for number, use in enumerate(article.photos.all(), 1)
                if use.photo
            ),
            *(_played(request, number, one) for number, one in enumerate(recordings, 1)),
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
    return _without_empty(item)


def _texts(**values: str) -> list[dict[str, str]]:
    return [
        {"role": role, "contentType": "text/plain", "value": value}
        for role, value in values.items()
        if value
    ]


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


def _picture(request: HttpRequest, number: int, use: ArticlePhoto) -> dict[str, Any]:
    assert use.photo is not None  # noqa: S101 - the caller leaves out the others
    files = [
        {
            "name": f"{source.width}",
            "href": absolute(request, source.jpeg),
            "contentType": "image/jpeg",
            "width": source.width,
            "height": source.height,
        }
        for source in renditions.sources(use.photo)
    ]
    picture = {
        "name": f"photo-{number}",
        "rel": "photo",
        "uri": files[-1]["href"],
        "type": "picture",
        "descriptions": _texts(caption=use.shown_caption, alt=use.shown_alt),
        "by": use.shown_credit,
        "renditions": files,
    }
    return _without_empty(picture)


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
        "headlines": _texts(main=recording.title),
        "descriptions": _texts(caption=recording.caption, transcript=recording.transcript),
        "by": recording.credit,
        "renditions": [_without_empty(file)],
    }
    return _without_empty(played)


def _without_empty(item: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if value}
