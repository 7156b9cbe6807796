"""The rules of Vietnamese text, on the shared cases and on any text at all."""

import csv
import time
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import vietnamese as vn

CASES = Path(__file__).parent.parent / "data" / "vietnamese-cases.tsv"
ROWS = list(csv.DictReader(CASES.read_text("utf-8").splitlines(), delimiter="\t"))
HANOI = timezone(timedelta(hours=7))


def cases(rule: str) -> list[Any]:
    """Return the rows of one rule as test parameters named by their number."""
    chosen = [row for row in ROWS if row["rule"] == rule]
    assert chosen, rule
    return [pytest.param(row["input"], row["expected"], id=row["id"]) for row in chosen]


def without_note(text: str) -> str:
    return text.partition(" (")[0]


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


# Letters that make trouble: marks loose and composed, look-alikes, blanks, invisibles.
vietnamese = st.text(
    st.one_of(
        st.sampled_from(list("aăâbcdđeêghiklmnoôơpqrstuưvxyĐẢẠếộữỳ ÐðƉ-/.,'0123456789")),
        st.sampled_from([chr(c) for c in (0x300, 0x301, 0x303, 0x309, 0x323, 0x302, 0x338)]),
        st.sampled_from([chr(c) for c in (0xA0, 0xAD, 0x34F, 0x200B, 0x202E, 0x2028, 0, 0x33C)]),
        st.sampled_from(list("👩🌾❤↔〈\u200d\ufe0f🏴\U000e0067\U000e007f")),
        st.characters(),
    )
)


