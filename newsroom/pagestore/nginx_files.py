"""Pages as files that nginx serves by itself (deploy/nginx.conf).

A page lies under its scheme, host and path, beside its compressed forms. Only HTML pages whose
address has no query and that answer 200 are written; nginx asks the server for all others.
"""

import os
import shutil
import threading
import uuid
from pathlib import Path
from urllib.parse import urlsplit

from newsroom.pagestore.entries import Entry, write_file
from newsroom.pagestore.nginx_workers import NginxWorkers

ENDS = {"identity": "", "gzip": ".gz", "br": ".br"}
# A list of articles lies in a folder; its own page must not be an address of its own.
FOLDER_PAGE = "index.html"


class NginxFiles:
    """The files in ``folder``, and the nginx that reads them.

    What is written or removed is surely seen by readers only after ``show``.
    """

    def __init__(self, folder: Path, workers: NginxWorkers) -> None:
        self.folder = folder
        self.workers = workers
        self._changed: list[str] = []
        self._noting, self._showing = threading.Lock(), threading.Lock()

    def write(self, entry: Entry) -> None:
        """Write the page's files, or remove those that are there when nginx must not serve it."""
        path = self._path(entry.address)
        if path is None:
            return
        # What is there may be older in one form than in another: nginx has the page whole or not.
        # Also, a file system waits for the disk where one file replaces another.
        self.remove(entry.address)
        headers = {name.lower(): value for name, value in entry.headers}
        if entry.status != 200 or not headers.get("content-type", "").startswith("text/html"):
            return
        # nginx makes its ETag of size and time: equal pages get the same on every machine.
        moment = 1_000_000_000 + int(entry.etag[:7], 16)
        for encoding, body in entry.bodies.items():
            file = path.with_name(path.name + ENDS[encoding])
            write_file(file, body, mode=0o644, moment=moment)

    def remove(self, address: str) -> None:
        """Take the page from nginx."""
        path = self._path(address)
        if path is not None:
            for end in ENDS.values():
                self._remove(path.with_name(path.name + end))

    def remove_all(self) -> None:
        """Take all pages from nginx at once."""
        if not self.folder.exists():
            return
        old = self.folder.with_name(f".old-{uuid.uuid4().hex}")
        self.folder.rename(old)
        for path, _folders, files in os.walk(old):
            for file in files:
                self._note(self.folder / Path(path, file).relative_to(old))
        self.show()
        shutil.rmtree(old, ignore_errors=True)

    def show(self) -> None:
        """Return when nginx serves what the files are now, or asks the server for those gone."""
        with self._showing:
            with self._noting:
                changed, self._changed = self._changed, []
            if changed:
                self.workers.look_at(changed)

    def _remove(self, file: Path) -> None:
        try:
            file.unlink()
        except FileNotFoundError:
            return
        self._note(file)

    def _note(self, file: Path) -> None:
        with self._noting:
            self._changed.append(str(file.relative_to(self.folder)))

    def _path(self, address: str) -> Path | None:
        parts = urlsplit(address)
        path = parts.path
        # nginx knows the host without its port.
        if parts.query or ":" in parts.netloc or path.endswith("/" + FOLDER_PAGE):
            return None
        if path.endswith("/"):
            path += FOLDER_PAGE
        elif not path.endswith(".html"):
            return None
        return self.folder / parts.scheme / parts.netloc / path.removeprefix("/")
