"""What a stored article page costs: python -m bench.serving [--rounds 5] [--seconds 3]

Side by side, in interleaved rounds on loopback with wrk (keep-alive, gzip accepted):

a-debian  nginx serving the page as a precompressed file, as Debian ships it
a-tuned   the same with open_file_cache and without an access log
b         the newsroom alone: its front and granian
c         the newsroom behind deploy/nginx.conf
d         granian with the page store off

Requests/s and times depend on what else the machine does. The server's CPU time a request (user and
system, all its processes) is steadier; ratios are the medians of the rounds'.
"""

import argparse
import gzip
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

PROJECT_DIR = Path(__file__).resolve().parent.parent
HOST = "news.example"
CONNECTIONS = 32

NGINX = """
pid {folder}/{name}.pid;
error_log {folder}/{name}.err;
worker_processes auto;
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


@dataclass
class Candidate:
    name: str
    process: subprocess.Popen[bytes]
    url: str
    rounds: list[tuple[float, float, str, str]] = field(default_factory=list)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def recipe(data_dir: Path, port: int, server_port: int) -> str:
    """deploy/nginx.conf for this machine; every other line is as it is published."""
    text = (PROJECT_DIR / "deploy" / "nginx.conf").read_text()
    text = text.replace("DATA_DIR", str(data_dir)).replace("POLICY", public_policy())
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{server_port}")
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


def start_nginx(folder: Path, name: str, http: str, main: str = "") -> subprocess.Popen[bytes]:
    path = folder / f"{name}.conf"
    path.write_text(NGINX.format(folder=folder, name=name, http=http, main=main))
    return subprocess.Popen(["nginx", "-c", str(path), "-g", "daemon off;"])


def start_newsroom(data_dir: Path, port: int, **settings: str) -> subprocess.Popen[bytes]:
    environ = {**os.environ, "DATA_DIR": str(data_dir), "PORT": str(port), "BIND": "127.0.0.1"}
    return subprocess.Popen(
        [sys.executable, "-m", "newsroom.server"],
        cwd=PROJECT_DIR,
        env={**environ, "LOG_LEVEL": "error", **settings},
        stdout=subprocess.DEVNULL,
    )


def make_paper(data_dir: Path) -> None:
    environ = {**os.environ, "DATA_DIR": str(data_dir)}
    for command in (["migrate", "-v0"], ["load_demo"], ["collectstatic", "--noinput", "-v0"]):
        subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=PROJECT_DIR,
            env=environ,
            check=True,
            stdout=subprocess.DEVNULL,
        )


def fetch(url: str, host: str = HOST) -> bytes:
    request = urllib.request.Request(url, headers={"Host": host})
    until = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                body: bytes = answer.read()
                return body
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


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


def load(candidate: Candidate, seconds: float) -> tuple[float, float, str, str]:
    """One round: CPU milliseconds a request, requests/s, p50, p99."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}", "--latency"]
    command += ["-H", f"Host: {HOST}", "-H", "Accept-Encoding: gzip", candidate.url]
    before = cpu_seconds(candidate.process.pid)
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    used = cpu_seconds(candidate.process.pid) - before
    if "Non-2xx" in text or "Socket errors" in text:
        raise SystemExit(f"{candidate.name} failed:\n{text}")

    def find(pattern: str) -> str:
        match = re.search(pattern, text)
        assert match, text
        return match[1]

    requests = int(find(r"(\d+) requests in"))
    rate = float(find(r"Requests/sec:\s+([\d.]+)"))
    return used * 1000 / requests, rate, find(r"50%\s+(\S+)"), find(r"99%\s+(\S+)")


