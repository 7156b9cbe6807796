"""Vietnamese text: normal form, matching, slugs, sorting, dates, numbers.

Pure functions on ``str``; nothing here imports Django. Text on display is never
rewritten for the reader's "benefit": ``fold`` and ``search_key`` are for matching only.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

# The paper's time, wherever the server and the reader are.
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")

ELLIPSIS = "…"
NBSP = "\u00a0"
WORD_JOINER = "\u2060"

# --- normal form -----------------------------------------------------------------------

# Control, zero-width, bidi and filler characters, and lone surrogates (no database takes
# them). Tab, line feed, carriage return, NEL and the Unicode line separators are white
# space and stay for the callers below. So does the joiner between two emoji (👩‍🌾).
# Only signs that NFC leaves alone, or cleaning twice would not be cleaning once.
_EMOJI = "[\u231a-\u2328\u23cf-\u23fa\u2600-\u27bf\u2b05-\u2b55\U0001f000-\U0001faff]"
# And the tags after a black flag that make it the one of a country's part (England, Wales).
_TAG_LETTER, _TAG_DIGIT = "\U000e0061-\U000e007a", "\U000e0030-\U000e0039"
_FLAG = f"\U0001f3f4[{_TAG_LETTER}]{{2}}[{_TAG_LETTER}{_TAG_DIGIT}]{{1,4}}\U000e007f"
_INVISIBLE = re.compile(
    f"({_FLAG})|"
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffc"
    "\ud800-\udfff\U000e0000-\U000e007f]"
    f"(?!(?:(?<={_EMOJI}\u200d)|(?<={_EMOJI}\ufe0f\u200d))"
    f"(?:{_EMOJI}|[\u2194\u2195]\ufe0f))"
)
_LINE_BREAK = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
_LETTER = r"[^\W\d_]"
_WORD = re.compile(rf"{_LETTER}+")

_TONES = {"\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0301": "s", "\u0323": "j"}
_VIETNAMESE_ONLY = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")
_VIETNAMESE_WORD = re.compile("[A-Za-zÐƉðɖÀ-ÃÈ-ÊÌÍÒ-ÕÙÚÝà-ãè-êìíò-õùúýĂăĐđĨĩŨũƠơƯư\u1ea0-\u1ef9]+")
_VOWEL = re.compile("[AEIOUYaeiouy]")
_ETH = re.compile("[ÐƉðɖ]")
_ETH_TO_D = str.maketrans("ÐƉðɖ", "ĐĐđđ")


def nfc(text: str) -> str:
    """Compose ``text`` (NFC), the only form the site stores."""
    return unicodedata.normalize("NFC", text)


def strip_invisible(text: str) -> str:
    """Drop control, zero-width, soft-hyphen and bidi-override characters.

    The joiner that makes one emoji of two stays, as do the tags of a flag.
    """
    return _INVISIBLE.sub(r"\1", text)


def repair(text: str) -> str:
    """Drop invisible characters, compose, and put Đ for its look-alikes; keep white space."""
    text = nfc(strip_invisible(text))
    return _WORD.sub(_repair_word, text) if _ETH.search(text) else text


def _repair_word(match: re.Match[str]) -> str:
    word = match[0]
    if not _ETH.search(word):
        return word
    return word.translate(_ETH_TO_D) if _is_vietnamese_eth(word) else word


def _is_vietnamese_eth(word: str) -> bool:
    """Tell ``Ðảng`` and ``HÐND`` from Icelandic ``BORÐ`` and Ewe ``Ɖɔkita``.

    Icelandic never begins a word with ð, and its words have vowels; a Vietnamese word has
    Đ first, or is an abbreviation without vowels.
    """
    if not _VIETNAMESE_WORD.fullmatch(word):
        return False
    if _VIETNAMESE_ONLY.search(word):
        return True
    if re.search("[ðɖ]", word):
        return False
    bare = unicodedata.normalize("NFD", word)
    return word[0] in "ÐƉ" or not _VOWEL.search(bare)


def clean_line(text: str) -> str:
    """Return one line as the site stores it: composed, visible, single spaces, no ends."""
    return " ".join(repair(text).split())


def clean_text(text: str) -> str:
    """As ``clean_line`` for several lines: breaks become ``\\n``, at most one blank line."""
    lines = _LINE_BREAK.sub("\n", repair(text)).split("\n")
    joined = "\n".join(" ".join(line.split()) for line in lines)
    return re.sub(r"\n{3,}", "\n\n", joined).strip("\n")


# --- matching --------------------------------------------------------------------------

_MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")
_TO_D = str.maketrans("ĐđÐðƉɖ", "dddddd")


def fold(text: str) -> str:
    """Return ``text`` without marks, lower case, đ as d, single spaces: tier 2 of search."""
    bare = unicodedata.normalize("NFD", strip_invisible(text).translate(_TO_D).lower())
    return " ".join(nfc(_MARKS.sub("", bare).lower()).split())


class _FoldTable(dict[int, str]):
    """Fold one character at a time, each to exactly one character."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = " " if char.isspace() else fold(char)
        self[code] = folded if len(folded) == 1 else char
        return self[code]


