"""From the stored body of an article to what readers see.

The stored body has one block a line (``core.html``). Shortcodes (``articles.shortcodes``) stand in
for what the page puts in; one that is unknown or has nothing behind it prints nothing, and
``shortcode_warnings`` tells the editor.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from articles.contents import Heading, Headings, table_of_contents
from articles.models import Article, ArticlePhoto, ArticleRecording
from articles.related import Related
from articles.shortcodes import (
    article_number,
    found_in,
    photo_number,
    photo_numbers,
    photos_with_a_place,
    video_and_title,
    without_shortcodes,
)
from core.embeds import Video, video_in_paragraph
from core.html import nbsp_html
from photos import renditions
from photos.models import Photo
from recordings.models import Recording
from recordings.players import plain_player, player

_FIGURE = re.compile(r'<figure data-photo-id="(\d+)">(?:<figcaption>(.*?)</figcaption>)?</figure>')
_EMPTY_BLOCK = re.compile(r"<(p|h2|h3|li|blockquote)>\s*(?:<br>\s*)*</\1>")
_OUTSIDE_LINK = re.compile(r'<a href="(?=https?://)', re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_TABLE = re.compile(r"<table>.*?</table>")
_CAPTION = re.compile(r"<table><caption>(.*?)</caption>")
# Who said it: the last paragraph of a pull quote, if it begins with a dash.
_ATTRIBUTION = re.compile(r"<p>[—–-]\s*((?:(?!</p>).)+)</p></blockquote>")
_CLASS = re.compile(r'(?<=<blockquote) class="pull"|(?<=<aside) class="info"')


Archive = Mapping[int, Photo]


@dataclass
class RenderedBody:
    """The body as HTML, and the photos and recordings for which it had no place."""

    html: SafeString
    lead: ArticlePhoto | None = None
    gallery: list[ArticlePhoto] = field(default_factory=list)
    left: SafeString = field(default_factory=SafeString)
    links_placed: bool = False
    contents: list[Heading] = field(default_factory=list)
    leading: Recording | None = None
    # Players: that of the video which leads the article, and those after the text.
    lead_video: str = ""
    recordings: list[str] = field(default_factory=list)


def render_body(
    article: Article,
    photos: Sequence[ArticlePhoto],
    related: Sequence[Related],
    recordings: Sequence[Recording] = (),
    linked: Mapping[int, Article] | None = None,
) -> RenderedBody:
    """Render the body with its shortcodes replaced.

    The first photo, unless the body places it, leads the article; other photos without a place
    follow the text: ``gallery``, and ``left`` as HTML. A video without a place leads instead, with
    the photo before it is started. ``linked`` are the public articles that the body names by
    number, with their ``picture`` (``articles.related``).
    """
    pictures = {story.picture for story in (linked or {}).values()}  # type: ignore[attr-defined]
    archive = archive_photos([article.body], pictures)
    renderer = _Renderer(article.body, photos, related, archive, recordings, linked)
    html = renderer.render()
    lead, left = renderer.unplaced()
    body = RenderedBody(html, lead, left, links_placed=renderer.links_placed)
    body.contents = table_of_contents(renderer.headings.found, article.body)
    unplaced = renderer.unplaced_recordings()
    if unplaced and unplaced[0].is_video:
        video = body.leading = unplaced.pop(0)
        body.lead, body.lead_video = None, renderer.play(video, lead.photo if lead else None)
        # The photo that stands in as the poster need not come once more.
        if lead is not None and video.poster_id and video.poster_id != lead.photo_id:
            left.insert(0, lead)
    body.recordings = [renderer.play(recording) for recording in unplaced]
    body.left = mark_safe(renderer.together(left))  # noqa: S308 - rendered by our templates
    return body


def render_plain(
    article: Article,
    photos: Sequence[ArticlePhoto],
    archive: Archive,
    recordings: Sequence[Recording] = (),
) -> SafeString:
    """The whole body for feeds and the API: one plain picture a photo, nothing of the page.

    Addresses in it begin at the paper's root: the caller makes them full ones. ``archive`` are
    the ``archive_photos`` of the bodies the caller has.
    """
    renderer = _PlainRenderer(article.body, photos, (), archive, recordings)
    html = renderer.render()
    lead, left = renderer.unplaced()
    before = [renderer.figure(lead)] if lead else []
    players = [renderer.play(one) for one in renderer.unplaced_recordings()]
    parts = [*before, html, *(renderer.figure(use) for use in left), *players]
    return mark_safe("\n".join(filter(None, parts)))  # noqa: S308 - rendered above


def photo_tags(*bodies: str) -> list[str]:
    """The page tags of the archive's photos that stand in ``bodies``."""
    return [f"photo:{number}" for number in sorted(photos_in(*bodies))]


