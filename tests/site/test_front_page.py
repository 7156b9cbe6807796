import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from articles.models import Article, FrontSlot
from categories.models import Category
from tests.factories import make_article, make_category, make_partner_link
from tests.support import assert_public


def headlines(client: Client, path: str = "/") -> list[str]:
    html = client.get(path).content.decode()
    return re.findall(r'__headline"><a href="[^"]*">([^<]*)</a>', html)


def hours_old(hours: float) -> dict:
    return {"published_at": timezone.now() - timedelta(hours=hours)}


def test_it_is_public(client: Client, paper: Category) -> None:
    make_article(category=paper)
    assert_public(client.get("/"))


@pytest.mark.django_db
def test_an_empty_paper_has_a_front_page(client: Client) -> None:
    response = client.get("/")
    assert_public(response)
    assert "Chưa có bài" in response.content.decode()


def test_each_story_stands_there_once(client: Client, paper: Category) -> None:
    other = make_category()
    for n in range(60):
        make_article(category=(paper, other)[n % 2], **hours_old(n))
    shown = headlines(client)
    assert len(shown) == len(set(shown))
    assert len(shown) == 16 + 4 + 4


def test_the_desks_choice_comes_before_the_newest(client: Client, paper: Category) -> None:
    make_article(headline="Mới nhất", category=paper, **hours_old(1))
    old = make_article(headline="Bài được chọn", category=paper, **hours_old(90))
    FrontSlot.objects.create(position=1, article=old)
    assert headlines(client)[:2] == ["Bài được chọn", "Mới nhất"]


def test_a_place_that_has_ended_is_filled_by_time(client: Client, paper: Category) -> None:
    make_article(headline="Mới nhất", category=paper, **hours_old(1))
    old = make_article(headline="Bài được chọn", category=paper, **hours_old(90))
    FrontSlot.objects.create(position=1, article=old, ends_at=timezone.now())
    assert headlines(client)[:2] == ["Mới nhất", "Bài được chọn"]


def test_a_chosen_story_that_is_no_longer_public_is_left_out(
    client: Client, paper: Category
) -> None:
    gone = make_article(category=paper, status=Article.Status.WITHDRAWN)
    stays = make_article(category=paper)
    for position, article in enumerate((gone, stays)):
        FrontSlot.objects.create(position=position, article=article)
    assert headlines(client) == [stays.headline]


def test_a_section_shows_its_childrens_stories_in_category_order(
    client: Client, paper: Category
) -> None:
    paper.position = 99
    paper.save()
    first = make_category(name="Kinh tế", position=1)
    child = make_category(name="Nông nghiệp", parent=first)
    make_category(name="Ẩn", in_menu=False)
    for n in range(20):
        make_article(category=paper, **hours_old(n))
    make_article(category=child, headline="Mùa gặt", **hours_old(99))
    html = client.get("/").content.decode()
    blocks = html[html.index("front-blocks") :]
    assert blocks.index("Kinh tế") < blocks.index("Mùa gặt") < blocks.index("Chính trị")
    assert "Ẩn" not in html


def test_times_are_of_today_or_dates(client: Client, paper: Category) -> None:
    make_article(category=paper, **hours_old(72))
    before = timezone.localtime() - timedelta(hours=72)
    assert f">{before:%d/%m}</time>" in client.get("/").content.decode()


def test_it_counts_approved_comments(client: Client, paper: Category) -> None:
    make_article(category=paper, approved_comments=3)
    assert "3 ý kiến" in client.get("/").content.decode()


def test_partner_box_is_hidden_when_empty(client: Client, paper: Category) -> None:
    assert "Liên kết website" not in client.get("/").content.decode()
    make_partner_link(name="Cổng tỉnh", url="https://tinh.example/")
    make_partner_link(name="Đã hết hạn", ends_on=timezone.localdate() - timedelta(days=1))
    html = client.get("/").content.decode()
    assert "Liên kết website" in html
    assert '<a href="https://tinh.example/" rel="noopener">Cổng tỉnh</a>' in html
    assert "Đã hết hạn" not in html


def test_the_imprint_stands_on_it(client: Client, paper: Category) -> None:
    html = client.get("/").content.decode()
    for words in ("Ủy ban nhân dân tỉnh", "Số 1/GP-BTTTT", "Nguyễn Thị Thu Hà", "0203 3 123 456"):
        assert words in html


def test_machines_learn_who_publishes_it(client: Client, paper: Category) -> None:
    html = client.get("/").content.decode()
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html)
    assert found
    organization = json.loads(found[1])
    assert organization["@type"] == "NewsMediaOrganization"
    assert organization["name"] == "Báo Sông Quê"
    assert organization["telephone"] == "0203 3 123 456"
    assert organization["correctionsPolicy"] == "http://testserver/cai-chinh/"


def test_no_time_of_the_server_stands_in_the_page(client: Client, paper: Category) -> None:
    html = client.get("/").content.decode()
    clock = re.search(r"<site-clock[^>]*>(.*?)</site-clock>", html, re.DOTALL)
    assert clock and clock[1] == ""


def test_all_sections_are_listed_without_script(client: Client, paper: Category) -> None:
    long_name = "CHUYÊN MỤC " + "RẤT DÀI " * 12
    child = make_category(name=long_name, parent=paper)
    other = make_category(name="Kinh tế")
    child.also_under.add(other)
    html = client.get("/").content.decode()
    panel = html[html.index("sections__list") : html.index("site-nav__list")]
    assert "<details" in html
    assert panel.count(long_name.strip()) == 2
    assert panel.index("Chính trị") < panel.index(long_name.strip()) < panel.index("Kinh tế")
