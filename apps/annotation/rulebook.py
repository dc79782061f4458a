"""What a guideline and a recording allow an edit to say: classes, attributes, streams, times."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from apps.annotation.ops import AddObject, Op, PutKey, SetObject
from apps.annotation.state import ObjectRecord, Value, same
from apps.guidelines.document import AttributeDefinition, GuidelineDocument, LabelClass, Scope
from apps.modalities.registry import registry

BEYOND_NS = 1_000_000_000  # sensors look a little before the first frame and after the last
MOST_NAMED = 20

Fault = tuple[str, str]
"""Where in an operation something is wrong, and what."""


@dataclass(frozen=True)
class Recording:
    """What of a scene's recording bounds its labels.

    Attributes:
        duration_ns: From the first frame to the last.
        sensors: Id and modality of each sensor by its key.
        capture_times: Times of the captures, by sensor key, of those sensors that are asked about.
    """

    duration_ns: int
    sensors: Mapping[str, tuple[int, str]]
    capture_times: Mapping[str, frozenset[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Rulebook:
    """The questions that a guideline answers about one operation."""

    document: GuidelineDocument
    number: int

    @cached_property
    def classes(self) -> dict[str, LabelClass]:
        """Classes by key."""
        return {one.key: one for one in self.document.taxonomy.classes}

    @cached_property
    def attributes(self) -> dict[str, AttributeDefinition]:
        """Attributes by key."""
        return {one.key: one for one in self.document.taxonomy.attributes}

    @cached_property
    def _asked(self) -> dict[str, frozenset[str]]:
        return {
            key: frozenset(one.key for one in self.document.attributes_for(key))
            for key in self.classes
        }

    def faults(
        self, op: Op, record: ObjectRecord | None, *, recording: Recording
    ) -> Iterator[Fault]:
        """Say what in an operation the guideline or the recording does not know.

        Args:
            op: The operation.
            record: The object as it is before the operation, if it is there.
            recording: The scene's sensors and times.
        """
        if isinstance(op, AddObject):
            yield from self._class_faults(op.next.class_, {}, at="next.class")
            yield from self._answers(op.next.class_, op.next.attributes, {}, scope="object")
        elif isinstance(op, SetObject) and record is not None:
            class_key = record.class_key
            if op.next.class_ is not None and op.next.class_ != class_key:
                class_key = op.next.class_
                yield from self._class_faults(class_key, record.streams, at="next.class")
            kept = record.fields["attributes"]
            yield from self._answers(class_key, op.next.attributes or {}, kept, scope="object")
        elif isinstance(op, PutKey) and record is not None:
            yield from self._place_faults(op, recording)
            yield from self._shape_faults(record.class_key, op.shape)
            here = record.key_at(op.stream, op.at_ns)
            kept = {} if here is None else here.value["attributes"]
            scope: Scope = "frame" if op.sensor_key is None else "sensor"
            yield from self._answers(record.class_key, op.next.attributes, kept, scope=scope)

    def _class_faults(self, key: str, streams: Value, *, at: str) -> Iterator[Fault]:
        found = self.classes.get(key)
        if found is None or not found.shapes:
            what = "is no class" if found is None else "is a heading, not a class to draw"
            drawn = [one.key for one in self.classes.values() if one.shapes]
            yield at, f"“{key}” {what} of guideline version {self.number}; it has {_named(drawn)}"
            return
        for stream in streams:
            shape = stream.partition("/")[2]
            if shape not in found.shapes:
                yield at, f"“{key}” has no {shape}; delete the stream {stream} of the object first"

    def _shape_faults(self, class_key: str, shape: str) -> Iterator[Fault]:
        found = self.classes.get(class_key)
        if found is None:
            yield "obj", f"is a “{class_key}”, which guideline version {self.number} does not know"
        elif shape not in found.shapes:
            yield "stream", f"“{class_key}” has no {shape}; it has {_named(found.shapes)}"

    def _answers(
        self, class_key: str, said: Value, kept: Value, *, scope: Scope
    ) -> Iterator[Fault]:
        for key, value in said.items():
            if key in kept and same(value, kept[key]):
                continue  # An answer that stood already is not this edit's to mend.
            place = f"next.attributes.{key}"
            known = self.attributes.get(key)
            if known is None or key not in self._asked.get(class_key, ()):
                asked = [one.key for one in self.document.attributes_for(class_key, scope)]
                yield place, f"is not asked about “{class_key}”; asked are {_named(asked)}"
            elif known.scope != scope:
                yield place, f"belongs to the {_SCOPES[known.scope]}, not to the {_SCOPES[scope]}"
            elif not known.accepts(value):
                yield place, f"does not take {value!r}; it takes {_taken(known)}"

    def _place_faults(self, op: PutKey, recording: Recording) -> Iterator[Fault]:
        if op.sensor_key is None:
            first, last = -BEYOND_NS, recording.duration_ns + BEYOND_NS
            if not first <= op.at_ns <= last:
                yield "at_ns", f"lies outside the scene, which lasts {recording.duration_ns} ns"
            return
        sensor = recording.sensors.get(op.sensor_key)
        if sensor is None:
            yield (
                "stream",
                (f"the scene has no sensor “{op.sensor_key}”; it has {_named(recording.sensors)}"),
            )
            return
        modality = registry().by_key.get(sensor[1])
        if modality is None or op.shape not in modality.shapes:
            yield "stream", f"no {op.shape} can be drawn in “{op.sensor_key}”, a {sensor[1]}"
        elif op.at_ns not in recording.capture_times.get(op.sensor_key, ()):
            yield "at_ns", f"“{op.sensor_key}” has no capture at {op.at_ns} ns"


_SCOPES = {
    "object": "whole object",
    "frame": "keyframe in the world",
    "sensor": "keyframe in a sensor",
}


def _taken(attribute: AttributeDefinition) -> str:
    if attribute.type == "enum":
        return _named([option.key for option in attribute.options])
    return {"bool": "true or false", "number": "a number", "text": "text"}[attribute.type]


def _named(keys: Mapping[str, object] | list[str] | tuple[str, ...]) -> str:
    shown = ", ".join(list(keys)[:MOST_NAMED])
    more = f" and {len(keys) - MOST_NAMED} more" if len(keys) > MOST_NAMED else ""
    return (shown + more) or "none"
