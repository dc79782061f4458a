"""Which one change of a cuboid brings its projection to the drawn box."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from numerics.arrays import BoolArray, FloatArray
from numerics.checks.draft import Fix, Part
from numerics.checks.limits import Span
from numerics.geometry.camera import Camera
from numerics.geometry.cuboid import Cuboid, Cuboids, yaw_quaternion
from numerics.geometry.projection import project_cuboids
from numerics.geometry.rigid import Rigid, quaternion_of, rotation_of

PARAMETERS = ("x", "y", "z", "yaw", "length", "width", "height")
STEPS = np.array([0.01, 0.01, 0.01, 0.005, 0.01, 0.01, 0.01])
MOST = np.array([2.0, 2.0, 2.0, 0.6, 2.0, 2.0, 2.0])
SMALLEST_M = 0.1
ROUNDS = 3


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A camera, and where it stands.

    Attributes:
        camera: Its model.
        camera_from_frame: Takes points of the cuboids' frame to the camera's.
    """

    camera: Camera
    camera_from_frame: Rigid

    @property
    def origin_m(self) -> FloatArray:
        """(3,) the camera in the cuboids' frame."""
        return self.camera_from_frame.inverse().translation_m


def changed(cuboid: Cuboid, parameter: int, by: float, *, seen_from_m: FloatArray) -> Cuboid:
    """Change one of `PARAMETERS`.

    x, y, z move along the cuboid's own axes; yaw turns about its own z. Length and width move the
    face that looks away from `seen_from_m`; height moves the top: what is seen, and the ground, stay.
    """
    rotation = cuboid.rotation
    center, size = cuboid.center_m.copy(), cuboid.size_m.copy()
    if parameter == 3:
        turned = rotation @ rotation_of(yaw_quaternion(by))
        return Cuboid(center, quaternion_of(turned), size)
    if parameter < 3:
        return Cuboid(center + by * rotation[:, parameter], cuboid.quaternion_xyzw, size)
    axis = parameter - 4
    size[axis] += by
    seen = (rotation.T @ (seen_from_m - center))[axis]
    away = 1.0 if axis == 2 or seen < 0 else -1.0
    return Cuboid(center + away * by / 2 * rotation[:, axis], cuboid.quaternion_xyzw, size)


def moved_face(axis: int, *, cuboid: Cuboid, seen_from_m: FloatArray) -> str:
    """Name the face that a change of size moves."""
    seen = (cuboid.rotation.T @ (seen_from_m - cuboid.center_m))[axis]
    return (("rear", "front"), ("right", "left"), ("top", "top"))[axis][int(seen < 0)]


def best_change(
    cuboid: Cuboid,
    view: View,
    label_px: FloatArray,
    *,
    sides: BoolArray,
    spans_m: Sequence[Span],
    share_min: float,
) -> Fix | None:
    """Find the change of one parameter that removes most of the squared distance of the edges.

    Each parameter takes `ROUNDS` Newton steps on a forward difference; what leaves the image, the
    class's sizes or `MOST` is out. Ties go to the first of `PARAMETERS`.

    Args:
        cuboid: In the frame that `view` starts from.
        view: The camera that the box was drawn in.
        label_px: (4,) the drawn box.
        sides: (4,) the edges that count.
        spans_m: Bounds of length, width and height.
        share_min: Share of the squared distance that must go.

    Returns:
        The fix, or None if no single change removes enough.
    """
    start = _distances([cuboid], view, label_px)[0]
    if not sides.any() or not np.isfinite(start[sides]).all():
        return None
    before = float((start[sides] ** 2).sum())
    origin = view.origin_m
    by, alive = np.zeros(7), np.ones(7, bool)
    for _ in range(ROUNDS):
        here = [changed(cuboid, k, by[k], seen_from_m=origin) for k in range(7)]
        ahead = [changed(cuboid, k, by[k] + STEPS[k], seen_from_m=origin) for k in range(7)]
        off = _distances(here + ahead, view, label_px)[:, sides]
        slope = (off[7:] - off[:7]) / STEPS[:, None]
        pull, steep = (slope * off[:7]).sum(axis=1), (slope**2).sum(axis=1)
        step = np.divide(pull, steep, out=np.zeros(7), where=steep > 1e-12)
        alive &= np.isfinite(slope).all(axis=1) & _within(by - step, cuboid, spans_m)
        by = np.where(alive, by - step, 0.0)
    tried = [int(k) for k in np.flatnonzero(alive)]
    cuboids = [changed(cuboid, k, float(by[k]), seen_from_m=origin) for k in tried]
    left = (_distances(cuboids, view, label_px)[:, sides] ** 2).sum(axis=1)
    left = np.where(np.isfinite(left), left, np.inf)
    best = int(np.argmin(left)) if tried else -1
    if best < 0 or left[best] > (1 - share_min) * before:
        return None
    words, parts = _described(cuboid, tried[best], float(by[tried[best]]), seen_from_m=origin)
    return Fix("set_cuboid", words, parts, cuboid=cuboids[best])


def _described(
    cuboid: Cuboid, parameter: int, by: float, *, seen_from_m: FloatArray
) -> tuple[str, dict[str, Part]]:
    """Words and parts of a change."""
    parts: dict[str, Part] = {"by": abs(float(np.degrees(by)) if parameter == 3 else by)}
    if parameter in {4, 5}:
        parts["face"] = moved_face(parameter - 4, cuboid=cuboid, seen_from_m=seen_from_m)
    return f"fix.{PARAMETERS[parameter]}.{'plus' if by >= 0 else 'minus'}", parts


def _within(by: FloatArray, cuboid: Cuboid, spans_m: Sequence[Span]) -> BoolArray:
    """Which changes stay modest, and keep a size that the class may have (or had already)."""
    low = np.array([span[0] for span in spans_m])
    high = np.array([span[1] for span in spans_m])
    size = cuboid.size_m + by[4:]
    fits = (size >= np.minimum(low, cuboid.size_m)) & (size <= np.maximum(high, cuboid.size_m))
    modest: BoolArray = np.abs(by) <= MOST
    modest[4:] &= fits & (size >= SMALLEST_M)
    return modest


def _distances(cuboids: Sequence[Cuboid], view: View, label_px: FloatArray) -> FloatArray:
    """(n, 4) pixels from the drawn to the projected edges; NaN where nothing is seen."""
    if not cuboids:
        return np.zeros((0, 4))
    pose = view.camera_from_frame
    stacked = Cuboids(
        np.stack([c.center_m for c in cuboids]),
        np.stack([c.rotation for c in cuboids]),
        np.stack([np.maximum(c.size_m, 1e-3) for c in cuboids]),
    ).transform(pose.rotation, pose.translation_m)
    return project_cuboids(stacked, view.camera).clipped_px - label_px
