"""A made-up street in memory: recording, labels and points, as the checks of the server take them."""

import os
from dataclasses import dataclass, field
from uuid import UUID

import django
import numpy as np

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
django.setup()

from apps.annotation.rulebook import Recording  # noqa: E402 -- models only after Django's set-up
from apps.annotation.state import KeyRecord, ObjectRecord, Stamp  # noqa: E402
from apps.guidelines.templates import template_named  # noqa: E402
from apps.quality.checks.context import Context  # noqa: E402
from apps.quality.checks.extent import Extent  # noqa: E402
from apps.quality.checks.raised import Outcome  # noqa: E402
from apps.quality.checks.run import run_checks  # noqa: E402
from apps.quality.checks.standards import read_standards  # noqa: E402
from apps.quality.checks.track import make_track  # noqa: E402
from apps.quality.checks.view import Look, Poses, SceneView  # noqa: E402
from benchmarks.projection import LENS, ring  # noqa: E402
from numerics.arrays import FloatArray, IntArray  # noqa: E402
from numerics.geometry.camera import Camera  # noqa: E402
from numerics.geometry.cuboid import Cuboids  # noqa: E402
from numerics.geometry.ground import GroundRaster  # noqa: E402
from numerics.geometry.inside import PointGrid  # noqa: E402
from numerics.geometry.projection import project_cuboids  # noqa: E402
from numerics.geometry.rigid import PoseTrack, Rigid  # noqa: E402

__all__ = ["STEP_NS", "KeptClouds", "Outcome", "Street", "Traffic"]

STEP_NS = 100_000_000
EGO_M_S = 8.0
LIDAR_M = 1.8
POINTS = 200_000
STAMP = Stamp(1, 1, 1)
SIZES = {"car": (4.4, 1.8, 1.5), "truck": (9.0, 2.5, 3.2), "pedestrian": (0.6, 0.6, 1.75)}


@dataclass(frozen=True, slots=True)
class Traffic:
    """How the street is filled.

    Attributes:
        frames: Frames at 10 Hz.
        objects: Things on it, half of them parked, all of them there in every frame.
        keyed_every: Frames between keyframes of an object.
        mistaken: Share of boxes that are drawn badly, or not at all.
    """

    frames: int
    objects: int
    keyed_every: int = 5
    mistaken: float = 0.03


@dataclass(slots=True)
class KeptClouds:
    """Points and ground of some frames, decoded and indexed already."""

    grids: dict[int, PointGrid] = field(default_factory=dict)
    grounds: dict[int, GroundRaster] = field(default_factory=dict)

    def points(self, look: Look, row: int) -> PointGrid | None:
        """Points in the sensor's frame."""
        return self.grids.get(int(look.frame[row]))

    def ground(self, look: Look, row: int) -> GroundRaster | None:
        """Ground in the ego's frame."""
        return self.grounds.get(int(look.frame[row]))


