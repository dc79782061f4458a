"""A scene's labels in memory: immutable records, and what an operation makes of them."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple
from uuid import UUID

from apps.annotation.canonical import NO_HASH
from apps.annotation.ops import (
    AddObject,
    DeleteKey,
    DeleteObject,
    Op,
    PutKey,
    SetObject,
    op_json,
)

SAME_WITHIN = 1e-9
Value = Mapping[str, Any]


class Stamp(NamedTuple):
    """Who says it, under which rules, and as which version of the scene.

    Attributes:
        author_id: The person.
        guideline_version_id: The rules in force.
        version: The scene's version with this edit.
    """

    author_id: int
    guideline_version_id: int
    version: int


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """A keyframe.

    Attributes:
        at_ns: Since the scene's t0.
        value: The wire's KeyValue.
        stamp: Who put it.
    """

    at_ns: int
    value: Value
    stamp: Stamp


@dataclass(frozen=True, slots=True)
class ObjectRecord:
    """An object and its keyframes.

    Attributes:
        fields: The wire's ObjectFields.
        version: The scene's version in which the object or one of its keys changed last.
        streams: Keyframes by stream, in order of time; no stream is empty.
    """

    id: UUID
    fields: Value
    version: int
    streams: Mapping[str, tuple[KeyRecord, ...]] = field(default_factory=dict)

    @property
    def class_key(self) -> str:
        """Its class."""
        return str(self.fields["class"])

    def key_at(self, stream: str, at_ns: int) -> KeyRecord | None:
        """The keyframe at exactly this time."""
        keys = self.streams.get(stream, ())
        place = bisect_left(keys, at_ns, key=_time)
        return keys[place] if place < len(keys) and keys[place].at_ns == at_ns else None

    def with_key(self, stream: str, key: KeyRecord, version: int) -> "ObjectRecord":
        """The object with a keyframe put in place."""
        keys = self.streams.get(stream, ())
        place = bisect_left(keys, key.at_ns, key=_time)
        after = place + (place < len(keys) and keys[place].at_ns == key.at_ns)
        streams = {**self.streams, stream: (*keys[:place], key, *keys[after:])}
        return replace(self, streams=streams, version=version)

    def without_key(self, stream: str, at_ns: int, version: int) -> "ObjectRecord":
        """The object with a keyframe taken out."""
        kept = tuple(key for key in self.streams.get(stream, ()) if key.at_ns != at_ns)
        streams = {name: keys for name, keys in self.streams.items() if name != stream}
        if kept:
            streams[stream] = kept
        return replace(self, streams=streams, version=version)

    def whole(self) -> dict[str, Any]:
        """The fields and all keyframes, as `prev` of a deletion holds them."""
        return {
            **self.fields,
            "streams": {
                name: [{"at_ns": key.at_ns, **key.value} for key in keys]
                for name, keys in self.streams.items()
            },
        }


@dataclass(frozen=True, slots=True)
class SceneState:
    """All labels of a scene at a version."""

    version: int = 0
    head_hash: str = NO_HASH
    objects: Mapping[UUID, ObjectRecord] = field(default_factory=dict)


class Mismatch(Exception):
    """The labels are not what the maker of an edit saw.

    Attributes:
        mine: The edit.
        theirs: What would have led from what they saw to what is there; None where the object
            that the edit is about is not there at all.
    """

    def __init__(self, mine: dict[str, Any], theirs: dict[str, Any] | None) -> None:
        super().__init__(mine["k"])
        self.mine = mine
        self.theirs = theirs


def apply(objects: MutableMapping[UUID, ObjectRecord], op: Op, stamp: Stamp) -> dict[str, Any]:
    """Apply an operation to a working copy of the objects; the records themselves never change.

    Returns:
        The operation for the journal, its `prev` exactly as it was.

    Raises:
        Mismatch: If what the operation says was there is not what is there.
    """
    said = op_json(op)
    record = objects.get(op.obj)
    if isinstance(op, AddObject):
        if record is not None:
            raise Mismatch(said, {**said, "next": dict(record.fields)})
        objects[op.obj] = ObjectRecord(op.obj, said["next"], stamp.version)
        return said
    if record is None:
        raise Mismatch(said, None)
    if isinstance(op, PutKey | DeleteKey):
        objects[op.obj], prev = _with_key_op(record, op, (said, stamp))
    elif isinstance(op, SetObject):
        prev = {name: record.fields[name] for name in said["next"]}
        _match(said, prev, {**said, "next": prev})
        fields = {**record.fields, **said["next"]}
        objects[op.obj] = replace(record, fields=fields, version=stamp.version)
    else:
        prev = _deleted(record, op, said)
        del objects[op.obj]
    return {**said, "prev": prev}


def _with_key_op(
    record: ObjectRecord, op: PutKey | DeleteKey, context: tuple[dict[str, Any], Stamp]
) -> tuple[ObjectRecord, Value | None]:
    said, stamp = context
    here = record.key_at(op.stream, op.at_ns)
    prev = None if here is None else here.value
    place = {"obj": said["obj"], "stream": op.stream, "at_ns": op.at_ns, "prev": said["prev"]}
    theirs = {"k": "key.del", **place} if prev is None else {"k": "key.put", **place, "next": prev}
    _match(said, prev, theirs)
    if isinstance(op, DeleteKey):
        return record.without_key(op.stream, op.at_ns, stamp.version), prev
    key = KeyRecord(op.at_ns, said["next"], stamp)
    return record.with_key(op.stream, key, stamp.version), prev


def _deleted(record: ObjectRecord, op: DeleteObject, said: dict[str, Any]) -> Value:
    prev = record.whole()
    seen = {**said["prev"], "streams": {n: k for n, k in said["prev"]["streams"].items() if k}}
    _match({**said, "prev": seen}, prev, {"k": "obj.add", "obj": str(op.obj), "next": prev})
    return prev


def _match(said: dict[str, Any], prev: Value | None, theirs: dict[str, Any]) -> None:
    if not same(said["prev"], prev):
        raise Mismatch(said, theirs)


def same(a: Any, b: Any) -> bool:
    """Whether two JSON values say the same; numbers may differ by a billionth."""
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, int | float) and isinstance(b, int | float):
        return abs(a - b) <= SAME_WITHIN * max(1.0, abs(a), abs(b))
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return a.keys() == b.keys() and all(same(value, b[name]) for name, value in a.items())
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    return bool(a == b)


def without_prev(op: Value) -> dict[str, Any]:
    """What an operation does, without what it says was there."""
    return {name: value for name, value in op.items() if name != "prev"}


class Difference(NamedTuple):
    """What rows to write and to remove for one object.

    Attributes:
        record: The object as it is now; None if it is gone.
        is_new: Whether it was not there before.
        put: Keyframes to write, by stream.
        removed: Times of keyframes to remove, by stream.
    """

    id: UUID
    record: ObjectRecord | None
    is_new: bool
    put: dict[str, list[KeyRecord]]
    removed: dict[str, list[int]]


def differences(
    before: Mapping[UUID, ObjectRecord], after: Mapping[UUID, ObjectRecord]
) -> Iterator[Difference]:
    """Objects whose records are not the same ones any more."""
    for key in {**before, **after}:
        old, new = before.get(key), after.get(key)
        if old is new:
            continue
        put: dict[str, list[KeyRecord]] = {}
        removed: dict[str, list[int]] = {}
        for stream in {**(old.streams if old else {}), **(new.streams if new else {})}:
            was = {k.at_ns: k for k in (old.streams.get(stream, ()) if old else ())}
            now = {k.at_ns: k for k in (new.streams.get(stream, ()) if new else ())}
            if fresh := [k for at_ns, k in now.items() if was.get(at_ns) is not k]:
                put[stream] = fresh
            if gone := [at_ns for at_ns in was if at_ns not in now]:
                removed[stream] = gone
        yield Difference(key, new, old is None, put, removed)


def _time(key: KeyRecord) -> int:
    return key.at_ns
