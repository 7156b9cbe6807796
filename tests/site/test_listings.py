from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from articles.models import Article, Correction
from categories.models import Category
from tests.factories import make_article, make_author, make_draft, make_tag, make_topic
from tests.support import assert_public


def test_an_author_has_a_page(client: Client, paper: Category) -> None:
    author = make_author(name="Hoài Anh", role="Phóng viên", bio="Viết về biển.")
    for _ in range(21):
        make_article(category=paper, authors=[author])
    make_article(category=paper, headline="Của người khác")
    response = client.get("/tac-gia/hoai-anh/")
    assert_public(response)
    html = response.content.decode()
    assert html.count("<article") == 20
    for words in ("Hoài Anh", "Phóng viên", "Viết về biển.", "21 bài", 'href="?trang=2"'):
        assert words in html
    assert "Của người khác" not in html
    assert client.get("/tac-gia/hoai-anh/?trang=3").status_code == 404
    assert client.get("/tac-gia/hoai-anh/?trang=1").status_code == 301


def test_a_new_author_has_an_empty_page(client: Client, paper: Category) -> None:
    make_author(name="Mai Lan")
    response = client.get("/tac-gia/mai-lan/")
    assert_public(response)
    assert "Chưa có bài" in response.content.decode()
    assert client.get("/tac-gia/khong-co/").status_code == 404


@pytest.mark.parametrize("kind", ["tu-khoa", "chu-de"])
def test_a_tag_or_topic_exists_once_an_article_is_public(
    client: Client, paper: Category, kind: str
) -> None:
    tag, topic = make_tag(name="Mưa lũ"), make_topic(name="Mưa lũ")
    secret = make_draft(category=paper, tags=[tag], topics=[topic], headline="Bài nháp")
    path = f"/{kind}/mua-lu/"
    assert client.get(path).status_code == 404
    make_article(category=paper, tags=[tag], topics=[topic], headline="Đã đăng")
    response = client.get(path)
    assert_public(response)
    html = response.content.decode()
    assert "Đã đăng" in html
    assert secret.headline not in html


def test_a_thin_tag_page_stays_out_of_search_engines(client: Client, paper: Category) -> None:
    tag = make_tag(name="Mưa lũ")
    for number in (1, 2, 3):
        make_article(category=paper, tags=[tag])
        html = client.get("/tu-khoa/mua-lu/").content.decode()
        assert ('name="robots" content="noindex"' in html) is (number < 3)


def test_running_stories_are_listed_by_their_newest_article(
    client: Client, paper: Category
) -> None:
    old, new, secret = (make_topic(name=name) for name in ("Cũ", "Mới", "Kín"))
    make_article(category=paper, topics=[old], published_at=timezone.now() - timedelta(days=3))
    make_article(category=paper, topics=[new])
    make_draft(category=paper, topics=[secret])
    response = client.get("/chu-de/")
    assert_public(response)
    html = response.content.decode()
    assert html.index(">Mới</a>") < html.index(">Cũ</a>")
    assert ">Kín</a>" not in html


def test_corrections_of_public_articles_are_listed(client: Client, paper: Category) -> None:
    assert_public(client.get("/cai-chinh/"))
    public = make_article(category=paper)
    withdrawn = make_article(category=paper, status=Article.Status.WITHDRAWN)
    Correction.objects.create(article=public, wrong="Năm người", right="Sáu người")
    Correction.objects.create(article=withdrawn, wrong="Tên cũ", right="Tên mới")
    html = client.get("/cai-chinh/").content.decode()
    assert public.headline in html
    assert "Sáu người" in html
    assert "Tên mới" not in html
