"""Writing labels: the journal's next entries, and the rows of the current state that follow."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from apps.annotation.faults import invalid
from apps.annotation.journal import entry_hash, ops_text
from apps.annotation.models import ChangeSet, Keyframe, LabelledObject, SceneDocument
from apps.annotation.ops import AddObject, NewChangeSet
from apps.annotation.rulebook import Recording, Rulebook
from apps.annotation.selectors import remember, scene_state
from apps.annotation.state import (
    Difference,
    KeyRecord,
    Mismatch,
    ObjectRecord,
    SceneState,
    Stamp,
    apply,
    differences,
)
from apps.scenes.models import Scene

OBJECT_COLUMNS = (
    "class_key",
    "attributes",
    "motion",
    "size_locked",
    "changed_in_version",
    "updated_at",
)
KEY_COLUMNS = (
    *("sensor", "state", "geometry", "origin", "confirmed", "absent", "reason", "attributes"),
    *("author", "guideline_version", "changed_in_version"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """Who saves, under what, and when; the same for all entries of one save.

    Attributes:
        author_id: The person whose edits these are.
        guideline_version_id: The rules that were in force.
        base_version: The scene's version that the edits were made on.
        saved_at: The server's time.
    """

    author_id: int
    guideline_version_id: int
    base_version: int
    saved_at: datetime
    task_id: int | None = None
    lease_token: int | None = None
    session: UUID | None = None


@dataclass(frozen=True, slots=True)
class Appended:
    """What a save made of a scene's labels.

    Attributes:
        before: The labels as they were.
        after: The labels as they are now.
        entries: The journal's new entries.
        ops: Their operations, as the wire has them.
    """

    before: SceneState
    after: SceneState
    entries: Sequence[ChangeSet]
    ops: Sequence[Mapping[str, Any]]


def lock_document(scene: Scene) -> SceneDocument:
    """Take the scene's label document for writing until the transaction ends.

    Holds a lock on the document.
    """
    locked = SceneDocument.objects.select_for_update()
    found = locked.filter(scene=scene).first()
    if found is None:
        SceneDocument.objects.bulk_create([SceneDocument(scene=scene)], ignore_conflicts=True)
        found = locked.get(scene=scene)
    return found


@transaction.atomic
def append(
    document: SceneDocument,
    change_sets: Sequence[NewChangeSet],
    *,
    occasion: Occasion,
    rulebook: Rulebook,
    recording: Recording,
) -> Appended:
    """Write gestures into the journal and bring the current state up to date.

    Args:
        document: The scene's document, locked.
        change_sets: New gestures, in order.
        occasion: Who saves, under what, and when.
        rulebook: What the guideline in force allows.
        recording: The scene's sensors and times.

    Raises:
        Invalid: If the guideline or the recording does not allow an edit, or it is about an object that
            is not there.
        Mismatch: If the labels are not what an edit says was there.
    """
    before = scene_state(document)
    objects = dict(before.objects)
    _refuse_foreign_ids(change_sets, objects)
    entries: list[ChangeSet] = []
    all_ops: list[dict[str, Any]] = []
    version, head_hash = document.version, document.head_hash
    for index, change_set in enumerate(change_sets):
        version += 1
        stamp = Stamp(occasion.author_id, occasion.guideline_version_id, version)
        ops = _applied(
            objects,
            change_set,
            stamp=stamp,
            rules=(rulebook, recording),
            place=f"changesets[{index}]",
        )
        entry = _entry(document, change_set, occasion=occasion, ops=ops)
        entry.version, entry.previous_hash = version, head_hash
        entry.hash = head_hash = entry_hash(entry)
        entries.append(entry)
        all_ops += ops
    after = SceneState(version, head_hash, objects)
    ChangeSet.objects.bulk_create(entries)
    _write_rows(document.scene_id, differences(before.objects, objects), recording=recording)
    document.version, document.head_hash = version, head_hash
    document.save(update_fields=["version", "head_hash", "updated_at"])
    transaction.on_commit(lambda: remember(document.scene_id, after))
    return Appended(before, after, entries, all_ops)


def _refuse_foreign_ids(
    change_sets: Sequence[NewChangeSet], objects: Mapping[UUID, ObjectRecord]
) -> None:
    """An id names one object in the whole house: refuse one that lives in another scene."""
    places = {
        op.obj: f"changesets[{i}].ops[{j}].obj"
        for i, change_set in enumerate(change_sets)
        for j, op in enumerate(change_set.ops)
        if isinstance(op, AddObject) and op.obj not in objects
    }
    if places:
        taken = LabelledObject.objects.filter(pk__in=list(places)).values_list("pk", flat=True)
        fields = {places[key]: ["is in use; make a new id"] for key in taken}
        if fields:
            raise invalid(fields)


def _applied(
    objects: dict[UUID, ObjectRecord],
    change_set: NewChangeSet,
    *,
    stamp: Stamp,
    rules: tuple[Rulebook, Recording],
    place: str,
) -> list[dict[str, Any]]:
    """Check and apply one gesture's operations to the working copy."""
    rulebook, recording = rules
    fields: dict[str, list[str]] = {}
    done: list[dict[str, Any]] = []
    for index, op in enumerate(change_set.ops):
        record = objects.get(op.obj)
        for where, what in rulebook.faults(op, record, recording=recording):
            fields.setdefault(f"{place}.ops[{index}].{where}", []).append(what)
        try:
            done.append(apply(objects, op, stamp))
        except Mismatch as error:
            if error.theirs is not None:
                raise
            fields.setdefault(f"{place}.ops[{index}].obj", []).append(
                f"there is no object {op.obj} in the scene"
            )
    if fields:
        raise invalid(fields)
    return done


