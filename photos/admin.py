"""The photo archive in the newsroom's admin. What happens to a photo is in ``photos.archive``."""

import re
from collections import Counter
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count, Exists, Min, Model, OuterRef, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from core.converters import as_number
from core.finding import FoundByWords
from core.refreshing import RefreshingAdmin
from core.refused import RefusedAdmin
from photos import renditions
from photos.archive import FIELDS, PhotoError, add_photo, change_photo, delete_photo, refusal
from photos.forms import PhotoAddForm, PhotoChangeForm, UploadForm
from photos.models import PHOTO_WORDS, USES, Photo

THUMBNAIL_WIDTH = 320
# Editors have this; the permission belongs to an app above, so it is met by name only.
EDIT_EVERY_PHOTO = "articles.edit_every_article"


class UsedFilter(admin.SimpleListFilter):
    title = gettext_lazy("used")
    parameter_name = "used"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", _("Used")), ("no", _("Not used"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Photo]) -> QuerySet[Photo]:
        choices = {"yes": queryset.in_use, "no": queryset.unused}  # type: ignore[attr-defined]
        chosen = choices.get(self.value() or "")
        return chosen() if chosen else queryset


class UploaderFilter(admin.SimpleListFilter):
    """Who has photos is asked of each person, not of each photo."""

    title = gettext_lazy("uploaded by")
    parameter_name = "uploaded_by"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        theirs = Photo.objects.filter(uploaded_by=OuterRef("pk"))
        return [(str(user.pk), str(user)) for user in User.objects.filter(Exists(theirs))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Photo]) -> QuerySet[Photo]:
        person = as_number(self.value())
        return queryset if person is None else queryset.filter(uploaded_by=person)


class MonthFilter(admin.SimpleListFilter):
    """The years since the first photo; those of the chosen one are followed by its months."""

    title = gettext_lazy("uploaded in")
    parameter_name = "uploaded_in"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        first = Photo.objects.aggregate(at=Min("uploaded_at"))["at"]
        if first is None:
            return []
        found: list[tuple[str, str]] = []
        for year in range(timezone.localdate().year, timezone.localdate(first).year - 1, -1):
            found.append((str(year), str(year)))
            if (self.value() or "")[:4] == str(year):
                found += [
                    (f"{year}-{month:02}", f"{month:02}/{year}") for month in range(12, 0, -1)
                ]
        return found

    def queryset(self, request: HttpRequest, queryset: QuerySet[Photo]) -> QuerySet[Photo]:
        chosen = re.fullmatch(r"([12]\d{3})(?:-(0[1-9]|1[0-2]))?", self.value() or "")
        if not chosen:
            return queryset
        year, month = int(chosen[1]), int(chosen[2] or 0)
        start = datetime(year, month or 1, 1)
        end = datetime(year, month + 1, 1) if 0 < month < 12 else datetime(year + 1, 1, 1)
        since, until = timezone.make_aware(start), timezone.make_aware(end)
        return queryset.filter(uploaded_at__gte=since, uploaded_at__lt=until)


