"""A change in one edition leaves the pages of the other alone, but for those that link to it."""

from typing import Any

import pytest
from django.test import Client

from articles.models import Article
from articles.publishing import publish, withdraw
from articles.versions import link
from categories.models import Category
from core import page_tags
from tests.factories import make_article, make_author, make_draft, make_user


@pytest.fixture
def dropped_by(django_capture_on_commit_callbacks: Any) -> Any:
    """Runs a change and gives the tags it dropped."""

    def run(change: Any) -> set[str]:
        # What was prepared before it is no business of the change.
        with django_capture_on_commit_callbacks(execute=True):
            page_tags.drop("before")
        found: set[str] = set()

        def note(sender: Any, tags: frozenset[str], **_: Any) -> None:
            found.update(tags)

        page_tags.dropped.connect(note)
        with django_capture_on_commit_callbacks(execute=True):
            change()
        page_tags.dropped.disconnect(note)
        return found

    return run


def tags_on(client: Client, path: str) -> set[str]:
    tags: set[str] = client.get(path).wsgi_request.page_tags
    return tags


def test_lists_of_the_edition_have_tags_of_their_own(client: Client, english: Article) -> None:
    section = english.category.parent
    assert {"front:en", "menus", "menus:en"} <= tags_on(client, "/en/")
    assert "front" not in tags_on(client, "/en/")
    assert f"category:{section.pk}:en" in tags_on(client, "/en/xa-hoi/")
    assert {"front", "front:en"} <= tags_on(client, "/sitemap.xml")
    assert {"front", "front:en"} <= tags_on(client, "/news-sitemap.xml")


def test_a_publication_drops_the_lists_of_its_edition(
    client: Client, english: Article, dropped_by: Any
) -> None:
    editor = make_user("chief")
    for language in ("vi", "en"):
        draft = make_draft(language=language, category=english.category)
        dropped = dropped_by(lambda draft=draft: publish(draft, by=editor))
        end, other = ("", ":en") if language == "vi" else (":en", "")
        assert {f"front{end}", f"category:{english.category_id}{end}"} <= dropped
        assert not {f"front{other}", f"category:{english.category_id}{other}"} & dropped
        assert not {tag for tag in dropped if tag.startswith("menus")}


def test_publishing_and_withdrawing_a_translation_drops_the_others_page(
    client: Client, english: Article, vietnamese: Article, dropped_by: Any
) -> None:
    editor = make_user("chief")
    assert f"article:{english.pk}" in tags_on(client, vietnamese.get_absolute_url())
    assert f"article:{vietnamese.pk}" in dropped_by(lambda: withdraw(english, by=editor))
    assert "story__version" not in client.get(vietnamese.get_absolute_url()).content.decode()
    assert f"article:{vietnamese.pk}" in dropped_by(lambda: publish(english, by=editor))
    assert "story__version" in client.get(vietnamese.get_absolute_url()).content.decode()


def test_linking_and_letting_go_drop_both_pages_and_no_list(
    english: Article, vietnamese: Article, dropped_by: Any
) -> None:
    pages = {f"article:{english.pk}", f"article:{vietnamese.pk}"}
    assert dropped_by(lambda: link(english, None)) == pages
    assert dropped_by(lambda: link(english, vietnamese)) == pages
    draft = make_draft(language="en")
    other = make_article()
    assert dropped_by(lambda: link(draft, other)) == {f"article:{other.pk}"}


def test_the_first_article_of_an_edition_or_of_its_section_changes_the_menus(
    section: Category, dropped_by: Any
) -> None:
    editor = make_user("chief")
    first = make_draft(language="en", category=section)
    assert "menus" in dropped_by(lambda: publish(first, by=editor))
    second = make_draft(language="en", category=section)
    assert not {"menus", "menus:en"} & dropped_by(lambda: publish(second, by=editor))
    other = Category.objects.create(name="The thao", slug="the-thao")
    third = make_draft(language="en", category=other)
    dropped = dropped_by(lambda: publish(third, by=editor))
    assert "menus:en" in dropped
    assert "menus" not in dropped
    assert "menus:en" in dropped_by(lambda: withdraw(third, by=editor))
    dropped_by(lambda: withdraw(second, by=editor))
    assert "menus" in dropped_by(lambda: withdraw(first, by=editor))


def test_a_change_of_language_drops_the_lists_of_both(section: Category, dropped_by: Any) -> None:
    article = make_article(category=section)

    def change() -> None:
        article.language = "en"
        article.save()

    assert {"front", "front:en", f"category:{section.pk}", "menus"} <= dropped_by(change)


def test_a_new_name_of_an_author_reaches_both_editions(dropped_by: Any, db: None) -> None:
    author = make_author()
    assert {f"author:{author.pk}", f"author:{author.pk}:en"} <= dropped_by(author.save)


def test_a_new_english_name_drops_every_page_it_stands_on(
    client: Client, english: Article, dropped_by: Any
) -> None:
    article = english.get_absolute_url()
    for entry, column, paths in (
        (english.tags.get(), "name_en", ("/en/tu-khoa/bridges/", "/en/rss/")),
        (english.topics.get(), "name_en", ("/en/chu-de/", "/en/chu-de/the-river/")),
        (english.authors.get(), "role_en", ("/en/tac-gia/hoai-an/", "/en/rss/tac-gia/hoai-an.rss")),
    ):
        setattr(entry, column, "Something new")
        dropped = dropped_by(entry.save)
        for path in (*paths, "/en/rss/danh-sach.opml", f"/api/articles/{english.pk}/", article):
            assert dropped & tags_on(client, path), path


@pytest.mark.parametrize(
    ("tag", "parts"),
    [
        ("front", ("front", None, "vi")),
        ("front:en", ("front", None, "en")),
        ("category:3", ("category", 3, "vi")),
        ("category:3:en", ("category", 3, "en")),
    ],
)
def test_a_tag_is_read_as_it_was_made(tag: str, parts: tuple[str, int | None, str]) -> None:
    assert page_tags.parts(tag) == parts
