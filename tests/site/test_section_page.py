from datetime import timedelta

from django.test import Client
from django.utils import timezone

from categories.models import Category, CategoryAddress
from tests.factories import make_article, make_category
from tests.support import assert_public


def fill(section: Category, number: int) -> None:
    now = timezone.now()
    for n in range(number):
        make_article(category=section, published_at=now - timedelta(hours=n + 1))


def test_it_shows_twenty_stories_and_its_children(client: Client, paper: Category) -> None:
    paper.long_name, paper.description = "Chính trị - Xã hội", "Tin chính trị."
    paper.save()
    make_category(name="Xây dựng Đảng", parent=paper)
    fill(paper, 25)
    response = client.get("/chinh-tri/")
    assert_public(response)
    html = response.content.decode()
    assert html.count("<article") == 20
    assert html.count("card--lead") == 1
    for words in ("Chính trị - Xã hội", "Tin chính trị.", 'href="/chinh-tri/xay-dung-dang/"'):
        assert words in html
    assert 'href="?trang=2"' in html
    assert 'href="/rss/chinh-tri.rss"' in html


def test_pages_are_numbered(client: Client, paper: Category) -> None:
    fill(paper, 45)
    response = client.get("/chinh-tri/?trang=3")
    assert_public(response)
    html = response.content.decode()
    assert html.count("<article") == 5
    assert '<link rel="canonical" href="http://testserver/chinh-tri/?trang=3">' in html
    second = client.get("/chinh-tri/?trang=2").content.decode()
    assert '<a class="pages__step" rel="prev" href="/chinh-tri/">' in second


def test_a_page_number_that_is_none_is_not_found(client: Client, paper: Category) -> None:
    fill(paper, 21)
    assert client.get("/chinh-tri/?trang=2").status_code == 200
    for number in ("-1", "0", "abc", "3", "", "01", "1.5", "٢", "9" * 5000):
        assert client.get("/chinh-tri/", {"trang": number}).status_code == 404, number[:10]


def test_the_first_page_has_one_address(client: Client, paper: Category) -> None:
    response = client.get("/chinh-tri/?trang=1")
    assert (response.status_code, response["Location"]) == (301, "/chinh-tri/")


def test_an_empty_section_says_so_and_leads_up(client: Client, paper: Category) -> None:
    make_category(name="Xây dựng Đảng", parent=paper)
    response = client.get("/chinh-tri/xay-dung-dang/")
    assert_public(response)
    html = response.content.decode()
    assert "Chưa có bài" in html
    assert "Về Chính trị" in html


def test_it_shows_stories_of_children_and_those_also_placed_here(
    client: Client, paper: Category
) -> None:
    child = make_category(name="Xây dựng Đảng", parent=paper)
    other = make_category(name="Kinh tế")
    make_article(category=child, headline="Của mục con")
    make_article(category=other, more_categories=[paper], headline="Cũng đặt ở đây")
    make_article(category=other, headline="Ở nơi khác")
    html = client.get("/chinh-tri/").content.decode()
    assert "Của mục con" in html
    assert "Cũng đặt ở đây" in html
    assert "Ở nơi khác" not in html


def test_a_section_under_the_wrong_parent_is_sent_on(client: Client, paper: Category) -> None:
    make_category(name="Xây dựng Đảng", parent=paper)
    make_category(name="Kinh tế")
    for path in ("/kinh-te/xay-dung-dang/", "/xay-dung-dang/", "/khong-co/xay-dung-dang/"):
        response = client.get(path)
        assert response.status_code == 301
        assert response["Location"] == "/chinh-tri/xay-dung-dang/"


def test_a_former_address_is_sent_on(client: Client, paper: Category) -> None:
    CategoryAddress.objects.create(path="/thoi-su/", category=paper)
    response = client.get("/thoi-su/")
    assert (response.status_code, response["Location"]) == (301, "/chinh-tri/")


def test_the_feeds_of_a_former_address_are_sent_on(client: Client, paper: Category) -> None:
    CategoryAddress.objects.create(path="/xa-hoi/thoi-su/", category=paper)
    for edition in ("", "/en"):
        for form in ("rss", "atom", "json"):
            response = client.get(f"{edition}/rss/thoi-su.{form}")
            address = f"{edition}/rss/chinh-tri.{form}"
            assert (response.status_code, response["Location"]) == (301, address)
    assert client.get("/rss/su.rss").status_code == 404


def test_an_unknown_section_is_not_found(client: Client, paper: Category) -> None:
    assert_public(client.get("/khong-co/"), status=404)
    assert client.get("/chinh-tri/khong-co/").status_code == 404


def test_it_answers_reading_only(client: Client, paper: Category) -> None:
    assert client.post("/chinh-tri/").status_code == 405
