"""Photos as pages name them and as readers fetch them."""

import re
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.template import Context, Template
from django.test import Client

from photos import renditions
from photos.archive import add_photo
from photos.models import Photo
from tests.factories import image_bytes

pytestmark = pytest.mark.django_db


def make_photo(width: int = 1600, height: int = 900) -> Photo:
    return add_photo(ContentFile(image_bytes(width, height), name="anh.jpg"))


def show(source: str, **context: Any) -> str:
    return Template("{% load photos %}" + source).render(Context(context))


# --- {% picture %} ----------------------------------------------------------------------------


def test_a_picture_names_every_width_in_both_formats_and_its_real_size() -> None:
    photo = make_photo()
    html = show('{% picture photo sizes="(min-width: 660px) 620px, 100vw" %}', photo=photo)
    for width in renditions.WIDTHS:
        assert f"/media/photos/{photo.key}/{width}.webp {width}w" in html
        assert f"/media/photos/{photo.key}/{width}.jpg {width}w" in html
    assert 'width="1440" height="810"' in html
    assert html.count('sizes="(min-width: 660px) 620px, 100vw"') == 2
    assert 'alt=""' in html
    assert "style=" not in html


def test_a_card_gets_the_crop() -> None:
    html = show('{% picture photo ratio="3:2" %}', photo=make_photo())
    assert "/3x2-320.webp 320w" in html
    assert 'width="1080" height="720"' in html


def test_a_picture_that_already_has_the_ratio_is_not_cropped() -> None:
    html = show('{% picture photo ratio="3:2" %}', photo=make_photo(1600, 1067))
    assert "3x2-" not in html
    assert 'width="1440" height="960"' in html


def test_only_the_eager_picture_loads_at_once() -> None:
    photo = make_photo()
    lazy, eager = (
        show("{% picture photo eager=eager %}", photo=photo, eager=eager) for eager in (False, True)
    )
    assert 'loading="lazy"' in lazy
    assert "fetchpriority" not in lazy
    assert 'fetchpriority="high"' in eager
    assert "loading" not in eager
    assert 'decoding="async"' in lazy


def test_alternative_text_is_escaped() -> None:
    html = show("{% picture photo alt=alt %}", photo=make_photo(), alt='"><script>1</script>')
    assert "<script>" not in html
    assert "&quot;&gt;&lt;script&gt;" in html


@pytest.mark.parametrize("tag", ["{% picture photo %}", "{% photo_url photo 720 %}"])
def test_no_photo_is_no_mistake(tag: str) -> None:
    assert show(tag, photo=None) == ""


def test_missing_files_do_not_break_a_page() -> None:
    photo = make_photo()
    renditions.remove(photo.key)
    assert "<picture>" in show('{% picture photo ratio="3:2" %}{% photo_url photo %}', photo=photo)


def test_every_address_a_page_names_is_there(client: Client) -> None:
    photo = make_photo(1100, 1500)
    html = show(
        '{% picture photo %}{% picture photo ratio="3:2" %}'
        '"{% photo_url photo 720 %}" "{% photo_url photo "share" %}"',
        photo=photo,
    )
    addresses = set(re.findall(r"/media/[^\s\"]+", html))
    assert len(addresses) == 17
    for address in addresses:
        assert client.get(address).status_code == 200, address


def test_photo_url_gives_a_jpeg_that_is_wide_enough() -> None:
    photo = make_photo(1000, 800)
    assert show("{% photo_url photo 400 %}", photo=photo).endswith("/480.jpg")
    assert show("{% photo_url photo 4000 %}", photo=photo).endswith("/1000.jpg")
    assert show('{% photo_url photo "share" %}', photo=photo).endswith("/share.jpg")
    assert renditions.crop(photo, renditions.SHARE)[1:] == (1000, 525)


def test_naming_a_picture_asks_neither_database_nor_storage(
    django_assert_num_queries: Any, settings: Any
) -> None:
    photo = make_photo()
    settings.MEDIA_ROOT = "/nowhere"
    with django_assert_num_queries(0):
        show('{% picture photo %}{% picture photo ratio="3:2" %}', photo=photo)


# --- /media/ ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "content_type"), [("webp", "image/webp"), ("jpg", "image/jpeg")])
def test_a_rendition_may_be_kept_for_ever_and_can_do_nothing(
    client: Client, kind: str, content_type: str
) -> None:
    photo = make_photo()
    response = client.get(f"/media/photos/{photo.key}/320.{kind}")
    assert response.status_code == 200
    assert response["Content-Type"] == content_type
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert int(response["Content-Length"]) == len(response.content) > 0
    assert "Vary" not in response
    assert not response.cookies


def test_a_browser_that_has_it_gets_no_second_copy(client: Client) -> None:
    address = f"/media/photos/{make_photo().key}/320.jpg"
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Cache-Control"] == first["Cache-Control"]
    assert client.get(address, headers={"If-None-Match": '"other"'}).status_code == 200


def test_head_tells_the_size_alone(client: Client) -> None:
    address = f"/media/photos/{make_photo().key}/320.jpg"
    head, get = client.head(address), client.get(address)
    assert head["Content-Length"] == get["Content-Length"]
    assert head["Content-Type"] == "image/jpeg"
    assert client.post(address).status_code == 405


def test_a_missing_picture_costs_no_query_and_is_not_kept(
    client: Client, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        response = client.get(f"/media/photos/{'a' * 32}/320.jpg")
    assert response.status_code == 404
    assert response["Cache-Control"] == "no-store"


def test_nothing_but_renditions_is_served(client: Client) -> None:
    photo = make_photo()
    folder = f"/media/photos/{photo.key}"
    for name in ("evil.html", "320.svg", "x/320.jpg"):
        default_storage.save(f"photos/{photo.key}/{name}", ContentFile(b"<script>"))
    default_storage.save("320.jpg", ContentFile(b"not ours"))
    refused = [
        f"{folder}/evil.html",
        f"{folder}/320.svg",
        f"{folder}/x/320.jpg",
        f"{folder}/9999.jpg",
        f"{folder}/",
        folder,
        "/media/",
        "/media/photos/",
        "/media/320.jpg",
        f"/media/originals/{photo.original.name}",
        f"/media/{photo.original.name}",
        f"/media/photos/{photo.key}/../../../newsroom.sqlite3",
        f"/media/photos/{photo.key}/..%2F..%2F..%2Fsecret.jpg",
        f"/media/photos/{photo.key.upper()}x/320.jpg",
        f"{folder}/320.jpg%0a",
    ]
    for address in refused:
        assert client.get(address).status_code == 404, address
    assert client.get(f"{folder}/320.jpg%00").status_code == 400
    assert client.get(f"{folder}/320.jpg").status_code == 200
