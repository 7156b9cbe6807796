"""What an editor is told of refreshed pages, and pages whose text shows a photo."""

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from newsroom.pagestore import ahead, index
from newsroom.pagestore.store import Store, page_store
from photos.archive import change_photo
from tests.articles.test_admin_article import typed
from tests.factories import (
    make_article,
    make_author,
    make_draft,
    make_masthead,
    make_partner_link,
    make_tag,
    make_topic,
    make_user,
)
from tests.site.conftest import make_photo, use_photo

BASE = "http://testserver"


@pytest.fixture
def store(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch, transactional_db: None
) -> Iterator[Store]:
    """The store of a paper that is being served, however busy this machine is."""
    monkeypatch.setattr(ahead, "SECONDS", 60.0)
    monkeypatch.setattr(ahead, "PROCESSOR_SECONDS", 60.0)
    folder = tmp_path / "pages"
    folder.mkdir()
    settings.PAGE_STORE_URL = f"file://{folder}"
    page_store.cache_clear()
    with (folder / "keeper.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = page_store()
        assert found is not None
        yield found
    page_store.cache_clear()


def have_read(store: Store, *paths: str) -> None:
    for path in paths:
        entry = ahead.render(store, f"{BASE}{path}")
        assert entry is not None
        assert store.put(entry)


def editor(client: Client, language: str = "vi") -> Client:
    client.force_login(make_user("editor", language=language))
    return client


def said(client: Client, address: str, data: dict[str, Any]) -> list[str]:
    response = client.post(address, data, follow=True)
    return [str(message) for message in response.context["messages"]]


def test_who_publishes_is_told_what_was_refreshed_and_when(store: Store, client: Client) -> None:
    draft = make_draft(headline="Cầu mới thông xe")
    have_read(store, "/", "/rss/", draft.category.get_absolute_url())
    publish = reverse("admin:articles_article_publish", args=[draft.pk])
    _done, told = said(editor(client), publish, {})
    assert told.startswith('Đã làm mới: <a href="/">Trang chủ</a>, ')
    for name in ("Nguồn tin RSS", draft.category.name, draft.headline):
        assert f">{name}</a>" in told
    assert "Bản mới đầu tiên có lúc " in told
    assert told[-4] == ","


def test_who_saves_a_published_article_is_told_too(store: Store, client: Client) -> None:
    article = make_article(headline="Cầu mới thông xe")
    have_read(store, "/")
    change = reverse("admin:articles_article_change", args=[article.pk])
    told = said(editor(client, "en"), change, typed(article, headline="Cầu mới đã thông xe"))[-1]
    assert 'Refreshed: <a href="/">Front page</a>' in told
    entry = store.pages.get(f"{BASE}/", 0)
    assert entry is not None
    assert "Cầu mới đã thông xe" in (store.pages.body(entry, "identity") or b"").decode()


def test_a_save_is_done_though_nobody_can_say_what_was_refreshed(
    store: Store, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "WAIT_SECONDS", 0.1)
    link = make_partner_link(name="Cổng tỉnh")
    change = reverse("admin:masthead_partnerlink_change", args=[link.pk])
    client.force_login(make_user("chief"))
    values = {**shown(client, change), "name": "Cổng mới"}
    with closing(sqlite3.connect(store.folder / "index.sqlite3")) as other:
        other.execute("BEGIN EXCLUSIVE")
        response = client.post(change, values)
    assert response.status_code == 302
    link.refresh_from_db()
    assert link.name == "Cổng mới"


def shown(client: Client, address: str) -> dict[str, Any]:
    """What the form at that address sends when nothing is changed in it."""
    form = client.get(address).context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value not in (None, False)}


def text_of(store: Store, path: str) -> str:
    """What readers have stored; nothing when the page has to be made first."""
    entry = store.pages.get(f"{BASE}{path}", 0)
    return (store.pages.body(entry, "identity") or b"").decode() if entry else ""


def photo_on_a_page() -> tuple[Any, str]:
    article, photo = make_article(), make_photo(caption="Cầu Sông Quê")
    use_photo(article, photo)
    return photo, article.get_absolute_url()


def section_in_menus() -> tuple[Any, str]:
    section = make_article().category
    return section, section.get_absolute_url()


@pytest.mark.parametrize(
    ("make", "field", "name"),
    [
        (photo_on_a_page, "caption", "<a href="),
        (section_in_menus, "name", '/">Chữ mới</a>'),
        (lambda: (make_masthead(), "/"), "name", '<a href="/">Trang chủ</a>'),
        (lambda: (make_partner_link(), "/"), "name", '<a href="/">Trang chủ</a>'),
    ],
    ids=["photo", "section", "masthead", "partner"],
)
def test_who_saves_anything_else_that_readers_see_is_told_too(
    store: Store, client: Client, make: Any, field: str, name: str
) -> None:
    thing, path = make()
    have_read(store, path, "/")
    client.force_login(make_user("chief"))
    address = reverse(f"admin:{thing._meta.label_lower.replace('.', '_')}_change", args=[thing.pk])
    told = said(client, address, shown(client, address) | {field: "Chữ mới"})[-1]
    assert told.startswith("Đã làm mới: ")
    assert name in told
    assert "Chữ mới" in text_of(store, path)


