"""Settings from the environment: what is taken, and what a wrong value is told."""

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from newsroom import env

PROJECT_DIR = Path(__file__).resolve().parents[2]
NAME = "NEWSROOM_TEST"


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.delenv(NAME, raising=False)
    return monkeypatch


def test_an_empty_variable_counts_as_not_set(given: pytest.MonkeyPatch) -> None:
    given.setenv(NAME, "  ")
    assert env.text(NAME, "default") == "default"
    assert env.flag(NAME, True) is True
    assert env.integer(NAME, 7) == 7
    assert env.list_of(NAME, ["*"]) == ["*"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [("1", True), ("TRUE", True), ("yes", True), ("on", True), ("0", False), ("No", False)],
)
def test_it_reads_a_flag(given: pytest.MonkeyPatch, written: str, meant: bool) -> None:
    given.setenv(NAME, written)
    assert env.flag(NAME, not meant) is meant


def test_it_refuses_a_flag_that_is_neither_yes_nor_no(given: pytest.MonkeyPatch) -> None:
    given.setenv(NAME, "maybe")
    with pytest.raises(env.WrongSetting, match=f"{NAME} is 'maybe', but it must be one of 1, true"):
        env.flag(NAME, False)


@pytest.mark.parametrize("written", ["1", "8000", "65535"])
def test_it_reads_a_number_within_its_limits(given: pytest.MonkeyPatch, written: str) -> None:
    given.setenv(NAME, written)
    assert env.integer(NAME, 5, minimum=1, maximum=65535) == int(written)


@pytest.mark.parametrize("written", ["0", "65536", "-1", "8000.5", "http", "８０ ００"])
def test_it_refuses_any_other_number(given: pytest.MonkeyPatch, written: str) -> None:
    given.setenv(NAME, written)
    with pytest.raises(env.WrongSetting, match="a whole number from 1 to 65535"):
        env.integer(NAME, 5, minimum=1, maximum=65535)


def test_it_reads_one_of_the_accepted_values(given: pytest.MonkeyPatch) -> None:
    given.setenv(NAME, "en")
    assert env.choice(NAME, "vi", ["vi", "en"]) == "en"


def test_it_refuses_a_value_that_is_not_among_them(given: pytest.MonkeyPatch) -> None:
    given.setenv(NAME, "xx")
    with pytest.raises(env.WrongSetting, match="'xx', but it must be one of vi, en"):
        env.choice(NAME, "vi", ["vi", "en"])


def test_it_splits_a_list_at_commas(given: pytest.MonkeyPatch) -> None:
    given.setenv(NAME, "news.example, www.news.example,,")
    assert env.list_of(NAME, ["*"]) == ["news.example", "www.news.example"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://news.example/", "https://news.example"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
    ],
)
def test_it_reads_the_address_of_the_site(
    given: pytest.MonkeyPatch, written: str, meant: str
) -> None:
    given.setenv(NAME, written)
    assert env.site_url(NAME) == meant


@pytest.mark.parametrize(
    "written",
    ["news.example", "ftp://news.example", "https://", "https://a.example/x", "https://a:port"],
)
def test_it_refuses_what_is_no_address_of_a_site(given: pytest.MonkeyPatch, written: str) -> None:
    given.setenv(NAME, written)
    with pytest.raises(env.WrongSetting, match="an address such as"):
        env.site_url(NAME)


