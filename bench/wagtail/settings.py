"""The other site of the benchmark, with the settings that Wagtail's project template comes with.

``DATA`` is its folder. ``CACHE`` is empty, or ``guide``: wagtail-cache as its installation guide
says, in files; or ``best``: in the memory of each process, pages kept compressed.
"""

import os
from pathlib import Path

DATA = Path(os.environ["DATA"])
CACHE = os.environ.get("CACHE", "")

SECRET_KEY = "only for the benchmark"
DEBUG = False
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "urls"
WSGI_APPLICATION = "wsgi.application"
INSTALLED_APPS = [
    "paper",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]
IN_MEMORY = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
IN_FILES = {
    "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
    "LOCATION": DATA / "cache",
}
CACHES = {"default": IN_MEMORY}
if CACHE:
    INSTALLED_APPS.append("wagtailcache")
    MIDDLEWARE = [
        "wagtailcache.cache.UpdateCacheMiddleware",
        # After it, so that what is kept is compressed already.
        *(["django.middleware.gzip.GZipMiddleware"] if CACHE == "best" else []),
        *MIDDLEWARE,
        "wagtailcache.cache.FetchFromCacheMiddleware",
    ]
    place = IN_MEMORY if CACHE == "best" else IN_FILES
    CACHES = {"default": {**place, "KEY_PREFIX": "wagtailcache", "TIMEOUT": 4 * 60 * 60}}
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": DATA / "db.sqlite3"}}
MIGRATION_MODULES = {"paper": "paper_migrations"}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "vi"
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA / "media"
WAGTAIL_SITE_NAME = "Báo Sông Quê"
WAGTAILADMIN_BASE_URL = "http://news.example"
