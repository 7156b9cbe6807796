"""Style sheets and scripts that a page asks for in one request though they are written apart.

A static files finder: with it ``collectstatic`` and the development server find each bundle as if
it were a file of ``static/``. Nothing has to be built by hand.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

# Each bundle lies in the folder of its parts, so that addresses inside them stay right.
BUNDLES = {
    "css/paper.css": (
        *("css/tokens.css", "css/base.css", "css/layout.css"),
        *("css/components/site.css", "css/components/card.css", "css/components/most-read.css"),
        *("css/components/archive.css", "css/components/offline.css"),
        "css/components/recordings.css",
        "css/print.css",
    ),
    "css/story.css": (
        *("css/components/article.css", "css/components/comments.css"),
        "css/components/listen.css",
    ),
    "js/paper.js": (
        *("js/site-clock.js", "js/reading-comfort.js", "js/panels.js"),
        "js/offline.js",
    ),
    "js/story.js": (
        *("js/share.js", "js/gallery.js", "js/embed.js"),
        *("js/comment-form.js", "js/most-read.js"),
        *("js/save-later.js", "js/listen-button.js"),
    ),
    "js/saved.js": ("js/save-later.js", "js/saved-list.js"),
}


class BundleFinder(BaseFinder):
    def __init__(self, app_names: Any = None, *args: Any, **kwargs: Any) -> None:
        self.folder = Path(settings.DATA_DIR) / "bundles"
        self.sources = settings.BASE_DIR / "static"
        super().__init__(*args, **kwargs)

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Where the bundle lies, freshly made; an empty list for any other path."""
        if path not in BUNDLES:
            return []
        found = str(self._make(path))
        return [found] if find_all else found

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        storage = FileSystemStorage(location=self.folder)
        for path in BUNDLES:
            self._make(path)
            yield path, storage

    def _make(self, path: str) -> Path:
        bundle = self.folder / path
        content = "\n".join(_part(self.sources / name) for name in BUNDLES[path]).encode()
        if not bundle.exists() or bundle.read_bytes() != content:
            bundle.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=bundle.parent, delete=False) as file:
                file.write(content)
            Path(file.name).chmod(0o644)
            Path(file.name).replace(bundle)  # readers find the old bundle or the new, never half
        return bundle


def _part(source: Path) -> str:
    """One file, closed off so that its names and its medium do not reach the next."""
    text = source.read_text(encoding="utf-8")
    if source.suffix == ".js":
        return f"{{\n{text}}}"
    return f"@media print {{\n{text}}}" if source.name == "print.css" else text
