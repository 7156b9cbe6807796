"""What readers notice of a database that is gone: python -m bench.outage [--seconds 30]

A PostgreSQL of its own and the newsroom with two workers under steady reading of stored pages,
pages that are not stored, searches, the admin's door and comments. Then the database is, each in
its turn,

stopped    killed, and started again
hung       every process of it halted: connections are accepted and nothing is answered
refusing   up, but letting nobody in

Printed: what became of the requests before, during and after, and how long after the return the
first of those that need the database succeeded, and the last of them failed.
"""

import argparse
import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

from bench.readers import Read, Readers, Request, table
from newsroom.server import listen
from scripts.services import free_port, postgres_programs

PROJECT_DIR = Path(__file__).resolve().parent.parent
HOST = "news.example"
OUTAGES = ("stopped", "hung", "refusing")
ARTICLES = 300
STORED = 20
START_SECONDS = 90
# What systemd does with a socket for the program that it starts.
HAND_OVER = (
    "import os, sys; os.dup2({number}, 3) if {number} != 3 else None;"
    "os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS='1');"
    "os.execv(sys.argv[1], sys.argv[1:])"
)
LET_IN = "ALTER DATABASE postgres WITH ALLOW_CONNECTIONS {}"
PUT_OUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'postgres'"


class Database:
    """A PostgreSQL that can be made to fail."""

    def __init__(self, folder: Path) -> None:
        programs = postgres_programs()
        if programs is None:
            raise SystemExit("This needs PostgreSQL.")
        self._programs = programs
        self._folder = folder
        self._user: list[str] = []
        self.port = free_port()
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/postgres"
        folder.mkdir()
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
            self._user = ["runuser", "-u", "postgres", "--"]
        self._run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        with (folder / "data" / "postgresql.conf").open("a") as settings:
            settings.write(
                f"listen_addresses='127.0.0.1'\nport={self.port}\nmax_connections=100\n"
                f"unix_socket_directories='{folder}'\nfsync=off\n"
            )
        self.start()

    def start(self) -> None:
        self._run("pg_ctl", "-w", "-l", str(self._folder / "log"), "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-w", "-m", "immediate", "stop")

    def fail(self, how: str) -> None:
        if how == "stopped":
            self.stop()
        elif how == "hung":
            self._signal(signal.SIGSTOP)
        else:
            self._ask(LET_IN.format("false"), "template1")
            self._ask(PUT_OUT, "template1")

    def mend(self, how: str) -> None:
        if how == "stopped":
            self.start()
        elif how == "hung":
            self._signal(signal.SIGCONT)
        else:
            self._ask(LET_IN.format("true"), "template1")

    def number_of_comments(self, text: str) -> int:
        return int(self._ask(f"SELECT count(*) FROM comments_comment WHERE text LIKE '{text}%'"))

    def _ask(self, statement: str, database: str = "postgres") -> str:
        command = [str(self._programs / "psql"), "-h", "127.0.0.1", "-p", str(self.port)]
        command += ["-U", "postgres", "-d", database, "-Atc", statement]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def _signal(self, number: int) -> None:
        master = int((self._folder / "data" / "postmaster.pid").read_text().split()[0])
        # The one that makes new processes first.
        os.kill(master, number)
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                if int(stat.read_text().rsplit(")", 1)[1].split()[1]) == master:
                    os.kill(int(stat.parent.name), number)

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self._user, str(self._programs / program), "-D", str(self._folder / "data")]
        subprocess.run([*command, *arguments], check=True, cwd="/", stdout=subprocess.DEVNULL)


class Newsroom:
    """The newsroom as it is run in production, on a database and folder of its own."""

    def __init__(self, folder: Path, database_url: str = "", **settings: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.environ = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "newsroom.settings",
            "DATA_DIR": str(folder),
            "DATABASE_URL": database_url,
            "BIND": "127.0.0.1",
            "PORT": str(self.port),
            "WORKERS": "2",
            "COMMENT_RATE": "1000",
            "LOG_LEVEL": "error",
            **settings,
        }
        self.process: subprocess.Popen[bytes] | None = None
        self._held: socket.socket | None = None
        self._articles: list[str] = []

    def hold_socket(self) -> None:
        """Keep the socket for readers while no server runs, as systemd does."""
        self._held = listen("127.0.0.1", self.port)

    def fill(self, articles: int = ARTICLES) -> None:
        """Make the tables and some articles."""
        self.manage("migrate", "-v0")
        self.manage("make_archive", "--articles", str(articles))
        if not (self.folder / "static").exists():
            self.manage("collectstatic", "--noinput", "-v0")

    def manage(self, *arguments: str) -> str:
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, cwd=PROJECT_DIR, env=self.environ, capture_output=True, text=True
        )
        if done.returncode:
            raise SystemExit(done.stderr[-3000:])
        return done.stdout

    def start(self) -> None:
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                self._command(),
                cwd=PROJECT_DIR,
                env=self.environ,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=[] if self._held is None else [self._held.fileno()],
            )
        until = time.monotonic() + START_SECONDS
        while self.ask("/").status != 200:
            if time.monotonic() > until:
                raise SystemExit((self.folder / "server.log").read_text()[-3000:])
            time.sleep(0.1)

    def _command(self) -> list[str]:
        serve = [sys.executable, "-m", "newsroom.server"]
        if self._held is None:
            return serve
        return [sys.executable, "-c", HAND_OVER.format(number=self._held.fileno()), *serve]

    def generations(self) -> set[int]:
        """The processes that serve now, and those that are about to or have just done so."""
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return {int(child) for child in children.read_text().split()}

    def signal(self, number: int) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(60)
            self.process = None

    def ask(self, path: str) -> Read:
        readers = Readers(self.port, HOST)
        readers.ask_once("", Request(path))
        return readers.reads[0]

    def articles(self) -> list[str]:
        """The addresses of all articles, newest first, as they were when first asked for."""
        if not self._articles:
            code = (
                "from articles.models import Article\n"
                "for one in Article.objects.published().newest_first():"
                " print(one.get_absolute_url())"
            )
            said = self.manage("shell", "-v0", "-c", code)
            self._articles = re.findall(r"^/\S+$", said, re.MULTILINE)
        return self._articles


