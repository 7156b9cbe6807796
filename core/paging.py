"""Numbered pages with one address each: ``?trang=2``, and the first one without."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
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
