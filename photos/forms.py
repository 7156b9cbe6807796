"""What people may type and send about a photo."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from core.fields import LineFormField
from photos.archive import EXTENSIONS, CheckedFile
from photos.models import Photo

ACCEPT = ",".join(dict.fromkeys([*EXTENSIONS.values(), ".jpeg"]))
_KINDS = _("JPEG, PNG, WebP or AVIF. Place and camera data in it never reach readers.")

CAPTION_INPUT = AdminTextareaWidget(attrs={"rows": 3})


class PhotoAddForm(forms.ModelForm):
    """One file and what is known about it; ``checked`` is the file once it is found good."""

    DETAILS = ("caption", "credit", "alt", "rights", "taken_at")

    original = forms.FileField(
        label=_("File"), help_text=_KINDS, widget=forms.FileInput(attrs={"accept": ACCEPT})
    )

    class Meta:
        model = Photo
        fields = ("original", "caption", "credit", "alt", "rights", "taken_at")
        widgets = {"caption": CAPTION_INPUT}

    def clean_original(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["original"]
        self.checked = CheckedFile(file)
        return file


class PhotoChangeForm(forms.ModelForm):
    class Meta:
        model = Photo
        fields = ("caption", "credit", "alt", "rights", "taken_at", "focal_x", "focal_y")
        widgets = {
            "caption": CAPTION_INPUT,
            "focal_x": forms.NumberInput(attrs={"min": 0, "max": 1, "step": "any"}),
            "focal_y": forms.NumberInput(attrs={"min": 0, "max": 1, "step": "any"}),
        }

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        moved = {"focal_x", "focal_y"} & set(self.changed_data)
        original = self.instance.original
        if moved and not original.storage.exists(original.name):
            self.add_error(
                "focal_x",
                _("The original file of this photo is missing, so it cannot be cropped anew."),
            )
        return data


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class FilesField(forms.FileField):
    """One file or many; always a list."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, list | tuple) else [data]
        return [self._clean_one(file, initial) for file in files or [None]]

    def _clean_one(self, file: Any, initial: Any) -> UploadedFile:
        # An empty file is told of like any other that is refused: the rest is kept.
        if isinstance(file, UploadedFile) and not file.size:
            return file
        return super().clean(file, initial)


class UploadForm(forms.Form):
    """Several files with one credit."""

    files = FilesField(  # type: ignore[assignment]
        label=_("files"),
        help_text=_KINDS,
        widget=FilesInput(attrs={"accept": ACCEPT, "class": "photo-drop"}),
    )
    credit = LineFormField(
        label=_("credit"),
        max_length=200,
        required=False,
        help_text=_("For all of them; empty: what each file says."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    rights = LineFormField(
        label=_("rights and source"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
