"""Does a cuboid stand on the ground: ground.gap."""

from math import isfinite

import numpy as np

from numerics.checks.draft import Draft, Fix, Severity, grade
from numerics.checks.limits import ClassLimits
from numerics.geometry.cuboid import Cuboid


def check_ground(
    cuboid: Cuboid, ground_m: float, *, limits: ClassLimits, was: Severity | None = None
) -> Draft | None:
    """ground.gap: height of the bottom face's centre over the ground.

    Args:
        cuboid: Of a class that stands on the ground.
        ground_m: `GroundRaster.under` of it; NaN where unknown: then nothing is said.
        limits: Of its class.
        was: Severity of the open finding.
    """
    gap = float(cuboid.bottom_m[2]) - ground_m
    if not isfinite(gap):
        return None
    graded = grade(abs(gap), warn=limits.ground_warn_m, error=limits.ground_error_m, was=was)
    if graded is None:
        return None
    down = cuboid.center_m - np.array([0.0, 0.0, gap])
    fix = Fix(
        "set_cuboid",
        "fix.ground",
        {"by": -gap},
        cuboid=Cuboid(down, cuboid.quaternion_xyzw, cuboid.size_m),
    )
    words = "ground.gap.floats" if gap > 0 else "ground.gap.sunk"
    return Draft("ground.gap", graded[0], gap, graded[1], "m", words, {"gap_m": abs(gap)}, (fix,))
