"""What a picture file says about itself: IPTC first, then XMP, then EXIF."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from django.utils import timezone as django_timezone
from lxml import etree
from PIL import ImageFile, IptcImagePlugin

from core.vietnamese import clean_line, clean_text
from photos.models import Photo

ORIENTATION = 0x0112

_EXIF_IFD = 0x8769
_EXIF_DESCRIPTION, _EXIF_ARTIST, _EXIF_COPYRIGHT = 0x010E, 0x013B, 0x8298
_EXIF_TAKEN, _EXIF_TAKEN_OFFSET = 0x9003, 0x9011
_IPTC_BYLINE, _IPTC_CREDIT, _IPTC_RIGHTS, _IPTC_CAPTION = (2, 80), (2, 110), (2, 116), (2, 120)
_IPTC_DATE, _IPTC_TIME = (2, 55), (2, 60)
_XMP = {
    "caption": "{http://purl.org/dc/elements/1.1/}description",
    "byline": "{http://purl.org/dc/elements/1.1/}creator",
    "rights": "{http://purl.org/dc/elements/1.1/}rights",
    "credit": "{http://ns.adobe.com/photoshop/1.0/}Credit",
    "taken": "{http://ns.adobe.com/photoshop/1.0/}DateCreated",
    "alt": "{http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/}AltTextAccessibility",
}
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_MAX_XMP = 1_000_000
# What cameras write where a caption should be.
_NO_CAPTIONS = ("olympus digital camera", "sony dsc", "digital camera", "dcim", "default")
_MAX_LENGTHS = {
    field.name: field.max_length for field in Photo._meta.concrete_fields if field.max_length
}
_CREDIT_WORDS = ("Ảnh:", "Photo:")


def read(image: ImageFile.ImageFile) -> dict[str, Any]:
    """Caption, credit, alt, rights and taken_at as far as ``image`` tells; never raises."""
    found: dict[str, Any] = {}
    for source in (_iptc, _xmp, _exif):
        try:
            told = source(image)
        except (ValueError, TypeError, KeyError, IndexError, SyntaxError, OSError):
            continue
        for name, value in told.items():
            if value and not found.get(name):
                found[name] = value
    return _as_fields(found)


def _as_fields(found: dict[str, Any]) -> dict[str, Any]:
    byline, credit = (clean_line(found.get(name, "")) for name in ("byline", "credit"))
    if byline and credit and credit.casefold() not in byline.casefold():
        byline = f"{byline}/{credit}"
    fields: dict[str, Any] = {
        "caption": clean_text(found.get("caption", "")),
        "credit": _without_word(byline or credit),
        "alt": clean_line(found.get("alt", "")),
        "rights": clean_line(found.get("rights", "")),
    }
    for name, value in fields.items():
        fields[name] = value[: _MAX_LENGTHS[name]]
    return fields | {"taken_at": found.get("taken_at")}


def _without_word(credit: str) -> str:
    for word in _CREDIT_WORDS:
        credit = credit.removeprefix(word).strip()
    return credit


# --- IPTC -------------------------------------------------------------------------------------


def _iptc(image: ImageFile.ImageFile) -> dict[str, Any]:
    records = IptcImagePlugin.getiptcinfo(image) or {}

    def text(key: tuple[int, int], joiner: str = " ") -> str:
        value = records.get(key, b"")
        parts = value if isinstance(value, list) else [value]
        return joiner.join(_decode(part) for part in parts)

    return {
        "caption": text(_IPTC_CAPTION),
        "byline": text(_IPTC_BYLINE, ", "),
        "credit": text(_IPTC_CREDIT),
        "rights": text(_IPTC_RIGHTS),
        "taken_at": _iptc_moment(text(_IPTC_DATE), text(_IPTC_TIME)),
    }


def _decode(data: bytes) -> str:
    """UTF-8 whatever the record declares: old programs write it without saying so."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _iptc_moment(day: str, clock: str) -> datetime | None:
    if len(day) != 8 or not clock:
        return None
    if len(clock) == 11:
        return _aware(_parse(day + clock, "%Y%m%d%H%M%S%z"))
    return _aware(_parse(day + clock[:6], "%Y%m%d%H%M%S"))


