"""Background runs: queued, begun, moved on, and brought to an end.

Every write names the fencing token that it was begun under: a run that was taken for dead and
started again elsewhere is refused here, and its own work stops.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from apps.core.errors import Conflict
from apps.core.models import JobRun
from apps.core.selectors import stale_runs

MOST_ATTEMPTS = 5
UNFINISHED = (JobRun.State.QUEUED, JobRun.State.RUNNING)


class RunCancelled(Exception):
    """The person who may, asked to stop this run."""


class RunSuperseded(Exception):
    """The run was begun again elsewhere; this attempt must write no more."""


@transaction.atomic
def start_run(
    kind: str,
    *,
    task_name: str,
    task_kwargs: Mapping[str, Any] | None = None,
    total: int = 0,
    queue: str = "default",
    created_by: AbstractBaseUser | None = None,
) -> JobRun:
    """Write down a piece of work; an edge sends it off with `core.jobs.enqueue_run`.

    Args:
        kind: What the run is, for people and lists: `import`, `export`.
        task_name: Registered name of the Celery task, which takes `run_id` and these arguments.
        task_kwargs: Further JSON arguments of the task.
        total: Units of work, if known already.
        queue: `default`, or `long` for minutes of work.
        created_by: Who asked for it.
    """
    return JobRun.objects.create(
        kind=kind,
        task_name=task_name,
        task_kwargs=dict(task_kwargs or {}),
        total=total,
        queue=queue,
        created_by_id=None if created_by is None else created_by.pk,
    )


def begin_run(run_id: int) -> JobRun | None:
    """Take a run for this attempt, or nothing if it is finished or alive elsewhere.

    A message may be delivered twice; the second delivery finds a fresh heartbeat and leaves.
    """
    now = timezone.now()
    dead_since = now - timedelta(seconds=settings.RUN_STALE_S)
    free = Q(state=JobRun.State.QUEUED) | Q(
        state=JobRun.State.RUNNING, heartbeat_at__lt=dead_since
    )
    with transaction.atomic():
        JobRun.objects.filter(pk=run_id, cancel_requested=True).filter(free).update(
            state=JobRun.State.CANCELLED, finished_at=now, updated_at=now
        )
        taken = (
            JobRun.objects.filter(pk=run_id)
            .filter(free)
            .update(
                state=JobRun.State.RUNNING,
                attempts=F("attempts") + 1,
                fencing_token=F("fencing_token") + 1,
                heartbeat_at=now,
                started_at=now,
                updated_at=now,
                message="",
            )
        )
        return JobRun.objects.get(pk=run_id) if taken else None


def advance(run: JobRun, *, done: int, total: int | None = None, message: str = "") -> None:
    """Say how far the work is.

    Raises:
        RunSuperseded: If the run was begun again elsewhere.
    """
    run.done, run.total, run.message = done, run.total if total is None else total, message
    _write(run, done=run.done, total=run.total, message=message)


def beat(run: JobRun) -> None:
    """Show that the worker lives.

    Raises:
        RunSuperseded: If the run was begun again elsewhere.
    """
    _write(run)


def raise_if_cancelled(run: JobRun) -> None:
    """Stop here if somebody asked for it; call it between units of work.

    Raises:
        RunCancelled: If a stop was asked for.
        RunSuperseded: If the run was begun again elsewhere.
    """
    row = (
        JobRun.objects.filter(pk=run.pk, fencing_token=run.fencing_token, state=run.State.RUNNING)
        .values_list("cancel_requested", flat=True)
        .first()
    )
    if row is None:
        raise RunSuperseded(str(run))
    if row:
        raise RunCancelled(str(run))


def finish(run: JobRun, *, report: Mapping[str, Any] | None = None, message: str = "") -> None:
    """Bring a run to its good end.

    Raises:
        RunSuperseded: If the run was begun again elsewhere.
    """
    _end(run, JobRun.State.SUCCEEDED, report=report, message=message)


def fail(run: JobRun, *, message: str, report: Mapping[str, Any] | None = None) -> None:
    """Bring a run to its bad end, with a sentence for whoever waits for it.

    Raises:
        RunSuperseded: If the run was begun again elsewhere.
    """
    _end(run, JobRun.State.FAILED, report=report, message=message)


def stop(run: JobRun, *, report: Mapping[str, Any] | None = None) -> None:
    """Bring a run to the end that somebody asked for.

    Raises:
        RunSuperseded: If the run was begun again elsewhere.
    """
    _end(run, JobRun.State.CANCELLED, report=report, message="Stopped on request.")


@transaction.atomic
def request_cancel(run: JobRun) -> JobRun:
    """Ask a run to stop; one that has not begun stops at once. Holds a lock on the run.

    Raises:
        Conflict: If the run has ended.
    """
    locked = JobRun.objects.select_for_update().get(pk=run.pk)
    if locked.is_finished:
        raise Conflict(f"The {locked.kind} has ended ({locked.state}); there is nothing to stop.")
    locked.cancel_requested = True
    if locked.state == JobRun.State.QUEUED:
        locked.state = JobRun.State.CANCELLED
        locked.finished_at = timezone.now()
    locked.save()
    return locked


@transaction.atomic
def revive_stale_runs() -> list[JobRun]:
    """Put runs whose worker died back in the queue; give up on those that die every time.

    Holds a lock on each stale run. Returns the runs to enqueue again.
    """
    revived = []
    for run in stale_runs().select_for_update(skip_locked=True):
        now = timezone.now()
        run.heartbeat_at = now
        if run.attempts >= MOST_ATTEMPTS:
            run.state = JobRun.State.FAILED
            run.finished_at = now
            run.message = f"Its worker died {run.attempts} times; it is not tried again."
        else:
            run.state = JobRun.State.QUEUED
            revived.append(run)
        run.save()
    return revived


def _write(run: JobRun, **values: Any) -> None:
    now = timezone.now()
    written = JobRun.objects.filter(
        pk=run.pk, fencing_token=run.fencing_token, state=JobRun.State.RUNNING
    ).update(heartbeat_at=now, updated_at=now, **values)
    if not written:
        raise RunSuperseded(str(run))


def _end(
    run: JobRun, state: JobRun.State, *, report: Mapping[str, Any] | None, message: str
) -> None:
    values: dict[str, Any] = {"state": state, "message": message, "finished_at": timezone.now()}
    if report is not None:
        values["report"] = dict(report)
    _write(run, **values)
    run.refresh_from_db()
