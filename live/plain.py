"""Between the plain text that is written on a phone and the stored HTML of an entry."""

import re
from html import escape, unescape

from core.html import clean_html
from core.vietnamese import clean_text

# What ends a sentence, or closes a bracket, is not part of the address before it.
_ADDRESS = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]”]")
_LINK = re.compile(r'<a href="([^"]*)">(.*?)</a>')
_PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def to_html(text: str) -> str:
    """Paragraphs (a blank line between them), line breaks, and addresses as links."""
    paragraphs = [part for part in clean_text(text).split("\n\n") if part.strip()]
    return clean_html("".join(f"<p>{_paragraph(part)}</p>" for part in paragraphs))


def to_text(html: str) -> str | None:
    """The text that ``to_html`` makes ``html`` of; None when it has more than plain text."""
    paragraphs = [_plain(inner) for inner in _PARAGRAPH.findall(html)]
    text = "\n\n".join(paragraphs)
    return text if to_html(text) == clean_html(html) else None


def _paragraph(text: str) -> str:
    lines = (_with_links(line) for line in text.strip("\n").split("\n"))
    return "<br>".join(lines)


def _with_links(line: str) -> str:
    parts: list[str] = []
    end = 0
    for match in _ADDRESS.finditer(line):
        address = escape(match[0])
        parts += [escape(line[end : match.start()]), f'<a href="{address}">{address}</a>']
        end = match.end()
    return "".join([*parts, escape(line[end:])])


def _plain(inner: str) -> str:
    text = _LINK.sub(lambda match: match[2], inner).replace("<br>", "\n")
    return unescape(_TAG.sub("", text))
