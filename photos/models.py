import re
import uuid
from collections.abc import Iterable
from pathlib import PurePath
from typing import Any, Self

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import LineField, TextField
from core.finding import WordIndex, words_of


def original_storage() -> Storage:
    """Originals hold GPS and other metadata: they live outside everything that is served."""
    return storages["originals"]


def original_path(photo: "Photo", filename: str) -> str:
    """A name of our own; of the sender's only the (already checked) extension stays."""
    return f"{uuid.uuid4().hex}{PurePath(filename).suffix.lower()}"


PHOTO_WORDS = WordIndex("photos_photo", "search_text")
# IMG_5021 and DSC5021 are found by their number, too.
_PART_OF_NAME = re.compile(r"[^\W\d_]+|\d+")


def photo_words(caption: str, credit: str, alt: str, file_name: str) -> str:
    """The words that a photo is found by."""
    parts = " ".join(_PART_OF_NAME.findall(file_name))
    return words_of("\n".join((caption, credit, alt, file_name, parts)))


# Where a photo may stand, as reverse relations of the apps above: articles, their texts, entries of
# live coverages, portraits, and pictures over videos.
USES = ("uses", "text_uses", "live_uses", "portrait_of", "poster_of")


class PhotoQuerySet(models.QuerySet["Photo"]):
    def in_use(self) -> Self:
        """Photos that stand anywhere, be it in a draft."""
        return self.filter(_used())

    def unused(self) -> Self:
        return self.filter(~_used())


def _used() -> models.Q:
    used = models.Q()
    for name in USES:
        standing = Photo.objects.filter(pk=models.OuterRef("pk"), **{f"{name}__isnull": False})
        used |= models.Q(models.Exists(standing))
    return used


class Photo(models.Model):
    """One picture in the archive: the untouched original and what is known about it.

    Readers never get the original, only the renditions of ``photos.renditions``, whose public
    address contains ``key``: unguessable, and new whenever the picture or its crop changes.
    """

    original = models.FileField(
        _("file"), storage=original_storage, upload_to=original_path, max_length=200
    )
    original_name = LineField(_("file name"), max_length=200, blank=True, editable=False)
    checksum = models.CharField(max_length=64, unique=True, editable=False)
    key = models.CharField(max_length=32, unique=True, editable=False)
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)
    caption = TextField(_("caption"), blank=True, max_length=1000)
    credit = LineField(
        _("credit"),
        max_length=200,
        blank=True,
        help_text=_("The photographer or agency, without “Photo:”."),
    )
    alt = LineField(
        _("alternative text"),
        max_length=300,
        blank=True,
        help_text=_("What the picture shows, for readers who cannot see it."),
    )
    focal_x = models.FloatField(
        _("focal point, from the left (0–1)"),
        default=0.5,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
    )
    focal_y = models.FloatField(
        _("focal point, from the top (0–1)"),
        default=0.5,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
    )
    rights = LineField(_("rights and source"), max_length=300, blank=True)
    taken_at = models.DateTimeField(_("taken at"), null=True, blank=True)
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="photos",
        verbose_name=_("uploaded by"),
    )
    search_text = models.TextField(editable=False, default="")

    objects = PhotoQuerySet.as_manager()

    class Meta:
        ordering = ("-uploaded_at", "-id")
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        indexes = (models.Index(fields=["-uploaded_at", "-id"], name="photo_order"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(width__gt=0, height__gt=0), name="photo_has_a_size"
            ),
        )

    # Whether ``archive.add_photo`` made this one or found it there.
    is_new = False

    def __str__(self) -> str:
        return self.caption or self.original_name or f"#{self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with the column that is derived from this row."""
        fields: Iterable[str] | None = kwargs.get("update_fields")
        if fields is None or {"caption", "credit", "alt", "original_name"} & set(fields):
            self.search_text = photo_words(self.caption, self.credit, self.alt, self.original_name)
            if fields is not None:
                kwargs["update_fields"] = {*fields, "search_text"}
        super().save(*args, **kwargs)

    @property
    def places(self) -> list[models.Model]:
        """All that shows it: articles in every state, live entries, authors and recordings."""
        articles = {use.article for use in self.uses.select_related("article")}
        articles |= {use.article for use in self.text_uses.select_related("article")}
        return [
            *sorted(articles, key=lambda article: -article.pk),
            *(use.entry for use in self.live_uses.select_related("entry").order_by("-entry_id")),
            *self.portrait_of.all(),
            *self.poster_of.all(),
        ]
