"""What pages say of themselves: JSON-LD as extruct finds it, and how other sites show them."""

from datetime import UTC, datetime
from typing import Any

import extruct
import pytest
from django.test import Client, override_settings
from lxml import etree

from articles.models import Article, Correction
from categories.models import Category
from tests.factories import make_article, make_author, make_tag
from tests.site.conftest import make_photo, use_photo

SITE = "https://bao.example"

pytestmark = pytest.mark.usefixtures("site_address")


@pytest.fixture
def site_address() -> object:
    with override_settings(SITE_URL=SITE):
        yield


def linked_data(client: Client, path: str) -> list[dict[str, Any]]:
    html = client.get(path).content.decode()
    found = extruct.extract(html, base_url=SITE + path, syntaxes=["json-ld"])["json-ld"]
    return [entry for data in found for entry in data.get("@graph", [data])]


def shown(client: Client, path: str) -> dict[str, str]:
    """The meta elements by property or name, and the canonical address."""
    tree = etree.HTML(client.get(path).content)
    metas = tree.xpath("//head/meta[@content][@property or @name]")
    found = {meta.get("property") or meta.get("name"): meta.get("content") for meta in metas}
    [found["canonical"]] = tree.xpath("//head/link[@rel='canonical']/@href")
    return found


def test_an_article_says_all_of_itself(client: Client, seed: Article) -> None:
    Correction.objects.create(
        article=seed,
        wrong="Sai.",
        right="Đúng.",
        made_at=datetime(2020, 9, 9, 1, tzinfo=UTC),
    )
    Article.objects.update(revised_at=datetime(2020, 9, 9, 1, tzinfo=UTC))
    news, trail = linked_data(client, seed.get_absolute_url())
    address = f"{SITE}{seed.get_absolute_url()}"
    assert news["@type"] == "NewsArticle"
    assert news["headline"] == "Đổi mới trong công tác xây dựng chỉnh đốn Đảng"
    assert news["datePublished"] == "2020-09-08T11:31:41+07:00"
    assert news["dateModified"] == "2020-09-09T08:00:00+07:00"
    assert news["mainEntityOfPage"] == news["url"] == address
    assert news["articleSection"] == "Chính trị"
    assert news["keywords"] == ["Xây dựng Đảng"]
    assert news["isAccessibleForFree"] is True
    assert news["inLanguage"] == "vi"
    [author] = news["author"]
    assert (author["@type"], author["name"]) == ("Person", "Hoài Anh")
    assert client.get(author["url"].removeprefix(SITE)).status_code == 200
    assert news["publisher"] == {
        "@type": "NewsMediaOrganization",
        "name": "Báo Sông Quê",
        "url": f"{SITE}/",
    }
    assert news["correction"] == [
        {
            "@type": "CorrectionComment",
            "text": "Đúng.",
            "datePublished": "2020-09-09T08:00:00+07:00",
        }
    ]
    assert [(image["width"], image["height"]) for image in news["image"]] == [
        (1200, 675),
        (1200, 900),
        (1200, 1200),
        (1440, 960),
    ]
    for image in news["image"]:
        assert image["url"].startswith(f"{SITE}/media/")
        assert client.get(image["url"].removeprefix(SITE)).status_code == 200
    assert news["image"][3]["creditText"] == "Thanh Hoa"
    steps = [(step["position"], step["name"]) for step in trail["itemListElement"]]
    assert steps == [(1, "Chính trị"), (2, news["headline"])]


def test_a_small_picture_is_given_as_it_is(client: Client, paper: Category) -> None:
    article = make_article(category=paper)
    use_photo(article, make_photo(400, 300))
    news, _trail = linked_data(client, article.get_absolute_url())
    assert [(image["width"], image["height"]) for image in news["image"]] == [
        (400, 225),
        (400, 300),
        (300, 300),
    ]


