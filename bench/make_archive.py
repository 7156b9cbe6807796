"""Fills a database with an archive of any size, to measure what grows with it.

    python manage.py make_archive --articles 1000000

Rows are made by several processes and written in bulk, past the models; the lists and the search
index are built once at the end. Everything that is there stays. 130 articles a day, so that a
million are 21 years; one id after the other, as at a newspaper.
"""

import multiprocessing
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from itertools import accumulate
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.color import no_style
from django.db import connection, connections, models, transaction
from django.db.models import Max
from PIL import Image

from articles import placements
from articles.lists import Placement
from articles.models import Article, ArticlePhoto, Author, Tag, Topic
from bench.words import Piece, Words, piece
from categories.models import Category
from comments.models import Comment
from core.finding import every_index
from photos.archive import add_photo
from photos.models import Photo
from search.backends import backend

A_DAY = 130
CHUNK = 2000
NEWEST = 500
LISTS = "lists"
SECTIONS, CHILDREN, AUTHORS, TAGS, TOPICS, PHOTOS = 12, 4, 200, 5000, 300, 8
Rows = dict[type[models.Model], list[dict[str, Any]]]
Say = Callable[[str], None]


def make_archive(number: int, processes: int = 2, say: Say = print) -> None:
    """Add ``number`` articles with what hangs on them; ``say`` is told how far it is."""
    started = time.monotonic()

    def tell(what: str) -> None:
        say(f"{time.monotonic() - started:6.0f} s  {what}")

    stock = _Stock(Words(min(20_000, max(1000, number))))
    first, photo = _next(Article), _next(Photo)
    tell(f"words, {Category.objects.count()} categories, {Tag.objects.count()} tags")
    placements.drop_triggers()
    indexes, constraints = _put_aside() if connection.vendor == "postgresql" else ([], [])
    backend().begin_bulk()
    for index in every_index():
        index.begin_bulk()
    chunks = [(first + done, min(CHUNK, number - done)) for done in range(0, number, CHUNK)]
    maker = _Maker(stock, first, first + number, photo - first)
    for done, _ in enumerate(_each(maker.write, chunks, processes), 1):
        if done % max(1, len(chunks) // 10) == 0:
            tell(f"{min(done * CHUNK, number):,} articles")
    _move_sequences()
    tell("lists and indexes")
    lists = Placement._meta.db_table
    of_lists = [sql for table, sql in indexes if table == lists]
    others = [[sql] for table, sql in indexes if table != lists]
    # What takes longest comes first, so that the processes end together.
    for _ in _each(_make, [[LISTS, *of_lists], *others], processes):
        pass
    tell("constraints")
    for _ in _each(_make, [[sql] for sql in constraints], processes):
        pass
    tell("search indexes")
    backend().end_bulk()
    for index in every_index():
        index.end_bulk()
    tell("statistics")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    _vacuum()
    tell("done")


def _next(model: type[models.Model]) -> int:
    """The first number that no row has yet."""
    return (model._default_manager.aggregate(highest=Max("pk"))["highest"] or 0) + 1


def _each(work: Callable[[Any], None], parts: Sequence[Any], processes: int) -> Iterator[None]:
    """``work`` on each part; in PostgreSQL in several processes."""
    if connection.vendor == "sqlite" or processes < 2:
        yield from map(work, parts)
        return
    # Each process is a copy of this one, words and all, and needs a connection of its own.
    connections.close_all()
    _of_process.append(work)
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        yield from pool.imap_unordered(_work, parts)


_of_process: list[Callable[[Any], None]] = []


def _work(part: Any) -> None:
    _of_process[-1](part)


def _make(steps: list[str]) -> None:
    """One after the other what these say: SQL, or that the lists are to be filled."""
    _more_memory()
    for step in steps:
        if step == LISTS:
            placements.rebuild()
        else:
            with connection.cursor() as cursor:
                cursor.execute(step)


def _more_memory() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET maintenance_work_mem = '1GB'; SET work_mem = '256MB'")


class _Stock:
    """What articles choose from; made when it is missing."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self.categories = self._categories()
        self.authors = self._few(Author, AUTHORS, lambda n: Author(name=f"Hoài Anh {n}"))
        self.tags = self._few(Tag, TAGS, lambda n: Tag(name=f"{words.tags[n % 1000]} {n}"))
        self.topics = self._few(Topic, TOPICS, lambda n: Topic(name=f"Dòng sự kiện {n}"))
        self.files = self._files()
        names = Author.objects.values_list("pk", "name")
        self.bylines = {pk: piece(name) for pk, name in names}
        # The first of each kind has most: page 500 of its list is there early.
        self.shares = {kind: _falling(len(self.of(kind))) for kind in _KINDS}

    def of(self, kind: str) -> list[int]:
        return getattr(self, kind)

    def _categories(self) -> list[int]:
        wanted = SECTIONS * (CHILDREN + 1)
        for n in range(wanted - Category.objects.count()):
            parents = Category.objects.filter(parent=None).order_by("pk")
            parent = parents[n % SECTIONS] if n >= SECTIONS else None
            Category.objects.create(name=f"Chuyên mục {n + 1}", parent=parent, position=n)
        return list(Category.objects.order_by("-parent", "pk").values_list("pk", flat=True))

    def _few(
        self, model: type[models.Model], number: int, make: Callable[[int], models.Model]
    ) -> list[int]:
        with transaction.atomic():
            for n in range(model._default_manager.count(), number):
                make(n + 1).save()
        return list(model._default_manager.order_by("pk").values_list("pk", flat=True)[:number])

    def _files(self) -> list[str]:
        for n in range(PHOTOS - Photo.objects.count()):
            file = _picture(n)
            add_photo(file, caption=f"Một góc phố {n}", credit="Lan Anh", alt="Phố")
        return list(Photo.objects.order_by("pk").values_list("original", flat=True)[:PHOTOS])


def _picture(n: int) -> SimpleUploadedFile:
    buffer = BytesIO()
    Image.new("RGB", (960, 640), (n * 29 % 256, 120, n * 53 % 256)).save(buffer, "JPEG")
    return SimpleUploadedFile(f"pho-{n}.jpg", buffer.getvalue(), "image/jpeg")


_KINDS = ("categories", "authors", "tags", "topics")


def _falling(number: int) -> list[float]:
    return list(accumulate(1 / (place + 1) for place in range(number)))


class _Maker:
    """Makes and writes the rows of one part of the archive.

    Article ``pk`` brings photo ``pk + to_photo``.
    """

    def __init__(self, stock: _Stock, first: int, end: int, to_photo: int) -> None:
        self.stock, self.first, self.end, self.to_photo = stock, first, end, to_photo
        self.newest = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=10)
        self.defaults: dict[type[models.Model], dict[str, Any]] = {
            model: {str(field.column): field.get_default() for field in model._meta.concrete_fields}
            for model in _written()
        }

    def write(self, chunk: tuple[int, int]) -> None:
        first, number = chunk
        self.dice = random.Random(first)
        rows: Rows = {model: [] for model in self.defaults}
        for pk in range(first, first + number):
            self._article(pk, rows)
        with transaction.atomic():
            for model, of_model in rows.items():
                _insert(model, of_model)

    def _add(self, rows: Rows, model: type[models.Model], **values: Any) -> None:
        rows[model].append(self.defaults[model] | values)

    def _article(self, pk: int, rows: Rows) -> None:
        dice, words = self.dice, self.stock.words
        age = (self.end - pk) * 86400 / A_DAY + dice.random() * 3600
        at = self.newest - timedelta(seconds=int(age))
        headline = [dice.choice(words.headline_starts), dice.choice(words.headline_ends)]
        text = dice.choices(words.sentences, k=12)
        if pk % 10 == 0:
            text.append(piece(f"Quyết định số {pk}/QĐ-UBND."))
        authors = self._some("authors", 2 if pk % 9 == 0 else 1)
        byline = self.stock.bylines[authors[0]]
        status = "published" if dice.random() < 0.98 else dice.choice(["draft", "withdrawn"])
        approved = self._comments(rows, pk, at, text) if status == "published" else 0
        category, *more = self._some("categories", 2 if dice.random() < 0.1 else 1)
        title = " ".join(part.text for part in headline)
        self._add(
            rows,
            Article,
            id=pk,
            headline=title,
            slug="-".join(part.slug for part in headline),
            standfirst=text[0].text,
            body=_body(text[1:]),
            byline=byline.text,
            category_id=category,
            approved_comments=approved,
            status=status,
            published_at=None if status == "draft" else at,
            withdrawn_at=at if status == "withdrawn" else None,
            created_at=at,
            changed_at=at,
            search_headline=_joined(headline, "folded"),
            search_body=_joined([text[0], byline, *text[1:]], "folded"),
            search_keys=_joined([*headline, text[0], byline, *text[1:]], "exact"),
        )
        topics = self._some("topics", 1) if dice.random() < 0.2 else []
        chosen = {"authors": authors, "tags": self._some("tags", 3), "topics": topics}
        for kind, owners in (chosen | {"more_categories": more}).items():
            column = _COLUMNS[kind]
            for place, owner in enumerate(owners):
                values = {"id": pk * 4 + place, "article_id": pk, column: owner}
                self._add(rows, _LINKS[kind], **values)
        self._photos(rows, pk, at, text)

    def _photos(self, rows: Rows, pk: int, at: datetime, text: list[Piece]) -> None:
        """A photo of its own, and some of those that came before."""
        photo = pk + self.to_photo
        self._add(
            rows,
            Photo,
            id=photo,
            original=self.dice.choice(self.stock.files),
            original_name=f"IMG_{photo}.jpg",
            checksum=f"{photo:064x}",
            key=f"{photo:032x}",
            width=960,
            height=640,
            caption=text[1].text,
            credit="Lan Anh",
            uploaded_at=at,
            search_text=f"{text[1].folded} lan anh img {photo} jpg",
        )
        older = range(self.first + self.to_photo, photo)
        more = self.dice.choice([0, 0, 0, 1, 1, 2]) if older else 0
        used = [photo, *(self.dice.choice(older) for _ in range(more))]
        for place, one in enumerate(used):
            self._add(
                rows,
                ArticlePhoto,
                id=pk * 4 + place,
                article_id=pk,
                photo_id=one,
                position=place,
                caption=text[place].text,
                credit="Lan Anh",
            )

    def _comments(self, rows: Rows, pk: int, at: datetime, text: list[Piece]) -> int:
        """Gives how many are approved. Those under the newest articles wait to be read."""
        dice, approved = self.dice, 0
        for place in range(dice.choice([0, 0, 0, 0, 0, 1, 2])):
            waits = pk > self.end - NEWEST and dice.random() < 0.5
            status = "pending" if waits else "refused" if dice.random() < 0.05 else "approved"
            approved += status == "approved"
            self._add(
                rows,
                Comment,
                id=pk * 4 + place,
                article_id=pk,
                name="Bạn đọc",
                text=text[place].text,
                status=status,
                created_at=at,
                decided_at=None if waits else at,
                search_text=f"ban doc {text[place].folded}",
                sender=f"{dice.randrange(50_000):064x}",
                fingerprint=f"archive-{pk}-{place}",
            )
        return approved

    def _some(self, kind: str, number: int) -> list[int]:
        chosen = self.dice.choices(
            self.stock.of(kind), cum_weights=self.stock.shares[kind], k=number
        )
        return list(dict.fromkeys(chosen))


_LINKS: dict[str, type[models.Model]] = {
    name: getattr(Article, name).through
    for name in ("authors", "tags", "topics", "more_categories")
}
_COLUMNS = {
    "authors": "author_id",
    "tags": "tag_id",
    "topics": "topic_id",
    "more_categories": "category_id",
}


def _written() -> list[type[models.Model]]:
    return [Article, Photo, ArticlePhoto, Comment, *_LINKS.values()]


def _joined(pieces: Iterable[Piece], kind: str) -> str:
    return " ".join(getattr(part, kind) for part in pieces)


def _body(pieces: list[Piece]) -> str:
    paragraphs = [pieces[start : start + 3] for start in range(0, len(pieces), 3)]
    return "".join(f"<p>{' '.join(part.text for part in parts)}</p>" for parts in paragraphs)


def _insert(model: type[models.Model], rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    columns = list(rows[0])
    table = model._meta.db_table
    if connection.vendor == "postgresql":
        text = StringIO("".join(_copy_line(row.values()) for row in rows))
        with connection.cursor() as cursor:
            cursor.cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", text)
        return
    sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))})"
    with connection.cursor() as cursor:
        cursor.executemany(sql, [[_plain(value) for value in row.values()] for row in rows])


def _copy_line(values: Iterable[Any]) -> str:
    return "\t".join(map(_copy_value, values)) + "\n"


def _copy_value(value: Any) -> str:
    if value is None:
        return "\\N"
    text = str(value)
    if "\\" in text or not text.isprintable():
        text = text.translate(_ESCAPES)
    return text


_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _plain(value: Any) -> Any:
    return str(value.replace(tzinfo=None)) if isinstance(value, datetime) else value


def _put_aside() -> tuple[list[tuple[str, str]], list[str]]:
    """Drop the indexes and constraints of what is written; gives the SQL that makes them anew,
    that of an index with its table.

    Kept for each row they take most of the time; made at the end they are quick.
    """
    written: list[type[models.Model]] = [Placement, *_written()]
    tables = ["search_index", *(model._meta.db_table for model in written)]
    constraints: list[str] = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)"
            " FROM pg_constraint WHERE contype IN ('f', 'u') AND conrelid = ANY(%s::regclass[])"
            " ORDER BY contype DESC",
            [tables],
        )
        for table, name, rule in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
            constraints.append(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {rule}')
        cursor.execute(
            "SELECT indrelid::regclass::text, indexrelid::regclass::text,"
            " pg_get_indexdef(indexrelid) FROM pg_index"
            " WHERE NOT indisprimary AND indrelid = ANY(%s::regclass[])"
            " ORDER BY array_position(%s, indrelid::regclass::text)",
            [tables, tables],
        )
        indexes = cursor.fetchall()
        for _table, name, _sql in indexes:
            cursor.execute(f"DROP INDEX {name}")
    return [(table, sql) for table, _name, sql in indexes], constraints


def _move_sequences() -> None:
    """Rows came with their ids; the next one must get a new one."""
    written = _written()
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), written):
            cursor.execute(sql)


def _vacuum() -> None:
    """PostgreSQL reads an index alone only where VACUUM has been."""
    if connection.vendor == "postgresql":
        with suppress(Exception), connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")
