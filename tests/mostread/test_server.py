"""Beacons through the real server: several workers, one database, nothing lost at the end."""

import threading
from collections import Counter
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from mostread.models import ReadCount
from mostread.senders import shared_path
from tests.factories import make_article, make_draft
from tests.mostread.serving import server

READERS = 12
BEACONS = 50
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox"

pytestmark = [pytest.mark.services, pytest.mark.slow]


def database_address() -> str:
    values = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{values['NAME']}"
    host, options = values["HOST"], ""
    if host.startswith("/"):
        host, options = "", f"?host={host}"
    port = f":{values['PORT']}" if values["PORT"] else ""
    return (
        f"postgres://{values['USER']}:{values['PASSWORD']}@{host}{port}/{values['NAME']}{options}"
    )


def send_beacons(port: int, paths: list[str], browser: str) -> None:
    """Each over a connection of its own, so that they spread over the workers."""
    for path in paths:
        client = HTTPConnection("127.0.0.1", port, timeout=20)
        headers = {"Origin": f"http://127.0.0.1:{port}", "User-Agent": browser}
        client.request("POST", path, headers=headers)
        assert client.getresponse().status == 204
        client.close()


@pytest.mark.django_db(transaction=True)
def test_two_workers_count_every_reader_once_and_keep_all_at_the_end(tmp_path: Path) -> None:
    articles = [make_article() for _ in range(BEACONS)]
    draft = make_draft()
    paths = [f"/doc/{article.pk}" for article in articles]
    paths += [f"/doc/{draft.pk}", "/doc/999999999", paths[0]]
    environment = {"DATA_DIR": str(tmp_path), "DATABASE_URL": database_address()}
    environment["SECRET_KEY"] = "a-key-for-this-test-only-" * 3
    failures: list[Any] = []

    def read(number: int) -> None:
        try:
            send_beacons(port, paths, f"{BROWSER}/{number}")
        except (OSError, AssertionError) as error:
            failures.append(error)

    try:
        with server(environment, workers=2) as port:
            threads = [threading.Thread(target=read, args=(n,)) for n in range(READERS)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
    finally:
        shared_path(str(tmp_path)).unlink(missing_ok=True)
    assert failures == []
    counts: Counter[int] = Counter()
    for article_id, count in ReadCount.objects.values_list("article_id", "count"):
        counts[article_id] += count
    assert counts == {article.pk: READERS for article in articles}
