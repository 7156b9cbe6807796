"""The entry point, as a WSGI server other than ours would load it."""

import os
import subprocess
import sys
from pathlib import Path

from tests.conftest import PROJECT_DIR

LOADED = """
import gc, os
from newsroom.wsgi import application
waits_for_garbage = len(gc.get_objects())
gc.unfreeze()
print(callable(application), waits_for_garbage / len(gc.get_objects()), flush=True)
os._exit(0)
"""


def test_it_is_loaded_by_its_name_alone_and_not_looked_through_again(tmp_path: Path) -> None:
    environment = {**os.environ, "DATA_DIR": str(tmp_path)}
    del environment["DJANGO_SETTINGS_MODULE"]
    said = subprocess.run(
        [sys.executable, "-c", LOADED],
        cwd=PROJECT_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert said[0] == "True"
    assert float(said[1]) < 0.01
