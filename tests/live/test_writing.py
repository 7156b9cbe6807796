"""Writing entries in the newsroom: who may, what happens to what is sent twice or too late."""

import threading
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from articles.models import Article
from categories.models import Category
from live import reporting
from live.models import LiveEntry, LiveEvent
from live.plain import to_html, to_text
from tests.factories import (
    image_bytes,
    make_article,
    make_category,
    make_draft,
    make_live_entry,
    make_live_event,
    make_user,
)

Status = LiveEntry.Status
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def reporter(db: None) -> User:
    return make_user("reporter", name="Bùi Khánh Linh")


@pytest.fixture
def editor(db: None) -> User:
    return make_user("editor")


@pytest.fixture
def event(paper: Category, reporter: User) -> LiveEvent:
    return make_live_event(make_article(category=paper), reporters=[reporter])


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(event: LiveEvent) -> str:
    return reverse("admin:live_write", args=[event.pk])


def change_page(entry: LiveEntry) -> str:
    return reverse("admin:live_change", args=[entry.event_id, entry.pk])


def decision(entry: LiveEntry, verb: str) -> str:
    return reverse("admin:live_decide", args=[entry.event_id, entry.pk, verb])


def form(text: str = "Nước lên nhanh.", **values: Any) -> dict[str, Any]:
    return {"token": str(uuid4()), "text": text, **values}


def send(user: User, event: LiveEvent, **values: Any) -> Any:
    return signed_in(user).post(page(event), form(**values), **JSON)


# --- who may ----------------------------------------------------------------------------------


def test_a_named_reporter_publishes_at_once_and_others_wait_for_the_desk(
    client: Client, event: LiveEvent, reporter: User, editor: User
) -> None:
    other = make_user("reporter")
    for user, status in (
        (reporter, Status.PUBLISHED),
        (editor, Status.PUBLISHED),
        (other, Status.DRAFT),
    ):
        words = f"Tin của {user.username}"
        assert send(user, event, text=words).status_code == 201
        entry = event.entries.get(created_by=user)
        assert entry.status == status, user
        assert entry.byline == user.name
        seen = words in client.get(event.article.get_absolute_url()).content.decode()
        assert seen == (status == Status.PUBLISHED)


def test_an_editor_of_another_section_is_a_contributor_here(event: LiveEvent) -> None:
    stranger = make_user("editor")
    make_category().editors.add(stranger)
    assert send(stranger, event).status_code == 201
    assert event.entries.get().status == Status.DRAFT
    assert signed_in(stranger).post(decision(event.entries.get(), "duyet")).status_code == 403
    own = make_user("editor")
    event.article.category.editors.add(own)
    assert signed_in(own).post(decision(event.entries.get(), "duyet")).status_code == 303
    assert event.entries.get().status == Status.PUBLISHED


def test_a_moderator_and_a_stranger_get_nothing(client: Client, event: LiveEvent) -> None:
    assert signed_in(make_user("moderator")).get(page(event)).status_code == 403
    assert send(make_user("moderator"), event).status_code == 403
    for response in (client.get(page(event)), client.post(page(event), form())):
        assert response.status_code == 302
        assert "/login/" in response["Location"]
    assert not event.entries.exists()


def test_before_publication_only_its_own_people_open_the_coverage(
    paper: Category, reporter: User, editor: User
) -> None:
    event = make_live_event(make_draft(category=paper), reporters=[reporter])
    for user, status in ((reporter, 200), (editor, 200), (make_user("reporter"), 403)):
        assert signed_in(user).get(page(event)).status_code == status
    assert send(reporter, event).status_code == 201
    event.article.refresh_from_db()
    assert event.article.revised_at is None


