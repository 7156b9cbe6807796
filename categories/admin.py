from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, F, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from categories.models import Category, CategoryAddress
from core.languages import plain_path
from core.refreshing import RefreshingAdmin
from core.vietnamese import slugify


class CategoryForm(forms.ModelForm):
    class Meta:
        model = Category
        exclude = ()  # noqa: DJ006 - the admin's fieldsets say which fields there are
        widgets = {"description": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"})}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("slug") and data.get("name"):
            slug = slugify(data["name"], 120)
            if Category.objects.filter(slug=slug).exclude(pk=self.instance.pk).exists():
                self.add_error(
                    "slug", _("Another category has the slug of this name: type a different one.")
                )
            data["slug"] = slug
        return data


@admin.register(Category)
class CategoryAdmin(RefreshingAdmin):
    """The tree: every top-level category, its children under it."""

    form = CategoryForm
    list_display = ("in_tree", "position", "in_menu", "slug", "articles_in_it")
    list_editable = ("position", "in_menu")
    list_display_links = ("in_tree",)
    list_per_page = 300
    actions = None
    autocomplete_fields = ("editors",)
    fieldsets = (
        (None, {"fields": ("name", "long_name", "slug", "parent", "description")}),
        (
            _("English edition"),
            {"fields": ("name_en", "description_en"), "classes": ("collapse",)},
        ),
        (_("Menus"), {"fields": ("position", "in_menu", "also_under")}),
        (_("Staff"), {"fields": ("editors",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Category]:
        queryset = super().get_queryset(request).select_related("parent")
        name = getattr(request.resolver_match, "url_name", "") or ""
        if name.endswith("changelist"):
            return queryset.annotate(article_count=Count("articles"))
        return queryset

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        return [
            Coalesce("parent__position", "position"),
            Coalesce("parent_id", "id"),
            F("parent_id").asc(nulls_first=True),
            "position",
            "id",
        ]

    @admin.display(description=_("name"))
    def in_tree(self, category: Category) -> SafeString:
        css = "child" if category.parent_id else "parent"
        return format_html('<span class="tree-{}">{}</span>', css, category.name)

    @admin.display(description=_("articles"))
    def articles_in_it(self, category: Any) -> int:
        return category.article_count

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "parent":
            kwargs["queryset"] = Category.objects.top_level()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "also_under":
            kwargs["queryset"] = Category.objects.top_level()
            kwargs["widget"] = forms.CheckboxSelectMultiple()
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Category, form: Any, change: bool) -> None:
        """Keep every address the category and its children have answered at."""
        before = _addresses(obj.pk) if change else {}
        super().save_model(request, obj, form, change)
        keep_old_addresses(before, _addresses(obj.pk))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Say in words why a category in use stays."""
        deleted, counts, missing, protected = super().get_deleted_objects(objs, request)
        reasons = []
        for category in objs:
            articles = category.articles.count()
            children = category.children.count()
            if articles:
                reasons.append(
                    ngettext(
                        "%(n)d article is in “%(name)s”: move it to another category first.",
                        "%(n)d articles are in “%(name)s”: move them to another category first.",
                        articles,
                    )
                    % {"n": articles, "name": category.name}
                )
            if children:
                reasons.append(
                    gettext("“%(name)s” has child categories: move or delete them first.")
                    % {"name": category.name}
                )
        return deleted, counts, set() if reasons else missing, reasons or protected


def _addresses(pk: int) -> dict[int, str]:
    """The addresses of a category and of its children, without a language."""
    family = Category.objects.filter(pk=pk) | Category.objects.filter(parent=pk)
    return {
        category.pk: plain_path(category.get_absolute_url())
        for category in family.select_related("parent")
    }


def keep_old_addresses(before: dict[int, str], after: dict[int, str]) -> None:
    """Note the addresses that changed, and forget those that are in use again."""
    CategoryAddress.objects.filter(path__in=after.values()).delete()
    for pk, path in before.items():
        if after.get(pk) != path:
            CategoryAddress.objects.update_or_create(path=path, defaults={"category_id": pk})
