"""What people type and send about a live coverage."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from articles import permissions
from core.fields import LineFormField, TextFormField
from live.models import LiveEntry, LiveEvent
from live.plain import to_html, to_text
from live.reporting import Words
from photos.archive import CheckedFile
from photos.forms import FilesField, FilesInput
from photos.models import Photo

TEXT_LENGTH = 5000
MOST_PHOTOS = 10
# Kinds, not endings: phones then offer the camera, and turn their own formats into one of these.
PHOTO_KINDS = "image/jpeg,image/png,image/webp,image/avif"


class EntryForm(forms.Form):
    """An entry in plain text, as it is written on a phone; ``entry`` when it is changed."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    headline = LineFormField(label=_("Headline (not needed)"), max_length=250, required=False)
    text = TextFormField(
        label=_("What happens?"),
        max_length=TEXT_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "autocapitalize": "sentences"}),
    )
    photos = FilesField(
        label=_("Photos"), required=False, widget=FilesInput(attrs={"accept": PHOTO_KINDS})
    )
    caption = TextFormField(
        label=_("Caption of the photos"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    credit = LineFormField(label=_("Photo by"), max_length=200, required=False)
    alt = LineFormField(
        label=_("What the photo shows, for those who cannot see it"), max_length=300, required=False
    )
    is_key = forms.BooleanField(label=_("Key entry"), required=False)
    correction = TextFormField(
        label=_("Correction, shown to readers"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    is_update = forms.BooleanField(
        label=_("Tell readers when it was changed"), required=False, initial=True
    )
    without: Any = forms.ModelMultipleChoiceField(
        queryset=Photo.objects.none(),
        required=False,
        label=_("Take these photos out"),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, data: Any = None, files: Any = None, *, entry: LiveEntry | None = None, user: Any
    ) -> None:
        self.entry = entry
        initial: dict[str, Any] = {"token": uuid.uuid4(), "credit": _name(user)}
        if entry is not None:
            initial |= {
                "token": entry.token,
                "version": entry.version,
                "headline": entry.headline,
                "text": to_text(entry.body) or "",
                "is_key": entry.is_key,
                "correction": entry.correction,
            }
        super().__init__(data, files, initial=initial)
        photos: Any = self.fields["without"]
        if entry is not None:
            photos.queryset = entry.photos.order_by("pk")
        published = entry is not None and entry.published_at is not None
        for name in ("correction", "is_update") if not published else ():
            del self.fields[name]
        if entry is None or not photos.queryset.exists():
            del self.fields["without"]

    def clean_photos(self) -> list[CheckedFile]:
        files = [file for file in self.cleaned_data["photos"] if file]
        if len(files) > MOST_PHOTOS:
            raise forms.ValidationError(
                _("At most %(most)d photos an entry.") % {"most": MOST_PHOTOS}
            )
        return [CheckedFile(file) for file in files]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        said = ("headline", "text", "photos")
        kept = self.entry is not None and self.entry.uses.count() > len(data.get("without") or ())
        if not self.errors and not kept and not any(data.get(name) for name in said):
            self.add_error("text", _("Write something or add a photo."))
        return data

    @property
    def words(self) -> Words:
        data = self.cleaned_data
        return Words(
            headline=data["headline"],
            body=to_html(data["text"]),
            is_key=data["is_key"],
            correction=data.get("correction", self.entry.correction if self.entry else ""),
        )

    @property
    def photo_words(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("caption", "credit", "alt")}


class FullEntryForm(forms.ModelForm):
    """An entry with all it may have, in the admin."""

    opened_version = forms.IntegerField(widget=forms.HiddenInput)
    is_update = forms.BooleanField(label=_("Tell readers when it was changed"), required=False)

    class Meta:
        model = LiveEntry
        fields = ("headline", "body", "is_key", "byline", "correction")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["opened_version"] = self.instance.version

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.instance.version != data.get("opened_version"):
            # Saved again, it stands: the writer has been told.
            self.data = self.data.copy()  # type: ignore[attr-defined]
            self.data["opened_version"] = str(self.instance.version)  # type: ignore[index]
            raise forms.ValidationError(
                _("Somebody else has changed this entry meanwhile. Look at it, then save again.")
            )
        return data


class SummaryForm(forms.Form):
    """The points above the entries, one a line."""

    summary = TextFormField(
        label=_("In short, one point a line"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ReportersField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple


class EventForm(forms.ModelForm):
    """Makes an article live, or changes how."""

    user: Any = None

    class Meta:
        model = LiveEvent
        fields = ("article", "started_at", "summary", "oldest_first", "reporters")
        field_classes = {"reporters": ReportersField}
        widgets = {"summary": forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "reporters" in self.fields:
            writers = User.objects.filter(is_active=True, is_staff=True)
            self.fields["reporters"].queryset = writers.order_by("name", "username")  # type: ignore[attr-defined]

    def clean_article(self) -> Any:
        article = self.cleaned_data["article"]
        if why_not := permissions.why_not_publish(self.user, article):
            raise forms.ValidationError(why_not)
        return article


def _name(user: Any) -> str:
    author = getattr(user, "author", None)
    return author.name if author else str(user)
