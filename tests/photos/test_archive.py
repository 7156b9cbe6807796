"""A photo on its way into the archive: what is taken, what is refused, what is kept."""

import struct
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection, transaction
from django.db.models import ProtectedError
from django.utils import translation
from PIL import Image, ImageCms

from accounts.models import User
from core.page_tags import dropped
from live.models import LivePhoto
from photos import renditions
from photos.archive import MOST_NAMED, PhotoError, add_photo, change_photo, delete_photo
from photos.models import Photo
from recordings.archive import change_recording
from recordings.models import Recording
from tests.factories import (
    image_bytes,
    make_article,
    make_author,
    make_live_entry,
    make_live_event,
    make_user,
)

pytestmark = pytest.mark.django_db


ORIGINALS: FileSystemStorage = Photo._meta.get_field("original").storage


def upload(data: bytes, name: str = "anh.jpg") -> ContentFile:
    return ContentFile(data, name=name)


def stored_files() -> list[Path]:
    roots = (Path(default_storage.path("")), Path(ORIGINALS.location))
    return [path for root in roots for path in root.rglob("*") if path.is_file()]


def rendition(photo: Photo, name: str) -> Image.Image:
    with default_storage.open(f"photos/{photo.key}/{name}") as file:
        image = Image.open(BytesIO(file.read()))
    image.load()
    return image


def saved(image: Image.Image, image_format: str = "JPEG", **options: Any) -> bytes:
    buffer = BytesIO()
    image.save(buffer, image_format, **options)
    return buffer.getvalue()


def refusal(data: bytes, name: str = "anh.jpg") -> str:
    """The code with which ``data`` is refused; nothing of it may stay."""
    with pytest.raises(PhotoError) as caught:
        add_photo(upload(data, name))
    assert not Photo.objects.exists()
    assert stored_files() == []
    return str(caught.value.code)


