"""The forms of the desk: an article, its photos, and what the verbs ask for."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.admin.widgets import AdminTextInputWidget
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from articles import permissions, publishing, versions
from articles.models import Article, ArticlePhoto, ArticleRecording, RelatedLink, Tag
from categories.models import Category
from core.fields import LineFormField, TextFormField
from core.vietnamese import clean_line, slugify
from photos.models import Photo


class CategoryTreeIterator(forms.models.ModelChoiceIterator):
    """Parents in their order, each followed by its children, set in."""

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        yield from (self.choice(category) for category in in_tree_order(self.queryset))


class CategoryChoiceField(forms.ModelChoiceField):
    iterator = CategoryTreeIterator

    def label_from_instance(self, obj: Category) -> str:
        return tree_label(obj)


class CategoriesChoiceField(forms.ModelMultipleChoiceField):
    iterator = CategoryTreeIterator

    def label_from_instance(self, obj: Category) -> str:
        return tree_label(obj)


def in_tree_order(categories: Any) -> list[Category]:
    """Top-level categories in their order, each followed by its children."""
    found = list(categories)
    order = {category.pk: (category.position, category.pk) for category in found}
    return sorted(
        found,
        key=lambda category: (
            (*order.get(category.parent_id, (0, 0)), 1, category.position, category.pk)
            if category.parent_id
            else (category.position, category.pk, 0, 0, 0)
        ),
    )


def tree_label(category: Category) -> str:
    return f"— {category.name}" if category.parent_id else category.name


class ArticleForm(forms.ModelForm):
    """An article as the desk writes it. ``user`` is set by the admin."""

    user: Any = None

    opened_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    new_tags = LineFormField(
        label=_("New tags"),
        required=False,
        widget=AdminTextInputWidget,
        help_text=_(
            "Separate with commas. A word that exists already, with or without marks, is reused."
        ),
    )
    mark_revised = forms.BooleanField(
        label=_("Tell readers the time of this update"),
        required=False,
        help_text=_("Leave it off for a typo."),
    )
    translation_of = forms.ModelChoiceField(
        label=_("Same article in another language"),
        queryset=Article.objects.none(),
        required=False,
        help_text=_("Readers of each are led to the other once both are published."),
    )
    overwrite = forms.BooleanField(
        label=_("Save my text over the newer one"), required=False, widget=forms.HiddenInput
    )

    class Meta:
        model = Article
        exclude = ()  # noqa: DJ006 - the admin's fieldsets say which fields there are
        field_classes = {"category": CategoryChoiceField, "more_categories": CategoriesChoiceField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["opened_version"] = self.instance.version
        if "translation_of" in self.fields:
            field: Any = self.fields["translation_of"]
            field.queryset = permissions.readable_by(self.user)
            self.initial["translation_of"] = versions.other_versions(self.instance).first()
        if "slug" in self.fields:
            # What is typed becomes a slug; the stock field refuses “Quảng Ninh”.
            stock = self.fields["slug"]
            self.fields["slug"] = LineFormField(
                label=stock.label,
                required=False,
                help_text=stock.help_text,
                widget=AdminTextInputWidget,
            )
        for field in self.fields.values():
            # The browser would cut what is pasted without a word; the server says so instead.
            field.widget.attrs.pop("maxlength", None)
            inner: Any = getattr(field.widget, "widget", field.widget)
            inner.attrs.pop("maxlength", None)

    def clean_slug(self) -> str:
        typed = self.cleaned_data["slug"]
        if not typed:
            return ""
        if len(typed) > 120:
            raise ValidationError(
                _("At most %(limit)d characters, please (it has %(length)d)."),
                params={"limit": 120, "length": len(typed)},
            )
        slug = slugify(typed, 120)
        taken = Article.objects.filter(slug=slug).exclude(pk=self.instance.pk).first()
        if taken and slug != self.instance.slug:
            raise ValidationError(
                _("Another article has this slug: “%(headline)s”. Leave it empty or change it."),
                params={"headline": taken.headline},
            )
        return slug

    def clean_new_tags(self) -> list[str]:
        names = [clean_line(name) for name in self.cleaned_data["new_tags"].split(",")]
        for name in filter(None, names):
            if len(name) > 100:
                raise ValidationError(
                    _("A tag has at most 100 characters: “%(name)s…”"), params={"name": name[:40]}
                )
        return list(filter(None, names))

    def clean_category(self) -> Category:
        category: Category = self.cleaned_data["category"]
        moved = category.pk != self.instance.category_id
        seen = publishing.is_frozen(self.instance)
        if moved and seen and not permissions.acts_in(self.user, category.pk):
            raise ValidationError(
                _("The article is published: you cannot move it to a section you do not edit.")
            )
        return category

    def clean_translation_of(self) -> Article | None:
        other: Article | None = self.cleaned_data["translation_of"]
        language = self.cleaned_data.get("language")
        if other and language:
            this = Article(pk=self.instance.pk, language=language)
            if problem := versions.why_not_link(this, other):
                raise ValidationError(problem)
        return other

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.instance.pk is None:
            return data
        # Held until the save commits: of two saves at once, the second sees the first.
        row = Article.objects.select_for_update().filter(pk=self.instance.pk)
        current = row.values_list("version", flat=True).first()
        if data.get("opened_version") != current and not data.get("overwrite"):
            self.fields["overwrite"].widget = forms.CheckboxInput()
            raise ValidationError(self._conflict(), code="conflict")
        if publishing.is_frozen(self.instance) and not data.get("body", "-"):
            self.add_error("body", _("A published article needs a text."))
        return data

    def _conflict(self) -> str:
        log = LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(Article),
            object_id=str(self.instance.pk),
        )
        last = log.select_related("user").order_by("-action_time").first()
        who = str(last.user) if last else _("Somebody")
        when = last.action_time if last else self.instance.changed_at
        return _(
            "%(who)s saved this article at %(when)s, after you opened it. Yours is NOT saved yet;"
            " everything you typed is still below. Open the article in another tab to compare,"
            " then tick “Save my text over the newer one” at the top and save again."
        ) % {"who": who, "when": date_format(timezone.localtime(when), "H:i d/m/Y")}

    @property
    def moves_between_versions(self) -> bool:
        """Whether the save changes the language, or what the article is a translation of."""
        return bool({"language", "translation_of"} & set(self.changed_data))

    def _save_m2m(self) -> None:
        super()._save_m2m()  # type: ignore[misc]
        if self.moves_between_versions:
            versions.link(self.instance, self.cleaned_data.get("translation_of"))
        names = self.cleaned_data.get("new_tags") or []
        if names:
            self.instance.tags.add(*[find_or_make_tag(name) for name in names])


def find_or_make_tag(name: str) -> Tag:
    """The tag of that name, in English too; the same word with other marks is the same tag."""
    if english := Tag.objects.filter(name_en__iexact=name).exclude(name_en="").first():
        return english
    tag, _created = Tag.objects.get_or_create(slug=slugify(name, 120), defaults={"name": name})
    return tag


class PlacedForm(forms.ModelForm):
    """A row with a place in a list; a new row that has nothing but its place is no row."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "position" in self.fields:
            self.fields["position"].required = False  # the end of the list

    def clean_position(self) -> int:
        return self.cleaned_data["position"] or 0

    def has_changed(self) -> bool:
        changed = set(self.changed_data)
        return bool(changed if self.instance.pk else changed - {"position"})


