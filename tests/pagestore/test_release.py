"""An upgrade shows on every page, not only on those that change after it."""

from pathlib import Path
from typing import Any

import pytest

from newsroom.release import drop_pages_of_another_release, fingerprint
from tests.factories import make_article, make_masthead
from tests.pagestore.test_ahead import Stored

pytestmark = pytest.mark.django_db


def test_another_version_of_the_program_starts_without_the_pages_of_this_one(
    tmp_path: Path, settings: Any
) -> None:
    make_masthead()
    make_article()
    stored = Stored(tmp_path / "pages")
    assert drop_pages_of_another_release(stored.store), "nobody knows who made what was there"
    stored.put("/")
    assert not drop_pages_of_another_release(stored.store)
    assert stored.text("/") is not None

    (tmp_path / "staticfiles.json").write_text('{"paths": {"css/paper.css": "css/paper.new.css"}}')
    settings.STATIC_ROOT = tmp_path
    assert drop_pages_of_another_release(stored.store)
    assert stored.text("/") is None
    stored.put("/")
    settings.FEED_FULL_TEXT = not settings.FEED_FULL_TEXT
    assert drop_pages_of_another_release(stored.store)
    assert stored.text("/") is None


def test_a_changed_template_is_another_version(tmp_path: Path, settings: Any) -> None:
    settings.BASE_DIR = tmp_path
    page = tmp_path / "templates" / "base.html"
    page.parent.mkdir()
    page.write_text("one")
    before = fingerprint()
    page.write_text("one")
    assert fingerprint() == before
    page.write_text("two")
    assert fingerprint() != before
