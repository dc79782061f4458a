"""KITTI raw drives, synchronised and rectified, with their calibration files and tracklets."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from apps.modalities.base import Unreadable
from apps.scenes.importers.base import Outline, ScenePlan
from apps.scenes.importers.faults import Fault, SceneRefused, fault_of
from apps.scenes.importers.kitti_calibration import KittiRig, read_raw_rig
from apps.scenes.importers.kitti_drive import NS, Drive
from apps.scenes.importers.kitti_poses import ego_poses, parse_oxts
from apps.scenes.importers.kitti_tracklets import labels_of_tracklets
from apps.scenes.importers.recording import Recording

LAYOUT = re.compile(
    r"(?P<root>(?:.*/)?)(?P<drive>[^/]*_drive_[^/]+)/"
    r"(?P<folder>image_0[0-3]|velodyne_points)/data/(?P<frame>\d{1,10})\.(?P<end>png|jpg|bin)"
)
STAMP = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:\.(\d{1,9}))?", re.ASCII)
UTC_NOTE = "KITTI writes times without a zone: they are taken as UTC."
Files = Mapping[str, Mapping[int, str]]
Stamps = Mapping[str, Mapping[int, int]]


class RawReading:
    """Reads raw drives."""

    faults: Sequence[Fault] = ()

    def __init__(self, recording: Recording) -> None:
        """Find drives by the names of their files."""
        self.recording = recording
        self._files: dict[str, dict[str, dict[int, str]]] = defaultdict(lambda: defaultdict(dict))
        for path in recording.paths:
            match = LAYOUT.fullmatch(path)
            if match is None or (match["end"] == "bin") != (match["folder"] == "velodyne_points"):
                continue
            key = match["root"] + match["drive"]
            self._files[key][match["folder"]][int(match["frame"])] = path
        self.outlines = [
            Outline(
                key=key,
                name=key.rpartition("/")[2],
                paths=tuple(path for found in files.values() for path in found.values()),
            )
            for key, files in sorted(self._files.items())
        ]

    def plan(self, outline: Outline, *, with_labels: bool) -> ScenePlan:
        """Read a drive's calibration, times and poses, and its tracklets if asked.

        Raises:
            SceneRefused: If the calibration or the times are missing or wrong.
        """
        key, files = outline.key, self._files[outline.key]
        numbers = sorted(int(folder[-1]) for folder in files if folder.startswith("image"))
        folder = key.rpartition("/")[0]
        rig, used = read_raw_rig(self.recording, f"{folder}/" if folder else "", cameras=numbers)
        stamps = {name: self._stamps(f"{key}/{name}/timestamps.txt") for name in files}
        used += [f"{key}/{name}/timestamps.txt" for name in files]
        drive = _timed_drive(files, stamps, rig=rig, used=used)
        self._place_drive(drive, f"{key}/oxts")
        tracklets = f"{key}/tracklet_labels.xml"
        if not with_labels or tracklets not in self.recording:
            return drive.plan()
        used.append(tracklets)
        labels, faults = labels_of_tracklets(self.recording, tracklets, steps=drive.steps())
        drive.faults += faults
        return drive.plan(labels)

    def _stamps(self, path: str) -> dict[int, int]:
        try:
            lines = self.recording.text(path).splitlines()
            return {
                frame: parse_stamp(line, where=f"line {frame + 1}")
                for frame, line in enumerate(lines)
                if line.strip()
            }
        except Unreadable as error:
            raise SceneRefused(fault_of(path, error)) from error

    def _place_drive(self, drive: Drive, folder: str) -> None:
        path = f"{folder}/timestamps.txt"
        if path not in self.recording or drive.rig.velodyne_from_imu is None:
            return
        stamps = self._stamps(path)
        drive.used.append(path)
        records = {}
        for frame in sorted(set(stamps) & set(range(drive.frames[0] - 1, drive.frames[-1] + 2))):
            record = f"{folder}/data/{frame:010d}.txt"
            if record not in self.recording:
                continue
            drive.used.append(record)
            try:
                records[frame] = parse_oxts(self.recording.text(record), where="line 1")
            except Unreadable as error:
                drive.faults.append(fault_of(record, error))
        poses = ego_poses(records, velodyne_from_imu=drive.rig.velodyne_from_imu)
        drive.poses = {frame: (stamps[frame] - drive.t0_ns, pose) for frame, pose in poses.items()}
        drive.leave_out_frames_without_pose(path)


def parse_stamp(text: str, *, where: str) -> int:
    """Read `2011-09-26 13:02:25.964389445` as nanoseconds since the epoch, as if in UTC.

    Raises:
        Unreadable: If it is no time.
    """
    match = STAMP.match(text.strip())
    try:
        whole = f"{match[1]} +0000" if match else ""
        seconds = datetime.strptime(whole, "%Y-%m-%d %H:%M:%S %z").timestamp()
    except ValueError as error:
        raise Unreadable(
            where, "It is no time like 2011-09-26 13:02:25.964389445.", mend="Copy the file again."
        ) from error
    fraction = (match[2] if match else None) or "0"
    return int(seconds) * NS + int(fraction.ljust(9, "0"))


def _timed_drive(files: Files, stamps: Stamps, *, rig: KittiRig, used: list[str]) -> Drive:
    """Give every file its time; one without a time is told and left out."""
    faults, timed = [], {}
    for folder, found in files.items():
        timed[folder] = {frame: path for frame, path in found.items() if frame in stamps[folder]}
        faults += [
            Fault(
                path=found[frame],
                field="timestamp",
                problem=f"{folder}/timestamps.txt has no line {frame + 1}.",
                mend="Add the line, or remove the file.",
            )
            for frame in sorted(set(found) - set(timed[folder]))
        ]
    times_ns = [stamps[folder][frame] for folder, found in timed.items() for frame in found]
    if not times_ns:
        raise SceneRefused(*faults)
    t0_ns = min(times_ns)
    return Drive(
        files={_sensor_key(folder): found for folder, found in timed.items()},
        times_ns={
            _sensor_key(folder): {frame: stamp - t0_ns for frame, stamp in found.items()}
            for folder, found in stamps.items()
        },
        t0_ns=t0_ns,
        rig=rig,
        source=used[0],
        notes=[UTC_NOTE],
        faults=faults,
        used=used,
    )


def _sensor_key(folder: str) -> str:
    return "velodyne" if folder == "velodyne_points" else f"image_{folder[-1]}"