class TestTheSharedCases:
    @pytest.mark.parametrize(("text", "folded"), cases("fold") + cases("fold (ETH)"))
    def test_fold_drops_every_mark(self, text: str, folded: str) -> None:
        text = without_note(text).replace("Đảng", "Ðảng")
        for form in (text, nfd(text), text.upper(), text.title()):
            assert vn.fold(form) == folded

    def test_eth_is_repaired_in_vietnamese(self) -> None:
        assert vn.clean_line("Ðảng ta") == "Đảng ta"

    def test_marks_in_any_order_are_composed(self) -> None:
        assert vn.nfc("e\u0302\u0323") == vn.nfc("e\u0323\u0302") == "ệ"
        assert vn.nfc("ơ\u0323") == "ợ"

    @pytest.mark.parametrize(("text", "slug"), cases("slug"))
    def test_slug(self, text: str, slug: str) -> None:
        for form in (text, nfd(text), text.upper()):
            assert vn.slugify(form) == slug

    @pytest.mark.parametrize(
        ("new", "old"), cases("tone new→old") + cases("tone unchanged in both styles")
    )
    def test_new_tone_places_become_old_ones(self, new: str, old: str) -> None:
        assert vn.new_to_old_tone(new) == old
        assert vn.new_to_old_tone(nfd(new)) == old
        assert vn.new_to_old_tone(new.upper()) == old.upper()

    @pytest.mark.parametrize(("pair", "_"), cases("search key equal"))
    def test_spellings_of_one_word_share_a_key(self, pair: str, _: str) -> None:
        one, other = pair.split(" ~ ")
        assert vn.search_key(one) == vn.search_key(nfd(other).upper())

    @pytest.mark.parametrize(("pair", "_"), cases("search key different"))
    def test_different_words_have_different_keys(self, pair: str, _: str) -> None:
        one, other = pair.split(" ≠ ")
        assert vn.search_key(one) != vn.search_key(other)

    @pytest.mark.parametrize(("moment", "shown"), cases("site clock"))
    def test_clock(self, moment: str, shown: str) -> None:
        assert vn.clock(datetime.fromisoformat(moment)) == shown

    @pytest.mark.parametrize(("moment", "shown"), cases("dateline"))
    def test_dateline(self, moment: str, shown: str) -> None:
        assert vn.dateline(datetime.fromisoformat(moment)) == shown

    @pytest.mark.parametrize(("text", "iso"), cases("date parse (import)"))
    def test_dates_of_other_papers_are_read(self, text: str, iso: str) -> None:
        for form in (text, nfd(text), text.upper()):
            found = vn.parse_dateline(form)
            assert found is not None
            assert found.isoformat() == iso

    def test_day_comes_before_month(self) -> None:
        assert vn.parse_dateline("08/09/2020") == date(2020, 9, 8)

    def test_number_and_money(self) -> None:
        assert vn.format_number(32976) == "32.976"
        assert vn.format_money(1500000) == "1.500.000 đồng"

    @pytest.mark.parametrize(
        ("given_order", "expected"), cases("sort vi") + cases("sort vi (d before đ)")
    )
    def test_words_sort_by_the_alphabet(self, given_order: str, expected: str) -> None:
        words = given_order.split(", ")
        assert sorted(words, key=vn.sort_key) == expected.split(" < ")
        assert sorted(map(nfd, words), key=vn.sort_key) == list(map(nfd, expected.split(" < ")))

    def test_tones_sort_in_their_order(self) -> None:
        in_order = ["ma", "mà", "mả", "mã", "má", "mạ"]
        assert sorted(["mạ", "mã", "ma", "má", "mả", "mà"], key=vn.sort_key) == in_order

    @pytest.mark.parametrize(("names", "expected"), cases("people by given name"))
    def test_people_sort_by_given_name(self, names: str, expected: str) -> None:
        assert sorted(names.split(", "), key=vn.person_sort_key) == expected.split(", ")

    def test_case_changes_work_on_composed_text(self) -> None:
        assert vn.nfc(nfd("ĐẢNG ỦY")).lower() == "đảng ủy"
        assert vn.nfc(nfd("đảng ủy")).title() == "Đảng Ủy"

    def test_truncation_cuts_between_words(self) -> None:
        assert vn.truncate_words("Đổi mới trong công tác xây dựng", 3) == "Đổi mới trong…"

    def test_initial_keeps_its_mark(self) -> None:
        assert vn.initial("Ý Nhi") == vn.initial(nfd("ý nhi")) == "Ý"

    def test_overlay_marks_are_stripped_and_flagged(self) -> None:
        spam = "T\u033ch\u033củ\u033cy\u033c"
        assert vn.strip_overlay(spam) == "Thủy"
        assert vn.foreign_lookalikes(spam)

    @pytest.mark.parametrize("spam", ["ʙᴏ̣̂", "гɑ", "ｂｅｔ", "𝐛𝐞𝐭", "ⓑⓔⓣ"])
    def test_lookalikes_are_flagged(self, spam: str) -> None:
        assert vn.foreign_lookalikes(spam)
        assert vn.spam_fold(spam).isascii()

    def test_ho_chi_minh_city_is_one_class(self) -> None:
        spellings = ["TP.HCM", "TP HCM", "TP. HCM", "TPHCM", "Tp.HCM", "tp hcm", "T.P. HCM"]
        assert {tuple(vn.search_tokens(name)) for name in spellings} == {("tphcm", "tp", "hcm")}

    @pytest.mark.parametrize("number", ["19-NQ/TU", "19–NQ/TU", "19-nq/tu"])
    def test_document_number_is_one_token_and_its_parts(self, number: str) -> None:
        tokens = vn.search_tokens(f"Nghị quyết {number}.")
        assert tokens == ["nghi", "quyet", "19-nq/tu", "19", "nq", "tu"]

    def test_document_number_does_not_break(self) -> None:
        assert vn.nbsp("số 19-NQ/TU") == "số 19-\u2060NQ/\u2060TU"


