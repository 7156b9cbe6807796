"""From a page that was read to an article in the paper."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.files import File
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from articles import publishing
from articles.models import Article, ArticlePhoto, Author, ImportedPage, RelatedLink, Tag
from articles.page_import import wording
from articles.page_import.assembly import Page, RelatedTitle, assemble
from articles.page_import.html_page import read_html
from articles.page_import.reading import SavedPage
from articles.page_import.text_page import lines_of
from categories.models import Category
from core.vietnamese import clean_line, fold, nfc, slugify
from photos.archive import CheckedFile, PhotoError, add_photo
from photos.models import Photo

PICTURES = {".jpg", ".jpeg", ".png", ".webp", ".avif"}
# Ids of the old site. Longer numbers at the end of an address are times of other papers.
_OLD_ID = re.compile(r"-n?(\d{1,9})(?:\.html?|/)?$")


@dataclass
class Wanted:
    """What the person who imports has asked for."""

    category: Category
    by: User | None = None
    publish: bool = False


@dataclass
class Result:
    """What became of one file; ``notes`` are sentences for the report."""

    article: Article | None = None
    page: Page | None = None
    is_new: bool = False
    notes: list[str] = field(default_factory=list)


def printed_names() -> dict[str, set[Author]]:
    """Authors by each of their names, case-folded; one pen name may have several owners."""
    names: dict[str, set[Author]] = {}
    for author in Author.objects.all():
        for name in author.printed_names:
            names.setdefault(nfc(name).casefold(), set()).add(author)
    return names


def understand(saved: SavedPage) -> Page:
    """Read the article out of ``saved``. Raises ``NotAnArticle``."""
    authors = frozenset(printed_names())
    if not saved.is_html:
        return assemble(lines_of(saved.text), authors=authors)
    html = read_html(saved.text)
    return assemble(
        html.lines, authors=authors, published=html.published, sure=html.says_article, url=html.url
    )


def already_there(saved: SavedPage, page: Page | None = None) -> Article | None:
    """The article made earlier from this file, or from another copy of this page."""
    known = ImportedPage.objects.filter(checksum=saved.checksum).select_related("article").first()
    if known is not None or page is None:
        return known.article if known else None
    if path := old_path(page.url):
        copy = ImportedPage.objects.filter(old_path=path).select_related("article").first()
        if copy is not None:
            return copy.article
    if page.published_at is None:
        return None
    same = Article.objects.filter(headline=clean_line(page.headline))
    return same.filter(
        Q(published_at=page.published_at) | Q(imported_from__report__contains=_time_line(page))
    ).first()


def store(saved: SavedPage, page: Page, wanted: Wanted, pictures: Sequence[Photo | None]) -> Result:
    """Write the article with all that belongs to it, in one transaction.

    ``pictures`` has one entry for each photo of the page. Raises ``PublishingError`` and
    ``PermissionDenied``; then nothing has changed.
    """
    result = Result(page=page, is_new=True, notes=list(page.notes))
    with transaction.atomic():
        article = result.article = _create(page, wanted, result)
        _sign(article, page, result)
        _label(article, page)
        _relate(article, page, result)
        _illustrate(article, page, pictures)
        if wanted.publish and wanted.by:
            _publish(article, page, wanted.by, result)
        ImportedPage.objects.create(
            article=article,
            checksum=saved.checksum,
            file_name=saved.name,
            old_path=old_path(page.url),
            report="\n".join([_time_line(page), *result.notes, *_unplaced(page)]),
        )
    return result


def _time_line(page: Page) -> str:
    """Remembers the printed time of a draft, which has none itself."""
    return f"Dateline: {page.published_at.isoformat() if page.published_at else 'none'}"


def _unplaced(page: Page) -> list[str]:
    return [f"Not placed: {line}" for line in page.unplaced]


# --- the article ------------------------------------------------------------------------------


def _create(page: Page, wanted: Wanted, result: Result) -> Article:
    article = Article(
        language="vi",  # as all pages that articles.page_import reads
        headline=page.headline,
        standfirst=page.standfirst,
        body=page.body,
        byline=page.byline.printed if page.byline else "",
        source=page.source,
        category=wanted.category,
        created_by=wanted.by,
    )
    number = old_id(page.url)
    if number and Article.objects.filter(pk=number).exists():
        result.notes.append(f"the old number {number} is taken; the article has a new one")
    elif number:
        article.pk = number
    article.save(force_insert=True)
    if number and article.pk == number:
        _move_sequence()
    return article


def _move_sequence() -> None:
    """A number given by hand must not be given again by the database (PostgreSQL)."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Article]):
            cursor.execute(statement)


