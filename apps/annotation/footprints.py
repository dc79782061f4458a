"""What an edit touches: the one source for conflicts and for which checks run again."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from apps.annotation.ops import DeleteKey, Op, PutKey, SetObject, op_json

OpJson = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Footprint:
    """A keyframe of an object, some of its own fields, or all of it.

    Attributes:
        obj: The object's id, as text.
        stream: Name of the keyframe's stream; `*` for the object itself.
        at_ns: Time of the keyframe.
        fields: The object's fields that are touched; empty for a keyframe, None for all there is.
    """

    obj: str
    stream: str = "*"
    at_ns: int | None = None
    fields: frozenset[str] | None = None

    def meets(self, other: "Footprint") -> bool:
        """Whether two edits are about the same thing."""
        if self.obj != other.obj:
            return False
        if self.fields is None or other.fields is None:
            return True
        if self.stream == "*" and other.stream == "*":
            return bool(self.fields & other.fields)
        return self.stream == other.stream and self.at_ns == other.at_ns

    def json(self) -> dict[str, Any]:
        """Write it as the wire has it."""
        return {"obj": self.obj, "stream": self.stream, "at_ns": self.at_ns}


def footprint(op: OpJson) -> Footprint:
    """Tell what an operation touches."""
    if op["k"] == "obj.set":
        return Footprint(op["obj"], fields=frozenset(op["next"]))
    if op["k"] in {"key.put", "key.del"}:
        return Footprint(op["obj"], op["stream"], op["at_ns"], frozenset())
    return Footprint(op["obj"])


def footprint_of(op: Op) -> Footprint:
    """Tell what a parsed operation touches."""
    if isinstance(op, PutKey | DeleteKey):
        return Footprint(str(op.obj), op.stream, op.at_ns, frozenset())
    if isinstance(op, SetObject):
        return footprint(op_json(op))
    return Footprint(str(op.obj))


def clashes(
    mine: Iterable[OpJson], theirs: Iterable[OpJson]
) -> Iterator[tuple[OpJson, OpJson, Footprint]]:
    """Pairs of edits that are about the same thing, with what that is."""
    by_object: dict[str, list[tuple[OpJson, Footprint]]] = defaultdict(list)
    for op in theirs:
        by_object[op["obj"]].append((op, footprint(op)))
    for op in mine:
        touched = footprint(op)
        for other, their_touch in by_object[op["obj"]]:
            if touched.meets(their_touch):
                # The narrower of the two says best what the clash is about.
                yield op, other, their_touch if touched.fields is None else touched