def test_who_may_change_or_withdraw_an_entry(
    event: LiveEvent, reporter: User, editor: User
) -> None:
    other = make_user("reporter")
    published = make_live_entry(event, created_by=reporter)
    draft = make_live_entry(event, created_by=other, status=Status.DRAFT)
    approved = make_live_entry(event, created_by=other)
    may = {
        (reporter, published): True,
        (reporter, draft): False,
        (other, draft): True,
        (other, approved): False,
        (other, published): False,
        (editor, published): True,
        (editor, approved): True,
        (editor, draft): True,
    }
    for (user, entry), allowed in may.items():
        response = signed_in(user).get(change_page(entry))
        assert response.status_code == (200 if allowed else 403), (user.username, entry.pk)
        values = form("Sửa lại", version=LiveEntry.objects.get(pk=entry.pk).version)
        response = signed_in(user).post(change_page(entry), values, **JSON)
        assert response.status_code == (201 if allowed else 403)
    for (user, entry), allowed in may.items():
        status = signed_in(user).post(decision(entry, "rut")).status_code
        assert status == (303 if allowed else 403)
    assert signed_in(reporter).post(decision(published, "duyet")).status_code == 403
    assert signed_in(editor).post(decision(published, "duyet")).status_code == 303
    published.refresh_from_db()
    assert published.status == Status.PUBLISHED


def test_only_the_desk_ends_a_coverage_and_nobody_writes_after(
    event: LiveEvent, reporter: User, editor: User
) -> None:
    own = make_live_entry(event, created_by=reporter)
    end = reverse("admin:live_steer", args=[event.pk, "ket-thuc"])
    assert signed_in(reporter).post(end).status_code == 403
    assert signed_in(editor).post(end).status_code == 303
    assert signed_in(editor).post(end).status_code == 303  # a second press does nothing
    for user in (reporter, editor):
        assert send(user, event).status_code == 403
    assert signed_in(reporter).get(change_page(own)).status_code == 403
    assert signed_in(editor).get(change_page(own)).status_code == 200
    go_on = reverse("admin:live_steer", args=[event.pk, "tiep-tuc"])
    assert signed_in(reporter).post(go_on).status_code == 403
    assert signed_in(editor).post(go_on).status_code == 303
    assert send(reporter, event).status_code == 201


def test_nobody_writes_under_a_withdrawn_article(event: LiveEvent, editor: User) -> None:
    Article.objects.filter(pk=event.article_id).update(status=Article.Status.WITHDRAWN)
    assert send(editor, event).status_code == 403


def test_the_summary_is_the_desks(event: LiveEvent, reporter: User, editor: User) -> None:
    address = reverse("admin:live_steer", args=[event.pk, "tom-tat"])
    assert signed_in(reporter).post(address, {"summary": "Một\nHai"}).status_code == 403
    assert signed_in(editor).post(address, {"summary": "Một\nHai"}).status_code == 303
    event.refresh_from_db()
    assert event.points == ["Một", "Hai"]


def test_the_desk_makes_an_article_live_in_its_own_sections_only(paper: Category) -> None:
    editor = make_user("editor")
    paper.editors.add(editor)
    mine, other = make_article(category=paper), make_article(category=make_category())
    add = reverse("admin:live_liveevent_add")
    values = {"started_at_0": "24/11/2026", "started_at_1": "08:00", "summary": "", "reporters": []}
    client = signed_in(editor)
    assert client.get(f"{add}?article={mine.pk}").status_code == 200
    assert client.post(add, {**values, "article": other.pk}).status_code == 200
    assert not LiveEvent.objects.exists()
    response = client.post(add, {**values, "article": mine.pk})
    assert response.status_code == 302
    assert response["Location"] == page(LiveEvent.objects.get(article=mine))
    assert signed_in(make_user("reporter")).get(add).status_code == 403


# --- sending ----------------------------------------------------------------------------------


def test_the_same_form_sent_twice_is_one_entry(event: LiveEvent, reporter: User) -> None:
    values = form("Một lần thôi")
    client = signed_in(reporter)
    for _ in range(3):
        assert client.post(page(event), values, **JSON).status_code == 201
        assert client.post(page(event), values).status_code == 303
    assert event.entries.count() == 1


def test_what_was_typed_on_before_the_second_try_is_not_lost(
    event: LiveEvent, reporter: User, editor: User
) -> None:
    values = form("Bản đầu")
    client = signed_in(reporter)
    client.post(page(event), values, **JSON)
    assert client.post(page(event), {**values, "text": "Bản sau"}, **JSON).status_code == 201
    entry = event.entries.get()
    assert entry.body == "<p>Bản sau</p>"
    # The desk's change stays, and the reporter's late text can go as an entry of its own.
    words = reporting.Words(body="<p>Bản của biên tập</p>")
    reporting.revise(entry, words, by=editor, version=entry.version)
    response = client.post(page(event), {**values, "text": "Bản muộn"}, **JSON)
    assert response.status_code == 409
    answer = response.json()
    assert event.entries.get().body == "<p>Bản của biên tập</p>"
    again = {"token": answer["token"], "text": "Bản muộn"}
    assert client.post(page(event), again, **JSON).status_code == 201
    assert event.entries.count() == 2


