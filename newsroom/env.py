"""Reads settings from environment variables and says in one sentence what is wrong with one.

Each reader returns a value the settings can use as it is, or raises WrongSetting, whose text names
the variable, what it holds and what is accepted. An empty variable counts as one that is not set.
"""

import os
import re
import secrets
import sys
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

PROJECT_DIR = Path(__file__).resolve().parent.parent

YES = ("1", "true", "yes", "on")
NO = ("0", "false", "no", "off")

SECRET_KEY_FILE = "secret-key"  # noqa: S105
SHORTEST_SECRET_KEY = 32

SQLITE_FILE = "newsroom.sqlite3"
SQLITE_OPTIONS = {
    # A writer takes its lock at the start and waits for it, so no transaction fails half way.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # Readers go on while one writes; a power cut may lose the last moment, never the file.
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}
POSTGRES_SCHEMES = ("postgres", "postgresql")
POSTGRES_CONNECTION_SECONDS = 600
POSTGRES_OPTIONS = {
    "connect_timeout": "5",
    # A connection whose other end vanished is given up after seconds, not a quarter of an hour.
    "tcp_user_timeout": "4000",
    "keepalives_idle": "20",
    "keepalives_interval": "5",
    "keepalives_count": "3",
}


# How an address begins, and how the bucket is then asked.
BUCKET_SCHEMES = {"s3": "https", "s3+https": "https", "s3+http": "http"}
BUCKET_ADDRESSING = ("path", "virtual")
BUCKET_PACKAGE, BUCKET_REQUIREMENTS = "botocore", "requirements/s3.txt"


class WrongSetting(ImproperlyConfigured):
    """An environment variable holds something the newsroom cannot use."""

    def __init__(self, name: str, value: object, accepted: str) -> None:
        super().__init__(f"{name} is {value!r}, but it must be {accepted}.")
        self.name = name


def explain_and_exit(error: Exception) -> NoReturn:
    """Print what is wrong as one sentence, without a traceback, and leave with status 1."""
    print(f"newsroom: {error}", file=sys.stderr)  # noqa: T201
    raise SystemExit(1)


