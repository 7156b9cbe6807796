"""Which of the installed apps' static files are collected."""

import re
from collections.abc import Iterator
from typing import Any

from django.contrib.staticfiles.finders import AppDirectoriesFinder

from core.editor import REMOVED

# The editor's package brings a thousand files that no page asks for: its other skin, its samples,
# seventy languages, the parts that are switched off. Compressing them takes most of the time.
_LANGUAGES = "en|vi"
_UNUSED = re.compile(
    r"ckeditor/(?:"
    r"galleriffic/|ckeditor/(?:"
    r"samples/|skins/moono/|[^/]*\.md$|adapters/"
    rf"|(?:plugins/(?:[^/]+/)+)?lang/(?!(?:{_LANGUAGES})\.js$)"
    rf"|plugins/(?:{REMOVED.replace(',', '|')})/"
    r"))"
)


class AppFilesFinder(AppDirectoriesFinder):
    """Those of the apps, without what the editor's package does not need here."""

    def list(self, ignore_patterns: Any) -> Iterator[Any]:
        for path, storage in super().list(ignore_patterns):
            if not _UNUSED.match(path):
                yield path, storage
