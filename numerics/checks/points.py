"""Does a cuboid hold its points: pts.few, pts.outside."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.spatial import cKDTree

from numerics.arrays import BoolArray, FloatArray
from numerics.checks.draft import CLEARS_AT, Draft, Fix, Part, Severity, grade
from numerics.checks.limits import ClassLimits
from numerics.geometry.cuboid import FACES, Cuboid

FILL = 0.6
"""Share of a silhouette that returns points: windows and edges do not."""

MIRROR_BAND = (0.55, 0.75)
"""Heights of a vehicle, as shares from the bottom, where its mirrors stick out sideways."""

OUTERMOST = 0.98


class Pitch(NamedTuple):
    """Angles between neighbouring rays of a LiDAR.

    Attributes:
        azimuth_rad: Within a ring.
        elevation_rad: Between rings.
    """

    azimuth_rad: float
    elevation_rad: float


@dataclass(frozen=True, slots=True, eq=False)
class Surroundings:
    """Points in and around one cuboid.

    Attributes:
        local_m: (n, 3) in its own axes from its centre: those inside, and those up to the shell's
            depth outside.
        above: (n,) which of them stand clear of the ground.
        sensor_m: (3,) the LiDAR in the same axes.
    """

    local_m: FloatArray
    above: BoolArray
    sensor_m: FloatArray


def expected_points(
    cuboid: Cuboid, sensor_m: FloatArray, *, pitch: Pitch, visibility: float
) -> float:
    """Estimate how many rays end on a cuboid.

    `visibility * FILL * silhouette / (range2 * azimuth * elevation)`, the silhouette being
    `W H |dx| + L H |dy| + L W |dz|` for the direction d to the sensor in the cuboid's axes.
    """
    way = cuboid.rotation.T @ (sensor_m - cuboid.center_m)
    squared = max(float(way @ way), 1.0)
    length, width, height = cuboid.size_m
    faces = np.array([width * height, length * height, length * width])
    silhouette = float(faces @ np.abs(way)) / np.sqrt(squared)
    per_ray = squared * pitch.azimuth_rad * pitch.elevation_rad
    return float(visibility * FILL * silhouette / per_ray)


def check_few(
    held: int,
    expected: float | None,
    *,
    limits: ClassLimits,
    params: dict[str, float],
    radar_hits: int = 0,
    was: Severity | None = None,
) -> Draft | None:
    """pts.few: fewer points than the class needs, or than a share of what the sensor would give.

    A warning; an error if there is none and no radar hit either.
    """
    needed = max(limits.points_min, params["expected_share"] * (expected or 0.0))
    if held >= needed / (CLEARS_AT if was is not None else 1.0):
        return None
    none = held == 0 and radar_hits == 0
    return Draft(
        "pts.few",
        Severity.ERROR if none else Severity.WARNING,
        float(held),
        needed,
        "points",
        "pts.few.none" if held == 0 else "pts.few",
        {"held": float(held), "needed": needed},
    )


def shell_depths(size_m: FloatArray, params: dict[str, float]) -> FloatArray:
    """(3,) how far outside its faces along each axis a cuboid's own points are looked for."""
    depths: FloatArray = np.minimum(params["shell_m"], params["shell_share"] * size_m)
    return depths


def check_outside(
    cuboid: Cuboid,
    around: Surroundings,
    *,
    limits: ClassLimits,
    params: dict[str, float],
    mirrors_included: bool = False,
    was: Severity | None = None,
) -> Draft | None:
    """pts.outside: points just outside a face that hang together with those inside.

    Of each face that looks at the sensor (never the bottom): `outside` are the points clear of the
    ground, beside the face, up to the shell's depth beyond it and within `connect_m` of a point
    inside; `near` are the points inside, up to the same depth behind the face. The measure is
    `outside / (outside + near)` of the face where it is largest, at least `points_min` outside.
    """
    tree = _inside_tree(cuboid.size_m, around)
    worst: tuple[float, int, FloatArray] | None = None
    for face in range(5):
        sign = 1 - 2 * (face % 2)
        if tree is None or sign * around.sensor_m[face // 2] <= cuboid.size_m[face // 2] / 2:
            continue
        beyond_m, near = _at_face(
            cuboid.size_m,
            around,
            (face, tree),
            params,
            mirrors=mirrors_included or limits.group != "vehicle",
        )
        ratio = len(beyond_m) / max(len(beyond_m) + near, 1)
        if len(beyond_m) >= params["points_min"] and (worst is None or ratio > worst[0]):
            worst = (ratio, face, beyond_m)
    graded = worst and grade(worst[0], warn=limits.shell_warn_ratio, error=None, was=was)
    if not worst or not graded:
        return None
    ratio, face, beyond_m = worst
    out_m = float(np.quantile(beyond_m, OUTERMOST))
    fix = Fix(
        "set_cuboid",
        "fix.face",
        {"face": FACES[face], "by": out_m},
        cuboid=with_face_moved(cuboid, face, out_m),
    )
    parts: dict[str, Part] = {"points": float(len(beyond_m)), "face": FACES[face]}
    return Draft("pts.outside", graded[0], ratio, graded[1], "", "pts.outside", parts, (fix,))


def with_face_moved(cuboid: Cuboid, face: int, out_m: float) -> Cuboid:
    """Move one face outwards (or inwards, below 0); the opposite one stays."""
    axis, sign = face // 2, 1 - 2 * (face % 2)
    size = cuboid.size_m.copy()
    size[axis] += out_m
    center = cuboid.center_m + sign * out_m / 2 * cuboid.rotation[:, axis]
    return Cuboid(center, cuboid.quaternion_xyzw, size)


def _inside_tree(size_m: FloatArray, around: Surroundings) -> cKDTree | None:
    inside = (np.abs(around.local_m) <= size_m / 2).all(axis=1) & around.above
    return cKDTree(around.local_m[inside]) if inside.any() else None


def _at_face(
    size_m: FloatArray,
    around: Surroundings,
    place: tuple[int, cKDTree],
    params: dict[str, float],
    *,
    mirrors: bool,
) -> tuple[FloatArray, int]:
    """Distances beyond a face of the points outside, and how many lie near it inside."""
    face, tree = place
    axis, sign = face // 2, 1 - 2 * (face % 2)
    depth = shell_depths(size_m, params)[axis]
    local = around.local_m
    others = [other for other in range(3) if other != axis]
    beside = (np.abs(local[:, others]) <= size_m[others] / 2).all(axis=1) & around.above
    beyond = sign * local[:, axis] - size_m[axis] / 2
    near = int(np.count_nonzero(beside & (beyond <= 0) & (beyond >= -depth)))
    outside = beside & (beyond > 0) & (beyond <= depth)
    if axis == 1 and not mirrors:
        share = local[:, 2] / size_m[2] + 0.5
        outside &= (share < MIRROR_BAND[0]) | (share > MIRROR_BAND[1])
    found = np.flatnonzero(outside)
    # The tree's bound is exclusive, and this one is not.
    reach = params["connect_m"]
    distance, _ = tree.query(local[found], distance_upper_bound=np.nextafter(reach, np.inf))
    return beyond[found[distance <= reach]], near
