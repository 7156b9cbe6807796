from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.addresses import path_of
from core.fields import LineField, TextField
from core.languages import current_language, main_language, shown, translated
from core.vietnamese import slugify

# First path segments that other pages answer: no category may take one.
RESERVED_SLUGS = frozenset(
    (
        *("admin", "api", "healthz", "media", "readyz", "robots", "rss", "sitemap", "static"),
        *("en", "vi"),  # editions in other languages
        *("anh", "bao-hom-nay", "binh-luan", "cai-chinh", "chu-de", "doc", "doc-sau", "ngay"),
        *("ngoai-tuyen", "tac-gia", "tim-kiem", "toa-soan", "truc-tiep", "tu-khoa", "video"),
    )
)


class CategoryQuerySet(models.QuerySet["Category"]):
    def top_level(self) -> "CategoryQuerySet":
        return self.filter(parent=None)

    def in_menus(self) -> "CategoryQuerySet":
        return self.filter(in_menu=True)


class Category(models.Model):
    """A section of the paper, at one of two levels.

    Slugs are unique in the whole tree, so ``/rss/<slug>.rss`` needs no parent.
    """

    name = LineField(_("name"), max_length=120)
    long_name = LineField(
        _("long name"), max_length=300, blank=True, help_text=_("Shown as the section's heading.")
    )
    name_en = LineField(
        _("name in English"),
        max_length=120,
        blank=True,
        help_text=_("For the English edition. Empty: the name above."),
    )
    slug = models.SlugField(_("slug"), max_length=120, unique=True, blank=True)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("parent category"),
    )
    also_under = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        related_name="also_children",
        verbose_name=_("also listed under"),
        help_text=_("Other top-level categories whose menu lists this one too."),
    )
    description = TextField(_("description"), blank=True, max_length=500)
    description_en = TextField(_("description in English"), blank=True, max_length=500)
    position = models.PositiveIntegerField(_("position"), default=100)
    in_menu = models.BooleanField(_("shown in menus"), default=True)
    editors = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="sections",
        verbose_name=_("section editors"),
        help_text=_("Editors who may publish here. An editor named nowhere may publish anywhere."),
    )

    objects = CategoryQuerySet.as_manager()

    class Meta:
        ordering = ("position", "id")
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")), name="category_is_not_its_own_parent"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.slug = self.slug or slugify(self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        if self.parent is None:
            return path_of("categories:section", self.slug)
        return path_of("categories:subsection", self.parent.slug, self.slug)

    @property
    def shown_name(self) -> str:
        """The name in the language of the page that is being made, if it has one."""
        return shown(self, "name")

    @property
    def heading(self) -> str:
        """The long name, which is only there in the paper's own language."""
        if current_language() == main_language():
            return self.long_name or self.shown_name
        return self.shown_name

    @property
    def shown_description(self) -> str:
        """The description in the language of the page, or nothing."""
        if current_language() == main_language():
            return self.description
        return translated(self, "description")

    def clean(self) -> None:
        self.slug = self.slug or slugify(self.name)
        if self.slug in RESERVED_SLUGS:
            raise ValidationError(
                {"slug": _("“%(slug)s” is used by another page of the site.") % {"slug": self.slug}}
            )
        if self.parent is None:
            return
        if self.parent == self or self.parent.parent is not None:
            raise ValidationError(
                {"parent": _("Categories have two levels: choose a top-level category.")}
            )
        if self.pk and self.children.exists():
            raise ValidationError(
                {"parent": _("This category has children, so it must stay at the top level.")}
            )


class CategoryAddressQuerySet(models.QuerySet["CategoryAddress"]):
    def with_slug(self, slug: str) -> Self:
        """Addresses that end so, whatever the section above was; the newest first."""
        return self.filter(path__endswith=f"/{slug}/").order_by("-pk")


class CategoryAddress(models.Model):
    """A path a category once answered at; readers are sent on with 301."""

    path = models.CharField(max_length=300, unique=True)
    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="old_addresses")

    objects = CategoryAddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("former address")
        verbose_name_plural = _("former addresses")

    def __str__(self) -> str:
        return self.path
