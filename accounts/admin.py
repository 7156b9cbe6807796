from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import FailedSignIn, User
from accounts.roles import role_name
from core.vietnamese import fold


class RoleFilter(admin.SimpleListFilter):
    title = _("Role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, role_name(name)) for name in Group.objects.values_list("name", flat=True)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        return queryset.filter(groups__name=self.value()) if self.value() else queryset


class RoleChoiceField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Group) -> str:
        return role_name(obj.name)


class StaffChangeForm(UserChangeForm):
    class Meta:
        model = User
        fields = "__all__"
        field_classes = {"groups": RoleChoiceField}


class StaffCreationForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("username", "name", "email", "language", "groups")
        field_classes = {"groups": RoleChoiceField}


@admin.register(User)
class StaffAdmin(UserAdmin):
    """Accounts of the newsroom. Only a superuser makes or changes superusers."""

    form = StaffChangeForm
    add_form = StaffCreationForm
    list_display = ("username", "name", "roles", "is_active", "last_login")
    list_filter = (RoleFilter, "is_active")
    show_facets = admin.ShowFacets.NEVER
    search_fields = ("username", "name")
    ordering = ("username",)
    filter_horizontal = ("user_permissions",)
    show_full_result_count = False
    actions = None
    fieldsets = (
        (None, {"fields": ("username", "password", "name", "email", "language")}),
        (_("Role"), {"fields": ("groups", "is_active")}),
    )
    superuser_fieldsets = (
        (
            _("For the technician"),
            {
                "fields": ("is_staff", "is_superuser", "user_permissions"),
                "classes": ("collapse",),
            },
        ),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": (
                    *("username", "name", "email", "language"),
                    *("usable_password", "password1", "password2", "groups"),
                ),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[User], search_term: str
    ) -> tuple[QuerySet[User], bool]:
        """Names match without Vietnamese marks; a newsroom's list is short."""
        words = fold(search_term).split()
        rows = User.objects.values_list("pk", "username", "name")
        found = [pk for pk, *row in rows if all(word in fold(" ".join(row)) for word in words)]
        return queryset.filter(pk__in=found), False

    @admin.display(description=_("Role"))
    def roles(self, user: User) -> str:
        names = [role_name(group.name) for group in user.groups.all()]
        if user.is_superuser:
            names.insert(0, str(_("Technician")))
        return ", ".join(names) or "–"

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is not None and request.user.is_superuser:
            return (*fieldsets, *self.superuser_fieldsets)
        return fieldsets

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "groups":
            kwargs["widget"] = forms.CheckboxSelectMultiple()
            kwargs["form_class"] = RoleChoiceField
            field = db_field.formfield(**kwargs)
            field.label = _("Role")
            field.help_text = ""
            return field
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "groups":  # without the pop-up to make further groups
            return self.formfield_for_manytomany(db_field, request, **kwargs)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            obj.is_staff = True  # only the newsroom has accounts
        super().save_model(request, obj, form, change)


@admin.register(FailedSignIn)
class FailedSignInAdmin(admin.ModelAdmin):
    """Wrong passwords that still count. Deleting them lets their sender try again at once."""

    list_display = ("username", "at")
    list_display_links = None
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: FailedSignIn | None = None) -> bool:
        return False
