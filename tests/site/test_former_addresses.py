"""Every address of an author, a keyword or a running story keeps answering under a new slug."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from articles.models import Article, Author, FormerSlug
from categories.models import Category
from tests.factories import make_article, make_author, make_tag, make_topic
from tests.support import assert_public

OWNERS = [
    pytest.param(make_author, "authors", "tac-gia", id="author"),
    pytest.param(make_tag, "tags", "tu-khoa", id="tag"),
    pytest.param(make_topic, "topics", "chu-de", id="topic"),
]
Make = Callable[..., Any]

pytestmark = pytest.mark.usefixtures("paper")


def rename(owner: Any, slug: str) -> None:
    owner.slug = slug
    owner.save()


def led_to(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 301, path
    return str(response["Location"])


@pytest.mark.parametrize(("make", "field", "place"), OWNERS)
def test_old_pages_and_feeds_lead_to_the_new_ones(
    client: Client, make: Make, field: str, place: str
) -> None:
    owner = make(slug="cu")
    make_article(**{field: [owner]})
    make_article(language="en", **{field: [owner]})
    rename(owner, "giua")
    rename(owner, "moi")
    for edition in ("", "/en"):
        assert_public(client.get(f"{edition}/{place}/moi/"))
        for old in ("cu", "giua"):
            assert led_to(client, f"{edition}/{place}/{old}/") == f"{edition}/{place}/moi/"
            for form in ("rss", "atom", "json"):
                feed = f"{edition}/rss/{place}/%s.{form}"
                assert led_to(client, feed % old) == feed % "moi"
                assert client.get(feed % "moi").status_code == 200
    assert client.get(f"/{place}/khong-co/").status_code == 404
    assert client.get(f"/rss/{place}/khong-co.rss").status_code == 404


@pytest.mark.parametrize(("make", "field", "place"), OWNERS)
def test_a_former_slug_belongs_to_who_takes_it(
    client: Client, make: Make, field: str, place: str
) -> None:
    owner = make(slug="cu")
    make_article(**{field: [owner]})
    rename(owner, "moi")
    other = make(slug="cu", name="Người mới")
    make_article(**{field: [other]})
    assert "Người mới" in client.get(f"/{place}/cu/").content.decode()
    assert led_to(client, f"/{place}/cu/?trang=1") == f"/{place}/cu/"
    rename(other, "khac")
    assert led_to(client, f"/{place}/cu/") == f"/{place}/khac/"
    # Back at its first slug, an owner leads nowhere but to itself.
    rename(other, "cu")
    assert client.get(f"/{place}/cu/").status_code == 200
    assert led_to(client, f"/{place}/khac/") == f"/{place}/cu/"
    other.delete()
    assert client.get(f"/{place}/khac/").status_code == 404
    assert list(FormerSlug.objects.values_list("slug", flat=True)) == []


def test_slugs_of_one_kind_do_not_lead_to_another(client: Client) -> None:
    author, topic = make_author(slug="cu"), make_topic(slug="cu")
    make_article(authors=[author], topics=[topic])
    rename(author, "moi")
    assert client.get("/chu-de/cu/").status_code == 200
    assert client.get("/tu-khoa/cu/").status_code == 404
    rename(topic, "khac")
    assert led_to(client, "/tac-gia/cu/") == "/tac-gia/moi/"
    assert led_to(client, "/chu-de/cu/") == "/chu-de/khac/"


@pytest.mark.parametrize(("make", "field", "place"), OWNERS[1:])
def test_the_new_name_of_what_has_nothing_public_stays_unknown(
    client: Client, make: Make, field: str, place: str
) -> None:
    owner = make(slug="cu")
    article = make_article(status=Article.Status.DRAFT, published_at=None, **{field: [owner]})
    rename(owner, "chua-ai-biet")
    for path in (f"/{place}/cu/", f"/rss/{place}/cu.rss"):
        response = client.get(path)
        assert_public(response, status=404)
        assert "chua-ai-biet" not in response.content.decode()
    article.status = Article.Status.PUBLISHED
    article.published_at = article.created_at
    article.save()
    assert led_to(client, f"/{place}/cu/") == f"/{place}/chua-ai-biet/"


def test_a_search_by_an_author_finds_by_the_former_slug(client: Client, paper: Category) -> None:
    author = make_author(slug="cu")
    make_article(headline="Mưa lớn ở đầu nguồn", authors=[author])
    make_article(headline="Mưa nhỏ ở cuối nguồn")
    rename(author, "moi")
    found = client.get("/tim-kiem/", {"q": "mưa", "tac-gia": "cu"}).context["found"]
    assert [result.article.headline for result in found.results] == ["Mưa lớn ở đầu nguồn"]


def test_a_save_that_leaves_the_slug_alone_notes_nothing() -> None:
    author = make_author(slug="cu", name="Hoài Anh")
    author.slug = "moi"
    author.save(update_fields=["name"])
    assert not FormerSlug.objects.exists()
    author = Author.objects.get()
    author.bio = "Phóng viên."
    author.save()
    assert not FormerSlug.objects.exists()
