"""Does the cuboid's projection fit the box that was drawn: proj.edges, proj.iou, proj.center."""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from numerics.arrays import BoolArray, FloatArray
from numerics.checks.draft import Draft, Fix, Part, Severity, grade
from numerics.checks.limits import ClassLimits
from numerics.checks.solve import View, best_change
from numerics.geometry.camera import Bounds
from numerics.geometry.cuboid import Cuboid
from numerics.geometry.overlap import box_iou

SIDES = ("left", "top", "right", "bottom")
BORDER_PX = 1.0
"""A projected edge this near to the image's border is cut by it, and says nothing."""

DERIVE = Fix("derive_box", "fix.derive_box")


class Pairing(NamedTuple):
    """A projected cuboid and the box that was drawn for it.

    Attributes:
        projected_px: `ProjectedBox.clipped_px`.
        label_px: The drawn box.
        image_px: Width and height.
        noise_px: What the recording itself explains (`noise_px`).
        visible_only: Whether drawn boxes cover only what is visible: then they need only lie inside.
    """

    projected_px: Bounds
    label_px: Bounds
    image_px: tuple[int, int]
    noise_px: float = 0.0
    visible_only: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Residuals:
    """How far n drawn boxes are from their projections; `proj.*` are thresholds on these.

    Attributes:
        edges_px: (n, 4) projected minus drawn, left, top, right, bottom.
        edges_ratio: (n, 4) the same over the drawn box's side along that axis.
        compared: (n, 4) edges that the image's border does not cut.
        iou: (n,).
        center_px: (n,) distance of the middles.
        center_ratio: (n,) the same over the square root of the drawn box's area.
    """

    edges_px: FloatArray
    edges_ratio: FloatArray
    compared: BoolArray
    iou: FloatArray
    center_px: FloatArray
    center_ratio: FloatArray


def residuals(projected_px: FloatArray, label_px: FloatArray, image_px: FloatArray) -> Residuals:
    """Measure pairs of boxes.

    Args:
        projected_px: (n, 4) parts inside the image.
        label_px: (n, 4) drawn boxes.
        image_px: (n, 2) or (2,) widths and heights.
    """
    side = np.maximum(label_px[:, 2:] - label_px[:, :2], 1.0)
    edges = projected_px - label_px
    low = projected_px[:, :2] > -0.5 + BORDER_PX
    high = projected_px[:, 2:] < image_px - 0.5 - BORDER_PX
    middles = (edges[:, :2] + edges[:, 2:]) / 2
    distance = np.hypot(middles[:, 0], middles[:, 1])
    return Residuals(
        edges,
        edges / np.concatenate([side, side], axis=1),
        np.concatenate([low, high], axis=1),
        box_iou(projected_px, label_px),
        distance,
        distance / np.sqrt(side.prod(axis=1)),
    )


def check_edges(
    pairing: Pairing, limits: ClassLimits, *, params: dict[str, float], was: Severity | None = None
) -> Draft | None:
    """proj.edges: the edge that is furthest off, over what its axis allows.

    The threshold of an axis is the class's ratio and the noise over the drawn side, in quadrature.
    """
    found = _of(pairing)
    ratio = found.edges_ratio[0]
    warn_ratio = limits.edge_warn_ratio
    if pairing.visible_only:
        # A box around the visible part may lie anywhere inside the projection.
        ratio = ratio * (np.sign(ratio) == [1, 1, -1, -1])
        warn_ratio = params["visible_slack_ratio"]
    side = _sides(pairing)
    noise = np.concatenate([pairing.noise_px / side] * 2)
    warn = np.hypot(warn_ratio, noise)
    error = np.hypot(limits.edge_error_ratio, noise)
    score = np.where(found.compared[0], np.abs(ratio) / warn, 0.0)
    worst = int(np.argmax(score))
    measured = float(abs(ratio[worst])) if score[worst] > 0 else 0.0
    graded = grade(measured, warn=float(warn[worst]), error=float(error[worst]), was=was)
    if graded is None:
        return None
    far = score > 1
    far[worst] = True
    parts: dict[str, Part] = {
        "side": SIDES[worst],
        "off_px": float(abs(found.edges_px[0, worst])),
        "ratio": float(ratio[worst]),
    }
    return Draft(
        "proj.edges",
        graded[0],
        measured,
        graded[1],
        "",
        f"proj.edges.{_cause(far, ratio)}",
        parts,
        (DERIVE,),
    )


def check_iou(
    pairing: Pairing, limits: ClassLimits, *, explained: bool, was: Severity | None = None
) -> Draft | None:
    """proj.iou: overlap of projection and drawn box; silent where proj.edges says what is wrong."""
    if explained or pairing.visible_only:
        return None
    iou = float(_of(pairing).iou[0])
    noise = pairing.noise_px * float((1 / _sides(pairing)).sum())
    graded = grade(
        1 - iou,
        warn=float(np.hypot(1 - limits.iou_warn, noise)),
        error=float(np.hypot(1 - limits.iou_error, noise)),
        was=was,
    )
    if graded is None:
        return None
    threshold = 1 - graded[1]
    parts = {"iou": iou, "threshold": threshold}
    return Draft("proj.iou", graded[0], iou, threshold, "", "proj.iou", parts, (DERIVE,))


def check_center(
    pairing: Pairing, limits: ClassLimits, *, explained: bool, was: Severity | None = None
) -> Draft | None:
    """proj.center: distance of the middles; silent where proj.edges says what is wrong."""
    if explained or pairing.visible_only:
        return None
    found = _of(pairing)
    measured = float(found.center_ratio[0])
    noise = pairing.noise_px / float(np.sqrt(_sides(pairing).prod()))
    graded = grade(
        measured,
        warn=float(np.hypot(limits.center_warn_ratio, noise)),
        error=float(np.hypot(limits.center_error_ratio, noise)),
        was=was,
    )
    if graded is None:
        return None
    parts = {"off_px": float(found.center_px[0])}
    return Draft(
        "proj.center", graded[0], measured, graded[1], "", "proj.center", parts, (DERIVE,)
    )


def with_change(
    draft: Draft,
    pairing: Pairing,
    *,
    cuboid: Cuboid,
    view: View,
    limits: ClassLimits,
    params: dict[str, float],
) -> Draft:
    """Put the change of the cuboid that explains most of a proj.edges finding before its other fixes."""
    fix = best_change(
        cuboid,
        view,
        np.array(pairing.label_px),
        sides=_of(pairing).compared[0],
        spans_m=limits.spans_m,
        share_min=params["fix_share_min"],
    )
    return draft if fix is None else replace(draft, fixes=(fix, *draft.fixes))


def _of(pairing: Pairing) -> Residuals:
    return residuals(
        np.array([pairing.projected_px]), np.array([pairing.label_px]), np.array(pairing.image_px)
    )


def _sides(pairing: Pairing) -> FloatArray:
    """(2,) width and height of the drawn box, at least a pixel."""
    left, top, right, bottom = pairing.label_px
    return np.maximum([right - left, bottom - top], 1.0)


def _cause(far: BoolArray, ratio: FloatArray) -> str:
    """What edges that are off together point to."""
    across, down = bool(far[0] or far[2]), bool(far[1] or far[3])
    if across and down:
        return "several"
    if far[0] and far[2]:
        return "lateral" if ratio[0] * ratio[2] > 0 else "breadth"
    if far[1] and far[3]:
        return "vertical" if ratio[1] * ratio[3] > 0 else "tallness"
    if across:
        return "side"
    return "top" if far[1] else "bottom"
