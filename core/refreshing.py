"""Readers have what is saved in the admin with its commit, and who saved is told which pages.

The admin of something that readers see is a ``RefreshingAdmin``. What a page is called is known to
the app whose page it is: see ``name_pages``.
"""

import time
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.contrib import admin, messages
from django.db import transaction
from django.http import Http404, HttpRequest
from django.urls import resolve
from django.utils import timezone, translation
from django.utils.formats import get_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.changes import Refreshed, make_ahead, refreshed
from core.languages import language_of_path

# Named in the message; of the others the number is told.
MOST_NAMED = 6

_names: dict[str, Callable[..., str | None]] = {}


def name_pages(view_name: str, name: Callable[..., str | None]) -> None:
    """Have pages of that name of addresses called what ``name`` makes of their arguments."""
    _names[view_name] = name


class RefreshingAdmin(admin.ModelAdmin):
    """Makes pages anew before the commit of whatever is added, changed or deleted.

    A subclass that knows of pages which are not stored yet calls ``core.changes.make_ahead`` for
    them when all is saved. What ``changelist_view`` does, an action or a column that is edited in
    the list, is one transaction.
    """

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return refreshing(request, super().changeform_view, *args, **kwargs)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return refreshing(request, super().delete_view, *args, **kwargs)

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return refreshing(request, super().changelist_view, *args, **kwargs)


def refreshing(request: HttpRequest, view: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """What ``view`` answers; what it is sent to do is one transaction, pages included."""
    if request.method != "POST":
        return view(request, *args, **kwargs)
    began = time.time()
    with transaction.atomic():
        response = view(request, *args, **kwargs)
        change = make_ahead()
    if change is not None:
        tell(request, began, change.tags)
    return response


def tell(request: HttpRequest, since: float, tags: Iterable[str]) -> None:
    """Add a message about the pages that the change of ``tags`` has made old since then."""
    pages = refreshed(since, frozenset(tags))
    fresh = sorted((page for page in pages if page.stored), key=lambda page: len(page.address))
    parts = [_ready(fresh)] if fresh else []
    if left := len(pages) - len(fresh):
        said = ngettext(
            "%(count)d page is made anew for its next reader.",
            "%(count)d pages are made anew for their next readers.",
            left,
        )
        parts.append(format_html("{}", said % {"count": left}))
    if parts:
        messages.info(request, format_html_join(" ", "{}", ((part,) for part in parts)))


def _ready(fresh: list[Refreshed]) -> SafeString:
    links = {urlsplit(page.address).path: page for page in fresh}
    named = [(path, _name(path)) for path in list(links)[:MOST_NAMED]]
    pages = format_html_join(", ", '<a href="{}">{}</a>', named)
    if more := len(links) - len(named):
        and_more = ngettext("%(count)d more", "%(count)d more", more) % {"count": more}
        pages = format_html("{}, {}", pages, and_more)
    first = min(page.stored for page in fresh if page.stored)
    return format_html(
        _("Refreshed: {pages}. Readers have the first fresh copy since {time}."),
        pages=pages,
        time=_to_the_hundredth(first),
    )


def _to_the_hundredth(moment: datetime) -> str:
    local = timezone.localtime(moment)
    point = get_format("DECIMAL_SEPARATOR")
    return f"{local:%H:%M:%S}{point}{local.microsecond // 10_000:02d}"


def _name(path: str) -> str:
    """What people call the page at ``path``."""
    try:
        with translation.override(language_of_path(path)):
            page = resolve(path)
    except Http404:
        return path
    name = _names.get(page.view_name)
    return (name and name(**page.kwargs)) or path
