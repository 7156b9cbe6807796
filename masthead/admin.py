from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.editor import EditorWidget
from core.refreshing import RefreshingAdmin
from core.vietnamese import slugify
from masthead.models import Masthead, PartnerLink, StandingPage


@admin.register(Masthead)
class MastheadAdmin(RefreshingAdmin):
    list_display = ("name", "valid_from", "in_force", "editor_in_chief")
    actions = None
    save_as = True
    fieldsets = (
        (None, {"fields": ("valid_from", "name", "tagline", "name_en", "tagline_en")}),
        (
            _("What the Press Law asks for"),
            {
                "fields": (
                    *("governing_body", "licence", "editor_in_chief"),
                    *("address", "phone", "fax", "email"),
                ),
                "description": _("Readers find it at the foot of every page."),
            },
        ),
    )

    @admin.display(description=_("in force"), boolean=True)
    def in_force(self, masthead: Masthead) -> bool:
        later = Masthead.objects.filter(
            valid_from__gt=masthead.valid_from, valid_from__lte=timezone.localdate()
        )
        return masthead.valid_from <= timezone.localdate() and not later.exists()

    def save_model(self, request: HttpRequest, obj: Masthead, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if obj.missing:
            text = gettext("Still empty, but asked for by law: %s.") % ", ".join(obj.missing)
            messages.warning(request, text)


@admin.register(PartnerLink)
class PartnerLinkAdmin(RefreshingAdmin):
    list_display = ("name", "url", "position", "ends_on", "shown")
    list_editable = ("position",)
    fields = ("name", "url", "position", "ends_on")
    actions = None

    @admin.display(description=_("shown now"), boolean=True)
    def shown(self, link: PartnerLink) -> bool:
        return link.ends_on is None or link.ends_on >= timezone.localdate()


class StandingPageForm(forms.ModelForm):
    class Meta:
        model = StandingPage
        fields = ("title", "slug", "language", "body", "position", "is_public")
        widgets = {"body": EditorWidget}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.instance.pk is None and data.get("title"):
            slug = data.get("slug") or slugify(data["title"], 120)
            if StandingPage.objects.filter(slug=slug).exists():
                self.add_error("slug", gettext("Another page has this address: type another."))
            data["slug"] = slug
        return data


@admin.register(StandingPage)
class StandingPageAdmin(RefreshingAdmin):
    form = StandingPageForm
    list_display = ("title", "language", "position", "is_public", "changed_at")
    list_editable = ("position",)
    actions = None

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("slug",) if obj else ()

    def view_on_site(self, obj: StandingPage) -> str:
        return obj.get_absolute_url()

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().changeform_view(request, *args, **kwargs)
        response.policy = "editor"  # newsroom.security
        return response
