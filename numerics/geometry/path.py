"""The path through a run of keyframes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np

from numerics.arrays import BoolArray, FloatArray, IntArray
from numerics.geometry.cuboid import Cuboid, wrap_rad
from numerics.geometry.rigid import rotations_of, slerp

LONGEST_CURVE_S = 2.0
"""Between keyframes further apart than this an object goes straight."""

TANGENT_FROM_M_S = 2.0
TANGENT_FULL_M_S = 4.0
"""A vehicle's heading follows its path in part from the first speed, wholly from the second."""


@dataclass(frozen=True, slots=True, eq=False)
class Keyframe:
    """A stored geometry at a time.

    Attributes:
        time_s: Seconds since the scene's start.
        cuboid: In the world frame; None where the object is absent from here on.
        stop: Whether the object stands still here: no curve runs through it.
    """

    time_s: float
    cuboid: Cuboid | None
    stop: bool = False


class Motion(NamedTuple):
    """How an object moves.

    Attributes:
        vehicle: Its heading follows its path when it is fast.
        static: It stands still: its ends hold for all times.
    """

    vehicle: bool = False
    static: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """Keyframes without an absence between them, as columns.

    Attributes:
        times_s: (k,) increasing.
        center_m: (k, 3).
        quaternion_xyzw: (k, 4).
        size_m: (k, 3).
        yaw_rad: (k,) of the quaternions.
        tangent_m_s: (k, 3) velocity through each keyframe.
        straight: (k - 1,) pieces without a curve.
        ends_s: Time of the absence that ends the run.
    """

    times_s: FloatArray
    center_m: FloatArray
    quaternion_xyzw: FloatArray
    size_m: FloatArray
    yaw_rad: FloatArray
    tangent_m_s: FloatArray
    straight: BoolArray
    ends_s: float

    @classmethod
    def of(cls, keyframes: Sequence[Keyframe], *, ends_s: float) -> Self:
        """Set keyframes that all have a cuboid into columns."""
        cuboids = [k.cuboid for k in keyframes if k.cuboid is not None]
        times = np.array([k.time_s for k in keyframes], float)
        center = np.array([c.center_m for c in cuboids])
        stop = np.array([k.stop for k in keyframes])
        straight = (np.diff(times) > LONGEST_CURVE_S) | stop[:-1] | stop[1:]
        quaternions = np.array([c.quaternion_xyzw for c in cuboids])
        keys = rotations_of(quaternions)
        return cls(
            times,
            center,
            quaternions,
            np.array([c.size_m for c in cuboids]),
            np.arctan2(keys[:, 1, 0], keys[:, 0, 0]),
            _tangents(times, center, straight),
            straight,
            ends_s,
        )

    def at(
        self, times_s: FloatArray, motion: Motion
    ) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Centres, rotations, sizes and velocities at times within reach."""
        if len(self.times_s) == 1:
            n = len(times_s)
            turned = np.broadcast_to(rotations_of(self.quaternion_xyzw), (n, 3, 3))
            centers = np.broadcast_to(self.center_m, (n, 3))
            return centers, turned, np.broadcast_to(self.size_m, (n, 3)), np.zeros((n, 3))
        inside = np.clip(times_s, self.times_s[0], self.times_s[-1])
        after = np.clip(np.searchsorted(self.times_s, inside, "right"), 1, len(self.times_s) - 1)
        before = after - 1
        share = (inside - self.times_s[before]) / (self.times_s[after] - self.times_s[before])
        center, velocity = self._path(before, share)
        if motion.static:
            velocity = np.zeros_like(velocity)
        beyond = (times_s - inside) if not motion.static else np.zeros_like(times_s)
        center = center + beyond[:, None] * velocity
        turned = slerp(self.quaternion_xyzw[before], self.quaternion_xyzw[after], share)
        rotation = rotations_of(turned)
        if motion.vehicle:
            extra = self._toward_path(rotation, velocity, (before, share))
            rotation = _turn_about_z(extra) @ rotation
        size = self.size_m[before] + share[:, None] * (self.size_m[after] - self.size_m[before])
        return center, rotation, size, velocity

    def _path(self, before: IntArray, share: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Position and its slope on the piece after keyframe `before`."""
        span = (self.times_s[before + 1] - self.times_s[before])[:, None]
        u = share[:, None]
        p0, p1 = self.center_m[before], self.center_m[before + 1]
        m0, m1 = self._ends(before)
        m0, m1 = m0 * span, m1 * span
        way = p1 - p0
        # Written around p0, so that map-sized coordinates keep their digits.
        center = p0 + u * (m0 + u * (3 * way - 2 * m0 - m1 + u * (m0 + m1 - 2 * way)))
        slope = (m0 + u * (2 * (3 * way - 2 * m0 - m1) + u * 3 * (m0 + m1 - 2 * way))) / span
        return center, slope

    def _ends(self, before: IntArray) -> tuple[FloatArray, FloatArray]:
        """Velocities at both ends of a piece: tangents, or the straight slope."""
        span = (self.times_s[before + 1] - self.times_s[before])[:, None]
        slope = (self.center_m[before + 1] - self.center_m[before]) / span
        straight = self.straight[before][:, None]
        return (
            np.where(straight, slope, self.tangent_m_s[before]),
            np.where(straight, slope, self.tangent_m_s[before + 1]),
        )

    def _toward_path(
        self, rotation: FloatArray, velocity: FloatArray, place: tuple[IntArray, FloatArray]
    ) -> FloatArray:
        """Yaw to add so that the angle between heading and path goes evenly from key to key.

        It is 0 at the keyframes, so what a person set there stays.
        """
        before, share = place
        m0, m1 = self._ends(before)
        yaw = np.arctan2(rotation[:, 1, 0], rotation[:, 0, 0])
        off0 = self.yaw_rad[before] - np.arctan2(m0[:, 1], m0[:, 0])
        off1 = self.yaw_rad[before + 1] - np.arctan2(m1[:, 1], m1[:, 0])
        wanted = np.arctan2(velocity[:, 1], velocity[:, 0]) + off0 + share * wrap_rad(off1 - off0)
        slowest = np.min([np.hypot(v[:, 0], v[:, 1]) for v in (m0, velocity, m1)], axis=0)
        pull = (slowest - TANGENT_FROM_M_S) / (TANGENT_FULL_M_S - TANGENT_FROM_M_S)
        extra: FloatArray = np.clip(pull, 0.0, 1.0) * wrap_rad(wanted - yaw)
        return extra


