"""One run of the checks: what is asked about, under which rules, and what was found so far."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol
from uuid import UUID

import numpy as np

from apps.quality.checks.extent import Extent
from apps.quality.checks.raised import Cause, Outcome, Raised, Was
from apps.quality.checks.standards import CheckStandard, Standards
from apps.quality.checks.track import Track
from apps.quality.checks.view import Look, SceneView
from numerics.arrays import BoolArray, FloatArray, IntArray
from numerics.checks.draft import Draft, Severity
from numerics.geometry.cuboid import Cuboids
from numerics.geometry.ground import GroundRaster
from numerics.geometry.inside import PointGrid


class Clouds(Protocol):
    """Where the points and the ground of a capture come from."""

    def points(self, look: Look, row: int) -> PointGrid | None:
        """Points in the sensor's frame, or nothing if they are not to be had now."""

    def ground(self, look: Look, row: int) -> GroundRaster | None:
        """Ground in the ego's frame at the capture's time, or nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """All objects of the scene at some frames.

    Attributes:
        tracks: n objects.
        frames: (f,) frames, increasing.
        present: (n, f) which objects are there when.
        asked: (n, f) which of these the run is about.
        center_m: (n, f, 3) in the world.
        rotation: (n, f, 3, 3).
        size_m: (n, f, 3).
    """

    tracks: Sequence[Track]
    frames: IntArray
    present: BoolArray
    asked: BoolArray
    center_m: FloatArray
    rotation: FloatArray
    size_m: FloatArray

    def at(self, column: int, rows: IntArray) -> Cuboids:
        """Cuboids of some objects at one of the frames."""
        return Cuboids(
            self.center_m[rows, column], self.rotation[rows, column], self.size_m[rows, column]
        )


@dataclass(frozen=True, eq=False)
class Context:
    """One run of the checks.

    Attributes:
        view: The recording.
        standards: The guideline.
        tracks: All objects of the scene.
        extents: What is asked about, per object.
        was: The living findings.
        clouds: Points and ground.
        outcome: What was found so far.
    """

    view: SceneView
    standards: Standards
    tracks: Mapping[UUID, Track]
    extents: Mapping[UUID, Extent]
    was: Was
    clouds: Clouds
    outcome: Outcome = field(default_factory=Outcome)

    @cached_property
    def subjects(self) -> list[Track]:
        """Objects that the run is about and that are still there."""
        return [self.tracks[key] for key in self.extents if key in self.tracks]

    @cached_property
    def placed(self) -> Placed:
        """All objects at the frames that the run is about."""
        reached = np.zeros(len(self.view.key_ns), bool)
        for track in self.subjects:
            reached |= self.extents[track.id].among(self.view.key_ns)
        frames = np.flatnonzero(reached)
        return place(self, frames)

    def rule(self, check: str) -> CheckStandard:
        """How a check is used here."""
        return self.standards.checks[check]

    def enabled(self, *checks: str) -> bool:
        """Whether any of some checks runs."""
        return any(self.rule(check).enabled for check in checks)

    def was_of(self, cause: Cause) -> Severity | None:
        """Severity of the cause's living finding."""
        return self.was.get(cause.stable_key)

    def found(
        self,
        cause: Cause,
        draft: Draft | None,
        *,
        at_ns: int,
        fixes: Iterable[dict[str, Any]] = (),
    ) -> None:
        """Take down what a check said, if it said anything."""
        if draft is not None:
            self.outcome.raised.append(Raised(cause, draft, at_ns, list(fixes)))


def place(context: Context, frames: IntArray) -> Placed:
    """Evaluate all objects at some frames."""
    tracks = list(context.tracks.values())
    times = context.view.key_ns[frames]
    n, f = len(tracks), len(frames)
    present, asked = np.zeros((n, f), bool), np.zeros((n, f), bool)
    center, size = np.full((n, f, 3), np.nan), np.full((n, f, 3), np.nan)
    rotation = np.full((n, f, 3, 3), np.nan)
    for row, track in enumerate(tracks):
        if not f or not track.trajectory.keyframes:
            continue
        found = track.at(times)
        present[row] = found.present
        center[row], rotation[row] = found.cuboids.center_m, found.cuboids.rotation
        size[row] = found.cuboids.size_m
        if track.id in context.extents:
            asked[row] = found.present & context.extents[track.id].among(times)
    return Placed(tracks, frames, present, asked, center, rotation, size)
