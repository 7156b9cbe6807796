"""A paper of a few pages whose database is a folder, served by real processes in the tests.

TINY names the folder: ``text`` is what the pages show, ``renders`` gets a line for each rendering,
and where ``gate`` is a FIFO, a rendering that has read the text waits for somebody to write to it.
"""

import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")

from django.core.signals import got_request_exception
from django.db import OperationalError

from newsroom.pagestore.layer import PageStore
from newsroom.publicpages import MOST_TAG_BYTES, TAGS_KEY

FOLDER = Path(os.environ["TINY"])
PUBLIC = ("Cache-Control", "public, max-age=0, s-maxage=60")
KIND = ("Content-Type", "text/html; charset=utf-8")


def paper(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    if (FOLDER / "down").exists():
        try:
            raise OperationalError("the database is gone")
        except OperationalError:
            got_request_exception.send(sender=None)
        start_response("500 Internal Server Error", [KIND])
        return [b"error"]
    text = (FOLDER / "text").read_text()
    with (FOLDER / "renders").open("a") as file:
        file.write(path + "\n")
    if (FOLDER / "gate").exists():
        (FOLDER / "gate").read_text()
    if path == "/private/":
        start_response("200 OK", [KIND, ("Cache-Control", "no-store")])
        return [f"for {environ.get('HTTP_COOKIE', 'nobody')}".encode()]
    if path == "/visitor/":
        start_response("200 OK", [KIND])
        return [environ["REMOTE_ADDR"].encode()]
    if path == "/echo/":
        start_response("200 OK", [KIND])
        return [environ["wsgi.input"].read()]
    tags = ["page", path.strip("/") or "front"]
    environ[TAGS_KEY] = tags
    headers = [KIND, PUBLIC, ("Surrogate-Key", " ".join(tags))]
    if path == "/many/":
        headers = [KIND, PUBLIC, ("Surrogate-Key", "t" * MOST_TAG_BYTES)]
        headers.append(("Cache-Tag", "t" * MOST_TAG_BYTES))
    if path == "/sets-cookie/":
        headers.append(("Set-Cookie", "a=1"))
    if path == "/timed/":
        headers.append(("X-Page-Expires", str(time.time() + 1.0)))
    status = "404 Not Found" if path == "/gone/" else "200 OK"
    start_response(status, headers)
    who = environ.get("HTTP_COOKIE", "nobody")
    host, query = environ["HTTP_HOST"], environ["QUERY_STRING"]
    return [f"<p>{text} {host} {path} {query} {who}</p>{'ă' * 400}".encode()]


application = PageStore(paper)
