"""Rotations and translations between frames, and poses that change with time."""

import math
from dataclasses import dataclass
from typing import Self

import numpy as np

from numerics.arrays import FloatArray, Numbers, vector

REACH_S = 0.25
"""How far beyond its first and last pose a track may be asked, at constant velocity."""


@dataclass(frozen=True, slots=True, eq=False)
class Rigid:
    """A rotation and a translation that take points from one frame to another.

    Read the name of a value from right to left: `ego_from_lidar` takes lidar points to the ego frame.

    Attributes:
        rotation: (3, 3) orthonormal matrix.
        translation_m: (3,) in metres.
    """

    rotation: FloatArray
    translation_m: FloatArray

    @classmethod
    def identity(cls) -> Self:
        """Leave points where they are."""
        return cls(np.eye(3), np.zeros(3))

    @classmethod
    def of(cls, quaternion_xyzw: Numbers, translation_m: Numbers) -> Self:
        """Build from a quaternion (x, y, z, w; normalised here) and a translation."""
        return cls(
            rotation_of(quaternion_xyzw),
            vector(translation_m, length=3, name="translation_m"),
        )

    @classmethod
    def of_matrix(cls, matrix: FloatArray) -> Self:
        """Build from a (3, 4) or (4, 4) matrix.

        Raises:
            ValueError: If the matrix has another shape or its rotation is not orthonormal.
        """
        matrix = np.asarray(matrix, dtype=np.float64)
        if matrix.shape not in {(3, 4), (4, 4)}:
            raise ValueError(f"A pose matrix is 3x4 or 4x4, not {matrix.shape}.")
        rotation = matrix[:3, :3]
        if not np.allclose(rotation @ rotation.T, np.eye(3), atol=1e-3):
            raise ValueError("The rotation of a pose matrix is not orthonormal.")
        if np.linalg.det(rotation) < 0:
            raise ValueError("The rotation of a pose matrix mirrors: its determinant is -1.")
        return cls(rotation_of(quaternion_of(rotation)), matrix[:3, 3].copy())

    @property
    def quaternion_xyzw(self) -> FloatArray:
        """The rotation as (4,) unit quaternion with w >= 0."""
        return quaternion_of(self.rotation)

    def __matmul__(self, other: "Rigid") -> "Rigid":
        """Chain: `a_from_b @ b_from_c` is `a_from_c`."""
        return Rigid(self.rotation @ other.rotation, self.apply(other.translation_m))

    def inverse(self) -> "Rigid":
        """Turn `a_from_b` into `b_from_a`."""
        back = self.rotation.T
        return Rigid(back, -(back @ self.translation_m))

    def apply(self, points_m: FloatArray) -> FloatArray:
        """Take (..., 3) points to the other frame."""
        moved: FloatArray = points_m @ self.rotation.T + self.translation_m
        return moved


def rotation_of(quaternion_xyzw: Numbers) -> FloatArray:
    """Turn a quaternion into a (3, 3) matrix.

    Raises:
        ValueError: If it has not four finite numbers, or is shorter than 1e-6.
    """
    quaternion = vector(quaternion_xyzw, length=4, name="quaternion_xyzw")
    length = float(np.linalg.norm(quaternion))
    if length < 1e-6:
        raise ValueError("A quaternion of length 0 is no rotation.")
    return unit_rotation(quaternion / length)


def unit_rotation(quaternion_xyzw: FloatArray) -> FloatArray:
    """Turn a unit quaternion into a (3, 3) matrix; plain numbers, as one is too few for arrays."""
    x, y, z, w = quaternion_xyzw.tolist()
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )


def rotations_of(quaternions_xyzw: FloatArray) -> FloatArray:
    """Turn (n, 4) unit quaternions into (n, 3, 3) matrices."""
    x, y, z, w = quaternions_xyzw.T
    x2, y2, z2 = 2 * x, 2 * y, 2 * z
    xx, yy, zz, xy, xz, yz = x * x2, y * y2, z * z2, x * y2, x * z2, y * z2
    wx, wy, wz = w * x2, w * y2, w * z2
    matrices = np.empty((len(quaternions_xyzw), 3, 3))
    matrices[:, 0, 0], matrices[:, 0, 1], matrices[:, 0, 2] = 1 - (yy + zz), xy - wz, xz + wy
    matrices[:, 1, 0], matrices[:, 1, 1], matrices[:, 1, 2] = xy + wz, 1 - (xx + zz), yz - wx
    matrices[:, 2, 0], matrices[:, 2, 1], matrices[:, 2, 2] = xz - wy, yz + wx, 1 - (xx + yy)
    return matrices


