"""What stands in a body for something the page puts in: ``[name(argument)]``.

=============================  ====================================================
``[photo(2)]``                 the second photo of the article
``[gallery(2-5)]``             several of them together; ``[gallery(2, 4-6)]`` too
``[gallery()]``                all that have no other place, but the first
``[video(1)]`` ``[audio(1)]``  the first video, the first sound of the article
``[links()]``                  the related links
``[related(123)]``             another article, by its number or its address
``[embed(https://…)]``         a video of another site; ``[embed(https://… | Its title)]``
=============================  ====================================================

Here they are read; ``articles.rendering`` shows them.
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

from core.embeds import Video, video

# An editor may have made a link of an address between the brackets.
_SHORTCODE = re.compile(
    r"\[([a-z_][a-z0-9_-]{0,40})"
    r'\((?:([^()\[\]<>]{0,200})|<a href="[^"<>]*">([^()\[\]<>]{0,200})</a>)\)\]',
    re.IGNORECASE | re.ASCII,
)
_NUMBER = re.compile(r"[1-9][0-9]{0,3}", re.ASCII)
_RANGE = re.compile(r"([1-9][0-9]{0,3})(?:\s*[-–]\s*([1-9][0-9]{0,3}))?", re.ASCII)
_ARTICLE = re.compile(r"(?:\S*-)?([1-9][0-9]{0,17})(?:\.html)?", re.ASCII)


class Shortcode(NamedTuple):
    name: str
    argument: str


def found_in(html: str) -> Iterator[Shortcode]:
    """The shortcodes of a body, or of a piece of one, in order."""
    for name, plain, linked in _SHORTCODE.findall(html):
        yield Shortcode(name.lower(), unescape(plain or linked).strip())


def without_shortcodes(html: str) -> str:
    return _SHORTCODE.sub("", html)


def photo_number(argument: str) -> int | None:
    """``2``; None for anything else."""
    return int(argument) if _NUMBER.fullmatch(argument) else None


def photo_numbers(argument: str) -> list[int] | None:
    """``2-5`` or ``2, 4-6`` as numbers, each once; None for anything else, also for nothing."""
    numbers: dict[int, None] = {}
    for part in argument.split(","):
        match = _RANGE.fullmatch(part.strip())
        if match is None:
            return None
        numbers |= dict.fromkeys(range(int(match[1]), int(match[2] or match[1]) + 1))
    return list(numbers) or None


def photos_with_a_place(html: str) -> set[int]:
    """The numbers of the photos for which the body names a place."""
    named: set[int] = set()
    for code in found_in(html):
        if code.name == "photo" and (number := photo_number(code.argument)):
            named.add(number)
        elif code.name == "gallery":
            named.update(photo_numbers(code.argument) or ())
    return named


def article_number(argument: str) -> int | None:
    """``123`` or an address such as ``/slug-123.html`` as a number; None for anything else."""
    match = _ARTICLE.fullmatch(argument)
    return int(match[1]) if match else None


def articles_named(html: str) -> set[int]:
    """The numbers of the articles that the body links by shortcode."""
    codes = found_in(html)
    numbers = {article_number(code.argument) for code in codes if code.name == "related"}
    return {number for number in numbers if number}


def video_and_title(argument: str) -> tuple[Video | None, str]:
    """What ``address | title`` names."""
    address, _bar, title = argument.partition("|")
    return video(address), title.strip()
