"""KITTI object frames: image_2, image_3, velodyne, calib, label_2; every frame is a scene."""

import re
from collections import defaultdict
from collections.abc import Sequence

from apps.modalities.base import Unreadable
from apps.scenes.importers.base import (
    Importer,
    Outline,
    PlannedCapture,
    PlannedFrame,
    PlannedSensor,
    ScenePlan,
)
from apps.scenes.importers.faults import Fault, SceneRefused, fault_of
from apps.scenes.importers.kitti_calibration import (
    EGO_FROM_VELODYNE,
    EGO_NOTE,
    KittiRig,
    read_rig,
    way_back,
)
from apps.scenes.importers.kitti_objects import Step, labels_of, read_boxes
from apps.scenes.importers.recording import Recording
from numerics.geometry.rigid import Rigid

LAYOUT = re.compile(
    r"(?P<root>(?:.*/)?)(?P<folder>image_2|image_3|velodyne)/(?P<frame>[^/]+)\.(?P<end>png|jpg|bin)"
)
FOLDERS = {"velodyne": ("bin",), "image_2": ("png", "jpg"), "image_3": ("png", "jpg")}
CAMERA_LABELS = {
    0: "Left grey camera",
    1: "Right grey camera",
    2: "Left colour camera",
    3: "Right colour camera",
}
NOTES = (
    "KITTI object frames carry no time: the scene begins at 1970-01-01T00:00:00Z.",
    "KITTI object frames carry no poses: the world frame is the ego frame.",
    EGO_NOTE,
)
ADD_FILE = "Add the file, as KITTI's own download has it."


class KittiReading:
    """Reads object frames."""

    faults: Sequence[Fault] = ()

    def __init__(self, recording: Recording) -> None:
        """Find frames by the names of their files."""
        self.recording = recording
        found: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        for path in recording.paths:
            match = LAYOUT.fullmatch(path)
            if match is not None and match["end"] in FOLDERS[match["folder"]]:
                found[match["root"], match["frame"]][match["folder"]] = path
        self._files = {root + frame: files for (root, frame), files in found.items()}
        self._root = {root + frame: root for root, frame in found}
        several = len(set(self._root.values())) > 1
        self.outlines = [
            Outline(
                key=root + frame,
                name=root + frame if several else frame,
                paths=tuple(files[folder] for folder in FOLDERS if folder in files),
            )
            for (root, frame), files in sorted(found.items())
        ]

    def plan(self, outline: Outline, *, with_labels: bool) -> ScenePlan:
        """Read a frame's calibration, and its labels if asked.

        Raises:
            SceneRefused: If the calibration, the picture or the sweep is missing, or wrong.
        """
        root = self._root[outline.key]
        frame = outline.key.removeprefix(root)
        files = self._files[outline.key]
        missing = [name for name in ("velodyne", "image_2") if name not in files]
        if missing:
            raise SceneRefused(*(_missing(f"{root}{name}/{frame}", name) for name in missing))
        calibration = f"{root}calib/{frame}.txt"
        numbers = [number for number in CAMERA_LABELS if f"image_{number}" in files]
        if calibration not in self.recording:
            raise SceneRefused(_missing(calibration, "calib"))
        try:
            rig = read_rig(self.recording, calibration, cameras=numbers)
        except Unreadable as error:
            raise SceneRefused(fault_of(calibration, error)) from error
        captures = [PlannedCapture(name, 0, files[name]) for name in FOLDERS if name in files]
        plan = ScenePlan(
            t0_ns=0,
            sensors=sensors_of(rig, source=calibration),
            frames=(PlannedFrame(0, tuple(captures)),),
            notes=NOTES,
            used=(calibration,),
            way_back=way_back(rig, camera_key="image_2"),
        )
        labels = f"{root}label_2/{frame}.txt"
        if not with_labels or labels not in self.recording:
            return plan
        return self._labelled(plan, labels, rig)

    def _labelled(self, plan: ScenePlan, path: str, rig: KittiRig) -> ScenePlan:
        boxes, faults = read_boxes(self.recording, path, tracking=False)
        labels = labels_of(
            boxes,
            path=path,
            ego_from_rect=rig.ego_from_rect,
            camera_key="image_2",
            steps={0: Step(0, 0, Rigid.identity())},
        )
        return ScenePlan(
            t0_ns=plan.t0_ns,
            sensors=plan.sensors,
            frames=plan.frames,
            labels=tuple(labels),
            notes=plan.notes,
            faults=tuple(faults),
            used=(*plan.used, path),
            way_back=plan.way_back,
        )


def sensors_of(rig: KittiRig, *, source: str) -> tuple[PlannedSensor, ...]:
    """List the LiDAR and the cameras of a rig."""
    lidar = PlannedSensor(
        key="velodyne",
        label="Velodyne HDL-64E",
        modality="lidar",
        ego_from_sensor=EGO_FROM_VELODYNE,
        source=source,
    )
    cameras = [
        PlannedSensor(
            key=f"image_{number}",
            label=CAMERA_LABELS[number],
            modality="camera",
            ego_from_sensor=rig.ego_from_camera(number),
            intrinsics=camera.intrinsics,
            source=source,
        )
        for number, camera in rig.cameras.items()
    ]
    return (lidar, *cameras)


def _missing(path: str, field: str) -> Fault:
    problems = {
        "velodyne": "The frame has no LiDAR sweep.",
        "image_2": "The frame has no picture.",
    }
    said = problems.get(field, "The frame has no calibration file.")
    return Fault(path=path, field=field, problem=said, mend=ADD_FILE)


def _fits(recording: Recording) -> bool:
    return any(LAYOUT.fullmatch(path) for path in recording.paths)


KITTI = Importer(
    key="kitti",
    label="KITTI object frames",
    expects="image_2/, velodyne/ and calib/ with one file a frame, and label_2/ if there is one",
    fits=_fits,
    begin=KittiReading,
)
