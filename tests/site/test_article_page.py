import json
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from articles.models import Article, Correction, ImportedPage, RelatedLink
from categories.models import Category
from tests.factories import make_article, make_author, make_category, make_draft, make_tag
from tests.site.conftest import make_photo, use_photo
from tests.support import assert_public

SEED_TIME = datetime(2020, 9, 8, 4, 31, 41, tzinfo=UTC)


@pytest.fixture
def seed(paper: Category) -> Article:
    """The paper's real page, its words shortened."""
    author = make_author(name="Nguyễn Hoài Anh", pen_names="Hoài Anh\nH.A")
    article = make_article(
        category=paper,
        headline="Đổi mới trong công tác xây dựng chỉnh đốn Đảng",
        slug="doi-moi-trong-cong-tac-xay-dung-chinh-don-dang",
        standfirst="Cùng với đổi mới mạnh mẽ tư duy lãnh đạo.",
        body=(
            "<p>Nghị quyết số 19-NQ/TU ngày 03/3/2015.</p><p>[photo(2)]</p>"
            "<p>Đoạn cuối.</p><p>[links()]</p>"
        ),
        byline="Hoài Anh",
        published_at=SEED_TIME,
        approved_comments=2,
        authors=[author],
    )
    use_photo(article, make_photo(), caption="Giao ban tháng 6/2020.")
    use_photo(article, make_photo(), caption="Tiếp công dân tháng 8/2020.", credit="Thanh Hoa")
    return article


def page(client: Client, article: Article) -> str:
    response = client.get(article.get_absolute_url())
    assert_public(response)
    return response.content.decode()


def body_of(html: str) -> str:
    return html[html.index('class="story__body"') : html.index('class="story__end"')]


def test_the_seed_page_has_every_element(client: Client, seed: Article) -> None:
    html = page(client, seed)
    for words in (
        "Tất cả chuyên mục",
        '<h1 class="story__headline">Đổi mới trong công tác xây dựng chỉnh đốn Đảng</h1>',
        "Thứ 3, 08/09/2020 | 11:31:41 [GMT +7]",
        'datetime="2020-09-08T11:31:41+07:00"',
        "Cùng với đổi mới mạnh mẽ tư duy lãnh đạo.",
        "Giao ban tháng 6/2020.</figcaption>",
        'Tiếp công dân tháng 8/2020. <span class="photo__credit">Ảnh: Thanh Hoa</span>',
        '<a href="/tac-gia/nguyen-hoai-anh/" rel="author">Hoài Anh</a>',
        '<a class="story__comment-count" href="#binh-luan">Ý kiến (2)</a>',
    ):
        assert words in html
    assert "[links()]" not in html
    assert html.count("Ảnh:") == 1
    assert re.search(r"<title>Đổi mới [^<]* - Báo Sông Quê</title>", html)


def test_the_lead_photo_opens_the_body_and_the_other_stands_where_placed(
    client: Client, seed: Article
) -> None:
    body = body_of(page(client, seed))
    assert body.index("Giao ban") < body.index("Nghị quyết") < body.index("Tiếp công dân")
    assert body.index("Tiếp công dân") < body.index("Đoạn cuối")
    assert body.count('fetchpriority="high"') == 1
    assert body.count('loading="lazy"') == 1


def test_document_numbers_do_not_break(client: Client, seed: Article) -> None:
    assert "19-\u2060NQ/\u2060TU" in body_of(page(client, seed))


def test_updated_is_said_only_of_a_revised_article(client: Client, seed: Article) -> None:
    assert "Cập nhật" not in page(client, seed)
    Article.objects.filter(pk=seed.pk).update(revised_at=SEED_TIME + timedelta(hours=2))
    html = page(client, seed)
    assert 'Cập nhật <time datetime="2020-09-08T13:31:41+07:00">13:31, 08/09/2020</time>' in html


def test_size_buttons_are_real_and_wait_for_the_script(client: Client, seed: Article) -> None:
    html = page(client, seed)
    tools = re.search(
        r"<reading-comfort class=\"size-steps needs-js\".*?</reading-comfort>", html, re.S
    )
    assert tools and tools[0].count("<button") == 3
    assert tools[0].count("aria-label") == 4


def test_a_photo_without_a_file_is_a_captioned_frame(client: Client, paper: Category) -> None:
    article = make_article(category=paper)
    use_photo(article, None, caption="Ảnh bị mất.", credit="Lan Anh")
    html = page(client, article)
    assert "photo--missing" in html
    assert "Ảnh bị mất." in html
    assert "Ảnh: Lan Anh" in html
    assert "<img" not in html


