"""The printed byline, with the authors it names."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from articles.models import Author
from core.vietnamese import nfc


class BylinePart(NamedTuple):
    text: str
    author: Author | None


def byline_parts(byline: str, authors: Sequence[Author]) -> list[BylinePart]:
    """Cut ``byline`` into pieces; those that are a name or pen name of an author carry them.

    What is printed stays as it is, roles in brackets too. Without a byline the authors' names
    are printed.
    """
    if not byline:
        return _names(authors)
    names = {nfc(name).casefold(): author for author in authors for name in author.printed_names}
    if not names:
        return [BylinePart(byline, None)]
    longest_first = sorted(names, key=len, reverse=True)
    pattern = rf"(?<!\w)({'|'.join(map(re.escape, longest_first))})(?!\w)"
    pieces = re.split(pattern, nfc(byline), flags=re.IGNORECASE)
    return [BylinePart(piece, names.get(piece.casefold())) for piece in pieces if piece]


def _names(authors: Sequence[Author]) -> list[BylinePart]:
    parts: list[BylinePart] = []
    for author in authors:
        if parts:
            parts.append(BylinePart(" - ", None))
        parts.append(BylinePart(author.name, author))
    return parts
