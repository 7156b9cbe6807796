"""Where a request comes from, for limits that count senders."""

from collections.abc import Mapping
from ipaddress import IPv6Address
from typing import Any

from django.conf import settings


def sender_address(environ: Mapping[str, Any]) -> str:
    """The sender's network address; behind our proxy, the one that the proxy itself saw.

    ``environ`` is that of WSGI, or ``request.META``. Of an IPv6 address the network (/64) is
    returned: a home has all of it and changes its address within it.
    """
    address: str = environ.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        # What stands before the last is the client's own claim.
        address = environ.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() or address
    if ":" in address:
        try:
            return str(int(IPv6Address(address)) >> 64)
        except ValueError:
            return address
    return address
