"""What an edit is: operations on objects and keyframes, read strictly from what was sent."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import (
    Field,
    StrictBool,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from apps.annotation.faults import faults, invalid
from apps.annotation.values import (
    AtNs,
    Attributes,
    Geometry,
    Name,
    StreamName,
    Strict,
    Text,
    shape_of,
)

MOST_OPS = 200


class KeyValue(Strict):
    """What a keyframe says."""

    geometry: Geometry | None
    state: Literal["keyed", "derived", "adjusted", "independent", "not_visible"]
    origin: Literal["human", "fit", "interp", "track", "project", "model", "import"]
    confirmed: StrictBool
    absent: StrictBool
    reason: Annotated[Text, StringConstraints(max_length=500)]
    attributes: Attributes

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if self.state in {"derived", "not_visible"} and self.geometry is not None:
            raise ValueError(
                f"state “{self.state}” has no geometry of its own; send null, or state “adjusted”"
            )
        if self.state in {"adjusted", "not_visible"} and not self.reason.strip():
            raise ValueError(f"state “{self.state}” needs a reason")
        bare = self.state in {"derived", "not_visible"} or self.absent
        if not bare and self.geometry is None:
            raise ValueError(f"state “{self.state}” needs a geometry")
        return self


class Key(KeyValue):
    """A keyframe of a deleted object, with its time; who made it is known from the journal."""

    at_ns: AtNs
    author_id: int | None = Field(default=None, exclude=True)
    guideline_number: int | None = Field(default=None, exclude=True)


class ObjectFields(Strict):
    """What an object says of itself."""

    class_: Annotated[Name, Field(alias="class")]
    attributes: Attributes
    motion: Literal["dynamic", "static"]
    size_locked: StrictBool


class SomeFields(Strict):
    """Those of an object's fields that an edit is about."""

    class_: Annotated[Name | None, Field(alias="class")] = None
    attributes: Attributes | None = None
    motion: Literal["dynamic", "static"] | None = None
    size_locked: StrictBool | None = None

    @model_validator(mode="after")
    def _something_is_said(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("must name at least one field")
        for name in self.model_fields_set:
            if getattr(self, name) is None:
                raise ValueError(f"{name.rstrip('_')} must not be null")
        return self


class DeletedFields(ObjectFields):
    """A whole object, as it was before it was deleted."""

    streams: dict[StreamName, list[Key]]


class _Op(Strict):
    obj: UUID


class AddObject(_Op):
    """A new object."""

    k: Literal["obj.add"]
    next: ObjectFields


class SetObject(_Op):
    """Other values for some of an object's own fields."""

    k: Literal["obj.set"]
    prev: SomeFields
    next: SomeFields

    @model_validator(mode="after")
    def _both_name_the_same(self) -> Self:
        if self.prev.model_fields_set != self.next.model_fields_set:
            raise ValueError("prev and next must name the same fields")
        return self


class DeleteObject(_Op):
    """An object and all of its keyframes go."""

    k: Literal["obj.del"]
    prev: DeletedFields


class _KeyOp(_Op):
    stream: StreamName
    at_ns: AtNs

    @property
    def shape(self) -> str:
        """The part of the stream's name that says what lies in it."""
        return self.stream.partition("/")[2]

    @property
    def sensor_key(self) -> str | None:
        """The sensor that sees it, or nothing for the world."""
        sensor = self.stream.partition("/")[0]
        return None if sensor == "world" else sensor


class PutKey(_KeyOp):
    """A keyframe is made, or says something else."""

    k: Literal["key.put"]
    prev: KeyValue | None
    next: KeyValue

    @model_validator(mode="after")
    def _fits_its_stream(self) -> Self:
        if (self.sensor_key is None) != (self.shape == "cuboid"):
            raise ValueError(
                f"{self.stream} does not exist: cuboids lie in the world, boxes in sensors"
            )
        if (self.sensor_key is None) != (self.next.state == "keyed"):
            raise ValueError(
                f"state “{self.next.state}” does not go with the stream {self.stream}"
            )
        if self.next.geometry is not None and shape_of(self.next.geometry) != self.shape:
            raise ValueError(f"the stream {self.stream} holds a {self.shape}, not another shape")
        return self


class DeleteKey(_KeyOp):
    """A keyframe goes."""

    k: Literal["key.del"]
    prev: KeyValue


Op = Annotated[AddObject | SetObject | DeleteObject | PutKey | DeleteKey, Field(discriminator="k")]
_OP: TypeAdapter[Op] = TypeAdapter(Op)


class NewChangeSet(Strict):
    """One gesture, as its maker sends it."""

    id: UUID
    label: Annotated[Text, StringConstraints(max_length=200, strip_whitespace=True)]
    made_at: datetime
    ops: Annotated[list[Op], Field(min_length=1)]


class _Request(Strict):
    changesets: Annotated[list[NewChangeSet], Field(min_length=1, max_length=MOST_OPS)]


def parse_changesets(sent: object) -> list[NewChangeSet]:
    """Read the change sets of a save.

    Raises:
        Invalid: If one is wrong, or they hold too many operations; `fields` says what is wrong where.
    """
    try:
        change_sets = _Request.model_validate({"changesets": sent}).changesets
    except ValidationError as error:
        raise invalid(faults(error)) from error
    count = sum(len(one.ops) for one in change_sets)
    if count > MOST_OPS:
        raise invalid(
            {"changesets": [f"hold {count} operations; send at most {MOST_OPS} at once"]}
        )
    return change_sets


def parse_op(sent: object) -> Op:
    """Read one operation, as the journal holds it.

    Raises:
        ValidationError: If it is no operation.
    """
    return _OP.validate_python(sent)


def op_json(op: Op) -> dict[str, Any]:
    """Write an operation as it goes over the wire and into the journal."""
    unset = isinstance(op, SetObject)
    return op.model_dump(mode="json", by_alias=True, exclude_unset=unset)
