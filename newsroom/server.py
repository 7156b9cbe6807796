"""The server a small paper runs: ``python -m newsroom.server``.

It serves the same application with the same settings on a laptop and in production. PORT, BIND,
WORKERS and ACCESS_LOG choose how; everything else is in the settings.

This process only holds the socket that readers connect to. A child serves: a generation
(newsroom.generation). On SIGHUP the next generation is started, with the code that is on the disk
by then; when it answers, the one before finishes what it has begun and leaves. No connection is
refused or cut off meanwhile, and a generation that cannot start leaves all as it was.
"""

import errno
import os
import queue
import select
import signal
import socket
import subprocess
import sys
import threading
import time

from newsroom import env
from newsroom.env import PROJECT_DIR, WrongSetting, explain_and_exit

BACKLOG = 2048
# A generation that ends by itself is replaced after a moment.
PAUSE_SECONDS = 1.0
LOOK_SECONDS = 1.0
# The first of the sockets that systemd hands over.
SYSTEMD_SOCKET = 3


class Child:
    """A generation's process."""

    def __init__(self, listener: socket.socket, arguments: list[str]) -> None:
        told, ready = os.pipe()
        life, self._life = os.pipe()
        inherited = [listener.fileno(), ready, life]
        self.process = subprocess.Popen(  # noqa: S603
            [
                *(sys.executable, "-m", "newsroom.generation"),
                *("--listener", str(listener.fileno()), "--ready", str(ready)),
                *("--life", str(life), *arguments),
            ],
            cwd=PROJECT_DIR,
            pass_fds=inherited,
            # Ctrl-C is for this process, which tells the others in their turn.
            start_new_session=True,
        )
        os.close(ready)
        os.close(life)
        self._told = told

    def wait_until_ready(self) -> bool:
        """Whether it takes requests now; False when it has ended before."""
        with os.fdopen(self._told, "rb") as told:
            # Its workers may hold the pipe longer than itself.
            while self.process.poll() is None:
                if select.select([told], [], [], LOOK_SECONDS)[0]:
                    return told.read(1) == b"1"
        return False

    def wait(self) -> int:
        code = self.process.wait()
        os.close(self._life)
        return code


class Server:
    """Starts generations and tells them when to end."""

    def __init__(self, listener: socket.socket, address: str, port: int) -> None:
        self._listener = listener
        self._welcome = ["--welcome", address, str(port)]
        self._events: queue.SimpleQueue[tuple[str, Child | int]] = queue.SimpleQueue()
        self._serving: Child | None = None
        self._coming: Child | None = None
        self._children: set[Child] = set()
        self._again = False
        self._stopping = False

    def run(self) -> int:
        """Serve until told to stop; the status to leave with."""
        for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda number, _: self._events.put(("signal", number)))
        self._start(self._welcome)
        while True:
            event, what = self._events.get()
            if isinstance(what, int):
                self._told(what)
            elif event == "ready":
                self._ready(what)
            elif (status := self._ended(what)) is not None:
                return status

    def _start(self, arguments: list[str]) -> None:
        self._coming = child = Child(self._listener, arguments)
        self._children.add(child)
        threading.Thread(target=self._follow, args=(child,), daemon=True).start()

    def _follow(self, child: Child) -> None:
        if child.wait_until_ready():
            self._events.put(("ready", child))
        else:
            child.process.terminate()
        child.wait()
        if child is self._serving and not self._stopping:
            time.sleep(PAUSE_SECONDS)
        self._events.put(("ended", child))

    def _told(self, number: int) -> None:
        if number == signal.SIGHUP:
            if self._coming is not None:
                self._again = True
            elif not self._stopping:
                self._start([])
            return
        self._stopping = True
        for child in self._children:
            child.process.send_signal(number)

    def _ready(self, child: Child) -> None:
        before, self._serving, self._coming = self._serving, child, None
        if before is not None:
            before.process.send_signal(signal.SIGUSR1)
        if self._again and not self._stopping:
            self._again = False
            self._start([])

    def _ended(self, child: Child) -> int | None:
        """Replace a generation that should not have ended; a status when this is the end."""
        self._children.discard(child)
        failed = child is self._coming
        if failed:
            self._coming = None
        if self._stopping:
            return None if self._children else 0
        if failed and self._serving is None:
            return child.process.returncode or 1
        if failed:
            say("The new version could not be started; the one before goes on.")
        elif child is self._serving:
            self._serving = None
            if self._coming is None:
                say("The server has ended by itself and is started again.")
                self._start([])
        return None


def say(line: str) -> None:
    print(f"newsroom: {line}", file=sys.stderr, flush=True)  # noqa: T201


def main() -> None:
    """Serve until told to stop by SIGINT or SIGTERM; SIGHUP starts anew without a gap."""
    try:
        port = env.integer("PORT", 8000, minimum=1, maximum=65535)
        address = env.text("BIND", "0.0.0.0")  # noqa: S104
        if env.flag("ACCESS_LOG", False):
            check_address(address, port)
            serve_with_log(address, port)
            return
        listener = given_socket() or listen(address, port)
    except WrongSetting as error:
        explain_and_exit(error)
    sys.exit(Server(listener, address, port).run())


def given_socket() -> socket.socket | None:
    """The socket that systemd holds for this service, so that none is closed at a restart."""
    given = (os.environ.get("LISTEN_PID"), os.environ.get("LISTEN_FDS"))
    if given != (str(os.getpid()), "1"):
        return None
    return socket.socket(fileno=SYSTEMD_SOCKET)


def listen(address: str, port: int) -> socket.socket:
    """The socket for readers. Raises WrongSetting when nothing can be served there."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    # A server that has just stopped is no reason to wait.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((address, port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            accepted = "a free port, and another program is using this one"
            raise WrongSetting("PORT", port, accepted) from None
        if error.errno == errno.EACCES:
            accepted = "a port this user may use, such as one above 1023"
            raise WrongSetting("PORT", port, accepted) from None
        raise WrongSetting("BIND", address, "an address of this machine") from None
    return listener


def check_address(address: str, port: int) -> None:
    """Raise WrongSetting when nothing can be served there."""
    listen(address, port).close()


def serve_with_log(address: str, port: int) -> None:
    """Let granian answer alone, as only it writes a log of requests."""
    from granian import Granian
    from granian.constants import Interfaces

    from newsroom import generation
    from newsroom.pagestore.store import page_store
    from newsroom.release import drop_pages_of_another_release

    workers = generation.set_up()
    for line in generation.welcome(address, port):
        print(line, flush=True)  # noqa: T201
    drop_pages_of_another_release(page_store())
    Granian(
        "newsroom.wsgi:application",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=generation.THREADS,
        respawn_failed_workers=True,
        workers_max_rss=generation.WORKER_MEGABYTES,
        workers_kill_timeout=generation.STOP_SECONDS,
        log_access=True,
        working_dir=PROJECT_DIR,
    ).serve()


if __name__ == "__main__":
    main()
