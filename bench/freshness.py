"""How soon readers have what an editor publishes: python -m bench.freshness [--times 200]

On a paper of its own, with the newsroom's server and readers on every page. Each time an article is
published or withdrawn in a process of its own, as by the admin; then its front page, section,
article and feed are asked at once until each shows the change. Any older page after that counts as
stale.
"""

import argparse
import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from bench.serving import HOST, PROJECT_DIR, fetch, free_port, make_paper, start_newsroom

READERS = 16
PAGES = ("front", "section", "article", "feed")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--times", type=int, default=200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="freshness-") as name:
        data_dir = Path(name)
        make_paper(data_dir)
        os.environ["DATA_DIR"] = name
        port = free_port()
        server = start_newsroom(data_dir, port)
        loads: list[subprocess.Popen[bytes]] = []
        try:
            fetch(f"http://127.0.0.1:{port}/")
            loads = [_readers(port, path) for path in ("/", "/rss/")]
            measure(port, options.times)
        finally:
            for process in (server, *loads):
                process.terminate()
                process.wait()


def _readers(port: int, path: str) -> subprocess.Popen[bytes]:
    command = ["wrk", "-t1", f"-c{READERS}", "-d600", "-H", f"Host: {HOST}"]
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
    delays: dict[str, list[float]] = {name: [] for name in PAGES}
    stale = 0
    for number in range(times):
        gone = number % 2 == 0
        path = article.get_absolute_url()
        section = article.category.get_absolute_url()
        mark = path.encode()
        if gone:
            withdraw(article, by=editor, note="measured")
        else:
            publish(article, by=editor)
        begun = time.monotonic()
        asked = partial(_wait_fresh, port, mark, gone, path, begun)
        pages = ("/", section, path, "/rss/")
        with ThreadPoolExecutor(len(pages)) as threads:
            for name, waited in zip(PAGES, threads.map(asked, pages), strict=True):
                delays[name].append(waited)
        for address in ("/", section, path, "/rss/") * 3:
            stale += not _fresh(port, address, mark, gone, address == path)
        article = Article.objects.get(pk=article.pk)
    print(f"{'':10} {'p50 ms':>8} {'p99 ms':>8} {'most':>8}")
    for name, values in delays.items():
        ordered = sorted(values)
        last = ordered[int(len(ordered) * 0.99) - 1 if len(ordered) > 99 else -1]
        print(f"{name:10} {statistics.median(values):8.1f} {last:8.1f} {ordered[-1]:8.1f}")
    print(f"stale afterwards: {stale}")


def _wait_fresh(port: int, mark: bytes, gone: bool, own: str, begun: float, address: str) -> float:
    """Milliseconds from the commit until a reader has the change on this page."""
    while not _fresh(port, address, mark, gone, address == own):
        if time.monotonic() - begun > 20:
            raise SystemExit(f"{address} stays as it was")
    return (time.monotonic() - begun) * 1000


def _fresh(port: int, address: str, mark: bytes, gone: bool, own: bool) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", address, headers={"Host": HOST})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if own:
        return answer.status == (410 if gone else 200)
    return answer.status == 200 and (mark in body) != gone


if __name__ == "__main__":
    sys.path.insert(0, str(PROJECT_DIR))
    main()
