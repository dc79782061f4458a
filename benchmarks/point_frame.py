"""Server CPU of one point frame of 200,000 points: an immutable file by its signed link.

`python -m benchmarks.point_frame` prints JSON. The frame is written by the importer's own code, and
served by the same server as ever, in a process of its own whose processor time is read.
"""

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.timing import report

POINTS = 200_000
REQUESTS = 400
WARM_UP = 50
MOST_CPU_MS = 10.0
READY_WITHIN_S = 60
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
STORE = f"""
import numpy as np, django
django.setup()
from apps.modalities.base import Circumstances
from apps.modalities.lidar.prepare import prepare_sweep
from apps.scenes.links import asset_link, link_expiry
from apps.scenes.services.assets import store_file
from numerics.geometry.rigid import Rigid
rng = np.random.default_rng(3)
turn, reach = np.sort(rng.uniform(-3.14, 3.14, {POINTS})), rng.gamma(2, 12, {POINTS})
cloud = np.column_stack([reach * np.cos(turn), reach * np.sin(turn), rng.normal(-1.7, 0.4, {POINTS}),
                         rng.beta(2, 5, {POINTS})]).astype("<f4")
here = Circumstances(at_s=0, ego_from_sensor=Rigid.identity())
form = prepare_sweep(cloud.tobytes(), "a.bin", here).display
stored = store_file(form.content, extension=form.extension)
print(asset_link(stored.sha256, stored.extension, until=link_expiry()), stored.size_bytes)
"""


@contextmanager
def server(environ: dict[str, str]) -> Iterator[tuple[int, int]]:
    """Start the server; gives its process and its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        *(sys.executable, "-m", "uvicorn", "config.asgi:application", "--port", str(port)),
        *("--lifespan", "off", "--no-access-log", "--log-level", "warning"),
    ]
    process = subprocess.Popen(command, env=environ, stderr=subprocess.DEVNULL)
    try:
        deadline_s = time.monotonic() + READY_WITHIN_S
        while socket.socket().connect_ex(("127.0.0.1", port)):
            if time.monotonic() > deadline_s:
                raise SystemExit("the server did not start")
            time.sleep(0.1)
        yield process.pid, port
    finally:
        process.terminate()
        process.wait()


def cpu_s(pid: int) -> float:
    """Processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_A_SECOND


def fetch(line: http.client.HTTPConnection, link: str, **headers: str) -> tuple[int, int]:
    """Get it once over a line that stays open; gives status and length."""
    line.request("GET", link, headers=headers)
    answer = line.getresponse()
    return answer.status, len(answer.read())


def timed(pid: int, port: int, link: str, **headers: str) -> dict[str, Any]:
    """Fetch again and again; processor time and wall clock of one."""
    line = http.client.HTTPConnection("127.0.0.1", port)
    for _ in range(WARM_UP):
        status, length = fetch(line, link, **headers)
    cpu_before, before = cpu_s(pid), time.perf_counter()
    for _ in range(REQUESTS):
        fetch(line, link, **headers)
    used_s, took_s = cpu_s(pid) - cpu_before, time.perf_counter() - before
    line.close()
    return {
        "status": status,
        "bytes": length,
        "cpu_ms": round(1000 * used_s / REQUESTS, 3),
        "wall_ms": round(1000 * took_s / REQUESTS, 3),
    }


def main() -> int:
    """Print the figures."""
    with tempfile.TemporaryDirectory(prefix="concord-bench-") as folder:
        environ = {
            **os.environ,
            "CONCORD_DATA_DIR": folder,
            "DATABASE_URL": "",
            "LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "config.settings.base",
        }
        stored = subprocess.run(
            [sys.executable, "-c", STORE], env=environ, check=True, capture_output=True, text=True
        )
        link, _ = stored.stdout.split()
        etag = f'"{link.rpartition("/")[2].partition(".")[0]}"'
        with server(environ) as (pid, port):
            whole = timed(pid, port, link)
            part = timed(pid, port, link, Range="bytes=0-65535")
            held = timed(pid, port, link, **{"If-None-Match": etag})
    ok = whole["status"] == 200 and whole["cpu_ms"] <= MOST_CPU_MS
    report(
        "point_frame",
        points=POINTS,
        whole=whole,
        first_64_kib=part,
        held_already=held,
        most_cpu_ms=MOST_CPU_MS,
        ok=ok,
    )
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
