"""Plausible Vietnamese text in any amount, with its search columns already made.

Pieces of the demo paper's running text are joined at random: words have the frequencies they
have in a newspaper. Each piece is folded once, which makes an article's search columns a join.
"""

import random
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from core.vietnamese import index_text, slugify

DEMO = Path(__file__).parent.parent / "newsroom" / "demo" / "articles"
_ONSETS = (*"bcdđghklmnrstvx", "ch", "gh", "kh", "ng", "nh", "ph", "qu", "th", "tr")
_RHYMES = (
    *("ạc", "ắng", "ầm", "ẹt", "ễn", "ích", "ịu", "oạch", "oắt", "ỏng", "ốt", "ớn"),
    *("ụa", "ửng", "ượt", "uẩn", "uyển", "yếm", "ăng", "ôm", "ươi", "uynh"),
)


@dataclass(frozen=True)
class Piece:
    """Text as printed and its words as the search index has them."""

    text: str
    folded: str
    exact: str
    slug: str


def piece(text: str) -> Piece:
    return Piece(text, index_text(text), index_text(text, exact=True), slugify(text))


class Words:
    """A stock of pieces; the same seed gives the same stock."""

    def __init__(self, pieces: int, seed: int = 1) -> None:
        self._dice = random.Random(seed)
        self._running = _running_text()
        self.sentences = [piece(self._sentence()) for _ in range(pieces)]
        # Any start goes with any end.
        halves = pieces // 4
        self.headline_starts = [piece(self._words(4, 6).capitalize()) for _ in range(halves)]
        self.headline_ends = [piece(self._words(4, 6)) for _ in range(halves)]
        self.tags = [self._words(2, 3).capitalize() for _ in range(pieces)]

    def _words(self, fewest: int, most: int) -> str:
        number = self._dice.randint(fewest, most)
        start = self._dice.randrange(len(self._running) - number)
        return " ".join(self._running[start : start + number])

    def _sentence(self) -> str:
        parts = [self._words(4, 8) for _ in range(3)]
        if self._dice.random() < 0.3:
            rare = self._dice.choice(_ONSETS) + self._dice.choice(_RHYMES)
            parts.insert(1, f"{rare.capitalize()} {self._dice.choice(_ONSETS)}an")
        return " ".join(parts).capitalize() + "."


def _running_text() -> list[str]:
    words: list[str] = []
    for file in sorted(DEMO.glob("*.toml")):
        demo = tomllib.loads(file.read_text(encoding="utf-8"))
        text = re.sub(r"<[^>]*>|\[[^\]]*\]", " ", demo["headline"] + " " + demo["body"])
        words += re.findall(r"\w+", text)
    return words
