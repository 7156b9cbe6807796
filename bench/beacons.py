"""How many beacons a second the server takes, and what 5,000 a second do to readers.

    python bench/beacons.py

Needs wrk. Starts the newsroom's own server with two workers on an SQLite database of its own;
rounds with and without beacons alternate and the medians are printed.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

PROJECT_DIR = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT_DIR))

SECONDS = 4
ROUNDS = 3
ARTICLES = 200
# 100 connections that send every 20 ms.
STORM_CONNECTIONS, STORM_DELAY_MS = 100, 20
STORM = """
math.randomseed(os.time())
local head = {["Origin"] = "http://HOST", ["User-Agent"] = "Mozilla/5.0 (X11) Firefox/140.0"}
function request()
  head["X-Forwarded-For"] = string.format("10.%d.%d.%d", math.random(0, 255), math.random(0, 255),
    math.random(0, 255))
  return wrk.format("POST", "/doc/" .. math.random(1, ARTICLES), head)
end
"""


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="beacons-") as name:
        folder = Path(name)
        environment = {
            "DATA_DIR": name,
            "DATABASE_URL": f"sqlite:///{folder / 'bench.sqlite3'}",
            "BEHIND_PROXY": "1",
            "ALLOWED_HOSTS": "*",
            "SITE_URL": "",
        }
        os.environ.update(environment, DJANGO_SETTINGS_MODULE="newsroom.settings")
        page = prepare()
        from mostread.senders import shared_path
        from tests.mostread.serving import server

        try:
            with server(environment) as port:
                measure(folder, port, page)
                time.sleep(11)
            show_counts()
        finally:
            shared_path(name).unlink(missing_ok=True)


def prepare() -> str:
    """A database with articles, and the address of one."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    from tests.factories import make_article, make_masthead

    make_masthead()
    articles = [make_article() for _ in range(ARTICLES)]
    return articles[0].get_absolute_url()


def measure(folder: Path, port: int, page: str) -> None:
    host = f"127.0.0.1:{port}"
    script = STORM.replace("HOST", host).replace("ARTICLES", str(ARTICLES))
    full, paced = folder / "full.lua", folder / "paced.lua"
    full.write_text(script)
    paced.write_text(f"{script}function delay() return {STORM_DELAY_MS} end\n")
    url = f"http://{host}{page}"
    wrk(url, "-c8", "-d2").wait()
    most = result(wrk(f"http://{host}/", "-c32", f"-d{SECONDS}", "-s", str(full)))
    alone: list[tuple[float, float]] = []
    storm: list[tuple[float, float]] = []
    beacons: list[tuple[float, float]] = []
    for _ in range(ROUNDS):
        alone.append(result(wrk(url, "-c8", f"-d{SECONDS}", "--latency")))
        beacon_run = wrk(
            f"http://{host}/", f"-c{STORM_CONNECTIONS}", f"-d{SECONDS + 1}", "-s", str(paced)
        )
        time.sleep(0.5)
        storm.append(result(wrk(url, "-c8", f"-d{SECONDS}", "--latency")))
        beacons.append(result(beacon_run))
    print("                        requests/s   p99 ms")
    print(f"beacons alone           {most[0]:10.0f}")
    print(f"pages, no beacons       {middle(alone, 0):10.0f} {middle(alone, 1):8.1f}")
    print(f"pages, beacons beside   {middle(storm, 0):10.0f} {middle(storm, 1):8.1f}")
    print(f"  those beacons         {middle(beacons, 0):10.0f}")


def wrk(url: str, *options: str) -> subprocess.Popen[str]:
    program = shutil.which("wrk")
    if program is None:
        raise SystemExit("beacons: install the Debian package wrk")
    return subprocess.Popen(
        [program, "-t1", *options, url], stdout=subprocess.PIPE, text=True, stderr=subprocess.STDOUT
    )


def result(process: subprocess.Popen[str]) -> tuple[float, float]:
    """Requests a second and the 99th percentile in milliseconds (0 when not asked for)."""
    text, _ = process.communicate()
    rate = re.search(r"Requests/sec:\s+([\d.]+)", text)
    if rate is None or "Non-2xx" in text:
        raise SystemExit(text)
    p99 = re.search(r"99%\s+([\d.]+)(us|ms|s)", text)
    factor = {"us": 0.001, "ms": 1.0, "s": 1000.0}
    return float(rate[1]), float(p99[1]) * factor[p99[2]] if p99 else 0.0


def middle(results: list[tuple[float, float]], which: int) -> float:
    return median(values[which] for values in results)


def show_counts() -> None:
    from django.db.models import Sum

    from mostread.models import ReadCount

    total = ReadCount.objects.aggregate(total=Sum("count"))["total"]
    print(f"reads counted in all    {total or 0:10d}  in {ReadCount.objects.count()} rows")


if __name__ == "__main__":
    main()
