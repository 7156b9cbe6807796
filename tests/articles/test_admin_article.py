"""The article in the admin: who sees what, saving, conflicts, bad input, buttons, preview."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from articles.models import Article, Tag
from photos.models import Photo
from tests.factories import make_article, make_author, make_category, make_draft, make_tag
from tests.factories import make_user as make_staff

pytestmark = pytest.mark.django_db

LIST = reverse("admin:articles_article_changelist")
ADD = reverse("admin:articles_article_add")


@pytest.fixture
def image_photo() -> Photo:
    """A photo as the archive knows it; no picture file is needed here."""
    return Photo.objects.create(
        original="a.jpg",
        checksum="a" * 64,
        key="a" * 32,
        width=1200,
        height=800,
        caption="Chú thích kho ảnh",
    )


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(article: Article, name: str = "change") -> str:
    return reverse(f"admin:articles_article_{name}", args=[article.pk])


def typed(article: Article | None = None, **changes: Any) -> dict[str, Any]:
    """What the form sends when only ``changes`` were made to what it showed."""
    article = article or Article(headline="Tít", body="<p>Thân bài</p>")
    values: dict[str, Any] = {
        "opened_version": article.version,
        "headline": article.headline,
        "slug": article.slug,
        "kicker": article.kicker,
        "standfirst": article.standfirst,
        "body": article.body,
        "byline": article.byline,
        "source": article.source,
        "category": article.category_id or "",
        "comments_open": "on",
        "format": article.format,
        "language": article.language,
        "translation_of": "",
        "internal_note": article.internal_note,
        "new_tags": "",
    }
    for prefix in ("photos", "recordings", "related_links", "corrections"):
        values |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    return values | changes


def errors_of(response: Any) -> dict[str, Any]:
    assert response.status_code == 200
    return response.context["adminform"].form.errors


# --- who sees what ------------------------------------------------------------------------


def test_a_reporter_sees_and_changes_only_own_drafts() -> None:
    reporter = make_staff("reporter")
    own, other = make_draft(created_by=reporter), make_draft(headline="Của người khác")
    client = signed_in(reporter)
    assert other.headline not in client.get(LIST).content.decode()
    assert client.post(page_of(own), typed(own, headline="Tít mới")).status_code == 302
    own.refresh_from_db()
    assert own.headline == "Tít mới"
    refused = client.post(page_of(other), typed(other, headline="Tít mới"))
    assert refused.status_code == 403
    assert "Bài này không phải của bạn" in refused.content.decode()


@pytest.mark.parametrize("status", ["in_review", "published", "withdrawn"])
def test_a_reporter_reads_but_does_not_change_what_left_their_hands(status: str) -> None:
    reporter = make_staff("reporter")
    article = make_article(created_by=reporter, status=status)
    client = signed_in(reporter)
    shown = client.get(page_of(article))
    assert shown.status_code == 200
    assert "_verb" not in shown.content.decode()
    refused = client.post(page_of(article), typed(article, body="<p>Chữ vừa gõ</p>"))
    assert refused.status_code == 403
    assert "Chữ vừa gõ" in refused.content.decode()
    article.refresh_from_db()
    assert "Chữ vừa gõ" not in article.body


def test_a_section_editor_changes_articles_of_that_section() -> None:
    ours, theirs = make_category(), make_category()
    editor = make_staff("editor")
    ours.editors.add(editor)
    mine, other = make_article(category=ours), make_article(category=theirs)
    client = signed_in(editor)
    listed = client.get(LIST).content.decode()
    assert mine.headline in listed
    assert other.headline not in listed
    assert client.post(page_of(mine), typed(mine, headline="Đã sửa")).status_code == 302
    refused = client.get(page_of(other))
    assert refused.status_code == 403
    assert "chuyên mục bạn không phụ trách" in refused.content.decode()


def test_a_section_editor_does_not_move_a_published_article_out() -> None:
    ours, theirs = make_category(), make_category()
    editor = make_staff("editor")
    ours.editors.add(editor)
    article = make_article(category=ours)
    client = signed_in(editor)
    assert "category" in errors_of(
        client.post(page_of(article), typed(article, category=theirs.pk))
    )
    chief = signed_in(make_staff("chief"))
    assert chief.post(page_of(article), typed(article, category=theirs.pk)).status_code == 302


def test_a_moderator_touches_no_article() -> None:
    client = signed_in(make_staff("moderator"))
    article = make_article()
    for address in (LIST, ADD, page_of(article), page_of(article, "preview")):
        assert client.get(address).status_code == 403
    assert client.get(reverse("admin:comments_comment_changelist")).status_code == 200
    assert client.get(reverse("admin:index")).status_code == 200


def test_a_stranger_is_asked_to_sign_in() -> None:
    article = make_article()
    for name in ("change", "preview", "publish", "withdraw"):
        assert Client().get(page_of(article, name)).status_code == 302


def test_only_a_draft_is_deleted() -> None:
    chief = signed_in(make_staff("chief"))
    draft, article = make_draft(), make_article()
    assert chief.post(page_of(draft, "delete"), {"post": "yes"}).status_code == 302
    assert chief.post(page_of(article, "delete"), {"post": "yes"}).status_code == 403
    assert list(Article.objects.all()) == [article]


def test_before_deleting_only_what_somebody_has_entered_is_named(image_photo: Photo) -> None:
    chief = signed_in(make_staff("chief"))
    tag, figure = make_tag(name="Lũ lụt"), f'<figure data-photo-id="{image_photo.pk}"></figure>'
    draft = make_draft(headline="Tít nháp", body=figure, tags=[tag], authors=[make_author()])
    draft.related_links.create(url="https://a.example/", title="Bài ngoài")
    for page, names in (
        (page_of(draft, "delete"), ["Tít nháp", "Bài ngoài"]),
        (reverse("admin:articles_tag_delete", args=[tag.pk]), ["Lũ lụt"]),
    ):
        response = chief.get(page)
        for name in names:
            assert name in response.content.decode()
        told = str(response.context["deleted_objects"]) + str(response.context["model_count"])
        assert not re.search("placement|relationship|object|ảnh trong nội dung", told.lower()), told


@pytest.mark.parametrize("count", [3, 12])
def test_the_list_takes_the_same_number_of_queries(
    count: int, django_assert_max_num_queries: Any
) -> None:
    for _ in range(count):
        make_article(authors=[make_author()], created_by=make_staff("reporter"))
    client = signed_in(make_staff("editor"))
    with django_assert_max_num_queries(12):
        assert client.get(LIST).status_code == 200


@pytest.mark.parametrize("words", ["quang ninh", "Quảng Ninh", "QUẢNG", "ninh quang"])
def test_the_list_is_searched_without_marks(words: str) -> None:
    client = signed_in(make_staff("editor"))
    make_draft(headline="Vùng mỏ Quảng Ninh vào ca")
    make_draft(headline="Chuyện khác hẳn")
    listed = client.get(LIST, {"q": words}).content.decode()
    assert "Vùng mỏ" in listed
    assert "Chuyện khác hẳn" not in listed


def test_the_list_shows_my_drafts_and_scheduled_ones() -> None:
    editor = make_staff("editor")
    make_draft(headline="Nháp của tôi", created_by=editor)
    make_draft(headline="Nháp của bạn")
    make_article(headline="Bài hẹn giờ", published_at=timezone.now() + timedelta(days=1))
    client = signed_in(editor)
    mine = client.get(LIST, {"mine": "draft"}).content.decode()
    assert "Nháp của tôi" in mine
    assert "Nháp của bạn" not in mine
    scheduled = client.get(LIST, {"state": "scheduled"}).content.decode()
    assert "Bài hẹn giờ" in scheduled
    assert "Nháp của tôi" not in scheduled


# --- saving ---------------------------------------------------------------------------------


def test_a_reporter_writes_an_article() -> None:
    reporter, category = make_staff("reporter"), make_category()
    data = typed(headline="Bài của phóng viên", category=category.pk, _verb="submit")
    response = signed_in(reporter).post(ADD, data)
    assert response.status_code == 302
    article = Article.objects.get()
    assert article.created_by == reporter
    assert article.status == Article.Status.IN_REVIEW


def test_new_tags_are_made_and_existing_ones_reused() -> None:
    known, english = make_tag(name="Quảng Ninh"), make_tag(name="Cây cầu", name_en="Bridges")
    draft = make_draft()
    data = typed(draft, new_tags="quang ninh, Đông Triều,, đông triều , bridges")
    assert signed_in(make_staff("editor")).post(page_of(draft), data).status_code == 302
    assert set(draft.tags.all()) == {known, english, Tag.objects.get(slug="dong-trieu")}
    assert Tag.objects.count() == 3


def test_photos_and_links_keep_their_order_and_words(image_photo: Photo) -> None:
    draft, target = make_draft(), make_article()
    data = typed(draft)
    data |= {
        "photos-TOTAL_FORMS": 2,
        "photos-0-photo": image_photo.pk,
        "photos-0-position": 2,
        "photos-0-caption": "Chú thích hai",
        "photos-1-photo": image_photo.pk,
        "photos-1-position": 1,
        "related_links-TOTAL_FORMS": 2,
        "related_links-0-target": target.pk,
        "related_links-1-url": "https://ngoai.example/bai",
        "related_links-1-title": "Bài ngoài",
    }
    assert signed_in(make_staff("editor")).post(page_of(draft), data).status_code == 302
    uses = list(draft.photos.all())
    assert [use.caption for use in uses] == ["", "Chú thích hai"]
    assert uses[0].shown_caption == image_photo.caption
    assert [str(link) for link in draft.related_links.all()] == [target.headline, "Bài ngoài"]


def test_a_row_without_a_photo_is_refused_and_kept() -> None:
    draft = make_draft()
    data = typed(draft) | {"photos-TOTAL_FORMS": 1, "photos-0-caption": "Chữ đã gõ"}
    response = signed_in(make_staff("editor")).post(page_of(draft), data)
    assert response.status_code == 200
    assert "Chữ đã gõ" in response.content.decode()
    assert not draft.photos.exists()


def test_the_time_of_an_update_is_told_only_when_asked() -> None:
    article = make_article()
    client = signed_in(make_staff("editor"))
    client.post(page_of(article), typed(article, headline="Sửa lỗi chính tả"))
    article.refresh_from_db()
    assert article.revised_at is None
    client.post(page_of(article), typed(article, headline="Thêm tin", mark_revised="on"))
    article.refresh_from_db()
    assert article.revised_at is not None


def corrected(*rows: dict[str, Any]) -> dict[str, Any]:
    """What the form sends of the corrections."""
    values: dict[str, Any] = {
        "corrections-TOTAL_FORMS": len(rows),
        "corrections-INITIAL_FORMS": sum("id" in row for row in rows),
    }
    for number, row in enumerate(rows):
        row = {"made_at_0": "24/11/2026", "made_at_1": "09:00:00"} | row
        values |= {f"corrections-{number}-{name}": value for name, value in row.items()}
    return values


def test_a_correction_is_a_revision_for_machines() -> None:
    """Added, reworded or taken back; not when the form is saved with nothing new in it."""
    article = make_article()
    client = signed_in(make_staff("editor"))

    def revised(*rows: dict[str, Any]) -> bool:
        Article.objects.filter(pk=article.pk).update(revised_at=None)
        article.refresh_from_db()
        response = client.post(page_of(article), typed(article) | corrected(*rows))
        assert response.status_code == 302, response.context["errors"]
        article.refresh_from_db()
        return article.revised_at is not None

    assert revised({"wrong": "Ba cầu", "right": "Hai cầu"})
    known = {"id": article.corrections.get().pk, "wrong": "Ba cầu", "right": "Hai cầu"}
    assert not revised(known)
    assert revised(known | {"right": "Bốn cầu"})
    assert revised(known | {"DELETE": "on"})


def test_the_slug_of_a_published_article_stays() -> None:
    article = make_article(slug="dia-chi-cu")
    signed_in(make_staff("editor")).post(page_of(article), typed(article, slug="dia-chi-moi"))
    article.refresh_from_db()
    assert article.slug == "dia-chi-cu"


# --- two editors ------------------------------------------------------------------------------


def test_the_second_of_two_editors_is_told_and_loses_nothing() -> None:
    first, second = make_staff("editor", name="Trần Văn Một"), make_staff("editor")
    draft = make_draft()
    opened = typed(draft)
    assert (
        signed_in(first).post(page_of(draft), opened | {"headline": "Của một"}).status_code == 302
    )
    mine = opened | {"headline": "Của hai", "body": "<p>Chữ của hai</p>"}
    client = signed_in(second)
    response = client.post(page_of(draft), mine)
    page = response.content.decode()
    assert "__all__" in errors_of(response)
    assert "Trần Văn Một" in page
    assert "Chữ của hai" in page
    draft.refresh_from_db()
    assert draft.headline == "Của một"
    assert client.post(page_of(draft), mine | {"overwrite": "on"}).status_code == 302
    draft.refresh_from_db()
    assert draft.headline == "Của hai"


# --- bad input --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("headline", ""),
        ("headline", "  \u200b "),
        ("headline", "x" * 251),
        ("kicker", "x" * 81),
        ("standfirst", "x" * 2001),
        ("slug", "x" * 121),
        ("new_tags", "x" * 101),
        ("category", ""),
        ("category", "999999"),
        ("byline", "x" * 251),
    ],
)
def test_bad_input_is_named_at_its_field_and_kept(field: str, value: str) -> None:
    draft = make_draft(headline="Tít cũ")
    data = typed(draft, internal_note="Chữ khác đã gõ") | {field: value}
    response = signed_in(make_staff("editor")).post(page_of(draft), data)
    assert field in errors_of(response)
    assert "Chữ khác đã gõ" in response.content.decode()
    if value.strip("x") == "" and value:
        assert value in response.content.decode()
    draft.refresh_from_db()
    assert draft.headline == "Tít cũ"
    assert draft.internal_note == ""


def test_text_is_stored_composed_and_without_control_characters() -> None:
    draft = make_draft()
    headline = "Ho\u0300a bi\u0300nh \u202eđảo\x07 chữ"
    signed_in(make_staff("editor")).post(page_of(draft), typed(draft, headline=headline))
    draft.refresh_from_db()
    assert draft.headline == "Hòa bình đảo chữ"


def test_script_in_every_field_stays_text() -> None:
    attack = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    draft = make_draft()
    fields = ("headline", "standfirst", "byline", "source", "internal_note", "body", "new_tags")
    data = typed(draft, kicker="<b onclick=x>K</b>") | dict.fromkeys(fields, attack)
    client = signed_in(make_staff("editor"))
    client.post(page_of(draft), data)
    draft.refresh_from_db()
    assert draft.headline == attack
    assert "script" not in draft.body
    assert "onerror" not in draft.body
    for address in (page_of(draft), LIST, page_of(draft, "preview"), page_of(draft, "publish")):
        page = client.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "<b onclick" not in page


def test_a_slug_of_another_article_is_refused() -> None:
    make_article(slug="cung-mot-duong-dan")
    draft = make_draft()
    client = signed_in(make_staff("editor"))
    response = client.post(page_of(draft), typed(draft, slug="Cùng một đường dẫn"))
    assert "slug" in errors_of(response)
    assert client.post(page_of(draft), typed(draft, slug="Đường dẫn khác")).status_code == 302
    draft.refresh_from_db()
    assert draft.slug == "duong-dan-khac"


# --- buttons and preview --------------------------------------------------------------------


def test_publish_has_its_own_page_and_says_where_readers_find_it() -> None:
    draft = make_draft()
    client = signed_in(make_staff("editor"))
    response = client.post(page_of(draft), typed(draft, _verb="publish"))
    assert response["Location"] == page_of(draft, "publish")
    assert client.get(page_of(draft, "publish")).status_code == 200
    draft.refresh_from_db()
    assert draft.status == Article.Status.DRAFT, "reading the page publishes nothing"
    response = client.post(page_of(draft, "publish"), follow=True)
    draft.refresh_from_db()
    assert draft.is_public
    assert draft.get_absolute_url() in response.content.decode()


def test_a_button_needs_its_token() -> None:
    draft = make_draft()
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_staff("editor"))
    response = client.post(page_of(draft, "publish"))
    assert response.status_code == 403
    html = response.content.decode()
    assert "Biểu mẫu đã hết hiệu lực" in html
    assert "đăng nhập lại" in html
    assert 'href="/admin/"' in html
    draft.refresh_from_db()
    assert draft.status == Article.Status.DRAFT


@pytest.mark.parametrize("name", ["publish", "schedule", "withdraw", "send-back"])
def test_a_reporter_is_told_why_a_button_is_closed(name: str) -> None:
    reporter = make_staff("reporter")
    draft = make_draft(created_by=reporter)
    client = signed_in(reporter)
    for response in (client.get(page_of(draft, name)), client.post(page_of(draft, name))):
        assert response.status_code == 403
        assert "không bao gồm việc xuất bản" in response.content.decode()
    editor = signed_in(make_staff("editor"))
    assert editor.get(page_of(draft, name)).status_code == 200


def test_an_empty_article_is_not_published_and_says_why() -> None:
    draft = make_draft(body="")
    response = signed_in(make_staff("editor")).post(page_of(draft, "publish"))
    assert response.status_code == 200
    assert "chưa có nội dung" in response.content.decode()


def test_a_typed_time_has_the_day_first() -> None:
    draft = make_draft()
    client = signed_in(make_staff("editor"))
    year = timezone.localdate().year + 1
    assert client.post(page_of(draft, "schedule"), {"at": f"08/09/{year} 14:30"}).status_code == 302
    draft.refresh_from_db()
    assert draft.published_at is not None
    local = timezone.localtime(draft.published_at)
    assert (local.day, local.month, local.hour, local.minute) == (8, 9, 14, 30)


@pytest.mark.parametrize(
    "at", ["", "31/02/2030 10:00", "mai", "09/08/2019 10:00", "2030-13-01 1:1"]
)
def test_a_wrong_time_is_refused_in_words_and_kept(at: str) -> None:
    draft = make_draft()
    response = signed_in(make_staff("editor")).post(page_of(draft, "schedule"), {"at": at})
    assert response.status_code == 200
    assert response.context["form"].errors["at"]
    assert f'value="{at}"' in response.content.decode() or not at
    draft.refresh_from_db()
    assert draft.status == Article.Status.DRAFT


def test_the_preview_is_the_readers_page_for_those_who_may_see_the_draft() -> None:
    reporter = make_staff("reporter")
    draft = make_draft(created_by=reporter, headline="Chưa ai đọc")
    shown = signed_in(reporter).get(page_of(draft, "preview"))
    page = shown.content.decode()
    assert shown.status_code == 200
    assert "Bản xem trước" in page
    assert "Chưa ai đọc" in page
    assert "no-store" in shown["Cache-Control"]
    assert "public" not in shown["Cache-Control"]
    assert "unsafe-inline" not in shown["Content-Security-Policy"]
    assert signed_in(make_staff("reporter")).get(page_of(draft, "preview")).status_code == 403


def test_only_pages_with_the_editor_have_the_relaxed_policy() -> None:
    client = signed_in(make_staff("editor"))
    draft = make_draft()
    loose = "script-src 'self' 'unsafe-inline'"
    for address in (ADD, page_of(draft)):
        assert loose in client.get(address)["Content-Security-Policy"]
    for address in (LIST, page_of(draft, "publish"), reverse("admin:index")):
        assert loose not in client.get(address)["Content-Security-Policy"]


def test_source_view_is_for_the_chief_alone() -> None:
    draft = make_draft()
    for role, has in (("chief", True), ("editor", False), ("reporter", False)):
        user = make_staff(role)
        draft.created_by = user
        draft.save()
        assert ("&quot;Source&quot;" in signed_in(user).get(page_of(draft)).content.decode()) == has


def test_related_articles_are_found_without_marks_among_public_ones() -> None:
    make_article(headline="Quảng Ninh đón khách")
    make_draft(headline="Quảng Ninh bản nháp của người khác")
    found = signed_in(make_staff("reporter")).get(
        reverse("admin:autocomplete"),
        {
            "term": "quang ninh",
            "app_label": "articles",
            "model_name": "relatedlink",
            "field_name": "target",
        },
    )
    assert [row["text"] for row in found.json()["results"]] == ["Quảng Ninh đón khách"]


@pytest.mark.parametrize("role", ["reporter", "editor", "chief", "moderator"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_first_page_shows_what_waits_for_whom(role: str, language: str) -> None:
    user = make_staff(role, language=language)
    make_draft(created_by=user, headline="Nháp đang viết")
    make_article(status="in_review", headline="Bài chờ duyệt")
    page = signed_in(user).get(reverse("admin:index")).content.decode()
    assert ("Nháp đang viết" in page) == (role != "moderator")
    assert ("Bài chờ duyệt" in page) == (role in ("editor", "chief"))
    waits = "ý kiến chờ duyệt" if language == "vi" else "comments wait"
    assert (waits in page) == (role in ("moderator", "chief"))


def test_the_admin_speaks_the_users_language() -> None:
    draft = make_draft()
    vi = signed_in(make_staff("editor")).get(page_of(draft)).content.decode()
    en = signed_in(make_staff("editor", language="en")).get(page_of(draft)).content.decode()
    assert "Xuất bản" in vi
    assert "Save and preview" not in vi
    assert "Save and preview" in en
    make_tag(name="Cầu")
    rows = signed_in(make_staff("chief")).get(reverse("admin:articles_tag_changelist"))
    assert 'aria-label="Chọn mục này' in rows.content.decode()
