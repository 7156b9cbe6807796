from django import template
from django.conf import settings
from django.template.defaultfilters import floatformat
from django.urls import reverse

register = template.Library()


@register.simple_tag
def offline_reading() -> dict[str, str] | None:
    """The addresses of manifest and worker, which all editions share; None when it is off."""
    if not settings.OFFLINE_READING:
        return None
    return {
        "manifest": reverse("offline_machines:manifest"),
        "worker": reverse("offline_machines:worker"),
    }


@register.filter
def weight(number: int) -> str:
    """Bytes as readers know them: ``3,4 MB``."""
    return f"{floatformat(max(number / 1_000_000, 0.1), 1)} MB"
