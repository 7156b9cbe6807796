"""Sections, entries, the front page and the masthead in the admin."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from articles.models import FrontSlot, Tag
from categories.models import Category, CategoryAddress
from core.page_tags import dropped
from masthead.models import Masthead
from tests.factories import (
    make_article,
    make_author,
    make_category,
    make_partner_link,
    make_tag,
    make_topic,
)
from tests.factories import make_user as make_staff

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def chief() -> Client:
    return signed_in(make_staff("chief"))


def category_form(category: Category, **changes: Any) -> dict[str, Any]:
    return {
        "name": category.name,
        "long_name": category.long_name,
        "slug": category.slug,
        "parent": category.parent_id or "",
        "description": "",
        "position": category.position,
        "in_menu": "on",
        **changes,
    }


def change(category: Category) -> str:
    return reverse("admin:categories_category_change", args=[category.pk])


def test_the_tree_is_listed_parent_by_parent(chief: Client) -> None:
    first, second = make_category(position=1), make_category(position=2)
    child = make_category(parent=first, position=9)
    page = chief.get(reverse("admin:categories_category_changelist")).content.decode()
    assert (
        page.index(first.name + "<") < page.index(child.name + "<") < page.index(second.name + "<")
    )


def test_a_new_slug_keeps_the_old_addresses(chief: Client) -> None:
    parent = make_category(slug="kinh-te")
    child = make_category(slug="nong-nghiep", parent=parent)
    assert chief.post(change(parent), category_form(parent, slug="tai-chinh")).status_code == 302
    old = dict(CategoryAddress.objects.values_list("path", "category_id"))
    assert old == {"/kinh-te/": parent.pk, "/kinh-te/nong-nghiep/": child.pk}
    parent.refresh_from_db()
    assert chief.post(change(parent), category_form(parent, slug="kinh-te")).status_code == 302
    paths = set(CategoryAddress.objects.values_list("path", flat=True))
    assert paths == {"/tai-chinh/", "/tai-chinh/nong-nghiep/"}


def test_a_loop_a_third_level_and_a_reserved_word_are_refused(chief: Client) -> None:
    parent = make_category()
    child = make_category(parent=parent)
    other = make_category()
    for category, changes, field in (
        (parent, {"parent": parent.pk}, "parent"),
        (parent, {"parent": child.pk}, "parent"),
        (parent, {"parent": other.pk}, "parent"),
        (other, {"slug": "tim-kiem"}, "slug"),
        (other, {"slug": parent.slug}, "slug"),
        (other, {"name": ""}, "name"),
    ):
        response = chief.post(change(category), category_form(category, **changes))
        assert response.status_code == 200
        assert field in response.context["adminform"].form.errors
    parent.refresh_from_db()
    assert parent.parent is None


def test_a_category_in_use_is_not_deleted_and_says_why(chief: Client) -> None:
    used, empty = make_category(), make_category()
    make_article(category=used)
    address = reverse("admin:categories_category_delete", args=[used.pk])
    assert "chuyển sang chuyên mục khác trước" in chief.get(address).content.decode()
    chief.post(address, {"post": "yes"})
    assert Category.objects.filter(pk=used.pk).exists()
    chief.post(reverse("admin:categories_category_delete", args=[empty.pk]), {"post": "yes"})
    assert not Category.objects.filter(pk=empty.pk).exists()


@pytest.mark.parametrize("role", ["reporter", "editor", "moderator"])
def test_only_the_chief_changes_sections_front_masthead_and_partners(role: str) -> None:
    other = signed_in(make_staff(role))
    category = make_category()
    names = (
        *("categories_category_add", "articles_frontslot_add", "articles_frontslot_changelist"),
        *("masthead_masthead_add", "masthead_partnerlink_add", "accounts_user_add"),
    )
    chief = signed_in(make_staff("chief"))
    for name in names:
        assert other.get(reverse(f"admin:{name}")).status_code == 403
        assert chief.get(reverse(f"admin:{name}")).status_code == 200
    assert other.post(change(category), category_form(category, name="Khác")).status_code == 403
    category.refresh_from_db()
    assert category.name != "Khác"


def test_the_same_tag_with_other_marks_is_refused() -> None:
    make_tag(name="Quảng Ninh")
    client = signed_in(make_staff("editor"))
    response = client.post(reverse("admin:articles_tag_add"), {"name": "quang ninh", "slug": ""})
    assert response.status_code == 200
    assert "Quảng Ninh" in str(response.context["adminform"].form.errors)
    assert Tag.objects.count() == 1


@pytest.mark.parametrize("model", ["author", "tag", "topic"])
def test_entries_are_found_without_marks(model: str) -> None:
    make = {"author": make_author, "tag": make_tag, "topic": make_topic}[model]
    make(name="Đặng Hồng Yến")
    make(name="Việc khác")
    client = signed_in(make_staff("reporter"))
    field = {"author": "authors", "tag": "tags", "topic": "topics"}[model]
    found = client.get(
        reverse("admin:autocomplete"),
        {"term": "dang yen", "app_label": "articles", "model_name": "article", "field_name": field},
    )
    assert [row["text"] for row in found.json()["results"]] == ["Đặng Hồng Yến"]


@pytest.mark.parametrize("model", ["tag", "topic"])
def test_entries_are_found_by_their_english_name(model: str) -> None:
    client = signed_in(make_staff("editor"))
    add = reverse(f"admin:articles_{model}_add")
    assert client.post(add, {"name": "Cây cầu", "name_en": "Bridges"}).status_code == 302
    client.post(add, {"name": "Việc khác"})
    query = {"term": "bridges", "app_label": "articles", "model_name": "article"}
    found = client.get(reverse("admin:autocomplete"), {**query, "field_name": f"{model}s"})
    assert [row["text"] for row in found.json()["results"]] == ["Cây cầu"]


def test_a_front_place_is_filled_and_drops_the_front(
    chief: Client, django_capture_on_commit_callbacks: Any
) -> None:
    tags: set[str] = set()

    def note(sender: Any, tags: frozenset[str], found: set[str] = tags, **_: Any) -> None:
        found |= tags

    dropped.connect(note)
    article = make_article()
    with django_capture_on_commit_callbacks(execute=True):
        response = chief.post(
            reverse("admin:articles_frontslot_add"),
            {"position": 1, "article": article.pk, "ends_at_0": "", "ends_at_1": ""},
        )
    dropped.disconnect(note)
    assert response.status_code == 302
    assert FrontSlot.objects.get().article == article
    assert "front" in tags


def test_a_masthead_without_its_licence_is_saved_with_a_warning(chief: Client) -> None:
    day = timezone.localdate().strftime("%d/%m/%Y")
    data = {"valid_from": day, "name": "Báo Sông Quê"}
    page = chief.post(reverse("admin:masthead_masthead_add"), data, follow=True).content.decode()
    assert Masthead.objects.get().name == "Báo Sông Quê"
    assert "giấy phép" in page


def test_the_dates_of_the_masthead_have_the_day_first(chief: Client) -> None:
    data = {"valid_from": "08/09/2020", "name": "Báo Sông Quê"}
    chief.post(reverse("admin:masthead_masthead_add"), data)
    day = Masthead.objects.get().valid_from
    assert (day.day, day.month) == (8, 9)


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("articles_author", make_author),
        ("articles_tag", make_tag),
        ("articles_topic", make_topic),
        ("categories_category", make_category),
        ("masthead_partnerlink", make_partner_link),
    ],
)
def test_lists_take_as_many_queries_for_ten_as_for_two(
    name: str, make: Any, chief: Client, django_assert_max_num_queries: Any
) -> None:
    address = reverse(f"admin:{name}_changelist")
    for _ in range(2):
        make()
    chief.get(address)
    for _ in range(8):
        make()
    with django_assert_max_num_queries(11):
        assert chief.get(address).status_code == 200
