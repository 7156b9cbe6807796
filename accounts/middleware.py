"""The admin speaks the language its user chose; public pages speak the paper's."""

from collections.abc import Callable

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.roles import role_name


class StaffLanguageMiddleware:
    """Sets the language of admin pages, and says in words why one is refused."""

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

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a refusal in the admin with its reason instead of a bare 403."""
        refused = isinstance(exception, PermissionDenied) and request.path.startswith("/admin/")
        if not refused or not request.user.is_authenticated:
            return None
        roles = [role_name(group.name) for group in request.user.groups.all()]
        context = {
            **admin.site.each_context(request),
            "title": _("Not allowed"),
            "why_not": str(exception) or _("This page is not part of your role."),
            "roles": ", ".join(roles) or _("no role"),
        }
        return render(request, "admin/403.html", context, status=403)
