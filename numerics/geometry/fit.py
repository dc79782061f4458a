"""A cuboid from one click: grow, heading, size, ground."""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from numerics.arrays import BoolArray, FloatArray
from numerics.geometry.cuboid import FACES, Cuboid, wrap_rad
from numerics.geometry.grow import grow
from numerics.geometry.lshape import l_shape, sides

TOP_QUANTILE = 0.98
TOP_SLACK_M = 0.03
LONGER = 1.3
"""A side this many times the class's greatest width is a length."""

TOO_LARGE = 1.3
"""What is this many times longer than its class holds more than one object."""

SHRINK = 0.7
TRIES = 3
ELONGATED = 1.6
FEWEST_POINTS = 5
SURE_POINTS = 60


class Prior(NamedTuple):
    """What is known of an object before it is fitted.

    Attributes:
        length_m: Least and most of its class.
        width_m: Likewise.
        height_m: Likewise.
        usual_m: (3,) size to take where a side is not seen.
        track_m: (3,) size of its track; None while it has none.
        heading_rad: Where it looks, from its motion, its last keyframe or its lane; None: unknown.
        boxy: Whether its sides show its heading; people and cones have none to show.
    """

    length_m: tuple[float, float]
    width_m: tuple[float, float]
    height_m: tuple[float, float]
    usual_m: FloatArray
    track_m: FloatArray | None = None
    heading_rad: float | None = None
    boxy: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """A proposed cuboid.

    Attributes:
        cuboid: The best one.
        score: How sure, in [0, 1]: points, sides seen, closeness.
        assumed: Faces that no point supports: they come from the prior.
        candidates: Other headings to choose from: turned half round, left and right.
        points: (n,) which points it was fitted to.
    """

    cuboid: Cuboid
    score: float
    assumed: tuple[str, ...]
    candidates: tuple[Cuboid, ...]
    points: BoolArray = field(repr=False)


def fit_click(
    points_m: FloatArray,
    seed_m: FloatArray,
    prior: Prior,
    *,
    reach_m: float,
    ground_m: float | None,
    sensor_m: FloatArray,
) -> Fitted | None:
    """Grow from a seed and fit; a bunch too large for the class is grown again with shorter steps.

    Args:
        points_m: (n, 3) near the seed, without the ground, z up.
        seed_m: (3,) where the click went.
        prior: What is known of the object.
        reach_m: Longest step (`grow_reach`).
        ground_m: Height of the ground there; None: the lowest point.
        sensor_m: (3,) the LiDAR.

    Returns:
        None if fewer than `FEWEST_POINTS` points hang together, or they stay too large.
    """
    for _ in range(TRIES + 1):
        held = grow(points_m, seed_m, reach_m=reach_m)
        if held.sum() < FEWEST_POINTS:
            return None
        spread = np.ptp(points_m[held, :2], axis=0)
        if np.hypot(spread[0], spread[1]) <= TOO_LARGE * np.hypot(
            prior.length_m[1], prior.width_m[1]
        ):
            fitted = fit_points(points_m[held], prior, ground_m=ground_m, sensor_m=sensor_m)
            return Fitted(fitted.cuboid, fitted.score, fitted.assumed, fitted.candidates, held)
        reach_m *= SHRINK
    return None


def fit_points(
    points_m: FloatArray, prior: Prior, *, ground_m: float | None, sensor_m: FloatArray
) -> Fitted:
    """Fit a cuboid to (n, 3) points of one object, at least `FEWEST_POINTS`.

    Heading by `l_shape`; which side is the length by the class; a side shorter than its class may be
    is completed away from the sensor; the bottom is the ground, the top the 98 % quantile and 3 cm.

    Raises:
        ValueError: If there are too few points.
    """
    if len(points_m) < FEWEST_POINTS:
        raise ValueError(f"A cuboid needs at least {FEWEST_POINTS} points, not {len(points_m)}.")
    flat = points_m[:, :2]
    yaw, closeness = _heading(flat, prior)
    low, high = sides(flat, yaw)
    if prior.boxy and _across_is_length(high - low, prior):
        yaw += np.pi / 2
        low, high = sides(flat, yaw)
    hint = prior.heading_rad
    if hint is not None and abs(float(wrap_rad(np.array(yaw - hint)))) > np.pi / 2:
        yaw += np.pi
        low, high = sides(flat, yaw)
    seen_from = sides(sensor_m[None, :2], yaw)[0]
    low, high, assumed = _completed(low, high, seen_from, prior=prior)
    bottom, height, top_assumed = _height(points_m[:, 2], ground_m, prior)
    middle, size = (low + high) / 2, np.append(high - low, height)
    c, s = np.cos(yaw), np.sin(yaw)
    center = np.array(
        [c * middle[0] - s * middle[1], s * middle[0] + c * middle[1], bottom + height / 2]
    )
    cuboid = Cuboid.upright(center, float(yaw), size)
    assumed = (*assumed, *(("top",) if top_assumed else ()))
    return Fitted(
        cuboid,
        _score(len(points_m), assumed, closeness if prior.boxy else 1.0),
        assumed,
        tuple(
            Cuboid.upright(center, float(yaw + turn), size)
            for turn in (np.pi, np.pi / 2, -np.pi / 2)
        ),
        np.ones(len(points_m), bool),
    )


