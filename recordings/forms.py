"""What people may type and send about a recording."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from recordings.archive import FIELDS, CheckedRecording, CheckedSubtitles
from recordings.models import Recording

_ACCEPT = "video/mp4,video/webm,audio/mpeg,audio/mp4,audio/ogg,.mp4,.webm,.mp3,.m4a,.ogg,.mov"


class RecordingForm(forms.ModelForm):
    """A file and what is known about it; ``checked`` and ``words`` are the files found good."""

    checked: CheckedRecording | None = None
    words: CheckedSubtitles | None = None

    file = forms.FileField(
        label=_("File"),
        help_text=_("MP4 (H.264) or WebM for video; MP3, M4A or Ogg for sound."),
        widget=forms.FileInput(attrs={"accept": _ACCEPT}),
    )
    subtitles = forms.FileField(
        label=_("Subtitles"),
        required=False,
        help_text=_("WebVTT (.vtt) or SubRip (.srt), for viewers who cannot hear."),
        widget=forms.FileInput(attrs={"accept": ".vtt,.srt,text/vtt"}),
    )
    no_subtitles = forms.BooleanField(label=_("Remove the subtitles"), required=False)

    class Meta:
        model = Recording
        fields = FIELDS
        widgets = {
            "caption": AdminTextareaWidget(attrs={"rows": 3}),
            "transcript": AdminTextareaWidget(attrs={"rows": 8}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["file"].required = False
            self.fields["file"].label = _("Another file in its place")

    def clean_file(self) -> UploadedFile | None:
        file = self.cleaned_data["file"]
        # Without a new one, Django gives the file that is stored.
        if isinstance(file, UploadedFile):
            self.checked = CheckedRecording(file)
        return file

    def clean_subtitles(self) -> UploadedFile | None:
        file = self.cleaned_data["subtitles"]
        if isinstance(file, UploadedFile):
            self.words = CheckedSubtitles(file)
        return file

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        kind = self.checked.contents.kind if self.checked else self.instance.kind
        if self.instance.pk and kind != self.instance.kind:
            message = _("A video cannot take the place of a sound, nor a sound that of a video.")
            self.add_error("file", message)
        for name, sent in (("file", self.checked), ("subtitles", self.words)):
            if self.errors and sent and name not in self.errors:
                # Browsers do not send a file twice by themselves.
                self.add_error(name, _("This file is all right. Please choose it once more."))
        return data

    def _post_clean(self) -> None:
        """The archive's verbs write the files; the instance must keep those it has."""
        stored = (self.instance.file, self.instance.subtitles)
        super()._post_clean()  # type: ignore[misc]
        self.instance.file, self.instance.subtitles = stored
