"""How photos come into the archive, change and leave it."""

import hashlib
import logging
import re
import secrets
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from io import BytesIO
from typing import Any, BinaryIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext as _
from PIL import Image, ImageFile

from accounts.models import User
from photos import metadata, renditions
from photos.models import Photo

# What is accepted, by content, and how the original is named.
EXTENSIONS = {"JPEG": ".jpg", "MPO": ".jpg", "PNG": ".png", "WEBP": ".webp", "AVIF": ".avif"}
# A picture longer than this many times its width cannot be shown sensibly.
MAX_SHAPE = 8
# Who is refused is told of so many places where a photo stands.
MOST_NAMED = 10
# Details that may be given with a new photo or changed later.
FIELDS = ("caption", "credit", "alt", "rights", "taken_at", "focal_x", "focal_y")

logger = logging.getLogger(__name__)

_SIDEWAYS = {5, 6, 7, 8}
# What Pillow raises on strange files.
_UNREADABLE: tuple[type[Exception], ...] = (
    *(OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, EOFError),
    *(OverflowError, MemoryError, struct.error, zlib.error),
)
_UNFINISHED = re.compile("truncated|unexpected end|broken data stream", re.IGNORECASE)


class PhotoError(ValidationError):
    """Why a photo was refused or may not be deleted, in the user's language; see ``code``.

    Codes: empty, too_big, wrong_type, too_many_pixels, wrong_shape, broken, in_use, out_of_reach.
    """


class CheckedFile:
    """An uploaded picture that has been read and found good, ready to be stored.

    Making one raises ``PhotoError`` and writes nothing; so a form can check before it saves.
    """

    def __init__(self, file: File | BinaryIO, *, name: str = "") -> None:
        self.name = re.split(r"[/\\]", name or getattr(file, "name", None) or "")[-1][-200:]
        self.data = _read(file)
        self.checksum = hashlib.sha256(self.data).hexdigest()
        with _refusing_what_is_unreadable():
            image = self.open()
            width, height = image.size
            _check_pixels(width, height)
            self.extension = EXTENSIONS[image.format or ""]
            self.details = metadata.read(image)
            sideways = image.getexif().get(metadata.ORIENTATION) in _SIDEWAYS
            self.width, self.height = (height, width) if sideways else (width, height)
            # Decodes all of it (for a JPEG in a smaller size), which finds a truncated file.
            probe = Photo(width=self.width, height=self.height)
            self.picture = renditions.prepare(probe, image)

    def open(self) -> ImageFile.ImageFile:
        return open_picture(BytesIO(self.data))


def open_picture(file: BinaryIO | File) -> ImageFile.ImageFile:
    """Read the head of a picture of a kind we accept, judged by its content alone."""
    return Image.open(file, formats=("JPEG", "PNG", "WEBP", "AVIF"))


# --- verbs ------------------------------------------------------------------------------------


def add_photo(
    file: File | BinaryIO | CheckedFile, *, by: User | None = None, **fields: Any
) -> Photo:
    """Check ``file`` and put it into the archive, with all its renditions.

    ``fields`` (see ``FIELDS``) win over what the file says about itself where they are not empty.
    A file that is there already gives the photo it is, unchanged; ``photo.is_new`` tells which.
    Raises ``PhotoError``, and ``ValidationError`` for fields that are not right; then nothing is
    stored. Inside a transaction that is rolled back later, the files are left over, without
    public address; ``manage.py make_renditions --sweep`` removes such files.
    """
    checked = file if isinstance(file, CheckedFile) else CheckedFile(file)
    known = Photo.objects.filter(checksum=checked.checksum).first()
    if known:
        return _told(known, is_new=False)
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise TypeError(f"add_photo() knows no {', '.join(sorted(unknown))}")
    details = checked.details | {name: value for name, value in fields.items() if value != ""}
    photo = Photo(
        **{name: value for name, value in details.items() if value is not None},
        original_name=checked.name,
        checksum=checked.checksum,
        key=new_key(),
        width=checked.width,
        height=checked.height,
        uploaded_by=by,
    )
    photo.full_clean(exclude=("original", "checksum", "key"), validate_unique=False)
    with _removing_files_on_failure(photo):
        photo.original.save(f"x{checked.extension}", ContentFile(checked.data), save=False)
        renditions.make(photo, checked.picture)
        try:
            with transaction.atomic():
                photo.save(force_insert=True)
        except IntegrityError:
            # The same file, sent at the same moment, was quicker.
            quicker = Photo.objects.filter(checksum=checked.checksum).first()
            if quicker is None:
                raise
            _remove_files(photo.original.name, photo.key)
            return _told(quicker, is_new=False)
    return _told(photo, is_new=True)


def change_photo(photo: Photo, **fields: Any) -> None:
    """Change details of ``photo`` (see ``FIELDS``); the apps above drop the pages that show it.

    A new focal point makes new crops under a new address; the old ones go once this is committed.
    Raises ``ValidationError`` for values that are not right and ``PhotoError`` when new crops are
    needed and the original cannot be read.
    """
    stored = Photo.objects.get(pk=photo.pk)
    for name, value in fields.items():
        if name not in FIELDS:
            raise TypeError(f"change_photo() knows no {name}")
        setattr(photo, name, value)
    photo.full_clean(exclude=("original",), validate_unique=False)
    moved = (photo.focal_x, photo.focal_y) != (stored.focal_x, stored.focal_y)
    if not moved:
        photo.save(update_fields=list(FIELDS))
        return
    photo.key = new_key()
    try:
        with _telling_what_is_out_of_reach(), transaction.atomic():
            make_renditions(photo)
            photo.save(update_fields=[*FIELDS, "key"])
            transaction.on_commit(partial(renditions.remove, stored.key))
    except BaseException:
        with suppress(OSError):
            renditions.remove(photo.key)
        photo.key = stored.key
        raise


