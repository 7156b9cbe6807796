"""Each page says what it shows and until when it is right."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from articles.models import FrontSlot, RelatedLink
from categories.models import Category
from tests.factories import make_article, make_author, make_tag, make_topic


def noted(client: Client, path: str) -> Any:
    return client.get(path).wsgi_request


def test_a_page_names_all_that_it_shows(client: Client, paper: Category) -> None:
    author, tag, topic = make_author(name="Hoài Anh"), make_tag(), make_topic()
    article = make_article(category=paper, authors=[author], tags=[tag], topics=[topic])
    related = make_article(category=paper)
    RelatedLink.objects.create(article=article, target=related)
    frame = {"menus", "masthead", "partners", "standing_pages"}
    assert noted(client, article.get_absolute_url()).page_tags == frame | {
        *("breaking", f"article:{article.pk}", f"article:{related.pk}"),
        *(f"author:{author.pk}", f"tag:{tag.pk}", f"topic:{topic.pk}"),
    }
    cards = frame | {"breaking", f"article:{article.pk}"}
    both = cards | {f"article:{related.pk}"}
    assert noted(client, "/").page_tags == both | {"front"}
    assert noted(client, "/chinh-tri/").page_tags == both | {f"category:{paper.pk}"}
    assert noted(client, "/tac-gia/hoai-anh/").page_tags == cards | {f"author:{author.pk}"}
    assert noted(client, tag.get_absolute_url()).page_tags == cards | {f"tag:{tag.pk}"}
    assert noted(client, topic.get_absolute_url()).page_tags == cards | {f"topic:{topic.pk}"}


def test_a_list_is_right_until_the_next_scheduled_story(client: Client, paper: Category) -> None:
    author, tag, topic = make_author(name="Hoài Anh"), make_tag(), make_topic()
    make_article(category=paper, authors=[author], tags=[tag], topics=[topic])
    soon = timezone.now() + timedelta(seconds=30)
    scheduled = make_article(
        category=paper, authors=[author], tags=[tag], topics=[topic], published_at=soon
    )
    for path in (
        *("/", "/chinh-tri/", "/tac-gia/hoai-anh/", tag.get_absolute_url()),
        *(topic.get_absolute_url(), "/chu-de/", "/rss/", "/rss/chinh-tri.rss"),
        *("/news-sitemap.xml", scheduled.get_absolute_url()),
    ):
        assert noted(client, path).page_expires_at == soon, path


def test_what_is_missing_is_asked_for_again_after_a_minute(client: Client, paper: Category) -> None:
    """Such as the comments of an article that is scheduled, or a day that has not come."""
    for path in ("/binh-luan/9/", "/ngay/2999/12/31/", "/tac-gia/moi/"):
        expires = noted(client, path).page_expires_at
        assert timedelta(0) < expires - timezone.now() <= timedelta(minutes=1), path


def test_the_front_page_is_right_until_a_place_ends(client: Client, paper: Category) -> None:
    soon = timezone.now() + timedelta(seconds=30)
    FrontSlot.objects.create(position=1, article=make_article(category=paper), ends_at=soon)
    assert noted(client, "/").page_expires_at == soon
