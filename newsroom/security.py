"""Response headers that keep a page from doing more than it should."""

import base64
import hashlib
from collections.abc import Callable
from functools import cache

from django.http import HttpRequest, HttpResponse

from core.embeds import PLAYERS
from core.reading_comfort import INLINE_SCRIPT

PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()"
# The admin's own scripts use no inline code; its widgets set style attributes.
ADMIN_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"
    " blob:; media-src 'self'; font-src 'self'; connect-src 'self'; frame-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
# CKEditor 4 does not start without inline script and style (docs/decisions); editor pages only.
EDITOR_POLICY = ADMIN_POLICY.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'")


@cache
def public_policy() -> str:
    """The policy of reading pages: our own files, one inline script by its hash.

    Frames are for the players of other sites, which a page shows only at a click.
    """
    digest = base64.b64encode(hashlib.sha256(INLINE_SCRIPT.encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src 'self' 'sha256-{digest}'; style-src 'self';"
        " img-src 'self' data:; font-src 'self'; connect-src 'self'; media-src 'self';"
        f" frame-src {' '.join(PLAYERS)};"
        " manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none';"
        " frame-ancestors 'self'"
    )


class SecurityHeadersMiddleware:
    """Adds the policies.

    A view may set its own ``Content-Security-Policy``, or ``response.policy`` to the name of one:
    ``editor`` for a page with the rich-text editor, ``public`` for a reading page in the admin.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "Content-Security-Policy" not in response:
            admin = request.path.startswith("/admin/")
            policy = getattr(response, "policy", "admin" if admin else "public")
            policies = {"admin": ADMIN_POLICY, "editor": EDITOR_POLICY}
            response["Content-Security-Policy"] = policies.get(policy) or public_policy()
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        return response
