"""Do two cuboids share space: dup.overlap."""

from typing import NamedTuple

from numerics.checks.draft import Draft, Fix, Part, Severity, grade


class Neighbour(NamedTuple):
    """Another cuboid, and how much of it is shared.

    Attributes:
        key: What to call it.
        same_class: Whether it is of the same class.
        groups: Groups of the two classes (`ClassLimits.group`).
        of_smaller: Shared volume over the smaller volume.
        bev_iou: Overlap of the footprints.
    """

    key: str
    same_class: bool
    groups: tuple[str, str]
    of_smaller: float
    bev_iou: float


def check_overlap(
    neighbour: Neighbour, *, params: dict[str, float], was: Severity | None = None
) -> Draft | None:
    """dup.overlap: two cuboids share more than a share of the smaller, or their footprints.

    Footprints count only within one class. A trailer may reach over its vehicle, people may stand
    close, and a rider sits on a cycle.
    """
    pair = frozenset(neighbour.groups)
    share_max, bev_max = params["share_max"], params["bev_iou_max"]
    if pair == {"vehicle", "trailer"}:
        share_max = params["vehicle_trailer"]
    elif pair == {"person"}:
        share_max = bev_max = params["persons"]
    elif pair == {"person", "cycle"}:
        share_max = params["rider_cycle"]
    measured, words = neighbour.of_smaller, "dup.overlap"
    graded = grade(measured, warn=None, error=share_max, was=was)
    if graded is None and neighbour.same_class:
        measured, words = neighbour.bev_iou, "dup.overlap.footprint"
        graded = grade(measured, warn=None, error=bev_max, was=was)
    if graded is None:
        return None
    parts: dict[str, Part] = {"other": neighbour.key, "share": measured}
    if neighbour.of_smaller > params["duplicate_share"]:
        fix = Fix("merge", "fix.merge", {"other": neighbour.key})
        words = "dup.overlap.duplicate"
        return Draft("dup.overlap", Severity.ERROR, measured, graded[1], "", words, parts, (fix,))
    return Draft("dup.overlap", graded[0], measured, graded[1], "", words, parts)