def test_it_makes_the_data_folder(given: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given.setenv(NAME, str(tmp_path / "new" / "folder"))
    assert env.data_dir(NAME) == tmp_path / "new" / "folder"
    assert (tmp_path / "new" / "folder").is_dir()


def test_it_refuses_a_data_folder_that_cannot_be_made(
    given: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    given.setenv(NAME, str(tmp_path / "file" / "folder"))
    with pytest.raises(env.WrongSetting, match="a folder that can be made and written to"):
        env.data_dir(NAME)


def test_it_refuses_a_data_folder_it_may_not_write_to(given: pytest.MonkeyPatch) -> None:
    # Not even root may write here.
    given.setenv(NAME, "/proc/self")
    with pytest.raises(env.WrongSetting, match="a folder that can be made and written to"):
        env.data_dir(NAME)


def test_the_secret_key_is_made_once_for_its_owner_alone(
    given: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    key = env.secret_key(tmp_path, NAME)
    assert len(key) >= 50
    assert env.secret_key(tmp_path, NAME) == key
    assert [path.name for path in tmp_path.iterdir()] == [env.SECRET_KEY_FILE]
    assert stat.S_IMODE((tmp_path / env.SECRET_KEY_FILE).stat().st_mode) == 0o600


def test_processes_that_start_at_once_agree_on_the_secret_key(
    given: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(lambda _: env.secret_key(tmp_path, NAME), range(64)))
    assert len(keys) == 1
    assert [path.name for path in tmp_path.iterdir()] == [env.SECRET_KEY_FILE]


def test_a_secret_key_from_the_environment_wins(given: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given.setenv(NAME, "k" * 32)
    assert env.secret_key(tmp_path, NAME) == "k" * 32
    assert not list(tmp_path.iterdir())


def test_a_short_secret_key_is_refused_and_not_shown(
    given: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given.setenv(NAME, "hunter2")
    with pytest.raises(env.WrongSetting, match="at least 32 characters") as refusal:
        env.secret_key(tmp_path, NAME)
    assert "hunter2" not in str(refusal.value)


def test_an_empty_secret_key_file_is_refused(given: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / env.SECRET_KEY_FILE).touch()
    with pytest.raises(env.WrongSetting, match="cannot be read or holds no key"):
        env.secret_key(tmp_path, NAME)


def test_without_an_address_the_database_is_a_file_in_the_data_folder(
    given: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    database = env.database(tmp_path, NAME)["default"]
    assert database["NAME"] == tmp_path / "newsroom.sqlite3"
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert database["OPTIONS"]["timeout"] == 20
    assert "journal_mode=WAL" in database["OPTIONS"]["init_command"]
    assert "synchronous=NORMAL" in database["OPTIONS"]["init_command"]


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("sqlite:////srv/paper/b%C3%A1o.sqlite3", Path("/srv/paper/báo.sqlite3")),
        ("sqlite:///paper.sqlite3", Path("paper.sqlite3").absolute()),
    ],
)
def test_it_reads_the_address_of_an_sqlite_file(
    given: pytest.MonkeyPatch, tmp_path: Path, written: str, path: Path
) -> None:
    given.setenv(NAME, written)
    assert env.database(tmp_path, NAME)["default"]["NAME"] == path


def test_it_reads_the_address_of_a_postgresql_database(
    given: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given.setenv(
        NAME, "postgresql://t%C3%B2a:p%40ss%2Fw%3Ard@db.example:6432/b%C3%A1o?sslmode=require"
    )
    assert env.database(tmp_path, NAME)["default"] == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "báo",
        "USER": "tòa",
        "PASSWORD": "p@ss/w:rd",
        "HOST": "db.example",
        "PORT": "6432",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**env.POSTGRES_OPTIONS, "sslmode": "require"},
    }


@pytest.mark.parametrize(
    "written",
    [
        "mysql://u:secret@h/db",
        "postgres://u:secret@h:99999/db",
        "postgres://u:secret@h",
        "sqlite://h/x",
        "paper.sqlite3",
        "sqlite:///",
        "postgres://[u:secret@h/db",
    ],
)
def test_it_refuses_another_database_and_keeps_the_password_to_itself(
    given: pytest.MonkeyPatch, tmp_path: Path, written: str
) -> None:
    given.setenv(NAME, written)
    with pytest.raises(env.WrongSetting, match="sqlite:///path/to/file or postgres://") as refusal:
        env.database(tmp_path, NAME)
    assert "secret" not in str(refusal.value)


def start(module: list[str], folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Start one of our programs with some variables set."""
    return subprocess.run(
        [sys.executable, *module],
        cwd=PROJECT_DIR,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "newsroom.settings",
            "DATA_DIR": str(folder),
            **variables,
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "maybe"),
        ("DATABASE_URL", "mysql://user:word@host/name"),
        ("LANGUAGE_CODE", "xx"),
        ("SITE_URL", "news.example"),
        ("DATA_DIR", "/proc/self"),
        ("LOG_LEVEL", "shout"),
    ],
)
def test_a_command_stops_at_a_wrong_value_with_one_sentence(
    tmp_path: Path, name: str, value: str
) -> None:
    refused = start(["manage.py", "check"], tmp_path, **{name: value})
    assert refused.returncode == 1
    lines = refused.stderr.splitlines()
    assert len(lines) == 1, refused.stderr
    assert lines[0].startswith(f"newsroom: {name} is ")


def test_a_command_runs_with_right_values(tmp_path: Path) -> None:
    done = start(
        ["manage.py", "check"], tmp_path, DEBUG="0", LANGUAGE_CODE="en",
        SITE_URL="https://news.example", LOG_LEVEL="warning",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_the_time_is_that_of_hanoi_whatever_the_environment_says(tmp_path: Path) -> None:
    told = "from django.conf import settings; print(settings.TIME_ZONE)"
    done = start(["manage.py", "shell", "-v0", "-c", told], tmp_path, TIME_ZONE="UTC", TZ="UTC")
    assert done.stdout.strip() == "Asia/Ho_Chi_Minh", done.stderr


@pytest.mark.parametrize("value", ["0", "65536", "eighty"])
def test_the_server_refuses_a_wrong_port_with_one_sentence(tmp_path: Path, value: str) -> None:
    refused = start(["-m", "newsroom.server"], tmp_path, PORT=value)
    assert refused.returncode == 1
    assert refused.stderr.splitlines() == [
        f"newsroom: PORT is {value!r}, but it must be a whole number from 1 to 65535."
    ]


@pytest.mark.parametrize("written", ["https://hub.example/", "http://127.0.0.1:8080/x?y=1", ""])
def test_it_reads_an_address_to_ask(given: pytest.MonkeyPatch, written: str) -> None:
    given.setenv(NAME, written)
    assert env.web_address(NAME) == written


@pytest.mark.parametrize("written", ["hub.example", "file:///etc/passwd", "https://", "https:// a"])
def test_it_refuses_any_other_address(given: pytest.MonkeyPatch, written: str) -> None:
    given.setenv(NAME, written)
    with pytest.raises(env.WrongSetting, match=r"https://hub\.example/"):
        env.web_address(NAME)


def test_it_reads_a_key_that_is_made_public(given: pytest.MonkeyPatch) -> None:
    given.setenv(NAME, "0123-abCD")
    assert env.public_key(NAME) == "0123-abCD"


@pytest.mark.parametrize("written", ["ngắn", "short", "../../../x", "a" * 129, "with blanks in it"])
def test_it_refuses_a_key_that_makes_no_address(given: pytest.MonkeyPatch, written: str) -> None:
    given.setenv(NAME, written)
    with pytest.raises(env.WrongSetting, match="letters, digits"):
        env.public_key(NAME)


def test_it_reads_the_address_of_a_bucket(given: pytest.MonkeyPatch) -> None:
    assert env.bucket(NAME) is None
    given.setenv(NAME, "s3://key:a%2Fb@s3.example:9000/paper/part/?region=hn-1&addressing=virtual")
    assert env.bucket(NAME) == {
        "endpoint": "https://s3.example:9000",
        "bucket": "paper",
        "prefix": "part/",
        "key": "key",
        "secret": "a/b",
        "region": "hn-1",
        "addressing": "virtual",
    }
    given.setenv(NAME, "s3+http://127.0.0.1/paper")
    address = env.bucket(NAME)
    assert address
    assert (address["endpoint"], address["prefix"]) == ("http://127.0.0.1", "")
    assert (address["key"], address["secret"], address["addressing"]) == ("", "", "path")
    given.setenv(NAME, "s3+http://key:secret@[::1]:9000/paper")
    address = env.bucket(NAME)
    assert address
    assert address["endpoint"] == "http://[::1]:9000"


@pytest.mark.parametrize(
    "written",
    [
        "s3://key:hidden@s3.example",
        "https://key:hidden@s3.example/paper",
        "s3:///paper",
        "s3://key@s3.example/paper",
        "s3://key:hidden@s3.example:port/paper",
        "s3://key:hidden@s3.example/paper?zone=1",
        "s3://key:hidden@s3.example/paper?addressing=dns",
        "s3://key:hidden/part@s3.example/paper",
        "paper",
    ],
)
def test_it_refuses_what_is_no_bucket_without_showing_the_secret(
    given: pytest.MonkeyPatch, written: str
) -> None:
    given.setenv(NAME, written)
    with pytest.raises(env.WrongSetting, match="s3://key:secret@host/bucket") as refusal:
        env.bucket(NAME)
    assert "hidden" not in str(refusal.value)