class Street:
    """The recording and its labels."""

    def __init__(self, traffic: Traffic, *, seed: int = 0) -> None:
        self.traffic = traffic
        self.rng = np.random.default_rng(seed)
        n = traffic.objects
        self.kinds = self.rng.choice(list(SIZES), n, p=[0.6, 0.15, 0.25])
        self.size_m = np.array([SIZES[kind] for kind in self.kinds])
        place = np.arange(n)
        # Four lanes: the outer ones stand, the inner ones go at one speed each: nobody meets.
        lane = place % 4
        along, across = (place // 4) * 12.0 - 30, lane * 6.0 - 9.0
        self.start_m = np.c_[along, across, self.size_m[:, 2] / 2]
        self.speed_m_s = np.array([0.0, EGO_M_S, EGO_M_S - 1, 0.0])[lane]
        walking = (self.kinds == "pedestrian") & (self.speed_m_s > 0)
        self.kinds[walking], self.size_m[walking] = "car", SIZES["car"]
        self.start_m[:, 2] = self.size_m[:, 2] / 2
        self.standards = read_standards(template_named("driving").document, name="driving")
        self.view = self._view()
        self.records = [self._record(i) for i in range(n)]

    def at(self, time_s: float) -> Cuboids:
        """Everything that is there, in the world."""
        center = self.start_m + np.c_[self.speed_m_s * time_s, np.zeros((len(self.size_m), 2))]
        return Cuboids.upright(center, np.zeros(len(center)), self.size_m)

    def nearest(self, kind: str, frame: int) -> UUID:
        """The object of a class that is nearest to the ego in a frame."""
        pose = self.view.lidars[0].sensor_from_world[frame]
        away = np.linalg.norm(pose.apply(self.at(frame * STEP_NS * 1e-9).center_m), axis=1)
        return self.records[int(np.argmin(np.where(self.kinds == kind, away, np.inf)))].id

    def clouds(self, frames: IntArray) -> KeptClouds:
        """Points on the ground and on what stands on it, for some frames."""
        kept = KeptClouds()
        for frame in frames.tolist():
            points = self._points(frame)
            kept.grids[frame] = PointGrid.build(points.astype(np.float32))
            kept.grounds[frame] = GroundRaster.build(points + np.array([0.0, 0.0, LIDAR_M]))
        return kept

    def check(self, clouds: KeptClouds, *, edited: tuple[UUID, int] | None = None) -> Outcome:
        """Run the checks: about one keyframe of an object that was edited, or about all there is."""
        return run_checks(self.context(clouds, edited=edited))

    def context(self, clouds: KeptClouds, *, edited: tuple[UUID, int] | None = None) -> Context:
        """What a run of the checks is given; nothing that an earlier run found out is kept."""
        tracks = {
            r.id: make_track(r, self.standards.standard_of(r.class_key)) for r in self.records
        }
        extents = {key: Extent.everything() for key in tracks}
        if edited is not None:
            key, at_ns = edited
            reach = 2 * self.traffic.keyed_every * STEP_NS
            extents = {key: Extent([(at_ns - reach, at_ns + reach)], set(), whole=True)}
        return Context(self.view, self.standards, tracks, extents, {}, clouds)

    def _view(self) -> SceneView:
        n = self.traffic.frames
        times = np.arange(n, dtype=np.int64) * STEP_NS
        ends = np.array([0.0, n * STEP_NS * 1e-9 + 1])
        path = PoseTrack(
            ends, np.tile([0.0, 0, 0, 1], (2, 1)), np.c_[EGO_M_S * ends, ends * 0, ends * 0]
        )
        mount = Rigid(np.eye(3), np.array([0.0, 0.0, -LIDAR_M]))
        looks = {"LIDAR": self._look("LIDAR", times, mount, path)}
        for i, (camera, pose) in enumerate(ring(6, lens=LENS)):
            late = times + 10_000_000 * (i + 1)
            looks[f"CAM{i}"] = self._look(f"CAM{i}", late, pose, path, camera)
        sensors = {
            key: (look.sensor_id, "camera" if look.camera else "lidar")
            for key, look in looks.items()
        }
        bounds = Recording(int(times[-1]), sensors)
        lidar = looks.pop("LIDAR")
        return SceneView(1, times, looks, (lidar,), path, bounds)

    @staticmethod
    def _look(
        key: str,
        at_ns: IntArray,
        sensor_from_ego: Rigid,
        path: PoseTrack,
        camera: Camera | None = None,
    ) -> Look:
        poses = [
            sensor_from_ego @ pose.inverse()
            for pose in path.at(np.asarray(at_ns * 1e-9, np.float64))
        ]
        frames = np.arange(len(at_ns))
        return Look(key, 1, 1, at_ns, frames, frames, Poses.of(poses), camera)

    def _record(self, index: int) -> ObjectRecord:
        streams = {"world/cuboid": self._world_keys(index)}
        for key, look in self.view.cameras.items():
            boxes = self._boxes(index, look)
            if boxes:
                streams[f"{key}/box"] = boxes
        fields = {
            "class": str(self.kinds[index]),
            "attributes": {},
            "motion": "dynamic",
            "size_locked": False,
        }
        return ObjectRecord(UUID(int=index + 1), fields, 1, streams)

    def _world_keys(self, index: int) -> tuple[KeyRecord, ...]:
        frames = range(0, self.traffic.frames, self.traffic.keyed_every)
        keys: list[KeyRecord] = []
        for frame in [*frames, self.traffic.frames - 1]:
            at_ns = frame * STEP_NS
            if keys and keys[-1].at_ns == at_ns:
                continue
            cuboid = self.at(at_ns * 1e-9)[index]
            geometry = {
                "center_m": (cuboid.center_m + self.rng.normal(0, 0.02, 3)).tolist(),
                "quaternion_xyzw": cuboid.quaternion_xyzw.tolist(),
                "size_m": cuboid.size_m.tolist(),
            }
            keys.append(KeyRecord(at_ns, self._value("keyed", geometry), STAMP))
        return tuple(keys)

    def _boxes(self, index: int, look: Look) -> tuple[KeyRecord, ...]:
        truth = [self.at(t)[index] for t in (look.at_ns * 1e-9).tolist()]
        pose = look.sensor_from_world
        if look.camera is None:
            return ()
        seen = project_cuboids(
            Cuboids.of(truth).transform(pose.rotation, pose.translation_m), look.camera
        )
        keys: list[KeyRecord] = []
        for row in np.flatnonzero(seen.seen).tolist():
            box = seen.clipped_px[row]
            side = box[2:] - box[:2]
            luck = self.rng.random()
            if seen.truncation[row] > 0.5 or side.min() < 20 or luck < self.traffic.mistaken / 2:
                continue
            box = box + self.rng.normal(0, 0.7, 4)
            if luck < self.traffic.mistaken:
                box = box + np.array([0, 0.3, 0, 0.3]) * side[1]
            value = self._value("adjusted", {"box_px": box.tolist()})
            keys.append(KeyRecord(int(look.at_ns[row]), value, STAMP))
        return tuple(keys)

    @staticmethod
    def _value(state: str, geometry: dict[str, list[float]]) -> dict[str, object]:
        return {
            "geometry": geometry,
            "state": state,
            "origin": "human",
            "confirmed": True,
            "absent": False,
            "reason": "",
            "attributes": {},
        }

    def _points(self, frame: int) -> FloatArray:
        """In the LiDAR's frame: points on the sides that face it, and on the ground."""
        time_s = frame * STEP_NS * 1e-9
        pose = self.view.lidars[0].sensor_from_world[frame]
        cuboids = self.at(time_s).transform(pose.rotation, pose.translation_m)
        each = 900
        share = self.rng.uniform(-0.5, 0.5, (len(cuboids), each, 3))
        toward = -np.sign(np.einsum("nji,nj->ni", cuboids.rotation, cuboids.center_m))
        axis = self.rng.integers(0, 2, (len(cuboids), each))
        for side in (0, 1):
            np.copyto(share[..., side], 0.5 * toward[:, None, side], where=axis == side)
        # As careful people draw: faces stand six centimetres clear of the points.
        held_m = cuboids.size_m[:, None] - 0.12
        on = cuboids.center_m[:, None] + (share * held_m) @ cuboids.rotation.transpose(0, 2, 1)
        range_m = 3 + 70 * self.rng.random(POINTS - on.shape[0] * each) ** 1.5
        angle = self.rng.uniform(0, 2 * np.pi, len(range_m))
        height = self.rng.normal(-LIDAR_M, 0.02, len(range_m))
        ground = np.c_[range_m * np.cos(angle), range_m * np.sin(angle), height]
        return np.concatenate([on.reshape(-1, 3), ground])
