"""An article and its translations: one in each language, each knowing the others."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import override_settings

from articles.models import Article
from articles.versions import begin_translation, link, missing_languages, other_versions
from tests.factories import make_article, make_author, make_draft, make_user
from tests.site.conftest import make_photo, use_photo

pytestmark = pytest.mark.django_db


def test_an_article_is_in_the_papers_language() -> None:
    assert make_article().language == "vi"
    with override_settings(LANGUAGE_CODE="en"):
        assert make_article().language == "en"


def test_two_articles_are_linked_both_ways_and_let_go() -> None:
    first, second = make_article(), make_article(language="en")
    link(second, first)
    first.refresh_from_db()
    assert list(other_versions(first)) == [second]
    assert list(other_versions(second)) == [first]
    assert missing_languages(first) == []
    link(second, None)
    assert not other_versions(first).exists()
    assert not other_versions(second).exists()
    link(first, second)
    assert list(other_versions(second)) == [first]


@pytest.mark.parametrize("which", ["itself", "same language", "language taken"])
def test_what_cannot_be_one_article_is_refused_in_words(which: str) -> None:
    first, second = make_article(), make_article(language="en")
    if which == "itself":
        other, words = second, "chính nó"
    elif which == "same language":
        other, words = make_article(language="en"), "cùng một ngôn ngữ"
    else:
        link(make_article(language="en"), first)
        other, words = first, "đã có bản"
    with pytest.raises(ValidationError, match=words):
        link(second, other)
    second.refresh_from_db()
    assert second.original_id is None


def test_the_database_refuses_a_second_version_in_a_language() -> None:
    first = make_article()
    link(make_article(language="en"), first)
    third = make_article(language="en")
    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.filter(pk=third.pk).update(original=first.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.filter(original=first.pk).update(language="vi")


def test_a_translation_begins_with_what_the_article_has() -> None:
    article = make_article(authors=[make_author()], kicker="Chuyện ở cơ sở", byline="Hoài Anh")
    use_photo(article, make_photo(), caption="Cầu mới", credit="Lan Anh", alt="Cầu")
    reporter = make_user("reporter")
    draft = begin_translation(article, "en", by=reporter)
    assert (draft.status, draft.language, draft.created_by) == ("draft", "en", reporter)
    assert (draft.slug, draft.published_at) == ("", None)
    for name in ("headline", "standfirst", "body", "byline", "category"):
        assert getattr(draft, name) == getattr(article, name), name
    assert list(draft.authors.all()) == list(article.authors.all())
    (use,) = draft.photos.all()
    assert (use.photo, use.caption) == (article.photos.get().photo, "Cầu mới")
    assert list(other_versions(article)) == [draft]
    with pytest.raises(ValidationError, match="đã có bản"):
        begin_translation(article, "en", by=reporter)
    assert Article.objects.filter(language="en").count() == 1


def test_who_may_not_write_may_not_translate() -> None:
    article = make_article()
    with pytest.raises(PermissionDenied):
        begin_translation(article, "en", by=make_user("moderator"))
    assert not other_versions(article).exists()
    assert begin_translation(article, "en", by=make_user("reporter"))


def test_a_deleted_draft_leaves_the_other_alone() -> None:
    draft = make_draft()
    article = make_article(language="en")
    link(article, draft)
    draft.delete()
    article.refresh_from_db()
    assert article.original_id is None
