"""The photo archive as the newsroom meets it."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from photos import renditions
from photos.archive import add_photo
from photos.models import Photo
from tests.factories import image_bytes, make_article, make_user

pytestmark = pytest.mark.django_db

ADD = "/admin/photos/photo/add/"
LIST = "/admin/photos/photo/"
UPLOAD = "/admin/photos/photo/upload/"


def file(name: str = "anh.jpg", data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, image_bytes() if data is None else data)


def may(user: User, *codenames: str) -> User:
    user.user_permissions.add(*Permission.objects.filter(codename__in=codenames))
    return User.objects.get(pk=user.pk)


@pytest.fixture
def reporter() -> User:
    return make_user("reporter", language="en")


@pytest.fixture
def editor() -> User:
    return make_user("editor", language="en")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(photo: Photo, what: str = "change") -> str:
    return f"/admin/photos/photo/{photo.pk}/{what}/"


def text(response: Any) -> str:
    return response.content.decode()


def details(**changes: Any) -> dict[str, Any]:
    form = {"caption": "", "credit": "", "alt": "", "rights": "", "focal_x": 0.5, "focal_y": 0.5}
    return form | {"taken_at_0": "", "taken_at_1": ""} | changes


# --- adding one -------------------------------------------------------------------------------


def test_a_reporter_adds_a_photo_and_goes_on_to_its_page(reporter: User) -> None:
    client = signed_in(reporter)
    response = client.post(ADD, details(original=file(), caption="Bến tàu", credit="Hoài Anh"))
    photo = Photo.objects.get()
    assert response.headers["Location"] == page_of(photo)
    assert (photo.caption, photo.credit, photo.uploaded_by) == ("Bến tàu", "Hoài Anh", reporter)
    assert renditions.missing(photo) == []
    page = text(client.get(page_of(photo)))
    assert "Bến tàu" in page
    assert f"/media/photos/{photo.key}/" in page


@pytest.mark.parametrize(
    ("upload", "message"),
    [
        (file("anh.jpg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "not a photo we can read"),
        (file("anh.jpg", image_bytes()[:800]), "incomplete"),
        (file("anh.jpg", b""), "empty"),
    ],
)
def test_a_wrong_file_is_refused_at_its_field_and_what_was_typed_is_kept(
    reporter: User, upload: SimpleUploadedFile, message: str
) -> None:
    client = signed_in(reporter)
    response = client.post(ADD, details(original=upload, caption="Bến tàu chiều"))
    assert response.status_code == 200
    assert "original" in response.context["adminform"].form.errors
    assert message in text(response)
    assert "Bến tàu chiều" in text(response)
    assert not Photo.objects.exists()
    assert client.post(ADD, details(original=file(), caption="Bến tàu")).status_code == 302


def test_a_credit_that_is_too_long_stores_nothing(reporter: User) -> None:
    client = signed_in(reporter)
    response = client.post(ADD, details(original=file(), credit="á" * 201))
    assert "credit" in response.context["adminform"].form.errors
    assert not Photo.objects.exists()
    client.post(ADD, details(original=file(), credit="á" * 200))
    assert Photo.objects.get().credit == "á" * 200


def test_a_long_file_name_is_no_obstacle(reporter: User) -> None:
    name = "ảnh " * 60 + ".jpg"
    assert signed_in(reporter).post(ADD, details(original=file(name))).status_code == 302
    assert len(Photo.objects.get().original_name) <= 200


def test_from_the_article_form_the_new_photo_is_handed_back(reporter: User) -> None:
    response = signed_in(reporter).post(
        f"{ADD}?_popup=1", details(original=file(), caption="Bến", _popup="1")
    )
    photo = Photo.objects.get()
    assert "popup_response" in text(response)
    assert f"&quot;value&quot;: &quot;{photo.pk}&quot;" in text(response)


def test_the_same_file_in_a_popup_hands_back_the_photo_that_is_there(reporter: User) -> None:
    data = image_bytes()
    known = add_photo(file(data=data), caption="Đã có")
    response = signed_in(reporter).post(
        f"{ADD}?_popup=1", details(original=file(data=data), caption="Mới", _popup="1")
    )
    assert f"&quot;value&quot;: &quot;{known.pk}&quot;" in text(response)
    assert Photo.objects.get().caption == "Đã có"


# --- several at once --------------------------------------------------------------------------


def test_of_several_files_the_good_ones_are_kept_and_the_others_say_why(reporter: User) -> None:
    known = image_bytes()
    add_photo(file(data=known), caption="Cũ")
    files = [
        file("một.jpg"),
        file("hai.png", image_bytes(image_format="PNG")),
        file("x.svg", b"<svg/>"),
        file("rỗng.jpg", b""),
        file("lại.jpg", known),
    ]
    client = signed_in(reporter)
    response = client.post(UPLOAD, {"files": files, "credit": "Trần Minh", "rights": ""})
    page = text(response)
    assert Photo.objects.count() == 3
    assert (
        list(Photo.objects.filter(credit="Trần Minh").values_list("uploaded_by", flat=True))
        == [reporter.pk] * 2
    )
    assert "<strong>x.svg</strong>: This is not a photo we can read" in page
    assert "<strong>rỗng.jpg</strong>: This file is empty" in page
    assert "already in the archive" in page


def test_uploading_nothing_says_so_and_keeps_the_credit(reporter: User) -> None:
    response = signed_in(reporter).post(UPLOAD, {"credit": "Trần Minh"})
    assert "files" in response.context["form"].errors
    assert 'value="Trần Minh"' in text(response)


def test_the_page_for_several_is_for_those_who_may_add(reporter: User) -> None:
    assert signed_in(reporter).get(UPLOAD).status_code == 200
    assert signed_in(may(make_user(), "view_photo")).get(UPLOAD).status_code == 403
    assert Client().get(UPLOAD).status_code == 302


# --- finding ----------------------------------------------------------------------------------


def test_the_list_finds_without_accents_and_shows_how_often_a_photo_is_used(
    reporter: User,
) -> None:
    found = add_photo(file(), caption="Đền Cửa Ông", credit="Hoài Anh")
    other = add_photo(file(), caption="Chợ Hạ Long")
    make_article().photos.create(photo=found)
    make_article().photos.create(photo=found)
    client = signed_in(reporter)
    for words in ("den cua ong", "Đền Cửa Ông", "hoai ANH", "Ong den"):
        rows = client.get(LIST, {"q": words}).context["cl"].result_list
        assert list(rows) == [found], words
    assert rows[0].count_of_uses == 2
    used = client.get(LIST, {"used": "yes"}).context["cl"].result_list
    unused = client.get(LIST, {"used": "no"}).context["cl"].result_list
    assert (list(used), list(unused)) == ([found], [other])
    assert f"/media/photos/{other.key}/" in text(client.get(LIST))


def test_the_list_takes_as_many_queries_for_two_photos_as_for_ten(
    reporter: User, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(reporter)
    for _number in range(2):
        add_photo(file(), by=reporter)
    with django_assert_max_num_queries(20) as two:
        client.get(LIST)
    for _number in range(8):
        add_photo(file(), by=reporter)
    with django_assert_max_num_queries(len(two)):
        client.get(LIST)


def test_the_article_form_finds_photos_without_accents(editor: User) -> None:
    found = add_photo(file(), caption="Đền Cửa Ông")
    add_photo(file(), caption="Chợ Hạ Long")
    response = signed_in(editor).get(
        reverse("admin:autocomplete"),
        {
            "term": "den cua",
            "app_label": "articles",
            "model_name": "articlephoto",
            "field_name": "photo",
        },
    )
    assert [row["id"] for row in response.json()["results"]] == [str(found.pk)]


def test_a_photos_page_lists_the_articles_that_use_it(reporter: User) -> None:
    photo = add_photo(file(), by=reporter)
    client = signed_in(reporter)
    assert "Nothing uses this photo" in text(client.get(page_of(photo)))
    make_article(headline="Mùa <gặt> mới").photos.create(photo=photo)
    assert "Mùa &lt;gặt&gt; mới" in text(client.get(page_of(photo)))


# --- changing ---------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_new_focal_point_is_saved_with_new_crops(reporter: User) -> None:
    photo = add_photo(file(data=image_bytes(900, 400)), by=reporter)
    response = signed_in(reporter).post(page_of(photo), details(focal_x="0.913", caption="Mới"))
    assert response.status_code == 302
    changed = Photo.objects.get()
    assert (changed.focal_x, changed.caption) == (0.913, "Mới")
    assert changed.key != photo.key
    assert renditions.missing(changed) == []
    assert len(renditions.missing(photo)) == len(renditions.all_sizes(photo))


def test_a_focal_point_outside_the_picture_is_refused_at_its_field(reporter: User) -> None:
    photo = add_photo(file(), by=reporter)
    response = signed_in(reporter).post(page_of(photo), details(focal_x="1.2", caption="Mới"))
    assert "focal_x" in response.context["adminform"].form.errors
    assert "Mới" in text(response)
    photo.refresh_from_db()
    assert photo.focal_x == 0.5


def test_without_its_original_the_focal_point_is_refused_and_a_caption_is_not(
    reporter: User,
) -> None:
    photo = add_photo(file(), by=reporter)
    photo.original.storage.delete(photo.original.name)
    client = signed_in(reporter)
    response = client.post(page_of(photo), details(focal_x="0.2"))
    assert "focal_x" in response.context["adminform"].form.errors
    assert "is missing" in text(response)
    assert client.post(page_of(photo), details(caption="Mới")).status_code == 302


def test_reporters_change_their_own_photos_and_editors_all(reporter: User, editor: User) -> None:
    own = add_photo(file(), by=reporter)
    of_another = add_photo(file(), by=editor)
    client = signed_in(reporter)
    assert client.post(page_of(own), details(caption="Mới")).status_code == 302
    assert client.post(page_of(of_another), details(caption="Mới")).status_code == 403
    assert client.get(page_of(of_another)).status_code == 200
    assert client.post(page_of(of_another, "delete"), {"post": "yes"}).status_code == 403
    assert signed_in(editor).post(page_of(own), details(caption="Sửa")).status_code == 302
    own.refresh_from_db()
    of_another.refresh_from_db()
    assert (own.caption, of_another.caption) == ("Sửa", "")


# --- deleting ---------------------------------------------------------------------------------


def test_a_photo_in_use_is_not_deleted_and_the_refusal_says_why(editor: User) -> None:
    photo = add_photo(file(), by=editor)
    use = make_article(headline="Mùa gặt").photos.create(photo=photo)
    client = signed_in(editor)
    response = client.post(page_of(photo, "delete"), {"post": "yes"}, follow=True)
    assert "cannot be deleted" in text(response)
    assert "Mùa gặt" in text(response)
    bulk = {"action": "delete_selected", "_selected_action": [photo.pk], "post": "yes"}
    client.post(LIST, bulk)
    assert Photo.objects.filter(pk=photo.pk).exists()
    use.delete()
    client.post(page_of(photo, "delete"), {"post": "yes"})
    assert not Photo.objects.exists()


def in_text(photo: Photo) -> str:
    return f'<p>Chữ.</p><figure data-photo-id="{photo.pk}"></figure>'


def test_a_photo_in_a_text_is_not_deleted_and_the_article_is_named(editor: User) -> None:
    photo, free = add_photo(file(), by=editor), add_photo(file(), by=editor)
    article = make_article(headline="Mùa <gặt>", body=in_text(photo), status="draft")
    client = signed_in(editor)
    response = client.post(page_of(photo, "delete"), {"post": "yes"}, follow=True)
    assert [str(message) for message in response.context["messages"]] == [
        "This photo cannot be deleted while it is used: article “Mùa <gặt>”."
    ]
    link = f'<a href="/admin/articles/article/{article.pk}/change/">Mùa &lt;gặt&gt;</a>'
    assert link in text(response)
    # Several at once: none goes, and the one that stays says where it stands.
    bulk = {"action": "delete_selected", "_selected_action": [photo.pk, free.pk], "post": "yes"}
    assert link in text(client.post(LIST, bulk))
    assert Photo.objects.count() == 2
    assert list(client.get(LIST, {"used": "yes"}).context["cl"].result_list) == [photo]
    article.body = "<p>Chữ.</p>"
    article.save()
    client.post(LIST, bulk)
    assert not Photo.objects.exists()


def test_who_reads_vietnamese_is_told_in_vietnamese() -> None:
    editor = make_user("editor")
    photo = add_photo(file(), by=editor)
    make_article(headline="Mùa gặt", body=in_text(photo))
    response = signed_in(editor).post(page_of(photo, "delete"), {"post": "yes"}, follow=True)
    assert "Không xóa được ảnh này khi ảnh còn được dùng: bài viết “Mùa gặt”." in text(response)


@pytest.mark.django_db(transaction=True)
def test_deleting_several_removes_their_files(editor: User) -> None:
    photos = [add_photo(file(), by=editor) for _number in range(2)]
    keys = [photo.pk for photo in photos]
    bulk = {"action": "delete_selected", "_selected_action": keys, "post": "yes"}
    signed_in(editor).post(LIST, bulk)
    assert not Photo.objects.exists()
    for photo in photos:
        assert len(renditions.missing(photo)) == len(renditions.all_sizes(photo))
        assert not photo.original.storage.exists(photo.original.name)


# --- the original -----------------------------------------------------------------------------


def test_the_original_is_a_download_for_those_who_may_see_photos(reporter: User) -> None:
    data = image_bytes()
    photo = add_photo(file("Bến tàu.jpg", data), by=reporter)
    address = page_of(photo, "original")
    response = signed_in(reporter).get(address)
    assert b"".join(response.streaming_content) == data
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")
    assert "no-store" in response["Cache-Control"]
    assert signed_in(make_user()).get(address).status_code in {302, 403, 404}
    assert Client().get(address).status_code == 302
    assert signed_in(reporter).get(page_of(Photo(pk=0), "original")).status_code == 404
