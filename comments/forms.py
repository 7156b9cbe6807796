"""What a reader may send."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from articles.models import Article
from comments.models import Comment
from core.fields import LineFormField, TextFormField


class CommentForm(forms.Form):
    """A comment under ``article``; lengths count NFC characters, as a reader counts letters."""

    text = TextFormField(
        label=_("Your comment"),
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Please write something.")},
    )
    name = LineFormField(
        label=_("Your name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Please give your name.")},
    )
    email = forms.EmailField(
        label=_("E-mail (not shown)"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _("This is no e-mail address. Correct it, or leave it empty.")},
        help_text=_("Only for the newsroom, should it need to reach you."),
    )
    parent = forms.ModelChoiceField(
        queryset=Comment.objects.none(),
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": _("The comment you reply to is no longer here.")},
    )
    # A field that people do not see and robots fill in.
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1"}))

    def __init__(self, *args: Any, article: Article, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "comment-%s"
        self.article = article
        parents = Comment.objects.approved().filter(article=article, parent=None)
        cast(forms.ModelChoiceField, self.fields["parent"]).queryset = parents
        for name in self.errors if self.is_bound else ():
            if name in self.fields:
                widget = self.fields[name].widget
                widget.attrs |= {
                    "aria-invalid": "true",
                    "aria-describedby": f"comment-{name}-error",
                }

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        limit: int = settings.COMMENT_MAX_LENGTH
        if len(text) > limit:
            raise forms.ValidationError(
                ngettext_lazy(
                    "Your comment is %(over)d character over the limit of %(limit)d.",
                    "Your comment is %(over)d characters over the limit of %(limit)d.",
                    "over",
                ),
                params={"over": len(text) - limit, "limit": limit},
                code="max_length",
            )
        return text

    @property
    def is_trapped(self) -> bool:
        """Whether the hidden field was filled in, which people cannot do."""
        return bool(self.data.get("website"))
