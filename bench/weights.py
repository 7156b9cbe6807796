"""What each kind of page of the demo paper weighs on a phone, and its queries: a table.

    python -m bench.weights [--paper FOLDER]

Bytes are those over the wire, compressed, with headers, of a first visit 360 wide without
scrolling; queries are those of making the page once.
"""

import argparse
import os
from collections import Counter
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from bench.shots import CHROMIUM, FLAGS, PROJECT_DIR, demo_paper

PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "is_mobile": True,
    "has_touch": True,
}
QUIET_MS = 2000
KINDS = {
    "Document": "HTML",
    "Stylesheet": "CSS",
    "Script": "script",
    "Font": "fonts",
    "Image": "pictures",
}


class Weight:
    """What a page fetches from now on, in bytes over the wire, by Chromium's kinds."""

    def __init__(self, page: Page) -> None:
        self.bytes: Counter[str] = Counter()
        self.addresses: list[str] = []
        self._kinds: dict[str, str] = {}
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.responseReceived", self._received)
        session.on("Network.loadingFinished", self._finished)

    def _received(self, event: dict[str, Any]) -> None:
        self._kinds[event["requestId"]] = event["type"]
        self.addresses.append(event["response"]["url"])

    def _finished(self, event: dict[str, Any]) -> None:
        kind = self._kinds.get(event["requestId"], "Other")
        self.bytes[kind] += int(event["encodedDataLength"])

    @property
    def without_pictures(self) -> int:
        return sum(self.bytes.values()) - self.bytes["Image"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--paper", type=Path, default=PROJECT_DIR / "var" / "shots-paper")
    options = parser.parse_args()
    print(f"| page | {' | '.join(KINDS.values())} | all but pictures | requests | queries |")
    print("| --- |" + " ---: |" * (len(KINDS) + 3))
    with demo_paper(options.paper) as (address, pages), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        weights = {kind: weigh(browser, address + path) for kind, path in pages.items()}
        browser.close()
    queries = count_queries(options.paper, pages)
    for kind, weight in weights.items():
        figures = [*(weight.bytes[name] for name in KINDS), weight.without_pictures]
        cells = [*(f"{figure / 1024:.1f}" for figure in figures), str(len(weight.addresses))]
        print(f"| {kind} | {' | '.join(cells)} | {queries[kind]} |")


def weigh(browser: Browser, address: str) -> Weight:
    context = browser.new_context(**PHONE, locale="vi-VN")
    page = context.new_page()
    weight = Weight(page)
    page.goto(address, wait_until="networkidle")
    # On a busy machine the network is idle before a font or picture has been asked for.
    before = -1
    while weight.bytes.total() > before:
        before = weight.bytes.total()
        page.wait_for_timeout(QUIET_MS)
    context.close()
    return weight


def count_queries(data_dir: Path, pages: dict[str, str]) -> dict[str, int]:
    """The database queries of each page when nothing of it is stored."""
    os.environ["DATA_DIR"] = str(data_dir)
    os.environ["DJANGO_SETTINGS_MODULE"] = "newsroom.settings"
    import django

    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": "127.0.0.1"})
    # What a process asks its database only once is no page's.
    client.get(pages["article"])
    found = {}
    for kind, path in pages.items():
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        found[kind] = len(captured)
    return found


if __name__ == "__main__":
    main()
