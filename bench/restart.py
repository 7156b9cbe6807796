"""What readers notice of a restart: python -m bench.restart [--times 5]

The newsroom with two workers on SQLite under steady reading of every kind (bench.outage), while

reload    it gets SIGHUP, as `systemctl reload newsroom` sends it: new processes take over
restart   it is stopped and started again while systemd, here this program, holds its socket

again and again. Printed: what became of the requests; a 0 is one that got no answer.
"""

import argparse
import os
import signal
import tempfile
import time
from pathlib import Path

from bench.outage import Newsroom, read_everything
from bench.readers import Read, table

WAYS = ("reload", "restart")
SETTLE_SECONDS = 1.0
RELOAD_SECONDS = 120


def reload(newsroom: Newsroom) -> None:
    """Return when new processes serve and the old ones are gone."""
    old = newsroom.generations()
    newsroom.signal(signal.SIGHUP)
    until = time.monotonic() + RELOAD_SECONDS
    while not (now := newsroom.generations()) or old & now:
        if time.monotonic() > until:
            raise TimeoutError("the server did not reload")
        time.sleep(0.1)


def restart(newsroom: Newsroom) -> None:
    newsroom.stop()
    newsroom.start()


def restart_under_load(newsroom: Newsroom, way: str, times: int, calm: float = 1.0) -> list[Read]:
    readers = read_everything(newsroom, way, calm)
    try:
        for _ in range(times):
            time.sleep(SETTLE_SECONDS)
            (reload if way == "reload" else restart)(newsroom)
        time.sleep(SETTLE_SECONDS)
    finally:
        reads = readers.stop()
    return reads


def failures(reads: list[Read]) -> list[Read]:
    return [read for read in reads if not 200 <= read.status < 400]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--only", nargs="*", choices=WAYS, default=WAYS)
    parser.add_argument("--static", type=Path, help="collected static files, to save a minute")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="restart-") as name:
        newsroom = Newsroom(Path(name))
        if options.static:
            (newsroom.folder / "static").symlink_to(options.static)
        newsroom.fill()
        newsroom.hold_socket()
        try:
            newsroom.start()
            for way in options.only:
                reads = restart_under_load(newsroom, way, options.times)
                print(f"\n{way} {options.times} times; load {os.getloadavg()[0]:.1f}")
                print(table(reads))
                for read in failures(reads):
                    print(f"FAILED {read}")
        finally:
            newsroom.stop()


if __name__ == "__main__":
    main()
