"""The command: saved pages in, articles and a report out."""

from datetime import datetime
from io import StringIO
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from articles.models import Article, Author, ImportedPage
from categories.models import Category
from core.vietnamese import HANOI
from photos.models import Photo
from tests.factories import image_bytes, make_article, make_author, make_category, make_user

pytestmark = pytest.mark.django_db
DATA = Path(__file__).parent.parent / "data" / "import"
SEED = DATA / "seed.txt"
OWN = DATA / "own-cms.html"
OLD = DATA / "old-cms.html"


@pytest.fixture
def category() -> Category:
    return make_category(slug="xay-dung-dang")


@pytest.fixture
def told() -> dict[str, str]:
    return {}


def run(*files: Path, told: dict[str, str] | None = None, **options: Any) -> str:
    """What the command printed; what it complained about is in ``told["err"]``."""
    out, err = StringIO(), StringIO()
    try:
        call_command(
            "import_page",
            *map(str, files),
            **{"category": "xay-dung-dang", "stdout": out, "stderr": err} | options,
        )
    finally:
        if told is not None:
            told["err"], told["out"] = err.getvalue(), out.getvalue()
    return out.getvalue()


def write(folder: Path, text: str, name: str = "trang.txt") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


PAGE = """Bến Lau vào vụ
Thứ 5, 08/12/2022 | 10:16:31 [GMT +7] A A
Bà con xóm chài chuẩn bị cho mùa lưới mới.
Từ ba giờ sáng, bến cá đã rực ánh đèn.
Chợ cá họp lúc bảy giờ.
"""


# --- the real page ----------------------------------------------------------------------------


def test_the_real_page_comes_in_with_every_element(category: Category) -> None:
    out = run(SEED)
    article = Article.objects.get()
    assert article.headline == "Đổi mới trong công tác xây dựng chỉnh đốn Đảng"
    assert article.status == Article.Status.DRAFT
    assert article.category == category
    assert article.standfirst.startswith("Cùng với đổi mới mạnh mẽ tư duy lãnh đạo")
    assert article.byline == "Hoài Anh"
    assert [author.name for author in article.authors.all()] == ["Hoài Anh"]
    first, second = article.photos.all()
    assert first.caption.endswith("tháng 6/2020.")
    assert first.credit == ""
    assert second.caption.endswith("tháng 8/2020.")
    assert second.credit == "Thanh Hoa"
    assert first.photo is None and second.photo is None
    blocks = article.body.split("\n")
    assert len([block for block in blocks if not block.startswith("<p>[")]) == 8
    assert blocks[5] == "<p>[photo(2)]</p>"
    assert blocks[-1] == "<p>[links()]</p>"
    assert "|" not in article.body
    assert article.get_absolute_url() in out
    assert "photo 1 has no picture file" in out
    assert "[links()]" in out


def test_the_text_of_the_real_page_is_not_touched(category: Category) -> None:
    run(SEED)
    article = Article.objects.get()
    paragraphs = [
        line
        for line in SEED.read_text(encoding="utf-8").split("\n")
        if len(line) > 200 and not line.endswith("|")
    ]
    assert [article.standfirst, *article.body.replace("<p>", "").split("</p>\n")[:1]] == (
        paragraphs[:2]
    )
    assert all(paragraph in f"{article.standfirst}\n{article.body}" for paragraph in paragraphs)


def test_published_it_keeps_its_own_date_and_readers_can_read_it(
    category: Category, client: Client
) -> None:
    chief = make_user("chief")
    run(SEED, publish=True)
    article = Article.objects.get()
    assert article.published_at == datetime(2020, 9, 8, 11, 31, 41, tzinfo=HANOI)
    assert article.is_public
    assert article.created_by == chief
    page = client.get(article.get_absolute_url())
    assert page.status_code == 200
    html = page.content.decode()
    assert "Thứ 3, 08/09/2020 | 11:31:41 [GMT +7]" in html
    assert "Ảnh: Thanh Hoa" in html
    assert "[links()]" not in html and "[photo(" not in html


def test_a_second_run_changes_nothing_and_says_so(category: Category) -> None:
    run(SEED)
    before = Article.objects.values().get()
    out = run(SEED)
    assert "imported before, nothing was changed" in out
    assert Article.objects.values().get() == before
    assert (Author.objects.count(), ImportedPage.objects.count()) == (1, 1)


def test_another_copy_of_the_page_changes_nothing(category: Category, tmp_path: Path) -> None:
    run(SEED)
    saved_later = SEED.read_text(encoding="utf-8").replace("22/11/2024 20:14", "23/11/2024 08:00")
    out = run(write(tmp_path, saved_later))
    assert "another copy of an article that is here" in out
    assert Article.objects.count() == 1


