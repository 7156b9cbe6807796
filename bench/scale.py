"""What each page costs as the archive grows, side by side.

    python bench/scale.py 1000=postgres://…/a1k 1000000=postgres://…/a1m >bench/results/scale.md

Fill the databases with make_archive first. Pages are made by Django without the page store.
CPU is what this process and the database's took for a page: other work on the machine changes it
little, while it changes times a lot.
Rows and buffers are what EXPLAIN (ANALYZE, BUFFERS) says of all queries of one page: rows that
were read by scans, used or not, and pages of 8 kB that were touched. SQLite tells neither. Where a
line has several addresses, they are the mean of these.

``--only="search, (common|few)"`` measures only pages whose name has that pattern.
"""

import gc
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
ROUNDS, EACH = 3, 8
# The most common words of the paper, middling ones and rare ones, as a reader types them.
ONE_WORD = ["của", "người", "đường", "đảo", "biển", "lộc", "quyết", "xã", "mưa", "trường"]
THREE_WORDS = ["của người và", "người dân trong", "mùa mưa lũ", "nông thôn mới", "chợ phiên đảo"]
# Of so many of the newest numbers the words are counted; how many rows are few.
SAMPLE = 20_000
FEW = 15
Measures = dict[str, dict[str, Any]]


def main() -> None:
    archives = dict(argument.split("=", 1) for argument in sys.argv[1:])
    only = archives.pop("--only", "")
    found: dict[str, Measures] = {name: {} for name in archives}
    for _ in range(ROUNDS):
        for name, database in archives.items():
            _merge(found[name], _measure_apart(database, only))
    sys.stdout.write(_report(found))


def _measure_apart(database: str, only: str) -> Measures:
    """In a process of its own: the settings know one database."""
    environment = {**os.environ, "DATABASE_URL": database, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, __file__, "--measure", only]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


def _merge(into: Measures, new: Measures) -> None:
    for page, measure in new.items():
        before = into.get(page, {"times": [], "cpu": []})
        into[page] = measure | {name: before[name] + measure[name] for name in ("times", "cpu")}


def _report(found: dict[str, Measures]) -> str:
    titles = ["page"]
    for name in found:
        titles += [f"{name}: median, p95 ms", "CPU ms", "queries", "rows", "buffers"]
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    machine = f"{platform.platform()}, {os.cpu_count()} cores"
    lines = [f"{machine}, {time.strftime('%Y-%m-%d %H:%M')}, load {load}"]
    lines += ["", f"| {' | '.join(titles)} |", f"|{' --- |' * len(titles)}"]
    pages = dict.fromkeys(page for measures in found.values() for page in measures)
    for page in pages:
        cells = [page]
        for measures in found.values():
            measure = measures.get(page)
            cells += _cells(measure) if measure else ["–"] * 5
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _cells(measure: dict[str, Any]) -> list[str]:
    times = sorted(measure["times"])
    p95 = times[min(len(times) - 1, int(len(times) * 0.95))]
    shown = f"{statistics.median(times):.0f}, {p95:.0f}"
    cpu = f"{statistics.median(measure['cpu']):.0f}"
    return [shown, cpu, *(str(measure[name]) for name in ("queries", "rows", "buffers"))]


# --- in the process of one database -----------------------------------------------------


def measure(only: str) -> Measures:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    client.get("/")
    gc.freeze()  # as newsroom.wsgi does
    found: Measures = {}
    for name, addresses in _pages(client):
        if not re.search(only, name):
            continue
        times, cpu = [], []
        for address in [addresses[0], *addresses]:
            started, used = time.perf_counter(), _cpu_seconds()
            response = client.get(address)
            times.append((time.perf_counter() - started) * 1000)
            cpu.append((_cpu_seconds() - used) * 1000)
            if response.status_code != 200:
                raise SystemExit(f"{address} answers {response.status_code}")
        costs, queries = [], 0
        for address in dict.fromkeys(addresses):
            with CaptureQueriesContext(connection) as captured:
                client.get(address)
            queries = max(queries, len(captured))
            costs += [cost(query["sql"]) for query in captured]
        rows, buffers = (round(sum(of) / len(set(addresses))) for of in zip(*costs, strict=True))
        counts = connection.vendor == "postgresql"
        found[name] = {
            "times": times[1:],
            "cpu": cpu[1:],
            "queries": queries,
            "rows": rows if counts else "",
            "buffers": buffers if counts else "",
        }
    return found


def _cpu_seconds() -> float:
    """Of this process and the one that PostgreSQL serves it with, when it runs on this machine."""
    from django.db import connection

    used = time.process_time()
    if connection.vendor == "postgresql" and connection.connection is not None:
        at_work = Path(f"/proc/{connection.connection.get_backend_pid()}/schedstat")
        with suppress(OSError):
            used += int(at_work.read_text().split()[0]) / 1e9
    return used


