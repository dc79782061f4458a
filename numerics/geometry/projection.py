"""Cuboids as a camera sees them: bounds in the image, never lost because a corner is behind."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from numerics.arrays import BoolArray, FloatArray
from numerics.geometry.camera import Bounds, Camera, image_bounds, widest_angle
from numerics.geometry.cuboid import EDGES, Cuboid, Cuboids

NEAR_M = 0.1
"""Nothing nearer to the camera plane than this is projected."""

STEPS = 8
"""Pieces per edge: a straight edge is a curve behind a distorting lens."""

FACE_EDGES = np.array(
    [
        [e for e, ends in enumerate(EDGES) if all((int(i) >> axis & 1) == side for i in ends)]
        for axis in range(3)
        for side in (1, 0)
    ]
)
"""(6, 4) edges around each face, in the order of `FACES`."""


@dataclass(frozen=True, slots=True)
class ProjectedBox:
    """What a camera sees of one cuboid.

    Attributes:
        full_px: Bounds of all that lies in front of the near plane, also outside the image.
        clipped_px: Bounds of the part inside the image.
        truncation: 1 - area of `clipped_px` / area of `full_px`.
        depth_m: Distance of the centre along the optical axis; may be negative.
    """

    full_px: Bounds
    clipped_px: Bounds
    truncation: float
    depth_m: float


@dataclass(frozen=True, slots=True, eq=False)
class ProjectedBoxes:
    """What a camera sees of n cuboids; rows of those not in the image are NaN.

    Attributes:
        seen: (n,) whether any of it is in the image.
        full_px: (n, 4) as in `ProjectedBox`.
        clipped_px: (n, 4).
        truncation: (n,).
        depth_m: (n,) never NaN.
    """

    seen: BoolArray
    full_px: FloatArray
    clipped_px: FloatArray
    truncation: FloatArray
    depth_m: FloatArray

    def __getitem__(self, index: int) -> ProjectedBox | None:
        """One of them, or None where nothing is in the image."""
        if not self.seen[index]:
            return None
        return ProjectedBox(
            Bounds(*self.full_px[index].tolist()),
            Bounds(*self.clipped_px[index].tolist()),
            float(self.truncation[index]),
            float(self.depth_m[index]),
        )


def project_cuboid(cuboid_in_camera: Cuboid, camera: Camera) -> ProjectedBox | None:
    """Project one cuboid; None if nothing of it is in the image."""
    return project_cuboids(Cuboids.of([cuboid_in_camera]), camera)[0]


def project_cuboids(cuboids_in_camera: Cuboids, camera: Camera) -> ProjectedBoxes:
    """Project cuboids that stand in the camera's frame.

    Each edge is clipped at the near plane and at the cone of the camera's valid radius, cut in
    `STEPS` pieces and distorted; the bounds are taken over the pieces. The part inside the image is
    bounded by the pieces clipped to the image (those of the cut at the near plane too), and by the
    image corners whose rays meet the cuboid. Where a lens's valid circle ends inside the image (no
    ray leads to its corners), what is seen along that circle is bounded by the edges alone.
    """
    n = len(cuboids_in_camera)
    boxes = ProjectedBoxes(
        np.zeros(n, bool),
        np.full((n, 4), np.nan),
        np.full((n, 4), np.nan),
        np.full(n, np.nan),
        cuboids_in_camera.center_m[:, 2].copy(),
    )
    near = np.flatnonzero(_may_be_seen(cuboids_in_camera, camera))
    if not len(near):
        return boxes
    candidates = cuboids_in_camera.take(near)
    lines, drawn = edge_lines(candidates, camera)
    full = _bounds(lines, drawn)
    clipped = _clip(candidates, (lines, drawn, full), camera)
    seen = (clipped[:, 2] > clipped[:, 0]) & (clipped[:, 3] > clipped[:, 1])
    kept = near[seen]
    boxes.seen[kept] = True
    boxes.full_px[kept] = full[seen]
    boxes.clipped_px[kept] = clipped[seen]
    boxes.truncation[kept] = np.maximum(1 - _area(clipped[seen]) / _area(full[seen]), 0.0)
    return boxes


def edge_lines(cuboids_in_camera: Cuboids, camera: Camera) -> tuple[FloatArray, BoolArray]:
    """Draw the edges, clipped and distorted.

    Returns:
        (n, 12, STEPS + 1, 2) pixels in the order of `EDGES`, and (n, 12) which edges are drawn;
        pixels of the others are NaN.
    """
    corners = cuboids_in_camera.corners_m
    start, way = corners[:, EDGES[:, 0]], corners[:, EDGES[:, 1]] - corners[:, EDGES[:, 0]]
    return _lines(start, way, _clip_depth(start, way), camera)


def _lines(
    start: FloatArray, way: FloatArray, span: tuple[FloatArray, FloatArray], camera: Camera
) -> tuple[FloatArray, BoolArray]:
    """Draw the spans of segments, clipped to the valid cone, cut and distorted."""
    low, high = span
    if np.isfinite(camera.valid_radius):
        low, high = _clip_cone(start, way, span, camera.valid_radius)
    drawn = high > low
    low, high = np.where(drawn, low, 0.0), np.where(drawn, high, 0.0)
    share = low[..., None] + (high - low)[..., None] * (np.arange(STEPS + 1) / STEPS)
    points = start[:, :, None] + share[..., None] * way[:, :, None]
    points[~drawn] = (0.0, 0.0, 1.0)
    lines = camera.pixels(points)
    lines[~drawn] = np.nan
    return lines, drawn


def _near_lines(cuboids: Cuboids, camera: Camera) -> tuple[FloatArray, BoolArray]:
    """Draw where the near plane cuts the six faces, (n, 6, STEPS + 1, 2) and which are cut.

    Of a cuboid that reaches behind the camera these are edges too: of what is left of it.
    """
    corners = cuboids.corners_m
    start, way = corners[:, EDGES[:, 0]], corners[:, EDGES[:, 1]] - corners[:, EDGES[:, 0]]
    below = start[..., 2] < NEAR_M
    cut = below != (start[..., 2] + way[..., 2] < NEAR_M)
    slope = np.where(cut, way[..., 2], 1.0)
    crossing = start + ((NEAR_M - start[..., 2]) / slope)[..., None] * way
    # The plane cuts none or two of the four edges of a face.
    of_face = cut[:, FACE_EDGES]
    first, last = of_face.argmax(axis=2), 3 - of_face[:, :, ::-1].argmax(axis=2)
    rows, faces = np.arange(len(cuboids))[:, None], np.arange(6)
    begin = crossing[rows, FACE_EDGES[faces, first]]
    end = crossing[rows, FACE_EDGES[faces, last]]
    met = of_face.any(axis=2)
    span = np.where(met, 0.0, 1.0), np.where(met, 1.0, 0.0)
    return _lines(begin, end - begin, span, camera)


def _may_be_seen(cuboids: Cuboids, camera: Camera) -> BoolArray:
    """Leave out spheres behind the near plane or outside the cone around the image's corners."""
    radius = np.linalg.norm(cuboids.size_m, axis=1) / 2
    distance = np.linalg.norm(cuboids.center_m, axis=1)
    widest = widest_angle(camera)
    with np.errstate(invalid="ignore", divide="ignore"):
        off_axis = np.arccos(np.clip(cuboids.center_m[:, 2] / distance, -1, 1))
        slack = np.arcsin(np.clip(radius / distance, 0, 1))
    inside = ~(distance > radius) | ~(off_axis - slack > widest)
    seen: BoolArray = inside & (cuboids.center_m[:, 2] + radius > NEAR_M)
    return seen


