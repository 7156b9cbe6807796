"""Which files are read, and the words with which others are refused."""

from pathlib import Path

import pytest

from articles.page_import.reading import NotAnArticle, read_page

TEXT = "Đổi mới ở Bến Lau\nThứ 3, 08/09/2020 | 11:31:41\nBà con phấn khởi.\n"
TCVN3 = "QuyÕt ®Þnh cña Uû ban nh©n d©n tØnh vÒ viÖc x©y dùng n«ng th«n míi, ®æi míi qu¶n lý."
VNI = "Ñoåi môùi trong coâng taùc xaây döïng Ñaûng ôû tænh Quaûng Ninh, vieäc raát quan troïng."


def read(tmp_path: Path, data: bytes) -> str:
    file = tmp_path / "trang.txt"
    file.write_bytes(data)
    return read_page(file).text


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_every_unicode_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    assert read(tmp_path, TEXT.encode(encoding)) == TEXT


def test_a_declared_vietnamese_code_page_is_read(tmp_path: Path) -> None:
    page = '<meta charset="windows-1258"><p>Tin trong ngày: thuyê\u0300n vê\u0300 bến</p>'
    data = page.replace("bến", "bê\u0301n").encode("cp1258")
    assert "thuyê\u0300n" in read(tmp_path, data)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the file is empty"),
        (b" \n\t ", "the file is empty"),
        ("\ufeff".encode(), "the file is empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "binary"),
        (bytes(range(256)) * 20, "binary"),
        (b"\x01\x02\x03\x04" * 50, "binary"),
        (b"abc \xff\xfe\xe9 xyz" * 3, "not UTF-8"),
        (b"\xff\xfea", "damaged"),
        (TCVN3.encode(), "TCVN3"),
        (TCVN3.encode("cp1252"), "TCVN3"),
        (VNI.encode(), "VNI"),
        (VNI.encode("cp1252"), "VNI"),
        (TEXT.encode().decode("latin-1").encode(), "UTF-8 read as Latin"),
    ],
)
def test_other_files_are_refused_with_the_reason(tmp_path: Path, data: bytes, reason: str) -> None:
    with pytest.raises(NotAnArticle, match=reason):
        read(tmp_path, data)


def test_a_file_that_is_too_big_is_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "big.html"
    with file.open("wb") as opened:
        opened.truncate(40 * 1024**2)
    with pytest.raises(NotAnArticle, match=r"40\.0 MB.*at most 10 MB"):
        read_page(file)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotAnArticle, match="folder"):
        read_page(tmp_path)
    with pytest.raises(NotAnArticle, match="no such file"):
        read_page(tmp_path / "none.txt")
    with pytest.raises(NotAnArticle, match="not a regular file"):
        read_page(Path("/dev/null"))
