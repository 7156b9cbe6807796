"""Who sent a comment, as far as limits need to know: a keyed hash, from which nobody is named."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from core.senders import sender_address


def sender_key(request: HttpRequest) -> str:
    """The same value for the same sender, of no use to anyone without the secret key."""
    return salted_hmac(
        "comments.sender", sender_address(request.META), algorithm="sha256"
    ).hexdigest()


def is_from_our_pages(request: HttpRequest) -> bool:
    """Whether the browser says that one of our own pages sent the form.

    The public pages carry no token (they are the same for everyone), so ``Origin`` or, where a
    browser sends none, ``Sec-Fetch-Site`` or ``Referer`` decides (OWASP, CSRF prevention: verify
    the origin with standard headers).
    """
    origin = request.headers.get("Origin")
    if origin:
        return _host(origin) in _our_hosts(request)
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site == "same-origin"
    return _host(request.headers.get("Referer", "")) in _our_hosts(request)


def _host(address: str) -> str:
    try:
        return urlsplit(address).netloc.lower()
    except ValueError:
        return ""


def _our_hosts(request: HttpRequest) -> set[str]:
    return {request.get_host().lower(), _host(settings.SITE_URL)} - {""}
