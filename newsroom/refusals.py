"""Refuses, ahead of every view, what none of them can answer."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

NUL = "\0"
READING = ["GET", "HEAD"]


class RefusalMiddleware:
    """Answers 400 or 405, so that no other code meets what it has no answer for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """400 for an address with a NUL byte, which PostgreSQL does not take as text."""
        if NUL in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("NUL in the address")
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """405 for anything but reading on a public page that takes no form.

        Public pages have no token, so a view that takes one of their forms is ``csrf_exempt``. The
        others would say that a token is missing, as if a form could be sent with one.
        """
        if request.method in READING or request.path_info.startswith("/admin/"):
            return None
        if getattr(view, "csrf_exempt", False):
            return None
        response = HttpResponseNotAllowed(READING)
        response["Cache-Control"] = "no-store"
        return response
