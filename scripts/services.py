"""Programs the tests need: PostgreSQL, Redis, nginx, Varnish, Chromium, Java and gettext.

What is missing is installed by apt as root; else one sentence names the packages. Servers are
started for one run only, on free ports of this machine with their files in a folder of their own,
and are always stopped.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

START_SECONDS = 60
SERVICE_PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
# A program and the Debian package that brings it. PostgreSQL's own are looked for apart.
PACKAGES = {
    "redis-server": "redis-server",
    "nginx": "nginx-light",
    "varnishd": "varnish",
    "chromium": "chromium",
    "java": "default-jre-headless",
    "msgfmt": "gettext",
}
# A part of a program, and its package.
MODULES = {
    "/usr/lib/nginx/modules/ngx_http_brotli_static_module.so": "libnginx-mod-http-brotli-static",
}
POLICY = Path("/usr/sbin/policy-rc.d")


class Missing(Exception):
    """A program that the tests need is not there and could not be installed."""


def find(program: str) -> str | None:
    """Where a program is, looking also where only root usually looks."""
    return shutil.which(program, path=SERVICE_PATH)


def postgres_programs() -> Path | None:
    """The folder with initdb and postgres, of the newest PostgreSQL there is."""
    folders = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = sorted(folders, key=lambda path: int(path.parent.parent.name))
    if newest:
        return newest[-1].parent
    initdb = find("initdb")
    return Path(initdb).resolve().parent if initdb else None


def missing_packages() -> list[str]:
    """The Debian packages that would bring what is not there."""
    packages = [package for program, package in PACKAGES.items() if not find(program)]
    packages += [package for file, package in MODULES.items() if not Path(file).exists()]
    if "chromium" in packages and Path(os.environ.get("CHROMIUM", "/nowhere")).exists():
        packages.remove("chromium")
    if not postgres_programs():
        packages.append("postgresql")
    return packages


def install_missing() -> None:
    """Install what is missing as root, or raise Missing."""
    packages = missing_packages()
    if not packages:
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Missing(
            f"the tests need {', '.join(packages)}. "
            f"On Debian, as root: apt-get install {' '.join(packages)}"
        )
    print(f"==> Installing {', '.join(packages)} (some minutes)", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt = ["apt-get", "-q", "-y", "-o", "Dpkg::Use-Pty=0"]
    with no_service_starts():
        subprocess.run([*apt, "update"], env=environment, check=True)
        subprocess.run(
            [*apt, "install", "--no-install-recommends", *packages], env=environment, check=True
        )
    if still := missing_packages():
        raise Missing(f"apt-get did not bring {', '.join(still)}")


@contextmanager
def no_service_starts() -> Iterator[None]:
    """Keep Debian from starting a new package's server: the tests start their own."""
    if POLICY.exists():
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n", encoding="ascii")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink(missing_ok=True)


@contextmanager
def running() -> Iterator[dict[str, str]]:
    """Servers for one run; gives the environment variables that say where they are."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="newsroom-services-")))
        # PostgreSQL's own user must be able to reach its part.
        folder.chmod(0o755)
        yield {
            "TEST_DATABASE_URL": stack.enter_context(postgres(folder / "postgres")),
            "TEST_REDIS_URL": stack.enter_context(redis(folder / "redis")),
        }


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """A PostgreSQL of its own; gives its address."""
    programs = postgres_programs()
    if programs is None:
        raise Missing("the tests need PostgreSQL")
    folder.mkdir()
    user: list[str] = []
    if os.geteuid() == 0:
        # It refuses to run as root; the package has made this user.
        shutil.chown(folder, "postgres", "postgres")
        user = ["runuser", "-u", "postgres", "--"]
    port = free_port()
    data = folder / "data"
    init = [str(programs / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust"]
    subprocess.run(
        [*user, *init, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd="/",
    )
    options = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": str(folder),
        "max_connections": "200",
        # Nothing here outlives the run.
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
    }
    command = [*user, str(programs / "postgres"), "-D", str(data)]
    for name, value in options.items():
        command += ["-c", f"{name}={value}"]
    # SIGINT is its fast shutdown: it does not wait for clients.
    with server("PostgreSQL", command, port, folder / "log", stop=signal.SIGINT):
        yield f"postgres://postgres@127.0.0.1:{port}/postgres"


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """A Redis of its own that writes nothing to disk; gives its address."""
    folder.mkdir()
    port = free_port()
    program = find("redis-server") or "redis-server"
    command = [program, "--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder)]
    command += ["--save", "", "--appendonly", "no"]
    with server("Redis", command, port, folder / "log", stop=signal.SIGTERM):
        yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def server(
    name: str, command: list[str], port: int, log: Path, *, stop: signal.Signals
) -> Iterator[None]:
    """Run a server until the end of the block."""
    with log.open("wb") as output:
        # A session of its own: Ctrl-C goes to the tests first, and the server stops after them.
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            start_new_session=True,
        )
    try:
        wait_until_up(name, process, port, log)
        yield
    finally:
        os.killpg(process.pid, stop) if process.poll() is None else None
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_until_up(name: str, process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Return when something answers on the port; raise Missing when the server has given up."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    tail = log.read_text(errors="replace")[-2000:]
    raise Missing(f"{name} did not start:\n{tail}")


def free_port() -> int:
    """A port nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def stop(number: int, frame: FrameType | None) -> None:
    """End as Ctrl-C does, so that the servers are stopped too."""
    raise KeyboardInterrupt


def stop_on_signals() -> None:
    """Let every polite way to end this process stop the servers."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)


def serve_until_stopped() -> None:
    """For work on tests by hand: show the addresses and keep the servers until Ctrl-C."""
    with running() as addresses:
        for variable, address in addresses.items():
            print(f"export {variable}={address}", flush=True)
        signal.pause()


if __name__ == "__main__":
    stop_on_signals()
    try:
        install_missing()
        if sys.argv[1:] != ["--install"]:
            serve_until_stopped()
    except Missing as error:
        sys.exit(f"newsroom: {error}")
    except KeyboardInterrupt:
        pass
