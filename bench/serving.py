"""What a stored article page costs: python -m bench.serving [--rounds 5] [--seconds 3]

Side by side, in interleaved rounds whose order changes, over loopback with wrk (keep-alive, gzip
accepted):

a-debian  nginx serving the page as a precompressed file, as Debian ships it
a-tuned   the same with open_file_cache and without an access log
b         the newsroom alone: its front and granian
c         the newsroom behind deploy/nginx.conf
d         granian with the page store off
e         Wagtail with the same article, pictures and menu, as shipped: the newest one
e-cache   the newest Wagtail that wagtail-cache allows, with it, as its guide installs it
e-best    the same with all that makes it quicker: pages kept compressed in each process, granian

Wagtail (bench/wagtail) gets virtual environments of its own, SQLite, and gunicorn with two workers,
as its project template does it. --without-wagtail leaves it out.

Requests/s and times depend on what else the machine does. The server's CPU time a request (user and
system, all its processes) is steadier; ratios are the medians of the rounds'.
"""

import argparse
import gzip
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from bench.peer import Peer

PROJECT_DIR = Path(__file__).resolve().parent.parent
HOST = "news.example"
CONNECTIONS = 32

NGINX = """
pid {folder}/{name}.pid;
error_log {folder}/{name}.err;
worker_processes {workers};
{main}
events {{ worker_connections 768; }}
http {{
    sendfile on;
    tcp_nopush on;
    types_hash_max_size 2048;
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    gzip on;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi; scgi_temp_path {folder}/scgi;
    uwsgi_temp_path {folder}/uwsgi;
{http}
}}
"""
AS_SHIPPED = "access_log {folder}/access.log;"
TUNED = """access_log off; open_file_cache max=10000 inactive=60s; open_file_cache_valid 30s;
keepalive_requests 1000000;"""
STATIC_SERVER = "server {{ listen 127.0.0.1:{port}; root {folder}/static; gzip_static on; }}"


# What a candidate is called in the table.
TITLES = {
    "a-debian": "(a) nginx as Debian ships it",
    "a-tuned": "(a) nginx tuned",
    "b": "(b) the newsroom alone",
    "c": "(c) the newsroom behind the recipe",
    "d": "(d) the newsroom, store off",
    "e": "(e) Wagtail as shipped",
    "e-cache": "(e) Wagtail with wagtail-cache",
    "e-best": "(e) the same at its best",
}


@dataclass(frozen=True)
class Round:
    """What one round of one candidate took."""

    cpu: float  # milliseconds of the server's processes a request
    rate: float  # requests a second
    p50: float  # milliseconds
    p99: float


@dataclass
class Candidate:
    """A server to be measured; ``processes`` are those whose CPU time it costs."""

    name: str
    url: str
    processes: list[subprocess.Popen[bytes]]
    rounds: list[Round] = field(default_factory=list)

    def median(self, of: str) -> float:
        return statistics.median(getattr(one, of) for one in self.rounds)

    def times(self, other: "Candidate", of: str) -> float:
        """The median of the rounds' ratios to another one."""
        pairs = zip(self.rounds, other.rounds, strict=True)
        return statistics.median(getattr(one, of) / getattr(two, of) for one, two in pairs)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def recipe(data_dir: Path, port: int, server_port: int, inner_port: int) -> str:
    """deploy/nginx.conf for this machine; every other line is as it is published.

    ``inner_port`` is the newsroom's PAGE_STORE_NGINX_PORT.
    """
    text = (PROJECT_DIR / "deploy" / "nginx.conf").read_text()
    text = text.replace("DATA_DIR", str(data_dir)).replace("POLICY", public_policy())
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{server_port}")
    text = text.replace("127.0.0.1:8001", f"127.0.0.1:{inner_port}")
    text = text.replace("listen 80 default_server", f"listen 127.0.0.1:{port} default_server")
    text = text.replace("listen 80;", f"listen 127.0.0.1:{port};")
    text = text.replace("/var/log/nginx/", f"{data_dir}/")
    return text


def public_policy() -> str:
    code = "import newsroom.security as s; print(s.public_policy())"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT_DIR, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def start_nginx(
    folder: Path, name: str, http: str, main: str = "", workers: int | str = "auto"
) -> subprocess.Popen[bytes]:
    path = folder / f"{name}.conf"
    text = NGINX.format(folder=folder, name=name, http=http, main=main, workers=workers)
    path.write_text(text)
    return subprocess.Popen(["nginx", "-c", str(path), "-g", "daemon off;"])


