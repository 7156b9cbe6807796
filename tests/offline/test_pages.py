"""The addresses of this app, as a program without script sees them."""

import json
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from django.utils import timezone

from articles.models import Article, ArticlePhoto
from articles.staleness import tags_of
from categories.models import RESERVED_SLUGS, Category
from core import page_tags
from recordings.archive import add_recording
from tests.factories import make_article, make_category, make_draft, make_masthead
from tests.recordings.samples import sent
from tests.site.conftest import make_photo
from tests.support import assert_public

DAY = date(2024, 11, 22)


def at(hour: int, day: date = DAY) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


def test_the_paper_of_a_day_lists_its_articles_by_section(client: Client, paper: Category) -> None:
    child = make_category(name="Xây dựng Đảng", parent=paper)
    sport = make_category(name="Thể thao")
    make_article(category=sport, headline="Chung kết", published_at=at(9))
    make_article(category=child, headline="Tin sáng", published_at=at(6))
    make_article(category=paper, headline="Hôm trước", published_at=at(23, DAY - timedelta(days=1)))
    make_article(category=paper, headline="Hôm sau", published_at=at(0, DAY + timedelta(days=1)))
    response = client.get("/bao-hom-nay/2024-11-22/")
    assert_public(response)
    html = response.content.decode()
    assert html.index("Tin sáng") < html.index("Chung kết")
    assert "Hôm trước" not in html and "Hôm sau" not in html
    assert '<meta name="robots" content="noindex">' in html
    assert 'href="/bao-hom-nay/2024-11-21/"' in html
    # Its weight is told to those who have no script, too.
    assert "0,1\xa0MB" in html or "0,1 MB" in html


def test_the_link_to_an_earlier_day_goes_with_its_last_article(
    client: Client, paper: Category
) -> None:
    make_article(category=paper, published_at=at(9))
    earlier = make_article(category=paper, published_at=at(9, DAY - timedelta(days=1)))
    link = f'href="/bao-hom-nay/{DAY - timedelta(days=1)}/"'
    page = client.get(f"/bao-hom-nay/{DAY}/")
    assert link in page.text
    assert f"day:{DAY - timedelta(days=1)}" in tags_of(earlier) & page.wsgi_request.page_tags
    earlier.delete()
    assert link not in client.get(f"/bao-hom-nay/{DAY}/").text


def test_today_is_there_even_when_empty_and_ends_at_midnight(
    client: Client, paper: Category
) -> None:
    make_article(category=paper, published_at=at(9))
    response = client.get("/bao-hom-nay/")
    assert_public(response)
    assert "Hôm nay chưa có bài nào." in response.content.decode()
    today = timezone.localdate()
    request: Any = response.wsgi_request
    assert request.page_expires_at == at(0, today + timedelta(days=1))
    assert f"day:{today}" in request.page_tags
    soon = timezone.now() + timedelta(seconds=20)
    make_article(category=paper, published_at=soon, headline="Sắp lên")
    response = client.get("/bao-hom-nay/")
    assert response.wsgi_request.page_expires_at == soon
    assert "Sắp lên" not in response.content.decode()


@pytest.mark.parametrize("day", ["2024-11-23", "2999-01-01", "2024-13-01", "2024-1-1", "hom-qua"])
def test_a_day_without_articles_is_no_page(client: Client, paper: Category, day: str) -> None:
    make_article(category=paper, published_at=at(9))
    assert client.get(f"/bao-hom-nay/{day}/").status_code == 404
    assert client.get(f"/bao-hom-nay/{day}/tep.json").status_code == 404


def test_the_files_of_a_day_are_told_with_their_real_weights(
    client: Client, paper: Category
) -> None:
    photo, placed = make_photo(), make_photo(500, 400)
    body = f'<p>{"Nước lên chậm. " * 50}</p><figure data-photo-id="{placed.pk}"></figure>'
    article = make_article(category=paper, published_at=at(9), body=body)
    ArticlePhoto.objects.create(article=article, photo=photo)
    lost = make_photo()
    ArticlePhoto.objects.create(article=article, photo=lost, position=2)
    default_storage.delete(f"photos/{lost.key}/720.webp")
    response = client.get("/bao-hom-nay/2024-11-22/tep.json")
    assert_public(response)
    data = json.loads(response.content)
    [told] = data["articles"]
    assert told["address"] == article.get_absolute_url()
    assert data["page"] == "/bao-hom-nay/2024-11-22/"
    # A new crop gives the picture another address, so the list of files is old then.
    assert response.wsgi_request.page_tags >= {f"photo:{placed.pk}"}
    addresses = [f"/media/photos/{photo.key}/720.webp", f"/media/photos/{placed.key}/500.webp"]
    sizes = [default_storage.size(address.removeprefix("/media/")) for address in addresses]
    assert told["pictures"] == [list(pair) for pair in zip(addresses, sizes, strict=True)]
    assert data["bytes"] == told["bytes"] + sum(sizes)
    for address in addresses:
        assert client.get(address).status_code == 200


def test_the_sounds_of_a_day_are_told_apart(client: Client, paper: Category) -> None:
    html = client.get("/bao-hom-nay/").content.decode()
    make_article(category=paper, published_at=at(9))
    assert "data-sounds" not in html + client.get("/bao-hom-nay/2024-11-22/").content.decode()
    spoken, sound = (
        add_recording(sent("sound.mp3"), title="A"),
        add_recording(sent("sound.ogg"), title="B"),
    )
    video = add_recording(sent("clip.mp4"), title="C")
    for _ in range(2):
        article = make_article(category=paper, published_at=at(10), narration=spoken)
        for recording in (sound, video):
            article.recordings.create(recording=recording)
    data = client.get("/bao-hom-nay/2024-11-22/tep.json").json()
    files = [[spoken.url, spoken.size], [sound.url, sound.size]]
    assert [told["sounds"] for told in data["articles"]] == [files, files, []]
    assert data["sound_bytes"] == spoken.size + sound.size
    assert data["bytes"] == sum(told["bytes"] for told in data["articles"])
    assert (
        "Kèm 2 bản âm thanh để nghe: thêm 0,1 MB"
        in client.get("/bao-hom-nay/2024-11-22/").content.decode()
    )


