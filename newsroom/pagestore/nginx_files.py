"""Pages as files that nginx serves by itself (deploy/nginx.conf).

A page lies under its scheme, host and path, beside its compressed forms. Only HTML pages whose
address has no query and that answer 200 are written; nginx asks the server for all others.
"""

import os
import shutil
import uuid
from pathlib import Path
from urllib.parse import urlsplit

from newsroom.pagestore.entries import Entry, write_file

ENDS = {"identity": "", "gzip": ".gz", "br": ".br"}
# A list of articles lies in a folder; its own page must not be an address of its own.
FOLDER_PAGE = "index.html"


def write(folder: Path, entry: Entry) -> None:
    """Write the page's files, or remove those that are there when nginx must not serve it."""
    path = _path(folder, entry.address)
    if path is None:
        return
    headers = {name.lower(): value for name, value in entry.headers}
    if entry.status != 200 or not headers.get("content-type", "").startswith("text/html"):
        remove(folder, entry.address)
        return
    # What is there may be older in one form than in another: nginx has the page whole or not.
    for encoding, end in ENDS.items():
        file = path.with_name(path.name + end)
        if encoding in entry.bodies:
            write_file(file, entry.bodies[encoding], mode=0o644)
            # nginx makes its ETag of size and time: equal pages get the same on every machine.
            moment = 1_000_000_000 + int(entry.etag[:7], 16)
            os.utime(file, (moment, moment))
        else:
            file.unlink(missing_ok=True)


def remove(folder: Path, address: str) -> None:
    """Take the page from nginx."""
    path = _path(folder, address)
    if path is not None:
        for end in ENDS.values():
            path.with_name(path.name + end).unlink(missing_ok=True)


def remove_all(folder: Path) -> None:
    """Take all pages from nginx at once."""
    if folder.exists():
        old = folder.with_name(f".old-{uuid.uuid4().hex}")
        folder.rename(old)
        shutil.rmtree(old, ignore_errors=True)


def _path(folder: Path, address: str) -> Path | None:
    parts = urlsplit(address)
    path = parts.path
    # nginx knows the host without its port.
    if parts.query or ":" in parts.netloc or path.endswith("/" + FOLDER_PAGE):
        return None
    if path.endswith("/"):
        path += FOLDER_PAGE
    elif not path.endswith(".html"):
        return None
    return folder / parts.scheme / parts.netloc / path.removeprefix("/")
