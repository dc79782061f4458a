"""How much of an object a camera sees past what stands in front of it."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from numerics.arrays import BoolArray, FloatArray, IntArray
from numerics.geometry.camera import Camera, widest_angle
from numerics.geometry.inside import PointGrid
from numerics.geometry.rigid import Rigid

SHRINK = 4
"""Pixels of the image per pixel of the buffer, along each side."""

BEHIND_M = 0.3
"""A point counts as hidden when something is nearer by more than this."""

FEWEST_POINTS = 10
PLACES = 16


@dataclass(frozen=True, slots=True, eq=False)
class DepthBuffer:
    """Least depth of the points in each quarter-sized pixel and its eight neighbours.

    Attributes:
        camera: The camera it was made for.
        depth_m: (rows, columns); infinite where no point is near.
    """

    camera: Camera
    depth_m: FloatArray

    @classmethod
    def build(cls, points_m: FloatArray, camera: Camera) -> Self:
        """Project (n, 3) points of the camera's frame, such as `points_ahead` gives."""
        rows, columns = -(-camera.height_px // SHRINK), -(-camera.width_px // SHRINK)
        depth = np.full(rows * columns, np.inf)
        cell, inside = _cells(points_m, camera)
        np.minimum.at(depth, cell, points_m[inside, 2])
        spread = ndimage.minimum_filter(
            depth.reshape(rows, columns), size=3, mode="constant", cval=np.inf
        )
        return cls(camera, spread)

    def sees(self, points_m: FloatArray) -> tuple[int, int]:
        """Of (n, 3) points, count those in the image and, among them, those not hidden."""
        cell, inside = _cells(points_m, self.camera)
        free = points_m[inside, 2] <= self.depth_m.ravel()[cell] + BEHIND_M
        return len(cell), int(np.count_nonzero(free))


def points_ahead(grid: PointGrid, camera_from_frame: Rigid, camera: Camera) -> FloatArray:
    """(m, 3) points in the camera's frame that may be in its image; the others are left out early."""
    frame: tuple[NDArray[np.floating], ...] = (grid.x_m, grid.y_m, grid.z_m)
    turn, shift = camera_from_frame.rotation, camera_from_frame.translation_m
    depth = _row(turn[2], shift[2], frame)
    ahead = np.flatnonzero(depth > 0)
    frame = (frame[0].take(ahead), frame[1].take(ahead), frame[2].take(ahead))
    depth = depth.take(ahead)
    x, y = _row(turn[0], shift[0], frame), _row(turn[1], shift[1], frame)
    widest = widest_angle(camera)
    if widest >= np.pi / 2:
        return np.stack([x, y, depth], axis=1)
    near_axis = np.flatnonzero(x * x + y * y <= (np.tan(widest) * depth) ** 2)
    return np.stack([values.take(near_axis) for values in (x, y, depth)], axis=1)


def _row(weights: FloatArray, shift: float, frame: tuple[NDArray[np.floating], ...]) -> FloatArray:
    total: FloatArray = np.multiply(weights[0], frame[0], dtype=np.float64)
    total += weights[1] * frame[1]
    total += weights[2] * frame[2]
    total += shift
    return total


def uncovered(box_px: FloatArray, nearer_px: FloatArray) -> float:
    """Share of a box (4,) that no nearer box (k, 4) covers, at 16 x 16 places.

    The painter's answer, for objects with too few points to ask the depth buffer.
    """
    share = (np.arange(PLACES) + 0.5) / PLACES
    u = box_px[0] + share * (box_px[2] - box_px[0])
    v = box_px[1] + share * (box_px[3] - box_px[1])
    across = (u >= nearer_px[:, None, 0]) & (u <= nearer_px[:, None, 2])
    down = (v >= nearer_px[:, None, 1]) & (v <= nearer_px[:, None, 3])
    covered = (down[:, :, None] & across[:, None, :]).any(axis=0)
    return float(1 - np.count_nonzero(covered) / PLACES**2)


def visible_share(
    points_m: FloatArray, buffer: DepthBuffer | None, *, box_px: FloatArray, nearer_px: FloatArray
) -> float:
    """How much of an object a camera sees.

    Args:
        points_m: (n, 3) points of the object in the camera's frame.
        buffer: Depths of the whole cloud, or None where there is no cloud.
        box_px: (4,) the object's projected box inside the image.
        nearer_px: (k, 4) projected boxes of cuboids whose centres are nearer.

    Returns:
        Share of its points that are not hidden, if at least `FEWEST_POINTS` are in the image;
        else the share of its box that no nearer box covers.
    """
    if buffer is not None:
        met, free = buffer.sees(points_m)
        if met >= FEWEST_POINTS:
            return free / met
    return uncovered(box_px, nearer_px)


def _cells(points_m: FloatArray, camera: Camera) -> tuple[IntArray, BoolArray]:
    """Buffer pixel of each point in the image, and which points (n,) those are."""
    columns = -(-camera.width_px // SHRINK)
    pixels, valid = camera.project(points_m)
    u, v = np.where(valid[:, None], pixels, -9.0).T + 0.5
    inside = (u >= 0) & (v >= 0) & (u < camera.width_px) & (v < camera.height_px)
    row, column = (v[inside] / SHRINK).astype(np.intp), (u[inside] / SHRINK).astype(np.intp)
    return row * columns + column, inside
