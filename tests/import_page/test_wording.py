"""What single lines of a page are taken for."""

import pytest

from articles.page_import import wording


@pytest.mark.parametrize(
    ("text", "caption", "credit"),
    [
        ("Bà con họp. Ảnh: Thanh Hoa", "Bà con họp.", "Thanh Hoa"),
        ("Lễ khởi công. Ảnh: Văn Đức/TTXVN", "Lễ khởi công.", "Văn Đức/TTXVN"),
        ("Lễ khởi công (Ảnh: Thanh Vân/TTXVN)", "Lễ khởi công", "Thanh Vân/TTXVN"),
        ("Vá lưới (Ảnh: Q.M.G.).", "Vá lưới.", "Q.M.G."),
        ("Bến cá. Ảnh: NGUYỄN HÙNG", "Bến cá.", "NGUYỄN HÙNG"),
        ("Đón khách.Ảnh: Hoàng Trình.", "Đón khách.", "Hoàng Trình"),
        ("Thủ tướng dự họp - Ảnh: VGP/Đức Tuân", "Thủ tướng dự họp", "VGP/Đức Tuân"),
        ("Ảnh minh họa", "Ảnh minh họa", ""),
        ("Cảnh bến xưa. Ảnh tư liệu: Hoài Anh", "Cảnh bến xưa. Ảnh tư liệu", "Hoài Anh"),
        ("Trong ảnh: đoàn công tác. Ảnh: PV", "Trong ảnh: đoàn công tác.", "PV"),
        ("Trong ảnh: đoàn công tác.", "Trong ảnh: đoàn công tác.", ""),
        ("Ảnh: cũ. Ảnh: Hoài Anh", "Ảnh: cũ.", "Hoài Anh"),
        ("Một góc làng. Ảnh:", "Một góc làng.", ""),
        ("Ảnh: Thanh Hoa", "", "Thanh Hoa"),
    ],
)
def test_the_credit_is_what_follows_the_last_photo_word(
    text: str, caption: str, credit: str
) -> None:
    assert wording.split_credit(text) == (caption, credit)


def test_a_credit_too_long_to_be_one_stays_in_the_caption() -> None:
    text = "Bến cá. Ảnh: " + "rất dài " * 40
    assert wording.split_credit(text) == (text, "")


@pytest.mark.parametrize(
    ("line", "stamp"),
    [
        ("Thứ 3, 08/09/2020 | 11:31:41 [GMT +7] A A", "2020-09-08T11:31:41+07:00"),
        ("Thứ 5, 03/07/2025 | 23:18:25 (GMT +7)", "2025-07-03T23:18:25+07:00"),
        ("Thứ Tư, 08/04/2015, 08:11 [GMT+7]", "2015-04-08T08:11:00+07:00"),
        ("Thứ sáu, 04/07/2025 - 08:50", "2025-07-04T08:50:00+07:00"),
        ("19:48, 05/09/2020", "2020-09-05T19:48:00+07:00"),
        ("27/09/2020, 21:58", "2020-09-27T21:58:00+07:00"),
        ("21:39 | 29/12/2020", "2020-12-29T21:39:00+07:00"),
        ("26/01/2021 (09:40:54)", "2021-01-26T09:40:54+07:00"),
        ("09:11 | 09/09/2022 GMT+7", "2022-09-09T09:11:00+07:00"),
        ("15/11/2025 5:05 PM (GMT+7)", "2025-11-15T17:05:00+07:00"),
        ("Chủ nhật, 09:26, 10/11/2024", "2024-11-10T09:26:00+07:00"),
        ("PV•28/01/2025 08:22", "2025-01-28T08:22:00+07:00"),
    ],
)
def test_every_known_dateline_is_read(line: str, stamp: str) -> None:
    found = wording.dateline_of(line)
    assert found is not None
    assert found.isoformat() == stamp


@pytest.mark.parametrize(
    "line",
    [
        "Cập nhật: 3 giờ trước",
        "Ngày 03/3/2015, Tỉnh ủy ban hành Nghị quyết số 19-NQ/TU về đổi mới phương thức lãnh đạo.",
        "Hội nghị diễn ra sáng 08/09/2020 tại Hạ Long",
        "Bến Lau vào vụ lưới mới",
        "",
    ],
)
def test_other_lines_are_no_datelines(line: str) -> None:
    assert wording.dateline_of(line) is None


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Hoài Anh", ("Hoài Anh",)),
        ("Hoài Anh - Thanh Hoa", ("Hoài Anh", "Thanh Hoa")),
        ("Vũ Hà (CTV)", ("Vũ Hà",)),
        ("Thanh Hoa (tổng hợp)", ("Thanh Hoa",)),
        ("Bài, ảnh: Đỗ Quang Huy", ("Đỗ Quang Huy",)),
        ("PV", ()),
        ("P.V", ()),
        ("Nhóm PV", ()),
    ],
)
def test_names_are_read_from_bylines(line: str, names: tuple[str, ...]) -> None:
    found = wording.byline_of(line)
    assert found is not None
    assert found.printed == line
    assert found.names == names


def test_an_agency_is_a_byline_without_authors() -> None:
    found = wording.byline_of("Theo TTXVN")
    assert found is not None
    assert (found.names, found.agency) == ((), "TTXVN")


@pytest.mark.parametrize(
    "line",
    [
        "Tháng sau nhớ luộc thêm lạc.",
        "Hết",
        "[links()]",
        "Cụ Tý không góp ý gì mà chỉ dặn với lại một câu",
        "Nguyễn " * 30,
        "( )",
    ],
)
def test_sentences_are_no_bylines(line: str) -> None:
    assert wording.byline_of(line) is None


def test_a_known_pen_name_in_small_letters_is_a_byline() -> None:
    found = wording.byline_of("hoài anh", frozenset({"hoài anh"}))
    assert found is not None
    assert found.sure


@pytest.mark.parametrize(
    ("line", "rest", "code"),
    [
        ("(QBĐT) - Sau hai tháng", "Sau hai tháng", "(QBĐT) -"),
        ("(Dân trí) - Sau hai tháng", "Sau hai tháng", "(Dân trí) -"),
        ("TTO - Sau hai tháng", "Sau hai tháng", "TTO -"),
        ("(Báo Quảng Ngãi)- Sau hai tháng", "Sau hai tháng", "(Báo Quảng Ngãi)-"),
        ("TP Hạ Long - nơi di sản", "TP Hạ Long - nơi di sản", ""),
        ("Sau hai tháng", "Sau hai tháng", ""),
    ],
)
def test_a_papers_code_is_taken_off_the_standfirst(line: str, rest: str, code: str) -> None:
    assert wording.split_paper_code(line) == (rest, code)
