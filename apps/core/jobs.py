"""How background runs are sent to a worker, carried out there, and found again after a crash."""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

from celery import current_app, shared_task
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from apps.core.errors import PortalError
from apps.core.models import JobRun
from apps.core.services import (
    RunCancelled,
    RunSuperseded,
    beat,
    begin_run,
    fail,
    finish,
    revive_stale_runs,
    stop,
)

logger = logging.getLogger(__name__)

Work = Callable[[JobRun], Mapping[str, Any] | None]


def enqueue_run(run: JobRun) -> None:
    """Send a run to a worker once the transaction commits."""
    if run.task_name not in current_app.tasks:
        current_app.loader.import_default_modules()  # a worker does this at its start
    task = current_app.tasks[run.task_name]
    kwargs = {"run_id": run.pk, **run.task_kwargs}
    transaction.on_commit(partial(task.apply_async, kwargs=kwargs, queue=run.queue))


def carry_out(run_id: int, work: Work) -> None:
    """Do a run's work under its fencing token, and write down how it ended.

    Args:
        run_id: The run; a finished one, or one alive elsewhere, is left alone.
        work: Does it, calling `advance` and `raise_if_cancelled` between its units; it must stand
            being begun again after a crash. What it returns becomes the run's report.
    """
    run = begin_run(run_id)
    if run is None:
        logger.info("run left alone", extra={"run": run_id})
        return
    logger.info("run begun", extra={"run": run.pk, "kind": run.kind, "attempt": run.attempts})
    try:
        with _heartbeat(run):
            report = work(run)
        finish(run, report=report)
    except RunCancelled:
        stop(run)
    except RunSuperseded:
        logger.warning("run begun again elsewhere", extra={"run": run.pk})
    except PortalError as error:
        fail(run, message=error.detail, report=error.extra)
    except Exception:
        fail(run, message="It stopped at a fault of the portal; the operators can see it.")
        raise
    logger.info("run ended", extra={"run": run.pk, "kind": run.kind, "state": run.state})


@contextmanager
def _heartbeat(run: JobRun) -> Iterator[None]:
    """Keep the run's heartbeat fresh from a thread while the work computes."""
    ended = threading.Event()

    def keep() -> None:
        while not ended.wait(settings.RUN_HEARTBEAT_S):
            try:
                beat(run)
            except DatabaseError:
                # One missed beat is no death; the next comes before the run counts as stale.
                logger.warning("heartbeat missed", extra={"run": run.pk}, exc_info=True)
            except RunSuperseded:
                break
        connection.close()

    thread = threading.Thread(target=keep, name=f"run-{run.pk}-heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


@shared_task(name="core.requeue_stale_runs", soft_time_limit=30, time_limit=60)
def requeue_stale_runs() -> None:
    """Start again what a killed worker left behind."""
    for run in revive_stale_runs():
        logger.warning("run queued again", extra={"run": run.pk, "attempt": run.attempts})
        enqueue_run(run)
