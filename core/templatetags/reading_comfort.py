from django import template
from django.utils.safestring import SafeString, mark_safe

from core.reading_comfort import INLINE_SCRIPT

register = template.Library()


@register.simple_tag
def reading_comfort_script() -> SafeString:
    """The script that applies the reader's own size and theme before anything is painted."""
    return mark_safe(f"<script>{INLINE_SCRIPT}</script>")  # noqa: S308 - a constant of ours
