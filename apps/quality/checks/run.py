"""All checks, one after the other."""

from apps.quality.checks.context import Context
from apps.quality.checks.in_image import drawn_boxes, lone_box_checks, projection_checks
from apps.quality.checks.in_points import point_checks
from apps.quality.checks.in_presence import missing_box_checks, missing_cuboid_checks
from apps.quality.checks.in_world import (
    ground_checks,
    motion_checks,
    overlap_checks,
    size_checks,
)
from apps.quality.checks.raised import Outcome

OF_THE_TRACK = frozenset({"size.prior", "size.track", "kin.speed", "kin.yawrate"})
OF_POINTS = frozenset({"pts.few", "pts.outside"})


def run_checks(context: Context) -> Outcome:
    """Run every check that the guideline uses on what the run is about."""
    for track in context.subjects:
        if context.extents[track.id].whole and len(track.key_ns):
            size_checks(context, track)
            motion_checks(context, track)
    ground_checks(context)
    overlap_checks(context)
    point_checks(context)
    for look in context.view.cameras.values():
        if look.camera is None:
            continue
        drawn, alone = drawn_boxes(context, look, look.camera)
        if drawn is not None:
            projection_checks(context, look, look.camera, drawn)
        lone_box_checks(context, look, look.camera, alone)
        if context.rule("link.missing").enabled:
            missing_box_checks(context, look, look.camera)
            missing_cuboid_checks(context, look, look.camera, alone)
    return context.outcome