def quaternion_of(rotation: FloatArray) -> FloatArray:
    """Turn a (3, 3) rotation into a (4,) unit quaternion x, y, z, w with w >= 0.

    Source:
        Shepperd (1978), J. Guidance and Control 1(3): divide by the largest of the four.
    """
    r = rotation.tolist()
    trace = r[0][0] + r[1][1] + r[2][2]
    squares = (r[0][0], r[1][1], r[2][2], trace)
    largest = squares.index(max(squares))
    if largest == 3:
        found = [r[2][1] - r[1][2], r[0][2] - r[2][0], r[1][0] - r[0][1], 1 + trace]
    else:
        i, j, k = largest, (largest + 1) % 3, (largest + 2) % 3
        found = [0.0, 0.0, 0.0, r[k][j] - r[j][k]]
        found[i] = 1 - trace + 2 * r[i][i]
        found[j] = r[j][i] + r[i][j]
        found[k] = r[k][i] + r[i][k]
    length = math.copysign(math.hypot(*found), found[3])
    return np.array(found) / length


def slerp(a_xyzw: FloatArray, b_xyzw: FloatArray, share: FloatArray) -> FloatArray:
    """Turn from a to b along the shortest arc.

    Args:
        a_xyzw: (n, 4) unit quaternions at share 0.
        b_xyzw: (n, 4) unit quaternions at share 1.
        share: (n,) in [0, 1], or beyond to go on at the same rate.

    Returns:
        (n, 4) unit quaternions.

    Source:
        Shoemake (1985), SIGGRAPH 19(3); straight mixing where the angle is below 1e-8 rad.
    """
    cosine = np.einsum("ni,ni->n", a_xyzw, b_xyzw)
    b_xyzw = np.where(cosine[:, None] < 0, -b_xyzw, b_xyzw)
    # atan2 keeps its digits for tiny angles, where acos has lost half of them.
    angle = 2 * np.arctan2(
        np.linalg.norm(b_xyzw - a_xyzw, axis=1), np.linalg.norm(b_xyzw + a_xyzw, axis=1)
    )
    sine = np.sin(angle)
    safe = np.where(sine > 1e-8, sine, 1.0)
    weight_a = np.where(sine > 1e-8, np.sin((1 - share) * angle) / safe, 1 - share)
    weight_b = np.where(sine > 1e-8, np.sin(share * angle) / safe, share)
    mixed = weight_a[:, None] * a_xyzw + weight_b[:, None] * b_xyzw
    unit: FloatArray = mixed / np.linalg.norm(mixed, axis=1, keepdims=True)
    return unit


@dataclass(frozen=True, slots=True, eq=False)
class PoseTrack:
    """Poses of one moving frame in another, over time.

    Attributes:
        times_s: (n,) increasing, seconds since the scene's start.
        quaternions_xyzw: (n, 4) unit.
        translations_m: (n, 3).
    """

    times_s: FloatArray
    quaternions_xyzw: FloatArray
    translations_m: FloatArray

    def __post_init__(self) -> None:
        """Refuse what cannot be interpolated."""
        n = len(self.times_s)
        if n == 0 or self.quaternions_xyzw.shape != (n, 4) or self.translations_m.shape != (n, 3):
            raise ValueError("A pose track needs as many quaternions and translations as times.")
        if n > 1 and not (np.diff(self.times_s) > 0).all():
            raise ValueError("The times of a pose track must increase.")

    def at(self, times_s: FloatArray) -> list[Rigid]:
        """Evaluate: linear in position, slerp in rotation, between the poses around each time.

        A track of one pose stands still. Up to `REACH_S` beyond its ends a track goes on at the
        rate of its last (first) two poses.

        Raises:
            ValueError: If a time lies further than `REACH_S` beyond the ends.
        """
        times_s = np.atleast_1d(np.asarray(times_s, dtype=np.float64))
        if len(self.times_s) == 1:
            alone = Rigid.of(self.quaternions_xyzw[0], self.translations_m[0])
            return [alone] * len(times_s)
        outside = np.maximum(self.times_s[0] - times_s, times_s - self.times_s[-1])
        if (outside > REACH_S).any():
            raise ValueError(
                f"No pose is known {outside.max():.3f} s beyond the ends of the pose track."
            )
        after = np.clip(np.searchsorted(self.times_s, times_s, "right"), 1, len(self.times_s) - 1)
        before = after - 1
        span_s = self.times_s[after] - self.times_s[before]
        share = (times_s - self.times_s[before]) / span_s
        turned = slerp(self.quaternions_xyzw[before], self.quaternions_xyzw[after], share)
        start = self.translations_m[before]
        moved = start + share[:, None] * (self.translations_m[after] - start)
        return [Rigid(r, p) for r, p in zip(rotations_of(turned), moved, strict=True)]