def tightened(
    cuboid: Cuboid, points_m: FloatArray, *, faces: tuple[str, ...] = FACES[:5]
) -> Cuboid:
    """Draw faces in to the points inside, the bottom never; a cuboid without points stays as it is.

    A face goes to the 98 % quantile of the points towards it.
    """
    local = (points_m - cuboid.center_m) @ cuboid.rotation
    local = local[(np.abs(local) <= cuboid.size_m / 2).all(axis=1)]
    if not len(local):
        return cuboid
    low, high = -cuboid.size_m / 2, cuboid.size_m / 2
    for face in faces:
        axis, odd = divmod(FACES.index(face), 2)
        if odd:
            low[axis] = np.quantile(local[:, axis], 1 - TOP_QUANTILE)
        else:
            high[axis] = np.quantile(local[:, axis], TOP_QUANTILE)
    size = np.maximum(high - low, 0.05)
    return Cuboid(
        cuboid.center_m + cuboid.rotation @ ((low + high) / 2), cuboid.quaternion_xyzw, size
    )


def _heading(flat_m: FloatArray, prior: Prior) -> tuple[float, float]:
    """Yaw and closeness; for what is not boxy the long axis if it is long, else the hint."""
    if prior.boxy:
        return l_shape(flat_m)
    spread, axes = np.linalg.eigh(np.cov(flat_m.T))
    if np.sqrt(max(spread[1], 0.0)) > ELONGATED * np.sqrt(max(spread[0], 1e-12)):
        return float(np.arctan2(axes[1, 1], axes[0, 1]) % np.pi), 1.0
    return prior.heading_rad or 0.0, 1.0


def _across_is_length(extent_m: FloatArray, prior: Prior) -> bool:
    """Whether the second side is the length."""
    along, across = extent_m
    if max(along, across) > LONGER * prior.width_m[1]:
        return bool(across > along)
    usual = prior.usual_m[1]
    return bool(abs(along - usual) < abs(across - usual))


def _completed(
    low: FloatArray, high: FloatArray, sensor_m: FloatArray, *, prior: Prior
) -> tuple[FloatArray, FloatArray, tuple[str, ...]]:
    """Bring both sides to the track's size, or short ones to the usual; the nearer face stays."""
    low, high = low.copy(), high.copy()
    assumed = []
    for axis, (least, _) in enumerate((prior.length_m, prior.width_m)):
        extent = high[axis] - low[axis]
        wanted = extent if extent >= least else prior.usual_m[axis]
        if prior.track_m is not None:
            wanted = prior.track_m[axis]
        if wanted == extent:
            continue
        # What the sensor sees is the face on its side.
        if sensor_m[axis] >= (low[axis] + high[axis]) / 2:
            low[axis] = high[axis] - wanted
            assumed.append(FACES[2 * axis + 1])
        else:
            high[axis] = low[axis] + wanted
            assumed.append(FACES[2 * axis])
    return low, high, tuple(assumed)


def _height(z_m: FloatArray, ground_m: float | None, prior: Prior) -> tuple[float, float, bool]:
    """Bottom, height, and whether the height is assumed."""
    bottom = float(z_m.min()) if ground_m is None else ground_m
    if prior.track_m is not None:
        return bottom, float(prior.track_m[2]), True
    height = float(np.quantile(z_m, TOP_QUANTILE)) + TOP_SLACK_M - bottom
    if height < prior.height_m[0]:
        return bottom, float(prior.usual_m[2]), True
    return bottom, height, False


def _score(count: int, assumed: tuple[str, ...], closeness: float) -> float:
    """Product of three shares: points of `SURE_POINTS`, faces not assumed, closeness of a clean L."""
    enough = min(1.0, count / SURE_POINTS)
    seen = 1 - len(assumed) / 4
    hugged = min(1.0, closeness / 10.0)
    return float(enough * seen * hugged)
