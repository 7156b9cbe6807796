"""Saved page text: one block a line."""

from collections.abc import Iterator

from articles.page_import.assembly import Line
from core.vietnamese import clean_text


def lines_of(text: str) -> Iterator[Line]:
    for line in clean_text(text).split("\n"):
        if line:
            yield Line(line)
