"""Several machines that tell each other of drops through a real Redis."""

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from articles import publishing
from newsroom.pagestore.machines import Machines
from newsroom.pagestore.store import Store
from tests.factories import make_draft, make_user
from tests.pagestore.conftest import LIMIT, Paper, free_port

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(
        not shutil.which("redis-server"), reason="needs the Debian package redis-server"
    ),
]


class Redis:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.start()

    def start(self) -> None:
        command = ["redis-server", "--port", str(self.port), "--save", "", "--dir"]
        self.process = subprocess.Popen(
            [*command, str(self.folder), "--bind", "127.0.0.1"], stdout=subprocess.DEVNULL
        )

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    server = Redis(tmp_path)
    yield server
    server.stop()


@pytest.fixture
def papers(tmp_path: Path, redis: Redis) -> Iterator[list[Paper]]:
    """Two machines with one database."""
    papers = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        paper = Paper(tmp_path / name)
        paper.store_url = f"redis://127.0.0.1:{redis.port}/0"
        paper.wait(redis.port)
        paper.start(workers=1)
        papers.append(paper)
    yield papers
    for paper in papers:
        paper.stop()


def until(condition: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
    return False


def stored(paper: Paper) -> bool:
    """Whether the paper hands out the page without rendering it."""
    paper.ask("/a.html")
    before = paper.renders()
    paper.ask("/a.html")
    return paper.renders() == before


def admin_of(paper: Paper) -> Store:
    """The store in the editor's process on that machine."""
    folder = paper.folder / "data" / "pages"
    store = Store(folder, limit=LIMIT, several_machines=True)
    store.listeners.append(Machines(store, paper.store_url).announce)
    return store


def test_a_drop_on_one_machine_reaches_the_other(papers: list[Paper]) -> None:
    one, two = papers
    assert until(lambda: stored(one) and stored(two), 10)
    admin = admin_of(one)
    for number in range(10):
        for paper in papers:
            paper.write(f"Lần {number}")
        admin.drop(["page"])
        assert f"Lần {number} " in one.ask("/a.html").text
        begun = time.monotonic()
        assert until(lambda: f"Lần {number} " in two.ask("/a.html").text, 2)  # noqa: B023
        assert time.monotonic() - begun < 1


def test_what_one_machine_makes_ahead_the_other_makes_for_its_next_reader(
    papers: list[Paper], desk: Callable[[Paper], None]
) -> None:
    one, two = papers
    assert until(lambda: stored(one) and stored(two), 10)
    draft, editor = make_draft(headline="Cầu mới thông xe"), make_user("editor")

    def has(paper: Paper, text: str) -> bool:
        return text in paper.ask("/").text

    assert has(one, "Một")
    assert has(two, "Một")
    desk(one)
    for act, here in ((publishing.publish, True), (publishing.withdraw, False)):
        two.write(act.__name__)
        renders = one.renders("/")
        act(draft, by=editor)
        assert until(lambda: has(two, act.__name__), 2)  # noqa: B023
        for _ in range(20):
            assert has(one, draft.headline) == here
            assert has(two, act.__name__)
        assert one.renders("/") == renders
    # What was made ahead here is dropped like any other page by a change there.
    one.write("Tin từ máy kia")
    desk(two)
    publishing.publish(make_draft(headline="Lũ về trong đêm"), by=editor)
    assert until(lambda: has(one, "Tin từ máy kia"), 2)
    for _ in range(20):
        assert has(one, "Tin từ máy kia")
        assert has(two, "Lũ về trong đêm")


def test_without_redis_no_machine_trusts_its_pages_and_all_is_well_afterwards(
    papers: list[Paper], redis: Redis
) -> None:
    one, two = papers
    assert until(lambda: stored(one) and stored(two), 10)
    redis.stop()
    for paper in papers:
        paper.write("Hai")
    admin_of(one).drop(["page"])
    assert "Hai" in one.ask("/a.html").text
    assert until(lambda: "Hai" in two.ask("/a.html").text, 5)
    for paper in papers:
        paper.write("Ba")
    redis.start()
    admin_of(one).drop(["page"])
    assert until(lambda: stored(one) and stored(two), 10)
    assert until(lambda: "Ba" in two.ask("/a.html").text, 5)
