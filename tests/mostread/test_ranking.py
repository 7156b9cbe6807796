"""Which articles are ranked, in which order, and the block that shows them."""

from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.http import HttpRequest
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.utils import timezone, translation

from articles.models import Article
from mostread import batches
from mostread.batches import prune
from mostread.models import ReadCount
from mostread.ranking import WEEK, most_read
from tests.factories import make_article, make_category

pytestmark = pytest.mark.django_db


def read(article: Article, count: int, hours_ago: int = 0) -> None:
    hour: datetime = timezone.now().replace(minute=0, second=0, microsecond=0)
    ReadCount.objects.create(article=article, hour=hour - timedelta(hours=hours_ago), count=count)


def show(tag: str = "{% most_read %}", **context: Any) -> tuple[str, HttpRequest]:
    request = RequestFactory().get("/")
    template = Template("{% load mostread %}" + tag)
    return template.render(Context({"request": request} | context)), request


def test_it_ranks_by_the_reads_of_all_hours_of_the_day() -> None:
    first, second, third = (make_article() for _ in range(3))
    read(second, 5)
    read(first, 3)
    read(first, 3, hours_ago=20)
    read(third, 1)
    read(third, 100, hours_ago=25)
    assert most_read() == [first, second, third]
    assert most_read(hours=WEEK) == [third, first, second]


def test_it_shows_only_what_the_public_may_read() -> None:
    public = make_article()
    later = make_article(published_at=timezone.now() + timedelta(hours=1))
    withdrawn = make_article(status=Article.Status.WITHDRAWN)
    for article in (public, later, withdrawn):
        read(article, 9)
    assert most_read() == [public]
    Article.objects.filter(pk=withdrawn.pk).update(status=Article.Status.PUBLISHED)
    assert most_read() == [withdrawn, public]


def test_it_keeps_to_a_section_and_leaves_one_out() -> None:
    section = make_category()
    child = make_category(parent=section)
    inside, below = make_article(category=section), make_article(category=child)
    outside = make_article(category=make_category())
    for count, article in enumerate((inside, below, outside), 1):
        read(article, count)
    assert most_read() == [outside, below, inside]
    assert most_read(category=section) == [below, inside]
    assert most_read(category=section, exclude=below) == [inside]


def test_ten_or_a_hundred_articles_take_two_queries(django_assert_num_queries: Any) -> None:
    section = make_category()
    for number in range(100):
        read(make_article(category=section), number + 1)
        if number in (9, 99):
            with django_assert_num_queries(2):
                stories = most_read(category=section)
                assert all(story.get_absolute_url() and story.headline for story in stories)
            assert len(stories) == 5


def test_the_block_lists_five_in_order_and_names_its_articles_to_the_page_store() -> None:
    stories = [make_article() for _ in range(6)]
    for count, story in enumerate(stories, 1):
        read(story, count)
    with translation.override("vi"):
        html, request = show()
    assert "Đọc nhiều" in html
    shown = stories[:0:-1]
    assert html.count("<li>") == 5
    places = [html.index(story.get_absolute_url()) for story in shown]
    assert places == sorted(places)
    assert request.page_tags == {f"article:{story.pk}" for story in shown}
    left = request.page_expires_at - timezone.now()
    assert timedelta(minutes=9) < left <= timedelta(minutes=10)


def test_the_block_leaves_out_the_article_it_stands_on() -> None:
    stories = [make_article() for _ in range(4)]
    for story in stories:
        read(story, 5)
    html, _ = show("{% most_read exclude=article %}", article=stories[0])
    assert html.count("<li>") == 3
    assert stories[0].get_absolute_url() not in html


def test_two_articles_make_no_block_and_three_do() -> None:
    read(make_article(), 2)
    read(make_article(), 1)
    html, request = show()
    assert html.strip() == ""
    assert request.page_expires_at
    read(make_article(), 1)
    assert "<ol" in show()[0]


def test_a_search_and_a_withdrawn_article_lead_to_what_is_read_most(client: Client) -> None:
    articles = [make_article() for _ in range(3)]
    gone = make_article(status=Article.Status.WITHDRAWN, withdrawn_at=timezone.now())
    paths = ("/tim-kiem/?q=tin", "/tim-kiem/?q=xyzzy", gone.get_absolute_url())
    assert [path for path in paths if "most-read" in html_of(client, path)] == []
    for article in (*articles, gone):
        read(article, 5)
    for path in paths:
        rail = html_of(client, path).partition('class="most-read"')[2]
        assert [article.get_absolute_url() in rail for article in articles] == [True] * 3, path
        assert f'"{gone.get_absolute_url()}"' not in rail


def html_of(client: Client, path: str) -> str:
    return client.get(path).content.decode().partition("<main")[2]


def test_a_headline_stays_text() -> None:
    for _ in range(3):
        read(make_article(headline="<b>Mưa</b> & lũ"), 1)
    html, _ = show()
    assert "<b>" not in html
    assert "&lt;b&gt;Mưa&lt;/b&gt; &amp; lũ" in html


def test_pruning_drops_old_hours_and_the_least_read_of_past_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(batches, "KEPT_IN_AN_HOUR", 2)
    stories = [make_article() for _ in range(3)]
    for count, story in enumerate(stories, 1):
        read(story, count)
        read(story, count, hours_ago=5)
    read(stories[2], 50, hours_ago=8 * 24 + 1)
    read(stories[2], 50, hours_ago=8 * 24 - 1)
    assert prune() == 2
    assert ReadCount.objects.filter(article=stories[0]).count() == 1
    assert ReadCount.objects.filter(article=stories[2]).count() == 3
    assert prune() == 0


def test_the_command_prunes() -> None:
    story = make_article()
    read(story, 5)
    read(story, 5, hours_ago=9 * 24)
    out = StringIO()
    call_command("prune_reads", stdout=out)
    assert "1 rows deleted." in out.getvalue()
    assert ReadCount.objects.count() == 1


def test_writing_prunes_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches._Pruning, "due", 0.0)
    story = make_article()
    read(story, 5, hours_ago=9 * 24)
    batches.write({(story.pk, int(timezone.now().timestamp() / 3600)): 1})
    assert list(ReadCount.objects.values_list("count", flat=True)) == [1]