def _clip_depth(start: FloatArray, way: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Keep the shares of each edge with depth of at least `NEAR_M`."""
    depth, slope = start[..., 2] - NEAR_M, way[..., 2]
    with np.errstate(divide="ignore", invalid="ignore"):
        cut = -depth / slope
    low = np.where(slope > 0, np.maximum(cut, 0.0), 0.0)
    high = np.where(slope < 0, np.minimum(cut, 1.0), 1.0)
    high = np.where((slope == 0) & (depth < 0), -1.0, high)
    return low, high


def _clip_cone(
    start: FloatArray, way: FloatArray, span: tuple[FloatArray, FloatArray], radius: float
) -> tuple[FloatArray, FloatArray]:
    """Keep the shares within x2 + y2 <= radius2 z2; the cone is convex, so they are one span.

    The radius is taken a billionth smaller, so that its rim itself can be distorted.
    """
    low, high = span
    weight = np.array([1.0, 1.0, -((radius * (1 - 1e-9)) ** 2)])
    a = (way * way * weight).sum(-1)
    b = (start * way * weight).sum(-1)
    c = (start * start * weight).sum(-1)
    root = np.sqrt(np.maximum(b * b - a * c, 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        first, second = (-b - root) / a, (-b + root) / a
    # Within `span` the depth is above 0, so the quadratic there belongs to the front half cone.
    first, second = np.minimum(first, second), np.maximum(first, second)
    crosses = (b * b - a * c > 0) & (a != 0)
    bowl = crosses & (a > 0)
    low, high = (
        np.where(bowl, np.maximum(low, first), low),
        np.where(bowl, np.minimum(high, second), high),
    )
    hill = crosses & (a < 0)
    # For a < 0 the inside is left of the first or right of the second root: one of them is in front.
    rising = hill & (way[..., 2] > 0)
    falling = hill & (way[..., 2] < 0)
    low = np.where(rising, np.maximum(low, second), low)
    high = np.where(falling, np.minimum(high, first), high)
    outside = ~crosses & (c > 0)
    return low, np.where(outside, low - 1.0, high)


def _bounds(lines: FloatArray, drawn: BoolArray) -> FloatArray:
    flat = lines.reshape(len(lines), -1, 2)
    empty = ~drawn.any(axis=1)
    flat[empty] = 0.0
    return np.concatenate([np.nanmin(flat, axis=1), np.nanmax(flat, axis=1)], axis=1)


def _clip(
    cuboids: Cuboids, drawing: tuple[FloatArray, BoolArray, FloatArray], camera: Camera
) -> FloatArray:
    """Bounds of the part inside the image; right below left where there is none."""
    lines, drawn, full = drawing
    image = np.array(image_bounds(camera))
    clipped = full.copy()
    beyond = (full[:, :2] < image[:2]).any(axis=1) | (full[:, 2:] > image[2:]).any(axis=1)
    apart = (full[:, :2] >= image[2:]).any(axis=1) | (full[:, 2:] <= image[:2]).any(axis=1)
    clipped[apart | ~drawn.any(axis=1)] = (0.0, 0.0, -1.0, -1.0)
    rows = np.flatnonzero(beyond & ~apart)
    if len(rows):
        low, high = _clip_lines(lines[rows], image)
        cut = cuboids.center_m[rows, 2] - np.linalg.norm(cuboids.size_m[rows], axis=1) / 2 < NEAR_M
        if cut.any():
            near, _ = _near_lines(cuboids.take(rows[cut]), camera)
            near_low, near_high = _clip_lines(near, image)
            low[cut], high[cut] = np.minimum(low[cut], near_low), np.maximum(high[cut], near_high)
        covered = _covered_corners(cuboids.take(rows), camera)
        corners = _image_corners(camera)
        clipped[rows, :2] = np.minimum(
            low, np.where(covered[..., None], corners, np.inf).min(axis=1)
        )
        clipped[rows, 2:] = np.maximum(
            high, np.where(covered[..., None], corners, -np.inf).max(axis=1)
        )
    return clipped


def _clip_lines(lines: FloatArray, image: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Clip every piece to the image and bound what is left.

    Source:
        Liang and Barsky (1984), ACM Transactions on Graphics 3(1).
    """
    start, way = lines[:, :, :-1], lines[:, :, 1:] - lines[:, :, :-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        to_low, to_high = (image[:2] - start) / way, (image[2:] - start) / way
    inside = (start >= image[:2]) & (start <= image[2:])
    still = way == 0
    enter = np.where(still, np.where(inside, 0.0, 2.0), np.minimum(to_low, to_high)).max(axis=-1)
    leave = np.where(still, 1.0, np.maximum(to_low, to_high)).min(axis=-1)
    enter, leave = np.maximum(enter, 0.0), np.minimum(leave, 1.0)
    kept = np.asarray(enter <= leave)[..., None]
    ends = np.stack([start + enter[..., None] * way, start + leave[..., None] * way])
    ends = np.clip(ends, image[:2], image[2:])
    low = np.where(kept, ends, np.inf).min(axis=(0, 2, 3))
    high = np.where(kept, ends, -np.inf).max(axis=(0, 2, 3))
    return low, high


def _image_corners(camera: Camera) -> FloatArray:
    left, top, right, bottom = image_bounds(camera)
    return np.array([[left, top], [right, top], [left, bottom], [right, bottom]])


@lru_cache(maxsize=256)
def _corner_rays(camera: Camera) -> tuple[FloatArray, BoolArray]:
    """(4, 3) rays of the image's corners, and (4,) which corners any ray reaches."""
    rays = camera.unproject(_image_corners(camera))
    known = np.asarray(np.isfinite(rays).all(axis=-1))
    return np.where(known[:, None], rays, [0.0, 0.0, 1.0]), known


def _covered_corners(cuboids: Cuboids, camera: Camera) -> BoolArray:
    """(n, 4) which rays through the image's corners meet the cuboid in front of the near plane."""
    rays, known = _corner_rays(camera)
    origin = -np.einsum("nji,nj->ni", cuboids.rotation, cuboids.center_m)[:, None]
    way = rays @ cuboids.rotation
    half = cuboids.size_m[:, None] / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        one, two = (-half - origin) / way, (half - origin) / way
    parallel = way == 0
    within = np.abs(origin) <= half
    enter = np.where(parallel, np.where(within, -np.inf, np.inf), np.minimum(one, two)).max(
        axis=-1
    )
    leave = np.where(parallel, np.inf, np.maximum(one, two)).min(axis=-1)
    met: BoolArray = (enter <= leave) & (leave * rays[:, 2] >= NEAR_M) & known
    return met


def _area(bounds: FloatArray) -> FloatArray:
    area: FloatArray = (bounds[:, 2] - bounds[:, 0]) * (bounds[:, 3] - bounds[:, 1])
    return area
