"""Points of one turn of a ranging sensor, as arrays, and what makes them unfit."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from apps.modalities.base import Unreadable

Float32Array = NDArray[np.float32]
BoolArray = NDArray[np.bool_]

WIDEST_M = 100_000.0
"""No sensor of a vehicle sees farther than this; a wider cloud has other units or another layout."""


@dataclass(frozen=True, slots=True, eq=False)
class Sweep:
    """Points of one capture in the sensor's frame and order.

    Attributes:
        points_m: (n, 3) float32, finite.
        channels: (n,) float32 each, by name: intensity, ring, rcs_dbsm, velocity_x_mps.
        dropped: Points of the file that were not finite and are left out.
    """

    points_m: Float32Array
    channels: dict[str, Float32Array]
    dropped: int


def sweep_of(xyz_m: Float32Array, channels: dict[str, Float32Array]) -> Sweep:
    """Leave out points that are not finite, and refuse a cloud that cannot be one.

    Args:
        xyz_m: (n, 3) as the file has them.
        channels: (n,) each.

    Raises:
        Unreadable: If no point is left, or the points lie farther apart than any sensor sees.
    """
    if len(xyz_m) == 0:
        raise Unreadable(
            "points", "The file holds no points.", mend="Export the sweep again, or leave it out."
        )
    kept: BoolArray = np.logical_and.reduce(np.isfinite(xyz_m), axis=1)
    dropped = int(len(kept) - np.count_nonzero(kept))
    if dropped == len(kept):
        raise Unreadable(
            "points",
            f"None of its {len(kept):,} points has finite coordinates.",
            mend="Export the sweep again; x, y and z are metres in the sensor's frame.",
        )
    if dropped:
        xyz_m = xyz_m[kept]
        channels = {name: values[kept] for name, values in channels.items()}
    farthest_m = float(np.abs(xyz_m).max())
    if farthest_m > WIDEST_M:
        raise Unreadable(
            "points",
            f"A point lies {farthest_m:.3g} m from the sensor.",
            mend="Check the file's layout and units: metres in the sensor's own frame are expected.",
        )
    finite = {name: _finite(values) for name, values in channels.items()}
    return Sweep(np.ascontiguousarray(xyz_m, dtype=np.float32), finite, dropped)


def _finite(values: Float32Array) -> Float32Array:
    found = np.nan_to_num(np.asarray(values, dtype=np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    return np.ascontiguousarray(found)
