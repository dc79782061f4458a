"""Databases for one benchmark run, and processes that work on them."""

import importlib
import multiprocessing
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import django
import psycopg
from django.core.management import call_command

CONTEXT = multiprocessing.get_context("spawn")


@dataclass(frozen=True, slots=True)
class Scratch:
    """A migrated database of its own.

    Attributes:
        environ: What a process needs in its environment to work on it.
    """

    environ: dict[str, str]


def vendor() -> str:
    """On which database benchmarks run: `sqlite`, or `postgresql` when `DATABASE_URL` names one."""
    return "postgresql" if os.environ.get("DATABASE_URL", "").startswith("postgres") else "sqlite"


@contextmanager
def scratch_database(name: str) -> Iterator[Scratch]:
    """Make a database beside the one that `DATABASE_URL` names, or an SQLite file; drop it after."""
    url = os.environ.get("DATABASE_URL", "")
    with tempfile.TemporaryDirectory(prefix=f"concord-bench-{name}-") as folder:
        environ = {"CONCORD_DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings.base"}
        if vendor() == "sqlite":
            own = f"sqlite:///{Path(folder) / 'db.sqlite3'}"
            scratch = Scratch({**environ, "DATABASE_URL": own})
            run(scratch, "benchmarks.scratch", "migrate")
            yield scratch
            return
        database = f"concord_bench_{name}_{os.getpid()}"
        with psycopg.connect(url, autocommit=True) as admin:
            admin.execute(f'CREATE DATABASE "{database}"')
        try:
            own = urlunsplit(urlsplit(url)._replace(path=f"/{database}"))
            scratch = Scratch({**environ, "DATABASE_URL": own})
            run(scratch, "benchmarks.scratch", "migrate")
            yield scratch
        finally:
            with psycopg.connect(url, autocommit=True) as admin:
                admin.execute(f'DROP DATABASE "{database}" WITH (FORCE)')


def start(
    scratch: Scratch, module: str, function: str, *arguments: object
) -> tuple[SpawnProcess, Any]:
    """Start a function in a process of its own on the database.

    The function gets one end of a pipe, then the arguments.

    Returns:
        The process, and the other end.
    """
    here, there = CONTEXT.Pipe()
    before = dict(os.environ)
    os.environ.update(scratch.environ)
    try:
        process = CONTEXT.Process(target=_call, args=(module, function, there, *arguments))
        process.start()
    finally:
        os.environ.clear()
        os.environ.update(before)
    there.close()
    return process, here


def run(scratch: Scratch, module: str, function: str, *arguments: object) -> Any:
    """Run a function in a process of its own and wait for what it sends, if anything."""
    process, pipe = start(scratch, module, function, *arguments)
    try:
        return pipe.recv()
    except EOFError:
        return None
    finally:
        process.join()
        if process.exitcode:
            raise SystemExit(f"{module}.{function} ended with status {process.exitcode}")


def migrate(_pipe: Any) -> None:
    """Make the tables."""
    call_command("migrate", verbosity=0)


def _call(module: str, function: str, pipe: Any, *arguments: object) -> None:
    # Models can be imported only once Django is set up, and that by name.
    django.setup()
    getattr(importlib.import_module(module), function)(pipe, *arguments)
