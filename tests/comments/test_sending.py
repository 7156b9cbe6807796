"""A reader sends a comment: what is stored, what is refused, and what comes back."""

import threading
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from articles.models import Article
from comments.models import Comment
from tests.factories import make_article, make_comment, make_draft

pytestmark = pytest.mark.django_db

Send = Callable[..., Any]


@pytest.fixture
def article() -> Article:
    return make_article()


@pytest.fixture
def send(client: Client, article: Article) -> Send:
    """Sends the form as a browser on the article's page would."""

    def post(
        headers: dict[str, str] | None = None, to: Article | None = None, **fields: str
    ) -> Any:
        data = {"name": "Lan", "text": "Bài viết rất hay."} | fields
        address = reverse("comments:send", args=[(to or article).pk])
        sent_headers = {"Origin": "http://testserver"} if headers is None else headers
        return client.post(address, data, headers=sent_headers)

    return post


def test_it_stores_a_pending_comment_and_tells_the_reader_what_comes_next(
    send: Send, client: Client, article: Article
) -> None:
    response = send(email="lan@example.com")

    assert response.status_code == 303
    comment = Comment.objects.get()
    assert (comment.article, comment.name, comment.email) == (article, "Lan", "lan@example.com")
    assert comment.status == Comment.Status.PENDING
    page = client.get(response.headers["Location"])
    assert "kiểm duyệt viên" in page.content.decode() or "duyệt" in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]


def test_a_pending_comment_is_nowhere_public(send: Send, client: Client, article: Article) -> None:
    send(text="Chưa ai duyệt câu này")
    for address in (article.get_absolute_url(), reverse("comments:all", args=[article.pk])):
        assert "Chưa ai duyệt câu này" not in client.get(address).content.decode()


@pytest.mark.parametrize(
    ("headers", "accepted"),
    [
        ({"Origin": "http://testserver"}, True),
        ({"Origin": "http://evil.example"}, False),
        ({"Origin": "null"}, False),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Referer": "http://testserver/tin-1.html"}, True),
        ({"Referer": "http://evil.example/testserver"}, False),
        ({}, False),
    ],
)
def test_only_our_own_pages_may_send_it(
    send: Send, headers: dict[str, str], accepted: bool
) -> None:
    response = send(headers=headers)
    assert Comment.objects.exists() is accepted
    if not accepted:
        assert response.status_code == 403
        assert "Bài viết rất hay." in response.content.decode(), "what was typed comes back"


def test_an_answer_to_no_comment_is_no_answer(send: Send, client: Client, article: Article) -> None:
    for parent in ("0", "9" * 30, "9" * 4400, "²", "x"):
        assert send(parent=parent).status_code == 422
        form = client.get(reverse("comments:send", args=[article.pk]), {"tra-loi": parent})
        assert form.status_code == 200


def test_a_nul_byte_is_left_out_or_explained(send: Send) -> None:
    refused = send(email="lan\0@example.com", parent="\0", text="Giữ\0 lại câu này")
    assert refused.status_code == 422
    html = refused.content.decode()
    assert "Giữ lại câu này" in html.replace("\0", "")
    assert html.count("Không dùng ký tự rỗng.") >= 2, "of the address and the answered comment"
    assert send(name="L\0an", text="Một\0 câu").status_code == 303
    assert Comment.objects.values_list("name", "text").get() == ("Lan", "Một câu")


@pytest.mark.parametrize(("edition", "words"), [("", "rút ngắn"), ("/en", "Shorten it")])
def test_far_too_much_text_is_refused_in_words(client: Client, edition: str, words: str) -> None:
    article = make_article(language=edition[1:] or "vi")
    address = f"{edition}/binh-luan/{article.pk}/gui/"
    data = {"name": "Lan", "text": "x" * (6 * 1024 * 1024)}
    origin = {"Origin": "http://testserver"}
    refused = client.post(address, data, headers=origin)
    assert refused.status_code == 413
    assert words in refused.content.decode()
    told = client.post(address, data, headers={**origin, "Accept": "application/json"})
    assert told.status_code == 413
    assert words.lower() in told.json()["errors"]["__all__"][0]