def test_an_article_without_author_is_by_whom_the_byline_names(
    client: Client, paper: Category
) -> None:
    signed = make_article(category=paper, byline="Theo TTXVN")
    unsigned = make_article(category=paper)
    news, _trail = linked_data(client, signed.get_absolute_url())
    assert news["author"] == [{"@type": "Person", "name": "Theo TTXVN"}]
    assert shown(client, signed.get_absolute_url())["author"] == "Theo TTXVN"
    news, _trail = linked_data(client, unsigned.get_absolute_url())
    assert news["author"][0]["name"] == "Báo Sông Quê"


def test_words_cannot_end_the_data(client: Client, paper: Category) -> None:
    evil = "</script><!-- <script> & ]]>"
    article = make_article(category=paper, headline=evil, tags=[make_tag(name=evil)])
    Correction.objects.create(article=article, wrong="a", right=evil)
    html = client.get(article.get_absolute_url()).content.decode()
    raw = html.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    assert "NewsArticle" in raw
    assert not set("<>&") & set(raw)
    news, _trail = linked_data(client, article.get_absolute_url())
    assert news["headline"] == news["keywords"][0] == news["correction"][0]["text"] == evil


def test_the_front_page_names_the_paper_from_its_imprint(client: Client, paper: Category) -> None:
    [organization] = linked_data(client, "/")
    assert organization["@type"] == "NewsMediaOrganization"
    assert organization["name"] == "Báo Sông Quê"
    assert organization["parentOrganization"]["name"] == "Ủy ban nhân dân tỉnh"
    assert organization["employee"]["name"] == "Nguyễn Thị Thu Hà"
    assert organization["employee"]["jobTitle"] == "Tổng biên tập"
    assert organization["telephone"] == "0203 3 123 456"
    assert organization["correctionsPolicy"] == f"{SITE}/cai-chinh/"


def test_every_kind_of_page_says_how_it_is_shown(client: Client, full_paper: Article) -> None:
    section = full_paper.category.parent
    lists = {
        "/": "Báo Sông Quê",
        section.get_absolute_url(): "Chính trị",
        "/tac-gia/hoai-anh/": "Hoài Anh",
        "/tu-khoa/mua-lu/": "Mưa lũ",
    }
    others = {
        "/cai-chinh/": "Cải chính, xin lỗi",
        "/chu-de/": "Dòng sự kiện",
        "/rss/danh-sach/": "Nguồn tin RSS",
        "/tim-kiem/": "Tìm kiếm",
        f"/binh-luan/{full_paper.pk}/": full_paper.headline,
    }
    pages = {full_paper.get_absolute_url(): full_paper.headline, **lists, **others}
    for path, title in pages.items():
        found = shown(client, path)
        assert found["canonical"] == found["og:url"] == SITE + path
        assert found["og:title"] == title
        assert found["og:site_name"] == "Báo Sông Quê"
        assert found["og:locale"] == "vi_VN"
        if path in others:
            assert found["twitter:card"] == "summary"
            continue
        assert found["twitter:card"] == "summary_large_image", path
        assert found["og:image"].startswith(f"{SITE}/media/photos/")
        assert found["og:image:width"] == "900"
        assert client.get(found["og:image"].removeprefix(SITE)).status_code == 200
    assert shown(client, full_paper.get_absolute_url())["og:type"] == "article"
    assert shown(client, "/tac-gia/hoai-anh/")["og:type"] == "profile"


def test_a_later_page_of_a_list_has_an_address_of_its_own(
    client: Client, full_paper: Article
) -> None:
    path = f"{full_paper.category.parent.get_absolute_url()}?trang=2"
    assert shown(client, path)["canonical"] == SITE + path


def test_an_authors_portrait_is_shown(client: Client, paper: Category) -> None:
    photo = make_photo(1400, 1400)
    author = make_author(name="Hoài Anh", photo=photo, bio="Phóng viên từ 2010.")
    make_article(category=paper, authors=[author])
    found = shown(client, "/tac-gia/hoai-anh/")
    assert photo.key in found["og:image"]
    assert found["og:description"] == found["description"] == "Phóng viên từ 2010."
