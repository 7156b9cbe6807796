"""From the lines of a page to the parts of an article."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from html import escape

from articles.page_import import wording
from articles.page_import.reading import NotAnArticle
from articles.page_import.wording import Byline
from core.html import clean_html, shortcodes
from core.vietnamese import HANOI, clean_line, fold

LONGEST_HEADLINE = 250
LONGEST_STANDFIRST = 2000
# More datelines than this in one page are a list of articles.
MOST_DATELINES = 3


@dataclass(frozen=True)
class Line:
    """One line or block of a page, with what the page itself says about it.

    ``role`` is empty or one of ``headline standfirst caption picture byline tags related
    outside``; ``html`` is the stored form when it is more than a paragraph of plain text.
    """

    text: str
    html: str = ""
    role: str = ""
    href: str = ""
    alt: str = ""
    marked: bool = False
    set_apart: bool = False


@dataclass
class PhotoWords:
    """A photo of the page: words only, the picture itself comes from another file."""

    caption: str = ""
    credit: str = ""
    alt: str = ""


@dataclass(frozen=True)
class RelatedTitle:
    title: str
    href: str = ""


@dataclass
class Page:
    """An article as the page prints it; ``notes`` and ``unplaced`` are for the report."""

    headline: str = ""
    published_at: datetime | None = None
    standfirst: str = ""
    body: str = ""
    byline: Byline | None = None
    source: str = ""
    photos: list[PhotoWords] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    related: list[RelatedTitle] = field(default_factory=list)
    url: str = ""
    notes: list[str] = field(default_factory=list)
    unplaced: list[str] = field(default_factory=list)

    shortcodes: list[str] = field(default_factory=list)


_Item = Line | PhotoWords


def assemble(
    lines: Iterable[Line],
    *,
    authors: frozenset[str] = frozenset(),
    published: str = "",
    sure: bool = False,
    url: str = "",
) -> Page:
    """Find the parts of the article in ``lines``. Raises ``NotAnArticle``.

    ``authors`` are the case-folded names that bylines may print, ``published`` the time a page
    gives to machines, ``sure`` that the page itself says it is an article.
    """
    return _Assembly([line for line in lines if line.text or line.role == "picture"]).run(
        authors, published, sure, url
    )


class _Assembly:
    """One pass over the lines; ``items`` are paragraphs and photos in their order."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.page = Page()
        self.items: list[_Item] = []
        self.standfirst: Line | None = None
        self.byline_line: Line | None = None

    def run(self, authors: frozenset[str], published: str, sure: bool, url: str) -> Page:
        page = self.page
        page.url = url
        rest = self.take_head(published)
        self.sort_lines(rest)
        self.take_byline(authors)
        self.take_standfirst()
        self.write_body()
        marks = page.published_at or page.byline or page.photos or page.shortcodes or sure
        if not marks:
            raise NotAnArticle(
                "nothing marks it as an article: no dateline, no byline, no photo caption"
            )
        return page

    # --- headline and dateline ---

    def take_head(self, published: str) -> list[Line]:
        """Set headline and time; return the lines that come after them."""
        dates = [n for n, line in enumerate(self.lines) if self.dates(line)]
        self.refuse_lists(dates)
        headline = self.headline_index(dates)
        self.page.headline = self.lines[headline].text
        if len(self.page.headline) > LONGEST_HEADLINE:
            raise NotAnArticle(
                f"no headline: the line where it should stand has {len(self.page.headline)}"
                f" characters, at most {LONGEST_HEADLINE} are possible"
            )
        dateline = next((n for n in dates if n > headline), dates[-1] if dates else None)
        self.set_time(dateline, headline, published)
        skipped = self.lines[:headline]
        self.leave_out(line for n, line in enumerate(skipped) if n != dateline)
        if dateline is not None and dateline > headline + 3 and self.lines[headline].role == "":
            self.page.notes.append("the dateline stands far from the headline")
        return [line for n, line in enumerate(self.lines) if n > headline and n != dateline]

    def dates(self, line: Line) -> bool:
        if line.role in {"headline", "caption", "picture", "related"}:
            return False
        return not wording.is_clock(line.text) and wording.dateline_of(line.text) is not None

    def refuse_lists(self, dates: Sequence[int]) -> None:
        end = next((n for n, line in enumerate(self.lines) if wording.is_end(line.text)), None)
        inside = [n for n in dates if end is None or n < end]
        if len([n for n in inside if self.lines[n].role != "outside"]) > MOST_DATELINES:
            raise NotAnArticle(
                f"it has {len(inside)} datelines: a list of articles, not one article"
            )

    def headline_index(self, dates: Sequence[int]) -> int:
        for n, line in enumerate(self.lines):
            if line.role == "headline":
                return n
        possible = [n for n, line in enumerate(self.lines) if self.may_be_headline(line)]
        before = [n for n in possible if dates and n < dates[0]]
        if before:
            return before[-1]
        after = [n for n in possible if not dates or n > dates[0]]
        if not after:
            raise NotAnArticle("no headline was found")
        if dates:
            self.page.notes.append("the dateline stands above the headline")
        return after[0]

    def may_be_headline(self, line: Line) -> bool:
        return (
            line.role in {"", "outside"}
            and not wording.is_furniture(line.text)
            and not wording.is_end(line.text)
            and not wording.is_caption(line.text)
            and not wording.is_shortcode(line.text)
            and not self.dates(line)
            and any(map(str.isalpha, line.text))
        )

    def set_time(self, dateline: int | None, headline: int, published: str) -> None:
        printed = self.lines[dateline].text if dateline is not None else ""
        found: datetime | date | None = wording.dateline_of(printed) if printed else None
        if found is None and published:
            found = wording.dateline_of(published)
            if found is not None:
                self.page.notes.append(f"no dateline; the time is that of the page's head: {found}")
        if found is None:
            self.page.notes.append("no dateline: the time of publication is unknown")
            return
        if not isinstance(found, datetime):
            found = datetime.combine(found, time(), tzinfo=HANOI)
            self.page.notes.append("the dateline has no time of day: 00:00 was taken")
        self.page.published_at = found

    # --- paragraphs, photos, tags, related ---

    def sort_lines(self, lines: Sequence[Line]) -> None:
        section = "body"
        for line in lines:
            heading = self.section_of(line)
            if heading:
                section = heading
                self.page.tags += (wording.tags_of(line.text) or []) if heading == "tags" else []
            elif wording.is_furniture(line.text) and line.role != "picture":
                continue
            elif self.is_related(line, section):
                title = wording.related_headline(line.text) or line.text
                self.page.related.append(RelatedTitle(clean_line(title), line.href))
            elif line.role == "tags" or (section == "tags" and len(line.text) <= 60):
                self.page.tags += wording.split_tags(line.text)
            elif wording.is_shortcode(line.text):
                self.items.append(line)
            elif line.role == "outside" or section != "body":
                self.leave_out([line])
            else:
                self.place(line)

    def section_of(self, line: Line) -> str:
        if line.role in {"picture", "caption", "related"}:
            return ""
        if wording.tags_of(line.text) is not None and len(line.text) <= 400:
            return "tags"
        if wording.is_related_heading(line.text):
            return "related"
        return "end" if wording.is_end(line.text) else ""

    def is_related(self, line: Line, section: str) -> bool:
        if line.role == "related" or (section == "related" and len(line.text) <= LONGEST_HEADLINE):
            return True
        return bool(wording.related_headline(line.text)) and len(line.text) <= LONGEST_HEADLINE

    def place(self, line: Line) -> None:
        if line.role == "standfirst" and self.standfirst is None:
            self.standfirst = line
        elif line.role == "byline" and self.byline_line is None:
            self.byline_line = line
        elif (alt := wording.picture_alt(line.text)) is not None:
            self.items.append(PhotoWords(alt=clean_line(alt)[:300]))
        elif line.role == "picture":
            self.items.append(PhotoWords(alt=line.alt[:300]))
        elif wording.is_placeholder(line.text):
            self.page.notes.append(f"dropped the placeholder “{line.text}”")
        elif line.role == "caption" or wording.is_caption(line.text):
            self.place_caption(line.text)
        elif not self.place_by_photo(line):
            self.items.append(line)
            if wording.is_table_row(line.text):
                self.page.notes.append(f"a row of a table, kept as a paragraph: “{line.text}”")

    def place_caption(self, text: str) -> None:
        if len(text) > wording.LONGEST_CAPTION:
            self.items.append(Line(text))
            return
        caption, credit = wording.split_credit(wording.caption_text(text))
        if not caption and not credit:
            return
        last = self.items[-1] if self.items else None
        if isinstance(last, PhotoWords) and self.repeats(last, caption, credit):
            last.credit = last.credit or credit
            self.page.notes.append(f"dropped a caption printed twice: “{caption or credit}”")
        elif isinstance(last, PhotoWords) and not last.caption:
            last.caption, last.credit = caption, credit or last.credit
        elif isinstance(last, Line) and fold(wording.split_credit(last.text).caption) == fold(
            caption
        ):
            self.items[-1] = PhotoWords(caption, credit or wording.split_credit(last.text).credit)
            self.page.notes.append(f"dropped a caption printed twice: “{caption}”")
        else:
            self.items.append(PhotoWords(caption, credit))

    def repeats(self, photo: PhotoWords, caption: str, credit: str) -> bool:
        """Whether the words are those the photo has already, or only a credit it lacks."""
        if not caption:
            return bool(photo.caption) and photo.credit in {"", credit}
        return bool(photo.caption) and fold(photo.caption) == fold(caption)

    def place_by_photo(self, line: Line) -> bool:
        """Take a paragraph that belongs to the photo before it; the report tells so."""
        if len(line.text) > wording.LONGEST_CAPTION:
            return False
        last = self.items[-1] if self.items else None
        if not isinstance(last, PhotoWords) or line.html.startswith(("<ul", "<ol", "<table", "<h")):
            return False
        words = wording.split_credit(line.text)
        if last.caption and fold(words.caption) == fold(last.caption):
            last.credit = last.credit or words.credit
            self.page.notes.append(f"dropped a caption printed twice: “{line.text}”")
            return True
        if not words.caption and words.credit and not last.credit:
            last.credit = words.credit
            return True
        credited = bool(words.credit) and len(line.text) <= 500
        if not last.caption and (credited or (line.set_apart and len(line.text) <= 500)):
            last.caption, last.credit = words
            self.page.notes.append(f"taken as the caption of the photo above: “{line.text}”")
            return True
        return False

    def leave_out(self, lines: Iterable[Line]) -> None:
        self.page.unplaced += [
            line.text
            for line in lines
            if line.text and not wording.is_furniture(line.text) and not wording.is_end(line.text)
        ]

    # --- byline, standfirst, body ---

    def paragraphs(self) -> list[int]:
        return [
            n
            for n, item in enumerate(self.items)
            if isinstance(item, Line) and not wording.is_shortcode(item.text)
        ]

    def take_byline(self, authors: frozenset[str]) -> None:
        page = self.page
        if self.byline_line is not None:
            page.byline = wording.byline_of(self.byline_line.text, authors, marked=True)
            if page.byline is None:
                self.leave_out([self.byline_line])
        while len(places := self.paragraphs()) > 1:
            line = self.items[places[-1]]
            assert isinstance(line, Line)  # noqa: S101 - see paragraphs()
            found = wording.byline_of(line.text, authors, line.marked)
            if found is None or (page.byline and not found.agency and not page.byline.agency):
                break
            if page.byline and page.byline.agency and page.byline.printed != found.printed:
                page.source, page.byline = page.byline.printed[:200], found
            elif page.byline and found.agency:
                page.source = found.printed[:200]
            else:
                page.byline = found
            del self.items[places[-1]]
        if page.byline and not page.byline.sure:
            page.notes.append(f"taken as the byline, please check: “{page.byline.printed}”")

    def take_standfirst(self) -> None:
        line = self.standfirst
        places = self.paragraphs()
        if line is None and len(places) > 1:
            first = self.items[places[0]]
            assert isinstance(first, Line)  # noqa: S101 - see paragraphs()
            if not first.html or first.html.startswith("<p>"):
                line = first
                del self.items[places[0]]
                if first.html and not first.marked:
                    self.page.notes.append("the first paragraph was taken as the standfirst")
        if line is None:
            self.page.notes.append("no standfirst")
            return
        if not self.paragraphs() or len(line.text) > LONGEST_STANDFIRST:
            self.items.insert(0, line)
            self.page.notes.append("no standfirst: the first paragraph stays in the body")
            return
        self.page.standfirst, code = wording.split_paper_code(line.text)
        if code:
            self.page.notes.append(f"took the paper's code off the standfirst: “{code}”")

    def write_body(self) -> None:
        if not self.paragraphs():
            raise NotAnArticle("no text was found under the headline")
        blocks: list[str] = []
        for item in self.items:
            if isinstance(item, Line):
                blocks.append(item.html or f"<p>{escape(item.text, quote=False)}</p>")
                continue
            self.page.photos.append(item)
            if fold(item.alt) in {fold(item.caption), fold(f"{item.caption} {item.credit}")}:
                item.alt = ""
            number = len(self.page.photos)
            if number > 1 or blocks:
                blocks.append(f"<p>[photo({number})]</p>")
        self.page.body = clean_html("\n".join(blocks))
        ours = {f"[photo({n})]" for n in range(1, len(self.page.photos) + 1)}
        self.page.shortcodes = [code for code in shortcodes(self.page.body) if code not in ours]