class TestCleaning:
    def test_a_line_loses_what_cannot_be_seen(self) -> None:
        assert vn.clean_line(" Quảng\u200b\u202e \t\n\u00a0Ninh\x00\ufeff ") == "Quảng Ninh"

    def test_emoji_of_several_signs_stay_one(self) -> None:
        emoji = "👨\u200d👩\u200d👧\u200d👦 🏳️\u200d🌈 👩🏽\u200d🌾 ❤️\u200d🔥 🙂\u200d↔️ 🤷\u200d♀️"
        assert vn.clean_text(emoji) == vn.clean_line(emoji) == emoji
        assert (
            vn.clean_line("a\u200d👩 👩\u200da 👩\u200d\u200d👩 \u200d👩\u200d")
            == "a👩 👩a 👩👩 👩"
        )

    @pytest.mark.parametrize("part", ["gbeng", "gbsct", "gbwls", "usca", "fr75"])
    def test_the_flag_of_a_countrys_part_stays_and_stray_tags_go(self, part: str) -> None:
        tags = "".join(chr(0xE0000 + ord(letter)) for letter in part)
        end = "\U000e007f"
        flag = f"🏴{tags}{end}"
        assert vn.clean_line(f"Đội {flag} thắng") == f"Đội {flag} thắng"
        assert vn.clean_text(flag + flag) == flag + flag
        assert vn.clean_line(f"🏴{tags} 🏴{end} 👩{tags}{end} {tags}{end}a") == "🏴 🏴 👩 a"
        assert vn.clean_line(f"🏴{tags}{tags}{end} 🏴{tags[:2]}{end}") == "🏴 🏴"
        assert vn.clean_line(flag + tags + end) == flag

    def test_text_keeps_its_lines(self) -> None:
        assert vn.clean_text("  a  b\r\n\r\n\r\n\r\nc\u2028d \n") == "a b\n\nc\nd"

    @pytest.mark.parametrize("word", ["BORÐ", "SIGURÐUR", "Ɖɔkita", "Ðæt", "veður"])
    def test_other_languages_keep_their_letters(self, word: str) -> None:
        assert vn.clean_line(word) == word

    @pytest.mark.parametrize(
        ("broken", "repaired"),
        [("QÐ-TTg", "QĐ-TTg"), ("HÐND", "HĐND"), ("Ɖồng", "Đồng"), ("ÐẮK LẮK", "ĐẮK LẮK")],
    )
    def test_lookalikes_of_d_are_repaired(self, broken: str, repaired: str) -> None:
        assert vn.clean_line(broken) == repaired

    @given(vietnamese)
    def test_cleaning_twice_changes_nothing(self, text: str) -> None:
        functions: list[Callable[[str], str]] = [
            vn.nfc, vn.clean_line, vn.clean_text, vn.fold, vn.strip_overlay, vn.nbsp, vn.spam_fold,
        ]  # fmt: skip
        for function in functions:
            once = function(text)
            assert function(once) == once, function

    @given(vietnamese)
    def test_cleaned_text_is_composed_and_can_be_stored(self, text: str) -> None:
        for cleaned in (vn.clean_line(text), vn.clean_text(text)):
            assert unicodedata.is_normalized("NFC", cleaned)
            assert "\x00" not in cleaned
            cleaned.encode()


class TestMatching:
    @given(vietnamese)
    def test_fold_for_highlighting_keeps_every_position(self, text: str) -> None:
        assert len(vn.fold_same_length(vn.nfc(text))) == len(vn.nfc(text))

    def test_fold_for_highlighting_folds(self) -> None:
        assert vn.fold_same_length("Đường  Ðảng") == "duong  dang"

    @given(vietnamese)
    def test_composed_and_decomposed_text_match(self, text: str) -> None:
        text = vn.nfc(text)
        assert vn.fold(nfd(text)) == vn.fold(text)
        assert vn.search_key(nfd(text)) == vn.search_key(text)

    def test_the_tone_goes_last_as_a_letter(self) -> None:
        assert vn.search_key("Hòa hoà HÒA") == "hoaf hoaf hoaf"

    @pytest.mark.parametrize(("foreign", "toned"), [("gas", "gá"), ("bus", "bú"), ("tax", "tã")])
    def test_a_foreign_word_is_not_taken_for_a_tone(self, foreign: str, toned: str) -> None:
        assert vn.search_key(foreign) != vn.search_key(toned)

    @pytest.mark.parametrize(
        ("one", "other"), [("tay", "tai"), ("thy", "thi"), ("y tế", "i tế"), ("cây", "câi")]
    )
    def test_i_and_y_stay_apart_elsewhere(self, one: str, other: str) -> None:
        assert vn.search_key(one) != vn.search_key(other)

    def test_exact_tokens_keep_the_tone(self) -> None:
        assert vn.search_tokens("Tỉnh uỷ", exact=True) == ["tinhr", "uyr"]

    def test_words_joined_by_signs_are_separate(self) -> None:
        assert vn.search_tokens("ông/bà, Hà Nội-Hải Phòng") == [
            "ong", "ba", "ha", "noi", "hai", "phong",
        ]  # fmt: skip


