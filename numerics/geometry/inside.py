"""Which points lie in which cuboids."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from numerics.arrays import BoolArray, FloatArray, IntArray
from numerics.geometry.cuboid import Cuboids

CELL_M = 0.75
MOST_CELLS = 1 << 16
"""Cell numbers fit 16 bits, so that NumPy sorts them by radix: five times faster than by merging."""


@dataclass(frozen=True, slots=True, eq=False)
class PointGrid:
    """Points sorted into square cells of the xy plane; build once per cloud, ask often.

    Attributes:
        x_m: (n,) in the order of cells; single precision if the points came so: computing with
            them is always double.
        y_m: (n,) likewise.
        z_m: (n,) likewise.
        index: (n,) place of each in the cloud that was handed in.
        starts: (rows * columns + 1,) first point of each cell.
        corner_m: Least x and y.
        cell_m: Side of a cell.
        shape: Rows (along y) and columns (along x).
    """

    x_m: NDArray[np.floating]
    y_m: NDArray[np.floating]
    z_m: NDArray[np.floating]
    index: NDArray[np.int32]
    starts: IntArray
    corner_m: tuple[float, float]
    cell_m: float
    shape: tuple[int, int]

    @classmethod
    def build(cls, points_m: NDArray[np.floating], cell_m: float = CELL_M) -> Self:
        """Sort (n, 3 or more) points. Points that are not finite are left out.

        Raises:
            ValueError: If the array is no list of points, or the cell is not above 0.
        """
        if points_m.ndim != 2 or points_m.shape[1] < 3 or not cell_m > 0:
            raise ValueError(f"Points are an (n, 3) array, not {points_m.shape}.")
        kind = np.float32 if points_m.dtype == np.float32 else np.float64
        axes = np.array(points_m[:, :3].T, dtype=kind, order="C")
        index = None
        if not np.isfinite(axes.sum()):
            index = np.flatnonzero(np.isfinite(axes).all(axis=0)).astype(np.int32)
            axes = axes[:, index]
        if not axes.size:
            nothing, none = np.zeros(0), np.zeros(0, np.int32)
            return cls(
                nothing, nothing, nothing, none, np.zeros(2, np.intp), (0.0, 0.0), 1.0, (1, 1)
            )
        corner = (float(axes[0].min()), float(axes[1].min()))
        extent = (float(axes[0].max()) - corner[0], float(axes[1].max()) - corner[1])
        cell_m = _fitting_cell(extent, cell_m)
        columns, rows = int(extent[0] / cell_m) + 1, int(extent[1] / cell_m) + 1
        cell = _steps(axes[1], corner[1], cell_m)
        cell *= np.uint16(columns % MOST_CELLS)
        cell += _steps(axes[0], corner[0], cell_m)
        order = np.argsort(cell, kind="stable").astype(np.int32)
        starts = np.zeros(rows * columns + 1, np.intp)
        np.cumsum(np.bincount(cell, minlength=rows * columns), out=starts[1:])
        x, y, z = (axis.take(order) for axis in axes)
        index = order if index is None else index.take(order)
        return cls(x, y, z, index, starts, corner, cell_m, (rows, columns))

    def __len__(self) -> int:
        """How many finite points."""
        return len(self.x_m)


@dataclass(frozen=True, slots=True, eq=False)
class Inside:
    """Points of m cuboids, as one list cut at `starts`.

    Attributes:
        counts: (m,) points in each cuboid.
        starts: (m + 1,) where each cuboid's points begin in `index`.
        index: Places in the cloud; the points of cuboid i are `index[starts[i]:starts[i + 1]]`.
        local_m: (len(index), 3) the same points in their cuboid's own axes, from its centre.
    """

    counts: IntArray
    starts: IntArray
    index: IntArray
    local_m: FloatArray

    def of(self, cuboid: int) -> IntArray:
        """Places in the cloud of one cuboid's points."""
        return self.index[self.starts[cuboid] : self.starts[cuboid + 1]]

    def local_of(self, cuboid: int) -> FloatArray:
        """One cuboid's points in its own axes."""
        return self.local_m[self.starts[cuboid] : self.starts[cuboid + 1]]


def points_inside(cuboids: Cuboids, grid: PointGrid, *, margin_m: float = 0.0) -> Inside:
    """Find the points of each cuboid; a point on a face is inside.

    Args:
        cuboids: m cuboids in the frame of the points.
        grid: The points.
        margin_m: How much further out every face is taken.
    """
    place, met = _candidates(cuboids, grid, margin_m)
    half = cuboids.size_m / 2 + margin_m
    offset = [
        axis.take(place).astype(np.float64) - np.repeat(cuboids.center_m[:, i], met)
        for i, axis in enumerate((grid.x_m, grid.y_m, grid.z_m))
    ]
    local = [_along(offset, cuboids.rotation[:, :, axis], met) for axis in range(3)]
    kept = np.abs(local[0]) <= np.repeat(half[:, 0], met)
    for axis in (1, 2):
        kept &= np.abs(local[axis]) <= np.repeat(half[:, axis], met)
    rows = np.flatnonzero(kept)
    starts = np.searchsorted(rows, np.concatenate([[0], np.cumsum(met)]))
    index = grid.index.take(place.take(rows)).astype(np.intp)
    held = np.stack([along.take(rows) for along in local], axis=1)
    return Inside(np.diff(starts), starts, index, held)


