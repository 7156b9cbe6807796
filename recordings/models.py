import secrets
from collections.abc import Iterable
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import LineField, TextField
from core.vietnamese import fold
from photos.models import Photo
from recordings import formats


def public_path(recording: "Recording", filename: str) -> str:
    """An address nobody can guess; of the name only the (already checked) extension stays."""
    extension = PurePath(filename).suffix.lower()
    return f"{formats.FOLDER}/{secrets.token_hex(16)}{extension}"


class Recording(models.Model):
    """A video or a sound of our own, with what is known about it.

    Made and changed by ``recordings.archive``, which looks into the files. An address names one
    file for ever: another file gets another address.
    """

    class Kind(models.TextChoices):
        VIDEO = formats.VIDEO, _("Video")
        AUDIO = formats.AUDIO, _("Audio")

    kind = models.CharField(_("kind"), max_length=5, choices=Kind, editable=False)
    title = LineField(_("title"), max_length=200)
    file = models.FileField(_("file"), upload_to=public_path, max_length=200)
    size = models.PositiveBigIntegerField(_("size in bytes"), editable=False)
    duration = models.PositiveIntegerField(
        _("length in seconds"),
        null=True,
        blank=True,
        help_text=_("Empty: as the file says."),
    )
    width = models.PositiveIntegerField(_("width"), default=0, editable=False)
    height = models.PositiveIntegerField(_("height"), default=0, editable=False)
    caption = TextField(_("caption"), blank=True, max_length=1000)
    credit = LineField(
        _("credit"),
        max_length=200,
        blank=True,
        help_text=_("Who filmed or spoke, such as “Thanh Hoa”."),
    )
    poster = models.ForeignKey(
        Photo,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="poster_of",
        verbose_name=_("poster"),
        help_text=_("The picture that readers see before they start the video."),
    )
    subtitles = models.FileField(
        _("subtitles"), upload_to=public_path, max_length=200, blank=True, default=""
    )
    transcript = TextField(
        _("transcript"),
        blank=True,
        max_length=50_000,
        help_text=_("What is said, for readers who cannot hear it."),
    )
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="recordings",
        verbose_name=_("uploaded by"),
    )
    search_text = models.TextField(editable=False, default="")

    class Meta:
        ordering = ("-uploaded_at", "-id")
        verbose_name = _("recording")
        verbose_name_plural = _("recordings")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind="audio") | models.Q(width__gt=0, height__gt=0),
                name="video_has_a_size",
            ),
        )

    def __str__(self) -> str:
        return self.title or f"#{self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with the column that is derived from this row."""
        fields: Iterable[str] | None = kwargs.get("update_fields")
        if fields is None or {"title", "caption", "credit"} & set(fields):
            self.search_text = fold(
                "\n".join(filter(None, (self.title, self.caption, self.credit)))
            )
            if fields is not None:
                kwargs["update_fields"] = {*fields, "search_text"}
        super().save(*args, **kwargs)

    @property
    def is_video(self) -> bool:
        return self.kind == self.Kind.VIDEO

    @property
    def url(self) -> str:
        """The address of the file, from the paper's root."""
        return self.file.url

    @property
    def subtitles_url(self) -> str:
        return self.subtitles.url if self.subtitles else ""

    @property
    def mime_type(self) -> str:
        """What the file is, such as ``video/mp4``."""
        return formats.content_type(self.file.name or "")

    @property
    def length(self) -> str:
        """As a clock shows it: ``3:07``, ``1:02:45``; empty when it is not known."""
        if self.duration is None:
            return ""
        return formats.clock(self.duration)

    @property
    def iso_duration(self) -> str:
        """For machines: ``PT187S``; empty when it is not known."""
        return "" if self.duration is None else f"PT{self.duration}S"
