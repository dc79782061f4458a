"""KITTI tracking sequences: image_02, velodyne, calib, label_02, oxts; a sequence is a scene."""

import re
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from apps.modalities.base import Unreadable
from apps.scenes.importers.base import ImportedLabel, Outline, ScenePlan
from apps.scenes.importers.faults import Fault, SceneRefused, fault_of
from apps.scenes.importers.kitti_calibration import read_rig
from apps.scenes.importers.kitti_drive import LABELLED_CAMERA, STEP_NS, Drive
from apps.scenes.importers.kitti_objects import class_changes, labels_of, read_boxes
from apps.scenes.importers.kitti_poses import ego_poses, parse_oxts
from apps.scenes.importers.recording import Recording

LAYOUT = re.compile(
    r"(?P<root>(?:.*/)?)(?P<folder>image_02|image_03|velodyne)/(?P<sequence>[^/]+)/"
    r"(?P<frame>\d{1,9})\.(?P<end>png|jpg|bin)"
)
SENSOR_KEYS = {"velodyne": "velodyne", "image_02": "image_2", "image_03": "image_3"}
INVENTED_TIMES = (
    "KITTI tracking sequences carry no times: the scene begins at 1970-01-01T00:00:00Z, and frames"
    " are taken to be 0.1 s apart."
)
Files = dict[str, dict[int, str]]


class TrackingReading:
    """Reads tracking sequences."""

    faults: Sequence[Fault] = ()

    def __init__(self, recording: Recording) -> None:
        """Find sequences by the names of their files."""
        self.recording = recording
        self._files: dict[str, Files] = defaultdict(lambda: defaultdict(dict))
        self._place: dict[str, tuple[str, str]] = {}
        for path in recording.paths:
            match = LAYOUT.fullmatch(path)
            if match is None or (match["end"] == "bin") != (match["folder"] == "velodyne"):
                continue
            key = match["root"] + match["sequence"]
            self._place[key] = (match["root"], match["sequence"])
            self._files[key][SENSOR_KEYS[match["folder"]]][int(match["frame"])] = path
        self.outlines = [
            Outline(
                key=key,
                name=f"sequence {self._place[key][1]}",
                paths=tuple(path for found in files.values() for path in found.values()),
            )
            for key, files in sorted(self._files.items())
        ]

    def plan(self, outline: Outline, *, with_labels: bool) -> ScenePlan:
        """Read a sequence's calibration and poses, and its labels if asked.

        Raises:
            SceneRefused: If the calibration is missing or wrong.
        """
        root, sequence = self._place[outline.key]
        files = self._files[outline.key]
        source = f"{root}calib/{sequence}.txt"
        numbers = [int(key[-1]) for key in files if key.startswith("image")]
        try:
            rig = read_rig(self.recording, source, cameras=sorted(numbers))
        except Unreadable as error:
            raise SceneRefused(fault_of(source, error)) from error
        first = min(frame for found in files.values() for frame in found)
        drive = Drive(
            files=files,
            times_ns={
                key: {frame: (frame - first) * STEP_NS for frame in found}
                for key, found in files.items()
            },
            t0_ns=0,
            rig=rig,
            source=source,
            notes=[INVENTED_TIMES],
            used=[source],
        )
        self._place_drive(drive, f"{root}oxts/{sequence}.txt", first)
        labels = self._labels(drive, f"{root}label_02/{sequence}.txt") if with_labels else []
        return drive.plan(labels)

    def _place_drive(self, drive: Drive, path: str, first: int) -> None:
        if path not in self.recording:
            return
        drive.used.append(path)
        if drive.rig.velodyne_from_imu is None:
            drive.notes.append(f"{path} is not used: the calibration has no Tr_imu_to_velo.")
            return
        wanted = range(drive.frames[0] - 1, drive.frames[-1] + 2)
        records = {}
        try:
            for frame, text in enumerate(self.recording.text(path).splitlines()):
                if frame in wanted and text.strip():
                    records[frame] = parse_oxts(text, where=f"line {frame + 1}")
        except Unreadable as error:
            drive.faults.append(fault_of(path, error))
        poses = ego_poses(records, velodyne_from_imu=drive.rig.velodyne_from_imu)
        drive.poses = {frame: ((frame - first) * STEP_NS, pose) for frame, pose in poses.items()}
        drive.leave_out_frames_without_pose(path)

    def _labels(self, drive: Drive, path: str) -> list[ImportedLabel]:
        if path not in self.recording:
            return []
        drive.used.append(path)
        boxes, faults = read_boxes(self.recording, path, tracking=True)
        drive.faults += faults + class_changes(boxes, path=path)
        steps = drive.steps()
        elsewhere = np.unique([box.frame for box in boxes if box.frame not in steps])
        if elsewhere.size:
            drive.notes.append(
                f"{path} labels {elsewhere.size} frames that the recording does not hold; those"
                " labels are left out."
            )
        return labels_of(
            boxes,
            path=path,
            ego_from_rect=drive.rig.ego_from_rect,
            camera_key=LABELLED_CAMERA,
            steps=steps,
        )
