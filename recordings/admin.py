"""Videos and sounds in the newsroom's admin. What happens to one is in ``recordings.archive``."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from core.refreshing import RefreshingAdmin
from core.refused import RefusedAdmin
from core.vietnamese import fold
from recordings.archive import FIELDS, add_recording, change_recording, delete_recording, use_count
from recordings.forms import RecordingForm
from recordings.models import Recording

# Editors have this; the permission belongs to an app above, so it is met by name only.
EDIT_EVERY_RECORDING = "articles.edit_every_article"


@admin.register(Recording)
class RecordingAdmin(RefusedAdmin, RefreshingAdmin):
    form = RecordingForm
    list_display = ("title", "kind", "shown_length", "credit", "uploaded_at")
    list_filter = ("kind",)
    list_per_page = 40
    search_fields = ("search_text",)
    search_help_text = gettext_lazy("Title, caption or credit, with or without accents")
    readonly_fields = ("player", "used_in", "uploaded_by", "uploaded_at")
    autocomplete_fields = ("poster",)
    actions = None
    show_full_result_count = False
    view_on_site = False

    # --- who may do what ----------------------------------------------------------------------

    def has_change_permission(self, request: HttpRequest, obj: Recording | None = None) -> bool:
        """Reporters change what they uploaded, editors all."""
        return super().has_change_permission(request, obj) and _is_theirs(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Recording | None = None) -> bool:
        return super().has_delete_permission(request, obj) and _is_theirs(request, obj)

    # --- the list -----------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Recording]:
        recordings = super().get_queryset(request).defer("transcript")
        # Where an article's spoken version is chosen, only sounds are offered.
        for_narration = request.GET.get("field_name") == "narration"
        if for_narration and request.path.endswith("/autocomplete/"):
            return recordings.filter(kind=Recording.Kind.AUDIO)
        return recordings

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Recording], search_term: str
    ) -> tuple[QuerySet[Recording], bool]:
        return super().get_search_results(request, queryset, fold(search_term))

    @admin.display(description=gettext_lazy("length"), ordering="duration")
    def shown_length(self, recording: Recording) -> str:
        return recording.length

    # --- one recording ------------------------------------------------------------------------

    def get_fieldsets(self, request: HttpRequest, obj: Recording | None = None) -> Any:
        subtitles = ["subtitles", "no_subtitles"] if obj and obj.subtitles else ["subtitles"]
        groups: list[tuple[Any, list[str]]] = [
            (None, [*(["player"] if obj else []), "file", "title"]),
            (gettext_lazy("For readers"), ["caption", "credit", "poster", "duration"]),
            (gettext_lazy("For those who cannot hear"), [*subtitles, "transcript"]),
        ]
        if obj:
            in_archive = ["used_in", "uploaded_by", "uploaded_at"]
            groups.append((gettext_lazy("In the archive"), in_archive))
        return [(name, {"fields": fields}) for name, fields in groups]

    @admin.display(description=gettext_lazy("recording"))
    def player(self, recording: Recording) -> SafeString:
        context = {"recording": recording}
        return render_to_string("admin/recordings/recording/_player.html", context)

    @admin.display(description=gettext_lazy("used in"))
    def used_in(self, recording: Recording) -> SafeString | str:
        articles = {use.article for use in recording.uses.select_related("article")}
        articles |= set(recording.narrated.all())
        if not articles:
            return _("No article uses this recording.")
        links = (
            (reverse("admin:articles_article_change", args=[article.pk]), article)
            for article in sorted(articles, key=lambda article: -article.pk)
        )
        items = format_html_join("", '<li><a href="{}">{}</a></li>', links)
        return format_html("<ul>{}</ul>", items)

    def save_model(
        self, request: HttpRequest, obj: Recording, form: RecordingForm, change: bool
    ) -> None:
        fields = {name: form.cleaned_data[name] for name in FIELDS if name in form.cleaned_data}
        if change:
            words = False if form.cleaned_data.get("no_subtitles") else form.words
            change_recording(obj, file=form.checked, subtitles=words, **fields)
            return
        assert form.checked is not None  # noqa: S101 - the form asks for a file
        sender = request.user if isinstance(request.user, User) else None
        recording = add_recording(form.checked, by=sender, subtitles=form.words, **fields)
        obj.__dict__.update(recording.__dict__)

    # --- deleting -----------------------------------------------------------------------------

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        recording = self.get_object(request, object_id)
        if recording and self.has_delete_permission(request, recording) and use_count(recording):
            message = _("This recording cannot be deleted: the articles listed below use it.")
            self.message_user(request, message, messages.ERROR)
            address = reverse("admin:recordings_recording_change", args=[recording.pk])
            return HttpResponseRedirect(address)
        return super().delete_view(request, object_id, extra_context)

    def delete_model(self, request: HttpRequest, obj: Recording) -> None:
        delete_recording(obj)


def _is_theirs(request: HttpRequest, recording: Recording | None) -> bool:
    if recording is None or recording.uploaded_by_id == request.user.pk:
        return True
    return request.user.has_perm(EDIT_EVERY_RECORDING)
