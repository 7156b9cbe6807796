"""Settings for every installation: all that differs comes from environment variables.

The README lists the variables; ``newsroom.env`` reads them and explains wrong values.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

from core.vietnamese import HANOI
from newsroom import env

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = env.data_dir()

DEBUG = env.flag("DEBUG", False)
SECRET_KEY = env.secret_key(DATA_DIR)
# Any host by default, so that a first start answers on every address of the machine.
ALLOWED_HOSTS = env.list_of("ALLOWED_HOSTS", ["*"])
# The paper's public address (https://…), for feeds, sitemaps and canonical links. Empty: that of
# the request.
SITE_URL = env.site_url("SITE_URL")
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL else []
# Behind a proxy that ends TLS and sets X-Forwarded-Proto and X-Forwarded-For.
BEHIND_PROXY = env.flag("BEHIND_PROXY", False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

INSTALLED_APPS = [
    "newsroom",
    "api",
    "comments",
    "live",
    "search",
    "mostread",
    "offline",
    "articles",
    "categories",
    "masthead",
    "recordings",
    "photos",
    "accounts",
    "core",
    "ckeditor",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
]

MIDDLEWARE = [
    "newsroom.security.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "newsroom.compression.CompressionMiddleware",
    "newsroom.publicpages.PublicPageMiddleware",
    "newsroom.languages.LanguageOfAddressMiddleware",
    "newsroom.refusals.RefusalMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.StaffLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "newsroom.urls"
# Who leaves out the slash at the end is sent on by newsroom.errors, where there is something; with
# DEBUG on Django answers 404 itself.
APPEND_SLASH = DEBUG
WSGI_APPLICATION = "newsroom.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
# Form widgets may use our own templates.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.append("django.forms")

DATABASES = env.database(DATA_DIR)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "admin:login"
CSRF_FAILURE_VIEW = "newsroom.errors.form_expired"
SESSION_COOKIE_AGE = int(timedelta(days=14).total_seconds())
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_URL.startswith("https://")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = env.choice("LANGUAGE_CODE", "vi", ["vi", "en"])
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
# Datelines name it, and scripts count by it: no setting.
TIME_ZONE = HANOI.key
USE_TZ = True
FORMAT_MODULE_PATH = ["newsroom.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "newsroom.bundles.BundleFinder",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "newsroom.static_files.AppFilesFinder",
]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Photos as they were sent, with their metadata: never served.
    "originals": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "originals", "base_url": None},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Or both in a bucket, which the public never asks itself: addresses stay ours.
if BUCKET := env.bucket():
    STORAGES |= env.in_bucket(BUCKET, MEDIA_URL)
# CKEditor asks for its own files by their plain names.
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# An article form with many photos and links has many fields.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

EDITOR_WIDGET = "core.editor.EditorWidget"
CKEDITOR_CONFIGS: dict[str, dict[str, object]] = {}
SILENCED_SYSTEM_CHECKS = [
    # CKEditor 4 gets no more fixes. What it sends is treated as hostile: core.html cleans it at
    # every save, its upload views are not mounted, and core.editor switches the risky parts off.
    "ckeditor.W001",
    # TLS is ended by the proxy in front, which also redirects and sends HSTS (deploy/).
    "security.W004",
    "security.W008",
]

# Finished pages: file:// keeps them in DATA_DIR, redis://… also tells other machines of changes.
PAGE_STORE_URL = env.text("PAGE_STORE_URL", "file://")
PAGE_STORE_MB = env.integer("PAGE_STORE_MB", 512, minimum=1, maximum=1_000_000)
# Also as files that nginx serves by itself (deploy/nginx.conf).
PAGE_STORE_NGINX = env.flag("PAGE_STORE_NGINX", False)
# Where nginx is told of changed files, on this machine.
PAGE_STORE_NGINX_PORT = env.integer("PAGE_STORE_NGINX_PORT", 8001, minimum=1, maximum=65535)
# A reader waits so long for a page that is not stored while PostgreSQL gives no sign of life. When
# the machine is only busy, a page is worth waiting for.
PAGE_RENDER_SECONDS = env.integer("PAGE_RENDER_SECONDS", 2, minimum=1, maximum=60)
# Proxies and CDNs that are told what changed (newsroom.pagestore.purge).
PURGE_URLS = env.list_of("PURGE_URLS")

PHOTO_MAX_BYTES = env.integer("PHOTO_MAX_MB", 25, minimum=1, maximum=200) * 1024 * 1024
PHOTO_MAX_PIXELS = env.integer("PHOTO_MAX_MEGAPIXELS", 60, minimum=1, maximum=200) * 1_000_000
RECORDING_MAX_BYTES = env.integer("RECORDING_MAX_MB", 200, minimum=1, maximum=4000) * 1024 * 1024
COMMENT_MAX_LENGTH = env.integer("COMMENT_MAX_LENGTH", 1000, minimum=50, maximum=10_000)
# How many comments one sender may leave in ten minutes.
COMMENT_RATE = env.integer("COMMENT_RATE", 5, minimum=1, maximum=1000)
SECTION_PAGE_SIZE = 20

# Whole articles in feeds rather than their standfirsts.
FEED_FULL_TEXT = env.flag("FEED_FULL_TEXT", False)
# Who is told of new and changed pages (articles.announcing); empty: nobody.
WEBSUB_HUB_URL = env.web_address("WEBSUB_HUB_URL")
INDEXNOW_KEY = env.public_key("INDEXNOW_KEY")
INDEXNOW_URL = env.web_address("INDEXNOW_URL", "https://api.indexnow.org/indexnow")

# Whether readers' browsers may install the paper and keep its pages (offline/worker.js).
OFFLINE_READING = env.flag("OFFLINE_READING", True)

LOG_LEVEL = env.choice("LOG_LEVEL", "info", ["debug", "info", "warning", "error"]).upper()
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
}
