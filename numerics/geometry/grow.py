"""The points that hang together with a seed."""

import numpy as np
from scipy.spatial import cKDTree

from numerics.arrays import BoolArray, FloatArray

REACH_SPAN_M = (0.25, 0.9)
PITCHES = 3.0


def grow_reach(range_m: float, pitch_rad: float) -> float:
    """Distance at which neighbouring points of one surface still hang together.

    Three times the spacing of rays at that range, between 0.25 and 0.9 m.
    """
    low, high = REACH_SPAN_M
    return min(max(PITCHES * range_m * pitch_rad, low), high)


def grow(points_m: FloatArray, seed_m: FloatArray, *, reach_m: float) -> BoolArray:
    """Find the points that a chain of steps of at most `reach_m` joins to a seed.

    Args:
        points_m: (n, 3) without the ground.
        seed_m: (3,) where to begin; it need not be one of the points.
        reach_m: Longest step.

    Returns:
        (n,) which points were reached.
    """
    reached = np.zeros(len(points_m), bool)
    left = np.arange(len(points_m))
    front = np.asarray(seed_m, float)[None]
    while len(left) and len(front):
        # The tree's bound is exclusive, and this one is not.
        bound = np.nextafter(reach_m, np.inf)
        distance, _ = cKDTree(front).query(points_m[left], distance_upper_bound=bound)
        met = distance <= reach_m
        reached[left[met]] = True
        front, left = points_m[left[met]], left[~met]
    return reached
