"""The demo paper as readers get it: the real server, its page store, hashed static files."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.shots import demo_paper


@dataclass(frozen=True)
class ReadingSite:
    """The address of the running site, and the path of each kind of page."""

    address: str
    pages: dict[str, str]
    folder: Path

    def url(self, kind: str) -> str:
        return self.address + self.pages[kind]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, collected_static: Path) -> Iterator[ReadingSite]:
    """Loaded and started once for all tests that read it; they must not change it."""
    folder = tmp_path_factory.mktemp("demo")
    (folder / "static").symlink_to(collected_static)
    with demo_paper(folder) as (address, pages):
        yield ReadingSite(address, pages, folder)
