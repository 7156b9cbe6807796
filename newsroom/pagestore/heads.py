"""The heads of requests passed on to the server behind, and of its answers.

Each request goes on a connection of its own, which the server closes after the answer. So where an
answer ends needs no reading, and nothing a reader sends can be taken for the request of another.
"""

import re
from dataclasses import dataclass

from newsroom.pagestore.addresses import ADMIN

TOKEN = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
LINE = re.compile(rb"(" + TOKEN + rb") ([!-~\x80-\xff]+) HTTP/1\.([01])")
FIELD = re.compile(rb"(" + TOKEN + rb"):[ \t]*([^\x00\r\n]*?)[ \t]*")
STATUS = re.compile(rb"HTTP/1\.[01] ([1-5][0-9][0-9])(?: [^\r\n]*)?")
# What only the front may say to the server. WSGI takes "_" and "-" for the same.
OURS = {b"x-page-fill", b"x-page-visitor"}
CHUNKS_END = b"0\r\n\r\n"
# The body ends where the server says so.
UNKNOWN = -1


class BadRequest(ValueError):
    """A head that different servers may read differently."""


@dataclass(frozen=True, slots=True)
class Passed:
    """A request as the server behind gets it; ``body`` is the length of what follows the head."""

    method: bytes
    head: bytes
    body: int
    keep: bool
    """Whether the reader's connection may take another request afterwards."""
    waits: bool
    """Whether the reader sends the body only when told to go on."""
    patient: bool
    """Whether it is an editor's, who is told later than a reader that the database is silent."""

    @property
    def harmless(self) -> bool:
        """Whether it may be sent a second time when no answer came."""
        return self.method in (b"GET", b"HEAD") and self.body == 0


def read_passed(head: bytes, visitor: str) -> Passed:
    """The request to send for a reader's head (without its empty line)."""
    first, *fields = head.split(b"\r\n")
    line = LINE.fullmatch(first)
    if line is None:
        raise BadRequest
    kept = [first]
    lengths: list[bytes] = []
    connection = b""
    hosts, chunked, waits = 0, False, False
    for field in fields:
        found = FIELD.fullmatch(field)
        if found is None:
            raise BadRequest
        name, value = found[1].lower(), found[2]
        if name == b"connection":
            connection += b"," + value.lower()
            continue
        if name == b"expect":
            waits = waits or value.lower() == b"100-continue"
            continue
        if name.replace(b"_", b"-") in OURS:
            continue
        hosts += name == b"host"
        chunked = chunked or name == b"transfer-encoding"
        if name == b"content-length":
            lengths.append(value)
        kept.append(field)
    if hosts > 1 or len(lengths) > 1 or (chunked and lengths):
        raise BadRequest
    if lengths and not re.fullmatch(rb"[0-9]{1,15}", lengths[0]):
        raise BadRequest
    kept.append(b"X-Page-Visitor: " + visitor.encode("ascii", "replace"))
    kept += [b"Connection: close", b"", b""]
    return Passed(
        method=line[1],
        head=b"\r\n".join(kept),
        body=UNKNOWN if chunked else int(lengths[0]) if lengths else 0,
        keep=line[3] == b"1" and b"close" not in connection and not chunked,
        waits=waits and line[3] == b"1",
        patient=line[2].startswith(ADMIN.encode()),
    )


class Answer:
    """An answer of the server behind: its head for the reader, and whether all of it has come."""

    __slots__ = ("_chunked", "_end", "_left", "head")

    def __init__(self, head: bytes, method: bytes) -> None:
        """Read a head (without its empty line). Raises BadRequest."""
        first, *fields = head.split(b"\r\n")
        status = STATUS.fullmatch(first)
        if status is None:
            raise BadRequest
        kept = [first]
        self._left: int | None = None
        self._chunked = False
        self._end = b""
        for field in fields:
            name, _, value = field.partition(b":")
            name = name.lower()
            if name == b"connection":
                continue
            if name == b"content-length":
                self._left = int(value)
            self._chunked = self._chunked or name == b"transfer-encoding"
            kept.append(field)
        if method == b"HEAD" or status[1] in (b"204", b"304"):
            self._left, self._chunked = 0, False
        self.head = b"\r\n".join(kept) + b"\r\n"

    @property
    def framed(self) -> bool:
        """Whether the reader can tell its end without the connection's."""
        return self._chunked or self._left is not None

    def note(self, body: bytes) -> None:
        """Count what came of the body."""
        if self._chunked:
            self._end = (self._end + body[-len(CHUNKS_END) :])[-len(CHUNKS_END) :]
        elif self._left is not None:
            self._left -= len(body)

    @property
    def whole(self) -> bool:
        """Whether the body is complete, once the server has closed the connection."""
        return self._end == CHUNKS_END if self._chunked else self._left in (0, None)
