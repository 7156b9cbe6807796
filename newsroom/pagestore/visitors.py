"""Who is behind a connection that the front server handed on.

The front connects to the server from an address of its own for each visitor, 127.64.x.y, and
writes in a shared file whose it stands for. Nobody outside the machine can come from there.
"""

import ipaddress
import mmap
import os
from functools import cache
from pathlib import Path

# Set for the server's workers by whoever starts them beside a front.
FILE_VARIABLE = "PAGE_FRONT_VISITORS"
PLACES = 1 << 16
PLACE_BYTES = 16
PREFIX = "127.64."


class Visitors:
    """The shared file: one place for each address 127.64.x.y."""

    def __init__(self, path: Path) -> None:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.ftruncate(handle, PLACES * PLACE_BYTES)
            self._memory = mmap.mmap(handle, PLACES * PLACE_BYTES)
        finally:
            os.close(handle)

    def write(self, place: int, visitor: str) -> None:
        """Note whose connection comes from a place."""
        try:
            packed = _v6(visitor).packed
        except ValueError:
            packed = bytes(PLACE_BYTES)
        self._memory[place * PLACE_BYTES : (place + 1) * PLACE_BYTES] = packed

    def read(self, place: int) -> str:
        """The visitor's address."""
        packed = self._memory[place * PLACE_BYTES : (place + 1) * PLACE_BYTES]
        address = ipaddress.IPv6Address(packed)
        return str(address.ipv4_mapped or address)


def place_address(place: int) -> str:
    return f"{PREFIX}{place >> 8}.{place & 255}"


def visitor_address(remote: str) -> str:
    """The visitor's own address for what a server sees as the other end."""
    path = os.environ.get(FILE_VARIABLE)
    if not path or not remote.startswith(PREFIX):
        return remote
    high, low = remote.removeprefix(PREFIX).split(".")
    return _visitors(path).read(int(high) << 8 | int(low))


@cache
def _visitors(path: str) -> Visitors:
    return Visitors(Path(path))


def _v6(visitor: str) -> ipaddress.IPv6Address:
    address = ipaddress.ip_address(visitor.partition("%")[0])
    if isinstance(address, ipaddress.IPv4Address):
        return ipaddress.IPv6Address(f"::ffff:{address}")
    return address
