"""Videos and sounds as the newsroom meets them."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from accounts.roles import PERMISSIONS
from articles.models import ArticleRecording
from recordings.archive import add_recording
from recordings.models import Recording
from tests.factories import make_article, make_user
from tests.recordings.samples import sent

pytestmark = pytest.mark.django_db

ADD = "/admin/recordings/recording/add/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def form(**changes: Any) -> dict[str, Any]:
    fields = {"title": "Lũ về", "caption": "", "credit": "", "poster": "", "duration": ""}
    return fields | {"transcript": ""} | changes


def page_of(recording: Recording, what: str = "change") -> str:
    return f"/admin/recordings/recording/{recording.pk}/{what}/"


def text(response: Any) -> str:
    return response.content.decode()


def test_a_reporter_adds_a_video() -> None:
    reporter = make_user("reporter")
    response = signed_in(reporter).post(ADD, form(file=sent("clip.mp4"), credit="Hoài Anh"))
    assert response.status_code == 302
    recording = Recording.objects.get()
    assert (recording.title, recording.uploaded_by, recording.duration) == ("Lũ về", reporter, 2)
    page = text(signed_in(reporter).get(page_of(recording)))
    assert f'src="{recording.url}"' in page
    assert 'preload="none"' in page


def test_a_refused_file_is_explained_and_what_was_typed_stays() -> None:
    sent_form = form(file=sent("old.mp4"), caption="Nước lên nhanh")
    page = text(signed_in(make_user("reporter")).post(ADD, sent_form))
    assert "Trình duyệt của bạn đọc không phát được tệp này (mp4v)" in page
    assert "Nước lên nhanh" in page
    assert not Recording.objects.exists()


def test_a_good_file_sent_with_a_bad_form_is_asked_for_again() -> None:
    page = text(signed_in(make_user("reporter")).post(ADD, form(file=sent("clip.mp4"), title="")))
    assert "Tệp này dùng được. Vui lòng chọn lại lần nữa." in page


def test_bad_subtitles_are_explained() -> None:
    words = SimpleUploadedFile("a.vtt", b"khong phai")
    page = text(
        signed_in(make_user("reporter")).post(ADD, form(file=sent("clip.mp4"), subtitles=words))
    )
    assert "Đây không phải phụ đề" in page
    assert not Recording.objects.exists()


def test_a_change_keeps_the_file_and_may_replace_it() -> None:
    editor = make_user("editor")
    recording = add_recording(sent("clip.mp4"), title="Cũ")
    client = signed_in(editor)
    client.post(page_of(recording), form(title="Mới"))
    recording.refresh_from_db()
    assert (recording.title, recording.mime_type) == ("Mới", "video/mp4")
    client.post(page_of(recording), form(title="Mới", file=sent("clip.webm")))
    recording.refresh_from_db()
    assert recording.mime_type == "video/webm"


def test_a_sound_in_the_place_of_a_video_is_refused() -> None:
    recording = add_recording(sent("clip.mp4"), title="Cũ")
    page = text(
        signed_in(make_user("editor")).post(page_of(recording), form(file=sent("sound.mp3")))
    )
    assert "Không thể thay video bằng âm thanh" in page


def test_subtitles_are_added_and_taken_away() -> None:
    recording = add_recording(sent("clip.mp4"), title="Cũ")
    client = signed_in(make_user("editor"))
    words = SimpleUploadedFile("a.srt", b"1\n00:00:00,000 --> 00:00:01,000\nXin\n")
    client.post(page_of(recording), form(subtitles=words))
    recording.refresh_from_db()
    assert recording.subtitles
    client.post(page_of(recording), form(no_subtitles="on"))
    recording.refresh_from_db()
    assert not recording.subtitles


def test_a_reporter_changes_only_what_they_sent_in() -> None:
    reporter = make_user("reporter")
    own = add_recording(sent("clip.mp4"), title="Của tôi", by=reporter)
    other = add_recording(sent("clip.mp4"), title="Của bạn", by=make_user("reporter"))
    client = signed_in(reporter)
    client.post(page_of(own), form(title="Đã sửa"))
    client.post(page_of(other), form(title="Đã sửa"))
    assert Recording.objects.get(pk=own.pk).title == "Đã sửa"
    assert Recording.objects.get(pk=other.pk).title == "Của bạn"


def test_a_moderator_has_nothing_to_do_with_recordings() -> None:
    client = signed_in(make_user("moderator"))
    assert client.get("/admin/recordings/recording/").status_code == 403


def test_a_recording_in_use_is_kept_and_the_articles_are_named() -> None:
    recording = add_recording(sent("clip.mp4"), title="Cũ")
    article = make_article(headline="Lũ về giữa đêm")
    ArticleRecording.objects.create(article=article, recording=recording)
    client = signed_in(make_user("editor"))
    response = client.post(page_of(recording, "delete"), {"post": "yes"}, follow=True)
    assert "Không thể xóa" in text(response)
    assert "Lũ về giữa đêm" in text(response)
    assert Recording.objects.exists()


def test_words_without_marks_find_a_recording() -> None:
    add_recording(sent("clip.mp4"), title="Lũ về")
    add_recording(sent("clip.mp4"), title="Hội làng")
    page = text(signed_in(make_user("editor")).get("/admin/recordings/recording/?q=lu+ve"))
    assert "Lũ về" in page
    assert "Hội làng" not in page


def test_roles_may_do_what_is_written_down() -> None:
    """Also in a database whose roles were made before there were recordings."""
    for role in ("reporter", "editor", "chief", "moderator"):
        of_group = Permission.objects.filter(group=Group.objects.get(name=role))
        labels = ("recordings.recording", "articles.articlerecording")
        found = {
            f"{one.content_type.app_label}.{one.codename}"
            for one in of_group.select_related("content_type")
            if f"{one.content_type.app_label}.{one.content_type.model}" in labels
        }
        wanted = {one for one in PERMISSIONS[role] if one.endswith("recording")}
        assert found == wanted, role
