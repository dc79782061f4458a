"""A worker's application with tasks that leave traces in a file, for the tests that kill workers."""

import os
import time
from pathlib import Path

from apps.core.jobs import carry_out
from apps.core.services import advance
from config.celery import app
from config.settings.base import DATA_DIR

TRACES = DATA_DIR / "traces"

app.conf.broker_transport_options = {"lease_s": 2.0}


def leave(trace: str) -> None:
    """Append one line; a short write with O_APPEND is whole."""
    with Path(TRACES).open("a", encoding="ascii") as file:
        file.write(f"{trace}\n")


@app.task(name="probe.nap")
def nap(number: int, seconds: float) -> None:
    leave(f"begin {number} {os.getpid()}")
    time.sleep(seconds)
    leave(f"end {number} {os.getpid()}")


@app.task(name="probe.run")
def count_slowly(run_id: int, upto: int) -> None:
    def work(run):
        for done in range(run.done, upto):
            time.sleep(0.2)
            advance(run, done=done + 1, total=upto)

    carry_out(run_id, work)
