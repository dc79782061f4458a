"""Does an object move as its class can: kin.speed, kin.yawrate."""

import numpy as np

from numerics.arrays import FloatArray
from numerics.checks.draft import Draft, Severity, grade
from numerics.checks.limits import ClassLimits
from numerics.geometry.cuboid import wrap_rad
from numerics.geometry.trajectory import velocities


def speeds(times_s: FloatArray, centers_m: FloatArray) -> FloatArray:
    """(n,) speeds by central differences of (n, 3) world positions, one-sided at the ends."""
    return np.asarray(np.linalg.norm(velocities(times_s, centers_m), axis=1))


def yaw_rates(times_s: FloatArray, yaws_rad: FloatArray) -> FloatArray:
    """(n,) signed rates by central differences along the shortest arcs, one-sided at the ends."""
    turned = np.concatenate([[0.0], np.cumsum(wrap_rad(np.diff(yaws_rad)))])
    return velocities(times_s, turned[:, None])[:, 0]


def check_speed(
    speed_m_s: float, *, limits: ClassLimits, params: dict[str, float], was: Severity | None = None
) -> Draft | None:
    """kin.speed: faster than the class can be; a warning from `warn_share` of it on."""
    most = limits.speed_max_m_s
    if most is None:
        return None
    graded = grade(speed_m_s, warn=params["warn_share"] * most, error=most, was=was)
    if graded is None:
        return None
    parts = {"speed_m_s": speed_m_s, "limit_m_s": graded[1]}
    return Draft("kin.speed", graded[0], speed_m_s, graded[1], "m/s", "kin.speed", parts)


def fastest_turn(speed_m_s: float, limits: ClassLimits) -> float | None:
    """Yaw rate that the class allows at a speed: the cap when slow, lateral acceleration when fast."""
    cap, lateral = limits.yaw_rate_max_rad_s, limits.lateral_accel_max_m_s2
    if cap is None:
        return None
    if lateral is None or speed_m_s * cap <= lateral:
        return cap
    return lateral / speed_m_s


def check_yaw_rate(
    rate_rad_s: float,
    speed_m_s: float,
    *,
    limits: ClassLimits,
    params: dict[str, float],
    was: Severity | None = None,
) -> Draft | None:
    """kin.yawrate: turns faster than the class can at its speed."""
    most = fastest_turn(speed_m_s, limits)
    if most is None:
        return None
    measured = abs(rate_rad_s)
    graded = grade(measured, warn=params["warn_share"] * most, error=most, was=was)
    if graded is None:
        return None
    parts = {"rate_rad_s": measured, "limit_rad_s": graded[1], "speed_m_s": speed_m_s}
    return Draft("kin.yawrate", graded[0], measured, graded[1], "rad/s", "kin.yawrate", parts)
