"""Lighthouse, as on a phone, on a running demo paper. Called by ``make lighthouse``.

    python -m bench.lighthouse [--runs 3] [NAME …]

Prints the median of the scores for each kind of page (default: front, section, article). Reported,
not a test: the figures of a busy machine are lower. Needs Node.js 18.20 or newer and npm.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
from pathlib import Path

from bench.shots import CHROMIUM, FLAGS, PROJECT_DIR, demo_paper

PACKAGE = PROJECT_DIR / "bench" / "lighthouse-lock"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
FIGURES = {
    "first-contentful-paint": "FCP",
    "largest-contentful-paint": "LCP",
    "total-blocking-time": "TBT",
    "cumulative-layout-shift": "CLS",
    "total-byte-weight": "bytes",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--paper", type=Path, default=PROJECT_DIR / "var" / "shots-paper")
    parser.add_argument("--tools", type=Path, default=PROJECT_DIR / "var" / "lighthouse")
    parser.add_argument("names", nargs="*", metavar="NAME")
    options = parser.parse_args()
    program = install(options.tools)
    print(f"{'':24}" + "".join(f"{name:>16}" for name in (*CATEGORIES, *FIGURES.values())))
    with demo_paper(options.paper) as (address, pages):
        for name in options.names or ("front", "section", "article"):
            reports = [report(program, address + pages[name]) for _ in range(options.runs)]
            print(f"{name:24}" + "".join(f"{cell:>16}" for cell in medians(reports)), flush=True)
            for complaint in sorted(complaints(reports[0])):
                print(f"    {complaint}")


def install(folder: Path) -> Path:
    """Install Lighthouse, at the versions and hashes of the lock file, unless it is there."""
    program = folder / "node_modules" / ".bin" / "lighthouse"
    if not program.exists():
        if not shutil.which("npm"):
            raise SystemExit("Lighthouse needs Node.js and npm: apt-get install nodejs npm")
        folder.mkdir(parents=True, exist_ok=True)
        for file in ("package.json", "package-lock.json"):
            shutil.copy(PACKAGE / file, folder)
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run(command, cwd=folder, check=True)
    return program


def report(program: Path, address: str) -> dict:
    """One run: Lighthouse's own settings for a phone, in headless Chromium."""
    command = [str(program), address, "--quiet", "--output=json", "--output-path=stdout"]
    command += [f"--chrome-flags=--headless=new {' '.join(FLAGS)}"]
    command += [f"--only-categories={','.join(CATEGORIES)}"]
    environment = {**os.environ, "CHROME_PATH": CHROMIUM}
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)
    found: dict = json.loads(done.stdout)
    return found


def medians(reports: list[dict]) -> list[str]:
    scores = [
        f"{statistics.median(one['categories'][name]['score'] * 100 for one in reports):.0f}"
        for name in CATEGORIES
    ]
    figures = [
        f"{statistics.median(one['audits'][name]['numericValue'] for one in reports):,.3g}"
        for name in FIGURES
    ]
    return scores + figures


def complaints(report: dict) -> set[str]:
    """What keeps a category from 100: the title of each failed check that has weight."""
    found = set()
    for category in report["categories"].values():
        for check in category["auditRefs"]:
            audit = report["audits"][check["id"]]
            if check["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                found.add(f"{category['id']}: {audit['title']} ({audit.get('displayValue', '')})")
    return found


if __name__ == "__main__":
    main()