def test_a_photo_use_with_nothing_at_all_prints_nothing(client: Client, paper: Category) -> None:
    article = make_article(category=paper)
    use_photo(article, None)
    assert "<figure" not in page(client, article)


@pytest.mark.parametrize(
    ("credit", "printed"),
    [("Lan Anh", "Ảnh: Lan Anh"), ("Ảnh minh họa", "Ảnh minh họa"), ("ảnh: Lan", "ảnh: Lan")],
)
def test_a_credit_says_photo_once(
    client: Client, paper: Category, credit: str, printed: str
) -> None:
    article = make_article(category=paper)
    use_photo(article, make_photo(), credit=credit)
    assert f'<span class="photo__credit">{printed}</span>' in page(client, article)


def test_a_portrait_is_kept_whole(client: Client, paper: Category) -> None:
    article = make_article(category=paper)
    use_photo(article, make_photo(400, 900))
    html = page(client, article)
    assert "photo--portrait" in html
    assert "3x2-" not in body_of(html)
    assert "<figcaption" not in html


@pytest.mark.parametrize(
    ("byline", "printed"),
    [
        ("Hoài Anh (tổng hợp)", '<a href="/tac-gia/mai-lan/" rel="author">Hoài Anh</a> (tổng hợp)'),
        ("hoài anh", '<a href="/tac-gia/mai-lan/" rel="author">hoài anh</a>'),
        ("PV - Hoài Anh", 'PV - <a href="/tac-gia/mai-lan/" rel="author">Hoài Anh</a>'),
        ("Hoài Anh Thư", ">Hoài Anh Thư</p>"),
        ("Lê Hoài Anh", ">Lê Hoài Anh</p>"),
        ("Theo Hoài Anh", 'Theo <a href="/tac-gia/mai-lan/" rel="author">Hoài Anh</a>'),
        ("PV", ">PV</p>"),
        ("", '<a href="/tac-gia/mai-lan/" rel="author">Mai Lan</a>'),
    ],
)
def test_the_byline_links_the_names_it_prints(
    client: Client, paper: Category, byline: str, printed: str
) -> None:
    author = make_author(name="Mai Lan", pen_names="Anh\nHoài Anh")
    article = make_article(category=paper, byline=byline, authors=[author])
    html = page(client, article)
    assert printed in html
    assert html.index("</h1>") < html.index(printed) < html.index("story__dateline")


def test_two_authors_are_each_linked(client: Client, paper: Category) -> None:
    authors = [make_author(name="Thanh Hoa"), make_author(name="Hoài Anh")]
    article = make_article(category=paper, byline="Hoài Anh - Thanh Hoa", authors=authors)
    assert (
        '<a href="/tac-gia/hoai-anh/" rel="author">Hoài Anh</a> - '
        '<a href="/tac-gia/thanh-hoa/" rel="author">Thanh Hoa</a>'
    ) in page(client, article)


def test_source_ai_note_corrections_and_keywords(client: Client, paper: Category) -> None:
    plain = page(client, make_article(category=paper))
    article = make_article(
        category=paper, source="Theo TTXVN", made_with_ai=True, tags=[make_tag(name="Mưa lũ")]
    )
    Correction.objects.create(article=article, wrong="Năm người", right="Sáu người")
    html = page(client, article)
    for words in (
        "Theo TTXVN",
        "trí tuệ nhân tạo",
        "Thông tin cải chính, xin lỗi",
        "Năm người",
        "Sáu người",
        "Từ khoá:",
        '<a href="/tu-khoa/mua-lu/" rel="tag">Mưa lũ</a>',
    ):
        assert words in html
        assert words not in plain


def test_a_stale_slug_is_sent_on(client: Client, seed: Article) -> None:
    for path in (f"/ten-cu-{seed.pk}.html", f"/doi-moi-trong-0{seed.pk}.html"):
        response = client.get(path)
        assert (response.status_code, response["Location"]) == (301, seed.get_absolute_url())


def test_numbers_that_are_no_article_are_not_found(client: Client, paper: Category) -> None:
    for number in ("999999", "9" * 19, "9" * 40, "9" * 5000, "0"):
        assert client.get(f"/bai-{number}.html").status_code == 404


