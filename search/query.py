"""What a reader asks for, read once from the address."""

from dataclasses import dataclass
from datetime import datetime

from articles.models import Article, ArticleQuerySet, Author
from categories.models import Category
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

    @property
    def words(self) -> list[str]:
        """The folded words of the index that every result has, in order, each once."""
        return _once(index_text(self.text))

    @property
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
        found = Article.objects.published()
        if self.category:
            found = found.in_section(self.category)
        if self.author:
            found = found.filter(authors=self.author)
        if self.since:
            found = found.filter(published_at__gte=self.since)
        return found


def _once(words: str) -> list[str]:
    return list(dict.fromkeys(words.split()))[:MOST_WORDS]
