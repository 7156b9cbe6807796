from pathlib import Path
from typing import Any

import pytest

from photos.models import Photo


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file in the storages is one that the test made."""
    settings.MEDIA_ROOT = tmp_path / "media"
    originals = Photo._meta.get_field("original").storage
    monkeypatch.setattr(originals, "location", str(tmp_path / "originals"))
    monkeypatch.setattr(originals, "base_location", str(tmp_path / "originals"))
