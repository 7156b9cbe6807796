"""Stored pages are those of one version of the program: a new one must not show them.

A page names style sheets and scripts by their content and is as the templates made it, so pages of
before an upgrade would look as before it until something on them changes.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from newsroom.pagestore.store import Store

# What of the settings shows on pages.
SETTINGS = (
    *("LANGUAGE_CODE", "SITE_URL", "FEED_FULL_TEXT", "COMMENT_MAX_LENGTH"),
    *("OFFLINE_READING", "WEBSUB_HUB_URL", "MEDIA_URL", "STATIC_URL"),
)
SOURCES = {".py", ".html", ".xml", ".mo", ".js"}
NOT_SERVED = {"tests", "bench", "scripts"}


def drop_pages_of_another_release(store: Store | None) -> bool:
    """Drop every page unless the last server of this store was the same program; whether it did."""
    if store is None:
        return False
    note = store.folder / "release"
    now = fingerprint()
    if note.exists() and note.read_text(encoding="utf-8") == now:
        return False
    store.folder.mkdir(parents=True, exist_ok=True)
    store.clear()
    note.write_text(now, encoding="utf-8")
    return True


def fingerprint() -> str:
    """The same for the same code, templates, static files and settings."""
    digest = hashlib.sha256()
    for name in SETTINGS:
        digest.update(f"{name}={getattr(settings, name, None)!r}\n".encode())
    for file in _files():
        digest.update(f"{file.name} {file.stat().st_size}\n".encode() + file.read_bytes())
    return digest.hexdigest()


def _files() -> Iterator[Path]:
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if manifest.exists():
        yield manifest
    for folder in sorted(Path(settings.BASE_DIR).iterdir()):
        is_app = (folder / "__init__.py").exists() and folder.name not in NOT_SERVED
        if is_app or folder.name in ("templates", "locale"):
            yield from sorted(file for file in folder.rglob("*") if file.suffix in SOURCES)
