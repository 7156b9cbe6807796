"""What a browser needs to install the paper and to keep pages: manifest and service worker."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import conditional_page, require_safe

from core.languages import main_language, other_languages
from masthead.templatetags.masthead import current_masthead

WORKER = Path(__file__).with_name("worker.js")
LAST_WORKER = Path(__file__).with_name("last_worker.js")
# A reader's browser asks for a new worker at most this often.
WORKER_SECONDS = 600
# Longer names are cut off under an icon; browsers then cut better than we do.
SHORT_NAME = 12
ICONS = (("192x192", "any"), ("512x512", "any"), ("192x192", "maskable"), ("512x512", "maskable"))
# What every kept page needs, and what its buttons load when they are pressed.
FILES = (
    *("css/paper.css", "css/story.css", "js/paper.js", "js/story.js"),
    *("js/listen.js", "js/saved.js", "js/kept-list.js", "js/take-paper.js", "js/take-sound.js"),
    *("fonts/newsroom-serif.woff2", "fonts/newsroom-sans.woff2", "icons/favicon.svg"),
)
# First path segments (after a language) that are nobody's to keep nor to answer for.
PRIVATE = ("admin", "api", "doc", "healthz", "media", "readyz", "static")
# Pages that are not kept; without a network readers see what is.
ONLINE = ("binh-luan", "tim-kiem")


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """The paper as an installed program, in the words of its masthead."""
    masthead = current_masthead(request)
    icons = [
        {
            "src": static(f"icons/{'maskable' if purpose == 'maskable' else 'icon'}-{size}.png"),
            "sizes": size,
            "type": "image/png",
            "purpose": purpose,
        }
        for size, purpose in ICONS
    ]
    data: dict[str, Any] = {
        "id": "/",
        "name": masthead.name,
        "short_name": masthead.name if len(masthead.name) <= SHORT_NAME else _short(masthead.name),
        "lang": settings.LANGUAGE_CODE,
        "dir": "ltr",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#fffdf8",
        "theme_color": "#fffdf8",
        "categories": ["news"],
        "icons": icons,
        "shortcuts": [
            {"name": _("Today's paper"), "url": reverse("offline:today")},
            {"name": _("Read later"), "url": reverse("offline:saved")},
        ],
    }
    if masthead.tagline:
        data["description"] = masthead.tagline
    return JsonResponse(data, content_type="application/manifest+json")


@require_safe
@conditional_page
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker; the one that removes itself when the paper is not to be kept."""
    if settings.OFFLINE_READING:
        script = f"const SETTINGS = {json.dumps(_worker_settings(), sort_keys=True)};\n"
        script += _source(WORKER)
    else:
        script = _source(LAST_WORKER)
    return HttpResponse(
        script,
        content_type="text/javascript; charset=utf-8",
        headers={"Cache-Control": f"public, max-age={WORKER_SECONDS}"},
    )


@cache
def _source(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _short(name: str) -> str:
    """``Sông Quê`` for ``Báo Sông Quê``: the word that says it is a paper goes first."""
    first, _blank, rest = name.partition(" ")
    return rest if rest and first.casefold() in ("báo", "the") else name


def _worker_settings() -> dict[str, Any]:
    """What the worker cannot know by itself. A change of any of it is a new worker."""
    return {
        "files": [static(name) for name in FILES],
        "static": settings.STATIC_URL,
        "media": settings.MEDIA_URL,
        "private": PRIVATE,
        "online": ONLINE,
        "zone": settings.TIME_ZONE,
        "editions": _editions(),
    }


def _editions() -> list[dict[str, Any]]:
    """The pages without news, and the words of the bar, of each edition; the main one first."""
    editions = []
    for language in (main_language(), *other_languages()):
        with override(language):
            words = {
                "label": _("Kept copy"),
                "copy": _("Copy kept at %(time)s"),
                "list": _("There may be newer articles."),
                "reason": _("The network could not be reached."),
                "again": _("Try again"),
                "others": _("What is kept"),
            }
            editions.append(
                {
                    "language": language,
                    "front": reverse("articles:front"),
                    "kept": reverse("offline:kept"),
                    "saved": reverse("offline:saved"),
                    "words": words,
                }
            )
    return editions
