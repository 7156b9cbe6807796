"""From a saved file to its text, or the reason why it is none we can read."""

import codecs
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

MOST_BYTES = 10 * 1024**2

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_HTML = re.compile(r"<!doctype\s+html|<html[\s>]|<(?:body|article|div|h1|p)(?:\s[^<>]*)?>", re.I)
# Letters of modern Vietnamese that no other encoding gives by accident.
_VIETNAMESE = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")
# What Vietnamese becomes when the bytes of an old font encoding are shown as Latin letters.
_TCVN3 = re.compile(r"[A-Za-zÀ-ÿ][µ¶·¸¹¨©ª«¬®¾¼½»±²³°º]|[®¨©ª«¬][A-Za-zÀ-ÿµ¶·¸¹]")
_VNI = re.compile("[aeiouyôöAEIOUYÔÖ][ûïåäëüøÛÏÅÄËÜØ]|ñ[aeiouyôö]")
_DOUBLY_ENCODED = re.compile("á»|áº|Ä‘|Æ°|Æ¡")
_FEW = 3


class NotAnArticle(Exception):
    """Why a file was refused, in words for the person who sent it."""


@dataclass(frozen=True)
class SavedPage:
    """The text of a saved file; ``checksum`` knows the same file again."""

    name: str
    text: str
    is_html: bool
    checksum: str


def read_page(path: Path) -> SavedPage:
    """Read ``path`` whole. Raises ``NotAnArticle`` when it is no text that can be read."""
    data = _read(path)
    text = _decode(data)
    if not text.strip():
        raise NotAnArticle("the file is empty")
    _check_letters(text)
    is_html = bool(_HTML.search(text[:20_000]))
    return SavedPage(path.name[-255:], text, is_html, hashlib.sha256(data).hexdigest())


def _read(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise NotAnArticle("it is a folder, not a file")
        if not path.exists():
            raise NotAnArticle("there is no such file")
        if not path.is_file():
            raise NotAnArticle("it is not a regular file")
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise NotAnArticle(
                f"the file has {size / 1024**2:.1f} MB; a saved page has at most"
                f" {MOST_BYTES // 1024**2} MB"
            )
        return path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise NotAnArticle(f"the file cannot be read ({reason})") from error


def _decode(data: bytes) -> str:
    if not data.strip():
        raise NotAnArticle("the file is empty")
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _decode_as(data[len(bom) :] if encoding == "utf-8" else data, encoding)
    if encoding := _utf16_without_bom(data):
        return _decode_as(data, encoding)
    if b"\x00" in data or _mostly_control(data):
        raise NotAnArticle("it is a binary file, not the text of a page")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_old(data)


def _decode_as(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise NotAnArticle(f"the file is damaged: not {encoding.upper()} as it says") from error


def _utf16_without_bom(data: bytes) -> str:
    """Latin letters in UTF-16 have a zero in every other byte."""
    sample = data[:4000]
    half = len(sample) // 2
    if len(data) % 2 or half < 2:
        return ""
    if sample[1::2].count(0) > half // 3 and not sample[::2].count(0):
        return "utf-16-le"
    if sample[::2].count(0) > half // 3 and not sample[1::2].count(0):
        return "utf-16-be"
    return ""


def _mostly_control(data: bytes) -> bool:
    sample = data[:4000]
    control = sum(byte < 32 and byte not in b"\t\n\r\f" for byte in sample)
    return control > len(sample) // 50


def _decode_old(data: bytes) -> str:
    """Bytes that are not UTF-8: believe a declared encoding, else say what it looks like."""
    declared = _DECLARED.search(data[:4000])
    if declared:
        name = declared[1].decode("ascii").lower()
        if name in {"windows-1258", "cp1258"}:
            return _decode_as(data, "cp1258")
    _check_letters(data.decode("cp1252", errors="replace"))
    raise NotAnArticle("the text is not UTF-8, and no other encoding we know; save it as UTF-8")


def _check_letters(text: str) -> None:
    """Refuse text whose Vietnamese letters are those of an old font, or broken."""
    right = len(_VIETNAMESE.findall(text))
    for pattern, name in (
        (_DOUBLY_ENCODED, "the Vietnamese letters are broken (UTF-8 read as Latin text)"),
        (_TCVN3, "the text is in the old encoding TCVN3 (ABC fonts)"),
        (_VNI, "the text is in the old encoding VNI"),
    ):
        if len(pattern.findall(text)) >= max(_FEW, right + 1):
            raise NotAnArticle(f"{name}; convert it to Unicode (UTF-8) first")
