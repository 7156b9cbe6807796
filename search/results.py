"""Results as a reader sees them: cards with the words they asked for marked."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.db.models import Max, TextField, Value
from django.db.models.functions import Concat
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
    # Of a live coverage the newest entry (a LiveEntry) that has all the words; the excerpt is its.
    entry: Any = None


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
    return Results(list(_results(query, found, guessed)), found.total, guessed)


def _results(query: Query, found: Found, guessed: bool) -> Iterator[Result]:
    # Asked again through the public gate: what was withdrawn a moment ago is not shown.
    cards = Article.objects.published().for_cards()
    # With the body, which the excerpt is cut from.
    whole = cards.defer(None).defer("search_body", "search_keys", "internal_note")
    articles = whole.in_bulk(found.ids)
    entries = _entries(articles.values(), query.words, guessed)
    for pk in found.ids:
        if pk in articles:
            article, entry = articles[pk], entries.get(pk)
            said = entry or article
            above = entry.headline and f"{entry.headline} —" if entry else article.standfirst
            text = f"{above}\n{html_to_text(said.body)}"
            headline = marked(article.headline, query, guessed)
            yield Result(article, headline, excerpt(text, query, guessed), entry)


def _entries(articles: Iterable[Article], words: list[str], guessed: bool) -> dict[int, Any]:
    """By article, the newest published entry of its live coverage that has all the words."""
    events = [event for one in articles if (event := getattr(one, "live_event", None))]
    if not events:
        return {}
    entries = apps.get_model("live", "LiveEntry").objects.published().filter(event__in=events)
    space = Value(" ", TextField())
    having = entries.annotate(line=Concat(space, "search_body", space))
    for number, word in enumerate(words, 1):
        # Where the last one had to be completed, it is the beginning of a word.
        end = "" if guessed and number == len(words) else " "
        having = having.filter(line__contains=f" {word}{end}")
    newest = having.order_by().values("event").annotate(number=Max("pk")).values("number")
    found = entries.filter(pk__in=newest).select_related("event")
    return {entry.event.article_id: entry for entry in found}


def marked(text: str, query: Query, guessed: bool = False) -> SafeString:
    """``text`` escaped, the words of ``query`` in ``<mark>``.

    They are those as they were found: with the marks that were typed, else with any. When
    ``guessed``, marks did not count, and the last word may be the beginning of one.
    """
    for wanted in _tests(query, guessed):
        if spans := [match.span() for match in _WORD.finditer(text) if wanted(match[0])]:
            return _mark(text, spans)
    return conditional_escape(text)


def excerpt(text: str, query: Query, guessed: bool = False) -> SafeString:
    """The piece of ``text`` around the first word that was asked for."""
    line = " ".join(text.split())
    first = _first(line, query, guessed)
    start = line.rfind(" ", 0, first - 60) + 1 if first > EXCERPT_LENGTH - 60 else 0
    shown = marked(truncate_chars(line[start:], EXCERPT_LENGTH), query, guessed)
    return format_html("… {}", shown) if start else shown


def _first(text: str, query: Query, guessed: bool) -> int:
    """Where the first of the words stands, or 0."""
    for wanted in _tests(query, guessed):
        for match in _WORD.finditer(text):
            if wanted(match[0]):
                return match.start()
    return 0


def _tests(query: Query, guessed: bool) -> Iterator[Callable[[str], bool]]:
    """What a word has to be; one is asked for when nothing passed those before."""
    keys, words = set(query.keys), set(query.words)
    if guessed:
        last = query.words[-1]
        yield lambda word: _folded(word) in words or _folded(word).startswith(last)
        return
    if keys:
        yield lambda word: _exact(word) in keys
    yield lambda word: _folded(word) in words


# A language has few words: most of a page's were seen before.
@lru_cache(20_000)
def _folded(word: str) -> str:
    return index_text(word)


@lru_cache(20_000)
def _exact(word: str) -> str:
    return index_text(word, exact=True)


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
