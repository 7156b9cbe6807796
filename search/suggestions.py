"""“Did you mean”: another spelling of a search that found nothing, one that headlines have.

Vietnamese is written in few syllables, so one slip of a finger is looked up in the index itself:
every spelling one letter away, beside the words that are right. Words typed in Telex or VNI while
the input method was off (``lux lutj``) are read as what was meant.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from articles.models import Article
from core.vietnamese import fold_raw_keys, index_text
from search.backends import backend
from search.query import Query

# A longer search is a sentence, and each of its words costs a query.
MOST_WORDS = 5
HEADLINES = 30
LETTERS = "abcdeghiklmnopqrstuvxy"
SHORTEST, LONGEST = 2, 12
_WORD = re.compile(r"\w+")

Groups = list[list[str]]


def suggestion(query: Query) -> str:
    """Words to search for instead, spelled as a public headline spells them; else empty."""
    words = query.words
    if not 0 < len(words) <= MOST_WORDS:
        return ""
    for groups in _attempts(words):
        found = backend().headlines_with(groups, HEADLINES)
        articles = Article.objects.published().in_language().filter(pk__in=found)
        headlines = articles.values_list("headline", flat=True)
        meant = _most_likely(groups, list(headlines))
        if meant:
            return meant
    return ""


def _attempts(words: list[str]) -> Iterator[Groups]:
    """For each word of the search the spellings to look for, likelier mistakes first."""
    keys = [fold_raw_keys(word) for word in words]
    if keys != words:
        yield [[word] for word in keys]
    for place, word in enumerate(words):
        if SHORTEST <= len(word) <= LONGEST and word.isalpha():
            slips = sorted(_one_slip_away(word) - {word})
            yield (
                [[other] for other in words[:place]]
                + [slips]
                + [[other] for other in words[place + 1 :]]
            )


def _one_slip_away(word: str) -> set[str]:
    """Every string that one wrong, missing, doubled or swapped letter makes of ``word``."""
    halves = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    missing = {left + right[1:] for left, right in halves if right}
    swapped = {left + right[1] + right[0] + right[2:] for left, right in halves if len(right) > 1}
    wrong = {left + letter + right[1:] for left, right in halves if right for letter in LETTERS}
    added = {left + letter + right for left, right in halves for letter in LETTERS}
    return {slip for slip in missing | swapped | wrong | added if len(slip) >= SHORTEST}


def _most_likely(groups: Groups, headlines: list[str]) -> str:
    """The spelling that most headlines have; side by side counts for more than scattered."""
    votes: Counter[str] = Counter()
    spelled: dict[str, str] = {}
    for headline in headlines:
        places = [(match[0], index_text(match[0])) for match in _WORD.finditer(headline)]
        chosen = _chosen(groups, places)
        if chosen is None:
            continue
        key = " ".join(places[place][1] for place in chosen)
        together = all(after == before + 1 for before, after in pairwise(chosen))
        votes[key] += 3 if together else 1
        if together or key not in spelled:
            spelled[key] = " ".join(places[place][0] for place in chosen)
    return spelled[votes.most_common(1)[0][0]] if votes else ""


def _chosen(groups: Groups, places: list[tuple[str, str]]) -> list[int] | None:
    """Where each group has a word in the headline, preferably just after the one before."""
    chosen: list[int] = []
    for group in groups:
        standing = [place for place, (_word, folded) in enumerate(places) if folded in group]
        if not standing:
            return None
        after = chosen[-1] + 1 if chosen else None
        chosen.append(after if after in standing else standing[0])
    return chosen
