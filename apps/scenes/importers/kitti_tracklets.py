"""Tracklets of KITTI raw drives (`tracklet_labels.xml`)."""

import math
import xml.etree.ElementTree as ET
from collections.abc import Mapping

from apps.modalities.base import Unreadable
from apps.scenes.importers.base import ImportedKey, ImportedLabel
from apps.scenes.importers.faults import Fault, fault_of
from apps.scenes.importers.kitti_calibration import EGO_FROM_VELODYNE
from apps.scenes.importers.kitti_objects import Step
from apps.scenes.importers.recording import Recording
from apps.scenes.importers.tracks import with_absences
from numerics.geometry.cuboid import Cuboid

COPY_AGAIN = "Copy the file again; the rest of the drive is read."
KEPT = ("state", "occlusion", "truncation")


def labels_of_tracklets(
    recording: Recording, path: str, *, steps: Mapping[int, Step]
) -> tuple[list[ImportedLabel], list[Fault]]:
    """Read tracklets as objects; a bad one is told and left out.

    Args:
        recording: The recording.
        path: The file.
        steps: The drive's frames by KITTI's index; poses at other frames are left out.
    """
    labels, faults = [], []
    try:
        items = _tracklets(recording.text(path))
    except Unreadable as error:
        return [], [fault_of(path, error)]
    for number, item in enumerate(items):
        try:
            labels.append(_label(item, path=path, number=number, steps=steps))
        except (ValueError, TypeError) as error:
            faults.append(
                Fault(
                    path=path,
                    field=f"tracklet {number}",
                    problem=f"It is no complete tracklet ({error}).",
                    mend=COPY_AGAIN,
                )
            )
    return [label for label in labels if label.keys], faults


def _tracklets(text: str) -> list[ET.Element]:
    if "<!ENTITY" in text:
        raise Unreadable("DOCTYPE", "It declares entities.", mend="Remove the declarations.")
    try:
        root = ET.fromstring(text)  # noqa: S314 - without entities nothing can be expanded
    except ET.ParseError as error:
        raise Unreadable("content", f"It is no XML ({error}).", mend=COPY_AGAIN) from error
    return root.findall("./tracklets/item")


def _label(
    item: ET.Element, *, path: str, number: int, steps: Mapping[int, Step]
) -> ImportedLabel:
    size_m = [_number(item, side) for side in ("l", "w", "h")]
    first = int(_number(item, "first_frame"))
    keys = []
    for frame, pose in enumerate(item.findall("./poses/item"), start=first):
        if frame in steps:
            keys.append(_key(pose, size_m=size_m, step=steps[frame]))
    times_ns = [steps[frame].lidar_at_ns for frame in sorted(steps)]
    return ImportedLabel(
        source_id=f"tracklet-{number}",
        class_name=(item.findtext("objectType") or "").strip(),
        source_path=path,
        source_field=f"tracklet {number}",
        keys=tuple(with_absences(keys, times_ns=times_ns)),
    )


def _key(pose: ET.Element, *, size_m: list[float], step: Step) -> ImportedKey:
    """Read one pose: bottom centre in the LiDAR's frame, turned about its z axis."""
    x, y, z, turn_rad = (_number(pose, name) for name in ("tx", "ty", "tz", "rz"))
    in_velodyne = Cuboid.upright([x, y, z + size_m[2] / 2], turn_rad, size_m)
    world_from_velodyne = step.world_from_ego @ EGO_FROM_VELODYNE
    said = {name: _number(pose, name) for name in KEPT if pose.find(name) is not None}
    return ImportedKey(
        at_ns=step.lidar_at_ns,
        cuboid=in_velodyne.transform(world_from_velodyne),
        attributes=said,
    )


def _number(element: ET.Element, name: str) -> float:
    text = element.findtext(name)
    if text is None:
        raise ValueError(f"{name} is missing")
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{name} is not finite")
    return number
