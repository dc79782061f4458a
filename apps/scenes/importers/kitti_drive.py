"""What tracking sequences and raw drives of KITTI have in common: one drive is one scene."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from apps.scenes.importers.base import (
    ImportedLabel,
    PlannedCapture,
    PlannedFrame,
    PlannedPose,
    ScenePlan,
)
from apps.scenes.importers.faults import Fault
from apps.scenes.importers.kitti import sensors_of
from apps.scenes.importers.kitti_calibration import EGO_NOTE, KittiRig, way_back
from apps.scenes.importers.kitti_objects import Step
from numerics.geometry.rigid import REACH_S, PoseTrack, Rigid

NS = 1_000_000_000
STEP_NS = NS // 10
LABELLED_CAMERA = "image_2"
NO_POSES = "The recording has no poses (oxts): the world frame is the ego frame at every time."


@dataclass(slots=True, eq=False)
class Drive:
    """One drive, as far as its files tell.

    Attributes:
        files: Paths by sensor key and frame.
        times_ns: Since t0, by sensor key and frame.
        poses: `world_from_ego` and its time by frame; empty without oxts.
        source: The calibration file.
    """

    files: Mapping[str, Mapping[int, str]]
    times_ns: Mapping[str, Mapping[int, int]]
    t0_ns: int
    rig: KittiRig
    source: str
    poses: dict[int, tuple[int, Rigid]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    used: list[str] = field(default_factory=list)

    @property
    def frames(self) -> list[int]:
        """Indices of KITTI at which any sensor has a file."""
        return sorted({frame for found in self.files.values() for frame in found})

    def frame_at_ns(self, frame: int) -> int:
        """Time of a frame: the LiDAR's, else the first camera's."""
        first = "velodyne" if frame in self.files.get("velodyne", {}) else None
        key = first or next(key for key, found in self.files.items() if frame in found)
        return self.times_ns[key][frame]

    def steps(self) -> dict[int, Step]:
        """Frames that can be labelled."""
        frames = self.frames
        at_ns = [self.frame_at_ns(frame) for frame in frames]
        pictured = self.files.get(LABELLED_CAMERA, {})
        return {
            frame: Step(
                when,
                self.times_ns[LABELLED_CAMERA][frame] if frame in pictured else None,
                pose,
            )
            for frame, when, pose in zip(frames, at_ns, self._world_from_ego(at_ns), strict=True)
        }

    def plan(self, labels: Iterable[ImportedLabel] = ()) -> ScenePlan:
        """Write the plan."""
        frames = [
            PlannedFrame(
                self.frame_at_ns(frame),
                tuple(
                    PlannedCapture(key, self.times_ns[key][frame], found[frame])
                    for key, found in self.files.items()
                    if frame in found
                ),
            )
            for frame in self.frames
        ]
        notes = [*self.notes, EGO_NOTE] + ([] if self.poses else [NO_POSES])
        return ScenePlan(
            t0_ns=self.t0_ns,
            sensors=sensors_of(self.rig, source=self.source),
            frames=tuple(frames),
            poses=tuple(PlannedPose(at_ns, pose) for at_ns, pose in self.poses.values()),
            labels=tuple(labels),
            notes=tuple(notes),
            faults=tuple(self.faults),
            used=tuple(self.used),
            way_back=way_back(self.rig, camera_key=LABELLED_CAMERA),
        )

    def _world_from_ego(self, at_ns: list[int]) -> list[Rigid]:
        if not self.poses:
            return [Rigid.identity()] * len(at_ns)
        known = sorted(self.poses.values(), key=lambda pose: pose[0])
        track = PoseTrack(
            np.array([at for at, _ in known]) / NS,
            np.stack([pose.quaternion_xyzw for _, pose in known]),
            np.stack([pose.translation_m for _, pose in known]),
        )
        return track.at(np.array(at_ns) / NS)

    def leave_out_frames_without_pose(self, path: str) -> None:
        """Drop frames before the first and after the last pose, which nothing can place."""
        if not self.poses:
            return
        times_ns = [at_ns for at_ns, _ in self.poses.values()]
        reach_ns = int(REACH_S * NS)
        first_ns, last_ns = min(times_ns) - reach_ns, max(times_ns) + reach_ns
        lost = [f for f in self.frames if not first_ns <= self.frame_at_ns(f) <= last_ns]
        if lost:
            self.faults.append(
                Fault(
                    path=path,
                    field=f"frame {lost[0]}",
                    problem=f"It has no pose for {len(lost)} frames; they are left out.",
                    mend="Add the missing records, or remove the oxts file to import without poses.",
                )
            )
        self.files = {
            key: {frame: path for frame, path in found.items() if frame not in lost}
            for key, found in self.files.items()
        }
