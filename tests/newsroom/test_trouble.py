"""Readers while the database is gone or the server starts anew: real processes throughout.

Nothing here waits for a fixed time: each part goes on until readers of every kind have met it. What
is promised in seconds gets more where ordinary answers take their time, too.
"""

import signal
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bench import memory, restart
from bench.outage import OUTAGES, Database, Newsroom, paper, read_everything
from bench.readers import Read, table
from scripts.services import postgres_programs

pytestmark = [
    pytest.mark.slow,
    pytest.mark.services,
    pytest.mark.skipif(postgres_programs() is None, reason="needs PostgreSQL"),
]

PROMISED_SECONDS = 2.0
RECOVERY_SECONDS = 5.0
# An editor's request is given up later than a reader's (newsroom.pulse).
EDITOR_SECONDS = 3.5
ROOM_SECONDS = 0.5
ROOM = 5
# Pauses of readers, to leave processors to others.
CALM = 6.0
MOST_SECONDS = 180.0
KINDS = {"admin", "comment", "not stored", "passed on", "search"}
STORED = {"stored", "stored, new connection"}
# Those that cannot do without the database.
NEEDY = KINDS - {"admin"}


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[Newsroom, Database]]:
    # Not in pytest's own folder, which PostgreSQL's user may not enter.
    with tempfile.TemporaryDirectory(prefix="newsroom-trouble-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        settings = {"DJANGO_SETTINGS_MODULE": "tests.newsroom.unhashed"}
        (folder / "static").mkdir()
        with paper(folder, folder / "static", articles=120, **settings) as running:
            yield running


def wait_until(condition: Callable[[], bool], reads: list[Read]) -> None:
    until = time.monotonic() + MOST_SECONDS
    while not condition():
        assert time.monotonic() < until, table(list(reads))
        time.sleep(0.05)


def kinds(reads: list[Read], statuses: set[int], since: float) -> set[str]:
    """The kinds of the requests that began since then and were answered so."""
    return {read.kind for read in list(reads) if read.began > since and read.status in statuses}


def test_an_outage_of_the_database_costs_no_read_of_a_stored_page(
    running: tuple[Newsroom, Database],
) -> None:
    newsroom, database = running
    for how in OUTAGES:
        readers = read_everything(newsroom, how, CALM)
        reads = readers.reads
        try:
            wait_until(lambda: kinds(reads, {200, 303}, 0.0) == KINDS | STORED, reads)  # noqa: B023
            database.fail(how)
            down = time.time()
            wait_until(lambda: kinds(reads, {503}, down) >= NEEDY, reads)  # noqa: B023
            database.mend(how)
            back = time.time()
            wait_until(lambda: kinds(reads, {200, 303}, back) == KINDS | STORED, reads)  # noqa: B023
        finally:
            readers.stop()
        room = ROOM_SECONDS + ROOM * statistics.median(
            read.seconds for read in reads if read.kind in NEEDY and read.began < down
        )
        shown = f"{how}, with {room:.1f} s more than promised\n{table(reads)}"

        assert {read.status for read in reads if read.kind in STORED} == {200}, shown
        others = [read for read in reads if read.kind in KINDS]
        assert {read.status for read in others} <= {200, 303, 503}, shown
        refused = [read for read in others if read.status == 503]
        assert all(read.note for read in refused), "each says when to come again"
        for read in refused:
            promised = EDITOR_SECONDS if read.kind == "admin" else PROMISED_SECONDS
            assert read.seconds < promised + room, f"{read}\n{shown}"
        last = max((read.began for read in refused), default=back)
        assert last - back < RECOVERY_SECONDS + room, shown
        taken = sum(read.kind == "comment" and read.status == 303 for read in reads)
        assert database.number_of_comments(how) >= taken, "a comment was lost that was taken"


def test_a_restart_under_load_fails_no_request(running: tuple[Newsroom, Database]) -> None:
    newsroom, _database = running
    for way, times in (("reload", 2), ("restart", 1)):
        reads = restart.restart_under_load(newsroom, way, times, CALM)
        assert {read.kind for read in reads} == KINDS | STORED
        assert restart.failures(reads) == [], f"{way}\n{table(reads)}"


def test_a_version_that_cannot_start_leaves_the_running_one_alone(
    running: tuple[Newsroom, Database],
) -> None:
    newsroom, _database = running
    (before,) = newsroom.generations()
    key = newsroom.folder / "secret-key"
    kept = key.read_text()
    key.write_text("short")
    newsroom.signal(signal.SIGHUP)
    log = newsroom.folder / "server.log"
    wait_until(lambda: "could not be started" in log.read_text(), [])
    assert newsroom.generations() == {before}
    assert newsroom.ask("/?x=1").status == 200
    key.write_text(kept)


# Last in this file: it ends the server that the others share.
def test_a_server_that_is_killed_leaves_no_process_behind(
    running: tuple[Newsroom, Database],
) -> None:
    newsroom, _database = running
    processes = [one.number for one in memory.processes(newsroom)]
    assert len(processes) == 5
    assert newsroom.process is not None
    newsroom.process.kill()
    newsroom.process.wait()
    newsroom.process = None
    wait_until(lambda: not any(runs(one) for one in processes), [])


def runs(process: int) -> bool:
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    # Where nobody buries orphans a dead one stays listed.
    return stat.rsplit(")", 1)[1].split()[0] != "Z"
