"""The verbs: who may, from which state, what is written, which pages grow old."""

from collections.abc import Iterator
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from articles import publishing
from articles.models import Article
from articles.publishing import PublishingError
from core.page_tags import dropped
from tests.factories import make_article, make_author, make_category, make_draft, make_tag
from tests.factories import make_user as make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def drops(django_capture_on_commit_callbacks: Any) -> Iterator[set[str]]:
    """The tags dropped while the test runs (read them after leaving a capture block)."""
    found: set[str] = set()

    def note(sender: Any, tags: frozenset[str], **_: Any) -> None:
        found.update(tags)

    dropped.connect(note)
    yield found
    dropped.disconnect(note)


def test_an_editor_publishes_a_draft() -> None:
    editor, draft = make_staff("editor"), make_draft(headline="Gặp Phó Đô đốc ở Đông Triều")
    before = timezone.now()
    publishing.publish(draft, by=editor)
    draft.refresh_from_db()
    assert draft.is_public
    assert draft.published_at and before <= draft.published_at <= timezone.now()
    assert draft.slug == "gap-pho-do-doc-o-dong-trieu"
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id) == (editor, str(draft.pk))


@pytest.mark.parametrize("role", ["reporter", "moderator", ""])
def test_others_cannot_publish(role: str) -> None:
    user = make_staff(role)
    draft = make_draft(created_by=user)
    with pytest.raises(PermissionDenied) as refusal:
        publishing.publish(draft, by=user)
    assert str(refusal.value)
    draft.refresh_from_db()
    assert draft.status == Article.Status.DRAFT
    assert not LogEntry.objects.exists()


def test_a_section_editor_publishes_in_that_section_only() -> None:
    ours, child, theirs = make_category(), make_category(), make_category()
    child.parent = ours
    child.save()
    editor = make_staff("editor")
    ours.editors.add(editor)
    for category in (ours, child):
        publishing.publish(make_draft(category=category), by=editor)
    with pytest.raises(PermissionDenied):
        publishing.publish(make_draft(category=theirs), by=editor)
    chief = make_staff("chief")
    ours.editors.add(chief)
    publishing.publish(make_draft(category=theirs), by=chief)


@pytest.mark.parametrize("verb", ["publish", "schedule", "withdraw", "send_back"])
def test_no_verb_of_the_desk_is_open_to_a_reporter(verb: str) -> None:
    reporter = make_staff("reporter")
    arguments = {"at": timezone.now() + timedelta(days=1)} if verb == "schedule" else {}
    status = {"withdraw": "published", "send_back": "in_review"}.get(verb, "draft")
    article = make_article(created_by=reporter, status=status)
    with pytest.raises(PermissionDenied):
        getattr(publishing, verb)(article, by=reporter, **arguments)
    getattr(publishing, verb)(article, by=make_staff("editor"), **arguments)


def test_it_says_all_that_is_missing() -> None:
    draft = make_draft(body="<p> </p>")
    Article.objects.filter(pk=draft.pk).update(body="<p> </p>")
    with pytest.raises(PublishingError) as error:
        publishing.publish(draft, by=make_staff("editor"))
    assert len(error.value.problems) == 1
    draft.refresh_from_db()
    assert draft.status == Article.Status.DRAFT