def test_a_dry_run_shows_it_and_writes_nothing(category: Category) -> None:
    out = run(SEED, dry_run=True)
    assert "would be imported" in out
    assert "2020-09-08T11:31:41+07:00" in out
    assert not Article.objects.exists()
    assert not Author.objects.exists()


# --- HTML -------------------------------------------------------------------------------------


def test_a_page_of_the_papers_own_site_comes_in_whole(category: Category) -> None:
    related = make_article(headline="Nghe dân nói ở Bến Lau")
    known = make_author(name="Nguyễn Hoài Anh", pen_names="Hoài Anh")
    out = run(OWN)
    article = Article.objects.get(headline="Bến Lau vào vụ lưới mới")
    assert article.pk == 3216712
    assert article.imported_from.old_path == "/ben-lau-vao-vu-luoi-moi-3216712.html"
    assert "2022-12-08T10:16:31+07:00" in out
    assert article.standfirst.startswith("Sau hai tháng biển động")
    assert article.byline == "Hoài Anh - Thanh Hoa (CTV)"
    assert known in article.authors.all()
    assert {author.name for author in article.authors.all()} == {"Nguyễn Hoài Anh", "Thanh Hoa"}
    words = [(use.caption, use.credit) for use in article.photos.all()]
    assert words == [
        ("Thuyền cá Bến Lau rời bến lúc rạng sáng.", ""),
        ("Các chị vá lưới trước giờ ra khơi.", "Q.M.G."),
        ("Mẻ cá đầu vụ được chuyển lên bờ.", "NGUYỄN HÙNG"),
    ]
    assert [use.alt for use in article.photos.all()] == ["", "Vá lưới", ""]
    assert [tag.name for tag in article.tags.all()] == ["Bến cá", "Biển đảo"]
    assert [link.target for link in article.related_links.all()] == [related]
    assert "related article not found: “Phiên chợ nửa tháng”" in out
    assert "dropped the placeholder “Chú thích ảnh”" in out
    assert "took the paper's code off the standfirst: “(QBĐT) -”" in out
    assert article.body.split("\n")[1:3] == [
        "<h2>Lưới mới, luồng cá mới</h2>",
        "<p>Năm nay, <em>tổ hợp tác</em> mua chung 12 tấm lưới mắt thưa theo <a"
        ' href="https://vanban.example/19-nq">Nghị quyết số 19-NQ/TU</a> của tỉnh.</p>',
    ]
    for kept in ("<ul>", "<table>", "<p>[photo(2)]</p>", "<p>[photo(3)]</p>", "<p>[links()]</p>"):
        assert kept in article.body
    for gone in ("Chính trị", "500 ký tự", "Chú thích", "Hoài Anh", "var ids", "|"):
        assert gone not in article.body


def test_a_page_of_the_older_site_keeps_its_number_and_address(category: Category) -> None:
    run(OLD)
    article = Article.objects.get()
    assert article.pk == 2453015
    assert article.imported_from.old_path == ("/kinh-te/201909/duong-moi-len-pac-lan-2453015/")
    assert article.byline == "PV"
    assert not article.authors.exists()
    assert article.body.count("<p>") == 2


def test_a_number_that_is_taken_is_not_taken_away(category: Category) -> None:
    other = make_article(pk=2453015, headline="Bài đã có")
    out = run(OLD)
    assert "the old number 2453015 is taken" in out
    assert Article.objects.get(pk=2453015).headline == other.headline
    assert Article.objects.count() == 2


def test_the_next_article_gets_a_free_number(category: Category) -> None:
    run(OLD)
    assert make_article().pk > 2453015


def test_readers_of_an_old_address_are_sent_on(category: Category, client: Client) -> None:
    make_user("chief")
    run(OLD, publish=True)
    answer = client.get("/kinh-te/201909/duong-moi-len-pac-lan-2453015/")
    assert answer.status_code == 301
    assert answer["Location"].endswith(Article.objects.get().get_absolute_url())


# --- parts of a page ---------------------------------------------------------------------------


def test_a_caption_printed_twice_is_kept_once(category: Category, tmp_path: Path) -> None:
    page = PAGE.replace(
        "Chợ cá họp", "Thuyền về bến\nThuyền về bến. Ảnh: Vũ Hà |\nThuyền về bến. |\nChợ cá họp"
    ).replace("Thuyền về bến\n", "Thuyền về bến.\n")
    out = run(write(tmp_path, page))
    article = Article.objects.get()
    assert [(use.caption, use.credit) for use in article.photos.all()] == [
        ("Thuyền về bến.", "Vũ Hà")
    ]
    assert out.count("dropped a caption printed twice") == 2
    assert article.body.count("Thuyền") == 0