_FOLD_TABLE = _FoldTable()


def fold_same_length(text: str) -> str:
    """Fold NFC ``text`` one to one, so that a position found in it is one in the original."""
    return text.translate(_FOLD_TABLE)


# One word in two spellings: kỹ and kĩ, quy and qui (but not máy and mái).
_Y_OR_I = re.compile(r"^([hklmst]|qu)y$")


def search_key(text: str) -> str:
    """Return the tier 1 key: equal for ``ủy``/``uỷ`` and ``kỹ``/``kĩ``, not for ``Quang``.

    The tone goes to the end of its syllable as a letter (``hòa``, ``hoà`` → ``hoaf``).
    """
    return " ".join(_WORD.sub(_word_key, repair(text).lower()).split())


def _word_key(match: re.Match[str]) -> str:
    return _key_of(match[0])


@lru_cache(maxsize=20_000)
def _key_of(word: str) -> str:
    parts = unicodedata.normalize("NFD", word)
    tones = "".join(_TONES.get(char, "") for char in parts)
    letters = nfc("".join(char for char in parts if char not in _TONES)).replace("ð", "đ")
    letters = _Y_OR_I.sub(r"\1i", letters)
    if not tones and letters[-1:] in "frxsjq":
        tones = "q"  # keeps "gas" apart from "gá", whose key is "gas"
    return letters + tones


_DASHES = re.compile("[\u2010-\u2014\u2212]")
_SAIGON = re.compile(r"(?<!\w)t\.?p\.?\s*hcm(?!\w)")
_SAIGON_TOKEN = "tphcm"  # noqa: S105
_TOKEN = re.compile(r"\w+(?:[-/.,]\w+)*")
_JOINT, _DIGIT, _NO_LETTER = re.compile(r"[-/.,]"), re.compile(r"\d"), re.compile(r"[\W_]")


def search_tokens(text: str, exact: bool = False) -> list[str]:
    """Split ``text`` into the words of the search index, in order, with repeats.

    A token with a digit and joints (``19-NQ/TU``, ``08/09/2020``, ``COVID-19``) comes whole
    and then in parts. Every spelling of ``TP.HCM`` gives ``tphcm``, ``tp``, ``hcm``.
    ``exact`` gives tier 1 keys, otherwise folded words.
    """
    folded = _DASHES.sub("-", search_key(text) if exact else fold(text))
    return list(_tokens(_SAIGON.sub(f" {_SAIGON_TOKEN} ", folded)))


def index_text(text: str, exact: bool = False) -> str:
    """Return the tokens of ``search_tokens`` as words of letters and digits between spaces.

    Joints are taken out (``19-nq/tu`` → ``19nqtu``), so that no database's own parser splits them
    again; ``kỹ`` and ``kĩ`` are one word. Queries go through here as texts do.
    """
    tokens = search_tokens(text, exact)
    words = (token if token.isalnum() else _NO_LETTER.sub("", token) for token in tokens)
    return " ".join(_Y_OR_I.sub(r"\1i", word) for word in words if word)


