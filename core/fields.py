"""Model fields whose text is clean on every way into the database.

``pre_save`` covers ``save()`` and ``bulk_create()``; ``get_prep_value`` covers ``update()`` and
look-ups, so a search for decomposed (NFD) text finds what was stored composed (NFC).
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.db import models
from django.utils.module_loading import import_string

from core.html import clean_html
from core.vietnamese import clean_line, clean_text


class LineFormField(forms.CharField):
    """One line of plain text; cleaned before its length is checked."""

    def to_python(self, value: Any) -> str:
        return clean_line(super().to_python(value) or "")


class TextFormField(forms.CharField):
    """Several lines of plain text; cleaned before its length is checked."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return clean_text(super().to_python(value) or "")


class HtmlFormField(forms.CharField):
    """Rich text; what is validated is what will be stored."""

    def to_python(self, value: Any) -> str:
        return clean_html(super().to_python(value) or "")


class _CleanedField(models.Field):
    """A text column that passes every value through ``clean`` on its way to the database."""

    clean_value: Callable[[str], str]

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return self.clean_value(value) if isinstance(value, str) else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = super().pre_save(model_instance, add)
        if isinstance(value, str):
            value = self.clean_value(value)
            setattr(model_instance, self.attname, value)
        return value


class LineField(_CleanedField, models.CharField):
    """One line of plain text, NFC, without control or direction characters."""

    clean_value = staticmethod(clean_line)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": LineFormField, **kwargs})


class TextField(_CleanedField, models.TextField):
    """Plain text of several lines, NFC, without control or direction characters."""

    clean_value = staticmethod(clean_text)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": TextFormField, **kwargs})


class HtmlField(_CleanedField, models.TextField):
    """Rich text, sanitised by the allow-list of ``core.html`` whatever wrote it.

    Migrations name this field only; the editor behind it is ``settings.EDITOR_WIDGET``.
    """

    clean_value = staticmethod(clean_html)

    def formfield(self, **kwargs: Any) -> Any:
        widget = import_string(settings.EDITOR_WIDGET)
        # Not merely a default: the admin asks for its own textarea for every TextField.
        return super().formfield(**{**kwargs, "form_class": HtmlFormField, "widget": widget})
