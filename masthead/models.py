from datetime import date
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.fields import LineField, TextField


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
