"""What lines of a Vietnamese article page look like. Pure functions on one line each."""

import re
from datetime import date, datetime
from typing import NamedTuple

from core.vietnamese import fold, parse_dateline

# --- page furniture -------------------------------------------------------------------------

_CLOCK = re.compile(r"(?:thu (?:hai|ba|tu|nam|sau|bay)|chu nhat), [\d/]+ \d+:\d+ \(gmt ?\+ ?7\)")
_TOOLS = re.compile(r"(?:\s*(?:\bA[-+]?|\baa))+\s*$")
_FURNITURE = re.compile(
    r"tat ca chuyen muc|[ -]*a(?:[ +|-]*a){1,3}[ +-]*|trang chu|in bai viet|ban in|chia se"
    r"|luu bai viet|nghe bai viet|gui toa soan|luot xem|mac dinh co chu|tang tuong phan"
    r"|cap nhat: .* truoc|0:00 / 0:00|\|+|menu|dang nhap|doc bao in|facebook|zalo|twitter"
)
# Headings after which nothing of the article itself follows.
_END = re.compile(
    r"lien ket website|y kien(?: ban doc)? ?\(\d*\)|y kien ban doc|viet binh luan"
    r"|cung chuyen muc|tin moi(?: nhat)?|doc nhieu(?: nhat)?|tin khac|xem them binh luan"
    r"|cac tin khac|tin da dua|tin cung chuyen muc|binh luan(?: ?\(\d*\))?"
)
_TAGS = re.compile(r"^\s*(?:Từ khóa|Từ khoá|Tags?|Chủ đề)\s*:\s*", re.IGNORECASE)
_RELATED_HEADING = re.compile(r"tin (?:bai )?lien quan:?|bai lien quan:?|xem them:")
_RELATED = re.compile(r"^\s*(?:>>+|»+)\s*")
_LONGEST_HEADING = 100
SHORTCODE = re.compile(r"\[[a-z_][a-z0-9_-]{0,40}\([^()\[\]<>]{0,200}\)\]", re.I | re.A)


def is_clock(line: str) -> bool:
    return _is(_CLOCK, line)


def is_furniture(line: str) -> bool:
    return is_clock(line) or _is(_FURNITURE, line)


def is_end(line: str) -> bool:
    return _is(_END, line)


def is_related_heading(line: str) -> bool:
    return _is(_RELATED_HEADING, line)


def _is(pattern: re.Pattern[str], line: str) -> bool:
    """Whether ``pattern`` matches the folded line; none of ours is long, a hostile line may be."""
    return len(line) <= _LONGEST_HEADING and bool(pattern.fullmatch(fold(line)))


def tags_of(line: str) -> list[str] | None:
    """The keywords after ``Từ khoá:``; None when the line is another."""
    found = _TAGS.match(line)
    return split_tags(line[found.end() :]) if found else None


def split_tags(text: str) -> list[str]:
    return [word for part in re.split(r"[,;|]", text) if (word := part.strip(" .#"))]


def related_headline(line: str) -> str:
    """The headline after ``>>``, or nothing."""
    found = _RELATED.match(line)
    return line[found.end() :].strip() if found else ""


def is_shortcode(line: str) -> bool:
    return bool(SHORTCODE.fullmatch(line.strip()))


# --- dateline and standfirst ----------------------------------------------------------------

_DATE_WORD = re.compile(
    "thu|hai|ba|tu|nam|sau|bay|chu|nhat|cn|t[2-7]|ngay|thang|luc|h|g|gio|gmt|utc|am|pm|sa|ch"
    "|cap|dang|pv"
)
_LONGEST_DATELINE = 90


def dateline_of(line: str) -> datetime | date | None:
    """The time a dateline prints; None for any other line, a sentence with a date too."""
    if len(line) > _LONGEST_DATELINE or not re.search(r"\d", line):
        return None
    line = without_tools(line)
    words = re.findall(r"[a-z]\w*", fold(line))
    if sum(not _DATE_WORD.fullmatch(word) for word in words) > 2:
        return None
    return parse_dateline(line)


def without_tools(line: str) -> str:
    """The line without the ``A A`` of the font size buttons at its end."""
    return _TOOLS.sub("", line).rstrip()


_PAPER_CODE = re.compile(
    r"^\s*(?:\(\s*(?P<code>[A-ZĐ][A-ZĐ.\s]{1,12}|Dân trí|Báo [\w\s]{2,25}|[A-Za-z]+\.vn)\s*\)"
    r"|(?P<bare>TTO|TPO|PLO|NLĐO|SGGPO|VOV|VTV\.vn|QBĐT|BQNĐT|HNMO|TNO|QNO|BGĐT|BHYO|[A-ZĐ]{1,4}ĐT))"
    r"\s*[-–—]\s*"
)


def split_paper_code(line: str) -> tuple[str, str]:
    """A standfirst without ``(QBĐT) -``, and what was taken off."""
    found = _PAPER_CODE.match(line)
    return (line[found.end() :].strip(), found[0].strip()) if found else (line, "")


# --- captions -------------------------------------------------------------------------------

# Longer lines are paragraphs, whatever ends them.
LONGEST_CAPTION = 3000
_PICTURE = re.compile(r"!\[(?P<alt>[^\]]*)\]\([^)]*\)")
_PLACEHOLDER = re.compile(r"chu thich anh\.?|caption|nhap chu thich(?: anh)?")
_CREDIT = re.compile(r"(?:Ảnh|ẢNH)(?P<kind>(?: (?:minh họa|minh hoạ|tư liệu))?) ?:")
_BEFORE_CREDIT = " ([–—-"
LONGEST_CREDIT = 200


