"""Readers find what stands in the entries of a live coverage, as long as it stands there."""

import threading
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from articles import publishing
from articles.models import Article
from live import reporting
from live.models import LiveEntry, LiveEvent
from live.reporting import Words
from search.query import Query
from search.results import find
from tests.factories import make_article, make_draft, make_live_entry, make_live_event, make_user

pytestmark = pytest.mark.django_db
WORDS = "Đê Vân Tiên tràn"


@pytest.fixture
def editor() -> User:
    return make_user("editor")


@pytest.fixture
def event() -> LiveEvent:
    make_article(headline="Chuyện khác hẳn")
    return make_live_event(make_article(headline="Bão số 9", body="<p>Gió mạnh dần.</p>"))


def post(event: LiveEvent, by: User, text: str = WORDS) -> LiveEntry:
    return reporting.post(event, Words(body=f"<p>{text}</p>"), by=by, token=uuid4())


def found(text: str) -> list[tuple[str, LiveEntry | None]]:
    """The headlines with the entry that has the words."""
    return [(one.article.headline, one.entry) for one in find(Query(text), 0, 20).results]


@pytest.mark.parametrize("query", ["vân tiên tràn", "van tien tran", "de van tien trà"])
def test_words_of_an_entry_lead_to_the_newest_that_has_them(
    client: Client, event: LiveEvent, editor: User, query: str
) -> None:
    post(event, editor)
    entry = post(event, editor)
    post(event, editor, "Đê Vân Tiên đã yên")
    assert found(query) == [("Bão số 9", entry)]
    html = client.get(reverse("search:results"), {"q": query}).content.decode()
    address = f"{entry.get_absolute_url()}#{entry.anchor}"
    assert f'<a href="{address}">Tường thuật trực tiếp, ' in html
    assert "<mark>Vân</mark>" in html
    assert f'id="{entry.anchor}"' in client.get(entry.get_absolute_url()).content.decode()


def test_the_headline_of_an_entry_does_not_run_into_its_text(
    event: LiveEvent, editor: User
) -> None:
    words = Words(headline="Phà ngừng chạy", body="<p>Bến đò vắng khách.</p>")
    reporting.post(event, words, by=editor, token=uuid4())
    excerpt = find(Query("bến đò"), 0, 20).results[0].excerpt
    assert excerpt.startswith("Phà ngừng chạy — ")


def test_words_of_the_article_lead_to_the_article(event: LiveEvent, editor: User) -> None:
    post(event, editor)
    assert found("gió mạnh") == [("Bão số 9", None)]
    # Of an entry and the article together.
    assert found("gió vân tiên") == [("Bão số 9", None)]


def test_what_waits_or_was_withdrawn_is_not_found(
    client: Client, event: LiveEvent, editor: User
) -> None:
    entry = post(event, make_user("reporter"))
    assert found("vân tiên") == []
    event.article.save()  # whatever makes the index anew
    call_command("rebuild_search", verbosity=0)
    assert found("vân tiên") == []
    reporting.approve(entry, by=editor)
    assert found("vân tiên") == [("Bão số 9", entry)]
    reporting.withdraw(entry, by=editor)
    assert found("vân tiên") == []
    html = client.get(reverse("search:results"), {"q": "vân tiên"}).content.decode()
    assert entry.get_absolute_url() not in html
    reporting.approve(entry, by=editor)
    reporting.revise(entry, Words(body="<p>Đã yên.</p>"), by=editor, version=entry.version)
    assert found("vân tiên") == []
    assert found("đã yên") == [("Bão số 9", entry)]
    entry.delete()
    assert found("đã yên") == []


def test_entries_of_an_article_that_readers_may_not_see_are_not_found(editor: User) -> None:
    event = make_live_event(make_draft(headline="Bão số 9"))
    entry = post(event, editor)
    assert found("vân tiên") == []
    publishing.publish(event.article, by=editor)
    assert found("vân tiên") == [("Bão số 9", entry)]
    publishing.withdraw(event.article, by=editor)
    assert found("vân tiên") == []


def test_a_saved_article_and_a_rebuilt_index_keep_the_entries(
    event: LiveEvent, editor: User
) -> None:
    entry = post(event, editor)
    article = Article.objects.get(pk=event.article_id)
    article.body = "<p>Gió giật.</p>"
    article.save()
    assert found("vân tiên") == [("Bão số 9", entry)]
    assert found("giật") == [("Bão số 9", None)]
    Article.objects.update(search_headline="", search_body="", search_keys="")
    call_command("rebuild_search", verbosity=0)
    assert found("vân tiên") == [("Bão số 9", entry)]


def test_the_number_of_queries_does_not_grow_with_the_coverages(
    client: Client, event: LiveEvent
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("search:results"), {"q": "vân tiên"})
        return len(captured)

    make_live_entry(event, body=f"<p>{WORDS}</p>")
    few = queries()
    for _ in range(5):
        make_live_entry(make_live_event(make_article()), body=f"<p>{WORDS}</p>")
    assert queries() == few <= 15


@pytest.mark.django_db(transaction=True)
def test_of_entries_that_come_at_once_none_is_forgotten() -> None:
    event, editor = make_live_event(make_article()), make_user("editor")
    words = ["một", "hai", "ba", "bốn", "năm"]
    together = threading.Barrier(len(words))

    def send(word: str) -> None:
        together.wait(20)
        try:
            post(event, editor, f"Điểm {word}xyz")
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(word,)) for word in words]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    for word in words:
        assert len(found(f"{word}xyz")) == 1, word


def test_code_that_knows_no_search_columns_can_write_entries(
    event: LiveEvent, editor: User
) -> None:
    """It serves while migrations run, until the server is reloaded."""
    entry = post(event, editor)
    columns = [field.column for field in LiveEntry._meta.concrete_fields]
    known = ", ".join(name for name in columns if not name.startswith("search_"))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {known} FROM live_liveentry")
        values = cursor.fetchone()
        LiveEntry.objects.all().delete()
        places = ", ".join(["%s"] * len(values))
        cursor.execute(f"INSERT INTO live_liveentry ({known}) VALUES ({places})", values)
    assert LiveEntry.objects.get().body == entry.body
