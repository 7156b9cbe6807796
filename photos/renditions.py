"""The pictures readers get: which files there are of a photo, in what size, under what address.

Every decision on sizes, formats and crops is made here. The files are known from the photo's row
alone, so a page never looks at the storage; ``manage.py make_renditions`` makes what is missing.
"""

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from math import ceil
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageCms, ImageOps

from photos.models import Photo

WIDTHS = (320, 480, 720, 1080, 1440)
# Ratios a template may ask for, and how the files of each begin. "" is the whole picture.
RATIOS: dict[str, float | None] = {"": None, "3:2": 3 / 2}
PREFIXES = {"": "", "3:2": "3x2-"}
CROP_WIDTHS = WIDTHS[:-1]
# Crops for machines: what social networks show beside a link, and the three shapes that search
# engines ask for. JPEG only; smaller where the picture is.
SHARE = "share"
NEWS_SHAPES = ("16x9", "4x3", "1x1")
CROPS = {SHARE: (1200, 630), "16x9": (1200, 675), "4x3": (1200, 900), "1x1": (1200, 1200)}
FOLDER = "photos"
CONTENT_TYPES = {"webp": "image/webp", "jpg": "image/jpeg"}

# A picture this close to a ratio is shown whole instead of cropped by a few rows.
_RATIO_TOLERANCE = 0.015
# A step this close to the picture's own width is left out.
_NEAR = 0.9
_JPEG: dict[str, Any] = {
    "format": "JPEG",
    "quality": 80,
    "progressive": True,
    "subsampling": "4:2:0",
}
_WEBP: dict[str, Any] = {"format": "WEBP", "quality": 76, "method": 2}
_NO_METADATA: dict[str, Any] = {"exif": b"", "xmp": b"", "icc_profile": None}


@dataclass(frozen=True)
class Size:
    """One rendition to be made: file name without extension, size, and ratio it belongs to."""

    name: str
    width: int
    height: int
    ratio: str = ""
    formats: tuple[str, ...] = ("webp", "jpg")


@dataclass(frozen=True)
class Source:
    """One rendition as pages name it."""

    width: int
    height: int
    webp: str
    jpeg: str


# --- what there is --------------------------------------------------------------------------


def sizes(photo: Photo, ratio: str = "") -> list[Size]:
    """The renditions of ``photo`` in ``ratio`` ("" or "3:2"), narrowest first; never enlarged.

    An unknown ratio counts as "".
    """
    wanted = RATIOS.get(ratio)
    if wanted is None or abs(photo.width / photo.height / wanted - 1) < _RATIO_TOLERANCE:
        ratio, steps = "", list(WIDTHS)
        full_width, full_height = photo.width, photo.height
    else:
        steps = list(CROP_WIDTHS)
        left, top, right, bottom = crop_box(photo, wanted)
        full_width, full_height = max(1, round(right - left)), max(1, round(bottom - top))
    shape = full_height / full_width
    widths = [width for width in steps if width < full_width * _NEAR]
    if full_width * _NEAR <= steps[-1]:
        widths.append(min(full_width, steps[-1]))
    return [
        Size(f"{PREFIXES[ratio]}{width}", width, max(1, round(width * shape)), ratio)
        for width in widths
    ]


def crop_size(photo: Photo, name: str) -> Size:
    """The crop ``name`` of ``CROPS``, or smaller where the picture is."""
    full_width, full_height = CROPS[name]
    left, _top, right, _bottom = crop_box(photo, full_width / full_height)
    width = max(1, min(full_width, round(right - left)))
    height = max(1, round(width * full_height / full_width))
    return Size(name, width, height, name, ("jpg",))


def all_sizes(photo: Photo) -> list[Size]:
    """Every rendition ``photo`` should have."""
    cropped = [size for size in sizes(photo, "3:2") if size.ratio]
    return [*sizes(photo), *cropped, *(crop_size(photo, name) for name in CROPS)]


def crop_box(photo: Photo, ratio: float) -> tuple[float, float, float, float]:
    """The largest box of ``ratio`` in the upright picture, as near the focal point as can be."""
    width, height = float(photo.width), float(photo.height)
    box_width, box_height = min(width, height * ratio), min(height, width / ratio)
    left = min(max(photo.focal_x * width - box_width / 2, 0), width - box_width)
    top = min(max(photo.focal_y * height - box_height / 2, 0), height - box_height)
    return left, top, left + box_width, top + box_height


def path(key: str, name: str, extension: str) -> str:
    """Where a rendition lies in the public storage."""
    return f"{FOLDER}/{key}/{name}.{extension}"


def sources(photo: Photo, ratio: str = "") -> list[Source]:
    """The addresses of ``photo`` in ``ratio``, narrowest first; at least one."""
    return [
        Source(
            size.width,
            size.height,
            _address(photo.key, size.name, "webp"),
            _address(photo.key, size.name, "jpg"),
        )
        for size in sizes(photo, ratio)
    ]


def url(photo: Photo, width: int, ratio: str = "") -> str:
    """The address of the JPEG that is at least ``width`` wide, or else the widest there is."""
    choice = sources(photo, ratio)
    return next((source.jpeg for source in choice if source.width >= width), choice[-1].jpeg)