def png_head(width: int, height: int) -> bytes:
    """A PNG whose header promises more than its few bytes hold."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


# --- taken ------------------------------------------------------------------------------------


def test_it_stores_the_original_unchanged_and_makes_every_rendition() -> None:
    reporter = make_user("reporter")
    data = image_bytes(1600, 1067)
    photo = add_photo(upload(data, "Vịnh Hạ Long.JPG"), by=reporter, caption="Bến tàu")
    photo.refresh_from_db()
    assert (photo.width, photo.height) == (1600, 1067)
    assert photo.uploaded_by == reporter
    assert photo.original_name == "Vịnh Hạ Long.JPG"
    assert photo.caption == "Bến tàu"
    with photo.original.open() as file:
        assert file.read() == data
    folder = Path(default_storage.path(f"photos/{photo.key}"))
    names = sorted(path.name for path in folder.iterdir())
    expected = [f"{width}.{kind}" for width in renditions.WIDTHS for kind in ("jpg", "webp")]
    assert names == sorted([*expected, "share.jpg", "16x9.jpg", "4x3.jpg", "1x1.jpg"])


def test_every_file_has_the_quality_of_its_form() -> None:
    # Noise, so that several are being encoded at once.
    noise = BytesIO()
    Image.effect_noise((2400, 1600), 60).convert("RGB").save(noise, "JPEG", quality=95)
    photo = add_photo(upload(noise.getvalue()))
    files = Path(default_storage.path(f"photos/{photo.key}")).glob("*.jpg")
    # What the quality of a JPEG is written down as.
    tables = {str(Image.open(file).quantization) for file in files}
    assert len(tables) == 1


def test_its_public_address_cannot_be_guessed_and_holds_nothing_of_the_original() -> None:
    photo = add_photo(upload(image_bytes(), "bi-mat.jpg"))
    assert len(photo.key) == 32
    assert "bi-mat" not in photo.original.name
    assert photo.key not in photo.original.name
    assert not default_storage.exists(photo.original.name)


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_it_takes_the_kinds_of_files_that_photos_have(image_format: str) -> None:
    photo = add_photo(upload(image_bytes(image_format=image_format), "anh.bin"))
    assert Path(photo.original.name).suffix[1:] in {"jpg", "png", "webp", "avif"}
    assert rendition(photo, "640.jpg").format == "JPEG"
    assert rendition(photo, "640.webp").format == "WEBP"


def test_it_never_enlarges() -> None:
    photo = add_photo(upload(image_bytes(500, 400)))
    assert [size.width for size in renditions.sizes(photo)] == [320, 500]
    assert rendition(photo, "500.jpg").size == (500, 400)
    assert rendition(photo, "share.jpg").size == (500, 262)
    assert rendition(photo, "1x1.jpg").size == (400, 400)


@pytest.mark.parametrize(
    ("name", "size"), [("16x9", (1200, 675)), ("4x3", (1200, 900)), ("1x1", (1200, 1200))]
)
def test_search_engines_get_three_shapes(name: str, size: tuple[int, int]) -> None:
    photo = add_photo(upload(image_bytes(1920, 1280)))
    assert rendition(photo, f"{name}.jpg").size == size
    assert renditions.crop(photo, name)[1:] == size


def test_a_picture_of_one_pixel_is_still_a_picture() -> None:
    photo = add_photo(upload(image_bytes(1, 1)))
    assert rendition(photo, "1.jpg").size == (1, 1)


def test_a_photo_taken_sideways_is_put_upright() -> None:
    image = Image.new("RGB", (600, 400), "blue")
    image.paste("red", (0, 0, 600, 100))
    exif = Image.Exif()
    exif[0x0112] = 6
    photo = add_photo(upload(saved(image, exif=exif)))
    assert (photo.width, photo.height) == (400, 600)
    small = rendition(photo, "320.jpg")
    assert small.size == (320, 480)
    red, _green, blue = small.getpixel((310, 200))
    assert red > 200 > blue
    red, _green, blue = small.getpixel((10, 200))
    assert blue > 200 > red


def test_transparency_becomes_white() -> None:
    photo = add_photo(upload(saved(Image.new("RGBA", (400, 400), (0, 0, 0, 0)), "PNG")))
    assert rendition(photo, "400.jpg").getpixel((200, 200)) == (255, 255, 255)


def test_a_palette_with_a_transparent_colour_becomes_white() -> None:
    image = Image.new("P", (400, 400), 0)
    image.putpalette([255, 0, 0, 0, 0, 255])
    image.paste(1, (0, 0, 200, 400))
    photo = add_photo(upload(saved(image, "PNG", transparency=0)))
    assert rendition(photo, "400.jpg").getpixel((300, 200)) == (255, 255, 255)
    assert rendition(photo, "400.jpg").getpixel((100, 200))[2] > 240


def test_sixteen_bits_a_pixel_keep_their_brightness() -> None:
    photo = add_photo(upload(saved(Image.new("I;16", (400, 400), 128 * 257), "PNG")))
    assert abs(rendition(photo, "400.jpg").getpixel((200, 200))[0] - 128) <= 2


def test_a_picture_for_print_is_turned_into_screen_colours() -> None:
    image = Image.new("CMYK", (400, 400), (0, 255, 255, 0))
    photo = add_photo(upload(saved(image)))
    result = rendition(photo, "400.jpg")
    assert result.mode == "RGB"
    red, green, blue = result.getpixel((200, 200))
    assert red > 200
    assert max(green, blue) < 60


def test_a_colour_profile_is_applied_and_then_left_out() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    broken = saved(Image.new("RGB", (400, 400), "green"), icc_profile=lab.tobytes())
    other = saved(Image.new("RGB", (400, 400), "green"), icc_profile=b"nonsense")
    for data in (broken, other):
        photo = add_photo(upload(data))
        assert "icc_profile" not in rendition(photo, "400.jpg").info


def test_nothing_of_what_the_camera_noted_is_public() -> None:
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825).update({1: "N", 2: (20.0, 57.0, 1.0), 3: "E", 4: (107.0, 5.0, 2.0)})
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>SecretXmp</x:xmpmeta>"
    data = saved(
        Image.new("RGB", (1600, 900), "green"),
        exif=exif,
        xmp=xmp,
        comment=b"<script>SecretComment</script>",
    )
    assert b"SecretCamera" in data
    photo = add_photo(upload(data))
    public = list(Path(default_storage.path(f"photos/{photo.key}")).iterdir())
    assert len(public) == 22
    for path in public:
        content = path.read_bytes()
        assert b"Secret" not in content, path.name
        for marker in (
            b"Exif",
            b"EXIF",
            b"http://ns.adobe.com",
            b"Photoshop 3.0",
            b"XMP ",
            b"ICCP",
        ):
            assert marker not in content, (path.name, marker)
        assert not Image.open(path).getexif()


# --- what the file says -----------------------------------------------------------------------


def iptc(records: dict[tuple[int, int], bytes]) -> bytes:
    """The APP13 segment in which Photoshop and agencies keep captions."""
    body = b"".join(
        b"\x1c" + bytes(key) + struct.pack(">H", len(value)) + value
        for key, value in records.items()
    )
    body += b"\x00" * (len(body) % 2)
    block = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00" + struct.pack(">I", len(body)) + body
    return b"\xff\xed" + struct.pack(">H", len(block) + 2) + block


def with_segment(data: bytes, segment: bytes) -> bytes:
    return data[:2] + segment + data[2:]


def test_caption_and_credit_are_taken_from_iptc_before_exif() -> None:
    exif = Image.Exif()
    exif[0x010E] = "Của máy ảnh".encode()
    exif[0x8298] = "© Báo Sông Quê".encode()
    records = {
        (2, 120): "Người dân thôn Đông về đích trong mùa gặt".encode(),
        (2, 80): "Ảnh: Hoài Anh".encode(),
        (2, 110): b"TTXVN",
        (2, 55): b"20240908",
        (2, 60): b"113141+0700",
    }
    data = with_segment(image_bytes(exif=exif), iptc(records))
    photo = add_photo(upload(data))
    assert photo.caption == "Người dân thôn Đông về đích trong mùa gặt"
    assert photo.credit == "Hoài Anh/TTXVN"
    assert photo.rights == "© Báo Sông Quê"
    assert photo.taken_at == datetime(2024, 9, 8, 4, 31, 41, tzinfo=UTC)


def test_xmp_gives_what_iptc_does_not() -> None:
    xmp = """<x:xmpmeta xmlns:x='adobe:ns:meta/'>
    <rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'
      xmlns:dc='http://purl.org/dc/elements/1.1/'
      xmlns:a='http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/'
      xmlns:photoshop='http://ns.adobe.com/photoshop/1.0/'>
    <rdf:Description photoshop:Credit='TTXVN'>
    <dc:description><rdf:Alt><rdf:li xml:lang='x-default'>Chợ nổi</rdf:li></rdf:Alt>
    </dc:description>
    <dc:creator><rdf:Seq><rdf:li>Trần Minh</rdf:li><rdf:li>Lê Hoa</rdf:li></rdf:Seq></dc:creator>
    <a:AltTextAccessibility><rdf:Alt><rdf:li xml:lang='vi'>Thuyền đầy hoa</rdf:li></rdf:Alt>
    </a:AltTextAccessibility>
    </rdf:Description></rdf:RDF></x:xmpmeta>"""
    photo = add_photo(upload(image_bytes(xmp=xmp.encode())))
    assert photo.caption == "Chợ nổi"
    assert photo.credit == "Trần Minh, Lê Hoa/TTXVN"
    assert photo.alt == "Thuyền đầy hoa"


@pytest.mark.parametrize(
    "xmp",
    [
        b"<not xml",
        b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/hostname'>]><x>&a;</x>",
        b"\xff\xfe",
    ],
)
def test_hostile_xmp_is_passed_over(xmp: bytes) -> None:
    assert add_photo(upload(image_bytes(xmp=xmp))).caption == ""


def test_vietnamese_in_exif_is_repaired_and_its_time_is_the_papers() -> None:
    exif = Image.Exif()
    exif[0x010E] = "Cầu Bãi Cháy lúc bình minh".encode()
    exif.get_ifd(0x8769)[0x9003] = "2024:09:08 06:00:00"
    photo = add_photo(upload(image_bytes(exif=exif)))
    assert photo.caption == "Cầu Bãi Cháy lúc bình minh"
    assert photo.taken_at == datetime(2024, 9, 7, 23, 0, tzinfo=UTC)


def test_what_a_camera_writes_by_default_is_no_caption() -> None:
    exif = Image.Exif()
    exif[0x010E] = "OLYMPUS DIGITAL CAMERA"
    assert add_photo(upload(image_bytes(exif=exif))).caption == ""


def test_what_is_given_wins_over_what_the_file_says() -> None:
    data = with_segment(image_bytes(), iptc({(2, 120): b"Trong file"}))
    assert add_photo(upload(data), caption="Của tòa soạn").caption == "Của tòa soạn"
    data = with_segment(image_bytes(), iptc({(2, 120): b"Trong file"}))
    assert add_photo(upload(data), caption="").caption == "Trong file"


def test_a_caption_longer_than_the_field_is_cut() -> None:
    data = with_segment(image_bytes(), iptc({(2, 120): b"a" * 1500}))
    assert len(add_photo(upload(data)).caption) == 1000


# --- refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"<html><script>alert(1)</script></html>", "anh.jpg"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', "anh.svg"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "anh.jpg"),
        (b"GIF89a<!--" + bytes(20) + b"--><script>alert(1)</script>", "anh.jpg"),
        (image_bytes(image_format="GIF"), "anh.gif"),
        (image_bytes(image_format="BMP"), "anh.jpg"),
        (image_bytes(image_format="TIFF"), "anh.jpg"),
        (b"%PDF-1.7 \xff\xd8\xff\xe0", "anh.jpg"),
        (b"MZ" + bytes(200), "anh.png"),
    ],
)
def test_what_is_no_photo_is_refused_whatever_its_name(data: bytes, name: str) -> None:
    assert refusal(data, name) == "wrong_type"


def test_an_empty_file_is_refused() -> None:
    assert refusal(b"") == "empty"


def test_a_file_of_forty_megabytes_is_refused_and_one_at_the_limit_is_not(settings: Any) -> None:
    assert refusal(image_bytes() + bytes(40 * 1024 * 1024)) == "too_big"
    data = image_bytes()
    settings.PHOTO_MAX_BYTES = len(data) - 1
    assert refusal(data) == "too_big"
    settings.PHOTO_MAX_BYTES = len(data)
    assert add_photo(upload(data)).pk


def test_a_file_that_hides_its_size_is_not_read_beyond_the_limit() -> None:
    class Endless(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            assert size and size > 0
            return bytes(size)

    with pytest.raises(PhotoError) as caught:
        add_photo(Endless())
    assert caught.value.code == "too_big"


@pytest.mark.parametrize("side", [50_000, 9_000])
def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(side: int) -> None:
    assert refusal(png_head(side, side), "anh.png") == "too_many_pixels"


def test_the_limit_of_pixels_is_exact(settings: Any) -> None:
    data = image_bytes(100, 100)
    settings.PHOTO_MAX_PIXELS = 9_999
    assert refusal(data) == "too_many_pixels"
    settings.PHOTO_MAX_PIXELS = 10_000
    assert add_photo(upload(data)).pk


def test_a_ribbon_of_a_picture_is_refused() -> None:
    assert refusal(image_bytes(801, 100)) == "wrong_shape"
    assert add_photo(upload(image_bytes(800, 100))).pk


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("part", [0.3, 0.95])
def test_a_file_cut_short_is_refused(image_format: str, part: float) -> None:
    noise = Image.effect_noise((400, 300), 80).convert("RGB")
    data = saved(noise, image_format)
    assert refusal(data[: int(len(data) * part)]) in {"broken", "wrong_type"}
    assert add_photo(upload(data)).pk


def test_a_jpeg_cut_short_is_called_incomplete() -> None:
    data = saved(Image.effect_noise((400, 300), 80).convert("RGB"))
    with translation.override("en"), pytest.raises(PhotoError, match="incomplete"):
        add_photo(upload(data[: len(data) // 2]))


def test_a_detail_that_is_not_right_is_refused_at_its_field() -> None:
    with pytest.raises(ValidationError) as caught:
        add_photo(upload(image_bytes()), focal_x=1.5)
    assert "focal_x" in caught.value.message_dict
    assert stored_files() == []


def test_when_the_row_cannot_be_written_no_file_stays() -> None:
    nobody = User(username="chua-luu")
    with pytest.raises(ValueError, match="unsaved related object"):
        add_photo(upload(image_bytes()), by=nobody)
    assert stored_files() == []
    nobody.save()
    assert add_photo(upload(image_bytes()), by=nobody).pk


def test_when_the_public_files_cannot_be_written_nothing_stays() -> None:
    obstacle = Path(default_storage.path("photos"))
    obstacle.parent.mkdir(parents=True)
    obstacle.touch()
    with pytest.raises(PhotoError) as refusal:
        add_photo(upload(image_bytes()))
    assert refusal.value.code == "out_of_reach"
    assert not Photo.objects.exists()
    assert stored_files() == [obstacle]


# --- the same file again ----------------------------------------------------------------------


def test_the_same_file_again_gives_the_photo_that_is_there() -> None:
    data = image_bytes()
    first = add_photo(upload(data, "a.jpg"), caption="Lần đầu")
    before = stored_files()
    second = add_photo(upload(data, "b.jpg"), caption="Lần hai")
    assert (first.is_new, second.is_new) == (True, False)
    assert second.pk == first.pk
    assert second.caption == "Lần đầu"
    assert stored_files() == before


@pytest.mark.django_db(transaction=True)
def test_the_same_file_sent_twice_at_once_is_stored_once() -> None:
    data = image_bytes(1200, 800)
    barrier = Barrier(3)

    def send(_number: int) -> int:
        try:
            barrier.wait(10)
            return add_photo(upload(data)).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        keys = set(pool.map(send, range(3)))
    photo = Photo.objects.get()
    assert keys == {photo.pk}
    originals = [path for path in stored_files() if ORIGINALS.location in str(path)]
    assert [path.name for path in originals] == [photo.original.name]
    assert [path.name for path in Path(default_storage.path("photos")).iterdir()] == [photo.key]


# --- changing and deleting --------------------------------------------------------------------


@pytest.fixture
def pages_dropped() -> Iterator[set[str]]:
    """The tags of all pages that the test has made old."""
    seen: set[str] = set()

    def receiver(sender: object, tags: frozenset[str], **_more: Any) -> None:
        seen.update(tags)

    dropped.connect(receiver)
    yield seen
    dropped.disconnect(receiver)


@pytest.mark.django_db(transaction=True)
def test_a_new_focal_point_makes_new_crops_under_a_new_address(pages_dropped: set[str]) -> None:
    image = Image.new("RGB", (900, 400), "blue")
    image.paste("red", (600, 0, 900, 400))
    photo = add_photo(upload(saved(image)))
    article = make_article()
    article.photos.create(photo=photo)
    old = photo.key
    assert rendition(photo, "3x2-600.jpg").getpixel((300, 200))[2] > 200
    change_photo(photo, focal_x=1.0)
    photo.refresh_from_db()
    assert photo.key != old
    assert rendition(photo, "3x2-600.jpg").getpixel((400, 200))[0] > 200
    assert not default_storage.exists(f"photos/{old}")
    assert renditions.missing(photo) == []
    assert f"article:{article.pk}" in pages_dropped


def test_a_new_caption_keeps_the_address() -> None:
    photo = add_photo(upload(image_bytes()))
    key = photo.key
    change_photo(photo, caption="Đền Cửa Ông")
    photo.refresh_from_db()
    assert photo.key == key
    assert photo.search_text.startswith("den cua ong")


@pytest.mark.django_db(transaction=True)
def test_when_the_change_is_undone_the_old_crops_are_still_there() -> None:
    photo = add_photo(upload(image_bytes()))
    key = photo.key
    with pytest.raises(KeyError), transaction.atomic():
        change_photo(photo, focal_x=0.1)
        raise KeyError
    photo.refresh_from_db()
    assert photo.key == key
    assert renditions.missing(photo) == []


def test_without_its_original_a_photo_cannot_get_a_new_crop() -> None:
    photo = add_photo(upload(image_bytes()))
    key = photo.key
    photo.original.storage.delete(photo.original.name)
    with pytest.raises(PhotoError):
        change_photo(photo, focal_x=0.1)
    photo.refresh_from_db()
    assert (photo.key, photo.focal_x) == (key, 0.5)
    assert renditions.missing(photo) == []


@pytest.mark.django_db(transaction=True)
def test_a_photo_in_use_is_not_deleted_and_another_is_with_its_files() -> None:
    photo = add_photo(upload(image_bytes()))
    use = make_article().photos.create(photo=photo)
    with pytest.raises(PhotoError) as caught:
        delete_photo(photo)
    assert caught.value.code == "in_use"
    assert renditions.missing(photo) == []
    use.delete()
    delete_photo(photo)
    assert not Photo.objects.exists()
    assert stored_files() == []


def portrait(photo: Photo) -> Any:
    return make_author(name="Hoài Anh", photo=photo)


def poster(photo: Photo) -> Any:
    size = {"size": 9, "width": 640, "height": 360}
    return Recording.objects.create(kind="video", title="Lũ về", file="x.mp4", poster=photo, **size)


def live_entry(photo: Photo) -> Any:
    entry = make_live_entry(make_live_event(), headline="Nước lên", status="draft")
    LivePhoto.objects.create(entry=entry, photo=photo)
    return entry


def text_of_a_draft(photo: Photo) -> Any:
    body = f'<figure data-photo-id="{photo.pk}"></figure>'
    return make_article(headline="Mùa gặt", body=body, status="draft")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("use", "told"),
    [
        (portrait, "tác giả “Hoài Anh”"),
        (poster, "video hoặc âm thanh “Lũ về”"),
        (live_entry, "diễn biến “Nước lên”"),
        (text_of_a_draft, "bài viết “Mùa gặt”"),
    ],
)
def test_wherever_a_photo_stands_it_is_not_deleted(use: Any, told: str) -> None:
    photo = add_photo(upload(image_bytes()))
    place = use(photo)
    with pytest.raises(PhotoError, match=told) as caught:
        delete_photo(photo)
    assert caught.value.code == "in_use"
    assert renditions.missing(photo) == []
    assert list(Photo.objects.in_use()) == [photo]
    place.delete()
    assert list(Photo.objects.unused()) == [photo]
    delete_photo(photo)
    assert not Photo.objects.exists()


def test_who_is_refused_is_told_of_ten_places_and_that_there_are_more() -> None:
    photo = add_photo(upload(image_bytes()))
    for number in range(MOST_NAMED + 1):
        make_article(headline=f"Bài {number}").photos.create(photo=photo)
    with pytest.raises(PhotoError, match="“Bài 1”, …") as caught:
        delete_photo(photo)
    assert "“Bài 0”" not in caught.value.messages[0]


def test_nobody_deletes_a_photo_that_stands_somewhere() -> None:
    """Nor does a shell: a portrait or poster that went with it would stay on stored pages."""
    for use in (portrait, poster, live_entry, text_of_a_draft):
        photo = add_photo(upload(image_bytes()))
        use(photo)
        with pytest.raises(ProtectedError):
            photo.delete()
        with pytest.raises(ProtectedError):
            Photo.objects.filter(pk=photo.pk).delete()
    add_photo(upload(image_bytes())).delete()
    assert Photo.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_a_changed_or_another_poster_drops_the_pages_with_the_video(
    pages_dropped: set[str],
) -> None:
    old, new = add_photo(upload(image_bytes())), add_photo(upload(image_bytes()))
    recording, article = poster(old), make_article()
    article.recordings.create(recording=recording)
    for change in (
        lambda: change_photo(old, focal_x=0.1),
        lambda: change_photo(old, alt="Nước lũ"),
        lambda: change_recording(recording, poster=new),
        lambda: change_recording(recording, poster=None),
    ):
        pages_dropped.clear()
        change()
        assert f"article:{article.pk}" in pages_dropped
    delete_photo(old)
    delete_photo(new)
    assert not Photo.objects.exists()
