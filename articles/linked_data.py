"""What an article says to machines, as schema.org JSON-LD."""

import json
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from articles.models import Article, ArticlePhoto, Author, Correction
from articles.templatetags.reading import iso
from core.addresses import absolute
from core.html import word_count
from masthead.models import Masthead
from photos import renditions
from recordings.models import Recording

CONTEXT = "https://schema.org"
_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def to_json(data: Any) -> SafeString:
    """JSON that cannot end the script element it stands in."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(text.translate(_ESCAPES))  # noqa: S308 - escaped above


def article_data(
    request: HttpRequest,
    article: Article,
    authors: Sequence[Author],
    masthead: Masthead,
    translations: Sequence[Article] = (),
    recordings: Sequence[Recording] = (),
) -> SafeString:
    """NewsArticle and BreadcrumbList of ``article``; ``translations`` are public."""
    url = absolute(request, article.get_absolute_url())
    publisher = _organization(request, masthead)
    news: dict[str, Any] = {
        "@type": "NewsArticle",
        "mainEntityOfPage": url,
        "url": url,
        "headline": article.headline,
        "description": article.standfirst,
        "inLanguage": article.language,
        "articleSection": article.category.shown_name,
        "wordCount": word_count(article.body),
        "isAccessibleForFree": True,
        "author": _authors(request, article, authors, publisher),
        "publisher": publisher,
    }
    if article.published_at:
        news["datePublished"] = iso(article.published_at)
        news["dateModified"] = iso(article.revised_at or article.published_at)
    if images := _images(request, article):
        news["image"] = images
    if keywords := [tag.shown_name for tag in article.tags.all()]:
        news["keywords"] = keywords
    if corrections := [_correction(correction) for correction in article.corrections.all()]:
        news["correction"] = corrections
    if article.approved_comments:
        news["commentCount"] = article.approved_comments
    for name, kind in (("video", Recording.Kind.VIDEO), ("audio", Recording.Kind.AUDIO)):
        if played := [_played(request, article, one) for one in recordings if one.kind == kind]:
            news[name] = played
    if translations:
        _link_versions(request, news, article, translations)
    sections = filter(None, [article.category.parent, article.category])
    steps = [(section.shown_name, section.get_absolute_url()) for section in sections]
    trail = breadcrumbs(request, [*steps, (article.headline, article.get_absolute_url())])
    return to_json({"@context": CONTEXT, "@graph": [news, trail]})


def paper_data(request: HttpRequest, masthead: Masthead) -> SafeString:
    """NewsMediaOrganization from the imprint."""
    imprint = {
        "slogan": masthead.tagline,
        "address": masthead.address,
        "telephone": masthead.phone,
        "email": masthead.email,
        "correctionsPolicy": absolute(request, reverse("articles:corrections")),
    }
    known: dict[str, Any] = {name: value for name, value in imprint.items() if value}
    if masthead.governing_body:
        known["parentOrganization"] = {"@type": "Organization", "name": masthead.governing_body}
    if masthead.editor_in_chief:
        person = {"@type": "Person", "name": masthead.editor_in_chief}
        known["employee"] = person | {"jobTitle": _("Editor-in-chief")}
    organization = _organization(request, masthead) | known
    return to_json({"@context": CONTEXT, **organization})


def _images(request: HttpRequest, article: Article) -> list[dict[str, Any]]:
    """The first photo in the three shapes that search engines ask for, then the others whole."""
    images: list[dict[str, Any]] = []
    for use in article.photos.all():
        if use.photo is None:
            continue
        if images:
            whole = renditions.sources(use.photo)[-1]
            files = [(whole.jpeg, whole.width, whole.height)]
        else:
            files = [renditions.crop(use.photo, shape) for shape in renditions.NEWS_SHAPES]
        images += [_image(request, use, *file) for file in files]
    return images


def _image(
    request: HttpRequest, use: ArticlePhoto, address: str, width: int, height: int
) -> dict[str, Any]:
    image = {
        "@type": "ImageObject",
        "url": absolute(request, address),
        "width": width,
        "height": height,
        "caption": use.shown_caption,
        "creditText": use.shown_credit,
    }
    return {name: value for name, value in image.items() if value}


def _played(request: HttpRequest, article: Article, recording: Recording) -> dict[str, Any]:
    """A VideoObject or AudioObject."""
    use = article.lead_photo
    poster = recording.poster or (use.photo if use else None)
    picture = renditions.crop(poster, "16x9")[0] if poster and recording.is_video else ""
    played = {
        "@type": "VideoObject" if recording.is_video else "AudioObject",
        "name": recording.title,
        "description": recording.caption or article.standfirst or recording.title,
        "contentUrl": absolute(request, recording.url),
        "encodingFormat": recording.mime_type,
        "uploadDate": iso(article.published_at) if article.published_at else "",
        "duration": recording.iso_duration,
        "thumbnailUrl": absolute(request, picture) if picture else "",
        "width": recording.width,
        "height": recording.height,
        "creditText": recording.credit,
        "transcript": recording.transcript,
    }
    return {name: value for name, value in played.items() if value}


def _correction(correction: Correction) -> dict[str, Any]:
    return {
        "@type": "CorrectionComment",
        "text": correction.right,
        "datePublished": iso(correction.made_at),
    }


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


def _link_versions(
    request: HttpRequest, news: dict[str, Any], article: Article, translations: Sequence[Article]
) -> None:
    for version in translations:
        page = {
            "@type": "NewsArticle",
            "url": absolute(request, version.get_absolute_url()),
            "headline": version.headline,
            "inLanguage": version.language,
        }
        if version.pk == article.original_id:
            news["translationOfWork"] = page
        else:
            news.setdefault("workTranslation", []).append(page)


def breadcrumbs(request: HttpRequest, steps: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """The way from the top section to this page: names and paths, the page's own last."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": number,
                "name": name,
                "item": absolute(request, path),
            }
            for number, (name, path) in enumerate(steps, 1)
        ],
    }
