"""How soon readers have what an editor publishes: python -m bench.freshness [--times 200]

On a paper of its own (or that of --paper FOLDER), with the newsroom's server under full load:
readers of stored pages as fast as they are answered, and one reader for each worker of pages that
are never stored. Each time an article is withdrawn or published in a process of its own, as by the
admin; then its front page, section, article and feed are asked at once until each shows the change.
The time counts from the commit itself. Any older page after that, up to the next change, is stale.
"""

import argparse
import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from bench.serving import HOST, PROJECT_DIR, fetch, free_port, make_paper, start_newsroom

READERS = 16
PAGES = ("front", "section", "article", "feed")
LONGEST_SECONDS = 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--times", type=int, default=200, help="publications and withdrawals")
    parser.add_argument("--paper", type=Path, help="DATA_DIR of a demo paper that is there already")
    parser.add_argument("--idle", action="store_true", help="without any load")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="freshness-") as name:
        data_dir = options.paper or Path(name)
        if options.paper is None:
            make_paper(data_dir)
        os.environ["DATA_DIR"] = str(data_dir)
        port, workers = free_port(), len(os.sched_getaffinity(0))
        with _running(start_newsroom(data_dir, port, WORKERS=str(workers))) as processes:
            fetch(f"http://127.0.0.1:{port}/")
            if not options.idle:
                # A query that the store does not know goes to Django each time.
                loads = (("/", READERS), ("/rss/", READERS), ("/?never-stored=1", workers))
                processes += [_readers(port, path, number) for path, number in loads]
            measure(port, options.times)


@contextmanager
def _running(server: subprocess.Popen[bytes]) -> Iterator[list[subprocess.Popen[bytes]]]:
    processes = [server]
    try:
        yield processes
    finally:
        for process in reversed(processes):
            process.terminate()
            process.wait()


def _readers(port: int, path: str, number: int) -> subprocess.Popen[bytes]:
    command = ["wrk", "-t1", f"-c{number}", "-d3600", "--timeout", "30s", "-H", f"Host: {HOST}"]
    return subprocess.Popen([*command, f"http://127.0.0.1:{port}{path}"], stdout=subprocess.DEVNULL)


def measure(port: int, times: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    import django

    django.setup()
    from accounts.models import User
    from articles.models import Article
    from articles.publishing import publish, withdraw

    editor = User.objects.filter(is_superuser=True).first()
    article = Article.objects.published().order_by("-published_at").first()
    if editor is None or article is None:
        raise SystemExit("the demo paper has no editor or no article")
    delays: dict[str, list[float]] = {name: [] for name in (*PAGES, "editor")}
    stale = 0
    path = article.get_absolute_url()
    addresses = ("/", article.category.get_absolute_url(), path, "/rss/")
    for address in addresses:
        _ask(port, address)
    mark = path.encode()
    for number in range(times):
        gone = number % 2 == 0
        act = partial(withdraw, note="measured") if gone else publish
        waited, committed = _commit(partial(act, article, by=editor))
        delays["editor"].append(waited)
        asked = partial(_wait_fresh, port, mark, gone, path, committed)
        with ThreadPoolExecutor(len(addresses)) as threads:
            for name, delay in zip(PAGES, threads.map(asked, addresses), strict=True):
                delays[name].append(delay)
        for address in addresses * 3:
            stale += not _fresh(port, address, mark, gone, address == path)
        article = Article.objects.get(pk=article.pk)
    load = os.getloadavg()[0]
    print(f"{'':10} {'p50 ms':>8} {'p99 ms':>8} {'most':>8}")
    for name, values in delays.items():
        ordered = sorted(values)
        last = ordered[max(0, round(len(ordered) * 0.99) - 1)]
        print(f"{name:10} {statistics.median(values):8.1f} {last:8.1f} {ordered[-1]:8.1f}")
    print(f"{times} changes; stale afterwards: {stale}; load average {load:.1f}")


def _commit(act: Callable[[], None]) -> tuple[float, float]:
    """Do it; tells how many milliseconds the editor waited, and when the commit was."""
    from django.db import transaction

    begun = time.monotonic()
    committed = [begun]
    with transaction.atomic():
        # Registered first, so called first.
        transaction.on_commit(lambda: committed.append(time.monotonic()))
        act()
    return (time.monotonic() - begun) * 1000, committed[-1]


def _wait_fresh(port: int, mark: bytes, gone: bool, own: str, since: float, address: str) -> float:
    """Milliseconds from the commit until a reader has the change on this page."""
    while not _fresh(port, address, mark, gone, address == own):
        if time.monotonic() - since > LONGEST_SECONDS:
            raise SystemExit(f"{address} stays as it was")
    return (time.monotonic() - since) * 1000


def _fresh(port: int, address: str, mark: bytes, gone: bool, own: bool) -> bool:
    status, body = _ask(port, address)
    if own:
        return status == (410 if gone else 200)
    return status == 200 and (mark in body) != gone


def _ask(port: int, address: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LONGEST_SECONDS)
    connection.request("GET", address, headers={"Host": HOST})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, body


if __name__ == "__main__":
    sys.path.insert(0, str(PROJECT_DIR))
    main()
