"""How far an edit reaches: which times of which objects have to be checked again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import numpy as np

from apps.annotation.state import ObjectRecord, SceneState
from apps.quality.checks.track import WORLD
from apps.quality.checks.view import NS
from numerics.arrays import BoolArray, IntArray
from numerics.geometry.trajectory import REACH_S

FOREVER = (-(2**62), 2**62)
REACH_NS = round(REACH_S / NS)
REACHED_KEYS = 2
SHAPES_THE_PATH = {"class", "motion"}

Span = tuple[int, int]


@dataclass(slots=True)
class Extent:
    """Times of one object that an edit reaches.

    Attributes:
        spans: Times between which its cuboid may be another one; both ends included.
        boxes: Sensor and time of keyframes in cameras that changed.
        whole: Whether the track as a whole may say something else: its sizes, its speeds.
    """

    spans: list[Span] = field(default_factory=list)
    boxes: set[tuple[str, int]] = field(default_factory=set)
    whole: bool = False

    @classmethod
    def everything(cls) -> "Extent":
        """All that there is of the object."""
        return cls([FOREVER], set(), whole=True)

    def holds(self, at_ns: int, sensor_key: str | None = None) -> bool:
        """Whether a time (of a sensor) is reached."""
        if sensor_key is not None and (sensor_key, at_ns) in self.boxes:
            return True
        return any(low <= at_ns <= high for low, high in self.spans)

    def among(self, at_ns: IntArray, sensor_key: str | None = None) -> BoolArray:
        """(n,) which of some times (of a sensor) are reached."""
        reached = np.zeros(len(at_ns), bool)
        for low, high in self.spans:
            reached |= (at_ns >= low) & (at_ns <= high)
        if sensor_key is not None and self.boxes:
            times = [at for key, at in self.boxes if key == sensor_key]
            reached |= np.isin(at_ns, times)
        return reached


def extents(
    before: SceneState, after: SceneState, ops: Iterable[Mapping[str, Any]]
) -> dict[UUID, Extent]:
    """Tell what operations reach, per object that they touch.

    A keyframe shapes the path as far as the keyframe after the next one: the tangent there is a
    central difference over both its neighbours.
    """
    found: dict[UUID, Extent] = {}
    for op in ops:
        key = UUID(op["obj"])
        extent = found.setdefault(key, Extent())
        old, new = before.objects.get(key), after.objects.get(key)
        if op["k"] in {"obj.add", "obj.del"}:
            found[key] = Extent.everything()
        elif op["k"] == "obj.set":
            if SHAPES_THE_PATH & op["next"].keys():
                found[key] = Extent.everything()
        elif op["stream"] == WORLD:
            extent.whole = True
            extent.spans.append(_reach(op["at_ns"], (old, new)))
        else:
            extent.boxes.add((op["stream"].partition("/")[0], op["at_ns"]))
    return found


def _reach(at_ns: int, records: tuple[ObjectRecord | None, ObjectRecord | None]) -> Span:
    low, high = at_ns - REACH_NS, at_ns + REACH_NS
    for record in records:
        if record is None:
            continue
        if record.fields["motion"] == "static":
            return FOREVER
        times = [key.at_ns for key in record.streams.get(WORLD, ())]
        earlier = [time for time in times if time < at_ns][-REACHED_KEYS:]
        later = [time for time in times if time > at_ns][:REACHED_KEYS]
        # Beyond its ends a path goes on at the velocity there.
        if earlier:
            low = min(low, earlier[0] - (REACH_NS if len(earlier) < REACHED_KEYS else 0))
        if later:
            high = max(high, later[-1] + (REACH_NS if len(later) < REACHED_KEYS else 0))
    return low, high
