"""Height of the ground as a raster: made from points, asked under cuboids."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from numerics.arrays import FloatArray
from numerics.geometry.cuboid import Cuboids

CELL_M = 0.5
NEIGHBOURS = 8
"""Of 5 x 5 cells so many must be known: where rays are rarer, they end on things and not on ground."""

FLAT_M = 0.3
"""Their lowest may lie so far below their median: edges of things are rougher than ground."""

STEEPEST = 0.14
"""Rise over run that ground may have: 8 degrees."""

ABOVE_M = 0.12
"""Cells that stand higher than this over what the slope allows are no ground."""

SLOPE_REACH_M = 8.0
"""How far a low cell speaks against a high one: beyond the half width of a truck or a hedge."""

FILL_REACH_M = 3.0
"""How far from known ground a hole is filled."""

WIDEST_M = 400.0
UNKNOWN_MM = -32768
FOOTPRINT = np.array([-0.4, -0.2, 0.0, 0.2, 0.4])


@dataclass(frozen=True, slots=True, eq=False)
class GroundRaster:
    """Heights at the centres of square cells.

    Attributes:
        corner_m: x and y of the corner of cell (0, 0).
        cell_m: Side of a cell.
        height_m: (rows along y, columns along x); NaN where unknown.
    """

    corner_m: tuple[float, float]
    cell_m: float
    height_m: FloatArray

    @classmethod
    def build(cls, points_m: NDArray[np.floating], *, cell_m: float = CELL_M) -> Self:
        """Find the ground under (n, 3 or more) points, z up.

        Lowest point of each cell; lower quartile of 5 x 5 cells against points below the ground,
        where these are many and flat enough; cells too high for a slope of `STEEPEST` from a lower
        one are dropped; holes take the nearest known cell. Beyond `WIDEST_M` from the median point
        nothing is kept. Where it is in doubt the ground is unknown: a check that says nothing is
        better than one that is wrong, and far out most things stand higher than what is measured.

        Raises:
            ValueError: If no point is finite.
        """
        points = points_m[np.isfinite(points_m[:, :3]).all(axis=1), :3].astype(np.float64)
        if not len(points):
            raise ValueError("Ground cannot be found: no point is finite.")
        points = points[
            (np.abs(points[:, :2] - np.median(points[:, :2], axis=0)) <= WIDEST_M).all(1)
        ]
        corner = np.floor(points[:, :2].min(axis=0) / cell_m) * cell_m
        lowest = _lowest(points, corner, cell_m)
        height = _without_steep(_lower_quartile(lowest), cell_m)
        return cls((float(corner[0]), float(corner[1])), cell_m, _filled(height, cell_m))

    @classmethod
    def of_millimetres(
        cls, corner_m: tuple[float, float], cell_m: float, stored: NDArray[np.int16]
    ) -> Self:
        """Read what `millimetres` gave."""
        height = np.where(stored == UNKNOWN_MM, np.nan, stored / 1000.0)
        return cls(corner_m, cell_m, height)

    def millimetres(self) -> NDArray[np.int16]:
        """Heights as (rows, columns) whole millimetres; -32768 where unknown or beyond 32 m."""
        kept = np.isfinite(self.height_m) & (np.abs(self.height_m) < 32.7)
        rounded = np.round(np.where(kept, self.height_m, 0.0) * 1000)
        return np.where(kept, rounded, UNKNOWN_MM).astype(np.int16)

    def at(self, places_m: FloatArray) -> FloatArray:
        """Height at (..., 2) places: bilinear between the four nearest centres that are known.

        NaN outside the raster, and where none of the four is known.
        """
        rows, columns = self.height_m.shape
        u = (places_m[..., 0] - self.corner_m[0]) / self.cell_m
        v = (places_m[..., 1] - self.corner_m[1]) / self.cell_m
        inside = (u >= 0) & (u < columns) & (v >= 0) & (v < rows)
        u, v = np.where(inside, u, 0.0) - 0.5, np.where(inside, v, 0.0) - 0.5
        column, row = np.floor(u).astype(np.intp), np.floor(v).astype(np.intp)
        total, weight = np.zeros(u.shape), np.zeros(u.shape)
        for down in (0, 1):
            for right in (0, 1):
                r, c = row + down, column + right
                there = inside & (r >= 0) & (r < rows) & (c >= 0) & (c < columns)
                height = self.height_m[np.clip(r, 0, rows - 1), np.clip(c, 0, columns - 1)]
                share = (1 - np.abs(u - c)) * (1 - np.abs(v - r))
                share = np.where(there & np.isfinite(height), share, 0.0)
                total += share * np.where(share > 0, height, 0.0)
                weight += share
        height_m: FloatArray = np.divide(
            total, weight, out=np.full(u.shape, np.nan), where=weight > 0
        )
        return height_m

    def under(self, cuboids: Cuboids) -> FloatArray:
        """(n,) median height under each footprint, NaN where unknown.

        Taken at 5 x 5 places at -0.4, -0.2, 0, 0.2 and 0.4 of length and width.
        """
        forward, leftward = np.repeat(FOOTPRINT, 5), np.tile(FOOTPRINT, 5)
        yaw = cuboids.yaw_rad
        c, s = np.cos(yaw)[:, None], np.sin(yaw)[:, None]
        x, y = forward * cuboids.size_m[:, :1], leftward * cuboids.size_m[:, 1:2]
        turned = np.stack([x * c - y * s, x * s + y * c], axis=-1)
        heights = np.sort(self.at(cuboids.center_m[:, None, :2] + turned), axis=1)
        known = np.isfinite(heights).sum(axis=1)
        rows = np.arange(len(heights))
        low, high = heights[rows, np.maximum(known - 1, 0) // 2], heights[rows, known // 2]
        middle: FloatArray = np.where(known > 0, (low + high) / 2, np.nan)
        return middle


def _lowest(points_m: FloatArray, corner_m: FloatArray, cell_m: float) -> FloatArray:
    """Least z of each cell, NaN where there is no point."""
    place = ((points_m[:, :2] - corner_m) / cell_m).astype(np.intp)
    columns, rows = place.max(axis=0) + 1
    lowest = np.full(rows * columns, np.inf)
    np.minimum.at(lowest, place[:, 1] * columns + place[:, 0], points_m[:, 2])
    lowest[np.isinf(lowest)] = np.nan
    return lowest.reshape(rows, columns)


def _lower_quartile(height_m: FloatArray) -> FloatArray:
    """Lower quartile of the known cells among 5 x 5, for known cells among many and flat ones."""
    rows, columns = np.nonzero(np.isfinite(height_m))
    padded = np.pad(height_m, 2, constant_values=np.nan)
    window = np.lib.stride_tricks.sliding_window_view(padded, (5, 5))[rows, columns]
    ordered = np.sort(window.reshape(len(rows), 25), axis=1)
    known = np.isfinite(ordered).sum(axis=1)
    row = np.arange(len(rows))
    rough = ordered[row, (known - 1) // 2] - ordered[:, 0] > FLAT_M
    quartile = ordered[row, (known - 1) // 4]
    filtered = np.full_like(height_m, np.nan)
    filtered[rows, columns] = np.where(rough | (known < NEIGHBOURS), np.nan, quartile)
    return filtered


def _without_steep(height_m: FloatArray, cell_m: float) -> FloatArray:
    """Drop cells that stand too high over lower ones nearby.

    The lower envelope with a limited slope, spread cell by cell over the eight neighbours.
    """
    envelope = np.where(np.isfinite(height_m), height_m, np.inf)
    straight, diagonal = STEEPEST * cell_m, STEEPEST * cell_m * np.sqrt(2)
    for _ in range(round(SLOPE_REACH_M / cell_m)):
        wide = np.pad(envelope, 1, constant_values=np.inf)
        beside = np.minimum(
            np.minimum(wide[:-2, 1:-1], wide[2:, 1:-1]),
            np.minimum(wide[1:-1, :-2], wide[1:-1, 2:]),
        )
        aslant = np.minimum(
            np.minimum(wide[:-2, :-2], wide[2:, 2:]), np.minimum(wide[:-2, 2:], wide[2:, :-2])
        )
        envelope = np.minimum(envelope, np.minimum(beside + straight, aslant + diagonal))
    return np.where(height_m <= envelope + ABOVE_M, height_m, np.nan)


def _filled(height_m: FloatArray, cell_m: float) -> FloatArray:
    """Give holes the height of the nearest known cell within reach."""
    unknown = ~np.isfinite(height_m)
    if unknown.all() or not unknown.any():
        return height_m
    distance, nearest = ndimage.distance_transform_edt(unknown, return_indices=True)
    filled: FloatArray = height_m[tuple(nearest)]
    return np.where(distance * cell_m <= FILL_REACH_M, filled, np.nan)
