"""What a reader asks for, read once from the address."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from articles.models import Article, ArticleQuerySet, Author
from categories.models import Category
from core.languages import current_language
from core.vietnamese import clean_line, fold, index_text

LONGEST_QUERY = 200
MOST_WORDS = 12


@dataclass(frozen=True)
class Query:
    """A search. ``text`` is what was typed; an empty one finds nothing."""

    text: str
    category: Category | None = None
    author: Author | None = None
    since: datetime | None = None
    newest_first: bool = False
    # Readers find what is in the language of their page.
    language: str = field(default_factory=current_language)

    @cached_property
    def words(self) -> list[str]:
        """The folded words of the index that every result has, in order, each once."""
        return _once(index_text(self.text))

    @cached_property
    def keys(self) -> list[str]:
        """The tone-exact words; empty when the query was typed without marks.

        Without marks a reader means any marks; with them, words that have just these come first
        (`duong`, `dương`, `đương` and `đường` are four words).
        """
        if fold(self.text) == clean_line(self.text).lower():
            return []
        return _once(index_text(self.text, exact=True))

    def articles(self) -> ArticleQuerySet:
        """The published articles that pass the filters, whatever their words."""
        found = Article.objects.published().in_language(self.language)
        if self.category:
            found = found.in_section(self.category)
        if self.author:
            found = found.filter(authors=self.author)
        if self.since:
            found = found.filter(published_at__gte=self.since)
        return found


def _once(words: str) -> list[str]:
    return list(dict.fromkeys(words.split()))[:MOST_WORDS]
