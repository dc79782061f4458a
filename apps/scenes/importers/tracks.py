"""Tracks of objects: where a track has gaps it says so, so that nothing is drawn in them."""

from collections.abc import Sequence

from apps.scenes.importers.base import ImportedBox, ImportedKey


def with_absences(keys: Sequence[ImportedKey], *, times_ns: Sequence[int]) -> list[ImportedKey]:
    """End an object's life at the first of the scene's times at which it is not labelled.

    Args:
        keys: In order of time, each at one of the scene's times.
        times_ns: All times at which the scene is labelled, increasing.
    """
    held = {key.at_ns: key for key in keys}
    full: list[ImportedKey] = []
    for at_ns in times_ns:
        if at_ns in held:
            full.append(held[at_ns])
        elif full and full[-1].cuboid is not None:
            full.append(ImportedKey(at_ns=at_ns, cuboid=None))
    return full


def boxes_with_absences(
    boxes: Sequence[ImportedBox], *, times_ns: Sequence[int]
) -> list[ImportedBox]:
    """End a box of one camera at the first of the camera's times at which it is not labelled."""
    held = {box.at_ns: box for box in boxes}
    full: list[ImportedBox] = []
    for at_ns in times_ns:
        if at_ns in held:
            full.append(held[at_ns])
        elif full and full[-1].box_px is not None:
            full.append(ImportedBox(sensor_key=full[-1].sensor_key, at_ns=at_ns, box_px=None))
    return full
