"""The README's table of settings is complete and lists nothing that is not read."""

import re
from pathlib import Path

PROJECT_DIR = Path(__file__).resolve().parents[2]
READERS = "text|flag|integer|choice|list_of|site_url|web_address|public_key"
READ = re.compile(rf'env\.(?:{READERS})\(\s*"([A-Z_]+)"')
# Those whose name is a default of the function that reads them.
ALWAYS = {"DATA_DIR", "DATABASE_URL", "SECRET_KEY", "STORAGE_URL"}


def test_the_readme_lists_the_settings_that_are_read() -> None:
    code = [*PROJECT_DIR.glob("newsroom/*.py"), *PROJECT_DIR.glob("newsroom/pagestore/*.py")]
    read = {name for file in code for name in READ.findall(file.read_text(encoding="utf-8"))}
    readme = (PROJECT_DIR / "README.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `([A-Z_]+)` \|", readme, re.MULTILINE))
    assert listed == read | ALWAYS
