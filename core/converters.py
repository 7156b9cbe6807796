"""Numbers and days in addresses, none larger than the database and the calendar can take.

Django's own ``int`` takes any number of digits. An address with more is simply not one of ours.
"""

import re
from datetime import date

from django.urls import register_converter

_NUMBER = re.compile("[0-9]{1,18}")


def as_number(text: object) -> int | None:
    """The number of a row as somebody sent it; None when it is none or no row can have it."""
    return int(str(text)) if _NUMBER.fullmatch(str(text)) else None


class NumberConverter:
    """The number of a row."""

    regex = _NUMBER.pattern

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int | str) -> str:
        return str(value)


class YearConverter(NumberConverter):
    regex = "[12][0-9]{3}"


class MonthOrDayConverter(NumberConverter):
    regex = "[0-9]{1,2}"


class DateConverter:
    """A day as ``2026-11-24``."""

    regex = "[12][0-9]{3}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)  # a ValueError means that the address does not fit

    def to_url(self, value: date) -> str:
        return value.isoformat()


def register() -> None:
    """Make them known to every ``urls.py``; called once at start."""
    register_converter(NumberConverter, "number")
    register_converter(YearConverter, "year")
    register_converter(MonthOrDayConverter, "month")
    register_converter(MonthOrDayConverter, "day")
    register_converter(DateConverter, "date")