@contextlib.contextmanager
def paper(
    folder: Path, static: Path | None = None, articles: int = ARTICLES, **settings: str
) -> Iterator[tuple[Newsroom, Database]]:
    """A running newsroom on a PostgreSQL of its own, whose user must be able to reach ``folder``.

    Its socket is held by this process.
    """
    database = Database(folder / "postgres")
    newsroom = Newsroom(folder / "data", database.url, **settings)
    newsroom.folder.mkdir(exist_ok=True)
    if static is not None:
        (newsroom.folder / "static").symlink_to(static)
    newsroom.hold_socket()
    try:
        newsroom.fill(articles)
        newsroom.start()
        yield newsroom, database
    finally:
        newsroom.stop()
        database.stop()


def comment_form(text: str) -> Request:
    """A comment as the form of an article's page sends it."""
    body = urllib.parse.urlencode({"name": "Bạn đọc", "text": text}).encode()
    headers = {
        "Origin": f"http://{HOST}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return Request("", "POST", body, headers)


def read_everything(newsroom: Newsroom, text: str, calm: float = 1.0) -> Readers:
    """Readers of every kind; comments begin with ``text``."""
    articles = newsroom.articles()
    stored, others = articles[:STORED], articles[STORED:]
    for path in stored:
        newsroom.ask(path)
    number = re.search(r"(\d+)\.html", stored[0])
    assert number is not None
    address = f"/binh-luan/{number[1]}/gui/"

    def comment(turn: int) -> Request:
        form = comment_form(f"{text} {turn}.")
        return Request(address, "POST", form.body, form.headers)

    readers = Readers(newsroom.port, HOST, calm)
    readers.start("stored", lambda turn: Request(stored[turn % STORED]), number=3)
    readers.start(
        "stored, new connection",
        lambda turn: Request(stored[turn % STORED]),
        number=2,
        keep_alive=False,
    )
    # A query nobody knows is never stored.
    readers.start(
        "not stored", lambda turn: Request(others[turn % len(others)]), number=2, pause=0.05
    )
    readers.start("passed on", lambda turn: Request(f"{stored[0]}?x={turn}"), number=2, pause=0.05)
    readers.start("search", lambda turn: Request(f"/tim-kiem/?q=lu+{turn}"), pause=0.1)
    readers.start("admin", lambda turn: Request("/admin/login/"), pause=0.1)
    readers.start("comment", comment, pause=0.2)
    return readers


def fail_under_load(
    newsroom: Newsroom, database: Database, how: str, seconds: float, around: float
) -> tuple[list[Read], float, float]:
    """All reads, and when the outage began and ended."""
    readers = read_everything(newsroom, how)
    try:
        time.sleep(around)
        began = time.time()
        database.fail(how)
        time.sleep(seconds)
        database.mend(how)
        ended = time.time()
        time.sleep(around + 5)
    finally:
        reads = readers.stop()
    return reads, began, ended


def needing_database(reads: list[Read]) -> list[Read]:
    return [read for read in reads if not read.kind.startswith("stored")]


def recovery(reads: list[Read], ended: float) -> tuple[float, float]:
    """Seconds from the return to the first success, and to the last failure that began later."""
    later = [read for read in needing_database(reads) if read.began >= ended]
    good = [read.began + read.seconds for read in later if 200 <= read.status < 400]
    bad = [read.began + read.seconds for read in later if not 200 <= read.status < 500]
    first = min(good, default=float("inf")) - ended
    return first, max(bad, default=ended) - ended


def parts(reads: list[Read], began: float, ended: float) -> dict[str, list[Read]]:
    """The reads that were over before the outage, met it, or began after it."""
    return {
        "before": [read for read in reads if read.began + read.seconds < began],
        "meanwhile": [
            read for read in reads if read.began + read.seconds >= began and read.began < ended
        ],
        "afterwards": [read for read in reads if read.began >= ended],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--only", nargs="*", choices=OUTAGES, default=OUTAGES)
    parser.add_argument("--static", type=Path, help="collected static files, to save a minute")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="outage-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with paper(folder, options.static) as (newsroom, database):
            for how in options.only:
                reads, began, ended = fail_under_load(newsroom, database, how, options.seconds, 5)
                print(f"\n{how} for {ended - began:.1f} s; load {os.getloadavg()[0]:.1f}")
                for title, part in parts(reads, began, ended).items():
                    print(f"\n{title}\n{table(part)}")
                first, last = recovery(reads, ended)
                failed = sum(read.status != 200 for read in reads if read.kind.startswith("stored"))
                taken = sum(read.kind == "comment" and read.status == 303 for read in reads)
                print(
                    f"\nreads of stored pages that failed: {failed}"
                    f"\nback: first success after {first:.2f} s, last failure after {last:.2f} s"
                    f"\ncomments taken: {taken}, in the database: "
                    f"{database.number_of_comments(how)}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