class PhotoList(ChangeList):
    """Counts the uses of the photos of one page only."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        listed = Photo.objects.filter(pk__in=[photo.pk for photo in self.result_list]).order_by()
        uses: Counter[int] = Counter()
        for name in USES:
            # Each by itself: joined, the rows of one would multiply those of the others.
            uses.update(dict(listed.annotate(n=Count(name)).values_list("pk", "n")))
        for photo in self.result_list:
            photo.count_of_uses = uses[photo.pk]


@admin.register(Photo)
class PhotoAdmin(FoundByWords, RefusedAdmin, RefreshingAdmin):
    list_display = ("thumbnail", "title", "credit", "use_count", "uploaded_at")
    list_display_links = ("thumbnail", "title")
    list_filter = (UsedFilter, UploaderFilter, MonthFilter)
    list_per_page = 40
    search_fields = ("search_text",)
    search_help_text = gettext_lazy(
        "Whole words of the caption, credit, alternative text or file name, with or without marks;"
        " if nothing has them, the last may be the beginning of one. The newest come first."
    )
    word_index = PHOTO_WORDS
    readonly_fields = ("picture", "original_file", "size", "uploaded_by", "uploaded_at", "used_in")
    add_fieldsets = (
        (None, {"fields": ("original",)}),
        (
            gettext_lazy("What is known about it"),
            {
                "fields": ("caption", "credit", "alt", "rights", "taken_at"),
                "description": gettext_lazy(
                    "What you leave empty is filled in from the file, if the photographer put it"
                    " there."
                ),
            },
        ),
    )
    fieldsets = (
        (gettext_lazy("Picture"), {"fields": ("picture", ("focal_x", "focal_y"))}),
        (gettext_lazy("For readers"), {"fields": ("caption", "credit", "alt")}),
        (gettext_lazy("Rights and origin"), {"fields": ("rights", "taken_at")}),
        (
            gettext_lazy("In the archive"),
            {"fields": ("used_in", "original_file", "size", "uploaded_by", "uploaded_at")},
        ),
    )

    class Media:
        css = {"all": ("photos-admin/photos.css",)}
        js = ("photos-admin/focal.js",)

    # --- who may do what ----------------------------------------------------------------------

    def has_change_permission(self, request: HttpRequest, obj: Photo | None = None) -> bool:
        """Reporters change the photos they uploaded, editors all."""
        return super().has_change_permission(request, obj) and _is_theirs(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Photo | None = None) -> bool:
        return super().has_delete_permission(request, obj) and _is_theirs(request, obj)

    # --- the list -----------------------------------------------------------------------------

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return PhotoList

    @admin.display(description=gettext_lazy("picture"))
    def thumbnail(self, photo: Photo) -> SafeString:
        source = renditions.sources(photo, "3:2")[0]
        return format_html(
            '<img class="photo-thumbnail" src="{}" width="{}" height="{}" alt="{}" loading="lazy">',
            source.jpeg,
            source.width,
            source.height,
            _("Photo %(number)d") % {"number": photo.pk},
        )

    @admin.display(description=gettext_lazy("caption"), ordering="caption")
    def title(self, photo: Photo) -> str:
        return Truncator(str(photo)).chars(140)

    @admin.display(description=gettext_lazy("uses"))
    def use_count(self, photo: Photo) -> int:
        return int(getattr(photo, "count_of_uses", 0))

    # --- one photo ----------------------------------------------------------------------------

    def get_form(
        self, request: HttpRequest, obj: Photo | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = PhotoChangeForm if obj else PhotoAddForm
        return super().get_form(request, obj, change, **{"form": form, **kwargs})

    def get_fieldsets(self, request: HttpRequest, obj: Photo | None = None) -> Any:
        return self.fieldsets if obj else self.add_fieldsets

    @admin.display(description=gettext_lazy("picture"))
    def picture(self, photo: Photo) -> SafeString:
        context = {"photo": photo, "source": renditions.sources(photo)[-1]}
        return render_to_string("admin/photos/photo/_focal.html", context)

    @admin.display(description=gettext_lazy("original"))
    def original_file(self, photo: Photo) -> SafeString:
        address = reverse("admin:photos_photo_original", args=[photo.pk])
        return format_html('<a href="{}">{}</a>', address, photo.original_name or _("Download"))

    @admin.display(description=gettext_lazy("size in pixels"))
    def size(self, photo: Photo) -> str:
        return f"{photo.width} × {photo.height}"

    @admin.display(description=gettext_lazy("used in"))
    def used_in(self, photo: Photo) -> SafeString | str:
        places = photo.places
        if not places:
            return _("Nothing uses this photo.")
        items = format_html_join("", "<li>{}</li>", _links(places))
        return format_html('<ul class="photo-uses">{}</ul>', items)

    def save_model(self, request: HttpRequest, obj: Photo, form: Any, change: bool) -> None:
        if change:
            change_photo(obj, **{name: form.cleaned_data[name] for name in FIELDS})
            return
        details = {name: form.cleaned_data[name] for name in PhotoAddForm.DETAILS}
        photo = add_photo(form.checked, by=_sender(request), **details)
        obj.__dict__.update(photo.__dict__)
        if not photo.is_new:
            self.message_user(request, _already_there(), messages.WARNING)

    def log_addition(self, request: HttpRequest, obj: Photo, message: Any) -> Any:
        return super().log_addition(request, obj, message) if obj.is_new else None

    def response_add(
        self, request: HttpRequest, obj: Photo, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Go on to the photo's page: there is the focal point, and what the file told."""
        if IS_POPUP_VAR not in request.POST and "_addanother" not in request.POST:
            answers = request.POST.copy()
            answers["_continue"] = "1"
            request.POST = answers  # type: ignore[assignment]
        return super().response_add(request, obj, post_url_continue)

    # --- deleting -----------------------------------------------------------------------------

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        photo = self.get_object(request, object_id)
        if photo and self.has_delete_permission(request, photo) and (places := photo.places):
            self.message_user(request, refusal(places), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:photos_photo_change", args=[photo.pk]))
        return super().delete_view(request, object_id, extra_context)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Say of each photo in use where it stands; then none of those chosen is deleted."""
        deleted, counts, missing, protected = super().get_deleted_objects(objs, request)
        used = Photo.objects.in_use().filter(pk__in=[photo.pk for photo in objs])
        reasons = [
            format_html("“{}”: {}", photo, format_html_join(", ", "{}", _links(photo.places)))
            for photo in used
        ]
        return deleted, counts, set() if reasons else missing, reasons or protected

    def delete_model(self, request: HttpRequest, obj: Photo) -> None:
        delete_photo(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Photo]) -> None:
        for photo in queryset:
            delete_photo(photo)

    # --- pages of our own ---------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("upload/", wrap(self.upload_view), name="photos_photo_upload"),
            path(
                "<number:photo_id>/original/",
                wrap(self.original_view),
                name="photos_photo_original",
            ),
            *super().get_urls(),
        ]

    def upload_view(self, request: HttpRequest) -> HttpResponse:
        """Several photos at once: the good ones are kept, each other one says why it is not."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None)
        results = []
        if request.method == "POST" and form.is_valid():
            details = {name: form.cleaned_data[name] for name in ("credit", "rights")}
            results = [
                self._upload_one(request, file, details) for file in form.cleaned_data["files"]
            ]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Upload several photos"),
            "opts": self.opts,
            "form": form,
            "results": results,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/photos/photo/upload.html", context)

    def _upload_one(
        self, request: HttpRequest, file: UploadedFile, details: dict[str, str]
    ) -> dict[str, Any]:
        try:
            photo = add_photo(file, by=_sender(request), **details)
        except PhotoError as error:
            return {"name": file.name, "error": error.messages[0]}
        if photo.is_new:
            self.log_addition(request, photo, [{"added": {}}])
        return {"name": file.name, "photo": photo, "note": "" if photo.is_new else _already_there()}

    def original_view(self, request: HttpRequest, photo_id: int) -> FileResponse:
        """The file as it was sent, metadata and all: for staff, as a download, kept nowhere."""
        photo = self.get_object(request, str(photo_id))
        if photo is None:
            raise Http404
        if not self.has_view_permission(request, photo):
            raise PermissionDenied
        try:
            # It asks for the file's length, too.
            response = FileResponse(
                photo.original.open("rb"),
                as_attachment=True,
                filename=photo.original_name or photo.original.name,
                content_type="application/octet-stream",
            )
        except OSError as error:
            raise Http404 from error
        response["Cache-Control"] = "private, no-store"
        return response


def _is_theirs(request: HttpRequest, photo: Photo | None) -> bool:
    if photo is None or photo.uploaded_by_id == request.user.pk:
        return True
    return request.user.has_perm(EDIT_EVERY_PHOTO)


def _links(places: list[Model]) -> list[tuple[SafeString]]:
    return [(_link(place),) for place in places]


def _link(place: Model) -> SafeString:
    """What a photo stands in, and the way to its page in the admin."""
    meta = place._meta
    address = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[place.pk])
    return format_html('{} <a href="{}">{}</a>', meta.verbose_name, address, place)


def _sender(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _already_there() -> str:
    return _("This file was already in the archive; what is known about it there was kept.")
