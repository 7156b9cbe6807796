"""The stored form of an article body: a small HTML that no editor owns.

``clean_html`` takes anything (an editor, Word, Google Docs, an import) and gives paragraphs,
headings, lists, quotes, tables and figures from one allow-list. It works in three steps:
nh3 parses as a browser does and drops what is dangerous, ``_Writer`` puts what is left into
the stored form, and nh3 has the last word on the result.

The stored form:

* one block a line, always ``p h2 h3 ul ol blockquote aside table figure hr`` at the top;
* a pull quote is ``<blockquote class="pull">``, a box of facts ``<aside class="info">``, and
  there is no other class;
* inline ``strong em u s sub sup cite a br`` only; a link has an ``href`` and nothing else
  (``rel`` and ``target`` are for the template that shows it);
* a photo is ``<figure data-photo-id="12"><figcaption>…</figcaption></figure>``, never an
  ``img``: the page puts the picture in;
* shortcodes (``[photo(2)]``, ``[links()]``) are text like any other;
* NFC, and no entities but ``&amp; &lt; &gt;``.
"""

import re
from collections.abc import Callable, Mapping
from functools import partial
from html import escape
from html.parser import HTMLParser
from urllib.parse import quote, urlsplit

import nh3

from core.vietnamese import clean_line, nbsp, nfc, repair, strip_invisible

_INLINE = {
    "strong": "strong", "b": "strong", "em": "em", "i": "em", "u": "u", "s": "s",
    "strike": "s", "del": "s", "sub": "sub", "sup": "sup", "cite": "cite",
}  # fmt: skip
# Tags that end a paragraph; where they may not stand themselves their text becomes one.
_PARAGRAPHS = {
    "p", "div", "section", "article", "header", "footer", "main", "aside", "nav", "address",
    "center", "pre", "dl", "dt", "dd", "form", "fieldset", "details", "summary", "menu", "dir",
    "hgroup", "dialog", "blockquote", "li", "figcaption",
    "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td",
}  # fmt: skip
_HEADINGS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h3", "h5": "h3", "h6": "h3"}
_LISTS = {"ul", "ol"}
# Where an element of several parts may stand ("" is the top); elsewhere it is unwrapped.
_MAY_STAND_IN: dict[str, set[str]] = {
    "blockquote": {"", "blockquote", "aside"},
    "aside": {""},
    "ul": {"", "blockquote", "aside", "li", "td", "th"},
    "ol": {"", "blockquote", "aside", "li", "td", "th"},
    "li": {"ul", "ol"},
    "table": {"", "blockquote", "aside"},
    "caption": {"table"},
    "thead": {"table"},
    "tbody": {"table"},
    "tfoot": {"table"},
    "tr": {"thead", "tbody", "tfoot"},
    "td": {"tr"},
    "th": {"tr"},
    "figcaption": {"figure"},
}
# What a class makes of them. An aside of another class is unwrapped, a blockquote loses it.
_CLASSES = {"blockquote": "pull", "aside": "info"}
_TEXT_BLOCKS = {"p", "h2", "h3"}
_HOLDS_BLOCKS = {"li", "td", "th"}  # bare text or paragraphs
_HOLDS_LINE = {"caption", "figcaption"}  # bare text only
_NEEDS_TEXT = {
    "p", "h2", "h3", "li", "ul", "ol", "blockquote", "aside", "table", "caption", "figcaption",
}  # fmt: skip
_NEEDS_PARTS = {"thead", "tbody", "tfoot", "tr"}
_MOST_NESTED = 24

