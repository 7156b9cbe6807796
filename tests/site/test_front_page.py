import pytest
from django.test import Client

from tests.factories import make_article, make_category, make_masthead, make_partner_link
from tests.support import assert_public

pytestmark = pytest.mark.django_db


def test_it_is_public_and_shows_each_story_once(client: Client) -> None:
    make_masthead()
    make_partner_link()
    sections = [make_category() for _ in range(3)]
    for n in range(30):
        make_article(category=sections[n % 3])
    response = client.get("/")
    assert_public(response)
    html = response.content.decode()
    assert html.count("card__headline") + html.count("latest__headline") > 15


def test_an_empty_paper_has_a_front_page(client: Client) -> None:
    assert_public(client.get("/"))