def _tokens(folded: str) -> Iterator[str]:
    for token in _TOKEN.findall(folded):
        if token == _SAIGON_TOKEN:
            yield from (_SAIGON_TOKEN, "tp", "hcm")
        elif token.isalnum():
            yield token
        else:
            parts = _JOINT.split(token)
            if len(parts) > 1 and _DIGIT.search(token):
                yield token
            yield from parts


_RIME = re.compile(r"[aeiouyw]")
_DOUBLED = re.compile(r"(a|e|o|d)\1|(?<=[aou])w")


def fold_raw_keys(word: str) -> str:
    """Fold what Telex or VNI keys left when no input method was on: ``dduwowngf`` → ``duong``.

    A Vietnamese rime has none of the letters that Telex takes for tones (s f r x j), nor digits.
    """
    folded = fold(word)
    start = _RIME.search(folded)
    if start is None:
        return folded
    onset, rime = folded[: start.start()], folded[start.start() :]
    rime = re.sub("[sfrxj0-9]", "", rime)
    bare = _DOUBLED.sub(lambda match: match[1] or "", re.sub("d9|dd", "d", onset) + rime)
    return bare.replace("w", "u")


# --- slugs -----------------------------------------------------------------------------

_APOSTROPHES = re.compile("['’‘ʼ`´′]")
_SPELLED_OUT = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th"})


def slugify(text: str, max_length: int = 100) -> str:
    """Return an address of ``[a-z0-9-]`` cut between syllables; ``bai-viet`` if none is left."""
    plain = unicodedata.normalize("NFKC", _APOSTROPHES.sub("", text))
    slug = re.sub("[^a-z0-9]+", "-", fold(plain).translate(_SPELLED_OUT)).strip("-")
    if len(slug) > max_length:
        slug = slug[: max_length + 1].rpartition("-")[0] or slug[:max_length]
    return slug.strip("-") or "bai-viet"


# --- tone placement --------------------------------------------------------------------

_ONSET = r"(?:b|ch?|d|đ|g[hi]?|kh?|h|l|m|n(?:gh?|h)?|ph?|r|s|t[hr]?|v|x)?"
_NEW_STYLE = re.compile(
    rf"(?<!{_LETTER})({_ONSET})(o[àáảãạèéẻẽẹ]|u[ỳýỷỹỵ])(?!{_LETTER})", re.IGNORECASE
)


def new_to_old_tone(text: str) -> str:
    """Move the tone in open ``oa oe uy`` as the press writes it: ``hoà`` → ``hòa``."""
    return _NEW_STYLE.sub(lambda match: match[1] + _move_tone(match[2]), nfc(text))


def _move_tone(rhyme: str) -> str:
    vowel = unicodedata.normalize("NFD", rhyme[1])
    return nfc(rhyme[0] + vowel[1] + vowel[0])


# --- sorting ---------------------------------------------------------------------------

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTER_RANK = {letter: chr(ord("A") + rank) for rank, letter in enumerate(_ALPHABET)}
_TONE_RANK = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_QUALITY = {"\u0306", "\u0302", "\u031b"}


def sort_key(text: str) -> str:
    """Return a plain string that orders as ICU ``vi``: letters, then tones, then case.

    Compare keys by code point (Python, or a column with the "C" collation).
    """
    letters, tones, cases = [], [], []
    for char in repair(text):
        base, tone = _split_letter(char)
        letters.append(_primary(base))
        tones.append(tone)
        cases.append("1" if char.isupper() else "0")
    return " ".join(("".join(letters), "".join(tones), "".join(cases)))


@lru_cache(maxsize=4_096)
def _split_letter(char: str) -> tuple[str, str]:
    """Split ``char`` into its letter of the alphabet and the rank of its tone."""
    first, *marks = list(unicodedata.normalize("NFD", char.lower()))
    base = nfc(first + "".join(mark for mark in marks if mark in _QUALITY))
    if base not in _LETTER_RANK and first in _LETTER_RANK:
        base = first
    rest = [mark for mark in marks if mark not in _QUALITY]
    return base, max((_TONE_RANK.get(mark, "6") for mark in rest), default="0")