def test_the_first_page_of_all_comments_has_one_address(client: Client, article: Article) -> None:
    address = reverse("comments:all", args=[article.pk])
    first = client.get(address, {"trang": "1"})
    assert (first.status_code, first.headers["Location"]) == (301, address)
    assert client.get(address).status_code == 200


def test_the_limit_counts_composed_letters(send: Send, settings: Any) -> None:
    settings.COMMENT_MAX_LENGTH = 60
    fits = unicodedata.normalize("NFD", "ệ" * 60)

    assert send(text=fits).status_code == 303
    assert Comment.objects.get().text == "ệ" * 60

    too_long = send(text=fits + "ệ")
    assert too_long.status_code == 422
    assert Comment.objects.count() == 1
    assert "ệ" * 61 in unicodedata.normalize("NFC", too_long.content.decode())


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 81},
        {"text": "  \n "},
        {"text": "\u200b\u202e"},
        {"email": "not an address"},
        {"parent": "999999"},
        {"parent": "abc"},
    ],
)
def test_wrong_fields_are_refused_and_everything_typed_comes_back(
    send: Send, wrong: dict[str, str]
) -> None:
    typed = {"name": "Người gửi", "text": "Lời đã gõ", "email": "a@b.example"} | wrong
    response = send(**typed)
    assert response.status_code == 422
    assert not Comment.objects.exists()
    html = response.content.decode()
    assert 'role="alert"' in html
    for name in {"name", "text"} - set(wrong):
        assert typed[name] in html


def test_script_and_direction_marks_stay_plain_text(
    send: Send, client: Client, article: Article
) -> None:
    send(name="<b>Lan</b>", text="<script>alert(1)</script>\u202e đảo ngược\x00")
    comment = Comment.objects.get()
    assert "\u202e" not in comment.text and "\x00" not in comment.text
    Comment.objects.update(status=Comment.Status.APPROVED, decided_at=comment.created_at)

    html = client.get(reverse("comments:all", args=[article.pk])).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script>alert(1)" not in html
    assert "<b>Lan</b>" not in html


def test_the_same_words_are_stored_once_however_often_they_are_sent(send: Send) -> None:
    for text in ("Hay quá", "Hay quá", "  hay  quá "):
        assert send(text=text).status_code == 303
    assert Comment.objects.count() == 1
    send(text="Hay quá đi")
    assert Comment.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_words_sent_at_the_same_moment_are_stored_once() -> None:
    article = make_article()
    address = reverse("comments:send", args=[article.pk])
    start = threading.Barrier(4)
    statuses = []

    def press() -> None:
        start.wait()
        response = Client().post(
            address, {"name": "Lan", "text": "Hai lần"}, headers={"Origin": "http://testserver"}
        )
        statuses.append(response.status_code)
        connection.close()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [303] * 4
    assert Comment.objects.count() == 1


def test_one_sender_is_slowed_down_and_another_is_not(
    send: Send, client: Client, article: Article, settings: Any
) -> None:
    settings.COMMENT_RATE = 2
    assert [send(text=f"Câu {n}").status_code for n in range(3)] == [303, 303, 429]
    assert Comment.objects.count() == 2

    address = reverse("comments:send", args=[article.pk])
    data = {"name": "Minh", "text": "Câu của người khác"}
    headers = {"Origin": "http://testserver"}
    other = client.post(address, data, headers=headers, REMOTE_ADDR="192.0.2.7")
    assert other.status_code == 303


def test_behind_a_proxy_the_address_it_saw_counts_not_the_claimed_one(
    send: Send, settings: Any
) -> None:
    settings.BEHIND_PROXY = True
    settings.COMMENT_RATE = 1
    origin = {"Origin": "http://testserver"}
    forged = [{"X-Forwarded-For": f"{n}.1.1.1, 192.0.2.9"} | origin for n in range(2)]
    assert send(headers=forged[0], text="Một").status_code == 303
    assert send(headers=forged[1], text="Hai").status_code == 429


