"""Pictures of every kind of page: 1280 and 360 wide, light and dark. Called by ``make shots``.

Those of readers, the newsroom's, and what only an action brings about (``bench/scenes.py``).

    python -m bench.shots [--out FOLDER] [NAME …]

Runs a demo paper of its own (kept under ``var/shots-paper`` for the next time) and writes
``<name>-<width>-<theme>.png`` to the folder; names choose the kinds of page (default: all).
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, StorageState, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from bench.scenes import Scene, scenes, sign_in
from bench.serving import fetch, free_port, make_paper, start_newsroom

PROJECT_DIR = Path(__file__).resolve().parent.parent
WIDTHS = {1280: 800, 360: 740}
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
# A4 in CSS pixels, within the margins.
PAPER_WIDTH = 672
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]

# Once through the page, so that pictures further down come; then wait until they are painted:
# a picture that has come but is still being decoded is an empty frame. What a phone does not lay
# out until it comes near is laid out for good.
SEE_ALL = """async () => {
    const all = new CSSStyleSheet();
    all.replaceSync("* { content-visibility: visible !important }");
    document.adoptedStyleSheets = [all];
    for (let y = 0; y < document.body.scrollHeight; y += 600) {
        scrollTo(0, y);
        await new Promise((resolve) => setTimeout(resolve, 40));
    }
    scrollTo(0, 0);
}"""
DECODE = """() => Promise.all(
    [...document.images].map((image) => {
        Object.assign(image, { loading: "eager", decoding: "sync" });
        return image.decode().catch(() => {});
    })
).then(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))))"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--out", type=Path, default=PROJECT_DIR / "var" / "shots")
    parser.add_argument("--paper", type=Path, default=PROJECT_DIR / "var" / "shots-paper")
    parser.add_argument("names", nargs="*", metavar="NAME")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with demo_paper(options.paper) as (address, pages), sync_playwright() as playwright:
        found = scenes(pages, failures(options.paper))
        unknown = set(options.names) - set(found)
        if unknown:
            raise SystemExit(f"no such kind of page: {', '.join(sorted(unknown))}")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        studio = Studio(browser, address, options.out, logins(options.paper))
        missing = [name for name in options.names or found if not studio.take(name, found[name])]
        browser.close()
    if missing:
        raise SystemExit(f"no picture of: {', '.join(missing)}")


@contextmanager
def demo_paper(data_dir: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """A served demo paper: its address, and the path of each kind of page."""
    environment = _environment(data_dir)
    if (data_dir / "demo-logins.txt").exists():
        _manage(environment, "migrate", "-v0")
        _manage(environment, "collectstatic", "--noinput", "-v0")
    else:
        data_dir.mkdir(parents=True, exist_ok=True)
        make_paper(data_dir)
    lines = _manage(environment, "demo_tour").splitlines()
    pages = dict(line.split("\t") for line in lines)
    port = free_port()
    server = start_newsroom(data_dir, port)
    try:
        address = f"http://127.0.0.1:{port}"
        fetch(f"{address}/healthz", host=f"127.0.0.1:{port}")
        yield address, pages
    finally:
        server.terminate()
        server.wait()


class Studio:
    """Takes a scene in each width and theme."""

    def __init__(self, browser: Browser, address: str, out: Path, logins: dict[str, str]) -> None:
        self.browser = browser
        self.address = address
        self.out = out
        self.logins = logins
        self._signed_in: dict[str, StorageState] = {}

    def take(self, name: str, scene: Scene) -> bool:
        """Whether its pictures could be taken; if not, says why, as the others are wanted."""
        try:
            for width in (PAPER_WIDTH,) if scene.on_paper else WIDTHS:
                self._take(name, scene, width)
        except PlaywrightError as error:
            print(f"{name}: {error}", file=sys.stderr)
            return False
        return True

    def _take(self, name: str, scene: Scene, width: int) -> None:
        with self._context(width, self._session_of(scene.user)) as context:
            page = context.new_page()
            page.goto(scene.path)
            scene.act(page)
            page.wait_for_load_state("networkidle")
            page.evaluate(SEE_ALL)
            page.wait_for_load_state("networkidle")
            page.evaluate(DECODE)
            if scene.on_paper:
                page.emulate_media(media="print")
            for theme in THEMES[:1] if scene.on_paper else THEMES:
                page.emulate_media(color_scheme=theme)
                file = self.out / f"{name.replace(' ', '-')}-{width}-{theme}.png"
                page.screenshot(path=file, full_page=True, animations="disabled")
                print(file, flush=True)

    @contextmanager
    def _context(self, width: int, state: StorageState | None = None) -> Iterator[BrowserContext]:
        context = self.browser.new_context(
            base_url=self.address,
            viewport={"width": width, "height": WIDTHS.get(width, 1000)},
            is_mobile=width < 600,
            has_touch=width < 600,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            reduced_motion="reduce",
            storage_state=state,
        )
        # A machine that does other things too may be slow.
        context.set_default_timeout(180_000)
        yield context
        context.close()

    def _session_of(self, user: str) -> StorageState | None:
        """Signed in once: a session serves for all pictures."""
        if user and user not in self._signed_in:
            with self._context(1280) as context:
                sign_in(context.new_page(), user, self.logins[user])
                self._signed_in[user] = context.storage_state()
        return self._signed_in.get(user)


def logins(data_dir: Path) -> dict[str, str]:
    """The password of each user of the demo paper."""
    lines = (data_dir / "demo-logins.txt").read_text().splitlines()
    return {name: password for *_role, name, password in map(str.split, lines)}


def failures(data_dir: Path) -> dict[str, str]:
    """The pages that nobody can ask for: what the server says when it fails."""
    code = "from newsroom import errors; print(errors.{}(None).content.decode())"
    return {
        name: _manage(_environment(data_dir), "shell", "-v0", "-c", code.format(view))
        for name, view in (("failure", "server_error"), ("outage", "service_unavailable"))
    }


def _environment(data_dir: Path) -> dict[str, str]:
    settings = {"DJANGO_SETTINGS_MODULE": "newsroom.settings", "DATA_DIR": str(data_dir)}
    return {**os.environ, **settings}


def _manage(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(
        command, cwd=PROJECT_DIR, env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


if __name__ == "__main__":
    main()
