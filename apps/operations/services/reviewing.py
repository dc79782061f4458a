"""Work is handed in, judged, and goes on or back: submit, accept, return."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.annotation.models import ChangeSet, SceneDocument
from apps.core.errors import Conflict, Invalid, Refused
from apps.operations.errors import AlreadySubmitted, BlockedByFindings
from apps.operations.models import Contribution, SceneProgress, Stage, Task, TaskEvent
from apps.operations.rules import PERMISSION_FOR, holds_lease, may_judge
from apps.operations.services.chronicle import announce, record
from apps.operations.services.leasing import require_lease
from apps.operations.services.staffing import open_task
from apps.projects.access import may
from apps.quality.selectors import blocking_findings, finding_json, needs_judgement, open_findings
from apps.quality.services.checking import check_scene
from apps.quality.services.judging import comment

KEPT_FOR_AUTHOR = timedelta(days=2)
MOST_NAMED = 50


def submit(task: Task, *, by: User, lease_token: int, version: int) -> Task:
    """Hand labels in; the next stage opens, or the scene is done if there is none.

    The whole scene is checked first, as a save looks only at what it touches and at points that
    are at hand. Holds a lock on the task.

    Args:
        task: A label task.
        by: Who holds it.
        lease_token: Under which they hold it.
        version: Of the scene's labels, as they saw it last.

    Raises:
        AlreadySubmitted: If it was handed in.
        StaleLease: If they do not hold it under this token any more.
        Conflict: If the labels changed since, or it is no label task.
        BlockedByFindings: If blocking findings are open; `findings` lists them.
    """
    if holds_lease(by, task, lease_token=lease_token):
        check_scene(task.scene)
    with transaction.atomic():
        locked = _for_end(task, Task.Kind.LABEL, by=by, lease_token=lease_token)
        _refuse_other_version(locked, version)
        _refuse_blocked(locked, "handed in")
        note_contribution(locked, person=by)
        _end(locked, Task.Outcome.SUBMITTED, version=version)
        record(locked, TaskEvent.Kind.SUBMITTED, person=by, note=f"version {version}")
        _send_on(locked, author=by)
        announce(locked, also_to=(by.pk,))
    return locked


@transaction.atomic
def accept(task: Task, *, by: User, lease_token: int, version: int, note: str = "") -> Task:
    """Find a scene's labels good, with what the reviewer fixed. Holds a lock on the task.

    Raises:
        AlreadySubmitted: If it was judged.
        StaleLease: If they do not hold it under this token any more.
        Conflict: If the labels changed since, or it is no review.
        BlockedByFindings: If blocking findings are open; `findings` lists them.
    """
    locked = _for_end(task, Task.Kind.REVIEW, by=by, lease_token=lease_token)
    _refuse_other_version(locked, version)
    _refuse_blocked(locked, "accepted")
    _record_fixes(locked, by=by)
    _end(locked, Task.Outcome.ACCEPTED, version=version, note=note)
    record(locked, TaskEvent.Kind.ACCEPTED, person=by, note=note)
    _send_on(locked, author=locked.author)
    announce(locked, also_to=(by.pk,))
    return locked


@transaction.atomic
def return_to_author(
    task: Task, *, by: User, lease_token: int, version: int, note: str = ""
) -> Task:
    """Send a scene back; its author gets it first, a round later. Holds locks on both tasks.

    What the reviewer noted becomes a finding, beside those that they anchored in the scene.

    Raises:
        AlreadySubmitted: If it was judged.
        StaleLease: If they do not hold it under this token any more.
        Conflict: If the labels changed since, or it is no review.
        Invalid: If there is neither a note nor an open finding, so nobody knew what to mend.
    """
    locked = _for_end(task, Task.Kind.REVIEW, by=by, lease_token=lease_token)
    _refuse_other_version(locked, version)
    if note.strip():
        comment(locked.scene, by=by, version=version, message=note, about={})
    elif not open_findings(locked.scene_id).exists():
        raise Invalid(
            "Say what is to be mended: write a note, or leave a comment in the scene.",
            fields={"note": ["must be given when no finding is open"]},
        )
    _record_fixes(locked, by=by)
    _end(locked, Task.Outcome.RETURNED, version=version, note=note)
    record(locked, TaskEvent.Kind.RETURNED, person=by, note=note)
    reopened = _reopen_labelling(locked, by=by, note=note)
    announce(locked, also_to=(by.pk,))
    announce(reopened)
    return locked


def note_contribution(task: Task, *, person: User) -> None:
    """Remember that a person had a hand in the scene's labels; the first task counts."""
    Contribution.objects.get_or_create(
        scene_id=task.scene_id, person=person, defaults={"task": task}
    )


