from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django import template
from django.db.models import DateField, Value
from django.http import HttpRequest
from django.template.context import Context
from django.utils import timezone
from django.utils.translation import gettext as _

from core import page_tags
from core.languages import current_language
from masthead.models import Masthead, PartnerLink, StandingPage

register = template.Library()


@register.simple_tag(takes_context=True)
def masthead(context: Context) -> Masthead:
    """The masthead in force today; a nameless paper gets a neutral one."""
    return current_masthead(context["request"])


def current_masthead(request: HttpRequest) -> Masthead:
    """Read once a request, with the day on which the next one comes into force noted.

    Its names are those of the edition.
    """
    known: Masthead | None = getattr(request, "masthead", None)
    if known is None:
        page_tags.tag(request, "masthead")
        today = timezone.localdate()
        all_of_them = list(Masthead.objects.all())
        known = next((one for one in all_of_them if one.valid_from <= today), None)
        known = known or Masthead(name=_("The newspaper"), valid_from=today)
        _changes_on(request, (one.valid_from for one in all_of_them if one.valid_from > today))
        known = known.in_language(current_language())
        request.masthead = known  # type: ignore[attr-defined]
    return known


@register.simple_tag
def edition_name(masthead: Masthead, language: str) -> str:
    """The paper's name in an edition."""
    return masthead.in_language(language).name


@dataclass
class Foot:
    """What the foot of every page links to."""

    partners: list[PartnerLink] = field(default_factory=list)
    pages: list[StandingPage] = field(default_factory=list)


@register.simple_tag(takes_context=True)
def foot(context: Context) -> Foot:
    """The partner links shown today and the standing pages of this language, in one query."""
    request = context["request"]
    page_tags.tag(request, "partners", "standing_pages")
    nothing = Value(None, output_field=DateField())
    pages = StandingPage.objects.published().order_by()
    partners = PartnerLink.objects.current().order_by()
    rows = partners.values_list(Value(True), "position", "pk", "name", "url", "ends_on").union(
        pages.values_list(Value(False), "position", "pk", "title", "slug", nothing), all=True
    )
    foot = Foot()
    for is_partner, _position, _pk, name, address, ends_on in sorted(
        rows, key=lambda row: row[1:3]
    ):
        if is_partner:
            foot.partners.append(PartnerLink(name=name, url=address, ends_on=ends_on))
        else:
            foot.pages.append(StandingPage(title=name, slug=address, language=current_language()))
    ends = (link.ends_on for link in foot.partners)
    _changes_on(request, (day + timedelta(days=1) for day in ends if day))
    return foot


def _changes_on(request: HttpRequest, days: Iterable[date]) -> None:
    for day in days:
        midnight = timezone.make_aware(datetime.combine(day, time.min))
        page_tags.expires_at(request, midnight)
