"""``manage.py import_page``: saved article pages of the old site become articles."""

import difflib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from accounts.models import User
from accounts.roles import CHIEF
from articles.models import Article
from articles.page_import import storing
from articles.page_import.assembly import Page
from articles.page_import.reading import NotAnArticle, read_page
from articles.publishing import PublishingError
from categories.models import Category
from core.changes import one_drop

MOST_LINES_SHOWN = 20


class Command(BaseCommand):
    help = (
        "Import saved article pages (page text or HTML). Each file becomes one draft; a file"
        " imported before changes nothing. Files that are no articles are refused, the others"
        " still go in, and the exit code is 1."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--category", required=True, metavar="SLUG")
        parser.add_argument(
            "--photos",
            type=Path,
            metavar="DIR",
            help="picture files, put to the photos of the page in natural order of their names;"
            " with several FILEs those of each are in DIR/<name of the FILE without suffix>/",
        )
        parser.add_argument(
            "--publish",
            action="store_true",
            help="publish with the time the page prints (a time to come schedules, no time means"
            " now), in the name of --by, else of the first chief editor",
        )
        parser.add_argument("--dry-run", action="store_true", help="show it and write nothing")
        parser.add_argument("--by", metavar="USERNAME", help="who imports")

    def handle(self, *args: Any, **options: Any) -> None:
        self.dry_run: bool = options["dry_run"]
        self.folder: Path | None = options["photos"]
        if self.folder and not self.folder.is_dir():
            raise CommandError(f"--photos: there is no folder {self.folder}")
        self.wanted = storing.Wanted(
            category=_category(options["category"]),
            by=_importer(options["by"], publish=options["publish"]),
            publish=options["publish"],
        )
        files: list[Path] = options["files"]
        self.one_file = len(files) == 1
        with one_drop():
            refused = sum(not self.brought_in(file) for file in files)
        if refused:
            raise CommandError(f"{refused} of {len(files)} files were not imported.")

    def brought_in(self, file: Path) -> bool:
        """Import one file; says what was wrong with one that is refused."""
        try:
            self.bring_in(file)
        except NotAnArticle as error:
            self.stderr.write(f"{file}: refused: {error}")
        except (PublishingError, PermissionDenied, ValidationError) as error:
            self.stderr.write(f"{file}: not imported: {error}")
        except DatabaseError as error:
            self.stderr.write(f"{file}: not imported, the database refused it: {error}")
        else:
            return True
        return False

    def bring_in(self, file: Path) -> None:
        saved = read_page(file)
        known = storing.already_there(saved)
        if known is not None:
            self.say_known(file, known, "imported before, nothing was changed")
            return
        page = storing.understand(saved)
        known = storing.already_there(saved, page)
        if known is not None:
            self.say_known(file, known, "another copy of an article that is here; nothing changed")
            return
        pictures, others = self.pictures_for(file)
        photos, notes = storing.add_pictures(page, pictures, self.wanted.by, dry_run=self.dry_run)
        page.notes += notes
        page.notes += [f"not a picture, left out: {name}" for name in others]
        if self.dry_run:
            self.stdout.write(f"{file}: would be imported")
            self.say_page(page, page.notes)
            return
        result = storing.store(saved, page, self.wanted, photos)
        assert result.article is not None  # noqa: S101 - store() makes it or raises
        self.stdout.write(f"{file}: imported as {_address(result.article)}")
        self.stdout.write(f"  state: {result.article.get_status_display()}")
        self.say_page(page, result.notes)

    def pictures_for(self, file: Path) -> tuple[list[Path], list[str]]:
        if self.folder is None:
            return [], []
        own = self.folder / file.stem
        if own.is_dir():
            return storing.picture_files(own)
        if self.one_file:
            return storing.picture_files(self.folder)
        self.stderr.write(f"{file}: there is no folder {own} with its pictures")
        return [], []

    def say_known(self, file: Path, article: Article, why: str) -> None:
        self.stdout.write(f"{file}: {why}: {_address(article)}")

    def say_page(self, page: Page, notes: list[str]) -> None:
        """The report: what was found, and what a person should look at."""
        when = page.published_at.isoformat() if page.published_at else "unknown"
        self.stdout.write(f"  headline: {page.headline}")
        self.stdout.write(f"  dateline: {when}")
        self.stdout.write(f"  byline: {page.byline.printed if page.byline else 'none'}")
        self.stdout.write(f"  photos: {len(page.photos)}")
        if page.tags:
            self.stdout.write(f"  keywords: {', '.join(page.tags)}")
        if page.shortcodes:
            self.stdout.write(f"  shortcodes: {' '.join(page.shortcodes)}")
        for note in notes:
            self.stdout.write(f"  note: {note}")
        for line in page.unplaced[:MOST_LINES_SHOWN]:
            self.stdout.write(f"  not placed: {line[:200]}")
        if len(page.unplaced) > MOST_LINES_SHOWN:
            self.stdout.write(f"  not placed: {len(page.unplaced) - MOST_LINES_SHOWN} more lines")


def _address(article: Article) -> str:
    return f"{settings.SITE_URL}{article.get_absolute_url()}"


def _category(slug: str) -> Category:
    category = Category.objects.filter(slug=slug).first()
    if category is not None:
        return category
    slugs = list(Category.objects.values_list("slug", flat=True))
    near = difflib.get_close_matches(slug, slugs, n=3, cutoff=0.5)
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    raise CommandError(f"--category: there is no category with the slug “{slug}”.{hint}")


def _importer(username: str | None, *, publish: bool) -> User | None:
    staff = User.objects.filter(is_active=True, is_staff=True).order_by("pk")
    if username:
        person = staff.filter(username=username).first()
        if person is None:
            raise CommandError(f"--by: there is no active member of staff “{username}”.")
        return person
    if not publish:
        return None
    chief = staff.filter(groups__name=CHIEF).first() or staff.filter(is_superuser=True).first()
    if chief is None:
        raise CommandError("--publish: there is no chief editor; say with --by who publishes.")
    return chief