def _along(offset: list[FloatArray], direction: FloatArray, met: IntArray) -> FloatArray:
    """Offsets along each cuboid's direction (m, 3); what no direction needs is not computed."""
    total = np.zeros(len(offset[0]))
    for i, values in enumerate(offset):
        if direction[:, i].any():
            total += values * np.repeat(direction[:, i], met)
    return total


def count_inside(cuboids: Cuboids, grid: PointGrid) -> IntArray:
    """Count the (m,) points of each cuboid."""
    return points_inside(cuboids, grid).counts


def inside_mask(cuboids: Cuboids, points_m: FloatArray) -> BoolArray:
    """(m, n) whether each point is in each cuboid, by trying all: for few points, and as a check."""
    offset = points_m[None] - cuboids.center_m[:, None]
    within = np.abs(offset @ cuboids.rotation) <= cuboids.size_m[:, None] / 2
    return np.asarray(within.all(axis=-1))


def _steps(axis_m: NDArray[np.floating], start_m: float, cell_m: float) -> NDArray[np.uint16]:
    """Number of each coordinate's cell; in double, whatever came in, as the queries do."""
    offset: FloatArray = np.subtract(axis_m, start_m, dtype=np.float64)
    offset /= cell_m
    return offset.astype(np.uint16)


def _fitting_cell(extent_m: tuple[float, float], cell_m: float) -> float:
    """Widen the cell until the numbers of all cells fit."""
    while (int(extent_m[0] / cell_m) + 1) * (int(extent_m[1] / cell_m) + 1) > MOST_CELLS:
        cell_m *= 1.25
    return cell_m


def _candidates(cuboids: Cuboids, grid: PointGrid, margin_m: float) -> tuple[IntArray, IntArray]:
    """Places in the grid that may be inside, cuboid after cuboid, and how many each has.

    Each row of cells is cut by the cuboid's footprint, so a long cuboid across the grid takes the
    cells along it and not all of its bounding square.
    """
    owner, row, low, high = _row_spans(cuboids, grid, margin_m)
    first = grid.starts[row * grid.shape[1] + low]
    length = grid.starts[row * grid.shape[1] + high + 1] - first
    ends = np.cumsum(length)
    place = np.arange(ends[-1] if len(ends) else 0) + np.repeat(first - (ends - length), length)
    met = np.bincount(owner, weights=length, minlength=len(cuboids)).astype(np.intp)
    return place, met


def _row_spans(
    cuboids: Cuboids, grid: PointGrid, margin_m: float
) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Cuboid, row, first and last column of each row of cells that a footprint meets."""
    yaw = cuboids.yaw_rad
    c, s = np.cos(yaw), np.sin(yaw)
    half = cuboids.size_m / 2 + margin_m
    turn = cuboids.rotation
    # The upright rectangle around a tilted cuboid: exact when it is not tilted.
    along = (np.abs(c[:, None] * turn[:, 0] + s[:, None] * turn[:, 1]) * half).sum(1)
    across = (np.abs(c[:, None] * turn[:, 1] - s[:, None] * turn[:, 0]) * half).sum(1)
    x, y = cuboids.center_m[:, 0] - grid.corner_m[0], cuboids.center_m[:, 1] - grid.corner_m[1]
    reach_x, reach_y = (
        np.abs(c) * along + np.abs(s) * across,
        np.abs(s) * along + np.abs(c) * across,
    )
    rows, columns = grid.shape
    low_row = _cell(y - reach_y, grid.cell_m, rows)
    high_row = _cell(y + reach_y, grid.cell_m, rows)
    outside = (y + reach_y < 0) | (y - reach_y > rows * grid.cell_m)
    outside |= (x + reach_x < 0) | (x - reach_x > columns * grid.cell_m)
    count = np.where(outside, 0, high_row - low_row + 1)
    owner = np.repeat(np.arange(len(cuboids)), count)
    row = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count) + low_row[owner]
    # In the band of a row, x runs as far as all four sides of the rectangle allow.
    under = row * grid.cell_m - y[owner]
    over = under + grid.cell_m
    left, right = -reach_x[owner], reach_x[owner]
    for cosine, sine, limit in ((c, s, along), (-s, c, across)):
        co, si, li = cosine[owner], sine[owner], limit[owner]
        steep = np.abs(co) > 1e-6
        safe = np.where(steep, co, 1.0)
        ends = np.stack([(sign * li - si * v) / safe for sign in (-1, 1) for v in (under, over)])
        left = np.where(steep, np.maximum(left, ends.min(0)), left)
        right = np.where(steep, np.minimum(right, ends.max(0)), right)
    met = left <= right
    owner, row, left, right = owner[met], row[met], left[met], right[met]
    low = _cell(x[owner] + left, grid.cell_m, columns)
    return owner, row, low, _cell(x[owner] + right, grid.cell_m, columns)


def _cell(offset_m: FloatArray, cell_m: float, count: int) -> IntArray:
    """Number of the cell of an offset; a nanometre of slack keeps rounding from losing a cell."""
    cell: IntArray = np.clip(np.floor(offset_m / cell_m), 0, count - 1).astype(np.intp)
    return cell
