"""Readers of the process environment that the settings use: switches, lists, addresses, the kept secret."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
FALSE_WORDS = frozenset({"", "0", "false", "no", "off"})

# IMMEDIATE takes the write lock at BEGIN, so two writers queue instead of failing halfway; WAL lets
# readers go on meanwhile.
SQLITE_OPTIONS: Mapping[str, Any] = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA mmap_size=134217728;"
        "PRAGMA journal_size_limit=67108864;PRAGMA cache_size=-16000;PRAGMA temp_store=MEMORY;"
    ),
}


def switch(name: str, *, default: bool = False) -> bool:
    """Read a yes-or-no variable.

    Raises:
        ImproperlyConfigured: If the value is neither a yes nor a no.
    """
    text = os.environ.get(name)
    if text is None:
        return default
    word = text.strip().lower()
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    raise ImproperlyConfigured(f"{name} is {text!r}; write 1 or 0.")


def words(name: str, *, default: str = "") -> list[str]:
    """Read a comma-separated variable; blanks are dropped."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def sqlite_at(path: Path | str) -> dict[str, Any]:
    """Describe an SQLite database that several processes may write to at once."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": dict(SQLITE_OPTIONS),
        # Each new connection runs the PRAGMAs again, about a millisecond; HTTP runs on a fixed
        # pool of threads, so connections may be kept.
        "CONN_MAX_AGE": 600,
    }


def database(url: str, *, default_path: Path) -> dict[str, Any]:
    """Turn `DATABASE_URL` into Django's settings; an empty one means SQLite at the default path.

    Args:
        url: `postgres://user:password@host:port/name?option=value`, `sqlite:///path`, or nothing.
        default_path: Where the SQLite database lies when no address is given.

    Raises:
        ImproperlyConfigured: If the scheme is unknown or the database has no name.
    """
    if not url:
        return sqlite_at(default_path)
    parts = urlsplit(url)
    name = unquote(parts.path.removeprefix("/"))
    if not name:
        raise ImproperlyConfigured("DATABASE_URL names no database; write scheme://…/name.")
    if parts.scheme == "sqlite":
        return sqlite_at(name)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(
            f"DATABASE_URL has the scheme {parts.scheme!r}; use postgres:// or sqlite:///."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


def identity_providers() -> list[dict[str, Any]]:
    """The organisation's own sign-on (OpenID Connect), if `OIDC_ISSUER` names one.

    Raises:
        ImproperlyConfigured: If it is named without the client that it knows us by.
    """
    issuer = os.environ.get("OIDC_ISSUER", "")
    if not issuer:
        return []
    client = {name: os.environ.get(name, "") for name in ("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")}
    missing = [name for name, value in client.items() if not value]
    if missing:
        raise ImproperlyConfigured(f"OIDC_ISSUER is set, but {' and '.join(missing)} is not.")
    return [
        {
            "provider_id": os.environ.get("OIDC_PROVIDER_ID", "sso"),
            "name": os.environ.get("OIDC_NAME", "Single sign-on"),
            "client_id": client["OIDC_CLIENT_ID"],
            "secret": client["OIDC_CLIENT_SECRET"],
            "settings": {"server_url": issuer},
        }
    ]


def kept_secret(folder: Path) -> str:
    """Return this installation's own secret; make it on first use, readable by its owner only."""
    path = folder / "secret_key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    secret = secrets.token_urlsafe(48)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secret)
    return secret
