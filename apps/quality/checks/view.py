"""A scene's recording as the checks need it: when and from where each sensor looked."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from apps.annotation.rulebook import Recording
from numerics.arrays import FloatArray, IntArray
from numerics.geometry.camera import Camera
from numerics.geometry.rigid import REACH_S, PoseTrack, Rigid

NS = 1e-9


def seconds(at_ns: IntArray) -> FloatArray:
    """Times in seconds since the scene's t0."""
    return np.asarray(at_ns, np.float64) * NS


@dataclass(frozen=True, slots=True, eq=False)
class Poses:
    """One rigid motion a row, `to_from_world`.

    Attributes:
        rotation: (n, 3, 3).
        translation_m: (n, 3).
    """

    rotation: FloatArray
    translation_m: FloatArray

    @classmethod
    def of(cls, poses: list[Rigid]) -> "Poses":
        """Stack single ones."""
        if not poses:
            return cls(np.zeros((0, 3, 3)), np.zeros((0, 3)))
        return cls(
            np.stack([pose.rotation for pose in poses]),
            np.stack([pose.translation_m for pose in poses]),
        )

    def __getitem__(self, row: int) -> Rigid:
        """One of them."""
        return Rigid(self.rotation[row], self.translation_m[row])

    def take(self, rows: IntArray) -> "Poses":
        """Those of some rows."""
        return Poses(self.rotation[rows], self.translation_m[rows])

    def origins_m(self) -> FloatArray:
        """(n, 3) where the sensors stood in the world."""
        back: FloatArray = -np.einsum("nji,nj->ni", self.rotation, self.translation_m)
        return back


@dataclass(frozen=True, slots=True)
class CloudFiles:
    """Names in the store of what a LiDAR's capture holds.

    Attributes:
        points: The sweep, as it was recorded.
        ground: The ground under it, where it shows any.
    """

    points: str
    ground: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """One sensor of the scene, and every time it looked.

    Attributes:
        key: The sensor's key.
        sensor_id: The sensor.
        calibration_id: The calibration that its pose comes from.
        at_ns: (n,) times of its captures, increasing.
        frame: (n,) index of the frame of each.
        capture_ids: (n,) the captures.
        sensor_from_world: n poses.
        camera: Its model, if it is a camera.
        files: (n,) files of its captures, if it is a LiDAR.
    """

    key: str
    sensor_id: int
    calibration_id: int
    at_ns: IntArray
    frame: IntArray
    capture_ids: IntArray
    sensor_from_world: Poses
    camera: Camera | None = None
    files: tuple[CloudFiles, ...] = ()

    def row_at(self, at_ns: int) -> int | None:
        """The capture of exactly this time."""
        row = int(np.searchsorted(self.at_ns, at_ns))
        return row if row < len(self.at_ns) and self.at_ns[row] == at_ns else None


@dataclass(frozen=True, eq=False)
class SceneView:
    """The recording of one scene.

    Attributes:
        scene_id: The scene.
        frame_ns: (f,) times of its frames.
        cameras: By key.
        lidars: In the order of their positions.
        world_from_ego: The ego's path; None where the recording has none.
        bounds: What labels of the scene may lie on: all of its sensors, and when they looked.
    """

    scene_id: int
    frame_ns: IntArray
    cameras: Mapping[str, Look]
    lidars: tuple[Look, ...]
    world_from_ego: PoseTrack | None
    bounds: Recording

    @cached_property
    def key_ns(self) -> IntArray:
        """(f,) where keys of the world lie in each frame: at its first LiDAR's capture, else at its own time."""
        times = self.frame_ns.copy()
        for lidar in reversed(self.lidars):
            times[lidar.frame] = lidar.at_ns
        return times

    @cached_property
    def ego_from_world(self) -> Poses:
        """F poses at `key_ns`."""
        return Poses.of([pose.inverse() for pose in ego_poses(self.world_from_ego, self.key_ns)])

    @cached_property
    def seen_from_m(self) -> FloatArray:
        """(f, 3) where the first LiDAR (else the ego) was in the world, at `key_ns`."""
        origin = self.ego_from_world.origins_m()
        for lidar in reversed(self.lidars):
            origin[lidar.frame] = lidar.sensor_from_world.origins_m()
        return origin

    def frame_at_one(self, at_ns: int) -> int:
        """The frame whose `key_ns` is nearest to a time."""
        return int(self.frame_at(np.array([at_ns], np.int64))[0])

    def frame_at(self, at_ns: IntArray) -> IntArray:
        """(n,) frames whose `key_ns` are nearest to some times."""
        middles = (self.key_ns[1:] + self.key_ns[:-1]) / 2
        return np.searchsorted(middles, at_ns, "right")


def ego_poses(path: PoseTrack | None, at_ns: IntArray) -> list[Rigid]:
    """`world_from_ego` at some times; the ends hold for what lies out of the path's reach."""
    if path is None:
        return [Rigid.identity()] * len(at_ns)
    times_s = seconds(at_ns)
    return path.at(np.clip(times_s, path.times_s[0] - REACH_S, path.times_s[-1] + REACH_S))