def _primary(base: str) -> str:
    """Order space, signs, digits, the alphabet, then other scripts."""
    if base in _LETTER_RANK:
        return _LETTER_RANK[base]
    if base.isspace():
        return "!"
    if base.isascii() and base.isdigit():
        return base
    return ("~" if base.isalnum() else '"') + base


def person_sort_key(name: str) -> tuple[str, str, str]:
    """Order people by given name (the last word), then family name, then middle names."""
    words = clean_line(name).split()
    if not words:
        return ("", "", "")
    family = words[0] if len(words) > 1 else ""
    return (sort_key(words[-1]), sort_key(family), sort_key(" ".join(words[1:-1])))


# --- cutting ---------------------------------------------------------------------------

_DANGLING = " ,;:.-–—(/"


def truncate_words(text: str, n: int) -> str:
    """Keep the first ``n`` words and add ``…`` when something was cut."""
    words = nfc(text).split()
    if len(words) <= n:
        return " ".join(words)
    return " ".join(words[: max(n, 0)]).rstrip(_DANGLING) + ELLIPSIS


def truncate_chars(text: str, n: int) -> str:
    """Cut ``text`` between syllables to at most ``n`` characters, ``…`` included."""
    text = " ".join(nfc(text).split())
    if len(text) <= n:
        return text
    if n < 1:
        return ""
    head = text[:n].rpartition(" ")[0] or _cut_inside_word(text, n - 1)
    return head.rstrip(_DANGLING) + ELLIPSIS


def _cut_inside_word(text: str, n: int) -> str:
    while n and unicodedata.combining(text[n]):
        n -= 1
    return text[:n]


def initial(name: str) -> str:
    """Return the capital first letter with its marks (``Ý``), or "" when there is none."""
    for char in clean_line(name):
        if char.isalnum():
            return nfc(char.upper())[0]
    return ""


# --- dates -----------------------------------------------------------------------------

_WEEKDAY_WORDS = (
    "Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật",
)  # fmt: skip
_WEEKDAY_DIGITS = ("Thứ 2", "Thứ 3", "Thứ 4", "Thứ 5", "Thứ 6", "Thứ 7", "Chủ nhật")


def _in_hanoi(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("A moment without a time zone cannot be shown.")
    return moment.astimezone(HANOI)


def clock(moment: datetime) -> str:
    """Return ``Thứ Sáu, 22/11/2024 20:14 (GMT +7)`` for an aware datetime."""
    local = _in_hanoi(moment)
    return f"{_WEEKDAY_WORDS[local.weekday()]}, {local:%d/%m/%Y %H:%M} (GMT +7)"


def dateline(moment: datetime) -> str:
    """Return ``Thứ 3, 08/09/2020 | 11:31:41 [GMT +7]`` for an aware datetime."""
    local = _in_hanoi(moment)
    return f"{_WEEKDAY_DIGITS[local.weekday()]}, {local:%d/%m/%Y | %H:%M:%S} [GMT +7]"


def long_date(day: date) -> str:
    """Return ``Thứ Ba, ngày 8 tháng 9 năm 2020``; a datetime is first taken to Hanoi."""
    if isinstance(day, datetime):
        day = _in_hanoi(day)
    weekday = _WEEKDAY_WORDS[day.weekday()]
    return f"{weekday}, ngày {day.day} tháng {day.month} năm {day.year}"


_MONTHS = {
    "gieng": 1, "mot": 1, "hai": 2, "ba": 3, "tu": 4, "bon": 4, "nam": 5, "sau": 6, "bay": 7,
    "tam": 8, "chin": 9, "muoi": 10, "muoi mot": 11, "muoi hai": 12, "chap": 12,
}  # fmt: skip
_MONTH = r"(?:\d{1,2}|muoi (?:mot|hai)|" + "|".join(m for m in _MONTHS if " " not in m) + ")"
_DATES = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        r"(?<!\d)(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})(?!\d)",
        r"(?<!\d)(?P<d>\d{1,2}) ?(?P<s>[/.-]) ?(?P<m>\d{1,2}) ?(?P=s) ?(?P<y>\d{4})(?!\d)",
        rf"(?<!\d)(?P<d>\d{{1,2}}) thang (?P<m>{_MONTH}),? (?:nam )?(?P<y>\d{{4}})(?!\d)",
        rf"\bthang (?P<m>{_MONTH}) (?P<d>\d{{1,2}}),? (?:nam )?(?P<y>\d{{4}})(?!\d)",
    )
)
_ZONE = re.compile(r"(?:gmt|utc) ?([+-]) ?(\d{1,2})(?::?(\d{2}))?(?!\d)", re.ASCII)
_ISO_ZONE = re.compile(
    r"(?<=[\d:]\d)(?:\.\d{1,9})?(?:(z)\b|([+-])(\d{2}):?(\d{2})(?!\d))", re.ASCII
)
_TIME = re.compile(
    r"(?<![\d:])(\d{1,2})(?: ?(?:h|g|gio) ?(\d{2})(?!\d)| ?(?:h|gio)\b(?! truoc)"
    r"|:(\d{2})(?::(\d{2}))?(?![\d:]))(?: ?([ap])\.?m\b| ?(sa|ch)\b)?",
    re.ASCII,
)
_LONGEST_DATELINE = 200


