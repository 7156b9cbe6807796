"""The demo paper: its data hold together, and it loads once into an empty newsroom."""

import unicodedata
from collections import Counter
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.models import User
from articles.models import Article
from comments.models import Comment
from core.html import clean_html, html_to_text
from core.vietnamese import slugify
from newsroom.demo.loading import read_articles, read_paper
from photos.models import Photo

ARTICLES = read_articles()
PAPER = read_paper()


def test_there_are_about_eighty_articles_in_every_state() -> None:
    states = Counter(data.get("state", "published") for data in ARTICLES.values())
    assert len(ARTICLES) >= 80
    assert {"published", "draft", "in_review", "scheduled", "withdrawn"} <= set(states)


def test_every_name_that_an_article_uses_is_known() -> None:
    slugs = set(PAPER["slugs"].values())
    for category in PAPER["categories"]:
        slugs |= {category.get("slug", slugify(category["name"]))}
        slugs |= {slugify(name) for name in category.get("children", [])}
    authors = {author["name"] for author in PAPER["authors"]}
    topics = {topic["name"] for topic in PAPER["topics"]} | {""}
    for key, data in ARTICLES.items():
        assert data["category"] in slugs, key
        assert set(data.get("more_categories", [])) <= slugs, key
        assert set(data["authors"]) <= authors, key
        assert data.get("topic", "") in topics, key
        assert set(data.get("related", [])) <= set(ARTICLES) - {key}, key


@pytest.mark.parametrize("key", sorted(ARTICLES))
def test_the_text_is_composed_and_loses_nothing_when_cleaned(key: str) -> None:
    data = ARTICLES[key]
    for text in (data["headline"], data["standfirst"], data["body"]):
        assert text == unicodedata.normalize("NFC", text)
    words = html_to_text(data["body"]).split()
    assert html_to_text(clean_html(data["body"])).split() == words


# On SQLite the tests of the reading site load it.
@pytest.mark.postgres
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_it_loads_once_and_every_page_of_it_answers(client: Client, settings: Any) -> None:
    settings.DATA_DIR = Path(settings.MEDIA_ROOT).parent
    call_command("load_demo", stdout=StringIO())
    assert Article.objects.count() == len(ARTICLES)
    assert set(Comment.objects.values_list("status", flat=True)) == set(Comment.Status.values)
    for article in Article.objects.published():
        assert client.get(article.get_absolute_url()).status_code == 200
        shown = Comment.objects.approved().filter(article=article).count()
        assert article.approved_comments == shown
    assert client.get("/").status_code == 200

    logins = settings.DATA_DIR / "demo-logins.txt"
    assert logins.stat().st_mode & 0o077 == 0, "the password is nobody else's to read"
    name, password = logins.read_text().splitlines()[1].split()[-2:]
    assert client.login(username=name, password=password)

    before = (Article.objects.count(), Photo.objects.count(), User.objects.count())
    call_command("load_demo", stdout=StringIO())
    assert before == (Article.objects.count(), Photo.objects.count(), User.objects.count())