_SAFE_SCHEMES = {"http", "https", "mailto", "tel"}
_STORED_TAGS = {
    "p", "h2", "h3", "strong", "em", "u", "s", "sub", "sup", "cite", "a", "br", "hr",
    "ul", "ol", "li", "blockquote", "aside", "figure", "figcaption",
    "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td",
}  # fmt: skip
_STORED_ATTRIBUTES = {
    "a": {"href"},
    "blockquote": {"class"},
    "aside": {"class"},
    "figure": {"data-photo-id"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
_DROPPED_WITH_CONTENT = {
    "script", "style", "title", "template", "noscript", "iframe", "noembed", "noframes",
    "object", "applet", "svg", "math", "textarea", "select", "audio", "video", "canvas", "xml",
}  # fmt: skip

_HTTP = re.compile(r"https?://[^/?#@:\s]+(?::\d{1,5})?(?:[/?#].*)?", re.IGNORECASE)
_MAIL = re.compile(r"mailto:[^\s@:/?]+@[^\s@:/?]+(?:\?.*)?", re.IGNORECASE)
_PHONE = re.compile(r"tel:\+?[\d().-]+", re.IGNORECASE | re.ASCII)
_PATH = re.compile(r"/(?!/).*")
_PHOTO_ID = re.compile(r"[1-9]\d{0,9}", re.ASCII)
_COMBINING = "".join(map(chr, range(0x300, 0x370)))
# A mark after a tag would join its ">" when the whole text is composed.
_BEFORE_TEXT = " \t\n\r\x0b\x0c\x85\u00a0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, [*range(0x2000, 0x200B), *range(0x300, 0x370)])
)
_SPACES = re.compile(r"[^\S ]\s*|\s{2,}")  # any run but a single plain space
_NO_BREAK_SPACES = set("\u00a0\u2007\u202f")
_SPAN_SIZE = re.compile(r"[1-9]\d?", re.ASCII)


def safe_href(href: str) -> str | None:
    """Return ``href`` as stored, or None when a reader must not follow it.

    Allowed are http, https, mailto, tel and paths of this site. Browsers drop tabs and line
    breaks inside an address and read ``\\`` as ``/``, so both are dealt with here.
    """
    href = nfc(strip_invisible(re.sub(r"[\x00-\x1f\x7f-\x9f]", "", href))).strip()
    if "\\" in href:
        return None
    href = quote(re.sub(r"\s", " ", href).replace(" ", "%20"), safe=_HREF_SAFE)
    if not any(form.fullmatch(href) for form in (_HTTP, _MAIL, _PHONE, _PATH)):
        return None
    try:
        urlsplit(href)
    except ValueError:
        return None
    return href


# Everything but quotes, angle brackets and the backtick: they would need entities.
_HREF_SAFE = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in "\"'<>`\\")


def _stored_attribute(tag: str, name: str, value: str) -> str | None:
    """Have the last word on an attribute (called by nh3)."""
    if name == "href":
        return value if safe_href(value) == value else None
    if name == "data-photo-id":
        return value if _PHOTO_ID.fullmatch(value) else None
    if name == "class":
        return value if value == _CLASSES.get(tag) else None
    if name == "scope":
        return value if value in {"row", "col"} else None
    return value if _SPAN_SIZE.fullmatch(value) else None


_parse = nh3.Cleaner(
    tags=_STORED_TAGS | _PARAGRAPHS | set(_HEADINGS) | set(_INLINE) | {"span", "img"},
    clean_content_tags=_DROPPED_WITH_CONTENT,
    attributes={
        **_STORED_ATTRIBUTES,
        "img": {"data-photo-id"},
        "b": {"style"},
        "span": {"style"},
    },
    url_schemes=_SAFE_SCHEMES,
    link_rel=None,
).clean

_finish = nh3.Cleaner(
    tags=_STORED_TAGS,
    clean_content_tags=_DROPPED_WITH_CONTENT,
    attributes=_STORED_ATTRIBUTES,
    attribute_filter=_stored_attribute,
    url_schemes=_SAFE_SCHEMES,
    link_rel=None,
).clean


def clean_html(html: str) -> str:
    """Return ``html`` in the stored form; safe to show, and the same when cleaned again."""
    writer = _Writer()
    writer.feed(_parse(strip_invisible(html)))
    writer.close()
    # nh3 writes U+00A0 as an entity, the only one that is not markup. Undoing that makes no
    # markup: a typed "&nbsp;" is "&amp;nbsp;" by now.
    return _finish(writer.result()).replace("&nbsp;", "\u00a0")