def test_another_persons_token_gives_nothing_away(event: LiveEvent, reporter: User) -> None:
    values = form("Của Linh")
    signed_in(reporter).post(page(event), values, **JSON)
    other = make_user("reporter")
    signed_in(other).post(page(event), {**values, "text": "Của người khác"}, **JSON)
    assert event.entries.get(created_by=reporter).body == "<p>Của Linh</p>"
    assert event.entries.get(created_by=other).status == Status.DRAFT


@pytest.mark.django_db(transaction=True)
def test_two_reporters_and_a_double_tap_at_one_moment(paper: Category) -> None:
    users = [make_user("reporter"), make_user("reporter")]
    event = make_live_event(make_article(category=paper), reporters=users)
    tokens = {user.pk: uuid4() for user in users}
    failures: list[BaseException] = []
    together = threading.Barrier(6)

    def write(user: User) -> None:
        try:
            together.wait(10)
            words = reporting.Words(body=f"<p>{user.username}</p>")
            mine = LiveEvent.objects.get(pk=event.pk)
            reporting.post(mine, words, by=user, token=tokens[user.pk])
        except BaseException as error:  # noqa: BLE001 - told below
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(user,)) for user in users for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    written = event.entries.order_by("created_by").values_list("created_by", flat=True)
    assert list(written) == [user.pk for user in users]


def test_an_entry_may_be_photos_alone_and_a_photo_sent_twice_is_there_once(
    event: LiveEvent, reporter: User
) -> None:
    data = image_bytes(900, 600)

    def values() -> dict[str, Any]:
        file = SimpleUploadedFile("anh.jpg", data, "image/jpeg")
        return {"token": token, "text": "", "photos": file, "caption": "Đê Bến Lau"}

    token = str(uuid4())
    client = signed_in(reporter)
    for _ in range(2):
        assert client.post(page(event), values(), **JSON).status_code == 201
    [use] = event.entries.get().uses.all()
    assert use.photo.caption == "Đê Bến Lau"
    assert use.photo.uploaded_by == reporter


def test_wrong_files_and_empty_forms_are_refused_with_the_text_kept(
    event: LiveEvent, reporter: User
) -> None:
    client = signed_in(reporter)
    broken = SimpleUploadedFile("anh.jpg", b"not a picture", "image/jpeg")
    values = form("Chữ phải còn", photos=broken)
    response = client.post(page(event), values)
    assert response.status_code == 422
    html = response.content.decode()
    assert "Chữ phải còn" in html
    assert values["token"] in html
    answer = client.post(page(event), form(""), **JSON)
    assert answer.status_code == 422
    assert answer.json()["errors"]["text"] == ["Hãy viết vài chữ hoặc thêm ảnh."]
    assert client.post(page(event), form("x" * 5001), **JSON).status_code == 422
    assert not event.entries.exists()


def test_a_change_that_meets_another_is_told_and_can_be_sent_again(
    event: LiveEvent, reporter: User, editor: User
) -> None:
    entry = make_live_entry(event, created_by=reporter)
    desk, own = signed_in(editor), signed_in(reporter)
    values = form("Bản của biên tập", version=1)
    assert desk.post(change_page(entry), values, **JSON).status_code == 201
    response = own.post(change_page(entry), form("Bản của tôi", version=1), **JSON)
    assert response.status_code == 409
    entry.refresh_from_db()
    assert entry.body == "<p>Bản của biên tập</p>"
    version = response.json()["version"]
    again = form("Bản của tôi", version=version)
    assert own.post(change_page(entry), again, **JSON).status_code == 201


def test_readers_are_told_of_an_update_or_not_as_the_writer_wants(
    event: LiveEvent, reporter: User
) -> None:
    entry = make_live_entry(event, created_by=reporter)
    client = signed_in(reporter)
    client.post(change_page(entry), form("Sửa dấu phẩy", version=1))
    entry.refresh_from_db()
    assert entry.revised_at is None
    client.post(change_page(entry), form("Thêm số liệu", version=2, is_update="on"))
    entry.refresh_from_db()
    assert entry.revised_at is not None


