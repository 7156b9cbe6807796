"""Lists stay right whatever changes and whoever writes, and deep pages stay cheap."""

from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from articles import placements
from articles.lists import ListSize, Placement, newest_of
from articles.models import Article
from categories.models import Category
from tests.factories import (
    make_article,
    make_author,
    make_category,
    make_draft,
    make_tag,
    make_topic,
)

pytestmark = pytest.mark.django_db


def in_list(owner: Any) -> list[Article]:
    """What the list shows; its count, kept apart, must say the same."""
    listed = Article.objects.listed(owner)
    assert listed.count() == len(listed[:100])
    return listed[:100]


@pytest.fixture
def section() -> Category:
    return make_category()


@pytest.fixture
def child(section: Category) -> Category:
    return make_category(parent=section)


def test_a_section_has_its_articles_and_those_of_its_children_newest_first(
    section: Category, child: Category
) -> None:
    now = timezone.now()
    old = make_article(category=child, published_at=now - timedelta(days=2))
    new = make_article(category=section, published_at=now - timedelta(days=1))
    twin = make_article(category=section, published_at=new.published_at)
    make_article(category=make_category())
    assert in_list(section) == [twin, new, old]
    assert in_list(child) == [old]


def test_an_article_placed_in_a_section_twice_stands_there_once(
    section: Category, child: Category
) -> None:
    article = make_article(category=child, more_categories=[section, make_category(parent=section)])
    assert in_list(section) == [article]
    article.more_categories.clear()
    assert in_list(section) == [article]


def test_more_categories_come_and_go(section: Category, child: Category) -> None:
    article = make_article(category=make_category())
    article.more_categories.add(child)
    assert in_list(child) == in_list(section) == [article]
    article.more_categories.remove(child)
    assert in_list(child) == in_list(section) == []


def test_authors_tags_and_topics_have_lists_too() -> None:
    author, tag, topic = make_author(), make_tag(), make_topic()
    article = make_article(authors=[author], tags=[tag], topics=[topic])
    for owner in (author, tag, topic):
        assert in_list(owner) == [article]
    article.authors.clear()
    article.tags.set([make_tag()])
    topic.articles.remove(article)
    for owner in (author, tag, topic):
        assert in_list(owner) == []


def test_what_readers_may_not_see_is_in_no_list_but_in_the_newsroom(section: Category) -> None:
    draft = make_draft(category=section)
    withdrawn = make_article(category=section, status=Article.Status.WITHDRAWN)
    at = timezone.now() + timedelta(hours=1)
    scheduled = make_article(category=section, published_at=at)
    assert in_list(section) == []
    assert Article.objects.listed(section).changes_at == at
    assert set(Article.objects.in_section(section)) == {draft, withdrawn, scheduled}


