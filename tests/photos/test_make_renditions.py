"""The command that makes missing public files anew."""

import os
import time
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from photos import renditions
from photos.archive import add_photo
from photos.models import Photo
from tests.factories import image_bytes

pytestmark = pytest.mark.django_db


def make_photo() -> Photo:
    return add_photo(ContentFile(image_bytes(), name="anh.jpg"))


def run(*options: str) -> str:
    out = StringIO()
    call_command("make_renditions", *options, stdout=out, stderr=out)
    return out.getvalue()


def test_it_makes_what_is_missing_and_only_that() -> None:
    photo, whole = make_photo(), make_photo()
    kept = Path(default_storage.path(f"photos/{whole.key}/320.jpg"))
    os.utime(kept, (1, 1))
    renditions.remove(photo.key)
    assert "2 photos, 1 made anew, 0 failed" in run()
    assert renditions.missing(photo) == []
    assert kept.stat().st_mtime == 1
    assert "2 photos, 0 made anew" in run()
    assert "2 photos, 2 made anew" in run("--all")
    assert kept.stat().st_mtime > 1


def test_a_lost_original_is_named_and_the_others_are_made() -> None:
    photo, lost = make_photo(), make_photo()
    for one in (photo, lost):
        renditions.remove(one.key)
    lost.original.storage.delete(lost.original.name)
    with pytest.raises(CommandError, match="1 photos have no usable original"):
        run()
    assert renditions.missing(photo) == []


def test_sweeping_deletes_old_files_of_no_photo_alone() -> None:
    photo, gone = make_photo(), make_photo()
    Photo.objects.filter(pk=gone.pk).delete()
    folder = Path(default_storage.path(f"photos/{gone.key}"))
    original = Path(gone.original.path)
    assert "0 files" in run("--sweep")
    assert folder.exists()
    long_ago = time.time() - 7200
    for path in (folder, *folder.iterdir(), original):
        os.utime(path, (long_ago, long_ago))
    assert "2 files" in run("--sweep")
    assert not folder.exists()
    assert not original.exists()
    assert renditions.missing(photo) == []
    assert photo.original.storage.exists(photo.original.name)