def _pages(client: Any) -> Iterator[tuple[str, list[str]]]:
    """The name of each page and addresses of it; the first is the one whose queries are shown."""
    from urllib.parse import quote

    from django.urls import reverse

    from accounts.models import User
    from articles.headlines import HEADLINES
    from articles.lists import Kind, ListSize
    from articles.models import Article, Author, Tag
    from categories.models import Category
    from comments.models import COMMENT_WORDS
    from core.vietnamese import fold
    from photos.models import PHOTO_WORDS

    def largest(kind: Kind, model: Any) -> tuple[str, int]:
        size = ListSize.objects.filter(kind=kind).latest("articles")
        return model.objects.get(pk=size.owner).get_absolute_url(), size.articles

    newest = Article.objects.published().newest_first()
    yield "front page", [reverse("articles:front")] * EACH
    articles = newest[500 : 500 + EACH]
    yield "article", [article.get_absolute_url() for article in articles]
    for title, kind, model in (
        ("section", Kind.SECTION, Category),
        ("author", Kind.AUTHOR, Author),
        ("keyword", Kind.TAG, Tag),
    ):
        address, articles_in_it = largest(kind, model)
        yield f"{title}, page 1", [address] * EACH
        if articles_in_it >= 10_200:
            yield f"{title}, page 500", [f"{address}?trang={500 + n}" for n in range(EACH)]
        if articles_in_it >= 100_200:
            yield f"{title}, page 5,000", [f"{address}?trang={5000 + n}" for n in range(EACH)]
    yield "feed", [reverse("articles:feed")] * EACH
    section = Category.objects.get(pk=ListSize.objects.filter(kind=1).latest("articles").owner)
    yield "section's feed", [reverse("articles:category_feed", args=[section.slug])] * EACH
    yield "sitemap index", [reverse("machines:sitemap")] * EACH
    yield "sitemap part", [reverse("machines:sitemap_articles", args=[0])] * 2

    searches = reverse("search:results")
    for title, texts in (("one word", ONE_WORD), ("three words", THREE_WORDS)):
        yield f"search, {title}", [f"{searches}?q={quote(text)}" for text in texts]
        folded = [f"{searches}?q={quote(fold(text))}" for text in texts]
        yield f"search, {title} without marks", folded
    user, _made = User.objects.get_or_create(
        username="bench", defaults={"is_staff": True, "is_superuser": True}
    )
    client.force_login(user)
    desk = reverse("admin:articles_article_changelist")
    yield "desk's list", [desk] * EACH
    yield "desk's list, page 15", [f"{desk}?p=15"] * EACH
    yield from _searches("desk's search", f"{desk}?q=", HEADLINES)
    comments = reverse("admin:comments_comment_changelist")
    yield "moderators' queue", [comments] * EACH
    yield "all comments", [f"{comments}?queue=all"] * EACH
    yield "all comments, page 8", [f"{comments}?queue=all&p=8"] * EACH
    yield from _searches("moderators' search", f"{comments}?queue=all&q=", COMMENT_WORDS)
    photos = reverse("admin:photos_photo_changelist")
    yield "archive of photos", [photos] * EACH
    yield "archive of photos, page 15", [f"{photos}?p=15"] * EACH
    yield from _searches("search for photos", f"{photos}?q=", PHOTO_WORDS)


def _searches(name: str, address: str, index: Any) -> Iterator[tuple[str, list[str]]]:
    """Searches of the same kind in an archive of any size: what they find fills a page, or not.

    ``common`` are the most common words. ``middling`` ones just fill a page in a small archive; in
    a large one they are those that stand in a few of a thousand rows, where neither the newest
    rows nor the index alone are quick. ``few`` are words of one row, as many of them as it takes
    until few rows have them all.
    """
    from urllib.parse import quote

    highest = index.highest()
    texts = [text for _number, text in index.texts(range(max(1, highest - SAMPLE), highest + 1))]
    counts = Counter(word for text in texts for word in set(text.split()))
    whole = highest <= SAMPLE
    least, most = (55, 110) if whole else (len(texts) * 0.001, len(texts) * 0.01)
    middling = [word for word, count in counts.most_common() if least <= count <= most]
    step = max(1, len(middling) // EACH)
    kinds = {
        "common": [word for word, _count in counts.most_common(EACH)],
        "middling": middling[::step][:EACH],
        "few": [_until_few(index, text) for text in texts[:: max(1, len(texts) // EACH)][:EACH]],
    }
    for kind, words in kinds.items():
        yield f"{name}, {kind}", [f"{address}{quote(text)}" for text in words]


def _until_few(index: Any, text: str) -> str:
    words: list[str] = []
    for word in dict.fromkeys(reversed(text.split())):
        words.append(word)
        if len(index.newest(words, FEW + 1)) <= FEW:
            break
    return " ".join(words)


def cost(sql: str) -> tuple[int, int]:
    """Rows read and buffers touched by a query."""
    from django.db import connection

    asks = sql.lstrip("( ").upper().startswith(("SELECT", "WITH"))
    if connection.vendor != "postgresql" or not asks:
        return 0, 0
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}".replace("%", "%%"), [])
        (answer,) = cursor.fetchone()
    plan = (json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"]
    return _rows(plan), plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]


def _rows(plan: dict[str, Any]) -> int:
    parts = plan.get("Plans", [])
    rows = sum(_rows(part) for part in parts)
    if not parts and "Scan" in plan["Node Type"]:
        dropped = ("Rows Removed by Filter", "Rows Removed by Index Recheck")
        read = plan["Actual Rows"] + sum(plan.get(name, 0) for name in dropped)
        rows += round(read * plan["Actual Loops"])
    elif "Bitmap Heap Scan" in plan["Node Type"]:
        rows += plan["Actual Rows"] * plan["Actual Loops"]
    return rows


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        sys.stdout.write(json.dumps(measure(only=sys.argv[2])))
    else:
        main()
