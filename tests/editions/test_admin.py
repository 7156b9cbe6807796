"""The desk and the languages: the form, the button for a translation, the list."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from articles.models import Article
from articles.versions import link, other_versions
from tests.articles.test_admin_article import ADD, LIST, errors_of, page_of, signed_in, typed
from tests.factories import make_article, make_category, make_draft, make_user

pytestmark = pytest.mark.django_db


def save(client: Client, article: Article, **changes: Any) -> Any:
    return client.post(page_of(article), typed(article, _continue="1", **changes))


def test_the_form_takes_a_language_and_what_it_is_a_translation_of() -> None:
    editor = signed_in(make_user("editor"))
    original, draft = make_article(), make_draft()
    assert 'name="translation_of"' in editor.get(page_of(draft)).content.decode()
    saved = save(editor, draft, language="en", translation_of=original.pk)
    assert saved.status_code == 302
    draft.refresh_from_db()
    assert draft.language == "en"
    assert list(other_versions(original)) == []  # read before
    original.refresh_from_db()
    assert list(other_versions(original)) == [draft]
    # Saved as it is shown, they stay together; emptied, they are let go.
    assert f'value="{original.pk}" selected' in editor.get(page_of(draft)).content.decode()
    save(editor, draft, translation_of=original.pk, headline="The bridge")
    assert list(other_versions(original)) == [draft]
    draft.refresh_from_db()
    save(editor, draft)
    assert not other_versions(original).exists()


def test_a_new_article_may_begin_as_a_translation() -> None:
    editor, original = signed_in(make_user("editor")), make_article()
    fields = typed(language="en", translation_of=original.pk, category=original.category_id)
    assert editor.post(ADD, fields).status_code == 302
    original.refresh_from_db()
    assert other_versions(original).get().headline == "Tít"


@pytest.mark.parametrize(
    ("which", "words"),
    [
        ("itself", "Một bài không thể là bản dịch của chính nó."),
        ("same language", "Hai bài cùng một ngôn ngữ (Tiếng Việt)."),
        ("language taken", "Bài kia đã có bản English."),
        ("not theirs", "Hãy chọn"),
    ],
)
def test_what_does_not_go_together_is_said_and_nothing_is_lost(which: str, words: str) -> None:
    reporter = make_user("reporter")
    draft, other = make_draft(created_by=reporter), make_article()
    language = "vi" if which == "same language" else "en"
    if which == "language taken":
        link(make_article(language="en"), other)
    if which == "itself":
        other = draft
    if which == "not theirs":
        other = make_draft(headline="Bản nháp của người khác")
    changes = {"language": language, "translation_of": other.pk, "headline": "Tít vừa gõ"}
    answer = save(signed_in(reporter), draft, **changes)
    (problem,) = errors_of(answer)["translation_of"]
    assert words in problem
    assert "Tít vừa gõ" in answer.content.decode()
    draft.refresh_from_db()
    assert (draft.language, draft.original_id) == ("vi", None)


def test_errors_are_in_the_users_language() -> None:
    user = make_user("editor", language="en")
    first, second = make_article(), make_article()
    answer = save(signed_in(user), first, translation_of=second.pk)
    assert errors_of(answer)["translation_of"] == [
        "Both articles are in the same language (Tiếng Việt)."
    ]


def test_a_language_may_be_changed_within_a_pair() -> None:
    editor = signed_in(make_user("chief"))
    original, english = make_article(), make_article(language="en")
    link(english, original)
    taken = save(editor, english, language="vi", translation_of=original.pk)
    assert "cùng một ngôn ngữ" in errors_of(taken)["translation_of"][0]
    english.refresh_from_db()
    assert save(editor, english, language="vi").status_code == 302
    english.refresh_from_db()
    assert (english.language, english.original_id) == ("vi", None)


def test_the_button_makes_a_draft_in_the_other_language() -> None:
    reporter = make_user("reporter")
    article = make_article(created_by=reporter, headline="Cầu mới thông xe")
    client = signed_in(reporter)
    address = page_of(article, "translate")
    assert address in client.get(page_of(article)).content.decode()
    assert "English" in client.get(address).content.decode()
    made = client.post(address, {"language": "en"}, follow=True)
    draft = Article.objects.get(language="en")
    assert made.request["PATH_INFO"] == page_of(draft)
    assert "Cầu mới thông xe" in made.content.decode()
    assert page_of(draft) in client.get(page_of(article)).content.decode()
    # There is no second one.
    assert "Bài đã có bản ở mọi ngôn ngữ" in client.get(address).content.decode()
    assert client.post(address, {"language": "en"}).status_code == 200
    assert Article.objects.filter(language="en").count() == 1


@pytest.mark.parametrize("role", ["moderator", "reporter"])
def test_others_make_no_translation(role: str) -> None:
    article = make_draft()
    answer = signed_in(make_user(role)).post(page_of(article, "translate"), {"language": "en"})
    assert answer.status_code in (403, 404)
    assert Article.objects.count() == 1


def test_the_list_tells_languages_apart() -> None:
    category = make_category()
    make_article(category=category, headline="Tin tiếng Việt")
    make_article(category=category, headline="News in English", language="en")
    editor = signed_in(make_user("editor"))
    for language, shown, hidden in (
        ("en", "News in English", "Tin tiếng Việt"),
        ("vi", "Tin tiếng Việt", "News in English"),
    ):
        html = editor.get(LIST, {"language__exact": language}).content.decode()
        assert shown in html
        assert hidden not in html
    both = editor.get(LIST).content.decode()
    assert '<small class="kicker">English</small> News in English' in both
    assert "Tin tiếng Việt" in both


def test_the_preview_is_in_the_articles_language() -> None:
    reporter = make_user("reporter")
    draft = make_draft(created_by=reporter, language="en", headline="The bridge is open")
    html = signed_in(reporter).get(page_of(draft, "preview")).content.decode()
    assert '<html lang="en">' in html
    assert "All sections" in html


def test_addresses_in_the_newsroom_are_right_for_staff_who_read_english() -> None:
    chief = make_user("chief", language="en")
    article, english = make_article(), make_article(language="en")
    client = signed_in(chief)
    assert (
        f'href="/{article.slug}-{article.pk}.html"' in client.get(page_of(article)).content.decode()
    )
    assert f'href="/en/{english.slug}-' in client.get(page_of(english)).content.decode()
    category = make_category(name="Giao thông", slug="giao-thong")
    client.post(
        reverse("admin:categories_category_change", args=[category.pk]),
        {"name": "Giao thông", "slug": "duong-sa", "position": 1, "in_menu": "on"},
    )
    assert Client().get("/giao-thong/").headers["Location"] == "/duong-sa/"
