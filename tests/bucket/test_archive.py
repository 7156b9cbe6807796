"""Photos and recordings in a bucket: what readers get, and what editors are told without it."""

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from live.models import LiveEntry
from newsroom.bucket import BucketStorage
from photos import renditions
from photos.archive import PhotoError, add_photo, change_photo, delete_photo
from photos.models import Photo
from recordings.archive import RecordingError, add_recording, delete_recording
from recordings.models import Recording
from tests.bucket.conftest import Bucket, use
from tests.factories import image_bytes, make_article, make_live_event, make_user
from tests.recordings.samples import sample, sent

pytestmark = [pytest.mark.services, pytest.mark.django_db]

CLIP = sample("clip.mp4")
NOBODY = "s3+http://paper:secret@127.0.0.1:9/paper"


def make_photo() -> Photo:
    return add_photo(ContentFile(image_bytes(), name="anh.jpg"))


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(make_user(role, language="en"))
    return client


def text(response: Any) -> str:
    return response.content.decode()


@pytest.fixture
def losing_the_bucket(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A function after which the bucket of before does not answer any more."""
    yield lambda: use(NOBODY, settings, monkeypatch)


def test_readers_get_pictures_at_the_papers_own_address(in_bucket: Bucket, client: Client) -> None:
    photo = make_photo()
    address = renditions.sources(photo)[0].webp
    assert address.startswith("/media/photos/")
    response = client.get(address)
    assert response.headers["Content-Type"] == "image/webp"
    assert response.content[8:12] == b"WEBP"
    assert "immutable" in response.headers["Cache-Control"]
    assert client.get(address, headers={"if-none-match": response["ETag"]}).status_code == 304
    assert client.head(address).headers["Content-Length"] == str(len(response.content))


def test_originals_are_for_the_newsroom_alone(in_bucket: Bucket, client: Client) -> None:
    data = image_bytes()
    photo = add_photo(ContentFile(data, name="anh.jpg"))
    path = reverse("admin:photos_photo_original", args=[photo.pk])
    for address in (f"/media/{photo.original.name}", f"/media/originals/{photo.original.name}"):
        assert client.get(address).status_code == 404
    assert client.get(path).status_code == 302
    response = signed_in("editor").get(path)
    assert b"".join(response.streaming_content) == data
    photo.original.storage.delete(photo.original.name)
    assert signed_in("editor").get(path).status_code == 404


def test_new_crops_replace_the_old_ones_and_a_deleted_photo_leaves_nothing(
    in_bucket: Bucket,
    django_capture_on_commit_callbacks: Any,
) -> None:
    photo = make_photo()
    before = set(in_bucket.objects)
    with django_capture_on_commit_callbacks(execute=True):
        change_photo(photo, focal_x=0.2)
    assert len(in_bucket.objects) == len(before)
    assert len(before & set(in_bucket.objects)) == 1
    with django_capture_on_commit_callbacks(execute=True):
        delete_photo(photo)
    assert in_bucket.objects == []


def test_the_command_makes_what_is_missing_and_sweeps_nothing_young(in_bucket: Bucket) -> None:
    photo, gone = make_photo(), make_photo()
    renditions.remove(photo.key)
    Photo.objects.filter(pk=gone.pk).delete()
    out = StringIO()
    call_command("make_renditions", "--sweep", stdout=out)
    assert "1 photos, 1 made anew, 0 failed" in out.getvalue()
    assert "0 files and folders" in out.getvalue()
    assert renditions.missing(photo) == []


def test_players_get_the_part_they_ask_for(in_bucket: Bucket, client: Client) -> None:
    recording = add_recording(sent("clip.mp4"), title="Cảnh")
    assert client.get(recording.url).getvalue() == CLIP
    response = client.get(recording.url, headers={"range": "bytes=100-199"})
    assert response.status_code == 206
    assert response.getvalue() == CLIP[100:200]
    assert client.get("/media/recordings/" + "0" * 32 + ".mp4").status_code == 404


def test_without_the_bucket_readers_are_told_to_come_back(
    in_bucket: Bucket, client: Client, losing_the_bucket: Any
) -> None:
    photo, recording = make_photo(), add_recording(sent("clip.mp4"), title="Cảnh")
    losing_the_bucket()
    for address in (renditions.sources(photo)[0].jpeg, recording.url):
        response = client.get(address)
        assert response.status_code == 503
        assert response.headers["Retry-After"]
        assert response.headers["Cache-Control"] == "no-store"


def test_without_the_bucket_nothing_is_deleted(in_bucket: Bucket, losing_the_bucket: Any) -> None:
    photo, recording = make_photo(), add_recording(sent("clip.mp4"), title="Cảnh")
    losing_the_bucket()
    with pytest.raises(PhotoError, match="trả lời"):
        delete_photo(photo)
    with pytest.raises(RecordingError, match="trả lời"):
        delete_recording(recording)
    editor = signed_in("editor")
    address = reverse("admin:photos_photo_delete", args=[photo.pk])
    page = editor.post(address, {"post": "yes"}, follow=True)
    assert "does not answer" in text(page)
    chosen = {"action": "delete_selected", "_selected_action": [photo.pk], "post": "yes"}
    page = editor.post(reverse("admin:photos_photo_changelist"), chosen, follow=True)
    assert "does not answer" in text(page)
    assert Photo.objects.exists()
    assert Recording.objects.exists()


def test_without_the_bucket_a_photo_is_not_saved_and_what_was_typed_stays(
    out_of_reach: None,
) -> None:
    file = SimpleUploadedFile("anh.jpg", image_bytes())
    words: dict[str, Any] = {"caption": "Nước lên", "credit": "", "alt": "", "rights": ""}
    words |= {"taken_at_0": "", "taken_at_1": "", "original": file}
    page = text(signed_in("reporter").post(reverse("admin:photos_photo_add"), words))
    assert "The place where photos are kept does not answer." in page
    assert "Nước lên" in page
    assert not Photo.objects.exists()


def test_without_the_bucket_each_of_several_photos_says_so(out_of_reach: None) -> None:
    file = SimpleUploadedFile("anh.jpg", image_bytes())
    address = reverse("admin:photos_photo_upload")
    page = text(signed_in("reporter").post(address, {"files": [file], "credit": "Hoài Anh"}))
    assert "The place where photos are kept does not answer." in page
    assert "Hoài Anh" in page


def test_without_the_bucket_a_recording_is_not_saved_and_what_was_typed_stays(
    out_of_reach: None,
) -> None:
    words: dict[str, Any] = {"title": "Lũ về", "caption": "", "credit": "", "poster": ""}
    words |= {"duration": "", "transcript": "", "file": sent("clip.mp4")}
    page = text(signed_in("reporter").post(reverse("admin:recordings_recording_add"), words))
    assert "The place where videos and sounds are kept does not answer." in page
    assert "Lũ về" in page
    assert not Recording.objects.exists()


def test_without_the_bucket_an_entry_with_a_photo_is_not_posted_and_its_text_stays(
    out_of_reach: None,
) -> None:
    reporter = make_user("reporter", language="en")
    event = make_live_event(make_article(), reporters=[reporter])
    client = Client()
    client.force_login(reporter)
    address = reverse("admin:live_write", args=[event.pk])
    token = client.get(address).context["form"]["token"].value()
    file = SimpleUploadedFile("anh.jpg", image_bytes())
    response = client.post(address, {"token": token, "text": "Nước lên", "photos": [file]})
    assert response.status_code == 503
    assert "does not answer" in text(response)
    assert "Nước lên" in text(response)
    assert not LiveEntry.objects.exists()


def test_the_tests_do_use_the_bucket(in_bucket: Bucket) -> None:
    assert isinstance(make_photo().original.storage, BucketStorage)
    assert len(in_bucket.objects) > 10