def test_publishing_twice_is_harmless() -> None:
    editor, draft = make_staff("editor"), make_draft()
    publishing.publish(draft, by=editor)
    first = draft.published_at
    publishing.publish(draft, by=editor)
    assert draft.published_at == first
    assert LogEntry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_editors_publishing_at_once_publish_once() -> None:
    editors = [make_staff("editor"), make_staff("editor")]
    draft = make_draft()
    start, errors = Barrier(2), []

    def press(editor: Any) -> None:
        try:
            start.wait()
            publishing.publish(Article.objects.get(pk=draft.pk), by=editor)
        except Exception as error:  # noqa: BLE001 - shown by the test
            errors.append(error)
        finally:
            connection.close()

    threads = [Thread(target=press, args=(editor,)) for editor in editors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert LogEntry.objects.count() == 1


def test_a_republished_article_keeps_its_first_time_and_slug() -> None:
    editor, article = make_staff("editor"), make_article(slug="dia-chi-cu")
    first = article.published_at
    publishing.withdraw(article, by=editor, note="Sai số liệu")
    assert article.status == Article.Status.WITHDRAWN
    assert article.withdrawal_note == "Sai số liệu"
    article.headline = "Tít khác hẳn"
    article.save()
    publishing.publish(article, by=editor)
    assert (article.published_at, article.slug) == (first, "dia-chi-cu")
    assert article.withdrawn_at is None


def test_a_scheduled_article_appears_at_its_time_and_can_be_called_off() -> None:
    editor, draft = make_staff("editor"), make_draft()
    at = timezone.now() + timedelta(hours=2)
    publishing.schedule(draft, by=editor, at=at)
    assert draft.is_scheduled
    assert not Article.objects.published().exists()
    publishing.withdraw(draft, by=editor)
    assert (draft.status, draft.published_at) == (Article.Status.DRAFT, None)


def test_a_scheduled_article_can_be_published_now() -> None:
    editor, draft = make_staff("editor"), make_draft()
    publishing.schedule(draft, by=editor, at=timezone.now() + timedelta(hours=2))
    publishing.publish(draft, by=editor)
    assert draft.is_public


def test_a_past_time_is_refused() -> None:
    draft = make_draft()
    with pytest.raises(PublishingError):
        publishing.schedule(
            draft, by=make_staff("editor"), at=timezone.now() - timedelta(minutes=1)
        )
    draft.refresh_from_db()
    assert draft.status == Article.Status.DRAFT


def test_a_published_article_cannot_be_scheduled() -> None:
    at = timezone.now() + timedelta(days=1)
    with pytest.raises(PublishingError):
        publishing.schedule(make_article(), by=make_staff("editor"), at=at)


def test_a_reporter_submits_and_the_desk_sends_back_with_a_note() -> None:
    reporter, editor = make_staff("reporter"), make_staff("editor", name="Lê Thị Biên Tập")
    draft = make_draft(created_by=reporter)
    publishing.submit(draft, by=reporter)
    publishing.submit(draft, by=reporter)
    assert draft.status == Article.Status.IN_REVIEW
    publishing.send_back(draft, by=editor, note="Thiếu số liệu\x07")
    assert draft.status == Article.Status.DRAFT
    assert "Lê Thị Biên Tập: Thiếu số liệu" in draft.internal_note
    assert "\x07" not in draft.internal_note


def test_nobody_submits_an_article_of_another() -> None:
    draft = make_draft(created_by=make_staff("reporter"))
    with pytest.raises(PermissionDenied):
        publishing.submit(draft, by=make_staff("reporter"))
    own = make_draft(
        created_by=None, authors=[make_author(user=(author := make_staff("reporter")))]
    )
    publishing.submit(own, by=author)


@pytest.mark.parametrize("status", ["draft", "in_review", "withdrawn"])
def test_only_a_published_article_is_withdrawn(status: str) -> None:
    article = make_article(status=status, withdrawn_at=timezone.now())
    if status == "withdrawn":
        publishing.withdraw(article, by=make_staff("editor"))  # harmless
        assert not LogEntry.objects.exists()
    else:
        with pytest.raises(PublishingError):
            publishing.withdraw(article, by=make_staff("editor"))


def test_a_verb_writes_only_its_own_columns() -> None:
    draft = make_draft(headline="Tít cũ")
    stale = Article.objects.get(pk=draft.pk)
    Article.objects.filter(pk=draft.pk).update(headline="Tít mới")
    publishing.publish(stale, by=make_staff("editor"))
    assert Article.objects.get(pk=draft.pk).headline == "Tít mới"


def test_warnings_name_the_photo_and_the_shortcode() -> None:
    draft = make_draft(body="<p>[photo(3)]</p><p>[video(1)]</p><p>[links()]</p>")
    draft.photos.create(caption="Không có ảnh")
    assert len(publishing.warnings(draft)) == 5
    assert not publishing.warnings(make_draft())


def test_publication_drops_every_page_that_shows_it(
    drops: set[str], django_capture_on_commit_callbacks: Any
) -> None:
    parent = make_category()
    category = make_category(parent=parent)
    more, tag, author = make_category(), make_tag(), make_author()
    draft = make_draft(category=category, more_categories=[more], tags=[tag], authors=[author])
    linking = make_article()
    linking.related_links.create(target=draft)
    with django_capture_on_commit_callbacks(execute=True):
        publishing.publish(draft, by=make_staff("editor"))
    assert drops >= {
        *("front", f"article:{draft.pk}", f"category:{category.pk}", f"category:{parent.pk}"),
        *(f"category:{more.pk}", f"tag:{tag.pk}", f"author:{author.pk}", f"article:{linking.pk}"),
    }


def test_a_draft_drops_nothing(drops: set[str], django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        draft = make_draft(tags=[make_tag()])
        draft.headline = "Tít khác"
        draft.save()
        draft.photos.create(caption="Ảnh")
    assert not {tag for tag in drops if tag != "menus" and not tag.startswith("category:")}


def test_a_move_drops_the_section_it_leaves(
    drops: set[str], django_capture_on_commit_callbacks: Any
) -> None:
    old, new = make_category(), make_category()
    article = make_article(category=old)
    with django_capture_on_commit_callbacks(execute=True):
        article.category = new
        article.save()
    assert {f"category:{old.pk}", f"category:{new.pk}"} <= drops
