"""Public pages speak the language of their address."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from core.languages import language_of_path


class LanguageOfAddressMiddleware:
    """Sets the language by the address alone: neither a cookie nor the browser has a say.

    So a stored page is the same for everyone. The admin then takes its user's language.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with translation.override(language_of_path(request.path_info)):
            return self.get_response(request)