def test_a_picture_without_caption_keeps_its_place(category: Category, tmp_path: Path) -> None:
    run(write(tmp_path, PAGE.replace("Chợ", "![Bến cá](/a.jpg) |\n |\nChợ")))
    article = Article.objects.get()
    assert [(use.caption, use.alt) for use in article.photos.all()] == [("", "Bến cá")]
    assert "[photo(1)]" in article.body


def test_keywords_and_related_headings_end_the_text(category: Category, tmp_path: Path) -> None:
    page = PAGE + "Từ khoá:\nBến cá\nNgư dân\nTin liên quan\nTin cũ\nÝ kiến (3)\nHay quá!\n"
    out = run(write(tmp_path, page))
    article = Article.objects.get()
    assert {tag.name for tag in article.tags.all()} == {"Bến cá", "Ngư dân"}
    assert "related article not found: “Tin cũ”" in out
    assert "not placed: Hay quá!" in out
    assert "Hay quá" not in article.body


def test_the_source_agency_is_told_from_the_byline(category: Category, tmp_path: Path) -> None:
    run(write(tmp_path, PAGE + "Thanh Hoa\nTheo TTXVN\n"))
    article = Article.objects.get()
    assert (article.byline, article.source) == ("Thanh Hoa", "Theo TTXVN")


def test_a_pen_name_of_two_people_is_linked_to_neither(category: Category, tmp_path: Path) -> None:
    make_author(name="Vũ Hà")
    make_author(name="Trần Hà", pen_names="Vũ Hà", slug="tran-ha")
    out = run(write(tmp_path, PAGE + "Vũ Hà\n"))
    assert "“Vũ Hà” is a name of 2 authors" in out
    assert not Article.objects.get().authors.exists()


def test_unknown_shortcodes_are_kept_and_listed(category: Category, tmp_path: Path) -> None:
    out = run(write(tmp_path, PAGE + "[video(77)]\n"))
    assert "<p>[video(77)]</p>" in Article.objects.get().body
    assert "shortcodes: [video(77)]" in out


def test_a_page_in_nfd_is_stored_in_nfc(category: Category, tmp_path: Path) -> None:
    import unicodedata

    run(write(tmp_path, unicodedata.normalize("NFD", PAGE)))
    article = Article.objects.get()
    assert article.headline == "Bến Lau vào vụ"
    assert article.body == unicodedata.normalize("NFC", article.body)


def test_a_page_without_date_is_published_now_and_says_so(
    category: Category, tmp_path: Path
) -> None:
    make_user("chief")
    page = PAGE.replace("Thứ 5, 08/12/2022 | 10:16:31 [GMT +7] A A\n", "") + "Hoài Anh\n"
    out = run(write(tmp_path, page), publish=True)
    assert "no dateline" in out
    assert "published with the time of the import" in out
    assert Article.objects.get().is_public


def test_a_date_to_come_schedules(category: Category, tmp_path: Path) -> None:
    make_user("chief")
    out = run(write(tmp_path, PAGE.replace("2022", "2099")), publish=True)
    assert Article.objects.get().is_scheduled
    assert "in the future" in out


# --- photos -----------------------------------------------------------------------------------


def test_pictures_are_put_to_the_captions_in_natural_order(
    category: Category, tmp_path: Path
) -> None:
    for name, width in (("anh10.jpg", 500), ("anh2.jpg", 400), ("anh1.jpg", 300)):
        (tmp_path / name).write_bytes(image_bytes(width, 300))
    (tmp_path / "ghi-chu.txt").write_text("x")
    out = run(SEED, photos=tmp_path)
    assert [use.photo.width for use in Article.objects.get().photos.all()] == [300, 400]
    assert "more pictures than captions, not used: anh10.jpg" in out
    assert "not a picture, left out: ghi-chu.txt" in out


def test_a_broken_picture_leaves_its_place_empty(category: Category, tmp_path: Path) -> None:
    (tmp_path / "1.jpg").write_bytes(b"no picture")
    (tmp_path / "2.jpg").write_bytes(image_bytes())
    out = run(SEED, photos=tmp_path)
    first, second = Article.objects.get().photos.all()
    assert first.photo is None and first.caption
    assert second.photo is not None
    assert "photo 1: 1.jpg was not taken" in out


def test_several_pages_have_their_pictures_in_folders_of_their_names(
    category: Category, tmp_path: Path, told: dict[str, str]
) -> None:
    (tmp_path / "seed").mkdir()
    (tmp_path / "seed" / "1.jpg").write_bytes(image_bytes())
    run(SEED, OLD, photos=tmp_path, told=told)
    assert Photo.objects.count() == 1
    assert "there is no folder" in told["err"]


