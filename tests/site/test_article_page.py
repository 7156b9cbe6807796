from datetime import UTC, datetime

import pytest
from django.test import Client

from tests.factories import make_article
from tests.support import assert_public

pytestmark = pytest.mark.django_db


def test_it_shows_the_dateline(client: Client) -> None:
    article = make_article(published_at=datetime(2020, 9, 8, 4, 31, 41, tzinfo=UTC))
    response = client.get(article.get_absolute_url())
    assert_public(response)
    html = response.content.decode()
    assert "Thứ 3, 08/09/2020 | 11:31:41 [GMT +7]" in html
    assert 'datetime="2020-09-08T11:31:41+07:00"' in html