class TestSlugs:
    @given(vietnamese, st.integers(8, 120))
    def test_any_text_has_a_slug_of_plain_letters(self, text: str, length: int) -> None:
        slug = vn.slugify(text, max_length=length)
        assert slug
        assert len(slug) <= length
        assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
        assert slug == slug.strip("-")
        assert "--" not in slug

    @pytest.mark.parametrize("text", ["", "!!!", "…", "中文", "🙂"])
    def test_no_letters_still_give_a_slug(self, text: str) -> None:
        assert vn.slugify(text) == "bai-viet"

    def test_a_long_title_is_cut_between_syllables(self) -> None:
        slug = vn.slugify("nghiêng " * 30)
        assert len(slug) <= 100
        assert set(slug.split("-")) == {"nghieng"}

    def test_signs_that_are_letters_in_disguise(self) -> None:
        assert vn.slugify("100 m² Straße Ø") == "100-m2-strasse-o"


class TestTones:
    @pytest.mark.parametrize(
        ("new", "old"),
        [
            ("thuỷ thủ", "thủy thủ"), ("thoả thuận", "thỏa thuận"), ("xoè", "xòe"),
            ("nguỵ", "ngụy"), ("Hoạ sĩ", "Họa sĩ"), ("ĐOÀ", "ĐÒA"), ("toà-án", "tòa-án"),
        ],
    )  # fmt: skip
    def test_open_syllables_move(self, new: str, old: str) -> None:
        assert vn.new_to_old_tone(new) == old

    @pytest.mark.parametrize("word", ["quý", "Quỳ", "Chloé", "toàn", "thuở", "quoà", "ngoài"])
    def test_others_stay(self, word: str) -> None:
        assert vn.new_to_old_tone(word) == word


class TestSorting:
    def test_case_counts_last(self) -> None:
        words = ["Ba", "ba", "bà", "An", "BA", "an ninh", "an"]
        assert sorted(words, key=vn.sort_key) == ["an", "An", "an ninh", "ba", "Ba", "BA", "bà"]

    def test_foreign_letters_have_their_latin_place(self) -> None:
        words = ["zô", "xa", "wa", "va", "ja", "ka", "ia", "fa", "ga", "ê", "Ðà", "e", "d"]
        expected = ["d", "Ðà", "e", "ê", "fa", "ga", "ia", "ja", "ka", "va", "wa", "xa", "zô"]
        assert sorted(words, key=vn.sort_key) == expected

    def test_signs_and_digits_come_first(self) -> None:
        assert sorted(["a", "9", "(a", " a"], key=vn.sort_key) == [" a", "(a", "9", "a"]

    def test_a_name_of_one_word_or_none_sorts(self) -> None:
        assert sorted(["Văn Ý", "PV", ""], key=vn.person_sort_key) == ["", "PV", "Văn Ý"]

    @given(vietnamese, vietnamese)
    def test_any_two_texts_can_be_compared(self, one: str, other: str) -> None:
        assert sorted([one, other], key=vn.sort_key) in ([one, other], [other, one])


class TestCutting:
    @given(vietnamese, st.integers(0, 40))
    def test_never_longer_than_asked(self, text: str, length: int) -> None:
        assert len(vn.truncate_chars(text, length)) <= length
        assert len(vn.truncate_words(text, length).split()) <= max(length, 1)

    def test_a_cut_ends_with_an_ellipsis(self) -> None:
        assert vn.truncate_chars("Đổi mới, trong công tác", 10) == "Đổi mới…"

    def test_what_fits_stays(self) -> None:
        assert vn.truncate_chars("Đổi mới", 7) == "Đổi mới"
        assert vn.truncate_words("Đổi mới", 2) == "Đổi mới"

    def test_one_endless_word_is_cut_but_no_mark_is_orphaned(self) -> None:
        assert vn.truncate_chars("x" * 50, 10) == "x" * 9 + "…"
        assert vn.truncate_chars("bx\u0323y" * 9, 3) == "b…"

    def test_initials(self) -> None:
        assert vn.initial("  đặng thùy") == "Đ"
        assert vn.initial("(Ðỗ)") == "Đ"
        assert vn.initial("…") == ""


