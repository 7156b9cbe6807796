"""The settings under test, with a folder of this run's own.

pytest-django loads the settings before any conftest, so this is where the environment that they
read is set: nothing a test does may reach the data of a newspaper that runs here.

TEST_DATABASE_URL  the database (an SQLite file of this run when it is not set)
"""

import os
import tempfile
from pathlib import Path

RUN_DIR = Path(tempfile.mkdtemp(prefix="newsroom-tests-"))
for _name in (
    "ALLOWED_HOSTS",
    "COMMENT_MAX_LENGTH",
    "COMMENT_RATE",
    "DATABASE_URL",
    "DEBUG",
    "LANGUAGE_CODE",
    "LOG_LEVEL",
    "PORT",
    "SECRET_KEY",
    "SITE_URL",
    "STORAGE_URL",
):
    os.environ.pop(_name, None)
os.environ["DATA_DIR"] = str(RUN_DIR)
if os.environ.get("TEST_DATABASE_URL"):
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]
(RUN_DIR / "static").mkdir()

from newsroom.settings import *  # noqa: E402, F403

# Static files without hashed names, so that no collectstatic is needed; quick passwords.
STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
