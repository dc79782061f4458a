"""A whole portal of its own for a test: real processes, an own database, an own data folder."""

import os
import secrets
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import redis

PROJECT = Path(__file__).resolve().parent.parent
READY_WITHIN_S = 120
STOPPED_WITHIN_S = 60


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(is_true: Callable[[], object], *, within_s: float = 60, what: str = "it") -> None:
    """Look every tenth of a second; fail the test if it never comes true."""
    deadline_s = time.monotonic() + within_s
    while not is_true():
        assert time.monotonic() < deadline_s, f"{what} did not happen within {within_s:.0f} s"
        time.sleep(0.1)


class Site:
    """One portal.

    Attributes:
        folder: Its data folder.
        database: The name of its database on the server, if there is a server.
        environ: The environment of its processes; change it before the first call.
        url: Where it answers once started.
    """

    def __init__(
        self, folder: Path, *, static: Path, redis_number: int, like: "Site | None" = None
    ) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "up.log"
        self.environ = {
            **{k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"},
            "CONCORD_DATA_DIR": str(folder),
            "CONCORD_STATIC_DIR": str(static),
        }
        self.database = ""
        self._running: list[subprocess.Popen[bytes]] = []
        if os.environ.get("DATABASE_URL"):
            self._make_database(os.environ["DATABASE_URL"], like=like.database if like else "")
        elif like is not None:
            shutil.copy(like.folder / "db.sqlite3", folder / "db.sqlite3")
        if os.environ.get("REDIS_URL"):
            self._take_redis(os.environ["REDIS_URL"], redis_number)

    def manage(self, *args: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a management command to its end."""
        return self.run(sys.executable, "manage.py", *args, check=check)

    def python(self, code: str) -> str:
        """Run a few lines with the site's models loaded; answers with what they print."""
        head = "import django; django.setup()\n"
        self.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.base"
        return self.run(sys.executable, "-W", "error", "-c", head + code).stdout

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Read the site's database beside its processes."""
        if self.database:
            with psycopg.connect(self.environ["DATABASE_URL"]) as reader:
                return reader.execute(sql).fetchall()
        with closing(sqlite3.connect(self.folder / "db.sqlite3")) as reader:
            return reader.execute(sql).fetchall()

    def run(self, *argv: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command in the site's environment to its end."""
        done = subprocess.run(
            argv, cwd=PROJECT, env=self.environ, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0 or not check, done.stdout + done.stderr
        return done

    def spawn(self, *argv: str) -> subprocess.Popen[bytes]:
        """Start a process that is ended with the site, if the test does not end it before."""
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                argv,
                cwd=PROJECT,
                env=self.environ,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._running.append(process)
        return process

    def start(self, *options: str) -> subprocess.Popen[bytes]:
        """Start `manage.py up` and wait until it answers."""
        process = self.spawn(sys.executable, "manage.py", "up", "--port", str(self.port), *options)
        wait_until(
            lambda: process.poll() is not None or self.answers(),
            within_s=READY_WITHIN_S,
            what=f"an answer of {self.url}",
        )
        assert process.poll() is None, self.said()
        return process

    def answers(self) -> bool:
        """Whether the site says that it is well."""
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def said(self) -> str:
        """What its processes printed."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def close(self) -> None:
        """End its processes and drop its database."""
        for process in self._running:
            if process.poll() is None:
                process.terminate()
        for process in self._running:
            try:
                process.wait(STOPPED_WITHIN_S)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        if self.database:
            with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as admin:
                admin.execute(f'DROP DATABASE IF EXISTS "{self.database}" WITH (FORCE)')

    def _make_database(self, url: str, *, like: str) -> None:
        self.database = f"concord_site_{secrets.token_hex(6)}"
        template = f' TEMPLATE "{like}"' if like else ""
        with psycopg.connect(url, autocommit=True) as admin:
            admin.execute(f'CREATE DATABASE "{self.database}"{template}')
        parts = urlsplit(url)
        self.environ["DATABASE_URL"] = urlunsplit(parts._replace(path=f"/{self.database}"))

    def _take_redis(self, url: str, number: int) -> None:
        own = urlunsplit(urlsplit(url)._replace(path=f"/{number}"))
        with redis.Redis.from_url(own) as server:
            server.flushdb()
        self.environ["REDIS_URL"] = own


def group_of(process: subprocess.Popen[bytes]) -> list[int]:
    """The process and all that descend from it, living or orphaned since."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found = [process.pid]
    for pid in found:
        found += children.get(pid, [])
    return found


def is_alive(pid: int) -> bool:
    """Whether a process runs (a zombie does not)."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"
