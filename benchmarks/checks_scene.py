"""All checks as the server runs them: of one saved edit, and of a whole scene.

`python -m benchmarks.checks_scene` prints JSON and fails above its targets. Points are decoded and
indexed before the clock starts; nothing is read from or written to a database.
"""

import sys
from collections import Counter
from typing import Any

import numpy as np

from benchmarks.street import STEP_NS, KeptClouds, Outcome, Street, Traffic
from benchmarks.timing import measure, report

EDIT_MS, SCENE_MS = 50.0, 2000.0


def findings(outcome: Outcome) -> dict[str, int]:
    """How many findings of each check."""
    return dict(Counter(raised.cause.check for raised in outcome.raised))


def one_edit() -> dict[str, Any]:
    """A car is moved at one keyframe among 40 neighbours, in a frame with 200,000 points."""
    street = Street(Traffic(frames=40, objects=41, keyed_every=1))
    frame = 20
    clouds = street.clouds(np.array([frame]))
    near = street.nearest("car", frame)
    edited = near, frame * STEP_NS
    outcome = street.check(clouds, edited=edited)
    return {
        "neighbours": 40,
        "cameras": 6,
        "points": 200_000,
        "observations": len(outcome.residuals),
        "findings": findings(outcome),
        "checks": measure(lambda: street.check(clouds, edited=edited), rounds=25),
        "of_that_reading_tracks": measure(
            lambda: street.context(clouds, edited=edited), rounds=25
        ),
    }


def whole_scene() -> dict[str, Any]:
    """200 frames, 20 objects, 6 cameras; then 40 of the frames with 200,000 points each."""
    street = Street(Traffic(frames=200, objects=20))
    nothing, some = KeptClouds(), np.arange(0, 200, 5)
    clouds = street.clouds(some)
    without, outcome = measure(lambda: street.check(nothing), rounds=5), street.check(nothing)
    with_points, found = measure(lambda: street.check(clouds), rounds=5), street.check(clouds)
    more = (with_points["cpu_ms"] - without["cpu_ms"]) / len(some)
    return {
        "frames": 200,
        "objects": 20,
        "cameras": 6,
        "observations": len(outcome.residuals),
        "findings": findings(outcome),
        "checks": without,
        "with_points_of_40_frames": with_points,
        "findings_with_points": findings(found),
        "more_per_frame_with_points_ms": round(more, 2),
    }


def main() -> None:
    """Time and judge."""
    edit, scene = one_edit(), whole_scene()
    target = {"edit_ms": EDIT_MS, "scene_ms": SCENE_MS}
    report("checks_scene", one_edit=edit, whole_scene=scene, target=target)
    if edit["checks"]["cpu_ms"] > EDIT_MS or scene["checks"]["cpu_ms"] > SCENE_MS:
        sys.exit("checks_scene is above its target")


if __name__ == "__main__":
    main()
