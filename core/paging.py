"""Numbered pages with one address each: ``?trang=2``, and the first one without."""

from collections.abc import Callable
from functools import cached_property, wraps
from typing import Any

from django.conf import settings
from django.contrib.admin.views.main import PAGE_VAR
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect

PARAMETER = "trang"


def first_page_is_clean(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Sends ``?trang=1`` on to the address without it."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.GET.get(PARAMETER) == "1":
            return HttpResponsePermanentRedirect(request.path)
        return view(request, *args, **kwargs)

    return wrapper


def numbered_page(request: HttpRequest, objects: Any, size: int | None = None) -> Page:
    """The page of ``objects`` that the address asks for; no number and no such page are 404."""
    paginator = Paginator(objects, size or settings.SECTION_PAGE_SIZE)
    asked = request.GET.get(PARAMETER, "1")
    is_number = asked.isascii() and asked.isdigit() and len(asked) <= 6 and asked[0] != "0"
    if not is_number or int(asked) not in paginator.page_range:
        raise Http404
    return paginator.page(int(asked))


class MoreThan(int):
    """A count that stopped at the first one beyond what is told: “1050+”."""

    def __str__(self) -> str:
        return f"{int(self) - 1}+"


class GrowingPaginator(Paginator):
    """Counts to some pages beyond the one that is shown, so that the end may be far away.

    Going on makes it count on; everything can be reached, and nothing counts everything.
    """

    pages_ahead = 20

    def __init__(
        self, *args: Any, number: int = 1, pages_ahead: int = pages_ahead, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._told = (number + pages_ahead) * self.per_page

    @cached_property
    def count(self) -> int:
        counted = self.object_list[: self._told + 1].count()  # type: ignore[attr-defined]
        return MoreThan(counted) if counted > self._told else counted


def admin_page(request: HttpRequest) -> int:
    """The number of the page that is asked of a list in the admin."""
    page = request.GET.get(PAGE_VAR) or request.GET.get("page", "1")  # a list, a choice
    return int(page) if page.isdecimal() and len(page) <= 6 else 1


class GrowingPages:
    """For a ModelAdmin whose table may be large: no page of its list counts all of it."""

    show_full_result_count = False

    def get_paginator(self, request: HttpRequest, *args: Any, **kwargs: Any) -> GrowingPaginator:
        return GrowingPaginator(*args, **kwargs, number=admin_page(request))
