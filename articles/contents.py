"""Headings of a body: an address for each, and a table of contents where there are many."""

import re
from collections.abc import Sequence
from html import unescape
from typing import NamedTuple

from core.html import word_count
from core.vietnamese import slugify

# A shorter article is read faster than its contents.
FEWEST_HEADINGS = 4
FEWEST_SYLLABLES = 700

_HEADING = re.compile(r"<(h[23])>(.*)</\1>")
_TAG = re.compile(r"<[^>]*>")


class Heading(NamedTuple):
    level: int
    anchor: str
    text: str


class Headings:
    """Collects the headings of one body while it is rendered."""

    def __init__(self) -> None:
        self.found: list[Heading] = []

    def anchored(self, line: str) -> str:
        """The block ``line`` with an id if it is a heading; any other as it is.

        The same words give the same id as long as no heading before them says the same.
        """
        match = _HEADING.fullmatch(line)
        if match is None:
            return line
        tag, inner = match.groups()
        text = " ".join(unescape(_TAG.sub("", inner)).split())
        heading = Heading(int(tag[1]), self._anchor(text), text)
        self.found.append(heading)
        return f'<{tag} id="{heading.anchor}">{inner}</{tag}>'

    def _anchor(self, text: str) -> str:
        wanted = anchor = f"muc-{slugify(text, 60)}"
        taken = {heading.anchor for heading in self.found}
        number = 1
        while anchor in taken:
            number += 1
            anchor = f"{wanted}-{number}"
        return anchor


def table_of_contents(headings: Sequence[Heading], body: str) -> list[Heading]:
    """The sections of a long body; empty for one that needs no table."""
    sections = [heading for heading in headings if heading.level == 2]
    if len(sections) < FEWEST_HEADINGS or word_count(body) < FEWEST_SYLLABLES:
        return []
    return sections
