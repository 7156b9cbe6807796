"""No text and no HTML makes the importer fail: it reads an article or says why not."""

from hypothesis import given, settings
from hypothesis import strategies as st

from articles.page_import.assembly import assemble
from articles.page_import.html_page import read_html
from articles.page_import.reading import NotAnArticle
from articles.page_import.text_page import lines_of
from core.html import clean_html

PIECES = [
    "Tất cả chuyên mục", "Thứ 3, 08/09/2020 | 11:31:41 [GMT +7] A A", "Bến Lau vào vụ", "|", "PV",
    "Chú thích ảnh |", "Bến cá. Ảnh: Vũ Hà |", "[links()]", "[photo(9)]", "Hoài Anh - Vũ Hà",
    "Ý kiến ()", "Từ khoá: a, b", ">> Tin cũ", "Theo TTXVN", "![a](b) |", "Ảnh:", "(QBĐT) -",
    "Bà con xóm chài chuẩn bị cho mùa lưới mới.", "\u202e\u0000", "e\u0323\u0302", "<b>", "&amp;",
]  # fmt: skip
TAGS = [
    "<h1>", "</h1>", "<p>", "</p>", "<table>", "<tr><td>", "<img src=x alt='a'>", "<figure>",
    "<figcaption>", "<div class='sapo'>", "<div class=related><a href='//[x'>", "</div>", "<ul>",
    "<link rel=canonical href='http://[::1'>", "<article>", "<!--", "-->", "<![CDATA[", "<?xml ?>",
    "<script>", "<b>", "</b>", "<br>", "<div itemprop=articleBody>", "<a href='javascript:x'>",
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=40)), max_size=25))
def test_any_text_is_read_or_refused(lines: list[str]) -> None:
    try:
        page = assemble(lines_of("\n".join(lines)))
    except NotAnArticle:
        return
    assert page.headline
    assert page.body == clean_html(page.body)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.one_of(st.sampled_from(TAGS), st.sampled_from(PIECES), st.text(max_size=20)), max_size=40
    )
)
def test_any_html_is_read_or_refused(parts: list[str]) -> None:
    try:
        html = read_html("".join(parts))
        page = assemble(html.lines, sure=html.says_article, url=html.url)
    except NotAnArticle:
        return
    assert page.headline
    assert page.body == clean_html(page.body)


def test_deep_html_is_read_or_refused() -> None:
    text = "<div>" * 5000 + "<p>Bến Lau" + "</div>" * 5000
    try:
        assemble(read_html(text).lines)
    except NotAnArticle:
        return
