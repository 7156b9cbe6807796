"""Photos in templates: ``{% picture %}`` and ``{% photo_url %}``."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from photos import renditions
from photos.models import Photo

register = template.Library()


@register.simple_tag
def picture(
    photo: Photo | None, alt: str = "", sizes: str = "100vw", ratio: str = "", eager: bool = False
) -> SafeString:
    """``<picture>`` with WebP and JPEG in every width; nothing at all without a photo.

    ``sizes`` is true to the layout; ``ratio="3:2"`` gives the crop around the focal point;
    ``eager=True`` is for the one picture that a reader sees first.
    """
    if photo is None:
        return SafeString("")
    sources = renditions.sources(photo, ratio)
    # Browsers too old for srcset get a middling one.
    plain = next((source for source in sources if source.width >= 720), sources[-1])
    return format_html(
        '<picture><source type="image/webp" srcset="{}" sizes="{}">'
        '<img src="{}" srcset="{}" sizes="{}" width="{}" height="{}" alt="{}"{} decoding="async">'
        "</picture>",
        _srcset((source.webp, source.width) for source in sources),
        sizes,
        plain.jpeg,
        _srcset((source.jpeg, source.width) for source in sources),
        sizes,
        sources[-1].width,
        sources[-1].height,
        alt or "",
        SafeString(' fetchpriority="high"' if eager else ' loading="lazy"'),
    )


@register.simple_tag
def photo_url(photo: Photo | None, width: int | str = 1080, ratio: str = "") -> str:
    """The address of a JPEG at least ``width`` wide, or of the crop to share for ``"share"``.

    The address is as the storage gives it: make it absolute where a machine reads it.
    """
    if photo is None:
        return ""
    if width == renditions.SHARE:
        return renditions.crop(photo, renditions.SHARE)[0]
    return renditions.url(photo, int(width), ratio)


@register.simple_tag
def share_picture(photo: Photo) -> dict[str, str | int]:
    """Address, ``width`` and ``height`` of the crop to share."""
    url, width, height = renditions.crop(photo, renditions.SHARE)
    return {"url": url, "width": width, "height": height}


def _srcset(candidates: object) -> SafeString:
    return format_html_join(", ", "{} {}w", candidates)  # type: ignore[arg-type]
