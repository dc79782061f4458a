"""A scene's labels, as read: current state, changes since a version, one object's path."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from apps.annotation.journal import JournalBroken, chain_faults, drift, entry_ops, replayed
from apps.annotation.memory import StateMemory
from apps.annotation.models import ChangeSet, Keyframe, LabelledObject, SceneDocument
from apps.annotation.rulebook import Rulebook
from apps.annotation.state import KeyRecord, ObjectRecord, SceneState, Stamp
from apps.guidelines.models import GuidelineVersion
from apps.guidelines.selectors import document_of as guideline_document
from apps.scenes.models import Scene

LONGEST_CATCH_UP = 100
MOST_FAULTS = 20

MOST_RULEBOOKS = 64

_memory = StateMemory()
_rulebooks: dict[tuple[int, datetime], Rulebook] = {}


def rulebook_of(version: GuidelineVersion) -> Rulebook:
    """What a guideline version lets an edit say, read now or kept from before."""
    key = (version.pk, version.updated_at)
    kept = _rulebooks.get(key)
    if kept is None:
        if len(_rulebooks) >= MOST_RULEBOOKS:
            _rulebooks.clear()
        kept = _rulebooks[key] = Rulebook(guideline_document(version), version.number)
    return kept


def document_of(scene: Scene | int) -> SceneDocument:
    """The scene's label document; an unsaved one at version 0 where nothing was drawn yet."""
    key = scene.pk if isinstance(scene, Scene) else scene
    found = SceneDocument.objects.filter(scene_id=key).first()
    return found or SceneDocument(scene_id=key)


def scene_state(document: SceneDocument) -> SceneState:
    """All labels of a scene at the document's version.

    What this process saw last is kept and brought up to date from the journal, so that a save reads
    what changed and not the whole scene.
    """
    kept = _memory.get(document.scene_id)
    if kept is not None and kept.head_hash == document.head_hash:
        return kept
    state = None if kept is None else _caught_up(kept, document)
    if state is None:
        state = stored_state(document)
        if document_of(document.scene_id).head_hash != document.head_hash:
            # Somebody saved while the rows were read: only the journal still knows this version.
            state = replayed(journal_of(document.scene_id).filter(version__lte=document.version))
    _memory.put(document.scene_id, state)
    return state


def remember(scene_id: int, state: SceneState) -> None:
    """Keep a state that was committed for the next reader."""
    _memory.put(scene_id, state)


def stored_state(document: SceneDocument) -> SceneState:
    """All labels of a scene as their rows say."""
    keys: dict[UUID, dict[str, list[KeyRecord]]] = {}
    rows = Keyframe.objects.filter(labelled_object__scene_id=document.scene_id)
    for row in rows.order_by("labelled_object", "stream", "at_ns"):
        stamp = Stamp(row.author_id, row.guideline_version_id, row.changed_in_version)
        record = KeyRecord(row.at_ns, key_value(row), stamp)
        keys.setdefault(row.labelled_object_id, {}).setdefault(row.stream, []).append(record)
    return SceneState(
        document.version,
        document.head_hash,
        {
            row.pk: ObjectRecord(
                row.pk,
                object_fields(row),
                row.changed_in_version,
                {name: tuple(records) for name, records in keys.get(row.pk, {}).items()},
            )
            for row in LabelledObject.objects.filter(scene_id=document.scene_id)
        },
    )


def replay(scene: Scene | int) -> SceneState:
    """Build the scene's labels again from nothing but its journal.

    Raises:
        JournalBroken: If the entries do not follow from one another.
    """
    return replayed(journal_of(scene).iterator(chunk_size=500))


def journal_faults(document: SceneDocument) -> list[str]:
    """What is wrong with a scene's journal, and how its rows differ from what the journal gives.

    Lock the document first, or a save in between looks like a fault.
    """
    head = (document.version, document.head_hash)
    entries = journal_of(document.scene_id)
    faults = list(islice(chain_faults(entries.iterator(chunk_size=500), head=head), MOST_FAULTS))
    try:
        rebuilt = replay(document.scene_id)
    except JournalBroken as error:
        return [*faults, str(error)]
    return [*faults, *islice(drift(rebuilt, stored_state(document)), MOST_FAULTS)]


def journal_of(scene: Scene | int) -> QuerySet[ChangeSet]:
    """The scene's saved gestures, in order."""
    key = scene.pk if isinstance(scene, Scene) else scene
    return ChangeSet.objects.filter(scene_id=key).order_by("version")


def changes_since(
    scene: Scene | int, version: int, *, limit: int | None = None
) -> list[ChangeSet]:
    """Gestures saved after a version, the oldest first."""
    return list(journal_of(scene).filter(version__gt=version)[:limit])


def known_change_sets(scene: Scene | int, ids: Iterable[UUID]) -> dict[UUID, ChangeSet]:
    """Those of the gestures that are saved already."""
    return {row.uuid: row for row in journal_of(scene).filter(uuid__in=list(ids))}


def change_set_json(row: ChangeSet) -> dict[str, Any]:
    """A saved gesture as the wire has it."""
    return {
        "id": str(row.uuid),
        "version": row.version,
        "author_id": row.author_id,
        "label": row.label,
        "made_at": row.made_at.isoformat(),
        "ops": entry_ops(row),
    }


def objects_json(
    state: SceneState, *, guideline_numbers: Mapping[int, int]
) -> list[dict[str, Any]]:
    """All labels of a scene as the wire's document has them.

    Args:
        state: The labels.
        guideline_numbers: Number of each guideline version by its id.
    """
    return [
        {
            "id": str(record.id),
            **record.fields,
            "streams": {
                name: [
                    {
                        "at_ns": key.at_ns,
                        **key.value,
                        "author_id": key.stamp.author_id,
                        "guideline_number": guideline_numbers.get(key.stamp.guideline_version_id),
                    }
                    for key in keys
                ]
                for name, keys in record.streams.items()
            },
        }
        for record in state.objects.values()
    ]


def object_fields(row: LabelledObject) -> dict[str, Any]:
    """What an object says of itself, as the wire's ObjectFields."""
    return {
        "class": row.class_key,
        "attributes": row.attributes,
        "motion": row.motion,
        "size_locked": row.size_locked,
    }


def key_value(row: Keyframe) -> dict[str, Any]:
    """What a keyframe says, as the wire's KeyValue."""
    return {
        "geometry": row.geometry,
        "state": row.state,
        "origin": row.origin,
        "confirmed": row.confirmed,
        "absent": row.absent,
        "reason": row.reason,
        "attributes": row.attributes,
    }


def _caught_up(kept: SceneState, document: SceneDocument) -> SceneState | None:
    """The kept state with what was saved since, or nothing if it is no ancestor of the document."""
    behind = document.version - kept.version
    if not 0 < behind <= LONGEST_CATCH_UP:
        return None
    rows = changes_since(document.scene_id, kept.version)
    if not rows or rows[0].previous_hash != kept.head_hash or rows[-1].hash != document.head_hash:
        return None
    return replayed(rows, start=kept)
