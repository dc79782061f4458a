"""Overlap of cuboids and of boxes."""

import numpy as np

from numerics.arrays import BoolArray, FloatArray, IntArray
from numerics.geometry.cuboid import Cuboids

PAIRS_AT_ONCE = 100_000
FOOTPRINT = np.array([[0.5, 0.5], [-0.5, 0.5], [-0.5, -0.5], [0.5, -0.5]])


def bev_iou(a: Cuboids, b: Cuboids) -> FloatArray:
    """Intersection over union of footprints, (n, m).

    Footprints are the rectangles length x width turned by yaw: roll and pitch are left out.
    """
    i, j, area = footprint_overlaps(a, b)
    iou = np.zeros((len(a), len(b)))
    area_a, area_b = a.size_m[:, :2].prod(1)[i], b.size_m[:, :2].prod(1)[j]
    iou[i, j] = area / (area_a + area_b - area)
    return iou


def iou_3d(a: Cuboids, b: Cuboids) -> FloatArray:
    """Intersection over union of upright cuboids, (n, m); roll and pitch are left out."""
    i, j, volume = volume_overlaps(a, b)
    iou = np.zeros((len(a), len(b)))
    iou[i, j] = volume / (a.size_m.prod(1)[i] + b.size_m.prod(1)[j] - volume)
    return iou


def overlap_of_smaller(a: Cuboids, b: Cuboids) -> FloatArray:
    """Intersection over the smaller volume of upright cuboids, (n, m)."""
    i, j, volume = volume_overlaps(a, b)
    share = np.zeros((len(a), len(b)))
    share[i, j] = volume / np.minimum(a.size_m.prod(1)[i], b.size_m.prod(1)[j])
    return share


def box_iou(a_px: FloatArray, b_px: FloatArray) -> FloatArray:
    """Intersection over union of (..., 4) boxes left, top, right, bottom; 0 for empty ones."""
    low, high = np.maximum(a_px[..., :2], b_px[..., :2]), np.minimum(a_px[..., 2:], b_px[..., 2:])
    shared = np.maximum(high - low, 0.0).prod(axis=-1)
    areas = np.maximum(a_px[..., 2:] - a_px[..., :2], 0.0).prod(axis=-1) + np.maximum(
        b_px[..., 2:] - b_px[..., :2], 0.0
    ).prod(axis=-1)
    union = areas - shared
    iou: FloatArray = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
    return iou


def volume_overlaps(a: Cuboids, b: Cuboids) -> tuple[IntArray, IntArray, FloatArray]:
    """Intersecting pairs: index in a, index in b, shared volume in m3."""
    i, j, area = footprint_overlaps(a, b)
    half_a, half_b = a.size_m[:, 2] / 2, b.size_m[:, 2] / 2
    high = np.minimum((a.center_m[:, 2] + half_a)[i], (b.center_m[:, 2] + half_b)[j])
    low = np.maximum((a.center_m[:, 2] - half_a)[i], (b.center_m[:, 2] - half_b)[j])
    volume = area * np.maximum(high - low, 0.0)
    kept = volume > 0
    return i[kept], j[kept], volume[kept]


def footprint_overlaps(a: Cuboids, b: Cuboids) -> tuple[IntArray, IntArray, FloatArray]:
    """Pairs whose footprints intersect: index in a, index in b, shared area in m2."""
    reach_a, reach_b = (np.hypot(c.size_m[:, 0], c.size_m[:, 1]) / 2 for c in (a, b))
    apart = a.center_m[:, None, :2] - b.center_m[None, :, :2]
    near = (apart**2).sum(-1) < (reach_a[:, None] + reach_b[None]) ** 2
    i, j = np.nonzero(near)
    # Each pair gets its own origin, so that map-sized coordinates keep their digits.
    corners_a, corners_b = _footprints(a), _footprints(b)
    area = np.zeros(len(i))
    for start in range(0, len(i), PAIRS_AT_ONCE):
        part = slice(start, start + PAIRS_AT_ONCE)
        shift = apart[i[part], j[part]][:, None]
        area[part] = _shared_area(corners_a[i[part]] + shift, corners_b[j[part]])
    kept = area > 0
    return i[kept], j[kept], area[kept]


def _footprints(cuboids: Cuboids) -> FloatArray:
    """(n, 4, 2) corners around the centre, counter-clockwise."""
    yaw = cuboids.yaw_rad
    c, s = np.cos(yaw)[:, None], np.sin(yaw)[:, None]
    x, y = FOOTPRINT[:, 0] * cuboids.size_m[:, :1], FOOTPRINT[:, 1] * cuboids.size_m[:, 1:2]
    return np.stack([x * c - y * s, x * s + y * c], axis=-1)


def _shared_area(subject: FloatArray, clip: FloatArray) -> FloatArray:
    """Area shared by pairs of convex quadrilaterals, both (m, 4, 2) counter-clockwise.

    Source:
        Sutherland and Hodgman (1974), CACM 17(1), on arrays of fixed width: four corners cut by
        four half planes never have more than eight.
    """
    m = len(subject)
    polygon, count = np.zeros((m, 8, 2)), np.full(m, 4)
    polygon[:, :4] = subject
    for edge in range(4):
        anchor, way = clip[:, edge, None], (clip[:, (edge + 1) % 4] - clip[:, edge])[:, None]
        side = way[..., 0] * (polygon[..., 1] - anchor[..., 1]) - way[..., 1] * (
            polygon[..., 0] - anchor[..., 0]
        )
        polygon, count = _cut(polygon, count, side)
    following, held = _following(count)
    after = np.take_along_axis(polygon, following[..., None], 1)
    cross = polygon[..., 0] * after[..., 1] - polygon[..., 1] * after[..., 0]
    area: FloatArray = np.maximum((cross * held).sum(1) / 2, 0.0)
    return np.where(count >= 3, area, 0.0)


def _following(count: IntArray) -> tuple[IntArray, BoolArray]:
    place = np.arange(8)[None]
    return np.where(place + 1 < count[:, None], place + 1, 0), place < count[:, None]


def _cut(polygon: FloatArray, count: IntArray, side: FloatArray) -> tuple[FloatArray, IntArray]:
    """Keep what lies at side >= 0, corners packed to the left."""
    following, held = _following(count)
    after = np.take_along_axis(polygon, following[..., None], 1)
    side_after = np.take_along_axis(side, following, 1)
    inside = (side >= 0) & held
    crosses = ((side >= 0) != (side_after >= 0)) & held
    run = side - side_after
    share = np.divide(side, run, out=np.zeros_like(side), where=crosses)
    crossing = polygon + share[..., None] * (after - polygon)
    slots = np.stack([inside, crosses], -1).reshape(len(polygon), 16)
    corners = np.stack([polygon, crossing], 2).reshape(len(polygon), 16, 2)
    place = np.cumsum(slots, 1) - 1
    slots &= place < 8
    cut = np.zeros_like(polygon)
    row, column = np.nonzero(slots)
    cut[row, place[row, column]] = corners[row, column]
    return cut, np.minimum(slots.sum(1), 8)
