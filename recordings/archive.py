"""How recordings come into the archive, change and leave it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from recordings import containers, subtitles
from recordings.models import Recording

logger = logging.getLogger(__name__)

# Details that may be given with a new recording or changed later.
FIELDS = ("title", "duration", "caption", "credit", "poster", "transcript")


class RecordingError(ValidationError):
    """Why a file was refused or may not be deleted, in the user's language; see ``code``.

    Codes: empty, too_big, unknown_type, no_player, broken, incomplete, other_kind, not_subtitles,
    in_use, out_of_reach.
    """


class CheckedRecording:
    """A video or sound that has been looked into and found good, ready to be stored.

    Making one raises ``RecordingError`` and writes nothing; so a form can check before it saves.
    """

    def __init__(self, file: File) -> None:
        self.file = file
        _check_size(file.size, settings.RECORDING_MAX_BYTES)
        try:
            self.contents = containers.read(file)  # type: ignore[arg-type]
        except containers.UnusableError as error:
            raise _refusal(error) from error


class CheckedSubtitles:
    """Subtitles found good; raises ``RecordingError`` as above."""

    def __init__(self, file: File) -> None:
        _check_size(file.size, subtitles.MOST_BYTES)
        try:
            self.text = subtitles.as_webvtt(file.read())
        except subtitles.NotSubtitlesError as error:
            message = _("These are not subtitles we can read. Use WebVTT (.vtt) or SubRip (.srt).")
            raise RecordingError(message, code="not_subtitles") from error


# --- verbs ------------------------------------------------------------------------------------


def add_recording(
    file: File | CheckedRecording,
    *,
    by: User | None = None,
    subtitles: CheckedSubtitles | None = None,
    **fields: Any,
) -> Recording:
    """Check ``file`` and put it into the archive with ``fields`` (see ``FIELDS``).

    Raises ``RecordingError``, and ``ValidationError`` for fields that are not right; then nothing
    is stored.
    """
    checked = file if isinstance(file, CheckedRecording) else CheckedRecording(file)
    recording = Recording(uploaded_by=by)
    _set(recording, fields)
    return _store(recording, checked, subtitles)


def change_recording(
    recording: Recording,
    *,
    file: CheckedRecording | None = None,
    subtitles: CheckedSubtitles | bool | None = None,
    **fields: Any,
) -> None:
    """Change details; put another file or other subtitles in place, ``False`` for none.

    What is replaced goes once this is committed. Raises ``ValidationError``.
    """
    if file is not None and file.contents.kind != recording.kind:
        message = _("A video cannot take the place of a sound, nor a sound that of a video.")
        raise RecordingError(message, code="other_kind")
    _set(recording, fields)
    if subtitles is False:
        _remove_later(recording.subtitles.name)
        recording.subtitles = ""
    _store(recording, file, subtitles or None)


def delete_recording(recording: Recording) -> None:
    """Delete ``recording`` and its files. Raises ``RecordingError`` while an article uses it."""
    if uses := use_count(recording):
        message = ngettext(
            "This recording cannot be deleted: %(count)d article uses it.",
            "This recording cannot be deleted: %(count)d articles use it.",
            uses,
        )
        raise RecordingError(message % {"count": uses}, code="in_use")
    with _telling_what_is_out_of_reach(), transaction.atomic():
        names = (recording.file.name, recording.subtitles.name)
        # Rather nothing than a file that is gone from the archive and still has an address.
        default_storage.exists(recording.file.name or "")
        recording.delete()
        _remove_later(*names)


def use_count(recording: Recording) -> int:
    """How many articles use it or are narrated by it; the app above is met by name only."""
    articles = set(recording.uses.values_list("article_id", flat=True))
    return len(articles | set(recording.narrated.values_list("pk", flat=True)))


# --- storing ----------------------------------------------------------------------------------


def _set(recording: Recording, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        if name not in FIELDS:
            raise TypeError(f"a recording has no {name}")
        setattr(recording, name, value)


def _store(recording: Recording, checked: CheckedRecording | None, words: Any | None) -> Recording:
    if checked is not None:
        contents = checked.contents
        if recording.duration is None and contents.seconds:
            recording.duration = max(1, round(contents.seconds))
        recording.kind, recording.size = contents.kind, checked.file.size
        recording.width, recording.height = contents.width, contents.height
    recording.full_clean(exclude=("file", "subtitles"))
    replaced = [
        recording.file.name if checked is not None else None,
        recording.subtitles.name if words is not None else None,
    ]
    written: list[str] = []
    try:
        with _telling_what_is_out_of_reach(), transaction.atomic():
            if checked is not None:
                _write(recording.file, checked.contents.extension, _without_private(checked))
                written.append(recording.file.name or "")
            if words is not None:
                _write(recording.subtitles, "vtt", ContentFile(words.text.encode()))
                written.append(recording.subtitles.name or "")
            recording.save()
            _remove_later(*replaced)
    except BaseException:
        with suppress(OSError):
            _remove(*written)
        raise
    return recording


@contextmanager
def _telling_what_is_out_of_reach() -> Iterator[None]:
    """Turn what a full disk or a silent bucket raises into a ``RecordingError``."""
    try:
        yield
    except OSError as error:
        logger.exception("recordings cannot be stored")
        message = _(
            "The place where videos and sounds are kept does not answer. Nothing has been saved;"
            " please try again in a moment."
        )
        raise RecordingError(message, code="out_of_reach") from error


def _write(field: Any, extension: str, content: File) -> None:
    field.save(f"x.{extension}", content, save=False)


def _remove_later(*names: str | None) -> None:
    transaction.on_commit(partial(_remove, *names))


def _remove(*names: str | None) -> None:
    for name in filter(None, names):
        default_storage.delete(name)


class _Blanked(File):
    """A file in which some boxes read as free space full of zeros.

    Nothing moves, so what the file says about its own places stays true.
    """

    def __init__(self, file: Any, boxes: list[containers.Private]) -> None:
        super().__init__(file, "recording")
        self.boxes = boxes

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        start = 0
        for chunk in super().chunks(chunk_size):
            data = bytearray(chunk)
            for at, content, end in self.boxes:
                for place, letter in enumerate(b"free", at + 4):
                    if start <= place < start + len(data):
                        data[place - start] = letter
                first, last = max(content, start), min(end, start + len(data))
                if first < last:
                    data[first - start : last - start] = bytes(last - first)
            yield bytes(data)
            start += len(data)


def _without_private(checked: CheckedRecording) -> File:
    """The file without the place and the device it was made with."""
    return _Blanked(checked.file.file, checked.contents.private)


# --- refusals ---------------------------------------------------------------------------------


def _check_size(size: int, limit: int) -> None:
    if not size:
        raise RecordingError(_("This file is empty."), code="empty")
    if size > limit:
        message = _("This file is larger than %(limit)d MB. Export it smaller and try again.")
        raise RecordingError(message % {"limit": limit // 1024**2}, code="too_big")


def _refusal(error: containers.UnusableError) -> RecordingError:
    messages = {
        "unknown_type": _(
            "This is not a video or sound we can read. Use MP4 or WebM for video, MP3, M4A or Ogg"
            " for sound."
        ),
        "no_player": _(
            "Readers' browsers cannot play what is in this file (%(what)s). Export it as MP4 with"
            " H.264 and AAC."
        )
        % {"what": error.what},
        "broken": _("This file is damaged and cannot be opened."),
        "incomplete": _("This file is incomplete: part of it is missing. Send it again."),
    }
    return RecordingError(messages[error.code], code=error.code)
