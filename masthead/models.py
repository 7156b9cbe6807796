from copy import copy
from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from core.fields import HtmlField, LineField, TextField
from core.languages import current_language, main_language
from core.vietnamese import slugify


class MastheadQuerySet(models.QuerySet["Masthead"]):
    def on(self, day: date | None = None) -> "Masthead | None":
        """The masthead in force on ``day`` (default: today in the paper's time zone)."""
        return self.filter(valid_from__lte=day or timezone.localdate()).first()


class Masthead(models.Model):
    """The imprint the law asks for (Press Law 2016, art. 46), dated: a paper may change its name.

    The newest one whose ``valid_from`` has come is in force.
    """

    valid_from = models.DateField(_("valid from"), unique=True)
    name = LineField(_("name of the paper"), max_length=150)
    tagline = LineField(_("line under the name"), max_length=200, blank=True)
    name_en = LineField(
        _("name in English"),
        max_length=150,
        blank=True,
        help_text=_("For the English edition. Empty: the name above."),
    )
    tagline_en = LineField(_("line under the name, in English"), max_length=200, blank=True)
    governing_body = LineField(_("governing body"), max_length=300, blank=True)
    licence = LineField(
        _("licence"), max_length=300, blank=True, help_text=_("Number, date and issuing body.")
    )
    editor_in_chief = LineField(_("editor-in-chief"), max_length=150, blank=True)
    address = TextField(_("address"), blank=True, max_length=500)
    phone = LineField(_("phone"), max_length=60, blank=True)
    fax = LineField(_("fax"), max_length=60, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)

    objects = MastheadQuerySet.as_manager()

    class Meta:
        ordering = ("-valid_from",)
        verbose_name = _("masthead")
        verbose_name_plural = _("mastheads")

    def __str__(self) -> str:
        return f"{self.name} ({self.valid_from:%d/%m/%Y})"

    def in_language(self, language: str) -> "Masthead":
        """A copy, not for saving, with the names the edition in ``language`` prints."""
        shown = copy(self)
        shown.name = getattr(self, f"name_{language}", "") or self.name
        shown.tagline = getattr(self, f"tagline_{language}", "") or self.tagline
        return shown

    @property
    def missing(self) -> list[str]:
        """The fields the law asks for that are still empty, by their names for people."""
        required = ("governing_body", "licence", "editor_in_chief", "address", "phone", "email")
        return [
            str(self._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
            for name in required
            if not getattr(self, name)
        ]


class PartnerLinkQuerySet(models.QuerySet["PartnerLink"]):
    def current(self, day: date | None = None) -> Self:
        """Links shown on ``day`` (default: today in the paper's time zone)."""
        day = day or timezone.localdate()
        return self.filter(models.Q(ends_on=None) | models.Q(ends_on__gte=day))


class PartnerLink(models.Model):
    """A link in the partner box (“Liên kết website”)."""

    name = LineField(_("name"), max_length=200)
    url = models.URLField(_("address"), max_length=500)
    position = models.PositiveIntegerField(_("position"), default=100)
    ends_on = models.DateField(_("shown until"), null=True, blank=True)

    objects = PartnerLinkQuerySet.as_manager()

    class Meta:
        ordering = ("position", "id")
        verbose_name = _("partner link")
        verbose_name_plural = _("partner links")

    def __str__(self) -> str:
        return self.name


class StandingPageQuerySet(models.QuerySet["StandingPage"]):
    def published(self) -> Self:
        """Pages that readers may see, in the language of the page that is being made."""
        return self.filter(is_public=True, language=current_language())


class StandingPage(models.Model):
    """A page the paper keeps about itself: who we are, contact, terms, privacy.

    Its address stays as it was first made, so that links to it go on working.
    """

    title = LineField(_("title"), max_length=150)
    slug = models.SlugField(
        _("slug"),
        max_length=120,
        unique=True,
        blank=True,
        help_text=_("Made from the title when empty; stays as it is once the page is saved."),
    )
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, default=main_language
    )
    body = HtmlField(_("text"), blank=True)
    position = models.PositiveIntegerField(_("position"), default=100)
    is_public = models.BooleanField(_("shown to readers"), default=True)
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)

    objects = StandingPageQuerySet.as_manager()

    class Meta:
        ordering = ("position", "id")
        verbose_name = _("standing page")
        verbose_name_plural = _("standing pages")

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.slug = self.slug or slugify(self.title)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        with translation.override(self.language):
            return reverse("masthead:page", args=[self.slug])