class _Open:
    """An element that is open in the output, and where it began."""

    def __init__(self, tag: str, position: int, text_count: int, implied: bool) -> None:
        self.tag = tag
        self.position = position
        self.text_count = text_count
        self.implied = implied  # the source has no such tag: it ends with its text
        self.captioned = False


class _Writer(HTMLParser):
    """Writes the stored form from the balanced markup that nh3 gives.

    Blocks of text and inline elements are written only when there is text for them, so empty
    ones never appear. ``wanted`` are the inline elements open in the source, ``inline`` those
    open in the output; ``put`` makes them agree. Nothing here recurses, whatever the depth.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.text_count = 0
        self.blocks: list[_Open] = []
        self.at_end: list[Callable[[], None]] = []  # one for each element open in the source
        self.wanted: list[str] = []
        self.inline: list[str] = []
        self.buffer = ""
        self.buffer_wanted: list[str] = []
        self.next_block: str | None = None
        self.in_line = False  # text was written that a space or a break would follow
        self.space = ""
        self.breaks = 0
        self.photo_of_figure: list[_Open] | None = None

    def result(self) -> str:
        """Return what was written, with everything closed."""
        self.end_text()
        while self.blocks:
            self.close_last()
        return "".join(self.out).strip("\n")

    # What the source says.

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "br":
            self.flush()
            self.breaks += self.in_line
        elif tag == "hr":
            self.write_rule()
        elif tag == "img":
            self.write_photo(values)
        elif tag in _INLINE or tag in {"a", "span"}:
            self.at_end.append(self.start_inline(_inline_tags(tag, values)))
        else:
            self.end_text()
            self.at_end.append(self.start_block(tag, values))

    def handle_endtag(self, tag: str) -> None:
        if self.at_end:
            self.at_end.pop()()

    def handle_data(self, data: str) -> None:
        data = strip_invisible(data)
        if self.buffer_wanted != self.wanted:
            data = data.lstrip(_COMBINING)
            if not data:
                return
            self.flush()
            self.buffer_wanted = list(self.wanted)
        self.buffer += data

    # Inline.

    def start_inline(self, tags: list[str]) -> Callable[[], None]:
        added = [tag for tag in tags if tag not in self.wanted]
        self.wanted += added

        def end() -> None:
            for tag in added:
                self.wanted.remove(tag)

        return end

    def flush(self) -> None:
        """Write the text collected so far."""
        text, self.buffer = repair(self.buffer), ""
        body = text.lstrip(_BEFORE_TEXT)
        before = text[: len(text) - len(body)]
        inner = body.rstrip()
        if self.in_line and not self.breaks:
            self.space = _one_space(self.space + "".join(c for c in before if c.isspace()))
        if inner and self.open_text_block():
            self.put(self.buffer_wanted, escape(_SPACES.sub(_collapse, inner), quote=False))
            self.space = _one_space(body[len(inner) :])

    def put(self, wanted: list[str], text: str) -> None:
        """Write ``text`` inside exactly the inline elements ``wanted``."""
        same = 0
        while same < len(wanted) and self.inline[same : same + 1] == wanted[same : same + 1]:
            same += 1
        self.close_inline(same)
        if self.in_line:
            self.out.append("<br>" if self.breaks else self.space)
        self.out += [*wanted[same:], text]
        self.inline += wanted[same:]
        self.text_count += 1
        self.in_line, self.space, self.breaks = True, "", 0

    def close_inline(self, keep: int = 0) -> None:
        self.out += [f"</{tag[1:-1].split()[0]}>" for tag in reversed(self.inline[keep:])]
        del self.inline[keep:]

    # Blocks.

    @property
    def top(self) -> str:
        return self.blocks[-1].tag if self.blocks else ""

    def open_text_block(self) -> bool:
        """Make a place for text; False where there can be none."""
        if self.top == "p" and self.breaks > 1:
            self.end_text()
        if self.top == "figure" and self.blocks[-1].captioned:
            self.close_last()
        if self.top in _TEXT_BLOCKS or self.top in _HOLDS_LINE:
            return True
        if self.top in {"", "blockquote", "aside"}:
            self.open(self.next_block or "p")
        elif self.top in _LISTS:
            self.open("li", implied=True)
        elif self.top == "figure":
            self.blocks[-1].captioned = True
            self.open("figcaption", implied=True)
        elif self.top not in _HOLDS_BLOCKS:
            return False
        elif self.next_block:
            self.open("p")
        self.next_block = None
        return True

    def end_text(self) -> None:
        """End the line, and the paragraph or heading around it."""
        self.flush()
        self.close_inline()
        goes_on = self.in_line and self.top in _HOLDS_BLOCKS | _HOLDS_LINE
        if self.top in _TEXT_BLOCKS or (self.blocks and self.blocks[-1].implied):
            self.close_last()
            goes_on = False
        # More bare text in the same cell or caption must not stick to what is there.
        self.in_line, self.space, self.breaks = goes_on, "", int(goes_on)
        self.next_block = None

    def open(self, tag: str, attributes: str = "", implied: bool = False) -> _Open:
        opened = _Open(tag, len(self.out), self.text_count, implied)
        self.blocks.append(opened)
        self.out.append(f"<{tag}{attributes}>")
        self.in_line, self.space, self.breaks = False, "", 0
        return opened

    def close_last(self) -> None:
        closed = self.blocks.pop()
        no_text = self.text_count == closed.text_count
        if (no_text and closed.tag in _NEEDS_TEXT) or (
            closed.tag in _NEEDS_PARTS and len(self.out) == closed.position + 1
        ):
            del self.out[closed.position :]
        else:
            self.out.append(f"</{closed.tag}>" if self.blocks else f"</{closed.tag}>\n")
        self.in_line, self.space, self.breaks = False, "", 0

    def close_through(self, opened: _Open) -> None:
        """Close ``opened`` and whatever is still open inside it."""
        self.end_text()
        while opened in self.blocks:
            self.close_last()
        if self.blocks and self.blocks[-1].implied:
            self.close_last()

    def start_block(self, tag: str, values: Mapping[str, str]) -> Callable[[], None]:
        if tag == "figure":
            return self.start_figure(values)
        if tag in _LISTS and self.top in _LISTS:
            self.reopen_item()
        may_stand = len(self.blocks) < _MOST_NESTED and self.top in _MAY_STAND_IN.get(tag, ())
        if may_stand and (tag != "aside" or _class_of(tag, values)):
            if tag == "figcaption":
                return self.start_caption()
            return partial(self.close_through, self.open(tag, _attributes(tag, values)))
        self.next_block = _HEADINGS.get(tag, "p")
        return self.end_text

    def reopen_item(self) -> None:
        """Put a list that stands between items into the item before it."""
        item = self.open("li", implied=True)
        if self.out[-2:-1] == ["</li>"]:
            del self.out[-2:]
            item.text_count = -1

    def start_figure(self, values: Mapping[str, str]) -> Callable[[], None]:
        photo_id = values.get("data-photo-id", "")
        if self.top == "" and _PHOTO_ID.fullmatch(photo_id):
            return partial(self.close_through, self.open("figure", _photo_attribute(photo_id)))
        opened: list[_Open] = []
        self.photo_of_figure = opened

        def end() -> None:
            self.photo_of_figure = None
            self.end_text()
            for figure in opened:
                self.close_through(figure)

        return end

    def start_caption(self) -> Callable[[], None]:
        figure = self.blocks[-1]
        if figure.captioned:
            self.next_block = "p"
            return self.end_text
        figure.captioned = True
        return partial(self.close_through, self.open("figcaption"))

    def write_photo(self, values: Mapping[str, str]) -> None:
        """Turn an image that names one of our photos into its figure; drop any other."""
        photo_id = values.get("data-photo-id", "")
        if not _PHOTO_ID.fullmatch(photo_id):
            return
        self.flush()
        if self.top in _TEXT_BLOCKS and len(self.blocks) == 1:
            self.end_text()
        if self.blocks:
            return
        figure = self.open("figure", _photo_attribute(photo_id))
        if self.photo_of_figure is None:
            self.close_last()
        else:
            self.photo_of_figure.append(figure)

    def write_rule(self) -> None:
        self.end_text()
        if not self.blocks:
            self.out.append("<hr>\n")


def _inline_tags(tag: str, values: Mapping[str, str]) -> list[str]:
    """Return the opening tags, in the stored form, that an inline element stands for."""
    if tag == "a":
        href = safe_href(values.get("href", ""))
        return [f'<a href="{escape(href)}">'] if href else []
    style = values.get("style", "").lower().replace(" ", "")
    if tag == "b" and _NORMAL_WEIGHT.search(style):
        return []  # Google Docs wraps everything it copies so
    if tag != "span":
        return [f"<{_INLINE[tag]}>"]
    bold, italic = _BOLD.search(style), "font-style:italic" in style
    return ["<strong>"] * bool(bold) + ["<em>"] * italic


_NORMAL_WEIGHT = re.compile(r"font-weight:(?:normal|[1-5]00)\b")
_BOLD = re.compile(r"font-weight:(?:bold|[6-9]00)\b")


def _attributes(tag: str, values: Mapping[str, str]) -> str:
    names = sorted(_STORED_ATTRIBUTES.get(tag, ()))
    kept = {name: _stored_attribute(tag, name, values.get(name, "")) for name in names}
    if tag in _CLASSES:
        kept["class"] = _class_of(tag, values)
    return "".join(f' {name}="{value}"' for name, value in kept.items() if value)


def _class_of(tag: str, values: Mapping[str, str]) -> str | None:
    """The class of ours that ``tag`` has, whatever other classes it has."""
    ours = _CLASSES[tag]
    return ours if ours in values.get("class", "").split() else None


def _photo_attribute(photo_id: str) -> str:
    return f' data-photo-id="{photo_id}"'


def _collapse(match: re.Match[str]) -> str:
    return _one_space(match[0])


def _one_space(spaces: str) -> str:
    """Fold white space to one space, a no-break one if there was no other."""
    return "" if not spaces else "\u00a0" if set(spaces) <= _NO_BREAK_SPACES else " "


# --- out of HTML -----------------------------------------------------------------------

_SHORTCODE = re.compile(r"\[[a-z_][a-z0-9_-]{0,40}\([^()\[\]]{0,200}\)\]", re.IGNORECASE | re.ASCII)
_LINE_TAGS = _PARAGRAPHS - {"td", "th"} | set(_HEADINGS) | _LISTS
_LINE_TAGS |= {"br", "hr", "table", "blockquote", "figure"}


class _Text(HTMLParser):
    """Collects the text of the markup that nh3 gives, one block a line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _LINE_TAGS:
            self.out.append("\n")
        elif tag in {"td", "th"}:
            self.out.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self.handle_starttag(tag, [])

    def handle_data(self, data: str) -> None:
        self.out.append(data.replace("\n", " "))


def _all_text(html: str) -> str:
    reader = _Text()
    reader.feed(_parse(strip_invisible(html)))
    reader.close()
    return "".join(reader.out)


def html_to_text(html: str) -> str:
    """Return the words of ``html``, one block a line (captions too), without shortcodes."""
    lines = (clean_line(line) for line in _SHORTCODE.sub("", _all_text(html)).split("\n"))
    return "\n".join(line for line in lines if line)


def word_count(html: str) -> int:
    """Count the syllables (Vietnamese counts those) of ``html``; lone signs do not count."""
    return sum(any(map(str.isalnum, word)) for word in html_to_text(html).split())


def shortcodes(html: str) -> list[str]:
    """Return every ``[name(arguments)]`` in ``html``, as written, in order, with repeats."""
    return _SHORTCODE.findall(_all_text(html))


def nbsp_html(html: str) -> str:
    """Apply ``core.vietnamese.nbsp`` to the text of stored HTML, for display."""
    return "".join(
        part if part.startswith("<") else nbsp(part) for part in _TAG.split(html) if part
    )


_TAG = re.compile(r"(<[^<>]*>)")
