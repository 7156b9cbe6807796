"""Pictures of every kind of page: 1280 and 360 wide, light and dark. Called by ``make shots``.

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

from playwright.sync_api import Browser, sync_playwright

from bench.serving import fetch, free_port, make_paper, start_newsroom

PROJECT_DIR = Path(__file__).resolve().parent.parent
WIDTHS = {1280: 800, 360: 740}
THEMES = ("light", "dark")
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
        unknown = set(options.names) - set(pages)
        if unknown:
            raise SystemExit(f"no such kind of page: {', '.join(sorted(unknown))}")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for name in options.names or pages:
            shoot(browser, address + pages[name], options.out, name)
        browser.close()


@contextmanager
def demo_paper(data_dir: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """A served demo paper: its address, and the path of each kind of page."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "DATA_DIR": str(data_dir),
    }
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


def shoot(browser: Browser, address: str, folder: Path, name: str) -> None:
    """Take the whole page in each width and theme."""
    for width, height in WIDTHS.items():
        for theme in THEMES:
            context = browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme=theme,  # type: ignore[arg-type]
                is_mobile=width < 600,
                has_touch=width < 600,
                locale="vi-VN",
                timezone_id="Asia/Ho_Chi_Minh",
                reduced_motion="reduce",
            )
            # A machine that does other things too may be slow.
            context.set_default_timeout(180_000)
            page = context.new_page()
            page.goto(address)
            file = folder / f"{name.replace(' ', '-')}-{width}-{theme}.png"
            page.evaluate(SEE_ALL)
            page.wait_for_load_state("networkidle")
            page.evaluate(DECODE)
            page.screenshot(path=file, full_page=True)
            context.close()
            print(file)


def _manage(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(
        command, cwd=PROJECT_DIR, env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


if __name__ == "__main__":
    main()