def _tangents(times_s: FloatArray, center_m: FloatArray, straight: BoolArray) -> FloatArray:
    """Central differences per keyframe, one-sided beside a straight piece or an end, then limited.

    A tangent is 0 where the path turns back along an axis, and at most three times the flatter
    neighbouring slope: then a cubic does not overshoot.

    Source:
        Fritsch and Carlson (1980), SIAM J. Numerical Analysis 17(2).
    """
    tangent = np.zeros_like(center_m)
    if len(times_s) < 2:
        return tangent
    slope = np.diff(center_m, axis=0) / np.diff(times_s)[:, None]
    curve = ~straight
    before, after = np.concatenate([[False], curve]), np.concatenate([curve, [False]])
    slope_before = np.vstack([slope[:1], slope])
    slope_after = np.vstack([slope, slope[-1:]])
    tangent = np.where(before[:, None], slope_before, slope_after)
    inner = np.flatnonzero(before & after)
    central = (center_m[inner + 1] - center_m[inner - 1]) / (
        times_s[inner + 1] - times_s[inner - 1]
    )[:, None]
    a, b = slope[inner - 1], slope[inner]
    most = 3 * np.minimum(np.abs(a), np.abs(b))
    tangent[inner] = np.where(a * b > 0, np.clip(central, -most, most), 0.0)
    return tangent


def _turn_about_z(angle_rad: FloatArray) -> FloatArray:
    c, s, o = np.cos(angle_rad), np.sin(angle_rad), np.zeros_like(angle_rad)
    turn: FloatArray = np.stack([c, -s, o, s, c, o, o, o, o + 1], axis=-1).reshape(-1, 3, 3)
    return turn