def test_a_new_crop_is_on_the_pages_with_the_save(store: Store, client: Client) -> None:
    photo, path = photo_on_a_page()
    have_read(store, path)
    before = text_of(store, path)
    client.force_login(make_user("chief"))
    address = reverse("admin:photos_photo_change", args=[photo.pk])
    said(client, address, shown(client, address) | {"focal_x": 0.05})
    assert text_of(store, path) not in ("", before)


def test_what_is_edited_in_a_list_or_deleted_is_made_anew_too(store: Store, client: Client) -> None:
    first, second = make_partner_link(position=1), make_partner_link(position=2)
    have_read(store, "/")
    client.force_login(make_user("chief"))
    rows = {"form-TOTAL_FORMS": 2, "form-INITIAL_FORMS": 2, "_save": "1"}
    for number, (link, position) in enumerate([(first, 2), (second, 1)]):
        rows |= {f"form-{number}-id": link.pk, f"form-{number}-position": position}
    told = said(client, reverse("admin:masthead_partnerlink_changelist"), rows)[-1]
    assert told.startswith('Đã làm mới: <a href="/">Trang chủ</a>')
    page = text_of(store, "/")
    assert 0 < page.index(second.name) < page.index(first.name)

    delete = reverse("admin:masthead_partnerlink_delete", args=[second.pk])
    told = said(client, delete, {"post": "yes"})[-1]
    assert told.startswith('Đã làm mới: <a href="/">Trang chủ</a>')
    page = text_of(store, "/")
    assert first.name in page
    assert second.name not in page


def test_a_save_that_is_refused_makes_nothing_anew(store: Store, client: Client) -> None:
    section, path = section_in_menus()
    have_read(store, path)
    before = text_of(store, path)
    client.force_login(make_user("chief"))
    address = reverse("admin:categories_category_change", args=[section.pk])
    assert said(client, address, shown(client, address) | {"name": ""}) == []
    assert text_of(store, path) == before


def test_of_pages_that_were_not_made_ahead_the_number_is_told(store: Store, client: Client) -> None:
    article = make_article()
    have_read(store, "/")
    (store.folder / "keeper.lock").unlink()
    withdraw = reverse("admin:articles_article_withdraw", args=[article.pk])
    assert said(editor(client), withdraw, {"note": ""})[-1].startswith("1 trang sẽ được làm mới")


def test_where_no_page_was_stored_nothing_is_said(store: Store, client: Client) -> None:
    article = make_article()
    withdraw = reverse("admin:articles_article_withdraw", args=[article.pk])
    assert len(said(editor(client), withdraw, {"note": ""})) == 1


def test_a_photo_in_the_text_drops_the_pages_that_show_it(store: Store) -> None:
    photo, other = make_photo(), make_photo()
    body = f'<p>Chữ.</p>\n<figure data-photo-id="{photo.pk}"></figure>'
    path = make_article(body=body).get_absolute_url()
    have_read(store, path)
    change_photo(other, caption="Ảnh khác")
    assert store.pages.get(f"{BASE}{path}", 0) is not None
    change_photo(photo, caption="Chú thích mới")
    assert store.pages.get(f"{BASE}{path}", 0) is None
    have_read(store, path)
    photo.save()
    assert store.pages.get(f"{BASE}{path}", 0) is None


@pytest.mark.parametrize(
    ("make", "field", "place"),
    [
        (make_author, "authors", "tac-gia"),
        (make_tag, "tags", "tu-khoa"),
        (make_topic, "topics", "chu-de"),
    ],
)
def test_a_new_slug_drops_old_pages_what_was_missing_and_the_sitemap(
    store: Store, make: Any, field: str, place: str
) -> None:
    def stored(*paths: str) -> list[bool]:
        return [store.pages.get(f"{BASE}{path}", 0) is not None for path in paths]

    owner = make(slug="cu")
    make_article(**{field: [owner]})
    others = ("/", "/cai-chinh/")
    paths = [f"/{place}/cu/", f"/{place}/moi/", f"/rss/{place}/cu.rss", f"/rss/{place}/moi.rss"]
    paths.append("/sitemap-trang.xml")
    have_read(store, *others, *paths)
    owner.slug = "moi"
    owner.save()
    assert stored(*others) == [True, True]
    assert stored(*paths) == [False] * 5
    # Another takes the slug: nobody is sent on from it any longer.
    have_read(store, *paths)
    make(slug="cu")
    assert stored(paths[0], paths[2]) == [False, False]
    have_read(store, *paths)
    owner.delete()
    assert stored(*paths[1:2], *paths[3:]) == [False, False, False]
