"""Heading of a box-like object from the points of its visible sides."""

from typing import NamedTuple

import numpy as np

from numerics.arrays import FloatArray

FLOOR_M = 0.02
"""Points nearer to an edge than the sensor's noise count alike."""

COARSE: FloatArray = np.arange(90.0)
FINE: FloatArray = np.arange(-10.0, 11.0) * 0.1
POINTS_AT_ONCE = 4000


class LShape(NamedTuple):
    """The rectangle whose edges the points hug.

    Attributes:
        yaw_rad: Direction of its first side, in [0, pi / 2).
        closeness: Mean of 1 / distance to the nearest edge, the distance at least `FLOOR_M`.
    """

    yaw_rad: float
    closeness: float


def l_shape(points_xy_m: FloatArray) -> LShape:
    """Search the yaw at which (n, 2) points lie closest to the edges of their bounding rectangle.

    First every degree of a right angle, then every tenth around the best; the first of ties. The
    floor is the same for all points, so their order does not matter.

    Raises:
        ValueError: If there are fewer than three points.

    Source:
        Zhang, Xu, Dong and Dolan (2017), IEEE Intelligent Vehicles Symposium: closeness criterion.
    """
    if len(points_xy_m) < 3:
        raise ValueError("A heading needs at least three points.")
    points = points_xy_m - points_xy_m.mean(axis=0)
    best = COARSE[int(np.argmax(_closeness(points, COARSE)))]
    near = best + FINE
    scores = _closeness(points, near)
    winner = int(np.argmax(scores))
    degrees = round(float(near[winner]), 1) % 90.0
    return LShape(float(np.radians(degrees)), float(scores[winner]))


def sides(points_xy_m: FloatArray, yaw_rad: float) -> tuple[FloatArray, FloatArray]:
    """Least and most of (n, 2) points along yaw and across it (90 degrees to the left)."""
    c, s = np.cos(yaw_rad), np.sin(yaw_rad)
    turned = points_xy_m @ np.array([[c, -s], [s, c]])
    return turned.min(axis=0), turned.max(axis=0)


def _closeness(points_m: FloatArray, degrees: FloatArray) -> FloatArray:
    """(k,) mean closeness at k angles."""
    angle = np.radians(degrees)
    total = np.zeros(len(degrees))
    axes = [np.stack([np.cos(angle), np.sin(angle)]), np.stack([-np.sin(angle), np.cos(angle)])]
    rims = []
    for axis in axes:
        along = points_m @ axis
        rims.append((along.min(axis=0), along.max(axis=0)))
    for start in range(0, len(points_m), POINTS_AT_ONCE):
        part = points_m[start : start + POINTS_AT_ONCE]
        nearest = np.full((len(part), len(degrees)), np.inf)
        for axis, (low, high) in zip(axes, rims, strict=True):
            along = part @ axis
            np.minimum(nearest, np.minimum(high - along, along - low), out=nearest)
        total += (1 / np.maximum(nearest, FLOOR_M)).sum(axis=0)
    return total / len(points_m)
