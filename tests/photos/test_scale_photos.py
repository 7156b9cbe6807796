"""The archive's list asks each person and each photo it shows, never all photos."""

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.models import ArticlePhoto
from photos.admin import PhotoAdmin
from photos.models import Photo
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db
LIST = reverse("admin:photos_photo_changelist")


@pytest.fixture
def chief(client: Client) -> Client:
    client.force_login(make_user("chief"))
    return client


def make_photo(**values: Any) -> Photo:
    """A row alone: lists read no file."""
    n = Photo.objects.count()
    shared = {"checksum": f"{n:064}", "key": f"{n:032}", "width": 900, "height": 600}
    return Photo.objects.create(original=f"{n}.jpg", **shared, **values)


def found(client: Client, **query: Any) -> list[Photo]:
    return list(client.get(LIST, query).context["cl"].result_list)


def uploaded(photo: Photo, *day: int) -> Photo:
    at = timezone.make_aware(datetime(*day))
    Photo.objects.filter(pk=photo.pk).update(uploaded_at=at)
    return photo


def test_photos_of_a_year_and_of_a_month_are_found(chief: Client) -> None:
    december = uploaded(make_photo(), 2024, 12, 31, 23, 59)
    january = uploaded(make_photo(), 2025, 1, 1)
    assert found(chief, uploaded_in="2024") == found(chief, uploaded_in="2024-12") == [december]
    assert found(chief, uploaded_in="2025-01") == [january]
    assert found(chief, uploaded_in="2025-13") == [january, december]
    shown = chief.get(LIST, {"uploaded_in": "2024"}).content.decode()
    assert "uploaded_in=2025" in shown and "uploaded_in=2024-07" in shown
    assert "uploaded_in=2025-07" not in shown


@pytest.mark.parametrize("text", ["5021", "dsc5021", "DSC5021.JPG", "bến tàu", "ben ta"])
def test_a_photo_is_found_by_the_number_and_the_name_of_its_file_and_its_words(
    chief: Client, text: str
) -> None:
    photo = make_photo(original_name="DSC5021.JPG", caption="Bến tàu")
    make_photo(original_name="DSC5022.JPG", caption="Ga tàu")
    assert found(chief, q=text) == [photo]


def test_a_search_counts_to_the_next_page_and_goes_on_from_page_to_page(
    chief: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PhotoAdmin, "list_per_page", 1)
    oldest, older, newest = (make_photo(caption="Bến tàu") for _ in range(3))
    pages = [chief.get(LIST, {"q": "bến", "p": page}) for page in (1, 2, 3)]
    shown = [list(page.context["cl"].result_list) for page in pages]
    assert shown == [[newest], [older], [oldest]]
    assert [str(page.context["cl"].result_count) for page in pages] == ["1+", "2+", "3"]
    assert ">1+ " in pages[0].content.decode()
    # It is in the order it was found in; the whole list can be sorted.
    assert "sortable column-" not in pages[0].content.decode()
    assert "sortable column-" in chief.get(LIST).content.decode()


def test_the_choice_of_a_photo_goes_on_to_the_oldest(chief: Client) -> None:
    photos = [make_photo(caption="Bến tàu") for _ in range(21)]
    field = {"app_label": "articles", "model_name": "articlephoto", "field_name": "photo"}
    address = reverse("admin:autocomplete")
    first, second = (
        chief.get(address, {**field, "term": "bến", "page": page}).json() for page in (1, 2)
    )
    assert first["pagination"]["more"] and not second["pagination"]["more"]
    assert [choice["id"] for choice in second["results"]] == [str(photos[0].pk)]


def test_the_list_filters_by_who_uploaded_and_names_only_those_who_did(chief: Client) -> None:
    sender, other = make_user("reporter"), make_user("editor")
    photo = make_photo(uploaded_by=sender)
    make_photo()
    assert found(chief, uploaded_by=sender.pk) == [photo]
    shown = chief.get(LIST).content.decode()
    assert f"uploaded_by={sender.pk}" in shown
    assert f"uploaded_by={other.pk}" not in shown


def test_the_list_tells_how_often_a_photo_is_used_and_finds_those_that_are_not(
    chief: Client,
) -> None:
    twice, never = make_photo(), make_photo()
    for article in (make_article(), make_article()):
        ArticlePhoto.objects.create(article=article, photo=twice)
    assert {photo: photo.count_of_uses for photo in found(chief)} == {twice: 2, never: 0}
    assert found(chief, used="yes") == [twice]
    assert found(chief, used="no") == [never]


def test_no_query_of_the_list_reads_all_photos(
    chief: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PhotoAdmin, "list_per_page", 1)
    _older, photo = make_photo(caption="Bến tàu"), make_photo(caption="Bến tàu")
    with CaptureQueriesContext(connection) as captured:
        assert found(chief, q="ben tau") == [photo]
    table = f'FROM "{Photo._meta.db_table}"'
    of_photos = [query["sql"] for query in captured if table in query["sql"]]
    bounded = ("LIMIT", f'"{Photo._meta.db_table}"."id" IN', "MIN(", "EXISTS(")
    assert of_photos
    assert [sql for sql in of_photos if not any(part in sql for part in bounded)] == []
