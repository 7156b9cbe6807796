"""Dates, numbers and addresses as readers see them."""

from datetime import date, datetime

from django import template
from django.core.paginator import Page, Paginator
from django.template.context import Context
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from articles.models import Article
from core import vietnamese
from core.addresses import absolute
from core.paging import PARAMETER
from core.vietnamese import HANOI

register = template.Library()


def _in_vietnamese() -> bool:
    return (get_language() or "vi").startswith("vi")


@register.filter
def iso(moment: datetime) -> str:
    """For machines: ``2020-09-08T11:31:41+07:00``."""
    return moment.astimezone(HANOI).isoformat(timespec="seconds")


@register.filter
def dateline(moment: datetime) -> str:
    """``Thứ 3, 08/09/2020 | 11:31:41 [GMT +7]``; ``Tuesday, 8 September 2020, 11:31 (GMT+7)``."""
    if _in_vietnamese():
        return vietnamese.dateline(moment)
    return date_format(moment.astimezone(HANOI), "l, j F Y, H:i") + " (GMT+7)"


@register.filter
def short_time(moment: datetime) -> str:
    """``09:41, 24/11/2026``; ``09:41, 24 Nov 2026``."""
    return f"{hour(moment)}, {short_date(moment)}"


@register.filter
def clock_time(moment: datetime) -> str:
    """``09:41`` today, ``23/11`` (``23 Nov``) before; only on a page that expires at midnight."""
    local = moment.astimezone(HANOI)
    today = timezone.now().astimezone(HANOI).date()
    if local.date() == today:
        return hour(moment)
    return f"{local:%d/%m}" if _in_vietnamese() else date_format(local, "j M")


@register.filter
def short_date(day: date) -> str:
    """``24/11/2026``; ``24 Nov 2026``; a moment is first taken to Hanoi."""
    local = day.astimezone(HANOI) if isinstance(day, datetime) else day
    return f"{local:%d/%m/%Y}" if _in_vietnamese() else date_format(local, "j M Y")


@register.filter
def hour(moment: datetime) -> str:
    """``09:41``."""
    return f"{moment.astimezone(HANOI):%H:%M}"


@register.filter
def long_date(day: date) -> str:
    """``Thứ Ba, ngày 24 tháng 11 năm 2026``."""
    return vietnamese.long_date(day) if _in_vietnamese() else date_format(day, "l, j F Y")


@register.filter
def month_name(day: date) -> str:
    """``tháng 11 năm 2026``."""
    return f"tháng {day.month} năm {day.year}" if _in_vietnamese() else date_format(day, "F Y")


@register.filter
def grouped(number: int) -> str:
    """``1.234``."""
    return vietnamese.format_number(number) if _in_vietnamese() else f"{number:,d}"


@register.filter
def kept_together(text: str) -> str:
    """Plain text in which ``19-NQ/TU`` and ``5 tỷ đồng`` stay on one line."""
    return vietnamese.nbsp(text)


@register.filter
def cut(text: str, length: int) -> str:
    """At most ``length`` characters, cut between syllables."""
    return vietnamese.truncate_chars(text, length)


@register.filter
def credit_line(credit: str) -> str:
    """``Ảnh: Thanh Hoa``; what already begins with the word (``Ảnh minh họa``) stays as it is."""
    line = _("Photo: %(credit)s") % {"credit": credit}
    word = line.split(":")[0].casefold()
    return credit if credit.casefold().startswith((f"{word}:", f"{word} ")) else line


# Each is said in its own language.
_READ_IN = {"vi": "Đọc bản tiếng Việt", "en": "Read in English"}
_OG_LOCALES = {"vi": "vi_VN", "en": "en_US"}


@register.filter
def read_in(version: Article) -> str:
    """``Read in English``, the words of a link to an article in another language."""
    return _READ_IN.get(version.language) or version.get_language_display()


@register.filter
def og_locale(language: str) -> str:
    """``vi_VN``, as Open Graph names languages."""
    return _OG_LOCALES.get(language, language)


@register.simple_tag(takes_context=True)
def full_address(context: Context, path: str = "") -> str:
    """The absolute address of ``path``, or of this page without its query."""
    request = context["request"]
    return absolute(request, path or request.path)


@register.simple_tag(takes_context=True)
def page_address(context: Context, page: Page | str = "") -> str:
    """The absolute address of this page, with its number when it is a later one of a list."""
    address = full_address(context)
    number = getattr(page, "number", 1)
    return f"{address}?{PARAMETER}={number}" if number > 1 else address


@register.filter
def page_numbers(paginator: Paginator, number: int) -> list[int | str]:
    """The numbers to show around page ``number``, with ``…`` for those left out."""
    return list(paginator.get_elided_page_range(number, on_each_side=2, on_ends=1))
