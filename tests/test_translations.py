"""Everything people see is there in Vietnamese, and the compiled catalogues are those in sight."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.utils import translation

PROJECT_DIR = Path(__file__).resolve().parents[1]
APPS = [path.parent.name for path in sorted(PROJECT_DIR.glob("*/apps.py"))]
FOLDERS = [PROJECT_DIR, *(PROJECT_DIR / app for app in APPS)]
CATALOGUES = [path for folder in FOLDERS for path in folder.glob("locale/vi/LC_MESSAGES/django.po")]
MARKS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "N_"}
IN_TEMPLATE = re.compile(r"""{%\s*translate\s+(?:"([^"]+)"|'([^']+)')""")
NAMES = [str(path.relative_to(PROJECT_DIR)) for path in CATALOGUES]


def python_texts() -> Iterator[tuple[str, str]]:
    """Each text marked for translation in our code, and where it stands."""
    for app in APPS:
        for file in sorted((PROJECT_DIR / app).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    first = node.args[0] if node.args else None
                    if node.func.id in MARKS and isinstance(first, ast.Constant):
                        yield str(first.value), f"{file.relative_to(PROJECT_DIR)}:{node.lineno}"


def template_texts() -> Iterator[tuple[str, str]]:
    for file in sorted(PROJECT_DIR.glob("**/templates/**/*.html")):
        if ".venv" not in file.parts:
            for match in IN_TEMPLATE.finditer(file.read_text(encoding="utf-8")):
                yield match[1] or match[2], str(file.relative_to(PROJECT_DIR))


def test_every_text_in_code_and_templates_has_a_vietnamese_one() -> None:
    # Numbers and marks may be the same in both; so may a word such as “e-mail”.
    known = {entry.msgid for path in CATALOGUES for entry in polib.pofile(str(path))}
    with translation.override("vi"):
        missing = {
            f"{place}: {text}"
            for text, place in (*python_texts(), *template_texts())
            if text not in known and translation.gettext(text) == text
        }
    assert missing == set()


@pytest.mark.parametrize("path", CATALOGUES, ids=NAMES)
def test_a_catalogue_is_complete_and_compiled(path: Path) -> None:
    catalogue = polib.pofile(str(path))
    empty = [entry.msgid for entry in catalogue.untranslated_entries()]
    fuzzy = [entry.msgid for entry in catalogue.fuzzy_entries()]
    assert (empty, fuzzy) == ([], [])
    compiled = {
        (entry.msgctxt, entry.msgid): (entry.msgstr, entry.msgstr_plural)
        for entry in polib.mofile(str(path.with_suffix(".mo")))
    }
    written = {
        (entry.msgctxt, entry.msgid): (entry.msgstr, entry.msgstr_plural)
        for entry in catalogue
        if not entry.obsolete
    }
    assert compiled == written


@pytest.mark.parametrize("path", CATALOGUES, ids=NAMES)
def test_a_translation_keeps_the_places_to_fill_in(path: Path) -> None:
    place = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
    for entry in polib.pofile(str(path)):
        for text in (entry.msgstr, *entry.msgstr_plural.values()):
            if text:
                wanted = {*place.findall(entry.msgid), *place.findall(entry.msgid_plural)}
                assert set(place.findall(text)) == wanted, entry.msgid