def parse_dateline(text: str) -> datetime | date | None:
    """Read the date, and the time if there is one, of a Vietnamese page or form.

    Day always before month. A time gives an aware datetime in Hanoi, a bare date a
    ``date``; no date, an impossible one or a relative one ("3 giờ trước") gives None.
    """
    line = fold(text[:_LONGEST_DATELINE])
    found = next((match for pattern in _DATES if (match := pattern.search(line))), None)
    if found is None:
        return None
    rest = line[: found.start()] + " " + line[found.end() :].removeprefix("t")
    try:
        month = _MONTHS.get(found["m"]) or int(found["m"])
        day = date(int(found["y"]), month, int(found["d"]))
        return _with_time(day, rest)
    except (ValueError, OverflowError):
        return None


def _with_time(day: date, rest: str) -> datetime | date:
    zone, rest = _take_zone(rest)
    found = _TIME.search(rest)
    if found is None:
        return day
    hour, minute = int(found[1]), int(found[2] or found[3] or 0)
    afternoon = found[5] == "p" or found[6] == "ch"
    morning = found[5] == "a" or found[6] == "sa"
    if afternoon and hour < 12:
        hour += 12
    elif morning and hour == 12:
        hour = 0
    moment = datetime(day.year, day.month, day.day, hour, minute, int(found[4] or 0), tzinfo=zone)
    return moment.astimezone(HANOI)


def _take_zone(rest: str) -> tuple[ZoneInfo | timezone, str]:
    """Take a written offset out of ``rest``; Hanoi when there is none or it is +7."""
    if found := _ZONE.search(rest):
        sign, hours, minutes = found.groups()
    elif found := _ISO_ZONE.search(rest):
        sign, hours, minutes = ("+", "0", "0") if found[1] else found.groups()[1:]
    else:
        return HANOI, rest
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
    rest = rest[: found.start()] + " " + rest[found.end() :]
    if sign == "+" and offset == timedelta(hours=7):
        return HANOI, rest
    return timezone(-offset if sign == "-" else offset), rest


# --- numbers ---------------------------------------------------------------------------


def format_number(n: int | float | Decimal) -> str:
    """Return ``1.234.567,89``: dots between thousands, a decimal comma."""
    value = n if isinstance(n, int) else Decimal(str(n))
    return f"{value:,f}".translate(_SWAP) if isinstance(value, Decimal) else _grouped(value)


_SWAP = str.maketrans(",.", ".,")


def _grouped(n: int) -> str:
    return f"{n:,d}".replace(",", ".")


def format_money(n: int | float | Decimal) -> str:
    """Return ``1.500.000 đồng``, rounded to whole đồng (there is no smaller coin)."""
    whole = Decimal(str(n)).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return f"{_grouped(int(whole))} đồng"