def crop(photo: Photo, name: str) -> tuple[str, int, int]:
    """Address, width and height of the crop ``name`` of ``CROPS``."""
    size = crop_size(photo, name)
    return _address(photo.key, size.name, "jpg"), size.width, size.height


@lru_cache(maxsize=8192)
def _address(key: str, name: str, extension: str) -> str:
    """Remembered, as a page has hundreds and each takes as long as a line of a template."""
    return default_storage.url(path(key, name, extension))


# --- making them ----------------------------------------------------------------------------


def make(photo: Photo, picture: Image.Image, *, only: Iterable[Size] | None = None) -> None:
    """Write the renditions of ``photo`` (or ``only`` some) from its original, prepared.

    If writing one fails, those already written stay: the caller calls ``remove``.
    """
    wanted = all_sizes(photo) if only is None else list(only)
    # One thread scales while others encode and wait for the storage: all leave Python meanwhile.
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as writers:
        written = [
            writers.submit(_write, photo.key, size, drawn)
            for size, drawn in _draw(photo, picture, wanted)
        ]
    for size in written:
        size.result()


def _write(key: str, size: Size, drawn: Image.Image) -> None:
    # One form after the other: Pillow keeps on the image itself how it is being encoded.
    for extension in size.formats:
        name, data = path(key, size.name, extension), encode(drawn, extension)
        # Storages never overwrite: they would write under another name.
        if default_storage.exists(name):
            default_storage.delete(name)
        default_storage.save(name, ContentFile(data))


def prepare(photo: Photo, image: Image.Image) -> Image.Image:
    """Decode ``image``, no larger than needed: upright, on white, in sRGB, without metadata."""
    if image.format in {"JPEG", "MPO"}:
        image.draft(None, _decoded_size(photo, image))
    image.load()
    profile = image.info.get("icc_profile")
    upright = ImageOps.exif_transpose(image)
    return _to_srgb(upright, profile)


def _decoded_size(photo: Photo, image: Image.Image) -> tuple[int, int]:
    """The least size that still gives every rendition its full sharpness."""
    factor = 0.0
    for size in all_sizes(photo):
        ratio = size.width / size.height if size.ratio else photo.width / photo.height
        left, _top, right, _bottom = crop_box(photo, ratio)
        factor = max(factor, size.width / (right - left))
    return ceil(image.width * min(factor, 1)), ceil(image.height * min(factor, 1))


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if image.mode.startswith("I") or image.mode == "F":
        # Sixteen bits a pixel: keep the upper eight.
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.mode == "P":
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    if image.mode in {"RGBA", "LA", "PA", "RGBa", "La"} or "transparency" in image.info:
        image = image.convert("RGBA")
        ground = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(ground, image).convert("RGB")
    if profile and image.mode in {"RGB", "L", "CMYK"}:
        image = _apply_profile(image, profile)
    flat = image.convert("RGB")
    flat.info = {}
    return flat


def _apply_profile(image: Image.Image, profile: bytes) -> Image.Image:
    """Colours as sRGB; a profile that is broken or fits another kind of picture is ignored."""
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        if (source.profile.profile_description or "").startswith("sRGB"):
            return image
        converted = ImageCms.profileToProfile(
            image, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image
    return converted or image


def _draw(
    photo: Photo, flat: Image.Image, wanted: list[Size]
) -> Iterator[tuple[Size, Image.Image]]:
    """The pixels of each size; every size is scaled from the next larger one of its crop."""
    for ratio in dict.fromkeys(size.ratio for size in wanted):
        family = [size for size in wanted if size.ratio == ratio]
        family.sort(key=lambda size: size.width, reverse=True)
        drawn, box = flat, (0.0, 0.0, float(flat.width), float(flat.height))
        if ratio:
            shape = CROPS[ratio][0] / CROPS[ratio][1] if ratio in CROPS else RATIOS[ratio]
            scale_x, scale_y = flat.width / photo.width, flat.height / photo.height
            left, top, right, bottom = crop_box(photo, shape or 1)
            box = (left * scale_x, top * scale_y, right * scale_x, bottom * scale_y)
        for size in family:
            drawn = drawn.resize((size.width, size.height), Image.Resampling.LANCZOS, box=box)
            box = (0.0, 0.0, float(drawn.width), float(drawn.height))
            yield size, drawn


def encode(image: Image.Image, extension: str) -> bytes:
    """``image`` as a file with nothing in it but the picture."""
    buffer = BytesIO()
    image.save(buffer, **(_JPEG if extension == "jpg" else _WEBP), **_NO_METADATA)
    return buffer.getvalue()


# --- keeping them ---------------------------------------------------------------------------


def missing(photo: Photo) -> list[Size]:
    """The renditions of ``photo`` of which a file is not in the storage."""
    there = files(photo.key)
    return [
        size
        for size in all_sizes(photo)
        if not all(f"{size.name}.{extension}" in there for extension in size.formats)
    ]


def files(key: str) -> set[str]:
    """The names of the public files under ``key``, asked for at once."""
    try:
        return set(default_storage.listdir(f"{FOLDER}/{key}")[1])
    except FileNotFoundError:
        return set()


def remove(key: str) -> None:
    """Delete the public files under ``key``; none there is no mistake."""
    folder = f"{FOLDER}/{key}"
    for name in files(key):
        default_storage.delete(f"{folder}/{name}")
    # A folder is a file system's own; other storages have none.
    default_storage.delete(folder)
