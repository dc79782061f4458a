"""Reads the captures of a planned scene, and puts what they become into the store."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from apps.modalities.base import Circumstances, Form, Prepared, Unreadable
from apps.modalities.registry import modality_of
from apps.scenes.importers.base import Intrinsics, PlannedCapture, PlannedSensor, ScenePlan
from apps.scenes.importers.faults import Fault, SceneRefused, fault_of
from apps.scenes.importers.recording import Recording
from apps.scenes.services.assets import StoredFile, store_file

logger = logging.getLogger(__name__)

NS = 1_000_000_000
MOST_OFF_CENTRE = 0.2
CALIBRATE_AGAIN = "Use the picture that the calibration was made for, or correct the calibration."


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCapture:
    """A capture whose files lie in the store."""

    original: StoredFile
    display: StoredFile
    preview: StoredFile | None
    ground: StoredFile | None
    prepared: Prepared

    @property
    def files(self) -> list[StoredFile]:
        """All of its files."""
        found = (self.original, self.display, self.preview, self.ground)
        return [file for file in found if file is not None]


@dataclass(slots=True)
class Taken:
    """What became of a scene's captures.

    Attributes:
        stored: By frame (its place in the plan) and sensor key.
        intrinsics: Of each camera, with the size of its pictures.
        faults: Captures that were left out.
        remarks: What was amiss and borne, by path.
    """

    stored: dict[tuple[int, str], StoredCapture] = field(default_factory=dict)
    intrinsics: dict[str, Intrinsics] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    remarks: dict[str, str] = field(default_factory=dict)


def take_captures(
    recording: Recording, plan: ScenePlan, *, after_each: Callable[[], None]
) -> Taken:
    """Read, check and store every capture of a plan, one at a time.

    Args:
        recording: The recording.
        plan: A sound one.
        after_each: Called after each capture; may raise to stop.

    Raises:
        SceneRefused: If a sensor is left without a single capture: that would be half a scene.
    """
    sensors = {sensor.key: sensor for sensor in plan.sensors}
    taken = Taken(
        intrinsics={
            sensor.key: sensor.intrinsics
            for sensor in plan.sensors
            if sensor.intrinsics is not None
        }
    )
    for number, frame in enumerate(plan.frames):
        for capture in frame.captures:
            try:
                stored = _take(recording, capture, sensors[capture.sensor_key], taken=taken)
            except Unreadable as error:
                taken.faults.append(fault_of(capture.path, error))
            else:
                taken.stored[number, capture.sensor_key] = stored
            after_each()
    held = {key for _, key in taken.stored}
    empty = [sensor.key for sensor in plan.sensors if sensor.key not in held]
    if empty:
        raise SceneRefused(*taken.faults, *(_empty(sensors[key]) for key in empty))
    return taken


def _take(
    recording: Recording, capture: PlannedCapture, sensor: PlannedSensor, *, taken: Taken
) -> StoredCapture:
    content = recording.read(capture.path)
    circumstances = Circumstances(at_s=capture.at_ns / NS, ego_from_sensor=sensor.ego_from_sensor)
    prepared = _prepared(sensor.modality, content, capture.path, circumstances)
    if sensor.key in taken.intrinsics:
        taken.intrinsics[sensor.key] = fitting(taken.intrinsics[sensor.key], prepared)
    if prepared.remarks:
        taken.remarks[capture.path] = " ".join(prepared.remarks)
    original = store_file(content, extension=prepared.extension)
    display = _stored(prepared.display) or original
    # What was made of the content is in the store; only its measures are kept in memory.
    measures = replace(prepared, display=None, preview=None, ground=None)
    return StoredCapture(
        original=original,
        display=display,
        preview=_stored(prepared.preview),
        ground=_stored(prepared.ground),
        prepared=measures,
    )


def _prepared(modality: str, content: bytes, path: str, circumstances: Circumstances) -> Prepared:
    """Let the modality read a file; a reader's own fault must not stop the rest of a recording."""
    try:
        return modality_of(modality).prepare(content, path, circumstances)
    except Unreadable:
        raise
    except Exception as error:
        logger.exception("reader failed", extra={"modality": modality, "path": path})
        raise Unreadable(
            "content",
            f"The reader of {modality} failed at it ({type(error).__name__}).",
            mend="Check the file; if it is sound, send it to the portal's operators.",
        ) from error


def fitting(intrinsics: Intrinsics, prepared: Prepared) -> Intrinsics:
    """Check a picture's size against its camera's, or take it where the recording names none.

    Raises:
        Unreadable: If they differ, or the principal point lies far from the picture's middle.
    """
    width, height = prepared.width_px or 0, prepared.height_px or 0
    if intrinsics.width_px is not None and intrinsics.height_px is not None:
        if (intrinsics.width_px, intrinsics.height_px) != (width, height):
            raise Unreadable(
                "size",
                f"The picture has {width} x {height} pixels; its camera has"
                f" {intrinsics.width_px} x {intrinsics.height_px}.",
                mend=CALIBRATE_AGAIN,
            )
        return intrinsics
    off_x = abs(intrinsics.cx_px / max(1, width) - 0.5)
    off_y = abs(intrinsics.cy_px / max(1, height) - 0.5)
    if max(off_x, off_y) > MOST_OFF_CENTRE:
        raise Unreadable(
            "size",
            f"The picture has {width} x {height} pixels; the calibration's principal point"
            f" ({intrinsics.cx_px:.0f}, {intrinsics.cy_px:.0f}) belongs to another size.",
            mend=CALIBRATE_AGAIN,
        )
    return replace(intrinsics, width_px=width, height_px=height)


def _stored(form: Form | None) -> StoredFile | None:
    return None if form is None else store_file(form.content, extension=form.extension)


def _empty(sensor: PlannedSensor) -> Fault:
    return Fault(
        path=sensor.source or sensor.key,
        field=sensor.key,
        problem=f"No capture of {sensor.label} could be read, so the scene was not imported.",
        mend="Mend the files named beside it, or take the sensor out of the recording.",
    )
