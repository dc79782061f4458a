"""Has a cuboid the size of its class and of its track: size.prior, size.track."""

from typing import NamedTuple

import numpy as np

from numerics.arrays import FloatArray
from numerics.checks.draft import Draft, Fix, Part, Severity, grade
from numerics.checks.limits import ClassLimits
from numerics.geometry.cuboid import Cuboid

DIMENSIONS = ("length", "width", "height")


class SizeStatistics(NamedTuple):
    """Sizes of a class in this project so far.

    Attributes:
        mean_m: (3,).
        deviation_m: (3,) standard deviations, above 0.
    """

    mean_m: FloatArray
    deviation_m: FloatArray


def check_prior(
    size_m: FloatArray,
    *,
    limits: ClassLimits,
    params: dict[str, float],
    statistics: SizeStatistics | None = None,
    was: Severity | None = None,
) -> Draft | None:
    """size.prior: a dimension outside its class's range, or far from the project's own mean.

    The range is a bound, not a threshold on noise: there is no hysteresis on it.
    """
    low = np.array([span[0] for span in limits.spans_m])
    high = np.array([span[1] for span in limits.spans_m])
    excess = np.maximum(size_m / high, low / size_m)
    worst = int(np.argmax(excess))
    value = float(size_m[worst])
    if excess[worst] > 1:
        above = value > high[worst]
        limit = float(high[worst] if above else low[worst])
        parts: dict[str, Part] = {
            "dimension": DIMENSIONS[worst],
            "value_m": value,
            "limit_m": limit,
        }
        words = f"size.prior.{'above' if above else 'below'}"
        return Draft("size.prior", Severity.ERROR, value, limit, "m", words, parts)
    return None if statistics is None else _unusual(size_m, statistics, params["z_warn"], was)


def check_track_size(
    cuboid: Cuboid,
    track_m: FloatArray,
    *,
    limits: ClassLimits,
    seen_from_m: FloatArray,
    was: Severity | None = None,
) -> Draft | None:
    """size.track: a rigid object is larger or smaller here than in its track.

    Args:
        cuboid: At this time.
        track_m: (3,) size of the track (`track_size`).
        limits: Of its class.
        seen_from_m: (3,) the sensor, in the cuboid's frame: faces that look at it stay.
        was: Severity of the open finding.
    """
    off = np.abs(cuboid.size_m - track_m) / track_m
    worst = int(np.argmax(off))
    graded = grade(float(off[worst]), warn=None, error=limits.size_track_ratio, was=was)
    if graded is None:
        return None
    parts: dict[str, Part] = {
        "dimension": DIMENSIONS[worst],
        "value_m": float(cuboid.size_m[worst]),
        "track_m": float(track_m[worst]),
    }
    fix = Fix(
        "set_cuboid", "fix.size_track", cuboid=resized(cuboid, track_m, seen_from_m=seen_from_m)
    )
    return Draft(
        "size.track", graded[0], float(off[worst]), graded[1], "", "size.track", parts, (fix,)
    )


def resized(cuboid: Cuboid, size_m: FloatArray, *, seen_from_m: FloatArray) -> Cuboid:
    """Give a cuboid another size; faces that look at the sensor, and the bottom, stay where they are.

    Along an axis on which the sensor is between the two faces, the centre stays.
    """
    rotation = cuboid.rotation
    sensor = rotation.T @ (seen_from_m - cuboid.center_m)
    grown = size_m - cuboid.size_m
    # -1: the plus face stays, so the centre goes towards minus when the cuboid grows.
    toward = np.where(
        sensor > cuboid.size_m / 2, -1.0, np.where(sensor < -cuboid.size_m / 2, 1.0, 0.0)
    )
    toward[2] = 1.0
    center = cuboid.center_m + rotation @ (toward * grown / 2)
    return Cuboid(center, cuboid.quaternion_xyzw, np.asarray(size_m, float))


def _unusual(
    size_m: FloatArray, statistics: SizeStatistics, z_warn: float, was: Severity | None
) -> Draft | None:
    z = np.abs(size_m - statistics.mean_m) / statistics.deviation_m
    worst = int(np.argmax(z))
    graded = grade(float(z[worst]), warn=z_warn, error=None, was=was)
    if graded is None:
        return None
    parts: dict[str, Part] = {
        "dimension": DIMENSIONS[worst],
        "value_m": float(size_m[worst]),
        "mean_m": float(statistics.mean_m[worst]),
    }
    return Draft(
        "size.prior", graded[0], float(z[worst]), graded[1], "sigma", "size.prior.unusual", parts
    )
