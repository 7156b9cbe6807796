"""Which requests may be answered with a stored page, and under which one name.

Used by the front server too, so nothing here may import Django.
"""

import re
from hashlib import blake2b

# Addresses with percent signs, double slashes or dots as a part are left to Django.
PATH = re.compile(r"/(?:[A-Za-z0-9_~-][A-Za-z0-9._~-]*(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*/?)?\Z")
HOST = re.compile(r"[a-z0-9.-]{1,253}(?::[0-9]{1,5})?\Z|\[[0-9a-f:.]{2,45}\](?::[0-9]{1,5})?\Z")
LONGEST_PATH = 512
# Where editors work, who wait for the database longer than readers.
ADMIN = "/admin/"
# Never the same for everybody, or large files that Django or nginx hands out itself.
PRIVATE = (ADMIN, "/media/", "/tim-kiem/", "/en/tim-kiem/", "/healthz", "/readyz")
# What senders of links add, which changes nothing on the page.
TRACKING = re.compile(
    r"(?:utm_[a-z_]+|fbclid|gclid|gbraid|wbraid|dclid|msclkid|zarsrc|zalo_[a-z_]+|mc_[ce]id"
    r"|igshid|ttclid|twclid|yclid|_gl)(?:=|\Z)"
)
# A numbered page of a list: the first has no number, and one page has one way to write its number.
NUMBERED_PATH = re.compile(r"/(?:[A-Za-z0-9_~-]+/)+\Z")
NUMBER = re.compile(r"trang=(?:[2-9]|[1-9][0-9]{1,5})\Z")


def page_address(scheme: str, host: str, path: str, query: str) -> str | None:
    """The one name of the page a GET asks for, or None when it can have no stored page.

    ``path`` is as it was sent, not decoded. The name is an address itself, with the query only
    where a known one makes a page of its own.
    """
    host = host.lower()
    if len(path) > LONGEST_PATH or path.startswith(PRIVATE):
        return None
    if not PATH.match(path) or not HOST.match(host):
        return None
    if query:
        query = "&".join(part for part in query.split("&") if not TRACKING.match(part))
        if query:
            if not (NUMBER.match(query) and NUMBERED_PATH.match(path)):
                return None
            return f"{scheme}://{host}{path}?{query}"
    return f"{scheme}://{host}{path}"


def address_key(address: str) -> str:
    """The name of the page's file."""
    return blake2b(address.encode(), digest_size=20).hexdigest()
