"""How the desk finds articles by headline: the search app, which knows this one, says how."""

from collections.abc import Callable

Finder = Callable[[str], list[int]]
_finders: list[Finder] = []


def answer_with(finder: Finder) -> None:
    """Have ``finder`` answer ``numbers_of``."""
    _finders[:] = [finder]


def numbers_of(text: str) -> list[int]:
    """Ids of the newest articles, in any state, with all words of ``text`` in the headline.

    When nothing has them so, the last may be the beginning of one. Marks do not matter.
    """
    return _finders[0](text)