def test_what_is_not_public_is_not_found(client: Client, paper: Category) -> None:
    public = make_article(category=paper)
    assert client.get(public.get_absolute_url()).status_code == 200
    for article in (
        make_draft(category=paper),
        make_draft(category=paper, status=Article.Status.IN_REVIEW),
        make_article(category=paper, published_at=timezone.now() + timedelta(hours=1)),
    ):
        response = client.get(article.get_absolute_url())
        assert_public(response, status=404)
        assert article.headline not in response.content.decode()


def test_a_withdrawn_article_says_so(client: Client, paper: Category) -> None:
    article = make_article(
        category=paper, status=Article.Status.WITHDRAWN, withdrawal_note="Sai tên nhân vật."
    )
    response = client.get(article.get_absolute_url())
    assert_public(response, status=410)
    html = response.content.decode()
    assert "Sai tên nhân vật." in html
    assert article.headline not in html
    assert "Nội dung của tin" not in html


def test_an_address_of_the_old_site_is_sent_on(client: Client, seed: Article) -> None:
    ImportedPage.objects.create(
        article=seed, checksum="1", file_name="a", old_path="/kinh-te/201909/doi-moi-2453015/"
    )
    for path in ("/kinh-te/201909/doi-moi-2453015/", "/kinh-te/201909/doi-moi-2453015"):
        response = client.get(path)
        assert (response.status_code, response["Location"]) == (301, seed.get_absolute_url())


def test_an_old_address_of_a_draft_stays_unknown(client: Client, paper: Category) -> None:
    draft = make_draft(category=paper)
    ImportedPage.objects.create(article=draft, checksum="1", file_name="a", old_path="/cu/1/")
    assert client.get("/cu/1/").status_code == 404


@override_settings(SITE_URL="https://bao.example")
def test_machines_read_it(client: Client, seed: Article) -> None:
    html = page(client, seed)
    url = f"https://bao.example{seed.get_absolute_url()}"
    assert f'<link rel="canonical" href="{url}">' in html
    assert f'<meta property="og:url" content="{url}">' in html
    assert '<meta property="og:type" content="article">' in html
    assert re.search(r'og:image" content="https://bao.example/media/photos/\w+/share.jpg"', html)
    data = re.search(r'<script type="application/ld\+json">(.*?)</script>', html)
    assert data
    news, trail = json.loads(data[1])["@graph"]
    assert news["@type"] == "NewsArticle"
    assert news["headline"] == seed.headline
    assert news["datePublished"] == "2020-09-08T11:31:41+07:00"
    assert news["author"][0]["name"] == "Nguyễn Hoài Anh"
    assert news["url"] == url
    # The first photo in three shapes, then the second.
    assert len(news["image"]) == 4
    assert trail["itemListElement"][0]["item"] == "https://bao.example/chinh-tri/"


def test_sharing_works_by_plain_links(client: Client, seed: Article) -> None:
    html = page(client, seed)
    url = f"http://testserver{seed.get_absolute_url()}"
    encoded = quote(url, safe="")
    assert f'href="https://www.facebook.com/sharer/sharer.php?u={encoded}"' in html
    assert f'href="https://sp.zalo.me/share_inline?d={encoded}"' in html
    assert f'data-url="{url}"' in html


def test_hostile_words_stay_words(client: Client, paper: Category) -> None:
    evil = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    author = make_author(name=evil[:100], pen_names=evil)
    article = make_article(
        category=paper,
        headline=evil,
        slug="xau",
        kicker=evil[:80],
        standfirst=evil,
        byline=evil,
        source=evil,
        body=f"<p>{evil}</p>",
        authors=[author],
        tags=[make_tag(name=evil)],
    )
    use_photo(article, make_photo(), caption=evil, credit=evil, alt=evil)
    Correction.objects.create(article=article, wrong=evil, right=evil)
    RelatedLink.objects.create(article=article, url="https://x.example/", title=evil)
    html = page(client, article)
    assert "<script>alert" not in html
    assert "<img src=x" not in html


def test_a_section_of_two_levels_is_in_the_trail(client: Client, paper: Category) -> None:
    child = make_category(name="Xây dựng Đảng", parent=paper)
    html = page(client, make_article(category=child))
    assert '<a href="/chinh-tri/xay-dung-dang/">Xây dựng Đảng</a>' in html


@override_settings(LANGUAGE_CODE="en")
def test_the_page_speaks_english_where_the_paper_does(client: Client, seed: Article) -> None:
    seed.language = "en"
    seed.save()
    html = page(client, seed)
    for words in ('<html lang="en">', "All sections", "Comments (2)", "Photo: Thanh Hoa"):
        assert words in html
    assert "Tuesday, 8 September 2020, 11:31 (GMT+7)" in html
