"""KITTI's label lines: read, turned into cuboids of the ego frame, and back.

A KITTI box is given by the centre of its bottom in the rectified frame of camera 0 and a turn about
that camera's y axis. It was drawn upright in the LiDAR's frame, so upright is what it becomes here.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from apps.modalities.base import Unreadable
from numerics.geometry.cuboid import Cuboid
from numerics.geometry.rigid import Rigid

OBJECT_COLUMNS = (15, 16)
TRACKING_COLUMNS = (17, 18)
FARTHEST_M = 1000.0
REGION = "DontCare"
FIX_LINE = "Compare the line with KITTI's format; the rest of the file is read."


@dataclass(frozen=True, slots=True, kw_only=True)
class KittiBox:
    """One line of a label file.

    Attributes:
        line: Its number, from 1.
        frame: Index of the frame; 0 in files of one frame.
        track: Number of the track; -1 without one.
        truncated: Share outside the picture, as written.
        occluded: 0 to 3, as written.
        size_m: Length, width, height; None for a region without a third dimension.
        bottom_m: Centre of the bottom, rectified camera 0.
        turn_rad: About the camera's y axis; 0 faces the camera's x.
        score: Of a detector; None in ground truth.
    """

    class_name: str
    truncated: float
    occluded: int
    alpha_rad: float
    box_px: tuple[float, float, float, float]
    line: int = 0
    frame: int = 0
    track: int = -1
    size_m: tuple[float, float, float] | None = None
    bottom_m: tuple[float, float, float] = (0.0, 0.0, 0.0)
    turn_rad: float = 0.0
    score: float | None = None
    attributes: Mapping[str, float | int] = field(init=False)

    def __post_init__(self) -> None:
        """Gather what the format says of a box beside its geometry."""
        said: dict[str, float | int] = {
            "truncated": self.truncated,
            "occluded": self.occluded,
            "alpha": self.alpha_rad,
        }
        if self.score is not None:
            said["score"] = self.score
        object.__setattr__(self, "attributes", said)


def parse_line(text: str, *, line: int, tracking: bool) -> KittiBox:
    """Read one line.

    Raises:
        Unreadable: If its columns or numbers are wrong.
    """
    words = text.split()
    expected = TRACKING_COLUMNS if tracking else OBJECT_COLUMNS
    where = f"line {line}"
    if len(words) not in expected:
        raise Unreadable(
            where,
            f"It has {len(words)} columns; a label has {expected[0]}, or {expected[1]} with a score.",
            mend=FIX_LINE,
        )
    lead, words = (words[:2], words[2:]) if tracking else (["0", "-1"], words)
    try:
        frame, track = (int(word) for word in lead)
        numbers = [float(word) for word in words[1:]]
    except ValueError as error:
        raise Unreadable(where, f"A column is no number ({error}).", mend=FIX_LINE) from error
    if not all(math.isfinite(number) for number in numbers):
        raise Unreadable(where, "A number is not finite.", mend=FIX_LINE)
    truncated, occluded, alpha, left, top, right, bottom, *solid = numbers
    height, width, length, x, y, z, turn, *score = solid
    has_size = _has_size(where, (length, width, height), (x, y, z))
    if right < left or bottom < top:
        raise Unreadable(where, "The 2D box ends before it begins.", mend=FIX_LINE)
    return KittiBox(
        class_name=words[0],
        truncated=truncated,
        occluded=round(occluded),
        alpha_rad=alpha,
        box_px=(left, top, right, bottom),
        line=line,
        frame=frame,
        track=track,
        size_m=(length, width, height) if has_size else None,
        bottom_m=(x, y, z),
        turn_rad=turn,
        score=score[0] if score else None,
    )


def _has_size(
    where: str, size_m: tuple[float, float, float], bottom_m: tuple[float, float, float]
) -> bool:
    """Tell a region, whose dimensions are -1 or -1000, from a box."""
    if all(side < 0 for side in size_m):
        return False
    if not all(side > 0 for side in size_m):
        raise Unreadable(
            where, "A dimension is not above 0; a region has -1 in all three.", mend=FIX_LINE
        )
    if max(abs(part) for part in bottom_m) > FARTHEST_M:
        raise Unreadable(where, "The location lies over 1 km away.", mend=FIX_LINE)
    return True


def cuboid_in_ego(box: KittiBox, *, ego_from_rect: Rigid) -> Cuboid:
    """Turn a box with dimensions into an upright cuboid of the ego frame.

    Raises:
        ValueError: If the box has no dimensions.
    """
    if box.size_m is None:
        raise ValueError("A region of KITTI has no cuboid.")
    middle_m = np.array(box.bottom_m) - [0.0, box.size_m[2] / 2, 0.0]
    forward = ego_from_rect.rotation @ [math.cos(box.turn_rad), 0.0, -math.sin(box.turn_rad)]
    yaw_rad = math.atan2(forward[1], forward[0])
    return Cuboid.upright(ego_from_rect.apply(middle_m), yaw_rad, box.size_m)


def box_in_rect(
    cuboid_in_ego: Cuboid, *, ego_from_rect: Rigid
) -> tuple[tuple[float, float, float], float]:
    """Turn a cuboid of the ego frame into KITTI's location and turn; `cuboid_in_ego` undone.

    Returns:
        Centre of the bottom in the rectified frame of camera 0, and the turn in [-pi, pi).
    """
    rect_from_ego = ego_from_rect.inverse()
    middle_m = rect_from_ego.apply(cuboid_in_ego.center_m)
    x, _, z = rect_from_ego.rotation @ cuboid_in_ego.rotation[:, 0]
    height_m = float(cuboid_in_ego.size_m[2])
    bottom_m = (float(middle_m[0]), float(middle_m[1]) + height_m / 2, float(middle_m[2]))
    return bottom_m, math.atan2(-z, x)
