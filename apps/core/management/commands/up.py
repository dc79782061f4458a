"""Starts the whole portal on one machine: web server, workers and clock, with no broker installed."""

import hashlib
import os
import signal
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError

from apps.core.supervision import Child, say, supervise

EVERYWHERE = {"0.0.0.0", "::", ""}  # noqa: S104 - compared with, not listened on
READY_WITHIN_S = 120.0
# A worker that finds its parent dead gives its messages back at once (Celery's cold shutdown).
AT_ONCE = signal.SIGQUIT


class Command(BaseCommand):
    help = "Migrate, collect the static files, and run web, workers and clock until told to stop."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
        parser.add_argument("--web-processes", type=int, default=1)
        parser.add_argument(
            "--seed-demo", action="store_true", help="fill an empty database with the demo"
        )
        parser.add_argument(
            "--no-prepare", action="store_true", help="neither migrate nor collect static files"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        refuse_taken_port(host, port)
        if not options["no_prepare"]:
            call_command("migrate", verbosity=0)
            collect_changed_files()
        if options["seed_demo"]:
            seed_once()
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        address = f"http://{'localhost' if host in EVERYWHERE else host}:{port}"
        announcing = threading.Thread(
            target=announce,
            args=(address, stop),
            kwargs={"with_logins": options["seed_demo"]},
            daemon=True,
        )
        announcing.start()
        supervise(
            children(host=host, port=port, web_processes=options["web_processes"]), stop=stop
        )
        say("up", "stopped")


def refuse_taken_port(host: str, port: int) -> None:
    """Say at once that the port is in use.

    Raises:
        CommandError: If it is.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"Port {port} on {host} cannot be used ({error.strerror}); choose another with "
                "PORT=… or --port."
            ) from error


def collect_changed_files() -> None:
    """Collect the static files, which takes seconds, unless none has changed since the last time."""
    fingerprint = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            found = Path(storage.path(path)).stat()
            fingerprint.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    kept = settings.STATIC_ROOT.with_suffix(".fingerprint")
    if kept.is_file() and kept.read_text(encoding="ascii") == fingerprint.hexdigest():
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    kept.write_text(fingerprint.hexdigest(), encoding="ascii")


def children(*, host: str, port: int, web_processes: int) -> list[Child]:
    """Name the processes of the portal."""
    environ = {"PYTHONUNBUFFERED": "1"}
    if host not in EVERYWHERE and host not in settings.ALLOWED_HOSTS:
        environ["ALLOWED_HOSTS"] = ",".join([*settings.ALLOWED_HOSTS, host])
    return [
        Child("web", web(host, port=port, processes=web_processes), environ=environ),
        # Short work may be fetched ahead; minutes of work may not hold up what could go elsewhere.
        Child("worker", worker("default", prefetch=4, nice=5), AT_ONCE, environ),
        Child("long", worker("long", prefetch=1, nice=10), AT_ONCE, environ),
        Child("clock", clock(), environ=environ),
    ]


def web(host: str, *, port: int, processes: int) -> list[str]:
    """The command of the web server."""
    return [
        *(sys.executable, "-m", "uvicorn", "config.asgi:application"),
        *("--host", host, "--port", str(port), "--workers", str(processes)),
        *("--lifespan", "off", "--no-access-log", "--log-level", "warning"),
        *("--timeout-graceful-shutdown", "5"),
    ]


def worker(queue: str, *, prefetch: int, nice: int) -> list[str]:
    """The command of a worker; less urgent than the web server, as people wait for that."""
    return [
        *("nice", "-n", str(nice)),
        *(sys.executable, "-m", "celery", "-A", "config.celery", "-q", "worker", "-Q", queue),
        *("-n", f"{queue}@%h", "-P", "prefork", "-c", "1", "--prefetch-multiplier", str(prefetch)),
        *("-l", "WARNING", "--without-gossip", "--without-mingle", "--without-heartbeat"),
        *("--max-tasks-per-child", "500"),
    ]


def clock() -> list[str]:
    """The command of the process that sends the regular jobs."""
    return [
        *(sys.executable, "-m", "celery", "-A", "config.celery", "-q", "beat", "-l", "WARNING"),
        *("-s", str(settings.DATA_DIR / "beat"), "--pidfile="),
    ]


def seed_once() -> None:
    """Fill an empty database with the demo; one with projects is somebody's and stays as it is."""
    if "seed_demo" not in get_commands():
        say("up", "this build has no demo to seed")
    elif not apps.get_model("projects", "Project").objects.exists():
        call_command("seed_demo")


def announce(address: str, stop: threading.Event, *, with_logins: bool) -> None:
    """Print the address once it answers, and the demo's logins if there are any."""
    deadline_s = time.monotonic() + READY_WITHIN_S
    while not answers(f"{address}/healthz"):
        if stop.wait(0.2):
            return
        if time.monotonic() > deadline_s:
            say("up", f"{address} does not answer; see the lines above")
            return
    say("up", f"Concord is at {address}")
    logins = settings.DATA_DIR / "demo-logins.txt"
    if with_logins and logins.is_file():
        for line in logins.read_text(encoding="utf-8").splitlines():
            say("up", line)


def answers(url: str) -> bool:
    """Whether the web server says that it is well."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - our own http address
            return bool(answer.status == 200)  # noqa: PLR2004 - OK
    except (urllib.error.URLError, OSError):
        return False
