"""One stored page: how it lies on disk, and which of its forms answers a request.

Used by the front server too, so nothing here may import Django.
"""

import gzip
import json
import os
import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

import brotli

from newsroom.pagestore.addresses import address_key
from newsroom.pagestore.versions import slots

FORM = b"newsroom-page-1 "
ENCODINGS = ("identity", "gzip", "br")
ETAG_ENDS = {"identity": "", "gzip": "-gz", "br": "-br"}
SMALLEST_COMPRESSED = 256
COMPRESSED_TYPES = re.compile(
    r"text/|application/(?:[a-z.-]+\+)?(?:xml|json)|application/javascript|image/svg"
)
# Middling levels: a page must be fresh within a tenth of a second.
GZIP_LEVEL = 6
BROTLI_QUALITY = 5
# A page that changes by time within this many seconds is not kept by proxies.
SOON_SECONDS = 180
CONTROL_SOON = "public, max-age=0, s-maxage=1, stale-if-error=86400"
# Set by the server, for this connection only, or replaced by the store's own.
NOT_KEPT = {"connection", "content-length", "date", "etag", "keep-alive", "server", "vary"} | {
    "transfer-encoding",
    "x-page-expires",
}
NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
NOT_IN_304 = {"content-type", "content-language", "content-encoding", "content-length"}


class DamagedEntry(Exception):
    """The file is not what was written."""


@dataclass(slots=True)
class Entry:
    """A page as it is kept; ``part`` gives the bytes of one form."""

    address: str
    status: int
    headers: list[tuple[str, str]]
    tags: tuple[str, ...]
    since: int
    """The count of drops when its rendering began."""
    expires: float
    """Unix time from which it has to be rendered anew, even if nothing was dropped."""
    stored: float
    etag: str
    sizes: dict[str, int]
    sums: dict[str, str]
    start: int = 0
    slots: tuple[int, ...] = ()
    checked: int = -1
    used: float = 0.0
    bodies: dict[str, bytes] = field(default_factory=dict)
    heads: dict[str, bytes] = field(default_factory=dict)

    def encoding(self, accepted: str) -> str:
        """The best of the kept forms that the client reads."""
        for name in preferred(accepted):
            if name in self.sizes:
                return name
        return "identity"

    def matches(self, if_none_match: str) -> bool:
        """Whether the client has this page already, in whatever form it came."""
        return _names_etag(if_none_match, self.etag)

    def etag_of(self, encoding: str) -> str:
        """Forms differ byte by byte, so each has its own strong tag."""
        return f'"{self.etag}{ETAG_ENDS[encoding]}"'

    def ends_soon(self, now: float) -> bool:
        """Whether a proxy that keeps the page as long as usual would show it too long."""
        return self.expires - now < SOON_SECONDS

    def headers_of(
        self, encoding: str, now: float, *, unchanged: bool = False
    ) -> list[tuple[str, str]]:
        """The response headers of a form, or of the 304 in its place."""
        headers = self.headers
        if self.ends_soon(now):
            headers = [pair for pair in headers if pair[0].lower() != "cache-control"]
            headers.append(("Cache-Control", CONTROL_SOON))
        if unchanged:
            headers = [(name, value) for name, value in headers if name.lower() not in NOT_IN_304]
        headers = [*headers, ("ETag", self.etag_of(encoding)), ("Vary", "Accept-Encoding")]
        if not unchanged:
            headers.append(("Content-Length", str(self.sizes[encoding])))
            if encoding != "identity":
                headers.append(("Content-Encoding", encoding))
        return headers


def make_entry(
    address: str,
    status: int,
    headers: Iterable[tuple[str, str]],
    body: bytes,
    *,
    tags: Iterable[str],
    since: int,
    expires: float,
    stored: float,
) -> Entry:
    """A page ready to be written, with all its forms."""
    kept = [(name, value) for name, value in headers if name.lower() not in NOT_KEPT]
    bodies = {"identity": body}
    kind = next((value for name, value in kept if name.lower() == "content-type"), "")
    if len(body) >= SMALLEST_COMPRESSED and COMPRESSED_TYPES.match(kind):
        bodies["gzip"] = gzip.compress(body, GZIP_LEVEL, mtime=0)
        bodies["br"] = brotli.compress(body, quality=BROTLI_QUALITY)
    tags = tuple(sorted(tags))
    return Entry(
        address=address,
        status=status,
        headers=kept,
        tags=tags,
        since=since,
        expires=expires,
        stored=stored,
        etag=_sum(b"%d\n%s" % (status, body)),
        sizes={name: len(part) for name, part in bodies.items()},
        sums={name: _sum(part) for name, part in bodies.items()},
        slots=slots(tags),
        bodies=bodies,
    )