def test_nothing_that_is_not_public_is_in_the_paper_of_its_day(
    client: Client, paper: Category
) -> None:
    make_article(category=paper)
    hidden = [
        make_draft(category=paper, headline="BÍ MẬT 1"),
        make_article(category=paper, headline="BÍ MẬT 2", status=Article.Status.IN_REVIEW),
        make_article(category=paper, headline="BÍ MẬT 3", status=Article.Status.WITHDRAWN),
        make_article(
            category=paper,
            headline="BÍ MẬT 4",
            published_at=timezone.now() + timedelta(minutes=1),
        ),
    ]
    now = timezone.now()
    english = make_article(category=paper, headline="In English", language="en", published_at=now)
    today = timezone.localdate(now).isoformat()
    pages = ("/bao-hom-nay/", f"/bao-hom-nay/{today}/", f"/bao-hom-nay/{today}/tep.json")
    for path in (*pages, "/doc-sau/", "/ngoai-tuyen/", "/manifest.webmanifest", "/sw.js"):
        text = client.get(path).content.decode()
        assert "BÍ MẬT" not in text
        assert english.get_absolute_url() not in text
        assert not [one for one in hidden if one.get_absolute_url() in text], path
    assert english.get_absolute_url() in client.get(f"/en/bao-hom-nay/{today}/").content.decode()


def test_a_change_makes_the_paper_of_its_day_old(
    client: Client, paper: Category, django_capture_on_commit_callbacks: Any
) -> None:
    article = make_article(category=paper, published_at=at(9))
    request: Any = client.get("/bao-hom-nay/2024-11-22/tep.json").wsgi_request
    dropped: set[str] = set()

    def note(tags: frozenset[str], **_: Any) -> None:
        dropped.update(tags)

    page_tags.dropped.connect(note)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            article.standfirst = "Mới"
            article.save()
    finally:
        page_tags.dropped.disconnect(note)
    assert request.page_tags & dropped


def test_the_paper_of_a_day_takes_few_queries(client: Client, paper: Category) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/bao-hom-nay/2024-11-22/")
        return len(captured)

    photo = make_photo()
    for number in range(2):
        article = make_article(category=paper, published_at=at(number))
        ArticlePhoto.objects.create(article=article, photo=photo)
    few = queries()
    for number in range(20):
        article = make_article(category=make_category(), published_at=at(number))
        ArticlePhoto.objects.create(article=article, photo=photo)
    assert queries() == few <= 15


def test_the_pages_of_this_browser_tell_why_they_need_a_script(
    client: Client, paper: Category
) -> None:
    for path in ("/doc-sau/", "/ngoai-tuyen/", "/en/doc-sau/", "/en/ngoai-tuyen/"):
        response = client.get(path)
        assert_public(response)
        html = response.content.decode()
        assert "JavaScript" in html and '<meta name="robots" content="noindex">' in html
        assert response.wsgi_request.page_tags >= {"masthead"}


def test_the_manifest_speaks_as_the_masthead(client: Client, db: None) -> None:
    make_masthead(name="Báo Sông Quê", tagline="Tiếng nói của người quê")
    response = client.get("/manifest.webmanifest")
    assert_public(response)
    assert response["Content-Type"] == "application/manifest+json"
    manifest = json.loads(response.content)
    assert (manifest["name"], manifest["short_name"]) == ("Báo Sông Quê", "Báo Sông Quê")
    assert manifest["description"] == "Tiếng nói của người quê"
    make_masthead(name="Báo Sông Quê Cuối Tuần", valid_from=timezone.localdate())
    manifest = json.loads(client.get("/manifest.webmanifest").content)
    assert manifest["short_name"] == "Sông Quê Cuối Tuần"
    assert {(icon["sizes"], icon["purpose"]) for icon in manifest["icons"]} == {
        (size, purpose) for size in ("192x192", "512x512") for purpose in ("any", "maskable")
    }
    for shortcut in manifest["shortcuts"]:
        assert client.get(shortcut["url"]).status_code == 200


def test_the_worker_may_act_for_the_whole_paper_and_is_asked_for_again(
    client: Client, paper: Category
) -> None:
    response = client.get("/sw.js")
    assert_public(response)
    assert response["Content-Type"].startswith("text/javascript")
    assert response["Cache-Control"] == "public, max-age=600"
    assert "worker-src 'self'" in client.get("/")["Content-Security-Policy"]
    assert client.get("/sw.js", headers={"If-None-Match": response["ETag"]}).status_code == 304
    assert 'data-worker="/sw.js"' in client.get("/en/").content.decode()


def test_switched_off_the_worker_removes_itself_and_no_page_names_it(
    client: Client, paper: Category, settings: Any
) -> None:
    settings.OFFLINE_READING = False
    assert "registration.unregister()" in client.get("/sw.js").content.decode()
    html = client.get("/").content.decode()
    assert "data-worker" not in html and 'rel="manifest"' not in html


def test_no_section_can_take_these_addresses() -> None:
    for word in ("bao-hom-nay", "doc-sau", "ngoai-tuyen"):
        assert word in RESERVED_SLUGS
        assert resolve(f"/{word}/").app_name == "offline"
