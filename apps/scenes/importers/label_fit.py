"""Fits label records to what came in: a 2D box needs the capture that it was drawn on."""

from collections.abc import Iterable, Set
from dataclasses import replace

from apps.scenes.importers.base import ImportedLabel
from apps.scenes.importers.faults import Fault

Captured = Set[tuple[str, int]]
"""Sensor key and time of each capture of a scene."""


def fitted(
    labels: Iterable[ImportedLabel], *, captured: Captured
) -> tuple[list[ImportedLabel], list[Fault]]:
    """Leave out boxes at times at which their sensor has no capture, and say so.

    An object of which nothing is left is left out too.
    """
    kept: list[ImportedLabel] = []
    faults: list[Fault] = []
    for label in labels:
        boxes = tuple(box for box in label.boxes if (box.sensor_key, box.at_ns) in captured)
        lost = [
            box
            for box in label.boxes
            if box.box_px is not None and (box.sensor_key, box.at_ns) not in captured
        ]
        if lost:
            faults.append(
                Fault(
                    path=label.source_path,
                    field=f"{label.source_field} ({label.source_id})",
                    problem=f"{len(lost)} of its 2D boxes lie at times at which"
                    f" {lost[0].sensor_key} has no capture (first at {lost[0].at_ns} ns); left out.",
                    mend="Give each box the time of its capture, or bring in the missing captures.",
                    severe=False,
                )
            )
        if label.keys or any(box.box_px is not None for box in boxes):
            kept.append(replace(label, boxes=boxes))
    return kept, faults
