"""Turns KITTI's label lines into neutral records of objects."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from apps.modalities.base import Unreadable
from apps.scenes.importers.base import ImportedBox, ImportedKey, ImportedLabel
from apps.scenes.importers.faults import Fault, fault_of
from apps.scenes.importers.kitti_labels import REGION, KittiBox, cuboid_in_ego, parse_line
from apps.scenes.importers.recording import Recording
from apps.scenes.importers.tracks import boxes_with_absences, with_absences
from numerics.geometry.rigid import Rigid

MOST_FAULTS = 50


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One labelled frame: its times, since the scene's t0, and where the ego frame was."""

    lidar_at_ns: int
    camera_at_ns: int | None
    world_from_ego: Rigid


def read_boxes(
    recording: Recording, path: str, *, tracking: bool
) -> tuple[list[KittiBox], list[Fault]]:
    """Read a label file; a bad line is told and left out, and after many bad ones the rest is."""
    boxes: list[KittiBox] = []
    faults: list[Fault] = []
    try:
        lines = recording.text(path).splitlines()
    except Unreadable as error:
        return [], [fault_of(path, error)]
    for number, text in enumerate(lines, start=1):
        if not text.strip() or len(faults) >= MOST_FAULTS:
            continue
        try:
            boxes.append(parse_line(text, line=number, tracking=tracking))
        except Unreadable as error:
            faults.append(fault_of(path, error))
    if len(faults) == MOST_FAULTS:
        faults.append(
            Fault(
                path=path,
                field=f"after {faults[-1].field}",
                problem=f"It has {MOST_FAULTS} bad lines; what follows was not read.",
                mend="Check that the file is of this format.",
            )
        )
    return boxes, faults


def labels_of(
    boxes: Iterable[KittiBox],
    *,
    path: str,
    ego_from_rect: Rigid,
    camera_key: str,
    steps: Mapping[int, Step],
) -> list[ImportedLabel]:
    """Gather lines into objects, one a track; a region has a place among its frame's regions.

    Args:
        boxes: Lines of one file.
        path: The file, for the report.
        ego_from_rect: From the labels' frame to the ego frame.
        camera_key: The sensor whose pixels the 2D boxes count.
        steps: The scene's frames by KITTI's index; lines of other frames are left out.
    """
    grouped: dict[str, list[KittiBox]] = defaultdict(list)
    regions: dict[int, int] = defaultdict(int)
    for box in boxes:
        if box.frame not in steps:
            continue
        if box.track >= 0:
            grouped[f"track-{box.track}"].append(box)
        elif box.class_name == REGION:
            regions[box.frame] += 1
            grouped[f"region-{regions[box.frame]}"].append(box)
        else:
            grouped[f"line-{box.line}"].append(box)
    return [
        _label(source_id, lines, path, ego_from_rect, camera_key, steps)
        for source_id, lines in grouped.items()
    ]


def class_changes(boxes: Iterable[KittiBox], *, path: str) -> list[Fault]:
    """Tell of tracks whose class changes on the way; the first one counts."""
    first: dict[int, KittiBox] = {}
    told: dict[int, Fault] = {}
    for box in boxes:
        begun = first.setdefault(box.track, box)
        if box.track >= 0 and box.class_name != begun.class_name and box.track not in told:
            told[box.track] = Fault(
                path=path,
                field=f"line {box.line}",
                problem=f"Track {box.track} changes from {begun.class_name} to {box.class_name};"
                f" {begun.class_name} was taken for all of it.",
                mend="Give the other object a track of its own.",
                severe=False,
            )
    return list(told.values())


def _label(
    source_id: str,
    lines: Sequence[KittiBox],
    path: str,
    ego_from_rect: Rigid,
    camera_key: str,
    steps: Mapping[int, Step],
) -> ImportedLabel:
    keys, flat = [], []
    for box in sorted(lines, key=lambda box: box.frame):
        step = steps[box.frame]
        left, top, right, bottom = box.box_px
        seen = step.camera_at_ns is not None and right > left and bottom > top
        if step.camera_at_ns is not None and seen:
            flat.append(
                ImportedBox(
                    sensor_key=camera_key,
                    at_ns=step.camera_at_ns,
                    box_px=box.box_px,
                    attributes=box.attributes,
                )
            )
        if box.size_m is not None:
            cuboid = cuboid_in_ego(box, ego_from_rect=ego_from_rect)
            keys.append(
                ImportedKey(
                    at_ns=step.lidar_at_ns,
                    cuboid=cuboid.transform(step.world_from_ego),
                    attributes={} if seen else box.attributes,
                )
            )
    ordered = [steps[frame] for frame in sorted(steps)]
    camera_times = [step.camera_at_ns for step in ordered if step.camera_at_ns is not None]
    return ImportedLabel(
        source_id=source_id,
        class_name=lines[0].class_name,
        source_path=path,
        source_field=f"line {lines[0].line}",
        keys=tuple(with_absences(keys, times_ns=[step.lidar_at_ns for step in ordered])),
        boxes=tuple(boxes_with_absences(flat, times_ns=camera_times)),
    )
