"""The stored form of a body: safe, stable, and true to what was written."""

import cProfile
import json
import re
import time
import unicodedata
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.html import (
    clean_html,
    html_to_text,
    nbsp_html,
    safe_href,
    shortcodes,
    word_count,
)

VECTORS = [
    json.loads(line)
    for line in (Path(__file__).parent.parent / "data" / "xss-vectors.txt").read_text().split("\n")
    if line.startswith('"')
]
TAGS = {
    "p", "h2", "h3", "strong", "em", "u", "s", "sub", "sup", "cite", "a", "br", "hr", "ul", "ol",
    "li", "blockquote", "aside", "figure", "figcaption", "table", "caption", "thead", "tbody",
    "tfoot", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href"},
    "blockquote": {"class"},
    "aside": {"class"},
    "figure": {"data-photo-id"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
ADDRESS = re.compile(r"(?:https?://[^/]|mailto:|tel:|/(?![/\\]))", re.IGNORECASE)
VOID = {"br", "hr"}


class Inspector(HTMLParser):
    """Refuses whatever the stored form does not have."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS
        assert {name for name, _ in attrs} <= ATTRIBUTES.get(tag, set())
        for name, value in attrs:
            if name == "href":
                assert ADDRESS.match(value or ""), value
                assert not re.search(r"[\s\\<>\"'`]", value or ""), value
            elif name == "class":
                assert (tag, value) in {("blockquote", "pull"), ("aside", "info")}
            elif name == "data-photo-id":
                assert re.fullmatch("[0-9]+", value or "")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_entityref(self, name: str) -> None:
        assert name in {"amp", "lt", "gt"}

    def handle_charref(self, name: str) -> None:
        raise AssertionError(name)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(data)


def assert_stored_form(html: str) -> None:
    inspector = Inspector()
    inspector.feed(html)
    inspector.close()
    assert not inspector.open
    assert clean_html(html) == html
    assert unicodedata.is_normalized("NFC", html)
    for line in html.split("\n"):
        assert not line or re.match(
            "<(p|h2|h3|ul|ol|blockquote|aside|table|figure|hr)[ >]", line
        ), line


PIECES = [
    "<p>", "</p>", "<b>", "</b>", "<i>", "</i>", "<em>", "<strong>", "</strong>", "<div>", "</div>",
    "<ul>", "</ul>", "<ol>", "<li>", "</li>", "<table>", "</table>", "<tr>", "<td>", "</td>",
    "<th>", "<td colspan=2>", "<caption>", "<thead>", "<br>", "<hr>", "<h1>", "</h1>", "<h2>",
    "<h4>", "</h4>", "<blockquote>", "</blockquote>", "<blockquote class='pull x'>",
    "<aside class=info>", "<aside>", "</aside>", "<blockquote class=info>",
    "<figure data-photo-id=1>", "<figure>",
    "</figure>", "<figcaption>", "</figcaption>", "<img data-photo-id=2 src=x>", "<a href=/a>",
    "<a href=//x.vn>",
    "<a href='https://x.vn/?a&b'>", "</a>", "<span style='font-weight:700'>", "</span>", "<sup>",
    "</sup>", "<pre>", "<form>", "<svg>", "</svg>", "<math>", "<script>", "</script>", "<!--",
    "-->", "<style>", "</style>", "<textarea>", "<template>", "<select>", "<!", "<?", "<", ">", "&",
    ";", "&nbsp;", "&amp;", "&lt;b&gt;", "&#x338;", "\u0338", "\u0301", "\u00a0", "\u200b", " ",
    "\n", "a", "Ð", "Ảng", "ọ", "A", "[photo(2)]", "[links()]", "\x00", "\u2028", "'", '"', "`",
    "\\",
]  # fmt: skip
messy_html = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), max_size=40).map(
    "".join
)


class TestSafety:
    @pytest.mark.parametrize("vector", VECTORS)
    def test_every_known_attack_is_inert(self, vector: str) -> None:
        assert_stored_form(clean_html(vector))

    @pytest.mark.parametrize("vector", VECTORS)
    def test_every_known_attack_inside_a_paragraph_is_inert(self, vector: str) -> None:
        assert_stored_form(clean_html(f"<p>a <b>{vector}</b></p>"))

    @given(messy_html)
    def test_anything_at_all_comes_out_in_the_stored_form(self, html: str) -> None:
        assert_stored_form(clean_html(html))

    @pytest.mark.parametrize(
        "href",
        [
            "javascript:alert(1)", "JaVaScript:x", "java\tscript:x", "\x01javascript:x", "data:x",
            "vbscript:x", "file:///etc/passwd", "//evil.example", "/\\evil.example", "\\\\evil",
            "/\t/evil.example", "/\u200b/evil.example", "https:evil.example", "https:///x", "x",
            "../x", "#x", "?x", "", " ", "https://paper.example@evil.example/", "ftp://x.vn",
            "https://[x", "http://", "blob:https://x", "[links()]",
        ],
    )  # fmt: skip
    def test_dangerous_and_broken_links_lose_their_address(self, href: str) -> None:
        assert safe_href(href) is None
        escaped = href.replace("&", "&amp;").replace('"', "&quot;")
        assert clean_html(f'<p>a <a href="{escaped}">b</a></p>') == "<p>a b</p>"

    @pytest.mark.parametrize(
        ("href", "stored"),
        [
            ("https://a.vn/x?y=1&z=2#w", "https://a.vn/x?y=1&z=2#w"),
            (" http://a.vn ", "http://a.vn"),
            ("/bai-viet-1.html", "/bai-viet-1.html"),
            ("mailto:toasoan@a.vn?subject=a b", "mailto:toasoan@a.vn?subject=a%20b"),
            ("tel:+84.203-1234", "tel:+84.203-1234"),
            ("/a\"b'c<d>`", "/a%22b%27c%3Cd%3E%60"),
            ("https://a.vn/Đảng", "https://a.vn/%C4%90%E1%BA%A3ng"),
        ],
    )
    def test_good_links_are_stored_without_quotes_or_spaces(self, href: str, stored: str) -> None:
        assert safe_href(href) == stored
        assert safe_href(stored) == stored

    def test_a_link_keeps_its_address_only(self) -> None:
        html = '<p><a class="x" target="_blank" rel="opener" title="t" href="/a">b</a></p>'
        assert clean_html(html) == '<p><a href="/a">b</a></p>'


class TestStoredForm:
    @pytest.mark.parametrize(
        ("written", "stored"),
        [
            ("", ""),
            (" \n ", ""),
            ("chữ", "<p>chữ</p>"),
            ("một<p>hai</p>ba", "<p>một</p>\n<p>hai</p>\n<p>ba</p>"),
            ("<p>a</p><p>&nbsp;</p><p> <b></b><br></p><p>b</p>", "<p>a</p>\n<p>b</p>"),
            ("<div>a<div>b</div>c</div>", "<p>a</p>\n<p>b</p>\n<p>c</p>"),
            ("<h1>a</h1><h2>b</h2><h3>c</h3><h4>d</h4>",
             "<h2>a</h2>\n<h2>b</h2>\n<h3>c</h3>\n<h3>d</h3>"),
            ("<p><b>a</b><i>b</i><strike>c</strike></p>",
             "<p><strong>a</strong><em>b</em><s>c</s></p>"),
            ("<b><p>a</p><p>b</p></b>", "<p><strong>a</strong></p>\n<p><strong>b</strong></p>"),
            ("<p><b>a </b><b>b</b> c</p>", "<p><strong>a b</strong> c</p>"),
            ("<p>a<b> b</b></p>", "<p>a <strong>b</strong></p>"),
            ("<p>a<br>b<br></p>", "<p>a<br>b</p>"),
            ("<p>a<br><br>b</p>", "<p>a</p>\n<p>b</p>"),
            ("<p>a&nbsp;b &amp;nbsp; &lt;i&gt;</p>", "<p>a\u00a0b &amp;nbsp; &lt;i&gt;</p>"),
            ("<p>kh&aacute;ch \"a\" 'b' &mdash;</p>", "<p>khách \"a\" 'b' —</p>"),
            ("<p>Qua\u0309ng Ðảng</p>", "<p>Quảng Đảng</p>"),
            ("<hr>", "<hr>"),
            ("<p><b>a</b>\u0338<b>b</b></p>", "<p><strong>ab</strong></p>"),
            ("<ul><li>a<p></p>b</li></ul>", "<ul><li>a<br>b</li></ul>"),
            ("<blockquote>a<p>b</p></blockquote>", "<blockquote><p>a</p><p>b</p></blockquote>"),
            ('<blockquote class="x pull" id=a>a</blockquote><blockquote class=info>b</blockquote>',
             '<blockquote class="pull"><p>a</p></blockquote>\n<blockquote><p>b</p></blockquote>'),
            ("<aside class='box info'><h4>a</h4>b<ul><li>c</ul><aside class=info>d</aside></aside>",
             '<aside class="info"><h3>a</h3><p>b</p><ul><li>c</li></ul><p>d</p></aside>'),
            ("<aside><p>a</p></aside><aside class=pull>b</aside>", "<p>a</p>\n<p>b</p>"),
            ("<p>a</p><aside class=info> </aside>", "<p>a</p>"),
            ("<ul><li>a</li><li></li></ul><ul></ul>", "<ul><li>a</li></ul>"),
            ("<ul><li>a</li><ul><li>b</li></ul></ul>", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
            ("<ul><li>a<p>b</p></li></ul>", "<ul><li>a<p>b</p></li></ul>"),
            ("<table><tr><td colspan=2 style=x>a<td></table>",
             '<table><tbody><tr><td colspan="2">a</td><td></td></tr></tbody></table>'),
            ("<table><tr><td><table><tr><td>a<td>b</table></table>",
             "<table><tbody><tr><td><p>a</p><p>b</p></td></tr></tbody></table>"),
            ("<table><tr><td> </td></tr></table>", ""),
        ],
    )  # fmt: skip
    def test_what_is_written_is_stored_so(self, written: str, stored: str) -> None:
        assert clean_html(written) == stored
        assert_stored_form(stored)

    def test_word_leaves_nothing_behind(self) -> None:
        word = (
            "<!--[if gte mso 9]><xml><w:View>Normal</w:View></xml><![endif]-->"
            '<style>p.MsoNormal{margin:0}</style><p class="MsoNormal" style="text-align:justify">'
            '<span lang="VI" style="font-size:14.0pt;color:red">Nghị quyết <b>số</b> 19'
            "<o:p></o:p></span></p><p class=MsoNormal><o:p>&nbsp;</o:p></p>"
        )
        assert clean_html(word) == "<p>Nghị quyết <strong>số</strong> 19</p>"

    def test_google_docs_keeps_its_emphasis_without_its_wrapper(self) -> None:
        docs = (
            '<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1">'
            '<p dir="ltr"><span style="font-weight:400;font-style:normal">a </span>'
            '<span style="font-weight: 700;font-style: italic">b</span></p></b>'
        )
        assert clean_html(docs) == "<p>a <strong><em>b</em></strong></p>"


class TestPhotos:
    FIGURE = '<figure data-photo-id="12"><figcaption>Chú thích</figcaption></figure>'

    def test_a_figure_keeps_its_photo_and_caption(self) -> None:
        assert clean_html(self.FIGURE) == self.FIGURE

    @pytest.mark.parametrize(
        "html",
        [
            '<figure class="image" data-photo-id="12"><img src="/m/x.jpg" alt=""><figcaption>'
            "<p>Chú thích</p></figcaption></figure>",
            '<figure class="image"><img src="x" data-photo-id="12"><figcaption>Chú thích'
            "</figcaption></figure>",
        ],
    )
    def test_the_editors_figure_becomes_ours(self, html: str) -> None:
        assert clean_html(html) == self.FIGURE

    def test_an_image_of_ours_becomes_a_figure(self) -> None:
        stored = '<p>a</p>\n<figure data-photo-id="3"></figure>\n<p>b</p>'
        assert clean_html('<p>a <img data-photo-id="3"> b</p>') == stored

    def test_any_other_image_is_dropped_and_its_caption_kept(self) -> None:
        html = '<p>a<img src="https://x.vn/a.jpg"></p><figure><img src=x><figcaption>c</figcaption>'
        assert clean_html(html) == "<p>a</p>\n<p>c</p>"

    @pytest.mark.parametrize("number", ["0", "-1", "x", "1 onload=x", "１", "9" * 20])
    def test_a_photo_number_is_a_number(self, number: str) -> None:
        assert clean_html(f'<figure data-photo-id="{number}"></figure>') == ""


class TestShortcodes:
    @pytest.mark.parametrize(
        "html", ["<p>[links()]</p>", "<p>[photo(2)]</p>\n<p>a [photo(1)] b</p>"]
    )
    def test_they_survive_where_they_are(self, html: str) -> None:
        assert clean_html(html) == html

    def test_a_bare_one_becomes_its_own_paragraph(self) -> None:
        assert clean_html("<p>a</p>[links()]<p>b</p>") == "<p>a</p>\n<p>[links()]</p>\n<p>b</p>"

    def test_all_are_listed(self) -> None:
        html = "<p>[photo(2)] [links()]</p><p>[Video('a', 1)] [not] (at) all() [x(]</p>"
        assert shortcodes(html) == ["[photo(2)]", "[links()]", "[Video('a', 1)]"]


class TestText:
    def test_blocks_become_lines_without_shortcodes(self) -> None:
        html = (
            "<h2>A &amp; b</h2><p>c<br>d [photo(1)]</p><p>[links()]</p><ul><li>e</li></ul>"
            "<table><tr><td>f</td><td>g</td></tr></table><script>x</script>"
            "<figure data-photo-id=1><figcaption>h</figcaption></figure>"
        )
        assert html_to_text(html) == "A & b\nc\nd\ne\nf g\nh"

    def test_signs_are_not_words(self) -> None:
        assert word_count("<p>Hà Nội – Hải Phòng, 19-NQ/TU … [links()]</p>") == 5

    def test_no_break_marks_touch_the_text_only(self) -> None:
        html = '<p><a href="/19-NQ/TU">số 19-NQ/TU</a> 5 km</p>'
        glued = '<p><a href="/19-NQ/TU">số 19-\u2060NQ/\u2060TU</a> 5\u00a0km</p>'
        assert nbsp_html(html) == glued

    @given(messy_html)
    def test_text_and_count_never_fail(self, html: str) -> None:
        assert unicodedata.is_normalized("NFC", html_to_text(html))
        assert word_count(html) >= 0
        shortcodes(html)
        assert clean_html(nbsp_html(clean_html(html))).count("<") == clean_html(html).count("<")


PARAGRAPH = "<p>Đổi mới trong công tác <b>xây dựng</b> Đảng, <a href='/a'>liên kết</a>.</p>\n"


def test_a_body_ten_times_as_long_takes_about_ten_times_the_steps() -> None:
    def steps(paragraphs: int) -> int:
        profile = cProfile.Profile()
        profile.runcall(clean_html, PARAGRAPH * paragraphs)
        return sum(entry.callcount for entry in profile.getstats())

    steps(1)  # what is done once
    assert steps(600) < 12 * steps(60)


@pytest.mark.parametrize(
    "tag", ["b", "div", "p", "span", "blockquote", "ul><li", "table><tr><td", "a href=/x"]
)
def test_deep_nesting_is_survived(tag: str) -> None:
    html = f"<{tag}>" * 5_000 + "x"
    assert_stored_form(clean_html(html))
    assert html_to_text(html) == "x"


@pytest.mark.parametrize(
    "garbage", ["<", "&", "[", "[a(", "<a href=", "<!--", "</p>", "<p <", "]]>"]
)
def test_repeated_garbage_is_quick(garbage: str) -> None:
    started = time.process_time()
    html = garbage * 10_000
    for function in (clean_html, html_to_text, shortcodes, nbsp_html):
        function(html)
    assert time.process_time() - started < 5