class TestShowingDates:
    def test_the_clock_shows_hanoi_wherever_the_moment_is_from(self) -> None:
        tokyo = timezone(timedelta(hours=9))
        assert vn.clock(datetime(2025, 1, 1, 1, 30, tzinfo=tokyo)).endswith("23:30 (GMT +7)")

    def test_sunday_is_written_two_ways(self) -> None:
        sunday = datetime(2025, 7, 27, 4, 21, tzinfo=HANOI)
        assert vn.clock(sunday) == "Chủ Nhật, 27/07/2025 04:21 (GMT +7)"
        assert vn.dateline(sunday) == "Chủ nhật, 27/07/2025 | 04:21:00 [GMT +7]"

    @pytest.mark.parametrize("show", [vn.clock, vn.dateline, vn.long_date])
    def test_a_naive_moment_is_refused(self, show: Callable[[datetime], str]) -> None:
        with pytest.raises(ValueError, match="time zone"):
            show(datetime(2020, 1, 1))

    def test_the_long_date(self) -> None:
        assert vn.long_date(date(2020, 9, 8)) == "Thứ Ba, ngày 8 tháng 9 năm 2020"
        late = datetime(2020, 9, 7, 17, 30, tzinfo=UTC)
        assert vn.long_date(late) == "Thứ Ba, ngày 8 tháng 9 năm 2020"


def hanoi(year: int, month: int, day: int, hour: int, minute: int, second: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=HANOI)


class TestReadingDates:
    @pytest.mark.parametrize(
        ("text", "moment"),
        [
            ("Thứ Sáu, 22/11/2024 20:14 (GMT +7)", hanoi(2024, 11, 22, 20, 14)),
            ("Thứ 3, 08/09/2020 | 11:31:41 [GMT +7]", hanoi(2020, 9, 8, 11, 31, 41)),
            ("Thứ Ba, 05/11/2024 11:15 (GMT +7)", hanoi(2024, 11, 5, 11, 15)),
            ("Thứ 5, 03/07/2025 | 23:18:25 (GMT +7)", hanoi(2025, 7, 3, 23, 18, 25)),
            ("Chủ Nhật, 27/07/2025 04:21 (GMT +7)", hanoi(2025, 7, 27, 4, 21)),
            ("21:39 | 29/12/2020", hanoi(2020, 12, 29, 21, 39)),
            ("09:11 | 09/09/2022 GMT+7", hanoi(2022, 9, 9, 9, 11)),
            ("06/10/2024 | 00:35 GMT+7", hanoi(2024, 10, 6, 0, 35)),
            ("Chủ nhật, 09:26, 10/11/2024", hanoi(2024, 11, 10, 9, 26)),
            ("PV•28/01/2025 08:22", hanoi(2025, 1, 28, 8, 22)),
            ("14h30 ngày 8/9/2020", hanoi(2020, 9, 8, 14, 30)),
            ("8 giờ 05, 08.09.2020", hanoi(2020, 9, 8, 8, 5)),
            ("08/09/2020 12:05 SA", hanoi(2020, 9, 8, 0, 5)),
            ("08/09/2020 12:05 PM", hanoi(2020, 9, 8, 12, 5)),
            ("2020-09-08T04:31:41Z", hanoi(2020, 9, 8, 11, 31, 41)),
            ("2020-09-08T11:31:41+07:00", hanoi(2020, 9, 8, 11, 31, 41)),
            ("08/09/2020 20:00 (GMT+0)", hanoi(2020, 9, 9, 3, 0)),
            ("Thứ Ba, ngày 8 tháng 9 năm 2020, 9:05", hanoi(2020, 9, 8, 9, 5)),
        ],
    )
    def test_a_date_with_a_time(self, text: str, moment: datetime) -> None:
        found = vn.parse_dateline(text)
        assert isinstance(found, datetime)
        assert found == moment
        assert found.utcoffset() == timedelta(hours=7)

    @pytest.mark.parametrize(
        ("text", "day"),
        [
            ("Tháng Chín 8, 2020", date(2020, 9, 8)),
            ("ngày 5 tháng Năm năm 2020", date(2020, 5, 5)),
            ("1 tháng mười hai 2020", date(2020, 12, 1)),
            ("Ngày 05/8/2023", date(2023, 8, 5)),
            ("29/02/2024", date(2024, 2, 29)),
        ],
    )
    def test_a_date_alone(self, text: str, day: date) -> None:
        found = vn.parse_dateline(text)
        assert found == day
        assert not isinstance(found, datetime)

    @pytest.mark.parametrize(
        "text",
        [
            "", "Cập nhật: 3 giờ trước", "31/02/2020", "29/02/2023", "09/25/2020", "00/01/2020",
            "08/09/2020 25:00", "08/09/2020 10:61", "20:14", "Thứ Sáu", "19-NQ/TU", "8/9",
            "123/45/20201", "08/09-2020",
        ],
    )  # fmt: skip
    def test_what_is_no_date_gives_nothing(self, text: str) -> None:
        assert vn.parse_dateline(text) is None

    @given(st.dates(date(1900, 1, 1), date(2200, 1, 1)))
    def test_our_own_dates_are_read_back(self, day: date) -> None:
        assert vn.parse_dateline(vn.long_date(day)) == day
        assert vn.parse_dateline(f"{day:%d/%m/%Y}") == day

    @given(st.datetimes(datetime(1980, 1, 1), datetime(2200, 1, 1)))
    def test_our_own_datelines_are_read_back(self, moment: datetime) -> None:
        moment = moment.replace(microsecond=0, tzinfo=UTC)
        assert vn.parse_dateline(vn.dateline(moment)) == moment

    @given(st.text("0123456789/-.: |,hgTZ+amptháng", max_size=60))
    def test_garbage_never_raises(self, text: str) -> None:
        vn.parse_dateline(text)


