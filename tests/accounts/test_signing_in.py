"""Too many wrong passwords."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format

from accounts.models import FailedSignIn, User
from accounts.signing_in import TRIES, WITHIN
from tests.factories import make_user

pytestmark = pytest.mark.django_db

LOGIN = reverse("admin:login")
PASSWORD = "mot-mat-khau-dai"
TOO_MANY = "Sai mật khẩu quá nhiều lần"
HOME, CAFE = "203.0.113.7", "198.51.100.9"


@pytest.fixture
def reporter() -> User:
    user = make_user("reporter", username="hoai.anh")
    user.set_password(PASSWORD)
    user.save()
    return user


def send(username: str, password: str, address: str = HOME) -> Any:
    words = {"username": username, "password": password}
    return Client(REMOTE_ADDR=address).post(LOGIN, words)


def fail(username: str, times: int = TRIES) -> str:
    pages = [send(username, "sai").content.decode() for _ in range(times)]
    assert all(TOO_MANY not in page for page in pages)
    return pages[-1]


def test_after_many_wrong_passwords_the_right_one_waits_too(reporter: User) -> None:
    fail("hoai.anh")
    refused = send("hoai.anh", PASSWORD)
    assert refused.status_code == 200
    assert TOO_MANY in refused.content.decode()
    again = timezone.localtime(FailedSignIn.objects.earliest("at").at + WITHIN)
    assert time_format(again + timedelta(minutes=1)) in refused.content.decode()


def test_one_wrong_password_less_and_the_right_one_is_let_in_and_starts_anew(
    reporter: User,
) -> None:
    fail("hoai.anh", TRIES - 1)
    assert send("hoai.anh", PASSWORD).status_code == 302
    assert not FailedSignIn.objects.exists()
    fail("hoai.anh")


def test_the_right_password_from_elsewhere_and_other_names_are_let_in(reporter: User) -> None:
    fail("hoai.anh")
    assert send("hoai.anh", PASSWORD, CAFE).status_code == 302
    assert TOO_MANY in send("hoai.anh", PASSWORD).content.decode()
    other = make_user("editor", username="thanh")
    other.set_password(PASSWORD)
    other.save()
    assert send("thanh", PASSWORD).status_code == 302


def test_the_case_of_the_name_is_no_way_around(reporter: User) -> None:
    fail("hoai.anh", TRIES - 1)
    fail("HOAI.ANH", 1)
    assert TOO_MANY in send("hoai.anh", PASSWORD).content.decode()


def test_refused_tries_do_not_make_the_wait_longer(reporter: User) -> None:
    fail("hoai.anh")
    before = FailedSignIn.objects.count()
    send("hoai.anh", "sai")
    assert FailedSignIn.objects.count() == before
    FailedSignIn.objects.update(at=timezone.now() - WITHIN)
    assert send("hoai.anh", PASSWORD).status_code == 302


def test_nobody_learns_which_names_exist(reporter: User) -> None:
    def shown(name: str, password: str) -> str:
        page = send(name, password).content.decode()
        page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)
        return re.sub(r"\d?\d:\d\d", "", page).replace(name, "")

    assert shown("hoai.anh", "sai") == shown("ai.do", "sai")
    fail("hoai.anh", TRIES - 1)
    fail("ai.do", TRIES - 1)
    assert TOO_MANY in shown("hoai.anh", "sai")
    assert shown("hoai.anh", "sai") == shown("ai.do", "sai")


def test_the_chief_lifts_it_and_a_reporter_cannot(reporter: User) -> None:
    fail("hoai.anh")
    address = reverse("admin:accounts_failedsignin_changelist")
    chosen = list(FailedSignIn.objects.values_list("pk", flat=True))
    words = {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}
    client = Client()
    client.force_login(reporter)
    assert client.post(address, words).status_code == 403
    assert TOO_MANY in send("hoai.anh", PASSWORD).content.decode()
    client.force_login(make_user("chief"))
    assert "hoai.anh" in client.get(address).content.decode()
    assert client.post(address, words).status_code == 302
    assert send("hoai.anh", PASSWORD).status_code == 302