def text(name: str, default: str = "") -> str:
    """The variable as it is, without surrounding blanks."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool) -> bool:
    """A yes or no, written as 1/0, true/false, yes/no or on/off."""
    value = text(name).lower()
    if not value:
        return default
    if value in YES:
        return True
    if value in NO:
        return False
    raise WrongSetting(name, text(name), "one of 1, true, yes, on, 0, false, no or off")


def integer(
    name: str, default: int, *, minimum: int | None = None, maximum: int | None = None
) -> int:
    """A whole number within the limits, both of which are allowed values themselves."""
    value = text(name)
    if not value:
        return default
    accepted = f"a whole number{_between(minimum, maximum)}"
    try:
        number = int(value)
    except ValueError:
        raise WrongSetting(name, value, accepted) from None
    too_small = minimum is not None and number < minimum
    too_large = maximum is not None and number > maximum
    if too_small or too_large:
        raise WrongSetting(name, value, accepted)
    return number


def choice(name: str, default: str, accepted: Sequence[str]) -> str:
    """One of the accepted values."""
    value = text(name, default)
    if value not in accepted:
        raise WrongSetting(name, value, f"one of {', '.join(accepted)}")
    return value


def list_of(name: str, default: Sequence[str] = ()) -> list[str]:
    """Values separated by commas; blanks around them and empty ones are dropped."""
    values = [value.strip() for value in text(name).split(",")]
    return [value for value in values if value] or list(default)


def site_url(name: str, default: str = "") -> str:
    """The address readers use, http or https with a host and nothing after it but a port."""
    value = text(name, default).rstrip("/")
    accepted = "an address such as https://news.example, with nothing after the host and port"
    if not value:
        return value
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        raise WrongSetting(name, value, accepted) from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise WrongSetting(name, value, accepted)
    if parts.path or parts.query or parts.fragment or parts.username:
        raise WrongSetting(name, value, accepted)
    return value


def web_address(name: str, default: str = "") -> str:
    """An address that a program of ours asks, http or https; may be empty."""
    value = text(name, default)
    if value and not re.match(r"https?://[^\s/]", value):
        raise WrongSetting(name, value, "an address such as https://hub.example/")
    return value


def public_key(name: str) -> str:
    """A key that becomes part of an address of ours; may be empty."""
    value = text(name)
    if value and not re.fullmatch(r"[A-Za-z0-9-]{8,128}", value):
        raise WrongSetting(name, value, "8 to 128 letters, digits and dashes")
    return value


def data_dir(name: str = "DATA_DIR") -> Path:
    """The folder that holds all that must be kept; made when it is not there yet."""
    value = text(name)
    folder = Path(value).expanduser().absolute() if value else PROJECT_DIR / "var"
    accepted = "a folder that can be made and written to"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise WrongSetting(name, str(folder), accepted) from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise WrongSetting(name, str(folder), accepted)
    return folder


def secret_key(folder: Path, name: str = "SECRET_KEY") -> str:
    """The variable, else the key kept in the folder, which is made once.

    Of several processes that start at once on an empty folder all get the same key.
    """
    given = text(name)
    if given:
        if len(given) < SHORTEST_SECRET_KEY:
            raise WrongSetting(
                name, "…", f"at least {SHORTEST_SECRET_KEY} characters long (it has {len(given)})"
            )
        return given
    path = folder / SECRET_KEY_FILE
    if not path.exists():
        _write_once(path, secrets.token_urlsafe(64))
    try:
        key = path.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        key = ""
    if len(key) < SHORTEST_SECRET_KEY:
        raise WrongSetting(name, "", f"set, as {path} cannot be read or holds no key")
    return key


def database(folder: Path, name: str = "DATABASE_URL") -> dict[str, dict[str, Any]]:
    """Django's DATABASES from an address; without one, an SQLite file in the folder.

    sqlite:///relative.sqlite3, sqlite:////absolute.sqlite3 and
    postgres://user:password@host:port/name are accepted. Signs such as @ or / within a user name
    or password are written as %40 or %2F. What follows a ? goes to the PostgreSQL driver.
    """
    value = text(name)
    if not value:
        return {"default": _sqlite(folder / SQLITE_FILE)}
    # A password must not reach a log or a screen.
    shown = _without_password(value)
    accepted = "sqlite:///path/to/file or postgres://user:password@host:port/name"
    try:
        address = urlsplit(value)
        port = address.port
    except ValueError:
        raise WrongSetting(name, shown, accepted) from None
    path = unquote(address.path.removeprefix("/"))
    if not path:
        raise WrongSetting(name, shown, accepted)
    if address.scheme == "sqlite" and not address.netloc:
        return {"default": _sqlite(Path(path).absolute())}
    if address.scheme in POSTGRES_SCHEMES:
        return {"default": _postgres(address, path, port)}
    raise WrongSetting(name, shown, accepted)


def bucket(name: str = "STORAGE_URL") -> dict[str, str] | None:
    """Where photos and recordings lie when not on this machine's disk: an S3-compatible bucket.

    s3://key:secret@host:port/bucket is asked over TLS, s3+http:// without. A folder in the bucket
    may follow its name. After a ? may stand region=… and addressing=virtual, for servers that want
    the bucket's name in front of the host's. Without key and secret they are looked for where
    Amazon's programs have them.
    """
    value = text(name)
    if not value:
        return None
    shown = _without_password(value)
    accepted = "s3://key:secret@host/bucket?region=…, with signs such as / in a secret as %2F"
    try:
        address = urlsplit(value)
        port = address.port
        options = dict(parse_qsl(address.query, strict_parsing=bool(address.query)))
    except ValueError:
        raise WrongSetting(name, shown, accepted) from None
    scheme = BUCKET_SCHEMES.get(address.scheme)
    found, _slash, folder = unquote(address.path).strip("/").partition("/")
    addressing = options.get("addressing", BUCKET_ADDRESSING[0])
    known = options.keys() <= {"region", "addressing"} and addressing in BUCKET_ADDRESSING
    if not (scheme and address.hostname and found and known) or address.fragment:
        raise WrongSetting(name, shown, accepted)
    if bool(address.username) != bool(address.password):
        raise WrongSetting(name, shown, accepted)
    if find_spec(BUCKET_PACKAGE) is None:
        wanted = (
            f"empty until {BUCKET_REQUIREMENTS} is installed (scripts/venv {BUCKET_REQUIREMENTS})"
        )
        raise WrongSetting(name, shown, wanted)
    host = f"[{address.hostname}]" if ":" in address.hostname else address.hostname
    return {
        "endpoint": f"{scheme}://{host}{f':{port}' if port else ''}",
        "bucket": found,
        "prefix": f"{folder}/" if folder else "",
        "key": unquote(address.username or ""),
        "secret": unquote(address.password or ""),
        "region": options.get("region", "us-east-1"),
        "addressing": addressing,
    }


def in_bucket(address: dict[str, str], media_url: str) -> dict[str, dict[str, Any]]:
    """Django's STORAGES for the files that must be kept, in the bucket at ``address``."""
    backend = "newsroom.bucket.BucketStorage"
    public = {"address": address, "folder": "media", "base_url": media_url}
    originals = {"address": address, "folder": "originals"}
    return {
        "default": {"BACKEND": backend, "OPTIONS": public},
        "originals": {"BACKEND": backend, "OPTIONS": originals},
    }


def _between(minimum: int | None, maximum: int | None) -> str:
    if minimum is not None and maximum is not None:
        return f" from {minimum} to {maximum}"
    if minimum is not None:
        return f" of at least {minimum}"
    if maximum is not None:
        return f" of at most {maximum}"
    return ""


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": dict(SQLITE_OPTIONS),
    }


def _postgres(address: SplitResult, database_name: str, port: int | None) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database_name,
        "USER": unquote(address.username or ""),
        "PASSWORD": unquote(address.password or ""),
        "HOST": unquote(address.hostname or ""),
        "PORT": str(port or ""),
        "CONN_MAX_AGE": POSTGRES_CONNECTION_SECONDS,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**POSTGRES_OPTIONS, **dict(parse_qsl(address.query))},
    }


def _without_password(address: str) -> str:
    scheme, found, rest = address.partition("://")
    before, at, after = rest.rpartition("@")
    if not found or not at:
        return address
    user = before.split(":")[0]
    return f"{scheme}://{user}:…@{after}"


def _write_once(path: Path, content: str) -> None:
    """Write a file that only its owner may read, unless another process was faster."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # A link appears complete or not at all, and never replaces one that is there.
        os.link(temporary, path)
    except OSError:
        # Another process was faster, or the reader of the file will say what is wrong.
        pass
    finally:
        Path(temporary).unlink()
