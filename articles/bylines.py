"""The printed byline, with the authors it names."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from articles.models import Author
from core.vietnamese import nfc

# Capital words that may stand right before a name without being part of it.
_BEFORE_A_NAME = {"theo", "bài", "ảnh", "và", "pv", "ctv"}


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
    return [part for part in _parts(nfc(byline), authors) if part.text]


def _parts(byline: str, authors: Sequence[Author]) -> Iterator[BylinePart]:
    names = {nfc(name).casefold(): author for author in authors for name in author.printed_names}
    longest_first = sorted(names, key=len, reverse=True)
    pattern = rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)"
    done = 0
    for match in re.finditer(pattern, byline, re.IGNORECASE) if names else ():
        author = names.get(match[0].casefold())
        if author and not _is_part_of_a_longer_name(byline, match):
            yield BylinePart(byline[done : match.start()], None)
            yield BylinePart(match[0], author)
            done = match.end()
    yield BylinePart(byline[done:], None)


def _is_part_of_a_longer_name(byline: str, match: re.Match[str]) -> bool:
    """``Hoài Anh`` is not named by ``Hoài Anh Thư``, nor by ``Lê Hoài Anh``."""
    after = re.match(r" (\w)", byline[match.end() :])
    before = re.search(r"(\w+) $", byline[: match.start()])
    if after and after[1].isupper():
        return True
    return bool(before and before[1].istitle() and before[1].lower() not in _BEFORE_A_NAME)


def _names(authors: Sequence[Author]) -> list[BylinePart]:
    parts: list[BylinePart] = []
    for author in authors:
        if parts:
            parts.append(BylinePart(" - ", None))
        parts.append(BylinePart(author.name, author))
    return parts
