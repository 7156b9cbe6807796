"""Photos and recordings in an S3-compatible bucket (STORAGE_URL), which stays private.

Readers get the files at the paper's own addresses, from our views: so who may see what is decided
in one place, wherever the files lie. A bucket that does not answer raises ``ConnectionError``.
"""

import io
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache, cached_property
from mimetypes import guess_type
from typing import Any
from urllib.parse import quote

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import File
from django.core.files.storage import Storage
from django.utils.deconstruct import deconstructible

CONNECT_SECONDS, READ_SECONDS, TRIES = 2, 10, 2
# After a failure nobody waits for the bucket again for so long, or all threads would.
PAUSE_SECONDS = 5
MOST_CONNECTIONS = 32
# Larger files wait on the disk, not in memory, until they are sent.
IN_MEMORY = 8 * 1024 * 1024
READ_AHEAD = 256 * 1024
_MISSING = {"404", "NoSuchKey", "NotFound"}
_BEYOND_THE_END = "InvalidRange"


@deconstructible
class BucketStorage(Storage):
    """The objects of a bucket whose keys begin with ``folder``.

    ``address`` is what ``newsroom.env.bucket`` gives. Without ``base_url`` nothing has an address.
    """

    def __init__(
        self, *, address: dict[str, str], folder: str, base_url: str | None = None
    ) -> None:
        self.address, self.base_url = address, base_url
        self.bucket = address["bucket"]
        self.folder = f"{address['prefix']}{folder}/"
        self._paused_until = 0.0

    @cached_property
    def client(self) -> Any:
        names = ("endpoint", "region", "key", "secret", "addressing")
        return _client(*(self.address[name] for name in names))

    # --- what Django asks for -----------------------------------------------------------------

    def exists(self, name: str) -> bool:
        try:
            self._head(name)
        except FileNotFoundError:
            return False
        return True

    def size(self, name: str) -> int:
        length: int = self._head(name)["ContentLength"]
        return length

    def get_modified_time(self, name: str) -> datetime:
        modified: datetime = self._head(name)["LastModified"]
        return modified

    def url(self, name: str | None) -> str:
        if self.base_url is None:
            raise ValueError("These files have no address.")
        return f"{self.base_url}{quote(name or '')}"

    def delete(self, name: str) -> None:
        with self._asking(name):
            self.client.delete_object(Bucket=self.bucket, Key=self._key(name))

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        start = f"{self._key(path)}/" if path.strip("/") else self.folder
        folders: list[str] = []
        files: list[str] = []
        with self._asking(path):
            pages = self.client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self.bucket, Prefix=start, Delimiter="/"):
                folders += [
                    one["Prefix"][len(start) : -1] for one in page.get("CommonPrefixes", ())
                ]
                files += [one["Key"][len(start) :] for one in page.get("Contents", ())]
        return folders, [name for name in files if name]

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """The name as it is: ours are random, and what has one already is to be replaced."""
        return name

    def _open(self, name: str, mode: str = "rb") -> File:
        if mode != "rb":
            raise ValueError("Files in a bucket are only read.")
        return File(io.BufferedReader(_Object(self, name), READ_AHEAD), name)

    def _save(self, name: str, content: File) -> str:
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as body:
            for chunk in content.chunks():
                body.write(chunk.encode() if isinstance(chunk, str) else chunk)
            body.seek(0)
            kind = guess_type(name)[0] or "application/octet-stream"
            with self._asking(name):
                self.client.put_object(
                    Bucket=self.bucket, Key=self._key(name), Body=body, ContentType=kind
                )
        return name

    # --- asking the bucket --------------------------------------------------------------------

    def read_from(self, name: str, start: int) -> Any:
        """The object's bytes from ``start`` on, as they come; None when none are there."""
        from botocore.exceptions import ClientError

        try:
            with self._asking(name):
                return self.client.get_object(
                    Bucket=self.bucket, Key=self._key(name), Range=f"bytes={start}-"
                )["Body"]
        except ConnectionError as error:
            cause = error.__cause__
            if isinstance(cause, ClientError) and _code(cause) == _BEYOND_THE_END:
                return None
            raise

    def _head(self, name: str) -> dict[str, Any]:
        with self._asking(name):
            head: dict[str, Any] = self.client.head_object(Bucket=self.bucket, Key=self._key(name))
        return head

    def _key(self, name: str) -> str:
        if ".." in name.split("/"):
            # As on a disk: servers differ in what they make of it.
            raise SuspiciousFileOperation(f"{name} leads out of the folder")
        return self.folder + name.strip("/")

    @contextmanager
    def _asking(self, name: str) -> Iterator[None]:
        """Raise ``FileNotFoundError`` for what is not there, ``ConnectionError`` for all else."""
        from botocore.exceptions import BotoCoreError, ClientError

        if time.monotonic() < self._paused_until:
            raise ConnectionError("The bucket did not answer a moment ago.")
        try:
            yield
        except ClientError as error:
            if _code(error) in _MISSING:
                raise FileNotFoundError(name) from error
            raise ConnectionError(f"The bucket refuses: {error}") from error
        except BotoCoreError as error:
            self._paused_until = time.monotonic() + PAUSE_SECONDS
            raise ConnectionError(f"The bucket does not answer: {error}") from error


@cache
def _client(endpoint: str, region: str, key: str, secret: str, addressing: str) -> Any:
    """Shared by storages and threads, which botocore allows; making one takes a second."""
    from botocore.config import Config
    from botocore.session import get_session

    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": TRIES},
        max_pool_connections=MOST_CONNECTIONS,
        s3={"addressing_style": addressing},
        # Many servers do not know the newer checksums; TLS serves all.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    return get_session().create_client(
        "s3",
        endpoint_url=endpoint,
        region_name=region,
        # Without them botocore looks where it always does, such as the machine's role.
        aws_access_key_id=key or None,
        aws_secret_access_key=secret or None,
        config=config,
    )


def _code(error: Any) -> str:
    code: str = error.response.get("Error", {}).get("Code", "")
    return code


class _Object(io.RawIOBase):
    """An object that is fetched only from where it is read, and no further than it is read.

    Whether it is there at all is found out by the first reading.
    """

    def __init__(self, storage: BucketStorage, name: str) -> None:
        super().__init__()
        self.storage, self.name, self.place = storage, name, 0
        self.size: int | None = None
        self.body: Any = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self.place}.get(whence)
        if start is None:
            if self.size is None:
                self.size = self.storage.size(self.name)
            start = self.size
        if start + offset != self.place:
            self._drop()
            self.place = start + offset
        return self.place

    def readinto(self, buffer: Any) -> int:
        from botocore.exceptions import BotoCoreError

        if self.body is None:
            self.body = self.storage.read_from(self.name, self.place)
        if self.body is None:
            return 0
        try:
            data = self.body.read(len(buffer))
        except (BotoCoreError, OSError) as error:
            raise ConnectionError(f"The bucket stopped in the middle of {self.name}") from error
        buffer[: len(data)] = data
        self.place += len(data)
        return len(data)

    def close(self) -> None:
        self._drop()
        super().close()

    def _drop(self) -> None:
        if self.body is not None:
            self.body.close()
            self.body = None
