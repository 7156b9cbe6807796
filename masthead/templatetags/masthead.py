from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django import template
from django.http import HttpRequest
from django.template.context import Context
from django.utils import timezone
from django.utils.translation import gettext as _

from core import page_tags
from masthead.models import Masthead, PartnerLink

register = template.Library()


@register.simple_tag(takes_context=True)
def masthead(context: Context) -> Masthead:
    """The masthead in force today; a nameless paper gets a neutral one."""
    return current_masthead(context["request"])


def current_masthead(request: HttpRequest) -> Masthead:
    """Read once a request, with the day on which the next one comes into force noted."""
    known: Masthead | None = getattr(request, "masthead", None)
    if known is None:
        page_tags.tag(request, "masthead")
        today = timezone.localdate()
        all_of_them = list(Masthead.objects.all())
        known = next((one for one in all_of_them if one.valid_from <= today), None)
        known = known or Masthead(name=_("The newspaper"), valid_from=today)
        _changes_on(request, (one.valid_from for one in all_of_them if one.valid_from > today))
        request.masthead = known  # type: ignore[attr-defined]
    return known


@register.simple_tag(takes_context=True)
def partner_links(context: Context) -> list[PartnerLink]:
    """The partner links shown today."""
    request = context["request"]
    page_tags.tag(request, "partners")
    links = list(PartnerLink.objects.current())
    _changes_on(request, (link.ends_on + timedelta(days=1) for link in links if link.ends_on))
    return links


def _changes_on(request: HttpRequest, days: Iterable[date]) -> None:
    for day in days:
        midnight = timezone.make_aware(datetime.combine(day, time.min))
        page_tags.expires_at(request, midnight)
