"""How soon readers have what an editor publishes: python -m bench.freshness [--times 200]

On a paper of its own (or that of --paper FOLDER), with the newsroom's server under full load:
readers of stored pages as fast as they are answered, and one reader for each worker of pages that
are never stored. Each time an article is withdrawn or published in a process of its own, as by the
admin, while a reader each asks for its front page, section, article and feed again and again until
the change is on it. The editor's wait is told beside what the processor did in it: the rest is the
load of the machine. With --nginx everybody reads through nginx with deploy/nginx.conf. The time
counts from the commit itself to the end of that answer; a change seen before the commit would be a
leak, an older page after that, up to the next change, is stale.
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
from dataclasses import dataclass
from functools import partial
from multiprocessing import Pipe, Process
from multiprocessing.connection import Connection
from pathlib import Path

from bench.serving import (
    HOST,
    PROJECT_DIR,
    fetch,
    free_port,
    make_paper,
    recipe,
    start_newsroom,
    start_nginx,
)

READERS = 16
PAGES = ("front", "section", "article", "feed")
LONGEST_SECONDS = 20
# Between two questions of one reader.
PAUSE_SECONDS = 0.001


@dataclass(frozen=True)
class Change:
    """A withdrawal or a publication of the article at ``path``."""

    path: str
    gone: bool

    def is_on(self, address: str, status: int, body: bytes) -> bool:
        """Whether the page at ``address``, answered so, shows it."""
        if address == self.path:
            return status == (410 if self.gone else 200)
        return status == 200 and (self.path.encode() in body) != self.gone


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--times", type=int, default=200, help="publications and withdrawals")
    parser.add_argument("--paper", type=Path, help="DATA_DIR of a demo paper that is there already")
    parser.add_argument("--idle", action="store_true", help="without any load")
    parser.add_argument("--nginx", action="store_true", help="read through deploy/nginx.conf")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="freshness-") as name:
        # nginx's workers run as a user of their own.
        Path(name).chmod(0o755)
        data_dir = options.paper or Path(name)
        if options.paper is None:
            make_paper(data_dir)
        os.environ["DATA_DIR"] = str(data_dir)
        port, workers = free_port(), len(os.sched_getaffinity(0))
        inner_port = free_port()
        if options.nginx:
            # This process has to know it too: it is where the editor works.
            os.environ |= {"PAGE_STORE_NGINX": "yes", "PAGE_STORE_NGINX_PORT": str(inner_port)}
            os.environ["BEHIND_PROXY"] = "yes"
        with _running(start_newsroom(data_dir, port, WORKERS=str(workers))) as processes:
            if options.nginx:
                server_port, port = port, free_port()
                http = recipe(data_dir, port, server_port, inner_port)
                processes.append(start_nginx(Path(name), "nginx", http, main="pcre_jit on;"))
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
    # Apart, so that the editor's work does not hold the readers up; before anything else is set up.
    ours, theirs = Pipe()
    watcher = Process(target=_watch, args=(port, theirs), daemon=True)
    watcher.start()
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
    path = article.get_absolute_url()
    addresses = ("/", article.category.get_absolute_url(), path, "/rss/")
    for address in addresses:
        _ask(http.client.HTTPConnection("127.0.0.1", port), address)
    delays: dict[str, list[float]] = {name: [] for name in (*PAGES, "editor", "editor CPU")}
    stale = early = 0
    for number in range(times):
        change = Change(path, gone=number % 2 == 0)
        ours.send((change, addresses))
        ours.recv()
        act = partial(withdraw, note="measured") if change.gone else publish
        waited, used, committed = _commit(partial(act, article, by=editor))
        delays["editor"].append(waited)
        delays["editor CPU"].append(used)
        for name, moment in zip(PAGES, ours.recv(), strict=True):
            delays[name].append((moment - committed) * 1000)
            early += moment < committed
        for address in addresses * 3:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LONGEST_SECONDS)
            stale += not change.is_on(address, *_ask(connection, address))
        article = Article.objects.get(pk=article.pk)
    load = os.getloadavg()[0]
    print(f"{'':10} {'p50 ms':>8} {'p99 ms':>8} {'most':>8}")
    for name, values in delays.items():
        ordered = sorted(values)
        last = ordered[max(0, round(len(ordered) * 0.99) - 1)]
        print(f"{name:10} {statistics.median(values):8.1f} {last:8.1f} {ordered[-1]:8.1f}")
    print(f"{times} changes; before the commit: {early}; stale afterwards: {stale};", end=" ")
    print(f"load average {load:.1f}")


def _commit(act: Callable[[], None]) -> tuple[float, float, float]:
    """Do it; tells how many milliseconds the editor waited and the processor worked for it, and
    when the commit was."""
    from django.db import transaction

    begun, used = time.monotonic(), time.thread_time()
    committed = [begun]
    with transaction.atomic():
        # Registered first, so called first.
        transaction.on_commit(lambda: committed.append(time.monotonic()))
        act()
    now, used = time.monotonic(), time.thread_time() - used
    return (now - begun) * 1000, used * 1000, committed[-1]


def _watch(port: int, pipe: Connection) -> None:
    """Tell for each change when a reader had it, page by page."""
    with ThreadPoolExecutor(len(PAGES)) as threads:
        while True:
            change, addresses = pipe.recv()
            waiting = [threads.submit(_wait_for, port, change, one) for one in addresses]
            pipe.send("asking")
            pipe.send([one.result() for one in waiting])


def _wait_for(port: int, change: Change, address: str) -> float:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LONGEST_SECONDS)
    until = time.monotonic() + LONGEST_SECONDS
    try:
        while not change.is_on(address, *_ask(connection, address)):
            if time.monotonic() > until:
                break
            time.sleep(PAUSE_SECONDS)
        return time.monotonic()
    finally:
        connection.close()


def _ask(connection: http.client.HTTPConnection, address: str) -> tuple[int, bytes]:
    connection.request("GET", address, headers={"Host": HOST})
    answer = connection.getresponse()
    return answer.status, answer.read()


if __name__ == "__main__":
    sys.path.insert(0, str(PROJECT_DIR))
    main()
