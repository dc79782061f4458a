"""Edits are saved: under a lease, on a version, once; what cannot be is kept as a draft."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.annotation.faults import invalid
from apps.annotation.footprints import clashes, footprint
from apps.annotation.journal import entry_ops
from apps.annotation.models import ChangeSet, SceneDocument
from apps.annotation.ops import NewChangeSet, op_json
from apps.annotation.selectors import (
    change_set_json,
    changes_since,
    known_change_sets,
    rulebook_of,
)
from apps.annotation.services import Appended, Occasion, append, lock_document
from apps.annotation.state import Mismatch, without_prev
from apps.core.errors import Conflict, Refused
from apps.guidelines.models import GuidelineVersion
from apps.guidelines.selectors import required_version
from apps.live.broadcast import broadcast
from apps.live.events import SceneChanged
from apps.live.rooms import scene_room
from apps.operations.errors import AlreadySubmitted, StaleLease
from apps.operations.models import Task
from apps.operations.rules import PERMISSION_FOR, holds_lease
from apps.operations.services.drafting import SaveRequest, keep_draft
from apps.operations.services.reviewing import note_contribution
from apps.projects.access import may
from apps.quality.checks.view import SceneView
from apps.quality.recordings import scene_view
from apps.quality.selectors import delta_since
from apps.quality.services.checking import announce_findings, check_edit
from apps.quality.services.reconciling import Delta

MOST_CONFLICTS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveAnswer:
    """What became of it.

    Attributes:
        scene_id: The scene.
        version: The scene's version now.
        accepted: Each gesture's entry in the journal.
        since: What others saved after the base version.
        delta: What the checks say of it.
        to_recheck: Objects that need a longer look, with points that are not in memory.
    """

    scene_id: int
    version: int
    accepted: Sequence[ChangeSet]
    since: Sequence[ChangeSet] = ()
    delta: Delta = field(default_factory=Delta)
    to_recheck: Sequence[UUID] = ()

    def json(self) -> dict[str, Any]:
        """The answer as the wire has it."""
        return {
            "version": self.version,
            "accepted": [{"id": str(row.uuid), "version": row.version} for row in self.accepted],
            "since": [change_set_json(row) for row in self.since],
            **self.delta.json(),
        }


def save_changes(task: Task, *, by: User, request: SaveRequest) -> SaveAnswer:
    """Save edits in one transaction: journal, labels, findings, residuals. Holds locks on task and document.

    Gestures that are saved already change nothing. Edits on an older version are put on top of what
    others did since where both are about different things.

    Raises:
        Refused: If the person may not do this kind of work in the project any more.
        StaleLease: If they do not hold the task under this token; `draft_id` names the draft that
            keeps the edits.
        AlreadySubmitted: If the task is done; likewise.
        Conflict: If others changed the same things, or they are not what the edits say was there:
            `version`, `since` and `conflicts` tell both sides.
        Invalid: If the guideline or the recording does not allow an edit.
    """
    if not may(by, PERMISSION_FOR[task.kind], task.project_id):
        raise Refused(f"You may not {task.kind} in “{task.project}” any more; ask its manager.")
    guideline = required_version(task.project)
    view = scene_view(task.scene)
    with transaction.atomic():
        locked = Task.objects.select_for_update().get(pk=task.pk)
        locked.scene, locked.project = task.scene, task.project
        document = lock_document(task.scene)
        known = _known(locked, by, request)
        new = [one for one in request.change_sets if one.id not in known]
        if not new:
            return _repeated(document, request, known)
        refusal = _refusal(locked, by, request.lease_token)
        if refusal is None:
            return _saved(locked, document, (by, request, new, known), rules=(guideline, view))
        draft = keep_draft(locked, by, request, new, reason=refusal.detail)
        refusal.extra["draft_id"] = draft.pk
    raise refusal


def _saved(
    task: Task,
    document: SceneDocument,
    said: tuple[User, SaveRequest, list[NewChangeSet], dict[UUID, ChangeSet]],
    *,
    rules: tuple[GuidelineVersion, SceneView],
) -> SaveAnswer:
    by, request, new, known = said
    guideline, view = rules
    own = {one.id for one in request.change_sets}
    since = [row for row in _later(document, request.base_version) if row.uuid not in own]
    _refuse_clashes(document, new, since)
    occasion = Occasion(
        author_id=by.pk,
        guideline_version_id=guideline.pk,
        base_version=request.base_version,
        saved_at=timezone.now(),
        task_id=task.pk,
        lease_token=request.lease_token,
        session=request.session,
    )
    try:
        appended = append(
            document,
            new,
            occasion=occasion,
            rulebook=rulebook_of(guideline),
            recording=view.bounds,
        )
    except Mismatch as error:
        raise _conflict(document, since, [_mismatch_json(error)]) from error
    note_contribution(task, person=by)
    delta = check_edit(task.scene, appended, version=guideline)
    event = SceneChanged(scene_id=task.scene_id, version=document.version, author_id=by.pk)
    broadcast(scene_room(task.project_id, task.scene_id), event)
    if delta.changes_findings:
        announce_findings(task.scene)
    entries = {row.uuid: row for row in appended.entries} | known
    return SaveAnswer(
        scene_id=task.scene_id,
        version=document.version,
        accepted=[entries[one.id] for one in request.change_sets],
        since=since,
        delta=delta,
        to_recheck=_touched(appended) if delta.is_partial else (),
    )


def _later(document: SceneDocument, base_version: int) -> list[ChangeSet]:
    if base_version > document.version:
        raise invalid(
            {"base_version": [f"is {base_version}; the scene is at version {document.version}"]}
        )
    if base_version == document.version:
        return []
    return changes_since(document.scene_id, base_version)


def _known(task: Task, by: User, request: SaveRequest) -> dict[UUID, ChangeSet]:
    """Gestures of the request that are saved already.

    Raises:
        Invalid: If an id was used for another gesture: nothing may vanish by mistake.
    """
    known = known_change_sets(task.scene_id, [one.id for one in request.change_sets])
    fields = {}
    for index, one in enumerate(request.change_sets):
        row = known.get(one.id)
        if row is None:
            continue
        sent = [without_prev(op_json(op)) for op in one.ops]
        saved = [without_prev(op) for op in entry_ops(row)]
        if row.author_id != by.pk or sent != saved:
            fields[f"changesets[{index}].id"] = ["was used for another change; make a new id"]
    if fields:
        raise invalid(fields)
    return known


def _repeated(
    document: SceneDocument, request: SaveRequest, known: dict[UUID, ChangeSet]
) -> SaveAnswer:
    """Answer a request that was carried out before, as it was answered then."""
    rows = [known[one.id] for one in request.change_sets]
    touched = {UUID(op["obj"]) for row in rows for op in entry_ops(row)}
    since = [row for row in _later(document, request.base_version) if row.uuid not in known]
    updated, closed, residuals = delta_since(
        document.scene_id, touched, version=request.base_version
    )
    delta = Delta(updated=updated, closed=closed, residuals=residuals)
    return SaveAnswer(
        scene_id=document.scene_id,
        version=document.version,
        accepted=rows,
        since=since,
        delta=delta,
    )


def _refusal(task: Task, by: User, lease_token: int) -> StaleLease | AlreadySubmitted | None:
    """Why the edits cannot be saved now, if they cannot."""
    if task.state == Task.State.DONE:
        return AlreadySubmitted(
            f"“{task.scene}” was handed in; only its reviewer can open it again. "
            "Your edits are kept as a draft."
        )
    expires_at = task.lease_expires_at
    is_live = expires_at is not None and expires_at > timezone.now()
    if is_live and holds_lease(by, task, lease_token=lease_token):
        return None
    return StaleLease(
        "Your hold on this task has ended. Your edits are kept as a draft; take the task again to go on."
    )


def _refuse_clashes(
    document: SceneDocument, new: Sequence[NewChangeSet], since: Sequence[ChangeSet]
) -> None:
    if not since:
        return
    mine = [op_json(op) for one in new for op in one.ops]
    theirs = [op for row in since for op in entry_ops(row)]
    found = [
        {"mine": one, "theirs": other, "footprint": touched.json()}
        for one, other, touched in islice(clashes(mine, theirs), MOST_CONFLICTS)
    ]
    if found:
        raise _conflict(document, since, found)


def _conflict(
    document: SceneDocument, since: Sequence[ChangeSet], found: list[dict[str, Any]]
) -> Conflict:
    return Conflict(
        f"Somebody changed the same things ({len(found)}); decide for each whose change stands.",
        extra={
            "version": document.version,
            "since": [change_set_json(row) for row in since],
            "conflicts": found,
        },
    )


def _mismatch_json(error: Mismatch) -> dict[str, Any]:
    return {
        "mine": error.mine,
        "theirs": error.theirs,
        "footprint": footprint(error.mine).json(),
    }


def _touched(appended: Appended) -> list[UUID]:
    return list(dict.fromkeys(UUID(op["obj"]) for op in appended.ops))
