"""What an article says to machines, as schema.org JSON-LD."""

import json
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from articles.models import Article, Author
from articles.templatetags.reading import iso
from core.addresses import absolute
from core.html import word_count
from masthead.models import Masthead
from photos import renditions

_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def to_json(data: Any) -> SafeString:
    """JSON that cannot end the script element it stands in."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(text.translate(_ESCAPES))  # noqa: S308 - escaped above


def article_data(
    request: HttpRequest, article: Article, authors: Sequence[Author], masthead: Masthead
) -> SafeString:
    """NewsArticle and BreadcrumbList of ``article``."""
    url = absolute(request, article.get_absolute_url())
    publisher = _organization(request, masthead)
    news: dict[str, Any] = {
        "@type": "NewsArticle",
        "mainEntityOfPage": url,
        "url": url,
        "headline": article.headline,
        "description": article.standfirst,
        "inLanguage": get_language() or "vi",
        "articleSection": article.category.name,
        "wordCount": word_count(article.body),
        "isAccessibleForFree": True,
        "author": _authors(request, article, authors, publisher),
        "publisher": publisher,
    }
    if article.published_at:
        news["datePublished"] = iso(article.published_at)
        news["dateModified"] = iso(article.revised_at or article.published_at)
    pictures = [use.photo for use in article.photos.all() if use.photo]
    if pictures:
        news["image"] = [absolute(request, renditions.url(photo, 1200)) for photo in pictures]
    corrections = [correction.right for correction in article.corrections.all()]
    if corrections:
        news["correction"] = corrections
    if article.approved_comments:
        news["commentCount"] = article.approved_comments
    return to_json(
        {"@context": "https://schema.org", "@graph": [news, _breadcrumbs(request, article)]}
    )


def paper_data(request: HttpRequest, masthead: Masthead) -> SafeString:
    """NewsMediaOrganization from the imprint."""
    imprint = {
        "slogan": masthead.tagline,
        "parentOrganization": masthead.governing_body,
        "address": masthead.address,
        "telephone": masthead.phone,
        "email": masthead.email,
        "correctionsPolicy": absolute(request, reverse("articles:corrections")),
    }
    known = {name: value for name, value in imprint.items() if value}
    organization = _organization(request, masthead) | known
    return to_json({"@context": "https://schema.org", **organization})


def _organization(request: HttpRequest, masthead: Masthead) -> dict[str, Any]:
    return {
        "@type": "NewsMediaOrganization",
        "name": masthead.name,
        "url": absolute(request, reverse("articles:front")),
    }


def _authors(
    request: HttpRequest, article: Article, authors: Sequence[Author], publisher: dict[str, Any]
) -> list[dict[str, Any]]:
    if authors:
        return [
            {
                "@type": "Person",
                "name": author.name,
                "url": absolute(request, author.get_absolute_url()),
            }
            for author in authors
        ]
    return [{"@type": "Person", "name": article.byline}] if article.byline else [publisher]


def _breadcrumbs(request: HttpRequest, article: Article) -> dict[str, Any]:
    sections = [article.category.parent, article.category]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": number,
                "name": section.name,
                "item": absolute(request, section.get_absolute_url()),
            }
            for number, section in enumerate(filter(None, sections), 1)
        ],
    }