def ratio(one: Candidate, other: Candidate, value: Callable[[tuple[float, ...]], float]) -> float:
    return statistics.median(
        value(a) / value(b)  # type: ignore[arg-type]
        for a, b in zip(one.rounds, other.rounds, strict=True)
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--only", nargs="*", help="names of those to measure, a-… among them")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="serving-") as name:
        folder = Path(name)
        # nginx's workers run as a user of their own.
        folder.chmod(0o755)
        candidates: dict[str, Candidate] = {}
        try:
            start_all(folder, candidates)
            for _ in range(options.rounds):
                for candidate in chosen(candidates, options.only):
                    candidate.rounds.append(load(candidate, options.seconds))
        finally:
            for candidate in candidates.values():
                candidate.process.terminate()
            for candidate in candidates.values():
                candidate.process.wait()
    show(candidates)


def chosen(candidates: dict[str, Candidate], only: list[str] | None) -> list[Candidate]:
    return [one for name, one in candidates.items() if not only or name in only]


def start_all(folder: Path, candidates: dict[str, Candidate]) -> None:
    data_dir = folder / "data"
    make_paper(data_dir)
    port = free_port()
    alone = start_newsroom(data_dir, port)
    base = f"http://127.0.0.1:{port}"
    candidates["b"] = Candidate("b", alone, "")
    front = fetch(f"{base}/").decode()
    paths = re.findall(r'href="(/[a-z0-9-]+-\d+\.html)"', front)
    # The longest of the stories on the front page, nearer to a real one.
    path = max(paths, key=lambda one: len(fetch(base + one)))
    page = fetch(base + path)
    candidates["b"].url = base + path

    static = folder / "static"
    static.mkdir()
    (static / "page.html").write_bytes(page)
    (static / "page.html.gz").write_bytes(gzip.compress(page, 6, mtime=0))
    size = (static / "page.html.gz").stat().st_size
    print(f"{path}: {len(page):,} bytes, {size:,} gzipped\n")
    for kind, extra in (("a-debian", AS_SHIPPED), ("a-tuned", TUNED)):
        port = free_port()
        server = STATIC_SERVER.format(port=port, folder=folder)
        process = start_nginx(folder, kind, extra.format(folder=folder) + server)
        candidates[kind] = Candidate(kind, process, f"http://127.0.0.1:{port}/page.html")

    port, server_port = free_port(), free_port()
    behind = start_newsroom(
        data_dir,
        server_port,
        PAGE_STORE_URL=f"file://{folder}/pages",
        PAGE_STORE_NGINX="yes",
        BEHIND_PROXY="yes",
    )
    http = recipe(data_dir, port, server_port).replace(f"{data_dir}/pages", f"{folder}/pages")
    # The newsroom's own processes are part of what (c) costs.
    process = start_nginx(folder, "c", http, main="pcre_jit on;")
    candidates["c"] = Candidate("c", process, f"http://127.0.0.1:{port}{path}")
    candidates["c-server"] = Candidate("c-server", behind, f"http://127.0.0.1:{server_port}{path}")

    port = free_port()
    off = start_newsroom(data_dir, port, PAGE_STORE_URL="off")
    candidates["d"] = Candidate("d", off, f"http://127.0.0.1:{port}{path}")
    for candidate in candidates.values():
        fetch(candidate.url)
        fetch(candidate.url)


def show(candidates: dict[str, Candidate]) -> None:
    head = f"{'':9} {'requests/s':>11} {'p50':>9} {'p99':>9} {'CPU ms':>8}"
    print(f"{head} {'CPU : a-debian':>15} {'CPU : a-tuned':>14} {'rate : a-debian':>16}")
    for candidate in candidates.values():
        if not candidate.rounds:
            continue
        cpu = statistics.median(one[0] for one in candidate.rounds)
        rate = statistics.median(one[1] for one in candidate.rounds)
        shipped, tuned = candidates["a-debian"], candidates["a-tuned"]
        print(
            f"{candidate.name:9} {rate:11.0f} {candidate.rounds[-1][2]:>9}"
            f" {candidate.rounds[-1][3]:>9} {cpu:8.4f}"
            f" {ratio(candidate, shipped, lambda one: one[0]):15.2f}"
            f" {ratio(candidate, tuned, lambda one: one[0]):14.2f}"
            f" {ratio(candidate, shipped, lambda one: one[1]):16.2f}"
        )


if __name__ == "__main__":
    main()
