"""Every text of a public template is in the Vietnamese catalogues."""

import re

import polib
import pytest
from django.conf import settings

TEXT = re.compile(r"""{%\s*translate\s+(?:"([^"]+)"|'([^']+)')""")


def vietnamese() -> dict[str, polib.POEntry]:
    folders = [*settings.BASE_DIR.glob("*/locale"), settings.BASE_DIR / "locale"]
    files = [folder / "vi/LC_MESSAGES/django.po" for folder in folders]
    return {
        entry.msgid: entry
        for file in files
        if file.exists()
        for entry in polib.pofile(str(file))
        if entry.translated()
    }


@pytest.mark.parametrize("folder", ["site", "components", "articles", "categories", "."])
def test_templates_speak_vietnamese(folder: str) -> None:
    known = vietnamese()
    missing = [
        (file.name, text)
        for file in (settings.BASE_DIR / "templates" / folder).glob("*.html")
        for match in TEXT.finditer(file.read_text())
        if (text := match[1] or match[2]) not in known
    ]
    assert missing == []


def test_the_compiled_catalogue_is_up_to_date() -> None:
    folder = settings.BASE_DIR / "locale/vi/LC_MESSAGES"
    written = {
        entry.msgid: (entry.msgstr, entry.msgstr_plural)
        for entry in polib.pofile(str(folder / "django.po"))
    }
    compiled = {
        entry.msgid: (entry.msgstr, entry.msgstr_plural)
        for entry in polib.mofile(str(folder / "django.mo"))
    }
    assert compiled == written