class TestNumbers:
    @pytest.mark.parametrize(
        ("number", "shown"),
        [
            (0, "0"), (999, "999"), (-1234, "-1.234"), (1234567.89, "1.234.567,89"),
            (Decimal("5.50"), "5,50"), (0.1, "0,1"), (1e21, "1.000.000.000.000.000.000.000"),
        ],
    )  # fmt: skip
    def test_dots_group_and_a_comma_divides(self, number: float, shown: str) -> None:
        assert vn.format_number(number) == shown

    def test_money_has_no_smaller_coin(self) -> None:
        assert vn.format_money(Decimal("999.5")) == "1.000 đồng"


class TestLineBreaks:
    @pytest.mark.parametrize(
        ("text", "kept"),
        [
            ("32.976 tỷ đồng", "32.976_tỷ_đồng"),
            ("tăng 5,5 % so", "tăng 5,5_% so"),
            ("12 km đường", "12_km đường"),
            ("20 m2, 3 ha", "20_m2, 3_ha"),
            ("TP Hạ Long", "TP_Hạ Long"),
            ("TP. Hạ Long", "TP._Hạ Long"),
            ("5 kem", "5 kem"),
            ("13/2023/NĐ-CP", "13/^2023/^NĐ-^CP"),
            ("1989/QĐ-BGDĐT", "1989/^QĐ-^BGDĐT"),
            ("08/09/2020, 15-20.000", "08/09/2020, 15-20.000"),
        ],
    )
    def test_what_belongs_together_stays_together(self, text: str, kept: str) -> None:
        assert vn.nbsp(text) == kept.replace("_", "\u00a0").replace("^", "\u2060")

    @given(vietnamese)
    def test_cleaning_takes_the_glue_away(self, text: str) -> None:
        assert vn.clean_line(vn.nbsp(vn.clean_line(text))) == vn.clean_line(text)


class TestDisguises:
    @pytest.mark.parametrize("text", ["Thủy Đặng", "Müller à Đắk R'lấp, 5 m² 🙂 – “€”", ""])
    def test_ordinary_text_is_not_flagged(self, text: str) -> None:
        assert vn.foreign_lookalikes(text) == []
        assert vn.foreign_lookalikes(nfd(text)) == []
        assert vn.strip_overlay(nfd(text)) == text

    @pytest.mark.parametrize(
        "spam",
        ["nh\u034fà c\u17b4ái", "n\u0332h\u0332à c\u0332á\u0332i\u0332", "nhà сái", "nhà cάi"],
    )
    def test_bad_words_are_found_under_their_disguise(self, spam: str) -> None:
        assert vn.spam_fold(spam) == "nha cai"


@pytest.mark.parametrize(
    "garbage",
    ["1" * 50_000, "1-" * 25_000, "08/09/" * 9_000, "19-NQ/" * 9_000 + "!", "tp " * 9_000,
     "a\u0301\u0301" * 9_000, " " * 50_000, "1a" * 25_000, "5 triệu " * 6_000],
    ids=lambda garbage: repr(garbage[:6]),
)  # fmt: skip
def test_long_garbage_is_quick(garbage: str) -> None:
    functions: list[Callable[[str], object]] = [
        vn.parse_dateline, vn.nbsp, vn.search_tokens, vn.search_key, vn.slugify, vn.clean_text,
        vn.new_to_old_tone, vn.sort_key, vn.spam_fold,
    ]  # fmt: skip
    started = time.process_time()
    for function in functions:
        function(garbage)
    assert time.process_time() - started < 2
