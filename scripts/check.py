"""Checks the whole project: all of it, or with ``--quick`` what takes little time.

Every step runs, whatever the others say. The end tells what each said, and its last lines are
those with which pytest closed.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from scripts import services

PROJECT_DIR = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent
QUICK_TESTS = "not browser and not services and not slow"
# What has nothing to do with the database is tested once.
ON_POSTGRES = "(database or postgres) and not browser"
NO_TESTS = 5
CLOSING_LINE = re.compile(r"=+ .*\b(passed|failed|error|errors|no tests ran)\b.* in [\d.]+s.*=+$")
WIDTH = 78


@dataclass
class Result:
    """What one step said."""

    name: str
    passed: bool
    seconds: float
    closing: str = ""


@dataclass
class Run:
    """The steps so far."""

    environment: Mapping[str, str]
    results: list[Result] = field(default_factory=list)

    def step(self, name: str, *command: str, environment: Mapping[str, str] | None = None) -> None:
        """Run one command, show what it prints and remember how it ended."""
        print(f"\n==> {name}", flush=True)
        started = time.monotonic()
        closing = ""
        with running(command, {**self.environment, **(environment or {})}) as process:
            assert process.stdout is not None
            for line in process.stdout:
                print(line, end="", flush=True)
                if CLOSING_LINE.match(line.strip()):
                    closing = line.strip()
            code = process.wait()
        seconds = time.monotonic() - started
        self.results.append(Result(name, code == 0, seconds, closing))

    @contextmanager
    def beside(self, name: str, *command: str) -> Iterator[None]:
        """Run one command while the block runs others; what it prints is shown afterwards."""
        started = time.monotonic()
        with (
            tempfile.TemporaryFile("w+", errors="replace") as output,
            running(command, self.environment, output) as process,
        ):
            yield
            code = process.wait()
            output.seek(0)
            print(f"\n==> {name}\n{output.read()}", end="", flush=True)
        self.results.append(Result(name, code == 0, time.monotonic() - started))

    def pytest(
        self, name: str, *arguments: str, environment: Mapping[str, str] | None = None
    ) -> None:
        """Run the tests on all processors, those of one file on one of them: what a file sets up,
        such as a served newspaper, is then set up once."""
        workers = str(min(len(os.sched_getaffinity(0)), 4))
        spread = ("-n", workers, "--dist", "loadfile", "--no-loadscope-reorder")
        command = (program("pytest"), *spread, *arguments)
        self.step(name, *command, environment=environment)

    def report(self) -> int:
        """Print what each step said; the exit code."""
        failed = [result for result in self.results if not result.passed]
        print(f"\n{' Summary '.center(WIDTH, '=')}")
        for result in self.results:
            word = "ok    " if result.passed else "FAILED"
            print(f"{word} {result.name} ({result.seconds:.0f} s)")
        print("Everything passed." if not failed else f"{len(failed)} of the steps failed.")
        for result in self.results:
            if result.closing:
                print(f"\n{result.name}:\n{result.closing}")
        sys.stdout.flush()
        return 1 if failed else 0


@contextmanager
def running(
    command: Sequence[str], environment: Mapping[str, str], output: int | IO[str] = subprocess.PIPE
) -> Iterator[subprocess.Popen[str]]:
    """A command that does not outlive the block."""
    process = subprocess.Popen(
        command,
        cwd=PROJECT_DIR,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()


def program(name: str) -> str:
    """A program of the virtual environment that runs this."""
    return str(PROGRAMS / name)


def django(*arguments: str) -> tuple[str, ...]:
    """A command of manage.py."""
    return (sys.executable, "manage.py", *arguments)


def templates() -> list[str]:
    """Every template that is ours."""
    files = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "*.html"],
        cwd=PROJECT_DIR,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return [file for file in files if "templates/" in file and (PROJECT_DIR / file).exists()]


def check_code(run: Run) -> None:
    """What needs no test to run, but for the types."""
    run.step("Lint", program("ruff"), "check", ".")
    run.step("Format", program("ruff"), "format", "--check", ".")
    run.step("Import directions", program("lint-imports"))
    if files := templates():
        run.step("Template syntax", program("djade"), "--target-version", "5.2", "--check", *files)
        run.step("Template indentation", program("djhtml"), "--tabwidth", "2", "--check", *files)
    run.step("Migrations", *django("makemigrations", "--check", "--dry-run"))
    run.step(
        "Deployment check",
        *django("check", "--deploy", "--fail-level", "WARNING"),
        environment={"SITE_URL": "https://news.example", "ALLOWED_HOSTS": "news.example"},
    )


def run_quick(run: Run) -> None:
    """What takes a few minutes."""
    with run.beside("Types", program("mypy")):
        check_code(run)
    run.pytest("Tests, quick part, on SQLite", "-m", QUICK_TESTS)


def run_everything(run: Run) -> None:
    """All there is, with the servers and programs it needs."""
    with run.beside("Types", program("mypy")):
        check_code(run)
        run.step("Static files", *django("collectstatic", "--no-input", "--verbosity", "0"))
    static = {"TEST_STATIC_DIR": str(Path(run.environment["DATA_DIR"]) / "static")}
    with services.running() as addresses:
        redis = {"TEST_REDIS_URL": addresses["TEST_REDIS_URL"]}
        run.pytest("Tests on SQLite", environment={**static, **redis})
        run.pytest("Tests on PostgreSQL", "-m", ON_POSTGRES, environment={**static, **addresses})


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the part that takes little time")
    quick = parser.parse_args().quick
    services.stop_on_signals()
    with tempfile.TemporaryDirectory(prefix="newsroom-check-") as folder:
        run = Run({**clean_environment(), "DATA_DIR": folder})
        try:
            if quick:
                run_quick(run)
            else:
                services.install_missing()
                run_everything(run)
        except services.Missing as error:
            print(f"newsroom: {error}", file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            print("\nnewsroom: stopped before the end", file=sys.stderr)
            return 130
        return run.report()


def clean_environment() -> dict[str, str]:
    """The environment without the settings of a newsroom that may be at work here."""
    settings = {
        "ALLOWED_HOSTS",
        "DATABASE_URL",
        "DEBUG",
        "PORT",
        "SECRET_KEY",
        "SITE_URL",
        "STORAGE_URL",
        "LANGUAGE_CODE",
        "TEST_DATABASE_URL",
        "TEST_REDIS_URL",
        "TEST_STATIC_DIR",
    }
    return {name: value for name, value in os.environ.items() if name not in settings}


if __name__ == "__main__":
    sys.exit(main())
