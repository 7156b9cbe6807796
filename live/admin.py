"""Live coverages in the newsroom: making an article live, and the entries in full.

Entries are mostly written on the page of ``live.writing``.
"""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Max, Q, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from articles import permissions as article_permissions
from articles import publishing
from core.refreshing import RefreshingAdmin
from live import permissions, reporting, writing
from live.coverage import title_of
from live.forms import EventForm, FullEntryForm
from live.models import LiveEntry, LiveEvent, LivePhoto


@admin.register(LiveEvent)
class LiveEventAdmin(RefreshingAdmin):
    form = EventForm
    autocomplete_fields = ("article",)
    list_display = ("headline", "state", "last_entry", "write_link")
    list_display_links = ("headline",)
    list_select_related = ("article__category",)
    actions = None

    # --- who may do what ----------------------------------------------------------------

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("articles.add_article")

    def has_view_permission(self, request: HttpRequest, obj: LiveEvent | None = None) -> bool:
        if obj is None:
            return request.user.has_perm("articles.add_article")
        return not permissions.why_not_open(request.user, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("articles.publish_article")

    def has_change_permission(self, request: HttpRequest, obj: LiveEvent | None = None) -> bool:
        if obj is None:
            return self.has_add_permission(request)
        return permissions.is_desk(request.user, obj)

    def has_delete_permission(self, request: HttpRequest, obj: LiveEvent | None = None) -> bool:
        """Only by mistake made live: what has entries is ended."""
        return (
            obj is not None
            and self.has_change_permission(request, obj)
            and not obj.entries.exists()
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[LiveEvent]:
        seen = super().get_queryset(request).annotate(latest=Max("entries__published_at"))
        user: Any = request.user
        visible = article_permissions.visible_to(user).values("pk")
        return seen.filter(
            Q(article__in=visible) | Q(article__status="published") | Q(reporters=user)
        ).distinct()

    # --- the list -----------------------------------------------------------------------

    @admin.display(description=_("article"), ordering="article__headline")
    def headline(self, event: LiveEvent) -> str:
        return event.article.headline

    @admin.display(description=_("state"), ordering="ended_at")
    def state(self, event: LiveEvent) -> str:
        return gettext("Running") if event.is_running else gettext("Has ended")

    @admin.display(description=_("latest entry"), ordering="latest", empty_value="–")
    def last_entry(self, event: LiveEvent) -> Any:
        return getattr(event, "latest", None)

    @admin.display(description="")
    def write_link(self, event: LiveEvent) -> SafeString:
        address = reverse("admin:live_write", args=[event.pk])
        return format_html('<a class="button" href="{}">{}</a>', address, gettext("Write"))

    # --- the form -----------------------------------------------------------------------

    def get_form(
        self, request: HttpRequest, obj: LiveEvent | None = None, change: bool = False, **kw: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kw)
        form.user = request.user
        return form

    def get_readonly_fields(self, request: HttpRequest, obj: LiveEvent | None = None) -> list[str]:
        return ["article"] if obj else []

    def save_model(self, request: HttpRequest, obj: LiveEvent, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            user: Any = request.user
            publishing.record(obj.article, by=user, done="Made live")

    def response_add(
        self, request: HttpRequest, obj: LiveEvent, post_url_continue: str | None = None
    ) -> HttpResponse:
        messages.success(request, gettext("The article is live. Write its first entry."))
        return HttpResponseRedirect(reverse("admin:live_write", args=[obj.pk]))

    def get_urls(self) -> list[URLPattern]:
        return [*writing.urls(), *super().get_urls()]


class LivePhotoInline(admin.TabularInline):
    model = LivePhoto
    autocomplete_fields = ("photo",)
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    has_change_permission = has_delete_permission = has_view_permission = has_add_permission


class StatusFilter(admin.SimpleListFilter):
    title = _("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(LiveEntry.Status.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[LiveEntry]) -> QuerySet[LiveEntry]:
        return queryset.filter(status=self.value()) if self.value() else queryset


@admin.register(LiveEntry)
class LiveEntryAdmin(RefreshingAdmin):
    """Entries in full, with the rich-text editor. New ones begin on the page for writing."""

    form = FullEntryForm
    list_display = ("title", "event", "status", "byline", "published_at")
    list_display_links = ("title",)
    list_filter = (StatusFilter, ("event", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("event__article",)
    list_per_page = 50
    ordering = ("-created_at", "-id")
    fields = (
        *("opened_version", "headline", "body", "is_key", "byline", "correction", "is_update"),
        *("status", "published_at"),
    )
    readonly_fields = ("status", "published_at")
    inlines = (LivePhotoInline,)
    actions = ("approve_selected", "withdraw_selected")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("articles.add_article")

    def has_view_permission(self, request: HttpRequest, obj: LiveEntry | None = None) -> bool:
        return request.user.has_perm("articles.add_article")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: LiveEntry | None = None) -> bool:
        if obj is None:
            return self.has_view_permission(request)
        return not permissions.why_not_edit(request.user, obj)

    def has_delete_permission(self, request: HttpRequest, obj: LiveEntry | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[LiveEntry]:
        """A reporter has their own; an editor those of the articles of their sections."""
        user: Any = request.user
        entries = super().get_queryset(request)
        if user.has_perm("articles.publish_article"):
            visible = article_permissions.visible_to(user).values("pk")
            return entries.filter(Q(event__article__in=visible) | Q(created_by=user))
        return entries.filter(created_by=user)

    @admin.display(description=_("entry"))
    def title(self, entry: LiveEntry) -> str:
        return title_of(entry) if entry.published_at else entry.headline or f"#{entry.pk}"

    def save_model(
        self, request: HttpRequest, obj: LiveEntry, form: ModelForm, change: bool
    ) -> None:
        user: Any = request.user
        if "byline" in form.changed_data:
            obj.save(update_fields=["byline"])
        reporting.revise(
            obj,
            reporting.words_of(obj),
            by=user,
            version=form.cleaned_data["opened_version"],
            is_update=form.cleaned_data["is_update"],
        )

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        if object_id is not None and request.method == "POST":
            entry = self.get_object(request, unquote(object_id))
            if entry and (why_not := permissions.why_not_edit(request.user, entry)):
                raise PermissionDenied(why_not)
        response: Any = super().changeform_view(request, object_id, form_url, extra_context)
        response.policy = "editor"  # newsroom.security
        return response

    @admin.action(description=_("Publish the selected entries"))
    def approve_selected(self, request: HttpRequest, queryset: QuerySet[LiveEntry]) -> None:
        self._each(request, queryset, reporting.approve)

    @admin.action(description=_("Withdraw the selected entries"))
    def withdraw_selected(self, request: HttpRequest, queryset: QuerySet[LiveEntry]) -> None:
        self._each(request, queryset, reporting.withdraw)

    def _each(self, request: HttpRequest, queryset: QuerySet[LiveEntry], act: Any) -> None:
        done = 0
        for entry in queryset.order_by("pk"):
            try:
                act(entry, by=request.user)
                done += 1
            except PermissionDenied as error:
                messages.error(request, f"{entry}: {error}")
        if done:
            said = ngettext("%(n)d entry done.", "%(n)d entries done.", done)
            messages.success(request, said % {"n": done})


# A mark for makemessages: what is recorded.
def _messages() -> list[str]:
    return [gettext("Made live")]
