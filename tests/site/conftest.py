"""A paper with one section and its furniture."""

from io import BytesIO
from typing import Any

import pytest

from articles.models import Article, ArticlePhoto
from categories.models import Category
from photos.archive import add_photo
from photos.models import Photo
from tests.factories import (
    image_bytes,
    make_article,
    make_author,
    make_category,
    make_comment,
    make_masthead,
    make_partner_link,
    make_tag,
)


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


LONG = "Nghiêng nghiêng " * 12


@pytest.fixture
def full_paper(paper: Category) -> Article:
    """A front page, a section of more than one page and an article with everything."""
    child = make_category(name="Xây dựng Đảng", parent=paper)
    make_category(name=f"CHUYÊN MỤC {LONG}"[:110], parent=paper)
    make_partner_link()
    photo = make_photo(alt="Cầu")
    for _ in range(24):
        use_photo(make_article(category=child, kicker="Chuyện ở cơ sở"), photo)
    article = make_article(
        category=child,
        headline="Đổi mới trong công tác xây dựng chỉnh đốn Đảng",
        byline="Hoài Anh",
        authors=[make_author(name="Hoài Anh")],
        tags=[make_tag(name="Mưa lũ")],
        approved_comments=1,
        revised_at="2026-11-24T00:00:00Z",
        made_with_ai=True,
        body=(
            f"<p>{LONG}</p><h2>Tít phụ</h2><blockquote>Trích.</blockquote><p>[photo(2)]</p>"
            "<table><caption>Bảng</caption><tbody><tr>"
            + "<td>Một ô khá dài</td>" * 12
            + "</tr></tbody></table><ul><li>Một</li></ul>"
        ),
    )
    use_photo(article, photo, caption="Chú thích.", credit="Lan Anh")
    use_photo(article, make_photo(300, 700, alt="Cao"), caption="Ảnh đứng.")
    use_photo(article, None, caption="Ảnh mất.")
    make_comment(article)
    return article
