"""Other articles that an article's page names, and who wrote it."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client, RequestFactory, override_settings
from django.utils import timezone, translation

from articles import publishing
from articles.body_warnings import shortcode_warnings
from articles.models import Article, RelatedLink, Topic
from articles.related import others_of
from articles.views import article as article_view
from categories.models import Category
from core.page_tags import dropped
from tests.factories import (
    make_article,
    make_author,
    make_draft,
    make_tag,
    make_topic,
    make_user,
)
from tests.site.conftest import make_photo, use_photo

NOW = timezone.now()


def page(client: Client, article: Article) -> str:
    response = client.get(article.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def noted(article: Article) -> Any:
    """The request for its page, with what the view noted about it."""
    request = RequestFactory().get(article.get_absolute_url())
    article_view(request, slug=article.slug, pk=article.pk)
    return request


@pytest.fixture
def drops() -> Iterator[set[str]]:
    seen: set[str] = set()

    def listen(tags: frozenset[str], **_: Any) -> None:
        seen.update(tags)

    dropped.connect(listen)
    yield seen
    dropped.disconnect(listen)


# --- [related(…)] -----------------------------------------------------------------------


def boxes(html: str) -> list[str]:
    found = re.findall(r'<aside class="story-link.*?</aside>', html, re.S)
    return [unescape(re.sub(r"<[^>]+>|\s+", " ", box)).strip() for box in found]


def test_the_text_may_name_another_article(client: Client, paper: Category) -> None:
    plain, pictured = make_article(category=paper), make_article(category=paper)
    photo = make_photo()
    use_photo(pictured, None)
    use_photo(pictured, photo)
    article = make_article(
        category=paper,
        body=(
            f"<p>Một.</p><p>[related({plain.pk})]</p><p>Hai.</p>"
            f"<p>[related(https://bao.example{pictured.get_absolute_url()})]</p>"
            f"<p>[related( {plain.get_absolute_url()} )]</p>"
        ),
    )
    html = page(client, article)
    first, second = boxes(html)
    assert plain.headline in first
    assert pictured.headline in second
    assert html.index("Một.") < html.index("story-link") < html.index("Hai.")
    assert f"/{photo.key}/" in html
    assert "[related" not in html


def test_a_link_made_of_the_address_by_an_editor_is_understood(
    client: Client, paper: Category
) -> None:
    other = make_article(category=paper)
    address = other.get_absolute_url()
    article = make_article(
        category=paper, body=f'<p>[related(<a href="{address}">{address}</a>)]</p>'
    )
    assert len(boxes(page(client, article))) == 1
    assert shortcode_warnings(article) == []


@pytest.fixture
def hidden(paper: Category) -> list[Article]:
    """Of every kind that readers may not see."""
    return [
        make_draft(category=paper, headline="Nháp kín"),
        make_draft(category=paper, headline="Chờ duyệt kín", status=Article.Status.IN_REVIEW),
        make_article(category=paper, headline="Rút kín", status=Article.Status.WITHDRAWN),
        make_article(category=paper, headline="Hẹn giờ kín", published_at=NOW + timedelta(hours=2)),
    ]


def test_what_readers_may_not_see_is_not_named(
    client: Client, paper: Category, hidden: list[Article]
) -> None:
    topic = make_topic()
    article = make_article(category=paper, topics=[topic])
    for other in hidden:
        other.topics.add(topic)
        use_photo(other, make_photo(caption="Ảnh kín"))
    numbers = [*(other.pk for other in hidden), article.pk, 999_999, "x", ""]
    article.body = "<p>Chữ.</p>" + "".join(f"<p>[related({number})]</p>" for number in numbers)
    article.save()
    html = page(client, article)
    assert "kín" not in html
    assert boxes(html) == []
    assert 'rel="prev"' not in html
    assert 'rel="next"' not in html
    warnings = shortcode_warnings(article)
    assert len(warnings) == len(numbers)
    assert sum("bạn đọc chưa xem được" in warning for warning in warnings) == len(hidden) + 1
    assert sum("chính là bài này" in warning for warning in warnings) == 1


def test_it_appears_by_itself_when_its_time_has_come(
    paper: Category, hidden: list[Article]
) -> None:
    *_rest, scheduled = hidden
    linking = make_article(category=paper, body=f"<p>[related({scheduled.pk})]</p>")
    choosing = make_article(category=paper)
    RelatedLink.objects.create(article=choosing, target=scheduled)
    for article in (linking, choosing):
        assert others_of(article).changes_at == scheduled.published_at
        assert noted(article).page_expires_at <= scheduled.published_at


@pytest.mark.django_db(transaction=True)
def test_its_publication_makes_the_page_old(paper: Category, drops: set[str]) -> None:
    draft = make_draft(category=paper)
    linking = make_article(category=paper, body=f"<p>[related({draft.pk})]</p>")
    shown = noted(linking).page_tags
    drops.clear()
    publishing.publish(draft, by=make_user("chief"))
    assert f"article:{draft.pk}" in shown & drops


# --- running stories --------------------------------------------------------------------


@pytest.fixture
def topic(paper: Category) -> Topic:
    """A running story of four articles, the newest an hour old, one of them tomorrow."""
    topic = make_topic(name="Mùa lũ")
    for name, hours in (("Mở đầu", 30), ("Giữa chừng", 20), ("Mới nhất", 1), ("Ngày mai", -24)):
        make_article(
            category=paper,
            headline=name,
            topics=[topic],
            published_at=NOW - timedelta(hours=hours),
        )
    return topic


def neighbours(html: str) -> dict[str, str]:
    return dict(re.findall(r'rel="(prev|next)">([^<]+)</a>', html))


@pytest.mark.parametrize(
    ("headline", "expected"),
    [
        ("Mở đầu", {"next": "Giữa chừng"}),
        ("Giữa chừng", {"prev": "Mở đầu", "next": "Mới nhất"}),
        ("Mới nhất", {"prev": "Giữa chừng"}),
    ],
)
def test_the_articles_before_and_after_are_linked(
    client: Client, topic: Topic, headline: str, expected: dict[str, str]
) -> None:
    html = page(client, Article.objects.get(headline=headline))
    assert neighbours(html) == expected
    assert re.search(r'Dòng sự kiện: <a href="/chu-de/mua-lu/">Mùa lũ</a>', html)


def test_equal_times_keep_an_order(client: Client, paper: Category) -> None:
    topic = make_topic()
    same = [make_article(category=paper, topics=[topic], published_at=NOW) for _ in range(3)]
    found = [neighbours(page(client, article)) for article in same]
    first, second, third = (article.headline for article in same)
    assert found == [{"next": second}, {"prev": first, "next": third}, {"prev": second}]


def test_each_running_story_has_its_own(client: Client, paper: Category, topic: Topic) -> None:
    alone = make_topic(name="Chuyện riêng")
    article = Article.objects.get(headline="Mở đầu")
    article.topics.add(alone)
    html = page(client, article)
    assert html.count('<nav class="stream"') == 2
    assert "Chuyện riêng" in html
    assert '<nav class="stream"' not in page(client, make_article(category=paper))


def test_a_running_story_goes_on_by_itself(topic: Topic) -> None:
    newest = Article.objects.get(headline="Mới nhất")
    tomorrow = Article.objects.get(headline="Ngày mai").published_at
    assert others_of(newest).changes_at == tomorrow
    request = noted(newest)
    assert request.page_expires_at <= tomorrow
    before = Article.objects.get(headline="Giữa chừng")
    assert {f"topic:{topic.pk}", f"article:{before.pk}"} <= request.page_tags


def test_a_keyword_in_common_is_no_running_story(client: Client, paper: Category) -> None:
    tag = make_tag()
    articles = [make_article(category=paper, tags=[tag]) for _ in range(2)]
    assert neighbours(page(client, articles[0])) == {}


# --- authors ----------------------------------------------------------------------------


def test_authors_are_introduced(client: Client, paper: Category) -> None:
    portrait = make_photo(alt="Chân dung")
    authors = [
        make_author(name="Thanh Hoa", role="Phóng viên", bio="Viết về <vịnh>.", photo=portrait),
        make_author(name="Hoài Anh", role="Biên tập viên"),
    ]
    html = page(client, make_article(category=paper, byline="Thanh Hoa", authors=authors))
    box = html[html.index('class="story__authors"') :]
    box = box[: box.index("</section>")]
    assert box.count('class="author-box"') == 2
    assert '<a href="/tac-gia/thanh-hoa/">Thanh Hoa</a>' in box
    for words in ("Phóng viên", "Biên tập viên", "Viết về &lt;vịnh&gt;.", f"/{portrait.key}/"):
        assert words in box


def test_a_bare_name_is_not(client: Client, paper: Category) -> None:
    for authors in ([], [make_author(name="Thanh Hoa")]):
        article = make_article(category=paper, byline="Thanh Hoa", authors=authors)
        assert "author-box" not in page(client, article)


@override_settings(LANGUAGE_CODE="en")
def test_the_page_speaks_english_where_the_paper_does(client: Client, paper: Category) -> None:
    topic = make_topic()
    older, article, newer = (
        make_article(category=paper, topics=[topic], published_at=NOW - timedelta(hours=hours))
        for hours in (3, 2, 1)
    )
    article.body = f"<p>[related({older.pk})]</p><p>https://youtu.be/aqz-KE-bpKQ</p>"
    article.save()
    with translation.override("en"):
        html = page(client, article)
    assert neighbours(html) == {"prev": older.headline, "next": newer.headline}
    click = "Click to watch the video from YouTube"
    for words in ("Read also", "Before this", "After this", click, "Send by e-mail"):
        assert words in html
    assert f"mailto:?subject={quote(article.headline)}&amp;body=http" in html
