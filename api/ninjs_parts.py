"""Pieces of ninjs that an article and an entry of a live coverage have alike."""

from typing import Any

from django.http import HttpRequest

from core.addresses import absolute
from photos import renditions
from photos.models import Photo


def texts(**values: str) -> list[dict[str, str]]:
    return [
        {"role": role, "contentType": "text/plain", "value": value}
        for role, value in values.items()
        if value
    ]


def picture(
    request: HttpRequest, number: int, photo: Photo, caption: str, alt: str, credit: str
) -> dict[str, Any]:
    files = [
        {
            "name": f"{source.width}",
            "href": absolute(request, source.jpeg),
            "contentType": "image/jpeg",
            "width": source.width,
            "height": source.height,
        }
        for source in renditions.sources(photo)
    ]
    shown = {
        "name": f"photo-{number}",
        "rel": "photo",
        "uri": files[-1]["href"],
        "type": "picture",
        "descriptions": texts(caption=caption, alt=alt),
        "by": credit,
        "renditions": files,
    }
    return without_empty(shown)


def without_empty(item: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if value}
