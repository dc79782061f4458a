"""The journal's entries: how one is hashed, read back, checked, and replayed."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import ValidationError

from apps.annotation.canonical import NO_HASH, canonical, chained_hash, instant
from apps.annotation.models import ChangeSet
from apps.annotation.ops import parse_op
from apps.annotation.state import Mismatch, SceneState, Stamp, apply, same


class JournalBroken(ValueError):
    """The journal was altered, or never held together."""


def entry_hash(row: ChangeSet) -> str:
    """Hash an entry with the one before it, over everything that it says."""
    return chained_hash(
        row.previous_hash,
        {
            "scene": row.scene_id,
            "version": row.version,
            "uuid": str(row.uuid),
            "author": row.author_id,
            "task": row.task_id,
            "lease_token": row.lease_token,
            "session": None if row.session is None else str(row.session),
            "guideline_version": row.guideline_version_id,
            "base_version": row.base_version,
            "label": row.label,
            "made_at": instant(row.made_at),
            "saved_at": instant(row.saved_at),
            "ops": row.ops_text,
        },
    )


def ops_text(ops: list[dict[str, Any]]) -> str:
    """Write the operations of an entry as they are stored and hashed."""
    return canonical(ops)


def entry_ops(row: ChangeSet) -> list[dict[str, Any]]:
    """The operations of an entry as the wire has them."""
    ops: list[dict[str, Any]] = json.loads(row.ops_text)
    return ops


def replayed(rows: Iterable[ChangeSet], *, start: SceneState | None = None) -> SceneState:
    """Apply entries one after the other.

    Args:
        rows: Entries in order of version, following on `start`.
        start: What they are applied to; an empty scene if left out.

    Raises:
        JournalBroken: If an entry does not follow from what was there.
    """
    state = start or SceneState()
    objects = dict(state.objects)
    version, head_hash = state.version, state.head_hash
    for row in rows:
        stamp = Stamp(row.author_id, row.guideline_version_id, row.version)
        try:
            for op in entry_ops(row):
                apply(objects, parse_op(op), stamp)
        except (Mismatch, ValidationError, ValueError) as error:
            raise JournalBroken(
                f"version {row.version} does not follow from the one before"
            ) from error
        version, head_hash = row.version, row.hash
    return SceneState(version, head_hash, objects)


def chain_faults(rows: Iterable[ChangeSet], *, head: tuple[int, str]) -> Iterator[str]:
    """Say where the chain of hashes is broken: entries altered, removed, added or put in another order.

    Args:
        rows: The scene's entries in order of version.
        head: Version and hash of the last entry, as the scene's document has them.
    """
    version, previous = 0, NO_HASH
    for row in rows:
        if row.version != version + 1:
            yield f"version {version + 1} is missing: version {row.version} follows on {version}"
        if row.previous_hash != previous:
            yield f"version {row.version} does not follow on the entry before it"
        if entry_hash(row) != row.hash:
            yield f"version {row.version} was altered: its content does not give its hash"
        version, previous = row.version, row.hash
    if (version, previous) != head:
        yield (
            f"the journal ends at version {version}, the document says version {head[0]}"
            if (version != head[0])
            else f"the last entry, version {version}, is not the one that the document knows"
        )


def drift(replayed_state: SceneState, stored: SceneState) -> Iterator[str]:
    """Say how the rows of the current state differ from what the journal gives."""
    for key in {**replayed_state.objects, **stored.objects}:
        ours, rows = replayed_state.objects.get(key), stored.objects.get(key)
        if ours is None or rows is None:
            yield f"object {key} is {'not in the journal' if ours is None else 'missing from the rows'}"
            continue
        if not same(ours.fields, rows.fields) or ours.version != rows.version:
            yield f"object {key} is not as the journal has it"
        for stream in {**ours.streams, **rows.streams}:
            said = {k.at_ns: k for k in ours.streams.get(stream, ())}
            held = {k.at_ns: k for k in rows.streams.get(stream, ())}
            for at_ns in sorted(said.keys() | held.keys()):
                a, b = said.get(at_ns), held.get(at_ns)
                if a is None or b is None or a.stamp != b.stamp or a.value != b.value:
                    yield f"object {key}: the key of {stream} at {at_ns} ns is not as the journal has it"
