"""The settings of a newspaper that runs, but for the static files: no collectstatic is needed."""

from newsroom.settings import *  # noqa: F403

STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