def photos_in(*bodies: str) -> set[int]:
    """The numbers of the archive's photos that stand in ``bodies``; some may be gone."""
    return {int(number) for body in bodies for number, _caption in _FIGURE.findall(body)}


def archive_photos(bodies: Iterable[str], more: Collection[int | None] = ()) -> Archive:
    """The photos that stand in ``bodies`` by their number in the archive, in one query.

    ``more`` are numbers of further photos.
    """
    ids = photos_in(*bodies)
    ids |= {number for number in more if number}
    return Photo.objects.in_bulk(ids) if ids else {}


def recordings_of(article: Article) -> list[Recording]:
    """The videos and sounds of ``article`` in order, without their texts; most have none.

    Where the article was read with ``has_recordings``, one without any costs no query.
    """
    if not getattr(article, "has_recordings", True):
        return []
    prefetch_related_objects([article], with_recordings())
    return [use.recording for use in article.recordings.all()]


def with_recordings() -> Prefetch:
    """To read many articles with what ``recordings_of`` needs of each, in one query."""
    return Prefetch("recordings", ArticleRecording.objects.select_related("recording__poster"))


class _Renderer:
    """Goes through the body block by block and remembers what it has placed."""

    def __init__(
        self,
        body: str,
        photos: Sequence[ArticlePhoto],
        related: Sequence[Related],
        archive: Archive,
        recordings: Sequence[Recording] = (),
        linked: Mapping[int, Article] | None = None,
    ) -> None:
        self.body = body
        self.photos = photos
        self.related = related
        self.archive = archive
        self.recordings = recordings
        self.placed_recordings: set[int] = set()
        self.linked = dict(linked or {})
        self.have_a_place = photos_with_a_place(body)
        self.placed: set[int] = set()
        self.links_placed = False
        self.headings = Headings()

    def render(self) -> SafeString:
        blocks = (block for line in self.body.split("\n") for block in self._blocks(line))
        return mark_safe("\n".join(filter(None, blocks)))  # noqa: S308 - cleaned when stored

    def unplaced(self) -> tuple[ArticlePhoto | None, list[ArticlePhoto]]:
        """The photo that leads the article, and the others for which the body had no place."""
        left = [use for number, use in enumerate(self.photos, 1) if number not in self.placed]
        lead = left.pop(0) if left and left[0] is self.photos[0] else None
        return lead, left

    def unplaced_recordings(self) -> list[Recording]:
        return [one for one in self.recordings if one.pk not in self.placed_recordings]

    def play(self, recording: Recording, poster: Photo | None = None) -> str:
        """The player of one video or sound with its caption."""
        return player(recording, poster=poster)

    def figure(self, use: ArticlePhoto, caption_html: str = "") -> str:
        """One photo with its caption."""
        context = {"use": use, "caption_html": mark_safe(caption_html)}  # noqa: S308
        return render_to_string("articles/_figure.html", context)

    def together(self, uses: Sequence[ArticlePhoto]) -> str:
        """Several photos as a gallery; one as any photo."""
        shown = [use for use in uses if use.photo or use.shown_caption or use.shown_credit]
        if len(shown) < 2:
            return "".join(map(self.figure, shown))
        items = [
            {"use": use, "sources": renditions.sources(use.photo) if use.photo else []}
            for use in shown
        ]
        return render_to_string("articles/_gallery.html", {"items": items})

    def _blocks(self, line: str) -> Iterator[str]:
        """The block of ``line`` without its shortcodes, then what they stand for."""
        if video := video_in_paragraph(line):
            yield self._video(video, "")
            return
        codes = list(found_in(line))
        if codes:
            line = _EMPTY_BLOCK.sub("", without_shortcodes(line))
        if line.strip() and (not codes or _TAG.sub("", line).strip() or "<hr>" in line):
            yield self._block(line)
        for name, argument in codes:
            if insert := _INSERTS.get(name):
                yield insert(self, argument)

    def _block(self, line: str) -> str:
        line = nbsp_html(self.headings.anchored(line))
        line = _OUTSIDE_LINK.sub('<a rel="noopener" href="', line)
        line = _FIGURE.sub(self._archive_figure, line)
        if line.startswith('<blockquote class="pull">'):
            line = _ATTRIBUTION.sub(r"<p><cite>\1</cite></p></blockquote>", line)
        return _TABLE.sub(_scrolling, line)

    def _archive_figure(self, match: re.Match[str]) -> str:
        photo = self.archive.get(int(match[1]))
        if photo is None:
            return ""
        caption = _TAG.sub(" ", match[2] or "").strip()
        return self.figure(ArticlePhoto(photo=photo), caption)

    # What shortcodes put in.

    def _links(self, argument: str) -> str:
        if argument or self.links_placed or not self.related:
            return ""
        self.links_placed = True
        return render_to_string("articles/_related.html", {"related": self.related})

    def _photo(self, argument: str) -> str:
        return "".join(map(self.figure, self._take([photo_number(argument) or 0])))

    def _gallery(self, argument: str) -> str:
        rest = [n for n in range(2, len(self.photos) + 1) if n not in self.have_a_place]
        numbers = photo_numbers(argument) or [] if argument else rest
        return self.together(self._take(numbers))

    def _take(self, numbers: Iterable[int]) -> list[ArticlePhoto]:
        """The photos of these numbers that have not been placed yet; they are now."""
        free = [n for n in numbers if 0 < n <= len(self.photos) and n not in self.placed]
        self.placed.update(free)
        return [self.photos[number - 1] for number in free]

    def _video_file(self, argument: str) -> str:
        return self._recording(Recording.Kind.VIDEO, argument)

    def _audio_file(self, argument: str) -> str:
        return self._recording(Recording.Kind.AUDIO, argument)

    def _recording(self, kind: str, argument: str) -> str:
        """The player of the recording that is the nth of its kind; each stands once."""
        number = photo_number(argument) or 0
        of_kind = [one for one in self.recordings if one.kind == kind]
        if not 0 < number <= len(of_kind) or of_kind[number - 1].pk in self.placed_recordings:
            return ""
        self.placed_recordings.add(of_kind[number - 1].pk)
        return self.play(of_kind[number - 1])

    def _story(self, argument: str) -> str:
        story = self.linked.pop(article_number(argument) or 0, None)
        if story is None:
            return ""
        photo = self.archive.get(story.picture)  # type: ignore[attr-defined]
        return render_to_string("articles/_story_link.html", {"story": story, "photo": photo})

    def _embed(self, argument: str) -> str:
        video, title = video_and_title(argument)
        return self._video(video, title) if video else ""

    def _video(self, video: Video, title: str) -> str:
        return render_to_string("articles/_embed.html", {"video": video, "title": title})