def _sign(article: Article, page: Page, result: Result) -> None:
    """Link the authors whose names the byline prints; a new pen name becomes a new author."""
    known = printed_names()
    for name in page.byline.names if page.byline else ():
        owners = known.get(name.casefold(), set())
        if len(owners) == 1:
            article.authors.add(*owners)
        elif owners:
            result.notes.append(f"“{name}” is a name of {len(owners)} authors: none was linked")
        elif wording.may_be_new_author(name):
            author = Author.objects.create(name=name, slug=_free_author_slug(name))
            article.authors.add(author)
            result.notes.append(f"new author: {name}")
        else:
            result.notes.append(f"no author was linked for “{name}”")


def _free_author_slug(name: str) -> str:
    slug = base = slugify(name)
    number = 2
    while Author.objects.filter(slug=slug).exists():
        slug, number = f"{base}-{number}", number + 1
    return slug


def _label(article: Article, page: Page) -> None:
    for name in dict.fromkeys(page.tags):
        name = clean_line(name)[:100]
        if name:
            tag, _made = Tag.objects.get_or_create(slug=slugify(name), defaults={"name": name})
            article.tags.add(tag)


def _relate(article: Article, page: Page, result: Result) -> None:
    for related in page.related:
        target = _target(related)
        if target is None:
            result.notes.append(f"related article not found: “{related.title}”")
        elif target != article:
            RelatedLink.objects.get_or_create(
                article=article,
                target=target,
                defaults={"position": article.related_links.count()},
            )


def _target(related: RelatedTitle) -> Article | None:
    """The article that a related title means: by its old address, else the only one so called."""
    if path := old_path(related.href):
        known = ImportedPage.objects.filter(old_path=path).select_related("article").first()
        if known is not None:
            return known.article
    same = [
        article
        for article in Article.objects.filter(headline=related.title)[:2]
        if fold(article.headline) == fold(related.title)
    ]
    return same[0] if len(same) == 1 else None


def _illustrate(article: Article, page: Page, pictures: Sequence[Photo | None]) -> None:
    for position, (words, photo) in enumerate(zip(page.photos, pictures, strict=True), start=1):
        ArticlePhoto.objects.create(
            article=article,
            photo=photo,
            position=position,
            caption=words.caption,
            credit=words.credit,
            alt=words.alt,
        )


def _publish(article: Article, page: Page, by: User, result: Result) -> None:
    """Publish with the time that the page prints; without one, with the time of the import."""
    if page.published_at and page.published_at > timezone.now():
        publishing.schedule(article, by=by, at=page.published_at)
        result.notes.append("the dateline is in the future: the article is scheduled")
        return
    publishing.publish(article, by=by)
    if page.published_at:
        article.published_at = page.published_at
        article.save(update_fields=["published_at"])
    else:
        result.notes.append("published with the time of the import")


# --- addresses --------------------------------------------------------------------------------


def old_path(url: str) -> str:
    """The path of a web address, as readers' browsers ask for it; empty when there is none."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} and not url.startswith("/"):
        return ""
    path = nfc(unquote(parts.path)).replace("\x00", "")
    return path if 1 < len(path) <= 500 else ""


def old_id(url: str) -> int | None:
    """The article's number in an address of the old site."""
    found = _OLD_ID.search(old_path(url))
    return int(found[1]) or None if found else None


# --- pictures ---------------------------------------------------------------------------------


def picture_files(folder: Path) -> tuple[list[Path], list[str]]:
    """The pictures of ``folder`` in natural order (2 before 10), and the names of other files."""
    files = [path for path in folder.iterdir() if path.is_file() and path.name[0] != "."]
    files.sort(key=lambda path: _natural(path.name))
    pictures = [path for path in files if path.suffix.lower() in PICTURES]
    return pictures, [path.name for path in files if path not in pictures]


def _natural(name: str) -> list[tuple[int, int, str]]:
    parts = re.split(r"(\d+)", nfc(name).casefold())
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts]


def add_pictures(
    page: Page, files: Sequence[Path], by: User | None, *, dry_run: bool = False
) -> tuple[list[Photo | None], list[str]]:
    """Take ``files`` into the archive as the photos of ``page``, in order; also notes on them.

    A file that is no good leaves its place empty. It is done before the article is written, so
    that the database is not held while pictures are made.
    """
    photos: list[Photo | None] = [None] * len(page.photos)
    notes = [f"more pictures than captions, not used: {path.name}" for path in files[len(photos) :]]
    for place, words in enumerate(page.photos):
        if place >= len(files):
            notes.append(f"photo {place + 1} has no picture file: “{words.caption}”")
            continue
        try:
            with files[place].open("rb") as opened:
                checked = CheckedFile(File(opened, name=files[place].name))
            if not dry_run:
                details = {"caption": words.caption[:1000], "credit": words.credit}
                photos[place] = add_photo(checked, by=by, **details, alt=words.alt)
        except (PhotoError, OSError) as error:
            reason = " ".join(error.messages) if isinstance(error, PhotoError) else str(error)
            notes.append(f"photo {place + 1}: {files[place].name} was not taken: {reason}")
    return photos, notes
