"""What the settings read from the environment."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.environment import database, kept_secret, switch, words

PROJECT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.parametrize(
    ("text", "value"), [("1", True), ("Yes", True), (" on ", True), ("0", False), ("", False)]
)
def test_a_switch_is_on_or_off(monkeypatch, text, value):
    monkeypatch.setenv("A_SWITCH", text)

    assert switch("A_SWITCH") is value


def test_a_switch_is_nothing_else(monkeypatch):
    monkeypatch.setenv("A_SWITCH", "maybe")

    with pytest.raises(ImproperlyConfigured, match="A_SWITCH is 'maybe'; write 1 or 0"):
        switch("A_SWITCH")


def test_words_are_cut_at_commas(monkeypatch):
    monkeypatch.setenv("SOME_WORDS", "a.example, b.example,,")

    assert words("SOME_WORDS") == ["a.example", "b.example"]
    assert words("NO_WORDS", default="x") == ["x"]


def test_a_database_address_is_taken_apart(tmp_path):
    found = database(
        "postgres://me:p%40ss@db.example:5433/con?sslmode=require", default_path=tmp_path
    )

    assert found["ENGINE"].endswith("postgresql")
    assert (found["NAME"], found["USER"], found["PASSWORD"]) == ("con", "me", "p@ss")
    assert (found["HOST"], found["PORT"]) == ("db.example", "5433")
    assert found["OPTIONS"] == {"sslmode": "require"}


def test_a_socket_folder_may_be_the_host(tmp_path):
    found = database("postgres://me@%2Frun%2Fpg/con", default_path=tmp_path)

    assert found["HOST"] == "/run/pg"


def test_without_an_address_it_is_sqlite_that_many_may_write(tmp_path):
    found = database("", default_path=tmp_path / "db.sqlite3")

    assert found["NAME"] == str(tmp_path / "db.sqlite3")
    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert (
        database("sqlite:////data/x.sqlite3", default_path=tmp_path)["NAME"] == "/data/x.sqlite3"
    )


@pytest.mark.parametrize("url", ["mysql://h/db", "postgres://host", "db.sqlite3"])
def test_another_address_is_refused_in_words(tmp_path, url):
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        database(url, default_path=tmp_path)


def test_the_secret_is_made_once_and_kept_private(tmp_path):
    first = kept_secret(tmp_path)

    assert len(first) > 40
    assert kept_secret(tmp_path) == first
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"ALLOWED_HOSTS": "x.example"}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": "s" * 60}, "ALLOWED_HOSTS is not set"),
        ({"SECRET_KEY": "s" * 60, "ALLOWED_HOSTS": "x.example", "DEBUG": "1"}, "DEBUG is on"),
    ],
)
def test_production_starts_on_nothing_guessed(tmp_path, given, said):
    kept = {
        k: v for k, v in os.environ.items() if k not in {"SECRET_KEY", "ALLOWED_HOSTS", "DEBUG"}
    }
    environ = {**kept, "CONCORD_DATA_DIR": str(tmp_path), **given}

    run = subprocess.run(
        [sys.executable, "-c", "import config.settings.production"],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 1
    assert said in run.stderr


def test_production_passes_djangos_own_check_of_deployments(tmp_path):
    environ = {
        **os.environ,
        "CONCORD_DATA_DIR": str(tmp_path),
        "SECRET_KEY": "correct-horse-battery-staple-0123456789-abcdefghijklmnop",
        "ALLOWED_HOSTS": "concord.example",
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
    }
    (tmp_path / "static").mkdir()

    run = subprocess.run(
        [
            *(sys.executable, "manage.py", "check", "--deploy"),
            *("--tag", "security", "--fail-level", "WARNING"),
        ],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stderr


def test_every_variable_that_is_read_is_in_the_reference():
    reading = re.compile(
        r"""(?:os\.environ\.get\(|os\.environ\[|switch\(|words\()\s*"([A-Z][A-Z0-9_]+)\""""
    )
    read = {
        name
        for path in (PROJECT / "config").rglob("*.py")
        if path.name != "test.py"
        for name in reading.findall(path.read_text(encoding="utf-8"))
    }
    page = (PROJECT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")

    assert len(read) > 25
    assert {name for name in read if f"`{name}`" not in page} == set()
