"""Pages made anew before the commit of what makes them old."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from articles import publishing
from articles.models import Article
from core import changes, page_tags
from newsroom.pagestore import ahead
from newsroom.pagestore.due import Due, overdue
from newsroom.pagestore.store import Store, page_store
from newsroom.pagestore.versions import DROPS
from tests.factories import make_draft
from tests.factories import make_user as make_staff
from tests.pagestore.conftest import LIMIT, PROJECT_DIR, Paper

BASE = "http://news.test"
HEADLINE = "Cầu mới thông xe sáng nay"


class Stored:
    """The stored pages as a process that serves readers sees them."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(folder, limit=LIMIT)

    def put(self, *paths: str) -> None:
        """Have them stored, as after a reader's request."""
        for path in paths:
            entry = ahead.render(self.store, f"{BASE}{path}")
            assert entry is not None
            assert self.store.put(entry)

    def text(self, path: str) -> str | None:
        """What a reader gets at once; None when the page has to be made first."""
        entry = self.store.pages.get(f"{BASE}{path}", time.time())
        if entry is None:
            return None
        body = self.store.pages.body(entry, "identity")
        assert body is not None
        return body.decode()

    def drops(self) -> int:
        return self.store.versions.numbers[DROPS]


@pytest.fixture
def folder(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The store of a paper that is being served, however busy this machine is."""
    monkeypatch.setattr(ahead, "SECONDS", 60.0)
    monkeypatch.setattr(ahead, "PROCESSOR_SECONDS", 60.0)
    folder = tmp_path / "pages"
    folder.mkdir()
    settings.PAGE_STORE_URL = f"file://{folder}"
    settings.ALLOWED_HOSTS = ["news.test"]
    page_store.cache_clear()
    with (folder / "keeper.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder
    page_store.cache_clear()


@pytest.fixture
def draft(transactional_db: None) -> Article:
    return make_draft(headline=HEADLINE)


@pytest.fixture
def editor(transactional_db: None) -> Any:
    return make_staff("editor")


@pytest.fixture
def stored(folder: Path, draft: Article, editor: Any) -> Stored:
    """Readers have read the front page, the section and the feed."""
    stored = Stored(folder)
    stored.put("/", draft.category.get_absolute_url(), "/rss/")
    return stored


def test_readers_have_a_publication_with_its_commit(
    stored: Stored, draft: Article, editor: Any
) -> None:
    publishing.publish(draft, by=editor)
    for path in ("/", draft.category.get_absolute_url(), "/rss/", draft.get_absolute_url()):
        assert HEADLINE in (stored.text(path) or ""), path


def test_readers_have_a_withdrawal_with_its_commit(
    stored: Stored, draft: Article, editor: Any
) -> None:
    publishing.publish(draft, by=editor)
    publishing.withdraw(draft, by=editor)
    for path in ("/", draft.category.get_absolute_url(), "/rss/"):
        text = stored.text(path)
        assert text is not None, path
        assert HEADLINE not in text
    entry = stored.store.pages.get(f"{BASE}{draft.get_absolute_url()}", time.time())
    assert entry is not None
    assert entry.status == 410


def test_what_is_not_there_takes_no_page_its_turn_and_is_not_told(
    stored: Stored, draft: Article, editor: Any
) -> None:
    """Whoever asks for many short addresses makes no other reader wait."""
    junk = [f"/q{number}/" for number in range(ahead.MOST_PAGES)]
    stored.put(*junk)
    since = time.time()
    publishing.schedule(draft, by=editor, at=timezone.now() + timedelta(hours=1))
    assert stored.text(draft.get_absolute_url()) is None
    publishing.publish(draft, by=editor)
    told = {page.address.removeprefix(BASE) for page in stored.store.refreshed(since)}
    section = draft.category.get_absolute_url()
    assert told == {"/", section, "/rss/", draft.get_absolute_url()}
    assert HEADLINE in (stored.text("/rss/") or "")
    assert set(stored.store.last_read(100)) == {f"{BASE}{path}" for path in told}


def test_a_page_made_ahead_is_the_one_a_reader_would_make(
    stored: Stored, draft: Article, editor: Any
) -> None:
    # The editor's language and zone are not the readers'.
    from django.utils import translation

    with translation.override("en"), timezone.override("America/Lima"):
        publishing.publish(draft, by=editor)
    for path in ("/", draft.get_absolute_url()):
        made = stored.text(path)
        again = ahead.render(stored.store, f"{BASE}{path}")
        assert again is not None
        assert made == again.bodies["identity"].decode()


def test_before_the_commit_nothing_of_it_is_anywhere(
    stored: Stored, folder: Path, draft: Article, editor: Any
) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        publishing.publish(draft, by=editor)
        assert HEADLINE not in (stored.text("/") or HEADLINE)
        assert _files_with(folder, HEADLINE) == []
        raise ZeroDivisionError
    assert HEADLINE not in (stored.text("/") or HEADLINE)
    assert stored.text(draft.get_absolute_url()) is None
    assert _files_with(folder, HEADLINE) == []
    # Nobody can tell a rollback from a death; the keeper drops once too often.
    stored.store.settle()
    assert stored.text("/") is None
    assert list((folder / "due").iterdir()) == []


def test_a_drop_by_somebody_else_meanwhile_makes_them_useless(
    stored: Stored, draft: Article, editor: Any
) -> None:
    with transaction.atomic():
        publishing.publish(draft, by=editor)
        stored.store.drop([f"category:{draft.category_id}"])
    assert stored.text(draft.category.get_absolute_url()) is None
    assert HEADLINE in (stored.text("/rss/") or "")


def test_a_drop_by_somebody_else_afterwards_drops_them(
    stored: Stored, draft: Article, editor: Any
) -> None:
    publishing.publish(draft, by=editor)
    stored.store.drop(["front"])
    assert stored.text("/") is None


def test_a_later_change_in_the_same_transaction_is_not_missed(
    stored: Stored, draft: Article, editor: Any
) -> None:
    with transaction.atomic():
        publishing.publish(draft, by=editor)
        draft.headline = "Tít đã sửa"
        draft.save()
    for path in ("/", draft.category.get_absolute_url(), draft.get_absolute_url()):
        assert HEADLINE not in (stored.text(path) or "")
    stored.put("/")
    with transaction.atomic():
        draft.headline = HEADLINE
        draft.save()
        changes.make_ahead(draft.get_absolute_url())
    assert HEADLINE in (stored.text(draft.get_absolute_url()) or "")


def test_a_page_that_fails_in_the_database_touches_nothing_of_the_editors(
    stored: Stored, draft: Article, editor: Any, settings: Any
) -> None:
    settings.ROOT_URLCONF = "tests.pagestore.failing_urls"
    with transaction.atomic():
        publishing.publish(draft, by=editor)
        draft.standfirst = "Viết sau khi trang chủ hỏng"
        draft.save(update_fields=["standfirst"])
        changes.make_ahead()
    kept = Article.objects.published().get(pk=draft.pk)
    assert (kept.headline, kept.standfirst) == (HEADLINE, "Viết sau khi trang chủ hỏng")
    assert stored.text("/") is None
    assert HEADLINE in (stored.text(draft.category.get_absolute_url()) or "")


def test_where_nothing_is_served_nothing_is_made(
    stored: Stored, folder: Path, draft: Article, editor: Any
) -> None:
    (folder / "keeper.lock").unlink()
    publishing.publish(draft, by=editor)
    assert stored.text("/") is None
    assert stored.text(draft.get_absolute_url()) is None


def test_a_transaction_drops_once_and_an_import_too(stored: Stored, draft: Article) -> None:
    before = stored.drops()
    with transaction.atomic():
        for number in range(5):
            page_tags.drop(f"article:{number}")
    assert stored.drops() == before + 1
    with changes.one_drop():
        for number in range(5):
            with transaction.atomic():
                page_tags.drop(f"article:{number}", "front")
            assert stored.drops() == before + 1
    assert stored.drops() == before + 2
    assert stored.text("/") is None


def test_a_savepoint_that_is_undone_takes_no_other_drop_with_it(stored: Stored) -> None:
    with transaction.atomic():
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            page_tags.drop("article:1")
            raise ZeroDivisionError
        page_tags.drop("front")
    assert stored.text("/") is None


def test_only_what_nobody_holds_is_overdue(tmp_path: Path) -> None:
    due = Due(tmp_path)
    due.add({"front", "article:1"})
    assert list(overdue(tmp_path)) == []
    settled = Due(tmp_path)
    settled.add({"menus"})
    settled.settle()
    del due
    assert list(overdue(tmp_path)) == [frozenset({"front", "article:1"})]
    assert list(overdue(tmp_path)) == []


KILLED = """
import os, pathlib, signal, sys
import django
django.setup()
from django.db import transaction
from django.utils import timezone
from core import page_tags
with transaction.atomic():
    transaction.on_commit(lambda: os.kill(os.getpid(), signal.SIGKILL))
    pathlib.Path(sys.argv[1]).write_text("Hai")
    page_tags.drop("page")
"""


def test_a_process_killed_between_its_commit_and_its_drop_leaves_no_old_page(
    paper: Paper, port: int
) -> None:
    assert "Một" in paper.ask("/a.html", port=port).text
    environ = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "DATA_DIR": str(paper.folder / "data"),
    }
    command = [sys.executable, "-c", KILLED, str(paper.folder / "text")]
    killed = subprocess.run(command, cwd=PROJECT_DIR, env=environ, check=False)
    assert killed.returncode == -signal.SIGKILL
    until = time.monotonic() + 10
    while "Hai" not in paper.ask("/a.html", port=port).text:
        assert time.monotonic() < until


def _files_with(folder: Path, text: str) -> list[Path]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if text.encode() in path.read_bytes()]
