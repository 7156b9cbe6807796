from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: Any) -> None:
    """Every file in the storage is one that the test made."""
    settings.MEDIA_ROOT = tmp_path / "media"