def _entry(
    document: SceneDocument,
    change_set: NewChangeSet,
    *,
    occasion: Occasion,
    ops: list[dict[str, Any]],
) -> ChangeSet:
    return ChangeSet(
        scene_id=document.scene_id,
        uuid=change_set.id,
        author_id=occasion.author_id,
        task_id=occasion.task_id,
        lease_token=occasion.lease_token,
        session=occasion.session,
        guideline_version_id=occasion.guideline_version_id,
        base_version=occasion.base_version,
        label=change_set.label,
        ops_text=ops_text(ops),
        made_at=change_set.made_at,
        saved_at=occasion.saved_at,
    )


def _write_rows(scene_id: int, changes: Iterable[Difference], *, recording: Recording) -> None:
    """Bring the rows of the current state to where the records are."""
    gone: list[UUID] = []
    new: list[LabelledObject] = []
    changed: list[LabelledObject] = []
    keys: list[Keyframe] = []
    removed = Q()
    for change in changes:
        if change.record is None:
            gone.append(change.id)
            continue
        (new if change.is_new else changed).append(_object_row(scene_id, change.record))
        for stream, times in change.removed.items():
            removed |= Q(labelled_object_id=change.id, stream=stream, at_ns__in=times)
        for stream, records in change.put.items():
            sensor = recording.sensors.get(stream.partition("/")[0])
            sensor_id = None if sensor is None else sensor[0]
            keys += [_key_row(change.id, stream, key, sensor_id=sensor_id) for key in records]
    if gone:
        LabelledObject.objects.filter(pk__in=gone).delete()
    if removed:
        Keyframe.objects.filter(removed).delete()
    # New objects are inserted, never upserted: a row of another scene is out of reach.
    LabelledObject.objects.bulk_create(new)
    LabelledObject.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["id"], update_fields=OBJECT_COLUMNS
    )
    Keyframe.objects.bulk_create(
        keys,
        update_conflicts=True,
        unique_fields=["labelled_object", "stream", "at_ns"],
        update_fields=KEY_COLUMNS,
    )


def _object_row(scene_id: int, record: ObjectRecord) -> LabelledObject:
    return LabelledObject(
        pk=record.id,
        scene_id=scene_id,
        class_key=record.class_key,
        attributes=record.fields["attributes"],
        motion=record.fields["motion"],
        size_locked=record.fields["size_locked"],
        changed_in_version=record.version,
    )


def _key_row(object_id: UUID, stream: str, key: KeyRecord, *, sensor_id: int | None) -> Keyframe:
    return Keyframe(
        labelled_object_id=object_id,
        sensor_id=sensor_id,
        stream=stream,
        at_ns=key.at_ns,
        author_id=key.stamp.author_id,
        guideline_version_id=key.stamp.guideline_version_id,
        changed_in_version=key.stamp.version,
        **key.value,
    )