class Caption(NamedTuple):
    caption: str
    credit: str


def is_caption(line: str) -> bool:
    """Whether the line ends with the bar of a caption; a row of a table has more of them."""
    if len(line) > LONGEST_CAPTION or not line.endswith("|"):
        return False
    return "|" not in _PICTURE.sub("", line).rstrip(" |")


def is_table_row(line: str) -> bool:
    return line.endswith("|") and len(line) <= LONGEST_CAPTION and not is_caption(line)


def picture_alt(line: str) -> str | None:
    """The alternative text when the line is a picture of the page text (``![alt](address)``)."""
    if len(line) > LONGEST_CAPTION:
        return None
    found = _PICTURE.search(line)
    rest = _PICTURE.sub("", line).strip(" |")
    return found["alt"] if found and not rest else None


def caption_text(line: str) -> str:
    """A caption without bar, pictures and placeholder."""
    text = _PICTURE.sub("", line.rstrip(" |")).strip()
    return "" if is_placeholder(text) else text


def is_placeholder(line: str) -> bool:
    return _is(_PLACEHOLDER, line.rstrip(" |"))


def split_credit(text: str) -> Caption:
    """Cut at the last ``Ảnh:``; the credit comes without that word, brackets and full stop."""
    credits = list(_CREDIT.finditer(text))
    if not credits:
        return Caption(text, "")
    found = credits[-1]
    before = text[: found.start()].rstrip(_BEFORE_CREDIT)
    bracket = any(sign in text[len(before) : found.start()] for sign in "([")
    credit = text[found.end() :].strip()
    stop_follows = bracket and credit.endswith((").", "]."))
    if bracket and credit.endswith((")", "].", ").", "]")):
        credit = credit.rstrip(".").rstrip(")]").strip()
    if not _ends_with_initial(credit):
        credit = credit.rstrip(" .,;")
    if found["kind"]:
        before = f"{before} Ảnh{found['kind']}".strip()
    if stop_follows and before and before[-1] not in ".!?…":
        before += "."
    if len(credit) > LONGEST_CREDIT:
        return Caption(text, "")
    return Caption(before, credit)


def _ends_with_initial(text: str) -> bool:
    return bool(re.search(r"(?:^|[\s./])[^\W\d_]\.$", text))


# --- bylines --------------------------------------------------------------------------------

_DESK = re.compile(r"(?:nhom )?(?:pv|p\.v\.?|phong vien)|lts|b\.?b\.?t\.?|ban bien tap|t\.?h\.?")
_AGENCY = re.compile(r"^\(?\s*(?:Theo|Nguồn|THEO|NGUỒN)\s*:?\s+(?P<name>[^.]{2,60}?)\s*\)?\.?$")
_LABEL = re.compile(
    r"^(?:(?:tin|bài)(?:[,/ ]*(?:và )?(?:ảnh|clip))*|thực hiện|tác giả|ảnh và bài|nội dung)\s*:\s*",
    re.IGNORECASE,
)
_ROLE = re.compile(r"\s*[(\[][^()\[\]]{1,60}[)\]]\s*$")
_JOINTS = re.compile(r"\s+[-–—]\s+|\s*[,;&/]\s*|\s+và\s+")
_NAME_WORD = re.compile(r"[^\W\d_]+(?:['’.][^\W\d_]*)*\.?")
LONGEST_BYLINE = 120


class Byline(NamedTuple):
    """``names`` are those that look like pen names; ``agency`` is what the text was taken from."""

    printed: str
    names: tuple[str, ...] = ()
    agency: str = ""
    sure: bool = True


def byline_of(
    line: str, known: frozenset[str] = frozenset(), marked: bool = False
) -> Byline | None:
    """Read a byline; None when the line is none.

    ``known`` are printed names of authors, case-folded; ``marked`` says that the page itself
    marks the line as a byline (bold, at the right, a class).
    """
    line = line.strip()
    if not 1 < len(line) <= LONGEST_BYLINE or is_shortcode(line):
        return None
    if found := _AGENCY.match(line):
        return Byline(line, agency=found["name"].strip())
    names_only = _LABEL.sub("", line)
    labelled = names_only != line
    pieces = (_ROLE.sub("", piece).strip() for piece in _JOINTS.split(names_only))
    parts = [piece for piece in pieces if piece]
    if parts and all(_DESK.fullmatch(fold(part)) for part in parts):
        return Byline(line)
    if not parts or len(parts) > 5:
        return None
    names = [part for part in parts if not _DESK.fullmatch(fold(part))]
    if all(name.casefold() in known for name in names):
        return Byline(line, tuple(names))
    if not marked and not labelled and len(line.split()) == 1:
        return None
    if all(_is_pen_name(name) for name in names):
        return Byline(line, tuple(names))
    few_words = all(len(name.split()) <= 4 and _only_words(name) for name in names)
    if few_words and (marked or labelled or len(line.split()) <= 4):
        return Byline(line, sure=False)
    return None


def _only_words(name: str) -> bool:
    return all(_NAME_WORD.fullmatch(word) for word in name.split()) and name[-1] not in ".!?…:"


def _is_pen_name(name: str) -> bool:
    words = name.split()
    return 1 <= len(words) <= 5 and _only_words(name) and all(word[0].isupper() for word in words)


def may_be_new_author(name: str) -> bool:
    """A name of two words or more; one word alone may be anything."""
    return len(name.split()) >= 2 and _is_pen_name(name) and len(name) <= 60
