"""What an edit may hold: numbers, text and shapes, read strictly from what was sent."""

import math
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    FiniteFloat,
    StringConstraints,
    Tag,
)

UNIT_TOLERANCE = 1e-6
FARTHEST_NS = 2**53  # what a double in a browser still counts exactly
FARTHEST = 1e9  # metres or pixels; beyond it a number is a mistake, and squares overflow
LONGEST_ANSWER = 500


def _storable(text: str) -> str:
    if "\x00" in text:
        raise ValueError("must not hold the character NUL")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("must be proper Unicode, without lone surrogates") from error
    return text


def _near(number: float) -> float:
    if abs(number) > FARTHEST:
        raise ValueError(f"must lie within ±{FARTHEST:.0e}")
    return number


def _answer(value: object) -> bool | int | float | str | None:
    if isinstance(value, str) and len(value) <= LONGEST_ANSWER:
        return _storable(value)
    if isinstance(value, int | float) and math.isfinite(value) and abs(value) <= FARTHEST_NS:
        return value
    if value is not None:
        raise ValueError(
            f"must be text of up to {LONGEST_ANSWER} characters, a finite number, true, false or null"
        )
    return None


Number = Annotated[FiniteFloat, Field(strict=True), AfterValidator(_near)]
Positive = Annotated[FiniteFloat, Field(gt=0, strict=True), AfterValidator(_near)]
Text = Annotated[str, AfterValidator(_storable)]
Name = Annotated[Text, StringConstraints(min_length=1, max_length=80)]
Attributes = dict[Name, Annotated[Any, AfterValidator(_answer)]]
AtNs = Annotated[int, Field(ge=-FARTHEST_NS, le=FARTHEST_NS, strict=True)]
StreamName = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,80}/(cuboid|box)$", max_length=120)
]


class Strict(BaseModel):
    """Unknown members are a mistake, not to be dropped in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _unit(quaternion_xyzw: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    length = math.hypot(*quaternion_xyzw)
    if abs(length - 1) > UNIT_TOLERANCE:
        raise ValueError(f"must be a unit quaternion (x, y, z, w); its length is {length:.6g}")
    return quaternion_xyzw


def _ordered(box_px: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    left, top, right, bottom = box_px
    if left >= right or top >= bottom:
        raise ValueError("must be left, top, right, bottom, with left < right and top < bottom")
    return box_px


class CuboidGeometry(Strict):
    """A box in the world."""

    center_m: tuple[Number, Number, Number]
    quaternion_xyzw: Annotated[tuple[Number, Number, Number, Number], AfterValidator(_unit)]
    size_m: tuple[Positive, Positive, Positive]


class BoxGeometry(Strict):
    """A rectangle in an image."""

    box_px: Annotated[tuple[Number, Number, Number, Number], AfterValidator(_ordered)]


def shape_of(geometry: object) -> str | None:
    """Name the shape of a geometry, parsed or as it was sent."""
    if isinstance(geometry, CuboidGeometry | BoxGeometry):
        return "cuboid" if isinstance(geometry, CuboidGeometry) else "box"
    if not isinstance(geometry, Mapping):
        return None
    return "box" if "box_px" in geometry else "cuboid"


Geometry = Annotated[
    Annotated[CuboidGeometry, Tag("cuboid")] | Annotated[BoxGeometry, Tag("box")],
    Discriminator(shape_of),
]