def test_a_scheduled_article_comes_by_itself(
    section: Category, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = make_article(category=section, published_at=timezone.now() + timedelta(hours=1))
    assert in_list(section) == []
    later = timezone.now() + timedelta(hours=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert in_list(section) == [article]
    assert Article.objects.listed(section).changes_at is None


def test_lists_follow_state_time_and_category_however_they_are_written(
    section: Category, child: Category
) -> None:
    first, second = make_article(category=child), make_draft(category=child)
    Article.objects.filter(pk=second.pk).update(
        status=Article.Status.PUBLISHED, slug="hai", published_at=timezone.now()
    )
    assert in_list(section) == [second, first]
    second.refresh_from_db()
    second.published_at = first.published_at - timedelta(days=1)
    second.save(update_fields=["published_at"])
    assert in_list(section) == [first, second]
    Article.objects.filter(pk=first.pk).update(status=Article.Status.WITHDRAWN)
    assert in_list(section) == in_list(child) == [second]
    elsewhere = make_category()
    Article.objects.filter(pk=second.pk).update(category=elsewhere)
    assert in_list(section) == in_list(child) == []
    assert in_list(elsewhere) == [second]


def test_articles_made_in_bulk_are_listed(section: Category) -> None:
    at = timezone.now() - timedelta(hours=1)
    values = {"category": section, "status": Article.Status.PUBLISHED, "published_at": at}
    Article.objects.bulk_create(
        Article(headline=f"Tin {n}", slug=f"tin-{n}", **values) for n in range(5)
    )
    assert len(in_list(section)) == 5


def test_a_category_takes_its_articles_along_to_another_parent(
    section: Category, child: Category
) -> None:
    article = make_article(category=child)
    also = make_article(category=make_category(), more_categories=[child])
    stays = make_article(category=section, more_categories=[child])
    other = make_category()
    child.parent = other
    child.save()
    assert in_list(section) == [stays]
    assert set(in_list(other)) == {article, also, stays}
    child.parent = None
    child.save()
    assert in_list(other) == []
    assert set(in_list(child)) == {article, also, stays}


def test_a_deleted_article_leaves_every_list(section: Category) -> None:
    author = make_author()
    kept = make_article(category=section, authors=[author])
    make_article(category=section, authors=[author]).delete()
    Article.objects.filter(pk=make_article(category=section).pk).delete()
    assert in_list(section) == in_list(author) == [kept]
    assert Placement.objects.exclude(article=kept).count() == 0


def test_a_change_that_is_taken_back_changes_no_list(section: Category) -> None:
    article = make_article(category=section)
    with pytest.raises(RuntimeError), transaction.atomic():
        Article.objects.all().update(status=Article.Status.WITHDRAWN)
        assert in_list(section) == []
        raise RuntimeError
    assert in_list(section) == [article]


def test_saving_an_article_unchanged_writes_to_no_list(section: Category) -> None:
    article = make_article(category=section)
    Placement.objects.update(owner=0)
    article.save()
    assert set(Placement.objects.values_list("owner", flat=True)) == {0}


def test_rebuilding_makes_the_same_lists(section: Category, child: Category) -> None:
    for n in range(5):
        make_article(
            category=[section, child][n % 2],
            authors=[make_author()],
            tags=[make_tag()],
            more_categories=[child],
            published_at=timezone.now() + timedelta(hours=2 - n),
        )
    make_draft(category=child)

    def stored() -> tuple[set[Any], set[Any]]:
        sizes = ListSize.objects.exclude(articles=0)
        return (
            set(Placement.objects.values_list("article", "kind", "owner", "public_at")),
            set(sizes.values_list("kind", "owner", "articles")),
        )

    before = stored()
    placements.drop_triggers()
    make_article(category=section)
    Article.objects.latest("id").delete()
    Placement.objects.filter(owner=child.pk).delete()
    assert stored() != before
    placements.ensure()
    assert stored() == before
    placements.ensure()
    make_article(category=section)
    assert len(in_list(section)) == 4


def test_the_newest_of_several_lists_are_read_in_one_query(
    section: Category, child: Category, django_assert_num_queries: Any
) -> None:
    tag, empty = make_tag(), make_topic()
    articles = [
        make_article(
            category=child, tags=[tag], published_at=timezone.now() - timedelta(minutes=90 - n)
        )
        for n in range(5)
    ]
    make_article(category=section, published_at=timezone.now() + timedelta(minutes=5))
    newest = [article.pk for article in reversed(articles)]
    with django_assert_num_queries(1):
        found = newest_of([section, child, tag, empty], 3)
    assert found == {section: newest[:3], child: newest[:3], tag: newest[:3], empty: []}
    assert newest_of([], 3) == {}


@pytest.mark.postgres
def test_a_deep_page_reads_the_narrow_index_only(section: Category) -> None:
    at = timezone.now() - timedelta(days=10)
    values = {"category": section, "status": Article.Status.PUBLISHED, "headline": "Tin"}
    Article.objects.bulk_create(
        Article(slug="tin", published_at=at + timedelta(seconds=n), **values) for n in range(3000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE articles_placement")
    page = Placement.objects.of(section).public().newest_first().values_list("article_id")[980:1000]
    plan = page.explain(analyze=True)
    assert "Index Only Scan Backward using placement_order" in plan
    assert "rows=1000 " in plan
    assert "Sort" not in plan


def test_the_tables_can_be_emptied_in_any_order() -> None:
    # As flush does on SQLite, where the order is that of a set and so another in each run.
    section, authors = make_category(), [make_author(), make_author()]
    make_article(category=section, authors=authors)
    make_article(category=section, tags=[make_tag(), make_tag()])
    make_article(category=section, topics=[make_topic()], more_categories=[make_category()])
    for seed in range(60):
        tables = sorted(placements.TABLES)
        Random(seed).shuffle(tables)
        with transaction.atomic(), connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f"DELETE FROM {table}")
            transaction.set_rollback(True)