def test_a_dry_run_takes_no_pictures(category: Category, tmp_path: Path) -> None:
    (tmp_path / "1.jpg").write_bytes(image_bytes())
    run(SEED, photos=tmp_path, dry_run=True)
    assert not Photo.objects.exists()


# --- refusals ---------------------------------------------------------------------------------


def test_what_is_no_article_is_refused_and_the_others_go_in(
    category: Category, tmp_path: Path, told: dict[str, str]
) -> None:
    code = write(tmp_path, "def f():\n    return 1\nprint(f())\n", "code.txt")
    empty = write(tmp_path, "", "empty.txt")
    with pytest.raises(CommandError, match="3 of 4 files were not imported"):
        run(code, SEED, empty, tmp_path / "none.html", told=told)
    assert Article.objects.count() == 1
    assert "code.txt: refused: nothing marks it as an article" in told["err"]
    assert "empty.txt: refused: the file is empty" in told["err"]
    assert "none.html: refused: there is no such file" in told["err"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Thứ 5, 08/12/2022 | 10:16:31", "no headline"),
        ("Bến Lau vào vụ\nThứ 5, 08/12/2022 | 10:16:31", "no text"),
        ("A" * 300 + "\n08/12/2022 10:16\nBà con.\nVào vụ.", "no headline: .* 300 characters"),
        ("\n".join(f"Tin số {n}\n0{n}/12/2022 10:16" for n in range(1, 7)), "list of articles"),
        ("<html><body></body></html>", "no headline"),
        ("<html><h1>Liên hệ</h1><p>Điện thoại của tòa soạn.</p></html>", "nothing marks it"),
    ],
)
def test_each_refusal_says_why(
    category: Category, tmp_path: Path, told: dict[str, str], text: str, reason: str
) -> None:
    import re

    with pytest.raises(CommandError):
        run(write(tmp_path, text), told=told)
    assert re.search(reason, told["err"])
    assert not Article.objects.exists()


def test_an_unknown_category_is_named_with_those_like_it(category: Category) -> None:
    with pytest.raises(CommandError, match=r"“xay-dung-dan”.*Did you mean xay-dung-dang"):
        run(SEED, category="xay-dung-dan")


def test_a_missing_photo_folder_is_named(category: Category, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="--photos: there is no folder"):
        run(SEED, photos=tmp_path / "none")


def test_an_unknown_importer_is_named(category: Category) -> None:
    with pytest.raises(CommandError, match="--by: there is no active member of staff “ai-do”"):
        run(SEED, by="ai-do")


def test_publishing_needs_someone_who_may(category: Category, told: dict[str, str]) -> None:
    with pytest.raises(CommandError, match="there is no chief editor"):
        run(SEED, publish=True)
    reporter = make_user("reporter")
    with pytest.raises(CommandError, match="1 of 1"):
        run(SEED, publish=True, by=reporter.username, told=told)
    assert "not imported" in told["err"]
    assert not Article.objects.exists()
    run(SEED, by=reporter.username)
    assert Article.objects.get().created_by == reporter


def test_script_in_a_page_is_not_stored(category: Category, tmp_path: Path) -> None:
    text = OWN.read_text(encoding="utf-8").replace(
        "Chợ cá họp", "<script>alert(1)</script><img src=x onerror=alert(2)>Chợ cá họp"
    )
    run(write(tmp_path, text, "trang.html"))
    article = Article.objects.get()
    assert "alert" not in article.body
    assert "Chợ cá họp" in article.body


def test_a_file_may_come_under_another_name(category: Category, tmp_path: Path) -> None:
    run(SEED)
    copy(SEED, tmp_path / "khac.txt")
    assert "imported before" in run(tmp_path / "khac.txt")


def test_rows_of_a_table_are_no_captions(
    category: Category, tmp_path: Path, told: dict[str, str]
) -> None:
    table = "Cấu hình\n| tên | giá trị |\n|---|---|\n| PORT | 8000 |\nĐọc thêm trong sổ tay này.\n"
    with pytest.raises(CommandError):
        run(write(tmp_path, table), told=told)
    assert "nothing marks it as an article" in told["err"]
    out = run(write(tmp_path, PAGE + "| Cá thu | 180.000 |\n"))
    assert not Article.objects.get().photos.exists()
    assert "a row of a table, kept as a paragraph" in out


def test_a_line_without_end_does_not_hold_up_the_import(category: Category, tmp_path: Path) -> None:
    lines = "".join(f"{sign * 100_000}x |\n" for sign in ("-", "|", "(", "![", "Ảnh: ", "a "))
    run(write(tmp_path, PAGE + lines))
    assert Article.objects.get().headline == "Bến Lau vào vụ"