def start_newsroom(data_dir: Path, port: int, **settings: str) -> subprocess.Popen[bytes]:
    environ = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "DATA_DIR": str(data_dir),
        "PORT": str(port),
        "BIND": "127.0.0.1",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "newsroom.server"],
        cwd=PROJECT_DIR,
        env={**environ, "LOG_LEVEL": "error", "PAGE_RENDER_SECONDS": "60", **settings},
        stdout=subprocess.DEVNULL,
    )


def make_paper(data_dir: Path) -> None:
    """Fill the folder with the demo paper, and with static files if it has none."""
    environ = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "DATA_DIR": str(data_dir),
    }
    commands = [["migrate", "-v0"], ["load_demo"]]
    if not (data_dir / "static").exists():
        commands.append(["collectstatic", "--noinput", "-v0"])
    for command in commands:
        subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=PROJECT_DIR,
            env=environ,
            check=True,
            stdout=subprocess.DEVNULL,
        )


def fetch(url: str, host: str = HOST) -> bytes:
    request = urllib.request.Request(url, headers={"Host": host})
    until = time.monotonic() + 180
    while True:
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                body: bytes = answer.read()
                return body
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def text_length(html: str) -> int:
    return sum(map(len, re.findall(r"<p>(.*?)</p>", html, re.DOTALL)))