# What stands for each shortcode; a shortcode that is not here is unknown.
_INSERTS: dict[str, Callable[[Any, str], str]] = {
    "links": _Renderer._links,
    "photo": _Renderer._photo,
    "gallery": _Renderer._gallery,
    "related": _Renderer._story,
    "embed": _Renderer._embed,
    "video": _Renderer._video_file,
    "audio": _Renderer._audio_file,
}


def _scrolling(match: re.Match[str]) -> str:
    """A table in a frame that scrolls by itself and that the keyboard reaches."""
    caption = _CAPTION.match(match[0])
    name = _("Table: %(caption)s") % {"caption": _TAG.sub("", caption[1])} if caption else ""
    label = (name or _("Table, scrolls sideways")).replace('"', "&quot;")
    return f'<div class="scroll" role="region" tabindex="0" aria-label="{label}">{match[0]}</div>'


class _PlainRenderer(_Renderer):
    """As other programs show it, which have no style of ours."""

    def _block(self, line: str) -> str:
        return _FIGURE.sub(self._archive_figure, _CLASS.sub("", line))

    def play(self, recording: Recording, poster: Photo | None = None) -> str:
        return plain_player(recording)

    def figure(self, use: ArticlePhoto, caption_html: str = "") -> str:
        if use.photo is None:
            return ""
        context = {"use": use, "caption_html": mark_safe(caption_html)}  # noqa: S308
        context["picture"] = renditions.sources(use.photo)[-1]
        return render_to_string("articles/_plain_figure.html", context).strip()

    def together(self, uses: Sequence[ArticlePhoto]) -> str:
        return "\n".join(filter(None, map(self.figure, uses)))

    def _video(self, video: Video, title: str) -> str:
        words = title or _("Video on %(provider)s") % {"provider": video.provider}
        return f'<p><a href="{escape(video.page)}">{escape(words)}</a></p>'