# --- line breaks -----------------------------------------------------------------------

_UNITS = (
    "đồng|đ|₫|VND|VNĐ|USD|EUR|tỷ|tỉ|triệu|nghìn|ngàn|trăm|%|‰|km/h|km2|km²|km|cm|mm|m2|m²|m3|m³|m"
    "|ha|kg|mg|g|tấn|tạ|yến|lít|ml|kW|MW|kWh|MWh|°C|độ"
)
_NUMBER_UNIT = re.compile(rf"(?<=\d) +(?=(?:{_UNITS})(?!\w))")
_LARGE_UNIT = re.compile(r"(?<!\w)(tỷ|tỉ|triệu|nghìn|ngàn|trăm) +(?=(?:đồng|USD|VND|EUR|tỷ)(?!\w))")
_DOCUMENT_NUMBER = re.compile(r"(?<![\w/–-])\d\w*(?:[-–/]\w+)+")
_CAPITAL = re.compile("[A-ZĐ]")
_CITY = re.compile(r"(?<!\w)(T[Pp]\.?) +(?=\w)")


def nbsp(text: str) -> str:
    """Keep ``19-NQ/TU``, ``5 tỷ đồng``, ``20 %`` and ``TP Hạ Long`` on one line.

    For plain text at the moment of display, never for storage and not for HTML (see
    ``core.html.nbsp_html``). Spaces become U+00A0. Inside document numbers a word joiner
    (U+2060) follows each joint: browsers ignore it when they find in page, and
    ``clean_line`` drops it when the text is pasted back. U+2011 would be another hyphen.
    """
    text = text.replace(WORD_JOINER, "")
    text = _DOCUMENT_NUMBER.sub(_glue, text)
    text = _NUMBER_UNIT.sub(NBSP, text)
    text = _LARGE_UNIT.sub(rf"\1{NBSP}", text)
    return _CITY.sub(rf"\1{NBSP}", text)


def _glue(match: re.Match[str]) -> str:
    number = match[0]
    return re.sub("([-–/])", rf"\1{WORD_JOINER}", number) if _CAPITAL.search(number) else number


# --- spam in disguise ------------------------------------------------------------------

_OVERLAY = re.compile(_MARKS.pattern.removesuffix("]+") + "\u0483-\u0489]+")
_LOOKALIKES = str.maketrans(
    # Cyrillic, Greek, small capitals and IPA letters that pass for Latin ones.
    "авеёкмнорстухзіјѕԁԛԝгьһұӏαβεικνορτυχɑɡɩᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ",
    "abeekmhopctyx3ijsdqwrbhylabeiknoptuxagiabcdefghijklmnoprstuvwyz",
)


def strip_overlay(text: str) -> str:
    """Drop marks that belong to no letter (``T̼h̼ủ̼y̼`` → ``Thủy``); spam hides words so."""
    composed = nfc(strip_invisible(text))
    return nfc(_OVERLAY.sub("", composed))


def foreign_lookalikes(text: str) -> list[str]:
    """Return the letters outside the Latin alphabet and stray marks, once each, in order.

    Not proof of spam (a Russian name has them too): a reason for a moderator to look.
    """
    composed = nfc(text)
    suspects = [char for char in composed if _is_foreign(char)]
    return list(dict.fromkeys(suspects))


def _is_foreign(char: str) -> bool:
    if char < "\u0180":
        return False
    if _OVERLAY.match(char) or char in "\u034f\u17b4\u17b5":
        return True
    if not char.isalpha():
        return "\u24b6" <= char <= "\u24e9" or "\U0001f130" <= char <= "\U0001f189"
    return fold(char) not in _LATIN


_LATIN = set("abcdefghijklmnopqrstuvwxyz")


def spam_fold(text: str) -> str:
    """Fold ``text`` with its disguises off, to match it against a list of bad words."""
    plain = unicodedata.normalize("NFKD", strip_overlay(text)).lower()
    return fold(plain.translate(_LOOKALIKES))
