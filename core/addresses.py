"""Full web addresses, for feeds, sitemaps, canonical links and sharing."""

from urllib.parse import urljoin

from django.conf import settings
from django.http import HttpRequest


def absolute(request: HttpRequest, path: str) -> str:
    """The full address of ``path`` at the paper's public address, or that of the request."""
    base = settings.SITE_URL or f"{request.scheme}://{request.get_host()}"
    return urljoin(f"{base.rstrip('/')}/", path)
