"""From the stored body of an article to what readers see.

The stored body has one block a line (``core.html``). Shortcodes stand in for what the page puts
in: ``[links()]`` the related links, ``[photo(2)]`` the second photo, ``[video(1)]`` and
``[audio(1)]`` the first video and sound. Any other shortcode prints nothing and is reported to the
editor by ``shortcode_warnings``.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from articles.models import Article, ArticlePhoto
from articles.related import Related
from core.html import nbsp_html, shortcodes
from photos import renditions
from photos.models import Photo
from recordings.models import Recording
from recordings.players import plain_player, player

_SHORTCODE = re.compile(
    r"\[([a-z_][a-z0-9_-]{0,40})\(([^()\[\]<>]{0,200})\)\]", re.IGNORECASE | re.ASCII
)
_PHOTO_NUMBER = re.compile(r"\s*([1-9][0-9]{0,3})\s*", re.ASCII)
_FIGURE = re.compile(r'<figure data-photo-id="(\d+)">(?:<figcaption>(.*?)</figcaption>)?</figure>')
_EMPTY_BLOCK = re.compile(r"<(p|h2|h3|li|blockquote)>\s*(?:<br>\s*)*</\1>")
_OUTSIDE_LINK = re.compile(r'<a href="(?=https?://)', re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")


Archive = Mapping[int, Photo]


@dataclass
class RenderedBody:
    """The body as HTML, and the photos and recordings for which it had no place."""

    html: SafeString
    lead: ArticlePhoto | None = None
    gallery: list[ArticlePhoto] = field(default_factory=list)
    links_placed: bool = False
    # Players: that of the video which leads the article, and those after the text.
    lead_video: str = ""
    recordings: list[str] = field(default_factory=list)


def render_body(
    article: Article,
    photos: Sequence[ArticlePhoto],
    related: Sequence[Related],
    recordings: Sequence[Recording] = (),
) -> RenderedBody:
    """Render the body with its shortcodes replaced.

    The first photo, unless the body places it, leads the article; other photos without a place
    follow the text. A video without a place leads instead, with the photo before it is started.
    """
    archive = archive_photos([article.body])
    renderer = _Renderer(article.body, photos, related, archive, recordings)
    html = renderer.render()
    lead, left = renderer.unplaced()
    body = RenderedBody(html, lead, left, renderer.links_placed)
    unplaced = renderer.unplaced_recordings()
    if unplaced and unplaced[0].is_video:
        video = unplaced.pop(0)
        body.lead, body.lead_video = None, renderer.play(video, lead.photo if lead else None)
        # The photo that stands in as the poster need not come once more.
        if lead is not None and video.poster_id and video.poster_id != lead.photo_id:
            left.insert(0, lead)
    body.recordings = [renderer.play(recording) for recording in unplaced]
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


def archive_photos(bodies: Iterable[str]) -> Archive:
    """The photos that stand in ``bodies`` by their number in the archive, in one query."""
    ids = {int(number) for body in bodies for number, _caption in _FIGURE.findall(body)}
    return Photo.objects.in_bulk(ids) if ids else {}


def shortcode_warnings(article: Article) -> list[str]:
    """What an editor should know about the shortcodes of ``article``, one sentence each."""
    photo_count = article.photos.count() if article.pk else 0
    kinds = [one.kind for one in recordings_of(article)] if article.pk else []
    warnings = []
    for code in dict.fromkeys(shortcodes(article.body)):
        match = _SHORTCODE.fullmatch(code)
        name = match[1].lower() if match else ""
        if match and name == "links" and not match[2].strip():
            continue
        if match and name in (Recording.Kind.VIDEO, Recording.Kind.AUDIO):
            warnings += _recording_warnings(code, name, match[2], kinds.count(name))
            continue
        number = _photo_number(match[2]) if match and name == "photo" else None
        if name != "photo":
            warnings.append(_("%(code)s is unknown and prints nothing.") % {"code": code})
        elif number is None:
            warnings.append(
                _("%(code)s does not say which photo; write [photo(1)].") % {"code": code}
            )
        elif number > photo_count:
            warnings.append(
                _("%(code)s prints nothing: the article has %(count)s photos.")
                % {"code": code, "count": photo_count}
            )
    return warnings


def _recording_warnings(code: str, kind: str, argument: str, count: int) -> list[str]:
    number = _photo_number(argument)
    if number is None:
        text = _("%(code)s does not say which one; write [%(kind)s(1)].")
        return [text % {"code": code, "kind": kind}]
    if number > count:
        text = _("%(code)s prints nothing: the article has %(count)s of this kind.")
        return [text % {"code": code, "count": count}]
    return []


def recordings_of(article: Article) -> list[Recording]:
    """The videos and sounds of ``article`` in order, without their texts; most have none.

    Where the article was read with ``has_recordings``, one without any costs no query.
    """
    if not getattr(article, "has_recordings", True):
        return []
    uses = article.recordings.select_related("recording__poster")
    return [use.recording for use in uses]


def _photo_number(argument: str) -> int | None:
    match = _PHOTO_NUMBER.fullmatch(argument)
    return int(match[1]) if match else None


class _Renderer:
    """Goes through the body block by block and remembers what it has placed."""

    def __init__(
        self,
        body: str,
        photos: Sequence[ArticlePhoto],
        related: Sequence[Related],
        archive: Archive,
        recordings: Sequence[Recording] = (),
    ) -> None:
        self.body = body
        self.photos = photos
        self.related = related
        self.archive = archive
        self.recordings = recordings
        self.placed_recordings: set[int] = set()
        self.placed: set[int] = set()
        self.links_placed = False

    def render(self) -> SafeString:
        blocks = (block for line in self.body.split("\n") for block in self._blocks(line))
        return mark_safe("\n".join(blocks))  # noqa: S308 - cleaned on its way into the database

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

    def _blocks(self, line: str) -> Iterator[str]:
        """The block of ``line`` without its shortcodes, then what they stand for."""
        codes = _SHORTCODE.findall(line)
        if codes:
            line = _EMPTY_BLOCK.sub("", _SHORTCODE.sub("", line))
        if line.strip() and (not codes or _TAG.sub("", line).strip() or "<hr>" in line):
            yield self._block(line)
        for name, argument in codes:
            yield from self._inserted(name.lower(), argument)

    def _block(self, line: str) -> str:
        line = _OUTSIDE_LINK.sub('<a rel="noopener" href="', nbsp_html(line))
        line = _FIGURE.sub(self._archive_figure, line)
        if line.startswith("<table"):
            label = _("Table, scrolls sideways")
            return (
                f'<div class="scroll" role="region" tabindex="0" aria-label="{label}">{line}</div>'
            )
        return line

    def _inserted(self, name: str, argument: str) -> Iterator[str]:
        if name == "links" and not self.links_placed and self.related:
            self.links_placed = True
            yield render_to_string("articles/_related.html", {"related": self.related})
        number = _photo_number(argument) if name == "photo" else None
        if number and number <= len(self.photos) and number not in self.placed:
            self.placed.add(number)
            yield self.figure(self.photos[number - 1])
        if name in (Recording.Kind.VIDEO, Recording.Kind.AUDIO):
            yield from self._recording(name, _photo_number(argument) or 0)

    def _recording(self, kind: str, number: int) -> Iterator[str]:
        """The player of the recording that is the ``number``th of its kind."""
        of_kind = [one for one in self.recordings if one.kind == kind]
        for recording in of_kind[number - 1 : number] if number else ():
            if recording.pk not in self.placed_recordings:
                self.placed_recordings.add(recording.pk)
                yield self.play(recording)

    def _archive_figure(self, match: re.Match[str]) -> str:
        photo = self.archive.get(int(match[1]))
        if photo is None:
            return ""
        caption = _TAG.sub(" ", match[2] or "").strip()
        return self.figure(ArticlePhoto(photo=photo), caption)


class _PlainRenderer(_Renderer):
    """As other programs show it, which have no style of ours."""

    def _block(self, line: str) -> str:
        return _FIGURE.sub(self._archive_figure, line)

    def play(self, recording: Recording, poster: Photo | None = None) -> str:
        return plain_player(recording)

    def figure(self, use: ArticlePhoto, caption_html: str = "") -> str:
        if use.photo is None:
            return ""
        context = {"use": use, "caption_html": mark_safe(caption_html)}  # noqa: S308
        context["picture"] = renditions.sources(use.photo)[-1]
        return render_to_string("articles/_plain_figure.html", context).strip()
