"""What the desk does to a live coverage is on stored pages with its commit."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.models import User
from articles.models import Article
from live import reporting
from live.models import LiveEntry, LiveEvent
from live.reporting import Words
from newsroom.pagestore.store import Store
from tests.articles.test_refreshing import BASE, have_read, text_of
from tests.factories import make_article, make_draft, make_live_entry, make_live_event, make_user


@pytest.fixture
def editor(transactional_db: None) -> User:
    return make_user("editor")


@pytest.fixture
def event(store: Store) -> LiveEvent:
    """Readers have read the article and the front page, and their browsers look for entries."""
    event = make_live_event(make_article())
    make_live_entry(event, body="<p>Từ đầu.</p>")
    have_read(store, "/", event.article.get_absolute_url(), newest(event))
    return event


def newest(event: LiveEvent) -> str:
    return reverse("live:newest", args=[event.article_id])


def post(event: LiveEvent, text: str, by: User) -> LiveEntry:
    return reporting.post(event, Words(body=f"<p>{text}</p>"), by=by, token=uuid4())


def test_an_entry_is_there_for_its_first_reader(
    store: Store, event: LiveEvent, editor: User
) -> None:
    entry = post(event, "Nước lên nhanh", editor)
    for path in (event.article.get_absolute_url(), newest(event), entry.get_absolute_url()):
        assert "Nước lên nhanh" in text_of(store, path), path


def test_a_changed_entry_is_there_and_a_withdrawn_one_is_gone(
    store: Store, event: LiveEvent, editor: User
) -> None:
    entry = post(event, "Nước lên nhanh", editor)
    words = Words(body="<p>Nước rút dần</p>")
    reporting.revise(entry, words, by=editor, version=entry.version)
    pages = (event.article.get_absolute_url(), newest(event))
    for path in (*pages, entry.get_absolute_url()):
        assert "Nước rút dần" in text_of(store, path), path
    reporting.withdraw(entry, by=editor)
    for path in pages:
        assert "Từ đầu" in text_of(store, path)
        assert "Nước rút dần" not in text_of(store, path)
    gone = store.pages.get(f"{BASE}{entry.get_absolute_url()}", 0)
    assert gone is not None
    assert gone.status == 410
    reporting.approve(entry, by=editor)
    for path in (*pages, entry.get_absolute_url()):
        assert "Nước rút dần" in text_of(store, path), path


@pytest.mark.parametrize(
    ("steer", "seen"),
    [
        (lambda event, by: reporting.summarise(event, "Điểm chính mới", by=by), "Điểm chính mới"),
        (lambda event, by: reporting.end(event, by=by), "Đã kết thúc"),
    ],
    ids=["summary", "end"],
)
def test_what_the_desk_does_to_the_coverage_is_there(
    store: Store,
    event: LiveEvent,
    editor: User,
    steer: Callable[[LiveEvent, User], None],
    seen: str,
) -> None:
    path = event.article.get_absolute_url()
    assert seen.lower() not in text_of(store, path).lower()
    steer(event, editor)
    for page in (path, newest(event)):
        assert seen.lower() in text_of(store, page).lower(), page


def test_what_waits_for_the_desk_is_on_no_page(
    store: Store, event: LiveEvent, editor: User
) -> None:
    before = text_of(store, event.article.get_absolute_url())
    entry = post(event, "Chưa ai duyệt", make_user("reporter"))
    assert text_of(store, event.article.get_absolute_url()) == before
    assert text_of(store, entry.get_absolute_url()) == ""
    reporting.approve(entry, by=editor)
    assert "Chưa ai duyệt" in text_of(store, event.article.get_absolute_url())


def test_an_article_nobody_may_read_has_no_pages_made(store: Store, editor: User) -> None:
    have_read(store, "/")
    draft: Article = make_draft()
    event = make_live_event(draft)
    entry = post(event, "Chưa đăng", editor)
    for path in (draft.get_absolute_url(), newest(event), entry.get_absolute_url()):
        assert text_of(store, path) == "", path