def _for_end(task: Task, kind: Task.Kind, *, by: User, lease_token: int) -> Task:
    task.refresh_from_db(fields=["state", "outcome", "kind", "assignee"])
    if task.kind != kind:
        raise Conflict(
            f"This is a {task.get_kind_display().lower()} task; it is not "
            f"{'submitted' if kind == Task.Kind.LABEL else 'accepted or returned'}."
        )
    if task.state == Task.State.DONE:
        raise AlreadySubmitted(f"This task is done ({task.get_outcome_display().lower()}).")
    locked = require_lease(task, by=by, lease_token=lease_token)
    if not may(by, PERMISSION_FOR[kind], locked.project):
        raise Refused(f"You may not {kind} in “{locked.project}” any more; ask its manager.")
    if not may_judge(by, locked):
        raise Conflict(f"You worked on “{locked.scene}”; nobody reviews their own work.")
    return locked


def _refuse_other_version(task: Task, version: int) -> None:
    document = SceneDocument.objects.select_for_update().filter(scene=task.scene_id).first()
    current = 0 if document is None else document.version
    if current != version:
        raise Conflict(
            f"The labels are at version {current}, and you saw version {version}; "
            "catch up, look again and then hand in.",
            extra={"version": current},
        )


def _refuse_blocked(task: Task, what: str) -> None:
    blocking = blocking_findings(task.scene_id)
    count = blocking.count()
    if count == 0:
        return
    listed = [finding_json(finding) for finding in blocking[:MOST_NAMED]]
    one = count == 1
    raise BlockedByFindings(
        f"{count} blocking finding{'' if one else 's'} {'is' if one else 'are'} open; mend "
        f"{'it' if one else 'them'}, or answer with a reason, before the scene is {what}.",
        extra={"findings": listed, "blocking_count": count},
    )


def _record_fixes(task: Task, *, by: User) -> None:
    """A reviewer's own changes are review work: they stand in the history, with their versions."""
    fixes = ChangeSet.objects.filter(scene=task.scene_id, task_id=task.pk, author=by)
    versions = list(fixes.order_by("version").values_list("version", flat=True))
    if versions:
        note_contribution(task, person=by)
        note = f"{len(versions)} changes, versions {versions[0]} to {versions[-1]}"
        record(task, TaskEvent.Kind.FIXED, person=by, note=note)


def _end(task: Task, outcome: Task.Outcome, *, version: int, note: str = "") -> None:
    task.state, task.outcome, task.note = Task.State.DONE, outcome, note
    task.submitted_version, task.done_at = version, timezone.now()
    task.lease_expires_at = None
    task.reserved_for, task.reserved_until = None, None
    task.save()


def _send_on(task: Task, *, author: User | None) -> None:
    following = (
        Stage.objects.filter(project=task.project_id, position__gt=task.stage.position)
        .order_by("position")
        .first()
    )
    if following is None:
        state = SceneProgress.State.ACCEPTED
    else:
        state = SceneProgress.State.REVIEWING
        open_task(
            task.scene,
            stage=following,
            priority=needs_judgement([task.scene_id])[task.scene_id],
            author=author,
            review_round=task.round,
        )
    SceneProgress.objects.filter(scene=task.scene_id).update(
        state=state, updated_at=timezone.now()
    )


def _reopen_labelling(review: Task, *, by: User, note: str) -> Task:
    labelling = (
        Task.objects.select_for_update()
        .filter(scene=review.scene_id, kind=Task.Kind.LABEL)
        .order_by("-pk")[:1]
        .get()
    )
    now = timezone.now()
    labelling.state, labelling.outcome = Task.State.OPEN, Task.Outcome.RETURNED
    labelling.round = review.round + 1
    labelling.note, labelling.done_at = note, None
    labelling.assignee, labelling.leased_at, labelling.lease_expires_at = None, None, None
    labelling.reserved_for = review.author
    labelling.reserved_until = None if review.author is None else now + KEPT_FOR_AUTHOR
    labelling.save()
    SceneProgress.objects.filter(scene=review.scene_id).update(
        state=SceneProgress.State.LABELLING, round=labelling.round, updated_at=now
    )
    record(labelling, TaskEvent.Kind.OPENED, person=review.author, by=by, note=note)
    return labelling