# --- XMP --------------------------------------------------------------------------------------


def _xmp(image: ImageFile.ImageFile) -> dict[str, Any]:
    packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    data = packet.encode() if isinstance(packet, str) else packet
    data = data.strip(b"\x00 \n")
    if not data or len(data) > _MAX_XMP or b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        return {}
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        return {}
    found: dict[str, Any] = {name: _xmp_value(root, tag) for name, tag in _XMP.items()}
    taken = str(found.pop("taken"))
    return found | {"taken_at": _iso_moment(taken)}


def _xmp_value(root: Any, tag: str) -> str:
    """A property's text: as an attribute, as plain text, or in a list or choice of languages."""
    for element in root.iter("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}Description"):
        if element.get(tag):
            return str(element.get(tag))
    element = next(root.iter(tag), None)
    if element is None:
        return ""
    items = [item for item in element.iter() if item.tag.endswith("}li") and item.text]
    if not items:
        return (element.text or "").strip()
    if items[0].get(_XML_LANG):
        return _preferred(items)
    return ", ".join(item.text.strip() for item in items)


def _preferred(items: Iterable[Any]) -> str:
    by_language = {item.get(_XML_LANG, ""): item.text.strip() for item in items}
    for language in ("vi", "vi-VN", "x-default"):
        if by_language.get(language):
            return str(by_language[language])
    return str(next(iter(by_language.values())))


def _iso_moment(text: str) -> datetime | None:
    if "T" not in text:
        return None
    try:
        return _aware(datetime.fromisoformat(text))
    except ValueError:
        return None


# --- EXIF -------------------------------------------------------------------------------------


def _exif(image: ImageFile.ImageFile) -> dict[str, Any]:
    exif = image.getexif()
    details = exif.get_ifd(_EXIF_IFD)
    caption = _repaired(exif.get(_EXIF_DESCRIPTION))
    taken = _parse(_repaired(details.get(_EXIF_TAKEN)), "%Y:%m:%d %H:%M:%S")
    offset = _offset(_repaired(details.get(_EXIF_TAKEN_OFFSET)))
    if taken and offset:
        taken = taken.replace(tzinfo=offset)
    return {
        "caption": "" if caption.casefold().startswith(_NO_CAPTIONS) else caption,
        "byline": _repaired(exif.get(_EXIF_ARTIST)),
        "rights": _repaired(exif.get(_EXIF_COPYRIGHT)).replace("\x00", " "),
        "taken_at": _aware(taken),
    }


def _repaired(value: object) -> str:
    """EXIF text; ASCII by its standard, UTF-8 in practice, which Pillow takes for Latin-1."""
    if isinstance(value, bytes):
        return _decode(value).strip("\x00 ")
    if not isinstance(value, str):
        return ""
    with suppress(UnicodeError):
        value = value.encode("latin-1").decode("utf-8")
    return value.strip("\x00 ")


def _offset(text: str) -> timezone | None:
    moment = _parse(f"2000 {text}", "%Y %z")
    shift = moment.utcoffset() if moment else None
    return timezone(shift) if shift is not None else None


def _parse(text: str, pattern: str) -> datetime | None:
    try:
        return datetime.strptime(text, pattern)
    except ValueError:
        return None


def _aware(moment: datetime | None) -> datetime | None:
    """A camera's clock without a zone shows the paper's own time; nonsense dates count as none."""
    if moment is None or moment.year < 1900:
        return None
    if moment.tzinfo is None:
        moment = django_timezone.make_aware(moment)
    if moment > datetime.now(UTC) + timedelta(days=1):
        return None
    return moment
