"""Roles and staff accounts."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import CHIEF, EDITOR, MODERATOR, PERMISSIONS, REPORTER, create_roles
from tests.factories import make_user as make_staff

pytestmark = pytest.mark.django_db
LIST = reverse("admin:accounts_user_changelist")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def names_of(role: str) -> set[str]:
    permissions = Group.objects.get(name=role).permissions.select_related("content_type")
    return {f"{one.content_type.app_label}.{one.codename}" for one in permissions}


@pytest.mark.parametrize("role", [REPORTER, EDITOR, CHIEF, MODERATOR])
def test_the_migration_gives_each_role_its_permissions(role: str) -> None:
    assert names_of(role) == PERMISSIONS[role]


def test_a_reporter_cannot_publish_and_a_moderator_touches_no_article() -> None:
    assert "articles.publish_article" not in names_of(REPORTER)
    assert "articles.publish_article" in names_of(EDITOR)
    assert not {name for name in names_of(MODERATOR) if not name.startswith("comments.")}


def test_what_the_paper_changed_in_a_role_stays() -> None:
    from django.apps import apps

    Group.objects.get(name=REPORTER).permissions.clear()
    create_roles(apps)
    assert not names_of(REPORTER)


@pytest.mark.django_db(transaction=True)
def test_an_emptied_database_has_the_roles_again() -> None:
    call_command("flush", interactive=False, verbosity=0)
    assert names_of(EDITOR) == PERMISSIONS[EDITOR]


@pytest.mark.parametrize("role", ["reporter", "editor", "moderator"])
def test_only_the_chief_sees_accounts(role: str) -> None:
    refused = signed_in(make_staff(role)).get(LIST)
    assert refused.status_code == 403
    assert "không thuộc vai trò của bạn" in refused.content.decode()
    assert signed_in(make_staff("chief")).get(LIST).status_code == 200


def test_a_refusal_is_in_the_language_of_the_user() -> None:
    refused = signed_in(make_staff("reporter", language="en")).get(LIST)
    assert "not part of your role" in refused.content.decode()


def new_account(**changes: Any) -> dict[str, Any]:
    return {
        "username": "moi",
        "name": "Người Mới",
        "language": "vi",
        "usable_password": "true",
        "password1": "mot-mat-khau-dai",
        "password2": "mot-mat-khau-dai",
        **changes,
    }


def test_a_chief_makes_an_account_that_can_sign_in() -> None:
    group = Group.objects.get(name=REPORTER)
    data = new_account(groups=[group.pk], is_superuser="on")
    response = signed_in(make_staff("chief")).post(reverse("admin:accounts_user_add"), data)
    assert response.status_code == 302
    user = User.objects.get(username="moi")
    assert user.is_staff
    assert not user.is_superuser
    assert list(user.groups.all()) == [group]
    assert Client().login(username="moi", password="mot-mat-khau-dai")


def test_a_chief_makes_nobody_a_superuser_and_changes_none() -> None:
    chief = make_staff("chief")
    boss = make_staff(is_superuser=True)
    client = signed_in(chief)
    own = reverse("admin:accounts_user_change", args=[chief.pk])
    data = new_account(username=chief.username, is_active="on", is_superuser="on", is_staff="on")
    data["groups"] = [Group.objects.get(name=CHIEF).pk]
    assert client.post(own, data).status_code == 302
    chief.refresh_from_db()
    assert not chief.is_superuser
    for name in ("change", "delete"):
        address = reverse(f"admin:accounts_user_{name}", args=[boss.pk])
        assert client.post(address, data | {"post": "yes"}).status_code == 403
    password = reverse("admin:auth_user_password_change", args=[boss.pk])
    assert client.post(password, data).status_code == 403
    boss.refresh_from_db()
    assert boss.is_superuser
    technician = signed_in(make_staff(is_superuser=True))
    own_page = reverse("admin:accounts_user_change", args=[boss.pk])
    assert technician.get(own_page).status_code == 200


def test_nobody_deletes_an_account_and_with_it_the_log() -> None:
    user = make_staff("reporter")
    address = reverse("admin:accounts_user_delete", args=[user.pk])
    assert signed_in(make_staff("chief")).post(address, {"post": "yes"}).status_code == 403


def test_accounts_are_found_without_marks_and_show_their_role() -> None:
    make_staff("reporter", name="Đặng Thị Hồng Yến")
    make_staff("reporter", name="Lê Văn Khác")
    page = signed_in(make_staff("chief")).get(LIST, {"q": "dang hong"}).content.decode()
    assert "Đặng Thị Hồng Yến" in page
    assert "Lê Văn Khác" not in page
    assert "Phóng viên" in page


def test_words_that_django_lacks_are_in_vietnamese_too() -> None:
    client = signed_in(make_staff("chief"))
    response = client.post(reverse("admin:accounts_user_add"), {"username": ""})
    page = response.content.decode()
    assert "Hãy sửa lỗi dưới đây" in page
    for english in ("Please correct", "Password-based", "After you", "Skip to main content"):
        assert english not in page
    for misleading in ("Thêm vào", "Thay đổi"):
        assert misleading not in page
    assert ">Thêm<" in page


def test_the_list_is_narrowed_by_role() -> None:
    make_staff("reporter", name="Người Viết")
    make_staff("moderator", name="Người Duyệt")
    page = signed_in(make_staff("chief")).get(LIST, {"role": "reporter"}).content.decode()
    assert "Người Viết" in page
    assert "Người Duyệt" not in page
