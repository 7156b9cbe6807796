"""Results as a reader sees them: cards with the words they asked for marked."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from articles.models import Article
from core.html import html_to_text
from core.vietnamese import index_text, truncate_chars
from search.backends import Found, backend
from search.query import Query

EXCERPT_LENGTH = 220
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Result:
    article: Article
    headline: SafeString
    excerpt: SafeString


@dataclass(frozen=True)
class Results:
    """One page of results; ``guessed`` when the last word had to be completed."""

    results: list[Result]
    total: int
    guessed: bool


def find(query: Query, start: int, size: int) -> Results:
    """Search; when nothing has all words as typed, the last may be the beginning of one."""
    engine = backend()
    found = engine.find(query, start, size)
    guessed = False
    if not found.total and query.words:
        found = engine.find(query, start, size, prefix=True)
        guessed = found.total > 0
    return Results(list(_results(query, found)), found.total, guessed)


def _results(query: Query, found: Found) -> Iterator[Result]:
    # Asked again through the public gate: what was withdrawn a moment ago is not shown.
    cards = Article.objects.published().for_cards()
    # With the body, which the excerpt is cut from.
    whole = cards.defer(None).defer("search_body", "search_keys", "internal_note")
    articles = whole.in_bulk(found.ids)
    for pk in found.ids:
        if pk in articles:
            article = articles[pk]
            text = f"{article.standfirst}\n{html_to_text(article.body)}"
            yield Result(article, marked(article.headline, query), excerpt(text, query))


def marked(text: str, query: Query) -> SafeString:
    """``text`` escaped, the words of ``query`` in ``<mark>``."""
    return _mark(text, _spans(text, query))


def excerpt(text: str, query: Query) -> SafeString:
    """The piece of ``text`` around the first word that was asked for."""
    line = " ".join(text.split())
    spans = _spans(line, query)
    start = 0
    if spans and spans[0][0] > EXCERPT_LENGTH - 60:
        start = line.rfind(" ", 0, max(spans[0][0] - 60, 0)) + 1
    piece = truncate_chars(line[start:], EXCERPT_LENGTH)
    shown = _mark(piece, _spans(piece, query))
    return format_html("… {}", shown) if start else shown


def _spans(text: str, query: Query) -> list[tuple[int, int]]:
    """Where the words stand: with the marks that were typed, else with any."""
    keys, words = set(query.keys), set(query.words)
    exact = _matching(text, lambda word: _exact(word) in keys) if keys else []
    last = query.words[-1] if words else ""
    return exact or _matching(
        text,
        lambda word: _folded(word) in words or (bool(last) and _folded(word).startswith(last)),
    )


# A language has few words: most of a page's were seen before.
@lru_cache(20_000)
def _folded(word: str) -> str:
    return index_text(word)


@lru_cache(20_000)
def _exact(word: str) -> str:
    return index_text(word, exact=True)


def _matching(text: str, wanted: Callable[[str], bool]) -> list[tuple[int, int]]:
    return [match.span() for match in _WORD.finditer(text) if wanted(match[0])]


def _mark(text: str, spans: list[tuple[int, int]]) -> SafeString:
    pieces: list[str] = []
    end = 0
    for start, stop in spans:
        pieces += [
            conditional_escape(text[end:start]),
            format_html("<mark>{}</mark>", text[start:stop]),
        ]
        end = stop
    return mark_safe("".join([*pieces, conditional_escape(text[end:])]))  # noqa: S308
