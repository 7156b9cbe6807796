"""The notes of which photos stand in which texts follow the texts."""

import importlib

import pytest
from django.apps import apps
from django.db import connection

from articles.models import Article, TextPhoto
from photos.models import Photo
from tests.factories import make_article
from tests.site.conftest import make_photo

pytestmark = pytest.mark.django_db


def figure(number: int) -> str:
    return f'<figure data-photo-id="{number}"></figure>'


def noted(article: Article) -> list[Photo]:
    return [note.photo for note in article.text_photos.order_by("photo")]


def test_a_photo_is_noted_as_it_comes_into_the_text_and_forgotten_as_it_leaves() -> None:
    first, second = make_photo(), make_photo()
    article = make_article(body=figure(first.pk) + figure(first.pk))
    assert noted(article) == [first]
    article.body = figure(second.pk) + figure(999_999)  # which there is not
    article.save(update_fields=["headline"])
    assert noted(article) == [first]
    article.save()
    assert noted(article) == [second]
    article.delete()
    assert not TextPhoto.objects.exists()


def test_the_texts_from_before_are_noted_by_the_migration() -> None:
    photo = make_photo()
    article = make_article(body=figure(photo.pk) + figure(999_999))
    make_article(body="<p>Không ảnh.</p>")
    TextPhoto.objects.all().delete()
    migration = importlib.import_module("articles.migrations.0009_photos_in_texts")
    migration.note_photos(apps, connection.schema_editor())
    assert noted(article) == [photo]
