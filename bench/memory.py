"""What the server's processes hold: python -m bench.memory [--pages 10000]

The newsroom with two workers, and that many pages in its store, of the size of a real article.
Every page is read through the front and again from the workers. Printed before and after, for each
process: megabytes that it sees (RSS), and its share where what is common is divided (PSS).
"""

import argparse
import os
import re
import socket
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

from bench.outage import HOST, Newsroom
from bench.readers import Readers, Request
from newsroom.pagestore.entries import write_entry
from newsroom.pagestore.store import Store

ARTICLES = 40
STORE_BYTES = 2 << 30


@dataclass(frozen=True)
class Process:
    """A process of the server; sizes in megabytes."""

    role: str
    number: int
    rss: float
    pss: float


def store_pages(newsroom: Newsroom, number: int) -> list[str]:
    """Keep that many pages made from a real one; their paths."""
    store = Store(newsroom.folder / "pages", limit=STORE_BYTES)
    path = newsroom.articles()[0]
    entry = store.pages.get(f"http://{HOST}{path}", time.time())
    assert entry is not None, "the server has not stored the page"
    bodies = {form: store.pages.body(entry, form) or b"" for form in entry.sizes}
    paths = [f"/bai-thu-{one}-{10**9 + one}.html" for one in range(number)]
    for path in paths:
        address = f"http://{HOST}{path}"
        # Without its line in the list of pages, which is no process's memory and takes time.
        write_entry(store.folder, replace(entry, address=address, bodies=bodies, heads={}))
    return paths


def read_from_workers(newsroom: Newsroom, paths: list[str]) -> None:
    """Every page once more, from behind the front."""
    server = _argument(newsroom, "--server")
    for path in paths:
        with socket.socket(socket.AF_UNIX) as asking:
            asking.connect(server)
            head = f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nAccept-Encoding: br\r\n"
            asking.sendall(f"{head}Connection: close\r\n\r\n".encode())
            answer = b"".join(iter(lambda: asking.recv(65536), b""))
            assert answer.startswith(b"HTTP/1.1 200"), answer[:100]


def read_from_front(newsroom: Newsroom, paths: list[str]) -> None:
    readers = Readers(newsroom.port, HOST)
    for path in paths:
        readers.ask_once("", Request(path, headers={"Accept-Encoding": "br"}))
    assert {read.status for read in readers.reads} == {200}


def processes(newsroom: Newsroom) -> list[Process]:
    """The server's processes and what they hold."""
    assert newsroom.process is not None
    found = [_process("socket", newsroom.process.pid)]
    for generation in newsroom.generations():
        found.append(_process("generation", generation))
        for child in _children(generation):
            role = "front" if "newsroom.pagestore.front" in _command(child) else "worker"
            found.append(_process(role, child))
    return found


def table(found: list[Process]) -> str:
    lines = [f"{one.role:12} {one.rss:7.1f} MB RSS {one.pss:7.1f} MB PSS" for one in found]
    return "\n".join([*lines, f"{'all':12} {'':14} {sum(one.pss for one in found):7.1f} MB PSS"])


def _process(role: str, number: int) -> Process:
    text = Path(f"/proc/{number}/smaps_rollup").read_text()
    sizes = dict(re.findall(r"^(Rss|Pss): +(\d+) kB", text, re.MULTILINE))
    return Process(role, number, int(sizes["Rss"]) / 1024, int(sizes["Pss"]) / 1024)


def _children(process: int) -> list[int]:
    return [
        int(child)
        for task in Path(f"/proc/{process}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]


def _command(process: int) -> list[str]:
    return Path(f"/proc/{process}/cmdline").read_text().split("\0")


def _argument(newsroom: Newsroom, name: str) -> str:
    (generation,) = newsroom.generations()
    for child in _children(generation):
        command = _command(child)
        if name in command:
            return command[command.index(name) + 1]
    raise LookupError(name)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--static", type=Path, help="collected static files, to save a minute")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="memory-") as name:
        newsroom = Newsroom(Path(name), PAGE_STORE_MB="2048")
        if options.static:
            (newsroom.folder / "static").symlink_to(options.static)
        newsroom.fill(ARTICLES)
        try:
            newsroom.start()
            for path in newsroom.articles():
                newsroom.ask(path)
            print(f"before\n{table(processes(newsroom))}\n", flush=True)
            paths = store_pages(newsroom, options.pages)
            read_from_front(newsroom, paths)
            read_from_workers(newsroom, paths)
            print(f"{options.pages} pages stored and read; load {os.getloadavg()[0]:.1f}")
            print(table(processes(newsroom)))
        finally:
            newsroom.stop()


if __name__ == "__main__":
    main()
