"""One generation of the server: the workers, and the front before them.

``newsroom.server`` starts it and hands it the socket that readers connect to. It serves until it is
told that another generation has taken over (SIGUSR1) or that all is to end (SIGTERM, SIGINT), and
then answers what has been asked of it before it leaves.
"""

import argparse
import contextlib
import os
import shutil
import signal
import socket
import tempfile
import threading
from functools import partial
from pathlib import Path
from types import FrameType

import django

from newsroom import env
from newsroom.env import PROJECT_DIR, WrongSetting, explain_and_exit
from newsroom.pagestore.beside import FrontBeside
from newsroom.pagestore.layer import BEHIND_FRONT
from newsroom.pagestore.store import page_store
from newsroom.release import drop_pages_of_another_release

MOST_WORKERS_BY_DEFAULT = 4
# Requests of one worker that run at once; each may hold a database connection.
THREADS = 16
# A worker that has grown beyond this is replaced by a fresh one.
WORKER_MEGABYTES = 1024
# What is under way when the workers are told to stop may finish within this time.
STOP_SECONDS = 10
ASK_AGAIN_SECONDS = 0.1
# Answered by the workers without Django or the database.
QUESTION = b"GET /doc/1 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"

# Written by the command load_demo: one log-in a line.
DEMO_LOGINS_FILE = "demo-logins.txt"


class Generation:
    """The workers under granian, and the front once they answer."""

    def __init__(self, listener: int, ready: int, workers: int) -> None:
        from granian import Granian
        from granian.constants import HTTPModes, Interfaces
        from granian.log import LogLevels

        self._listener, self._ready = listener, ready
        self._number = workers
        # Nobody but this user may reach the workers past the front.
        self._folder = Path(tempfile.mkdtemp(prefix="newsroom-"))
        self._socket = self._folder / "server"
        self._front: FrontBeside | None = None
        self._start = threading.Thread(target=self._follow, name="start", daemon=True)
        self._stopping = threading.Event()
        self._front_options = front_options()
        os.environ[BEHIND_FRONT] = "1"
        self._workers = Granian(
            "newsroom.wsgi:application",
            # One queue for all workers: one that ends leaves what waits in it to the others.
            uds=self._socket,
            uds_permissions=0o600,
            interface=Interfaces.WSGI,
            http=HTTPModes.http1,
            workers=workers,
            blocking_threads=THREADS,
            respawn_failed_workers=True,
            workers_max_rss=WORKER_MEGABYTES,
            workers_kill_timeout=STOP_SECONDS,
            log_level=LogLevels.error,
            working_dir=PROJECT_DIR,
        )
        self._workers.on_startup(self._started)

    def serve(self, *, first: bool) -> None:
        """Return when told to stop and done.

        Where nobody serves yet, stored pages need not wait for the workers: the front is started
        first. It is never started while workers are, which would inherit the pipes of its start.
        """
        try:
            if first:
                self._start_front()
            self._workers.serve()
        finally:
            self.stop(signal.SIGINT)
            shutil.rmtree(self._folder, ignore_errors=True)

    def stop(self, number: int) -> None:
        """First the front, which still needs the workers; then these."""
        if self._stopping.is_set():
            if self._front is not None:
                self._front.tell(number)
            return
        self._stopping.set()
        self._start.join()
        if self._front is not None:
            self._front.stop(number)
        self._workers.signal_handler_interrupt()

    def _started(self) -> None:
        """Called by granian in the main thread, after it has set its own handlers."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1):
            signal.signal(number, self._told)
        self._start.start()

    def _told(self, number: int, _frame: FrameType | None) -> None:
        threading.Thread(target=self.stop, args=(number,), name="stop").start()

    def _follow(self) -> None:
        """Start the front when the workers are there, unless it was the first to start."""
        while self._front is None and not self._stopping.wait(ASK_AGAIN_SECONDS):
            if self._answers():
                self._start_front()

    def _start_front(self) -> None:
        drop_pages_of_another_release(page_store())
        folder, options = self._front_options
        self._front = FrontBeside(self._listener, self._socket, folder, self._ready, options)

    def _answers(self) -> bool:
        if len(self._workers.wrks) < self._number:
            return False
        with socket.socket(socket.AF_UNIX) as asking:
            asking.settimeout(1.0)
            try:
                asking.connect(str(self._socket))
                asking.sendall(QUESTION)
                return asking.recv(5) == b"HTTP/"
            except OSError:
                return False


def front_options() -> tuple[Path, list[str]]:
    """The folder of the stored pages, and what else the front is told."""
    from django.conf import settings

    store = page_store()
    options = ["--page-seconds", str(settings.PAGE_RENDER_SECONDS)]
    if settings.BEHIND_PROXY:
        options.append("--behind-proxy")
    if store is None:
        return settings.DATA_DIR / "pages", [*options, "--pass-only"]
    if store.machines is not None:
        options.append("--several-machines")
    return store.folder, options


def default_workers() -> int:
    """One for each processor this process may use, up to four."""
    return min(len(os.sched_getaffinity(0)), MOST_WORKERS_BY_DEFAULT)


def welcome(address: str, port: int) -> list[str]:
    """What someone who has just started the newsroom wants to know."""
    from django.conf import settings

    host = "127.0.0.1" if address in ("0.0.0.0", "::") else address  # noqa: S104
    site = settings.SITE_URL or f"http://{f'[{host}]' if ':' in host else host}:{port}"
    lines = [
        "",
        f"  Front page   {site}/",
        f"  Newsroom     {site}/admin/",
    ]
    logins = settings.DATA_DIR / DEMO_LOGINS_FILE
    if logins.is_file():
        lines += ["", "  Log-ins of the demo paper (do not put it on the internet):"]
        lines += [f"    {line}" for line in logins.read_text(encoding="utf-8").splitlines()]
    return [*lines, "", "  Stop with Ctrl-C.", ""]


def set_up() -> int:
    """Read the settings, or say what is wrong and leave; the number of workers."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    try:
        django.setup()
        return env.integer("WORKERS", default_workers(), minimum=1, maximum=64)
    except WrongSetting as error:
        explain_and_exit(error)


def end_with(life: int) -> None:
    """Stop when the other end of a pipe is closed: whoever started this was killed."""

    def wait() -> None:
        while os.read(life, 1):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, name="life", daemon=True).start()


def _close(number: int) -> None:
    with contextlib.suppress(OSError):
        os.close(number)


def main() -> None:
    parser = argparse.ArgumentParser(description="Started by newsroom.server.")
    parser.add_argument("--listener", type=int, required=True)
    parser.add_argument("--ready", type=int, required=True)
    parser.add_argument("--life", type=int, required=True)
    parser.add_argument("--welcome", nargs=2, metavar=("ADDRESS", "PORT"))
    options = parser.parse_args()
    # Until the workers are there to be stopped, nothing is lost by leaving at once.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    workers = set_up()
    if options.welcome:
        address, port = options.welcome
        for line in welcome(address, int(port)):
            print(line, flush=True)  # noqa: T201
    end_with(options.life)
    # Workers are forked from this process, and must not keep these open when it is gone.
    for number in (options.listener, options.life):
        os.register_at_fork(after_in_child=partial(_close, number))
    Generation(options.listener, options.ready, workers).serve(first=bool(options.welcome))


if __name__ == "__main__":
    main()
