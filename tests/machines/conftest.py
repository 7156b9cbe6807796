"""The paper of ``tests.site`` and the real article page of the old site, with pictures."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from articles.models import Article
from categories.models import Category
from tests.factories import make_tag, make_user
from tests.site.conftest import full_paper, make_photo, paper  # noqa: F401 - fixtures

DATA = Path(__file__).resolve().parents[1] / "data"


@pytest.fixture
def seed(paper: Category) -> Article:  # noqa: F811
    """The page as the import brings it in; its photos, whose files were lost, are drawn."""
    make_user("chief")
    call_command(
        "import_page",
        str(DATA / "import" / "seed.txt"),
        category=paper.slug,
        publish=True,
        stdout=StringIO(),
    )
    article = Article.objects.get()
    for use in article.photos.all():
        use.photo = make_photo(1800, 1200)
        use.save()
    article.tags.add(make_tag(name="Xây dựng Đảng"))
    return article