def test_each_act_is_recorded_and_gives_the_article_its_new_time(
    event: LiveEvent, reporter: User
) -> None:
    send(reporter, event)
    event.article.refresh_from_db()
    entry = event.entries.get()
    assert event.article.revised_at is not None
    assert event.article.revised_at >= entry.published_at
    history = signed_in(make_user("chief")).get(
        f"/admin/articles/article/{event.article_id}/history/"
    )
    assert "Đăng diễn biến" in history.content.decode()


def test_the_verbs_check_for_themselves(event: LiveEvent) -> None:
    other = make_user("reporter")
    entry = make_live_entry(event)
    for act in (reporting.approve, reporting.withdraw):
        with pytest.raises(PermissionDenied):
            act(entry, by=other)
    for steer in (reporting.end, reporting.reopen):
        with pytest.raises(PermissionDenied):
            steer(event, by=other)


# --- the rest of the admin --------------------------------------------------------------------


def test_an_entry_with_more_than_plain_text_is_changed_in_the_full_form(
    event: LiveEvent, reporter: User
) -> None:
    entry = make_live_entry(event, created_by=reporter, body="<p>Có <strong>đậm</strong></p>")
    client = signed_in(reporter)
    response = client.get(change_page(entry))
    full = reverse("admin:live_liveentry_change", args=[entry.pk])
    assert response["Location"] == full
    assert client.get(full).status_code == 200
    values = {
        **{"headline": "Tít", "body": "<p>Có <em>nghiêng</em></p>", "byline": "Linh"},
        **{
            "opened_version": 1,
            "correction": "",
            "uses-TOTAL_FORMS": "0",
            "uses-INITIAL_FORMS": "0",
        },
    }
    assert client.post(full, values).status_code == 302
    entry.refresh_from_db()
    assert (entry.headline, entry.byline, entry.version) == ("Tít", "Linh", 2)
    assert entry.body == "<p>Có <em>nghiêng</em></p>"
    stale = client.post(full, values)  # opened before that change
    assert stale.status_code == 200
    assert "Người khác vừa sửa" in stale.content.decode()
    assert 'name="opened_version" value="2"' in stale.content.decode()
    other = signed_in(make_user("reporter"))
    assert other.get(full).status_code in (302, 403, 404)
    assert other.post(full, values).status_code in (302, 403, 404)
    entry.refresh_from_db()
    assert entry.version == 2


def test_the_desk_publishes_several_waiting_entries_at_once(event: LiveEvent, editor: User) -> None:
    drafts = [make_live_entry(event, status=Status.DRAFT) for _ in range(2)]
    address = reverse("admin:live_liveentry_changelist")
    action = {"action": "approve_selected", "_selected_action": [entry.pk for entry in drafts]}
    assert signed_in(editor).post(address, action).status_code == 302
    assert event.entries.published().count() == 2


def test_the_newsrooms_first_page_leads_to_running_coverages(
    event: LiveEvent, reporter: User, editor: User
) -> None:
    for user, there in ((reporter, True), (editor, True), (make_user("moderator"), False)):
        html = signed_in(user).get("/admin/").content.decode()
        assert (page(event) in html) == there
    change = reverse("admin:articles_article_change", args=[event.article_id])
    assert page(event) in signed_in(editor).get(change).content.decode()


@pytest.mark.parametrize(
    "text",
    [
        "Một dòng.",
        "Một\nhai\n\nba <b>&amp; “bốn”",
        "Xem https://songque.example/a?b=1&c=2, rồi (https://songque.example/d).",
    ],
)
def test_plain_text_comes_back_as_it_was_typed(text: str) -> None:
    assert to_text(to_html(text)) == text


def test_addresses_become_links_and_nothing_else_does() -> None:
    html = to_html("Xem https://songque.example/a. <script>x</script> javascript:x")
    assert html == (
        '<p>Xem <a href="https://songque.example/a">https://songque.example/a</a>.'
        " &lt;script&gt;x&lt;/script&gt; javascript:x</p>"
    )
    assert to_text("<p>Có <strong>đậm</strong></p>") is None
    assert to_text("<ul>\n<li>Một</li>\n</ul>\n") is None
