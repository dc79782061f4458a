"""Tasks are taken, held, put back, and come back by themselves when their time is up."""

import time
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.core.errors import Conflict, Locked, NotFound
from apps.operations.errors import StaleLease
from apps.operations.models import Task, TaskEvent
from apps.operations.rules import holds_lease, is_kept_for_another
from apps.operations.selectors.tasks import expired_leases, expired_reservations, workable_projects
from apps.operations.services.chronicle import announce, record
from apps.operations.services.queue import take_head
from apps.operations.services.staffing import refuse_unfit
from apps.projects.models import Project

SWEEP = 500
PAUSES_S = (0.005, 0.01, 0.02)


@transaction.atomic
def claim_next(
    user: User, *, kind: str | None = None, project: Project | int | None = None
) -> Task | None:
    """Give a person the task that waits first for them, under a new lease, or nothing.

    What is kept for them (returned to them, or assigned by hand) comes before what is open to
    all; there, the highest priority first, then the oldest. The task is found and taken by one
    statement, whose cost does not grow with the queue.

    Args:
        user: Who asks for work.
        kind: Label or review; None means whatever there is, reviews first.
        project: Only from this one.
    """
    kinds = [kind] if kind is not None else [Task.Kind.REVIEW, Task.Kind.LABEL]
    wanted = project.pk if isinstance(project, Project) else project
    for one in kinds:
        projects = [
            found.pk for found in workable_projects(user, one) if wanted in {None, found.pk}
        ]
        if not projects:
            continue
        task_id = take_head(user, kind=one, project_ids=projects)
        if task_id is None:
            take_back_expired(projects)
            task_id = _taken_late(user, kind=one, project_ids=projects)
        if task_id is not None:
            return _taken(task_id, by=user)
    return None


@transaction.atomic
def claim(task: Task, *, by: User) -> Task:
    """Give a person this very task; whoever has it already goes on. Holds a lock on the task.

    Raises:
        Locked: If another person has it, or it is kept for another.
        Conflict: If it is done or cancelled, or its project gives no work out.
        Invalid: If the person may not do it.
    """
    locked = _locked(task.pk)
    if holds_lease(by, locked):
        return extend(locked, by=by, lease_token=locked.lease_token)
    if locked.state == Task.State.LEASED and not _has_run_out(locked):
        raise Locked(f"{locked.assignee} has this task now; choose another, or press “next task”.")
    if locked.state not in {Task.State.OPEN, Task.State.LEASED}:
        raise Conflict(f"This task is {locked.get_state_display().lower()}.")
    if is_kept_for_another(by, locked):
        raise Locked(f"This task is kept for {locked.reserved_for}; choose another.")
    if locked.project.state != Project.State.ACTIVE:
        raise Conflict(
            f"“{locked.project}” is {locked.project.get_state_display().lower()}; "
            "its tasks are given out while it is in production."
        )
    refuse_unfit(locked, by)
    if locked.state == Task.State.LEASED:
        _put_back(locked, TaskEvent.Kind.EXPIRED)
    now = timezone.now()
    locked.state, locked.assignee, locked.leased_at = Task.State.LEASED, by, now
    locked.lease_token += 1
    locked.lease_expires_at = now + timedelta(minutes=locked.stage.lease_minutes)
    locked.save()
    return _taken(locked.pk, by=by)


def extend(task: Task, *, by: User, lease_token: int) -> Task:
    """Hold a task for longer: the workspace's heartbeat.

    Raises:
        StaleLease: If the person does not hold it under this token any more.
    """
    now = timezone.now()
    expires_at = now + timedelta(minutes=task.stage.lease_minutes)
    held = Task.objects.filter(
        pk=task.pk, state=Task.State.LEASED, assignee=by, lease_token=lease_token
    ).update(lease_expires_at=expires_at, updated_at=now)
    if not held:
        raise _stale(task)
    task.lease_expires_at = expires_at
    return task


def require_lease(task: Task, *, by: User, lease_token: int) -> Task:
    """Lock a task for whoever holds it under this token; call it inside a transaction.

    Raises:
        StaleLease: If they do not hold it under this token any more.
    """
    locked = _locked(task.pk)
    if not holds_lease(by, locked, lease_token=lease_token):
        raise _stale(locked)
    return locked


@transaction.atomic
def release(task: Task, *, by: User, lease_token: int) -> Task:
    """Put a task back; what was saved stays. Holds a lock on the task.

    Raises:
        StaleLease: If the person does not hold it under this token any more.
    """
    locked = require_lease(task, by=by, lease_token=lease_token)
    _put_back(locked, TaskEvent.Kind.RELEASED)
    announce(locked, also_to=(by.pk,))
    return locked


@transaction.atomic
def take_back_expired(project_ids: list[int] | None = None) -> int:
    """Put back every task whose lease ran out, and open those that were kept for too long.

    Holds locks on them; what another process is at is left to it. Returns how many changed.
    """
    leases = expired_leases(project_ids).select_for_update(skip_locked=True, of=("self",))
    back = list(leases.select_related("assignee")[:SWEEP])
    for task in back:
        holder = task.assignee_id
        _put_back(task, TaskEvent.Kind.EXPIRED)
        announce(task, also_to=(holder,))
    kept = list(expired_reservations(project_ids).select_for_update(skip_locked=True)[:SWEEP])
    for task in kept:
        before = task.reserved_for_id
        task.reserved_for, task.reserved_until = None, None
        task.save(update_fields=["reserved_for", "reserved_until", "updated_at"])
        announce(task, also_to=(before,))
    return len(back) + len(kept)


def _taken_late(user: User, *, kind: str, project_ids: list[int]) -> int | None:
    """Ask again for as long as tasks seem to wait.

    Who takes the head of one project's queue holds those of its other projects for a moment, and
    they are passed over. Nothing is waited for under a lock, so nobody waits for anybody in a circle.
    """
    waiting = Task.objects.filter(
        project__in=project_ids, kind=kind, state=Task.State.OPEN, reserved_for=None
    )
    for pause_s in PAUSES_S:
        task_id = take_head(user, kind=kind, project_ids=project_ids)
        if task_id is not None or not connection.features.has_select_for_update_skip_locked:
            return task_id
        if not waiting.exists():
            return None
        time.sleep(pause_s)
    return take_head(user, kind=kind, project_ids=project_ids)


def _locked(task_id: int) -> Task:
    found = (
        Task.objects.select_for_update(of=("self",))
        .select_related("project__client", "scene", "stage", "assignee", "reserved_for", "author")
        .filter(pk=task_id)
        .first()
    )
    if found is None:
        raise NotFound("There is no such task.")
    return found


def _taken(task_id: int, *, by: User) -> Task:
    task = Task.objects.select_related(
        "project", "scene", "stage", "author", "assignee", "reserved_for"
    ).get(pk=task_id)
    record(task, TaskEvent.Kind.LEASED, person=by)
    announce(task)
    return task


def _put_back(task: Task, why: TaskEvent.Kind) -> None:
    record(task, why, person=task.assignee)
    task.state, task.assignee = Task.State.OPEN, None
    task.lease_expires_at = task.leased_at = None
    task.save(update_fields=["state", "assignee", "lease_expires_at", "leased_at", "updated_at"])


def _has_run_out(task: Task) -> bool:
    return task.lease_expires_at is not None and task.lease_expires_at < timezone.now()


def _stale(task: Task) -> StaleLease:
    return StaleLease(
        "Your hold on this task has ended; take it again to go on. What was saved is kept.",
        extra={"task_id": task.pk},
    )
