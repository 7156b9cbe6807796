from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import LineField


class User(AbstractUser):
    """A member of the newsroom's staff. Readers have no account.

    The name is one field, written as the person writes it: Vietnamese names put the family name
    first and are never split or swapped.
    """

    class Language(models.TextChoices):
        VIETNAMESE = "vi", "Tiếng Việt"
        ENGLISH = "en", "English"

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = LineField(_("full name"), max_length=150, blank=True)
    language = models.CharField(
        _("language of the admin"),
        max_length=5,
        choices=Language,
        default=Language.VIETNAMESE,
    )

    class Meta:
        verbose_name = _("staff member")
        verbose_name_plural = _("staff members")

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        """The given name, which is the last word of a Vietnamese name."""
        return self.name.rsplit(" ", 1)[-1] if self.name else self.username


class FailedSignIn(models.Model):
    """A wrong password, kept for as long as it counts (``accounts.signing_in``)."""

    username = models.CharField(_("username"), max_length=150)
    # A keyed hash of name and network address: whose tries are counted together.
    sender = models.CharField(max_length=64, editable=False)
    at = models.DateTimeField(_("when"))

    class Meta:
        ordering = ("-at",)
        verbose_name = _("wrong password")
        verbose_name_plural = _("wrong passwords")
        indexes = (models.Index(fields=["sender", "at"], name="failed_sign_in"),)

    def __str__(self) -> str:
        return self.username
