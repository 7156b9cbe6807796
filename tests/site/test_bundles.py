import gzip
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from newsroom.bundles import BUNDLES

KILOBYTE = 1024


def read(path: str) -> str:
    found = finders.find(path)
    assert isinstance(found, str)
    return Path(found).read_text()


@pytest.mark.parametrize("path", BUNDLES)
def test_a_bundle_holds_its_parts(path: str) -> None:
    bundle = read(path)
    for part in BUNDLES[path]:
        assert read(part) in bundle


def test_print_rules_reach_paper_only() -> None:
    assert "@media print {\n@layer print" in read("css/paper.css")


def test_bundles_are_collected_with_hashed_names_and_their_fonts(
    collected_static: Path,
) -> None:
    [sheet] = (collected_static / "css").glob("paper.*.css")
    assert "../fonts/newsroom-serif." in sheet.read_text()
    for name in ("newsroom-serif", "newsroom-sans"):
        [font] = (collected_static / "fonts").glob(f"{name}.*.woff2")
        assert font.name in sheet.read_text()


def test_weights_stay_within_the_budget() -> None:
    def weight(*paths: str) -> int:
        return sum(len(gzip.compress(read(path).encode())) for path in paths)

    assert weight("css/paper.css", "css/story.css") <= 20 * KILOBYTE
    assert weight("js/paper.js", "js/story.js") <= 10 * KILOBYTE
    # Of an article with italics too; each comes with some 900 bytes of headers.
    names = ("newsroom-serif", "newsroom-serif-italic", "newsroom-sans")
    fonts = [Path(str(finders.find(f"fonts/{name}.woff2"))).stat().st_size for name in names]
    assert sum(fonts) + len(fonts) * 900 <= 65 * KILOBYTE