def cpu_seconds(process: int) -> float:
    """What a process and its descendants have used."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(stat.parent.name))
    family = [process]
    for member in family:
        family.extend(children.get(member, []))
    total = 0
    for member in family:
        for thread in Path(f"/proc/{member}/task").glob("*/schedstat"):
            total += int(thread.read_text().split()[0])
    return total / 1e9


def load(candidate: Candidate, seconds: float) -> Round:
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}", "--latency", "--timeout", "30"]
    command += ["-H", f"Host: {HOST}", "-H", "Accept-Encoding: gzip", candidate.url]
    before = _used(candidate)
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    used = _used(candidate) - before
    if "Non-2xx" in text or "Socket errors" in text:
        raise SystemExit(f"{candidate.name} failed:\n{text}")

    def find(pattern: str) -> str:
        match = re.search(pattern, text, re.MULTILINE)
        if match is None:
            raise SystemExit(f"{candidate.name}: no {pattern} in\n{text}")
        return match[1]

    return Round(
        cpu=used * 1000 / max(1, int(find(r"(\d+) requests in"))),
        rate=float(find(r"Requests/sec:\s+([\d.]+)")),
        p50=milliseconds(find(r"^\s+50%\s+(\S+)")),
        p99=milliseconds(find(r"^\s+99%\s+(\S+)")),
    )


def _used(candidate: Candidate) -> float:
    return sum(cpu_seconds(process.pid) for process in candidate.processes)


def milliseconds(text: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text).groups()  # type: ignore[union-attr]
    return float(number) * {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}[unit]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--only", nargs="*", help=f"some of {', '.join(TITLES)}")
    parser.add_argument("--without-wagtail", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="serving-") as name, ExitStack() as running:
        folder = Path(name)
        # nginx's workers run as a user of their own.
        folder.chmod(0o755)
        bench = Bench(folder, running)
        bench.start_newsroom_and_nginx()
        if not options.without_wagtail:
            bench.start_wagtail()
        candidates = [
            one for one in bench.candidates if not options.only or one.name in options.only
        ]
        for one in candidates:
            for _ in range(20):
                fetch(one.url)
        for number in range(options.rounds):
            # The kernel remembers what connections to this machine were like: who runs after whom
            # must not be the same each time.
            for one in random.Random(number).sample(candidates, len(candidates)):
                one.rounds.append(load(one, options.seconds))
    show(candidates, bench.about)


class Bench:
    """Starts what is measured; ``running`` ends it."""

    def __init__(self, folder: Path, running: ExitStack) -> None:
        self.folder = folder
        self.data_dir = folder / "data"
        self.running = running
        self.candidates: list[Candidate] = []
        self.about: list[str] = []
        self.path = ""

    def _add(self, name: str, url: str, *processes: subprocess.Popen[bytes]) -> None:
        self.candidates.append(Candidate(name, url, list(processes)))

    def _keep(self, process: subprocess.Popen[bytes]) -> subprocess.Popen[bytes]:
        self.running.callback(process.wait)
        self.running.callback(process.terminate)
        return process

    def start_newsroom_and_nginx(self) -> None:
        make_paper(self.data_dir)
        port = free_port()
        alone = self._keep(start_newsroom(self.data_dir, port))
        base = f"http://127.0.0.1:{port}"
        paths = re.findall(r'href="(/[a-z0-9-]+-\d+\.html)"', fetch(f"{base}/").decode())
        # The longest of the stories on the front page, nearer to a real one.
        self.path = max(paths, key=lambda one: text_length(fetch(base + one).decode()))
        page = fetch(base + self.path)
        self._start_static(page)
        self._add("b", base + self.path, alone)
        self._start_recipe()
        port = free_port()
        off = self._keep(start_newsroom(self.data_dir, port, PAGE_STORE_URL="off"))
        self._add("d", f"http://127.0.0.1:{port}{self.path}", off)

    def _start_static(self, page: bytes) -> None:
        static = self.folder / "static"
        static.mkdir()
        (static / "page.html").write_bytes(page)
        (static / "page.html.gz").write_bytes(gzip.compress(page, 6, mtime=0))
        size = (static / "page.html.gz").stat().st_size
        self.about.append(f"newsroom's page: {len(page):,} bytes, {size:,} gzipped")
        for kind, extra in (("a-debian", AS_SHIPPED), ("a-tuned", TUNED)):
            port = free_port()
            server = STATIC_SERVER.format(port=port, folder=self.folder)
            http = extra.format(folder=self.folder) + server
            process = self._keep(start_nginx(self.folder, kind, http))
            self._add(kind, f"http://127.0.0.1:{port}/page.html", process)

    def _start_recipe(self) -> None:
        port, server_port, inner_port = free_port(), free_port(), free_port()
        pages = self.folder / "pages"
        behind = self._keep(
            start_newsroom(
                self.data_dir,
                server_port,
                PAGE_STORE_URL=f"file://{pages}",
                PAGE_STORE_NGINX="yes",
                PAGE_STORE_NGINX_PORT=str(inner_port),
                BEHIND_PROXY="yes",
            )
        )
        http = recipe(self.data_dir, port, server_port, inner_port)
        http = http.replace(f"{self.data_dir}/pages", str(pages))
        nginx = self._keep(start_nginx(self.folder, "c", http, main="pcre_jit on;"))
        self._add("c", f"http://127.0.0.1:{port}{self.path}", nginx, behind)

    def start_wagtail(self) -> None:
        article = self.folder / "article.json"
        number = self.path.rsplit("-", 1)[1].removesuffix(".html")
        subprocess.run(
            [sys.executable, "-m", "bench.peer", number, str(article)],
            cwd=PROJECT_DIR,
            env={**os.environ, "DATA_DIR": str(self.data_dir)},
            check=True,
        )
        for name, requirements, cache in (
            ("e", "requirements.txt", ""),
            ("e-cache", "requirements-cache.txt", "guide"),
            ("e-best", "requirements-cache.txt", "best"),
        ):
            peer = Peer(self.folder / name, requirements, cache)
            path, port = peer.make(article), free_port()
            process = self._keep(peer.start(port))
            url = f"http://127.0.0.1:{port}{path}"
            self._add(name, url, process)
            page = fetch(url)
            size = len(gzip.compress(page, 6))
            self.about.append(f"{name}: {peer.versions()}: {len(page):,} bytes, {size:,} gzipped")


def show(candidates: list[Candidate], about: list[str]) -> None:
    load_average = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"{time.strftime('%d %B %Y, %H:%M')}; {os.cpu_count()} cores; load {load_average}")
    print("\n".join(about))
    of = {one.name: one for one in candidates}
    others = [name for name in ("a-debian", "a-tuned") if name in of]
    titles = ["", "requests/s", "p50 ms", "p99 ms", "CPU ms", *(f"CPU : {name}" for name in others)]
    print(f"\n| {' | '.join(titles)} |\n|{' --- |' * len(titles)}")
    for one in candidates:
        cells = [TITLES[one.name], f"{one.median('rate'):,.0f}", f"{one.median('p50'):.2f}"]
        cells += [f"{one.median('p99'):.1f}", f"{one.median('cpu'):.4f}"]
        cells += [f"{one.times(of[name], 'cpu'):.2f}" for name in others]
        print(f"| {' | '.join(cells)} |")
    for name, what in (("e-cache", "wagtail-cache"), ("e-best", "wagtail-cache at its best")):
        for ours in ("b", "c"):
            if {ours, name} <= of.keys():
                less = of[name].times(of[ours], "cpu")
                print(f"\n({ours}) takes {less:.0f} times less CPU a request than {what}.")


if __name__ == "__main__":
    main()
