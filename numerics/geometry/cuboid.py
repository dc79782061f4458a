"""Cuboids: one, and many at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from numerics.arrays import BoolArray, FloatArray, IntArray, Numbers, vector
from numerics.geometry.rigid import Rigid, quaternion_of, unit_rotation

SIGNS = np.array([[1 if i >> axis & 1 else -1 for axis in range(3)] for i in range(8)], float)
"""(8, 3): corner i lies at +x if bit 0 of i is set, +y if bit 1 is, +z if bit 2 is."""

EDGES = np.array([(i, i | 1 << axis) for axis in range(3) for i in range(8) if not i >> axis & 1])
"""(12, 2) corner numbers: four edges along x, four along y, four along z."""

FACES = ("front", "rear", "left", "right", "top", "bottom")
"""Face f looks along axis f // 2, towards + for even f and - for odd f."""


@dataclass(frozen=True, slots=True, eq=False)
class Cuboid:
    """A box in space.

    Attributes:
        center_m: (3,) in the frame that the value's name says.
        quaternion_xyzw: (4,) unit; takes the box's own axes (x forward, y left, z up) to the frame.
        size_m: (3,) length along x, width along y, height along z; each above 0.
    """

    center_m: FloatArray
    quaternion_xyzw: FloatArray
    size_m: FloatArray

    @classmethod
    def of(cls, center_m: Numbers, quaternion_xyzw: Numbers, size_m: Numbers) -> Self:
        """Check and normalise.

        Raises:
            ValueError: If a shape is wrong, a number not finite, or a size not above 0.
        """
        size = vector(size_m, length=3, name="size_m")
        if not (size > 0).all():
            raise ValueError(f"Every size of a cuboid is above 0, not {size.tolist()}.")
        quaternion = vector(quaternion_xyzw, length=4, name="quaternion_xyzw")
        length = float(np.linalg.norm(quaternion))
        if length < 1e-6:
            raise ValueError("A quaternion of length 0 is no rotation.")
        return cls(vector(center_m, length=3, name="center_m"), quaternion / length, size)

    @classmethod
    def upright(cls, center_m: Numbers, yaw_rad: float, size_m: Numbers) -> Self:
        """Build a box that stands upright, its length turned by yaw from x towards y."""
        return cls.of(center_m, yaw_quaternion(yaw_rad), size_m)

    @property
    def rotation(self) -> FloatArray:
        """(3, 3) matrix of the quaternion."""
        return unit_rotation(self.quaternion_xyzw)

    @property
    def yaw_rad(self) -> float:
        """Direction of the length axis in the xy plane, in (-pi, pi]."""
        forward = self.rotation[:, 0]
        return float(np.arctan2(forward[1], forward[0]))

    @property
    def corners_m(self) -> FloatArray:
        """(8, 3) corners in the order of `SIGNS`."""
        return self.center_m + (SIGNS * self.size_m / 2) @ self.rotation.T

    @property
    def bottom_m(self) -> FloatArray:
        """(3,) centre of the bottom face."""
        bottom: FloatArray = self.center_m - self.rotation[:, 2] * self.size_m[2] / 2
        return bottom

    def transform(self, to_from_here: Rigid) -> "Cuboid":
        """Take the cuboid to another frame."""
        turned = quaternion_of(to_from_here.rotation @ self.rotation)
        return Cuboid(to_from_here.apply(self.center_m), turned, self.size_m)


@dataclass(frozen=True, slots=True, eq=False)
class Cuboids:
    """Many cuboids of one frame, as columns.

    Attributes:
        center_m: (n, 3).
        rotation: (n, 3, 3), from the box's axes to the frame.
        size_m: (n, 3).
    """

    center_m: FloatArray
    rotation: FloatArray
    size_m: FloatArray

    @classmethod
    def of(cls, cuboids: Sequence[Cuboid]) -> Self:
        """Stack single ones."""
        if not cuboids:
            return cls(np.zeros((0, 3)), np.zeros((0, 3, 3)), np.zeros((0, 3)))
        return cls(
            np.stack([c.center_m for c in cuboids]),
            np.stack([c.rotation for c in cuboids]),
            np.stack([c.size_m for c in cuboids]),
        )

    @classmethod
    def upright(cls, center_m: FloatArray, yaw_rad: FloatArray, size_m: FloatArray) -> Self:
        """Build (n,) boxes that stand upright."""
        c, s, o = np.cos(yaw_rad), np.sin(yaw_rad), np.zeros(len(yaw_rad))
        rotation = np.stack([c, -s, o, s, c, o, o, o, o + 1], axis=-1).reshape(-1, 3, 3)
        return cls(np.asarray(center_m, float), rotation, np.asarray(size_m, float))

    def __len__(self) -> int:
        """How many."""
        return len(self.center_m)

    def __getitem__(self, index: int) -> Cuboid:
        """One of them."""
        return Cuboid(
            self.center_m[index], quaternion_of(self.rotation[index]), self.size_m[index]
        )

    def take(self, index: IntArray | BoolArray | slice) -> "Cuboids":
        """Those of an index, a mask or a slice."""
        return Cuboids(self.center_m[index], self.rotation[index], self.size_m[index])

    @property
    def yaw_rad(self) -> FloatArray:
        """(n,) directions of the length axes in the xy plane."""
        yaw: FloatArray = np.arctan2(self.rotation[:, 1, 0], self.rotation[:, 0, 0])
        return yaw

    @property
    def corners_m(self) -> FloatArray:
        """(n, 8, 3) corners in the order of `SIGNS`."""
        local = SIGNS * self.size_m[:, None] / 2
        return self.center_m[:, None] + local @ self.rotation.transpose(0, 2, 1)

    def transform(self, rotation: FloatArray, translation_m: FloatArray) -> "Cuboids":
        """Take them to another frame, all by one (3, 3), (3,) or each by its own (n, 3, 3), (n, 3)."""
        center = (rotation @ self.center_m[..., None])[..., 0] + translation_m
        return Cuboids(center, rotation @ self.rotation, self.size_m)


def yaw_quaternion(yaw_rad: float) -> FloatArray:
    """Turn about z by yaw, as (4,) x, y, z, w."""
    return np.array([0.0, 0.0, np.sin(yaw_rad / 2), np.cos(yaw_rad / 2)])


def wrap_rad(angle_rad: FloatArray) -> FloatArray:
    """Bring angles into [-pi, pi)."""
    return (angle_rad + np.pi) % (2 * np.pi) - np.pi
