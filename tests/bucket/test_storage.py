"""The bucket as Django's files meet it."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, default_storage, storages
from django.utils import timezone

from newsroom.bucket import BucketStorage
from tests.bucket.conftest import Bucket

pytestmark = pytest.mark.services

PROJECT_DIR = Path(__file__).resolve().parents[2]
DIGITS = b"0123456789" * 100_000


@pytest.fixture
def storage(in_bucket: Bucket) -> Storage:
    return storages["default"]


def test_a_file_is_stored_told_of_listed_and_deleted(storage: Storage, in_bucket: Bucket) -> None:
    assert storage.save("photos/ab/320.jpg", ContentFile(b"picture")) == "photos/ab/320.jpg"
    assert in_bucket.objects == ["media/photos/ab/320.jpg"]
    assert storage.exists("photos/ab/320.jpg")
    assert storage.size("photos/ab/320.jpg") == 7
    assert timezone.now() - storage.get_modified_time("photos/ab/320.jpg") < timedelta(minutes=5)
    assert storage.url("photos/ab/320.jpg") == "/media/photos/ab/320.jpg"
    assert storage.listdir("photos") == (["ab"], [])
    assert storage.listdir("photos/ab") == ([], ["320.jpg"])
    storage.delete("photos/ab/320.jpg")
    assert in_bucket.objects == []
    assert not storage.exists("photos/ab/320.jpg")


def test_what_is_not_there_is_no_failure_of_the_bucket(storage: Storage) -> None:
    storage.delete("photos/none.jpg")
    assert storage.listdir("photos/none") == ([], [])
    for ask in (storage.size, storage.get_modified_time, lambda name: storage.open(name).read()):
        with pytest.raises(FileNotFoundError):
            ask("photos/none.jpg")


def test_a_file_is_read_from_any_place_and_what_has_its_name_is_replaced(storage: Storage) -> None:
    storage.save("x.bin", ContentFile(DIGITS))
    with storage.open("x.bin") as file:
        assert file.size == len(DIGITS)
        assert file.seek(-3, os.SEEK_END) == len(DIGITS) - 3
        assert file.read() == b"789"
        assert file.read() == b""
        file.seek(500_002)
        assert file.read(4) == b"2345"
        file.seek(1, os.SEEK_CUR)
        assert file.read(3) == b"789"
        file.seek(0)
        assert file.read() == DIGITS
    storage.save("x.bin", ContentFile("chữ"))
    assert storage.open("x.bin").read() == "chữ".encode()
    with pytest.raises(ValueError, match="only read"):
        storage.open("x.bin", "wb")


def test_originals_lie_apart_and_have_no_address(in_bucket: Bucket) -> None:
    storages["originals"].save("x.jpg", ContentFile(b"with place"))
    assert in_bucket.objects == ["originals/x.jpg"]
    assert not default_storage.exists("x.jpg")
    with pytest.raises(SuspiciousFileOperation):
        default_storage.exists("../originals/x.jpg")
    with pytest.raises(ValueError, match="no address"):
        storages["originals"].url("x.jpg")


def test_nobody_but_the_newsroom_gets_anything(storage: Storage, in_bucket: Bucket) -> None:
    storage.save("photos/ab/320.jpg", ContentFile(b"picture"))
    with pytest.raises(HTTPError):
        urlopen(f"{in_bucket.public_url}media/photos/ab/320.jpg")


def test_a_wrong_key_is_no_missing_file(storage: BucketStorage) -> None:
    wrong = {**storage.address, "secret": "another"}
    with pytest.raises(ConnectionError, match="refuses"):
        BucketStorage(address=wrong, folder="media").size("x.jpg")


def test_after_a_failure_nobody_waits_for_a_moment(out_of_reach: None) -> None:
    with pytest.raises(ConnectionError, match="does not answer"):
        default_storage.exists("x.jpg")
    with pytest.raises(ConnectionError, match="a moment ago"):
        default_storage.exists("x.jpg")


def test_the_setting_alone_puts_the_files_into_the_bucket(bucket: Bucket, tmp_path: Path) -> None:
    code = (
        "from django.core.files.base import ContentFile as C;"
        "from django.core.files.storage import default_storage as d;"
        "from photos.models import Photo;"
        "d.save('y.txt', C(b'y')); Photo.original.field.storage.save('z.txt', C(b'z'))"
    )
    settings = {"DJANGO_SETTINGS_MODULE": "newsroom.settings", "DATA_DIR": str(tmp_path)}
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", code]
    environment = {**os.environ, **settings, "STORAGE_URL": bucket.url}
    subprocess.run(command, cwd=PROJECT_DIR, env=environment, check=True)
    assert bucket.objects == ["media/y.txt", "originals/z.txt"]