def entry_path(folder: Path, address: str) -> Path:
    key = address_key(address)
    return folder / "entries" / key[:2] / key


def write_entry(folder: Path, entry: Entry) -> int:
    """Put the page in place as a whole; returns its size on disk."""
    facts = {name: getattr(entry, name) for name in _FACTS}
    head = json.dumps(facts, separators=(",", ":")).encode()
    content = b"".join(
        [FORM, _sum(head).encode(), b" ", head, b"\n", *(entry.bodies[e] for e in entry.sizes)]
    )
    write_file(entry_path(folder, entry.address), content)
    return len(content)


def write_file(path: Path, content: bytes, mode: int = 0o600, moment: int | None = None) -> None:
    """Replace a file at once: who opens it gets the old content or the new.

    ``moment`` is the Unix time it is said to be of.
    """
    temporary = f"{path.parent}/.new-{uuid.uuid4().hex}"
    try:
        handle = os.open(temporary, NEW_FILE, 0o600)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(temporary, NEW_FILE, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            if mode != 0o600:
                os.fchmod(handle, mode)
        if moment is not None:
            os.utime(temporary, (moment, moment))
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def read_entry(folder: Path, address: str) -> Entry:
    """The page without its bodies. Raises FileNotFoundError or DamagedEntry."""
    path = entry_path(folder, address)
    with path.open("rb") as file:
        line = file.readline(1 << 20)
    try:
        if not line.startswith(FORM) or not line.endswith(b"\n"):
            raise DamagedEntry(path)
        checksum, head = line[len(FORM) : -1].split(b" ", 1)
        if checksum.decode() != _sum(head):
            raise DamagedEntry(path)
        facts = json.loads(head)
        facts["headers"] = [(name, value) for name, value in facts["headers"]]
        facts["tags"] = tuple(facts["tags"])
        entry = Entry(**facts, start=len(line), slots=slots(facts["tags"]))
    except (ValueError, TypeError, KeyError, UnicodeDecodeError):
        raise DamagedEntry(path) from None
    if entry.address != address:
        raise DamagedEntry(path)
    return entry


def read_body(folder: Path, entry: Entry, encoding: str) -> bytes:
    """The bytes of one form; they stay with the entry. Raises DamagedEntry."""
    known = entry.bodies.get(encoding)
    if known is not None:
        return known
    offset = entry.start
    for name, size in entry.sizes.items():
        if name == encoding:
            break
        offset += size
    try:
        handle = os.open(entry_path(folder, entry.address), os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        raise DamagedEntry(entry.address) from None
    try:
        body = os.pread(handle, entry.sizes[encoding], offset)
    finally:
        os.close(handle)
    if _sum(body) != entry.sums[encoding]:
        raise DamagedEntry(entry.address)
    entry.bodies[encoding] = body
    return body


@lru_cache(maxsize=512)
def preferred(accepted: str) -> tuple[str, ...]:
    """Our encodings that an Accept-Encoding header allows, the smallest first."""
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, _, parameters = part.partition(";")
        weight = 1.0
        parameter = parameters.strip()
        if parameter.startswith("q="):
            try:
                weight = float(parameter[2:])
            except ValueError:
                weight = 0.0
        weights[name.strip()] = weight
    others = weights.get("*", 0.0)
    return tuple(name for name in ("br", "gzip") if weights.get(name, others) > 0)


@lru_cache(maxsize=4096)
def _names_etag(if_none_match: str, etag: str) -> bool:
    if if_none_match.strip() == "*":
        return True
    named = re.findall(r'(?:W/)?"([^"]*)"', if_none_match)
    return any(etag + end in named for end in ETAG_ENDS.values())


def _sum(content: bytes) -> str:
    return blake2b(content, digest_size=12).hexdigest()


_FACTS = (
    *("address", "status", "headers", "tags", "since", "expires", "stored", "etag"),
    *("sizes", "sums"),
)
