"""Is an object everywhere it should be, and the same everywhere: link.missing, link.class."""

from collections.abc import Collection

import numpy as np

from numerics.arrays import FloatArray
from numerics.checks.draft import CLEARS_AT, Draft, Fix, Severity
from numerics.geometry.camera import Bounds, Camera
from numerics.geometry.projection import ProjectedBox

CORE = 0.6
"""Share of a box's sides, around its middle, whose points count as the object's."""

WIDEST = 1.5
"""Depth of a cluster over the diagonal of its class."""


def check_missing_box(
    seen: ProjectedBox,
    visibility: float,
    *,
    params: dict[str, float],
    confirmed: bool,
    submitting: bool = False,
    was: Severity | None = None,
) -> Draft | None:
    """link.missing: a cuboid is well visible in a camera that has no box for it.

    Call it only where the guideline wants a box of this class in this camera and there is none. A
    warning once the cuboid is confirmed, an error when the work is submitted.
    """
    kept = CLEARS_AT if was is not None else 1.0
    left, top, right, bottom = seen.clipped_px
    area, least = (right - left) * (bottom - top), params["side_min_px"] ** 2
    missing = (
        area >= least * kept
        and seen.truncation < params["truncation_max"] / kept
        and visibility > params["visibility_min"] * kept
    )
    if not missing or not (confirmed or submitting):
        return None
    severity = Severity.ERROR if submitting else Severity.WARNING
    parts = {
        "width_px": right - left,
        "height_px": bottom - top,
        "visibility": visibility,
        "truncation": seen.truncation,
    }
    fix = Fix("add_box", "fix.add_box", box_px=seen.clipped_px)
    return Draft("link.missing", severity, area, least, "px2", "link.missing.box", parts, (fix,))


def check_missing_cuboid(
    cluster_m: FloatArray, *, params: dict[str, float], was: Severity | None = None
) -> Draft | None:
    """link.missing, the other way: points stand behind a box that belongs to no cuboid.

    Args:
        cluster_m: (n, 3) what `frustum_cluster` found.
        params: Settings of link.missing.
        was: Severity of the open finding.
    """
    count, least = len(cluster_m), params["cluster_points_min"]
    if count < least * (CLEARS_AT if was is not None else 1.0) or count == 0:
        return None
    middle = np.sort(cluster_m, axis=0)[(count - 1) // 2]
    fix = Fix(
        "add_cuboid",
        "fix.add_cuboid",
        seed_m=(float(middle[0]), float(middle[1]), float(middle[2])),
    )
    return Draft(
        "link.missing",
        Severity.WARNING,
        float(count),
        least,
        "points",
        "link.missing.cuboid",
        {"points": float(count)},
        (fix,),
    )


def frustum_cluster(
    points_m: FloatArray,
    camera: Camera,
    box_px: Bounds,
    *,
    diagonal_m: float,
    params: dict[str, float],
) -> FloatArray:
    """Find the nearest bunch of points behind a box.

    Points that project into the middle `CORE` of the box are sorted by range and cut where
    neighbours are more than `cluster_gap_m` apart. The first group with `cluster_points_min` points
    is it, as far as `WIDEST` times the class's diagonal behind its first point.

    Args:
        points_m: (n, 3) points in the camera's frame.
        camera: The camera.
        box_px: The drawn box.
        diagonal_m: Diagonal of the class's usual cuboid.
        params: Settings of link.missing.

    Returns:
        (k, 3) points in order of range, none if there is no such group.
    """
    pixels, valid = camera.project(points_m)
    left, top, right, bottom = box_px
    middle = np.array([(left + right) / 2, (top + bottom) / 2])
    reach = CORE / 2 * np.array([right - left, bottom - top])
    with np.errstate(invalid="ignore"):
        inside = points_m[valid & (np.abs(pixels - middle) <= reach).all(axis=1)]
    range_m = np.linalg.norm(inside, axis=1)
    order = np.argsort(range_m, kind="stable")
    inside, range_m = inside[order], range_m[order]
    cuts = np.flatnonzero(np.diff(range_m) > params["cluster_gap_m"]) + 1
    starts, ends = np.concatenate([[0], cuts]), np.concatenate([cuts, [len(range_m)]])
    large = np.flatnonzero(ends - starts >= params["cluster_points_min"])
    if not len(large) or not len(inside):
        return np.zeros((0, 3))
    group = slice(starts[large[0]], ends[large[0]])
    near = range_m[group] <= range_m[group.start] + WIDEST * diagonal_m
    cluster: FloatArray = inside[group][near]
    return cluster


def check_class(
    class_a: str, class_b: str, *, confusable: Collection[tuple[str, str]] = ()
) -> Draft | None:
    """link.class: two shapes of one object are called differently.

    An error, or a hint where the guideline lists the two (in either order) as easily confused.
    """
    if class_a == class_b:
        return None
    confused = (class_a, class_b) in confusable or (class_b, class_a) in confusable
    fixes = tuple(
        Fix("set_class", "fix.set_class", {"class_key": key}) for key in (class_a, class_b)
    )
    return Draft(
        "link.class",
        Severity.INFO if confused else Severity.ERROR,
        1.0,
        0.0,
        "",
        "link.class",
        {"class_a": class_a, "class_b": class_b},
        fixes,
    )
