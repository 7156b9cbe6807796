"""The admin speaks the language its user chose; public pages speak the paper's."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation


class StaffLanguageMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Public pages must not even look at the user: that would make them vary by cookie.
        if not request.path.startswith("/admin/") or not request.user.is_authenticated:
            return self.get_response(request)
        with translation.override(request.user.language):
            response = self.get_response(request)
            if hasattr(response, "render") and not getattr(response, "is_rendered", True):
                response = response.render()  # in the user's language, not after it is gone
            return response