def test_one_home_is_one_sender_however_it_changes_its_address(
    send: Send, client: Client, article: Article, settings: Any
) -> None:
    settings.COMMENT_RATE = 1
    address = reverse("comments:send", args=[article.pk])
    headers = {"Origin": "http://testserver"}
    statuses = [
        client.post(
            address, {"name": "Lan", "text": f"Từ {home}"}, headers=headers, REMOTE_ADDR=home
        ).status_code
        for home in ("2001:db8:1:1::5", "2001:db8:1:1:aaaa::9", "2001:db8:1:2::5")
    ]
    assert statuses == [303, 429, 303]


def test_a_robot_that_fills_the_hidden_field_is_thanked_and_nothing_is_stored(send: Send) -> None:
    assert send(website="http://spam.example").status_code == 303
    assert not Comment.objects.exists()


def test_a_closed_article_takes_none_and_the_text_comes_back(send: Send) -> None:
    closed = make_article(comments_open=False)
    response = send(to=closed, text="Muộn mất rồi")
    assert response.status_code == 403
    assert "Muộn mất rồi" in response.content.decode()
    assert not Comment.objects.exists()


def test_what_is_not_published_takes_none(send: Send, client: Client) -> None:
    draft = make_draft()
    assert send(to=draft).status_code == 404
    assert client.get(reverse("comments:send", args=[draft.pk])).status_code == 404
    assert client.get(reverse("comments:all", args=[draft.pk])).status_code == 404
    assert client.get(reverse("comments:sent", args=[draft.pk])).status_code == 404


def test_a_reply_hangs_under_an_approved_comment_only(
    send: Send, client: Client, article: Article
) -> None:
    approved = make_comment(article, name="Chủ đề")
    pending = make_comment(article, status=Comment.Status.PENDING)
    elsewhere = make_comment(make_article())

    assert send(text="Trả lời", parent=str(approved.pk)).status_code == 303
    assert Comment.objects.get(text="Trả lời").parent == approved
    for parent in (pending, elsewhere, Comment.objects.get(text="Trả lời")):
        assert send(text=f"Thử {parent.pk}", parent=str(parent.pk)).status_code == 422

    form = client.get(
        reverse("comments:send", args=[article.pk]), {"tra-loi": str(approved.pk)}
    ).content.decode()
    assert "Chủ đề" in form
    assert f'value="{approved.pk}"' in form


@pytest.mark.parametrize(
    ("text", "flagged"),
    [
        ("Một câu bình thường, giá 5,5 tỷ đồng.", False),
        ("Xem https://spam.example ngay", True),
        ("vào nhacai88.com nhé", True),
        ("T\u033ch\u033củ\u033cy\u033c cược", True),
        ("гặp lại", True),
    ],
)
def test_what_a_moderator_should_look_at_twice_is_flagged(
    send: Send, text: str, flagged: bool
) -> None:
    send(text=text)
    assert bool(Comment.objects.get().flags) is flagged


def test_the_script_gets_its_answers_as_json(send: Send) -> None:
    headers = {"Origin": "http://testserver", "Accept": "application/json"}
    good = send(headers=headers)
    assert good.status_code == 201
    assert "message" in good.json()
    bad = send(headers=headers, text="")
    assert bad.status_code == 422
    assert "text" in bad.json()["errors"]


def test_what_is_wrong_is_told_in_the_order_of_the_form(send: Send) -> None:
    json = {"Origin": "http://testserver", "Accept": "application/json"}
    errors = send(headers=json, text="", name="", email="bạn đọc").json()["errors"]
    assert list(errors) == ["text", "name", "email"]
    assert "không phải địa chỉ e-mail" in errors["email"][0]
    page = send(text="", name="", email="bạn đọc").content.decode()
    assert errors["email"][0] in page
    assert Comment.objects.count() == 0
    assert send(headers=json, email="lan@example.com").status_code == 201