class RelatedLinkForm(PlacedForm):
    class Meta:
        model = RelatedLink
        fields = ("target", "url", "title", "position")


class ArticleRecordingForm(PlacedForm):
    class Meta:
        model = ArticleRecording
        fields = ("recording", "position")


class ArticlePhotoForm(PlacedForm):
    class Meta:
        model = ArticlePhoto
        fields = ("photo", "position", "caption", "credit", "alt")
        widgets = {
            "caption": forms.Textarea(attrs={"rows": 2}),
            "position": forms.NumberInput(attrs={"min": 0, "class": "position"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        photo = self.instance.photo
        for name in ("caption", "credit", "alt"):
            if name in self.fields:
                self.fields[name].widget.attrs.pop("maxlength", None)
                if photo is not None:
                    self.fields[name].widget.attrs["placeholder"] = getattr(photo, name)

    def clean_photo(self) -> Photo | None:
        photo: Photo | None = self.cleaned_data["photo"]
        # An import may have words without a picture; the desk has no reason to make more of them.
        if photo is None and (self.instance.pk is None or self.instance.photo_id):
            raise ValidationError(_("Choose a photo from the archive, or add a new one with +."))
        return photo


class SubmitForm(forms.Form):
    """Nothing to ask."""


class PublishForm(forms.Form):
    """Nothing to ask: the page shows what readers will get."""


class ScheduleForm(forms.Form):
    at = forms.DateTimeField(
        label=_("Publish at"),
        help_text=_("Day before month, such as 08/09/2020 14:30 for 8 September, Hanoi time."),
        widget=forms.TextInput(
            attrs={"placeholder": "08/09/2020 14:30", "autocomplete": "off", "class": "vTextField"}
        ),
        input_formats=[
            f"{date} {time}"
            for date in ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d")
            for time in ("%H:%M", "%H:%M:%S", "%Hh%M")
        ],
        error_messages={
            "invalid": _("Type the day and the time like this: 08/09/2020 14:30 (8 September)."),
            "required": _("When? Type the day and the time like this: 08/09/2020 14:30."),
        },
    )

    def clean_at(self) -> datetime:
        at: datetime = self.cleaned_data["at"]
        if at <= timezone.now():
            raise ValidationError(_("This time has passed: choose a later one."))
        return at


class TranslateForm(forms.Form):
    """``languages``: those there is no version in yet."""

    language = forms.ChoiceField(label=_("Language"))

    def __init__(self, *args: Any, languages: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [choice for choice in settings.LANGUAGES if choice[0] in languages]
        self.fields["language"].choices = choices  # type: ignore[attr-defined]


class SendBackForm(forms.Form):
    note = TextFormField(
        label=_("What should be changed?"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
        help_text=_("Goes into the internal note, with your name and the time."),
    )


class WithdrawForm(forms.Form):
    note = LineFormField(
        label=_("Note on the withdrawal"),
        required=False,
        max_length=publishing.NOTE_LENGTH,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=_(
            "Kept with the article; readers of the old address may see it. Write it in the language"
            " of the article."
        ),
    )
