"""A real S3 server, rclone's, which checks signatures; each test has a folder of its own there."""

import signal
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages

from newsroom import env
from photos.models import Photo
from scripts import services

KEY, SECRET = "paper", "a/secret+that=is:long"
QUOTED_SECRET = "a%2Fsecret%2Bthat%3Dis%3Along"
RCLONE = Path(sys.executable).parent / "rclone"


class Bucket:
    """A folder in a bucket, its address for ``STORAGE_URL``, and where the server keeps it."""

    def __init__(self, host: str, buckets: Path) -> None:
        part = uuid.uuid4().hex
        self.folder = buckets / "paper" / "a" / part
        self.public_url = f"http://{host}/paper/a/{part}/"
        self.url = f"s3+http://{KEY}:{QUOTED_SECRET}@{host}/paper/a/{part}?region=vn-1"

    @property
    def objects(self) -> list[str]:
        """The keys of all there is, without the folder."""
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        return sorted(str(path.relative_to(self.folder)) for path in files)


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Host and port of the server, and the folder whose folders are its buckets."""
    folder, port = tmp_path_factory.mktemp("s3"), services.free_port()
    buckets = folder / "buckets"
    (buckets / "paper").mkdir(parents=True)
    host = f"127.0.0.1:{port}"
    command = [str(RCLONE), "serve", "s3", "--config", "", "--addr", host]
    command += ["--auth-key", f"{KEY},{SECRET}", str(buckets)]
    with services.server("rclone", command, port, folder / "log", stop=signal.SIGTERM):
        yield host, buckets


@pytest.fixture
def bucket(s3_server: tuple[str, Path]) -> Bucket:
    return Bucket(*s3_server)


@pytest.fixture
def in_bucket(bucket: Bucket, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Bucket:
    """Photos and recordings lie in the bucket."""
    use(bucket.url, settings, monkeypatch)
    return bucket


@pytest.fixture
def out_of_reach(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """They should, but nothing answers there."""
    nobody = f"127.0.0.1:{services.free_port()}"
    use(f"s3+http://{KEY}:{QUOTED_SECRET}@{nobody}/paper", settings, monkeypatch)


def use(url: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORAGE_URL", url)
    address = env.bucket()
    assert address
    settings.STORAGES = {**settings.STORAGES, **env.in_bucket(address, settings.MEDIA_URL)}
    # The field has asked for its storage when it was made.
    monkeypatch.setattr(Photo.original.field, "storage", storages["originals"])
