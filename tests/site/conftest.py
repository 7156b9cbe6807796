"""A paper with one section and its furniture."""

from io import BytesIO
from typing import Any

import pytest

from articles.models import Article, ArticlePhoto
from categories.models import Category
from photos.archive import add_photo
from photos.models import Photo
from tests.factories import image_bytes, make_category, make_masthead


@pytest.fixture
def paper(db: None) -> Category:
    """A named paper with the section Chính trị."""
    make_masthead(
        name="Báo Sông Quê",
        governing_body="Ủy ban nhân dân tỉnh",
        licence="Số 1/GP-BTTTT",
        editor_in_chief="Nguyễn Thị Thu Hà",
        address="Số 1, đường Bến Lau",
        phone="0203 3 123 456",
        email="toasoan@songque.example",
    )
    return make_category(name="Chính trị")


def make_photo(width: int = 900, height: int = 600, **fields: Any) -> Photo:
    return add_photo(BytesIO(image_bytes(width, height)), by=None, **fields)


def use_photo(article: Article, photo: Photo | None = None, **fields: Any) -> ArticlePhoto:
    position = article.photos.count()
    return ArticlePhoto.objects.create(article=article, photo=photo, position=position, **fields)
