"""The line of breaking news: who sets it, where it stands, how it goes."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article, BreakingNews
from articles.publishing import withdraw
from core.page_tags import dropped
from masthead.models import StandingPage
from tests.factories import (
    make_article,
    make_author,
    make_category,
    make_comment,
    make_draft,
    make_live_entry,
    make_live_event,
    make_tag,
    make_topic,
    make_user,
)
from tests.support import assert_public

pytestmark = pytest.mark.django_db

ADD = "/admin/articles/breakingnews/add/"
LINE = "Nước sông vượt báo động 3"


def line(**values: Any) -> BreakingNews:
    defaults = {"headline": LINE, "ends_at": timezone.now() + timedelta(hours=1)}
    return BreakingNews.objects.create(**defaults | values)


def text(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def form(**values: Any) -> dict[str, Any]:
    soon = timezone.localtime(timezone.now() + timedelta(hours=2))
    fields = {"headline": LINE, "article": "", "url": "", "language": "vi"}
    times = {"ends_at_0": f"{soon:%d/%m/%Y}", "ends_at_1": f"{soon:%H:%M:%S}"}
    return fields | times | values


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(make_user(role))
    return client


def test_it_stands_on_the_front_page_and_the_lists_in_words(client: Client) -> None:
    section = make_category(name="Thời sự")
    story = make_article(category=section)
    line(article=story)
    for path in ("/", section.get_absolute_url(), "/video/", "/anh/"):
        html = text(client, path)
        assert f'<a href="{story.get_absolute_url()}">{LINE}</a>' in html, path
        assert ">Nóng</strong>" in html
    assert_public(client.get("/"))


def test_it_stands_over_articles_but_not_over_the_one_it_leads_to(client: Client) -> None:
    story, other = make_article(), make_article()
    soon = timezone.now() + timedelta(minutes=2)
    line(article=story, ends_at=soon)
    response = client.get(other.get_absolute_url())
    assert_public(response)
    html = response.content.decode()
    assert f'<a href="{story.get_absolute_url()}">{LINE}</a>' in html
    assert html.index('class="breaking"') < html.index("<article")
    assert float(response.headers["X-Page-Expires"]) == pytest.approx(soon.timestamp(), abs=0.01)
    assert LINE not in text(client, story.get_absolute_url())
    withdraw(story, by=make_user("chief"))
    assert LINE not in text(client, other.get_absolute_url())


def test_it_stands_on_every_page_for_reading(client: Client) -> None:
    told = make_article()
    other = make_article(
        authors=[make_author(name="Hoài Anh")],
        tags=[make_tag(name="Mưa lũ")],
        topics=[make_topic(name="Mùa bão")],
    )
    event = make_live_event(other)
    entries = [make_live_entry(event) for _ in range(21)]
    make_comment(other)
    line(article=told)
    day = timezone.localdate(other.published_at)
    pages = [
        *("/tac-gia/hoai-anh/", "/tu-khoa/mua-lu/", "/chu-de/", "/chu-de/mua-bao/"),
        *(f"/ngay/{day:%Y/%m}/", f"/ngay/{day:%Y/%m/%d}/", f"/bao-hom-nay/{day}/"),
        *("/cai-chinh/", entries[0].get_absolute_url(), f"/truc-tiep/{other.pk}/?trang=2"),
        *(f"/binh-luan/{other.pk}/", "/tim-kiem/?q=tin", "/toa-soan/", "/rss/danh-sach/"),
        StandingPage.objects.create(title="Giới thiệu").get_absolute_url(),
    ]
    for path in pages:
        with CaptureQueriesContext(connection) as captured:
            html = text(client, path)
        assert f'<a href="{told.get_absolute_url()}">{LINE}</a>' in html, path
        assert len(captured) <= 15, path
        if not path.startswith("/tim-kiem/"):
            assert "breaking" in client.get(path).headers["Surrogate-Key"].split(), path


def test_it_does_not_stand_over_what_belongs_to_the_article_it_leads_to(client: Client) -> None:
    story, other = make_article(), make_article()
    line(article=story)

    def pages(article: Article) -> list[str]:
        event = make_live_event(article)
        entries = [make_live_entry(event) for _ in range(21)]
        return [
            *(entries[0].get_absolute_url(), f"/truc-tiep/{article.pk}/?trang=2"),
            f"/binh-luan/{article.pk}/",
        ]

    for own, of_another in zip(pages(story), pages(other), strict=True):
        assert LINE not in text(client, own), own
        assert LINE in text(client, of_another), of_another


def test_over_an_article_it_costs_no_query(client: Client) -> None:
    story, other = make_article(), make_article()
    hidden = make_draft()

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(other.get_absolute_url())
        return sum("articles_breakingnews" in query["sql"] for query in captured)

    line(article=story)
    assert queries() == 1  # within that of the article itself
    assert LINE in text(client, other.get_absolute_url())
    line(headline="Tin kín", article=hidden)
    assert queries() == 2
    html = text(client, other.get_absolute_url())
    assert LINE in html
    assert "Tin kín" not in html


def test_it_needs_no_article_and_may_link_elsewhere(client: Client) -> None:
    make_article()
    news = line()
    assert f"</strong> {LINE}</p>" in text(client, "/")
    news.url = "https://thuyloi.example/"
    news.save()
    assert f'<a href="https://thuyloi.example/" rel="noopener">{LINE}</a>' in text(client, "/")


def test_an_article_and_an_address_are_one_too_many() -> None:
    news = BreakingNews(
        headline=LINE, article=make_article(), url="https://a.example/", ends_at=timezone.now()
    )
    with pytest.raises(ValidationError, match="Chọn một bài"):
        news.full_clean()


def test_it_goes_at_its_end_and_the_page_knows_when(client: Client) -> None:
    make_article()
    soon = timezone.now() + timedelta(minutes=20)
    news = line(ends_at=soon)
    response = client.get("/")
    assert float(response.headers["X-Page-Expires"]) <= soon.timestamp() + 0.01
    news.ends_at = timezone.now()
    news.save()
    assert LINE not in text(client, "/")


def test_of_two_the_newer_is_shown(client: Client) -> None:
    make_article()
    line(headline="Cũ")
    line(headline="Mới")
    html = text(client, "/")
    assert "Mới</p>" in html
    assert "Cũ</p>" not in html


@pytest.mark.parametrize("state", ["draft", "scheduled", "withdrawn"])
def test_it_tells_nothing_of_an_article_readers_may_not_see(client: Client, state: str) -> None:
    make_article()
    story = make_draft(slug="tin-kin")
    if state != "draft":
        story.status = Article.Status.WITHDRAWN if state == "withdrawn" else "published"
        story.published_at = timezone.now() + timedelta(hours=1 if state == "scheduled" else -1)
        story.save()
    line(article=story)
    for path in ("/", make_article().get_absolute_url()):
        response = client.get(path)
        html = response.content.decode()
        assert LINE not in html
        assert "tin-kin" not in html
        if state == "scheduled":
            expires = float(response.headers["X-Page-Expires"])
            assert expires <= story.published_at.timestamp() + 0.01


def test_a_withdrawal_and_a_new_line_make_the_pages_old(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    told: set[str] = set()

    def note(tags: frozenset[str], **_: Any) -> None:
        told.update(tags)

    story = make_article()
    dropped.connect(note)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            news = line(article=story)
        assert "breaking" in told
        for path in ("/", make_article().get_absolute_url()):
            assert "breaking" in client.get(path).headers["Surrogate-Key"].split()
        told.clear()
        with django_capture_on_commit_callbacks(execute=True):
            # What a line does not show makes no page old that has nothing else of the story.
            story.standfirst = "Mới"
            story.save()
        assert "breaking" not in told
        with django_capture_on_commit_callbacks(execute=True):
            withdraw(story, by=make_user("chief"))
        assert "breaking" in told
        assert LINE not in text(client, "/")
        told.clear()
        with django_capture_on_commit_callbacks(execute=True):
            news.delete()
        assert "breaking" in told
    finally:
        dropped.disconnect(note)


def test_a_line_of_another_edition_is_not_shown(client: Client) -> None:
    make_article()
    line(language="en")
    assert LINE not in text(client, "/")


@pytest.mark.parametrize("role", ["editor", "chief"])
def test_the_desk_sets_and_ends_it(role: str) -> None:
    client = signed_in(role)
    assert client.post(ADD, form()).status_code == 302
    news = BreakingNews.objects.get()
    client.post(f"/admin/articles/breakingnews/{news.pk}/delete/", {"post": "yes"})
    assert not BreakingNews.objects.exists()


@pytest.mark.parametrize("role", ["reporter", "moderator"])
def test_nobody_else_does(role: str) -> None:
    client = signed_in(role)
    assert client.post(ADD, form()).status_code == 403
    news = line()
    address = f"/admin/articles/breakingnews/{news.pk}/change/"
    assert client.post(address, form(headline="Khác")).status_code == 403
    news.refresh_from_db()
    assert news.headline == LINE


def test_an_end_that_has_passed_is_refused_and_what_was_typed_stays() -> None:
    html = signed_in("editor").post(ADD, form(ends_at_0="01/01/2020")).content.decode()
    assert "Giờ này đã qua" in html
    assert LINE in html
    assert not BreakingNews.objects.exists()