def delete_photo(photo: Photo) -> None:
    """Delete ``photo`` and its files. Raises ``PhotoError`` while anything shows it."""
    if places := photo.places:
        raise PhotoError(refusal(places), code="in_use")
    with _telling_what_is_out_of_reach(), transaction.atomic():
        name, key = photo.original.name, photo.key
        # Rather nothing than a photo that is gone from the archive and still has an address.
        renditions.files(key)
        photo.delete()
        transaction.on_commit(partial(_remove_files, name, key))


def refusal(places: list[Model]) -> str:
    """Why a photo that stands in ``places`` stays, with their names; of many the first."""
    names = [f"{place._meta.verbose_name} “{place}”" for place in places[:MOST_NAMED]]
    listed = ", ".join([*names, *(["…"] if len(places) > MOST_NAMED else [])])
    return _("This photo cannot be deleted while it is used: %(places)s.") % {"places": listed}


def make_renditions(photo: Photo, *, only: list[renditions.Size] | None = None) -> None:
    """Make the public files of ``photo`` from its original.

    Raises ``PhotoError`` when the original is missing or cannot be read.
    """
    with _refusing_what_is_unreadable(), photo.original.open("rb") as file:
        picture = renditions.prepare(photo, open_picture(file))
        renditions.make(photo, picture, only=only)


def new_key() -> str:
    """A part of a public address that nobody can guess (128 bits)."""
    return secrets.token_hex(16)


# --- checks -----------------------------------------------------------------------------------


def _read(file: File | BinaryIO) -> bytes:
    """The bytes of ``file``; no more of them than allowed are ever read."""
    limit = settings.PHOTO_MAX_BYTES
    file.seek(0)
    data = file.read(limit + 1) if (getattr(file, "size", 0) or 0) <= limit else None
    if data is None or len(data) > limit:
        message = _("This file is larger than %(limit)d MB. Save the photo smaller and try again.")
        raise PhotoError(message % {"limit": limit // 1024**2}, code="too_big")
    if not data:
        raise PhotoError(_("This file is empty."), code="empty")
    return data


def _check_pixels(width: int, height: int) -> None:
    if width * height > settings.PHOTO_MAX_PIXELS:
        raise _too_many_pixels(width, height)
    if max(width, height) > MAX_SHAPE * min(width, height):
        message = _(
            "This picture is too long and narrow (%(width)d × %(height)d pixels): one side may be"
            " at most %(times)d times the other."
        )
        values = {"width": width, "height": height, "times": MAX_SHAPE}
        raise PhotoError(message % values, code="wrong_shape")


def _too_many_pixels(width: int = 0, height: int = 0) -> PhotoError:
    limit = settings.PHOTO_MAX_PIXELS // 1_000_000
    if not width:
        message = _("This picture has more than %(limit)d megapixels. Save it smaller.")
        return PhotoError(message % {"limit": limit}, code="too_many_pixels")
    message = _(
        "This picture has too many pixels: %(width)d × %(height)d. At most %(limit)d megapixels"
        " are allowed; save it smaller."
    )
    values = {"width": width, "height": height, "limit": limit}
    return PhotoError(message % values, code="too_many_pixels")


@contextmanager
def _refusing_what_is_unreadable() -> Iterator[None]:
    """Turn what Pillow raises on strange files into a ``PhotoError``."""
    try:
        yield
    except PhotoError:
        raise
    except Image.DecompressionBombError as error:
        raise _too_many_pixels() from error
    except Image.UnidentifiedImageError as error:
        message = _("This is not a photo we can read. Use JPEG, PNG, WebP or AVIF.")
        raise PhotoError(message, code="wrong_type") from error
    except ConnectionError:
        raise
    except FileNotFoundError as error:
        raise PhotoError(_("The original of this photo is missing."), code="broken") from error
    except _UNREADABLE as error:
        if _UNFINISHED.search(str(error)):
            message = _("This file is incomplete: part of the picture is missing. Send it again.")
        else:
            message = _("This file is damaged and cannot be opened.")
        raise PhotoError(message, code="broken") from error


# --- files ------------------------------------------------------------------------------------


@contextmanager
def _removing_files_on_failure(photo: Photo) -> Iterator[None]:
    try:
        with _telling_what_is_out_of_reach():
            yield
    except BaseException:
        # What cannot be removed now, ``make_renditions --sweep`` will.
        with suppress(OSError):
            _remove_files(photo.original.name, photo.key)
        raise


@contextmanager
def _telling_what_is_out_of_reach() -> Iterator[None]:
    """Turn what a full disk or a silent bucket raises into a ``PhotoError``."""
    try:
        yield
    except OSError as error:
        logger.exception("photos cannot be stored")
        message = _(
            "The place where photos are kept does not answer. Nothing has been saved; please try"
            " again in a moment."
        )
        raise PhotoError(message, code="out_of_reach") from error


def _remove_files(original: str | None, key: str) -> None:
    if original:
        Photo.original.field.storage.delete(original)
    renditions.remove(key)


def _told(photo: Photo, *, is_new: bool) -> Photo:
    photo.is_new = is_new
    return photo
