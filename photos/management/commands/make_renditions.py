"""Makes the public files of photos that are not there: after a restore, or for new widths."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.files.storage import Storage, default_storage
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from photos import renditions
from photos.archive import PhotoError, make_renditions
from photos.models import Photo

# Younger files may belong to an upload that is just going on.
SWEEP_AFTER = timedelta(hours=1)


class Command(BaseCommand):
    help = "Make missing renditions of photos from their originals."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="make those that are there, too")
        parser.add_argument(
            "--sweep", action="store_true", help="then delete files that belong to no photo"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        made, failed = 0, 0
        total = Photo.objects.count()
        for number, photo in enumerate(Photo.objects.order_by("-pk").iterator(100), 1):
            wanted = renditions.all_sizes(photo) if options["all"] else renditions.missing(photo)
            if not wanted:
                continue
            try:
                make_renditions(photo, only=wanted)
            except PhotoError as error:
                failed += 1
                self.stderr.write(f"photo {photo.pk} ({photo.original_name}): {error.messages[0]}")
                continue
            made += 1
            if options["verbosity"] > 1 or number % 50 == 0:
                self.stdout.write(f"{number} of {total}")
        self.stdout.write(f"{total} photos, {made} made anew, {failed} failed")
        if options["sweep"]:
            self.stdout.write(f"{_sweep()} files and folders of no photo deleted")
        if failed:
            raise CommandError(f"{failed} photos have no usable original")


def _sweep() -> int:
    originals = Photo.original.field.storage
    names = set(Photo.objects.values_list("original", flat=True))
    lost = [name for name in _names(originals, "", files=True) if name not in names]
    lost = [name for name in lost if _is_old(originals, name)]
    for name in lost:
        originals.delete(name)
    keys = set(Photo.objects.values_list("key", flat=True))
    folders = [
        key
        for key in _names(default_storage, renditions.FOLDER, files=False)
        if key not in keys and _is_old_folder(f"{renditions.FOLDER}/{key}")
    ]
    for key in folders:
        renditions.remove(key)
    return len(lost) + len(folders)


def _names(storage: Storage, folder: str, *, files: bool) -> list[str]:
    try:
        return list(storage.listdir(folder)[1 if files else 0])
    except FileNotFoundError:
        return []


def _is_old(storage: Storage, name: str) -> bool:
    return storage.get_modified_time(name) < timezone.now() - SWEEP_AFTER


def _is_old_folder(folder: str) -> bool:
    """By its files: in a bucket a folder has no time of its own."""
    names = _names(default_storage, folder, files=True) or [""]
    return all(_is_old(default_storage, f"{folder}/{name}") for name in names)
