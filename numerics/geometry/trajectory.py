"""Keyframes of one object in the world, and where it is between them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from numerics.arrays import BoolArray, FloatArray, Numbers
from numerics.geometry.cuboid import Cuboid, Cuboids
from numerics.geometry.path import Keyframe, Motion, Run

REACH_S = 0.15
"""How far beyond its first and last keyframe an object is still there: other sensors look earlier or later."""


ANYHOW = Motion()


@dataclass(frozen=True, slots=True, eq=False)
class Evaluated:
    """An object at n times.

    Attributes:
        present: (n,) whether it is there at all; rows of the others are NaN.
        cuboids: n cuboids in the world frame.
        velocity_m_s: (n, 3) slope of the path.
    """

    present: BoolArray
    cuboids: Cuboids
    velocity_m_s: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Trajectory:
    """Keyframes in order of time, ready to be evaluated.

    Position: cubic Hermite with tangents from central differences, limited so that no axis
    overshoots; straight where keyframes are more than `LONGEST_CURVE_S` (path.py) apart or one is a stop.
    Rotation: slerp; a vehicle that is fast keeps its angle to the path instead. Size: linear.
    An absent keyframe ends the object until the next present one.

    Attributes:
        keyframes: In increasing time.
        motion: How the object moves.
    """

    keyframes: Sequence[Keyframe]
    motion: Motion = ANYHOW
    _runs: list[Run] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Cut the keyframes at absences.

        Raises:
            ValueError: If the times do not increase.
        """
        times = [k.time_s for k in self.keyframes]
        if any(later <= earlier for earlier, later in pairwise(times)):
            raise ValueError("The times of keyframes must increase.")
        runs: list[Run] = []
        here: list[Keyframe] = []
        for keyframe in self.keyframes:
            if keyframe.cuboid is not None:
                here.append(keyframe)
                continue
            if here:
                runs.append(Run.of(here, ends_s=keyframe.time_s))
            here = []
        if here:
            runs.append(Run.of(here, ends_s=float("inf")))
        object.__setattr__(self, "_runs", runs)

    def at(self, times_s: Numbers) -> Evaluated:
        """Evaluate at any times.

        A run of keyframes reaches from `REACH_S` before its first to `REACH_S` after its last one,
        at constant velocity, but not past the absent keyframe that ends it, nor before the one
        that precedes it. A static object reaches to these from anywhere, and stands.
        """
        times = np.atleast_1d(np.asarray(times_s, dtype=np.float64))
        n = len(times)
        present = np.zeros(n, bool)
        center, velocity, size = (np.full((n, 3), np.nan) for _ in range(3))
        rotation = np.full((n, 3, 3), np.nan)
        starts_s = -float("inf")
        reach_s = float("inf") if self.motion.static else REACH_S
        for run in self._runs:
            first, last = max(run.times_s[0] - reach_s, starts_s), run.times_s[-1] + reach_s
            rows = (times >= first) & (times <= last) & (times < run.ends_s)
            starts_s = run.ends_s
            if rows.any():
                present |= rows
                center[rows], rotation[rows], size[rows], velocity[rows] = run.at(
                    times[rows], self.motion
                )
        return Evaluated(present, Cuboids(center, rotation, size), velocity)

    def cuboid_at(self, time_s: float) -> Cuboid | None:
        """Evaluate at one time; None where the object is absent."""
        evaluated = self.at([time_s])
        return evaluated.cuboids[0] if evaluated.present[0] else None


def velocities(times_s: FloatArray, centers_m: FloatArray) -> FloatArray:
    """Central differences, one-sided at the ends; zero for a single time.

    Args:
        times_s: (n,) increasing.
        centers_m: (n, d).

    Returns:
        (n, d) in units per second.
    """
    n = len(times_s)
    if n < 2:
        return np.zeros_like(centers_m)
    low, high = np.maximum(np.arange(n) - 1, 0), np.minimum(np.arange(n) + 1, n - 1)
    rate: FloatArray = (centers_m[high] - centers_m[low]) / (times_s[high] - times_s[low])[:, None]
    return rate


def track_size(sizes_m: FloatArray, weights: FloatArray) -> FloatArray:
    """Weighted lower median per dimension of (n, 3) sizes: the size that a rigid object keeps.

    Args:
        sizes_m: (n, 3) of the keyframes that people made.
        weights: (n,) above 0, such as visible faces times points inside.

    Raises:
        ValueError: If there is no size, or a weight is not above 0.
    """
    if len(sizes_m) == 0 or not (weights > 0).all():
        raise ValueError("A track's size needs at least one size, and weights above 0.")
    order = np.argsort(sizes_m, axis=0, kind="stable")
    heavy = np.cumsum(weights[order], axis=0)
    middle = (heavy >= heavy[-1] / 2).argmax(axis=0)
    axes = np.arange(3)
    kept: FloatArray = sizes_m[order[middle, axes], axes]
    return kept
