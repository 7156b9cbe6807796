"""The server a small paper runs: ``python -m newsroom.server``.

It serves the same application with the same settings on a laptop and in production. PORT, BIND,
WORKERS and ACCESS_LOG choose how; everything else is in the settings.
"""

import errno
import os
import socket

import django

from newsroom import env
from newsroom.env import PROJECT_DIR, WrongSetting, explain_and_exit
from newsroom.pagestore.beside import LOOPBACK, FrontBeside

MOST_WORKERS_BY_DEFAULT = 4
# Requests of one worker that run at once; each may hold a database connection.
THREADS = 16
# A worker that has grown beyond this is replaced by a fresh one.
WORKER_MEGABYTES = 1024
# What is under way when the server is told to stop may finish within this time.
STOP_SECONDS = 10

# Written by the command load_demo: one log-in a line.
DEMO_LOGINS_FILE = "demo-logins.txt"


def main() -> None:
    """Serve until told to stop by SIGINT or SIGTERM."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    try:
        django.setup()
        port = env.integer("PORT", 8000, minimum=1, maximum=65535)
        address = env.text("BIND", "0.0.0.0")  # noqa: S104
        workers = env.integer("WORKERS", default_workers(), minimum=1, maximum=64)
        access_log = env.flag("ACCESS_LOG", False)
        check_address(address, port)
    except WrongSetting as error:
        explain_and_exit(error)
    for line in welcome(address, port):
        print(line, flush=True)  # noqa: T201
    serve(address, port, workers, access_log)


def default_workers() -> int:
    """One for each processor this process may use, up to four."""
    return min(len(os.sched_getaffinity(0)), MOST_WORKERS_BY_DEFAULT)


def check_address(address: str, port: int) -> None:
    """Raise WrongSetting when nothing can be served there."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # A server that has just stopped is no reason to wait.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                accepted = "a free port, and another program is using this one"
                raise WrongSetting("PORT", port, accepted) from None
            if error.errno == errno.EACCES:
                accepted = "a port this user may use, such as one above 1023"
                raise WrongSetting("PORT", port, accepted) from None
            raise WrongSetting("BIND", address, "an address of this machine") from None


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


def serve(address: str, port: int, workers: int, access_log: bool) -> None:
    """Run the workers and replace those that end, behind a front that hands out stored pages."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    # The front writes no log of its own.
    front = None if access_log else front_beside(address, port)
    if front is not None:
        address, port = LOOPBACK, front.server_port
    server = Granian(
        "newsroom.wsgi:application",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        workers_max_rss=WORKER_MEGABYTES,
        workers_kill_timeout=STOP_SECONDS,
        log_level=LogLevels.info if access_log else LogLevels.error,
        log_access=access_log,
        working_dir=PROJECT_DIR,
    )
    try:
        server.serve()
    finally:
        if front is not None:
            front.stop()


def front_beside(address: str, port: int) -> FrontBeside | None:
    """Start the front for readers; None when no pages are stored or nginx serves them."""
    from django.conf import settings

    from newsroom.pagestore.store import page_store

    store = page_store()
    if store is None or settings.PAGE_STORE_NGINX:
        return None
    return FrontBeside(
        address,
        port,
        store.folder,
        behind_proxy=settings.BEHIND_PROXY,
        several_machines=store.machines is not None,
    )


if __name__ == "__main__":
    main()
