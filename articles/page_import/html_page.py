"""Saved HTML pages: cut into the lines and blocks that readers see."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from articles.page_import import wording
from articles.page_import.assembly import Line
from articles.page_import.reading import NotAnArticle
from core.html import clean_html, html_to_text
from core.vietnamese import clean_line, strip_invisible

_DROPPED = {
    "script", "style", "noscript", "template", "svg", "iframe", "object", "embed", "form", "button",
    "select", "textarea", "input", "nav", "footer", "aside", "head", "video", "audio", "canvas",
}  # fmt: skip
_LEAVES = {"p", "h2", "h3", "h4", "h5", "h6", "li", "figcaption", "caption", "dt", "dd", "pre"}
_GROUPS = {"ul", "ol", "blockquote"}
_INLINE = {
    "a", "abbr", "b", "big", "cite", "del", "em", "font", "i", "ins", "label", "mark", "s", "small",
    "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "br", "wbr",
}  # fmt: skip
_DEEPEST = 150

_CONTAINER = re.compile(
    r"(?:^|[\s_-])(?:article[-_]?(?:body|content|detail|text)|(?:detail|news|post|entry|content|main)"
    r"[-_]?(?:content|body|detail|text|news)|fck_detail|singular-content|noidung|noi-dung|bodytext"
    r"|cms-body|the-article-body|detail__content|c-news-detail)(?:$|[\s_-])",
    re.IGNORECASE,
)
_STANDFIRST = re.compile(r"sapo|chapeau|standfirst|(?:^|[\s_-])lead(?:$|[\s_-])|summary", re.I)
_BYLINE = re.compile(r"(?:^|[\s_-])(?:author|byline|tac-?gia|writer|signature)", re.I)
_CAPTION = re.compile(r"caption|chu-?thich|desc-?(?:img|photo)|image-?(?:desc|note)", re.I)
_RELATED = re.compile(r"related|lien-?quan|tinlq|relate-news|see-?more", re.I)
_TAGS = re.compile(r"(?:^|[\s_-])(?:tags?|keywords?|tu-?khoa)(?:$|[\s_-])", re.I)
_SAVED_FROM = re.compile(r"saved from url=\(\d+\)(\S+)")


@dataclass
class HtmlPage:
    lines: list[Line]
    url: str
    published: str
    says_article: bool


def read_html(text: str) -> HtmlPage:
    """Cut ``text`` into lines. Raises ``NotAnArticle`` when it holds no HTML."""
    root = _parse(text)
    container = _container(root)
    meta = _meta(root)
    lines = list(_Walk(container).lines(root))
    if not any(line.role == "headline" for line in lines) and meta.get("og:title"):
        lines.insert(0, Line(clean_line(meta["og:title"]), role="headline"))
    return HtmlPage(
        lines,
        _url(root, text, meta),
        meta.get("article:published_time", ""),
        container is not None or meta.get("og:type") == "article",
    )


def _parse(text: str) -> Any:
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", strip_invisible(text))
    try:
        parser = lxml_html.HTMLParser(remove_pis=True)
        return lxml_html.document_fromstring(text, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError, TypeError) as error:
        raise NotAnArticle("it is not HTML that can be read") from error


def _meta(root: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for tag in root.iter("meta"):
        name = tag.get("property") or tag.get("name") or ""
        found.setdefault(name.lower(), tag.get("content") or "")
    return found


def _url(root: Any, text: str, meta: dict[str, str]) -> str:
    for link in root.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split() and link.get("href"):
            return str(link.get("href")).strip()
    if meta.get("og:url"):
        return meta["og:url"].strip()
    saved = _SAVED_FROM.search(text[:5000])
    return saved[1] if saved else ""


def _names(element: Any) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def _container(root: Any) -> Any:
    """The element that holds the text: as marked, else the one with most text."""
    elements = [e for e in root.iter() if isinstance(e.tag, str)]
    for wanted in (
        lambda e: "articlebody" in (e.get("itemprop") or "").lower(),
        lambda e: e.tag in {"div", "section", "article", "td"} and _CONTAINER.search(_names(e)),
        lambda e: e.tag == "article",
    ):
        found = [element for element in elements if wanted(element)]
        if found:
            return max(found, key=lambda e: len(e.text_content()))
    return None


class _Walk:
    """Goes through the page in order; what stands outside the container is told apart."""

    def __init__(self, container: Any) -> None:
        self.container = container

    def lines(self, root: Any) -> Iterator[Line]:
        yield from self.inside(root, 0, self.container is None, "")

    def inside(self, element: Any, depth: int, within: bool, role: str) -> Iterator[Line]:
        """The lines of the children of ``element``, and of the text between them."""
        loose = [_escaped(element.text)]
        for child in element:
            if not isinstance(child.tag, str) or child.tag in _DROPPED:
                loose.append(_escaped(child.tail))
                continue
            if child.tag in _INLINE and not _has_blocks(child):
                yield from self.pictures(child, within)
                loose.append(_source(child) + _escaped(child.tail))
                continue
            yield from self.leaf("".join(loose), within, role, element)
            loose = [_escaped(child.tail)]
            yield from self.block(child, depth + 1, within or child is self.container, role)
        yield from self.leaf("".join(loose), within, role, element)

    def block(self, element: Any, depth: int, within: bool, role: str) -> Iterator[Line]:
        tag, names = element.tag, _names(element)
        if tag == "h1":
            yield Line(clean_line(html_to_text(_source(element))), role="headline")
            return
        if tag == "header" and not any(True for _ in element.iter("h1")):
            return
        if tag == "img":
            yield from self.pictures(element, within)
            return
        if tag not in {"body", "html"}:
            role = self.role_of(names, role)
        if role == "related":
            yield from _links(element)
        elif tag == "table" and _has_picture(element):
            yield from self.picture_table(element, within)
        elif tag == "figure":
            yield from self.inside(element, depth, within, "caption")
        elif tag in _GROUPS | {"table"} and not _has_picture(element) and not role:
            yield from self.leaf(_source(element), within, role, element)
        elif depth > _DEEPEST or (tag in _LEAVES and not _has_blocks(element)):
            yield from self.pictures(element, within)
            yield from self.leaf(_source(element), within, role, element)
        else:
            yield from self.inside(element, depth, within, role)

    def role_of(self, names: str, role: str) -> str:
        for pattern, named in (
            (_RELATED, "related"),
            (_STANDFIRST, "standfirst"),
            (_CAPTION, "caption"),
            (_BYLINE, "byline"),
            (_TAGS, "tags"),
        ):
            if pattern.search(names):
                return named
        return role

    def pictures(self, element: Any, within: bool) -> Iterator[Line]:
        if not within:
            return
        for picture in element.iter("img"):
            yield Line("", role="picture", alt=clean_line(picture.get("alt") or ""))

    def picture_table(self, table: Any, within: bool) -> Iterator[Line]:
        """The old editor's way of a caption: a table with the picture and its caption below."""
        for cell in table.iter("td", "th"):
            yield from self.pictures(cell, within)
            text = clean_line(html_to_text(_source(cell)).replace("\n", " "))
            if text:
                yield Line(text, role="caption" if within else "outside")

    def leaf(self, source: str, within: bool, role: str, element: Any) -> Iterator[Line]:
        """The stored blocks that ``source`` becomes, each a line."""
        if not source.strip():
            return
        for block in clean_html(source).split("\n"):
            text = clean_line(html_to_text(block).replace("\n", " "))
            if not text:
                # Text of shortcodes alone is no text to html_to_text.
                text = clean_line(re.sub(r"<[^>]*>", "", block))
            if not text:
                continue
            link = re.search(r'<a href="([^"]+)"', block)
            yield Line(
                text,
                block,
                self.placed_role(role, within, text),
                link[1].replace("&amp;", "&") if link else "",
                marked=_all_in(block, "strong") or "right" in _alignment(element),
                set_apart=_all_in(block, "em") or "center" in _alignment(element),
            )

    def placed_role(self, role: str, within: bool, text: str) -> str:
        if role in {"standfirst", "byline", "tags"} and wording.dateline_of(text) is None:
            return role
        if not within:
            return "outside"
        return role if role == "caption" else ""


def _links(element: Any) -> Iterator[Line]:
    for link in element.iter("a"):
        title = clean_line(html_to_text(_source(link)).replace("\n", " "))
        if title:
            yield Line(title, role="related", href=str(link.get("href") or ""))


def _escaped(text: str | None) -> str:
    return (text or "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _source(element: Any) -> str:
    return str(etree.tostring(element, encoding="unicode", method="html", with_tail=False))


def _has_blocks(element: Any) -> bool:
    return any(
        isinstance(e.tag, str) and e.tag not in _INLINE | {"img"} | _DROPPED
        for e in element.iterdescendants()
    )


def _has_picture(element: Any) -> bool:
    return any(True for _ in element.iter("img"))


def _alignment(element: Any) -> str:
    style = (element.get("style") or "").lower().replace(" ", "")
    found = re.search(r"text-align:(\w+)", style)
    return f"{element.get('align') or ''} {found[1] if found else ''}".lower()


def _all_in(block: str, tag: str) -> bool:
    return bool(
        re.fullmatch(rf"<p>(?:<\w+>)*<{tag}>(?:(?!</?{tag}>).)*</{tag}>(?:</\w+>)*</p>", block)
    )
