"""A scene with its labels, frozen at one version: what every export format reads."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from numerics.geometry.cuboid import Cuboid
from numerics.geometry.path import Keyframe, Motion
from numerics.geometry.rigid import PoseTrack, Rigid
from numerics.geometry.trajectory import Trajectory

Attributes = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SensorView:
    """A sensor and its calibration; `camera` is the wire's CameraModel."""

    key: str
    label: str
    modality: str
    ego_from_sensor: Rigid
    camera: dict[str, Any] | None
    calibration_version: int


@dataclass(frozen=True, slots=True)
class CaptureView:
    """One sensor's shot; `at_ns` since the scene's start, by the sensor's own clock."""

    at_ns: int
    source_path: str
    width_px: int | None
    height_px: int | None


@dataclass(frozen=True, slots=True)
class FrameView:
    """One time step."""

    index: int
    at_ns: int
    captures: dict[str, CaptureView]


@dataclass(frozen=True, slots=True)
class KeyView:
    """One stored key of an object in one stream."""

    at_ns: int
    state: str
    geometry: dict[str, Any] | None
    absent: bool
    confirmed: bool
    origin: str
    reason: str
    attributes: Attributes
    guideline_number: int


@dataclass(frozen=True, slots=True)
class ObjectView:
    """One labelled object with its keys by stream, each sorted by time."""

    id: str
    class_key: str
    attributes: Attributes
    motion: str
    streams: dict[str, tuple[KeyView, ...]]

    def world_keys(self) -> tuple[KeyView, ...]:
        """Keys in the world."""
        return self.streams.get("world/cuboid", ())

    def sensor_key_at(self, sensor_key: str, at_ns: int, *, shape: str = "box") -> KeyView | None:
        """The key in a sensor at exactly its capture's time."""
        keys = self.streams.get(f"{sensor_key}/{shape}", ())
        return next((key for key in keys if key.at_ns == at_ns), None)


@dataclass(frozen=True, slots=True)
class SceneSnapshot:
    """Everything about a scene that leaves the house.

    Attributes:
        world_from_ego: Pose track; None where the recording has no poses and the world is the ego frame.
        vehicle_classes: Class keys of vehicles, whose heading follows their path.
        class_names: By format, the first imported name of a class: what it is called there.
        way_back: What the importer kept for exports to the format that the recording came in.
    """

    scene_id: int
    name: str
    source_key: str
    source_format: str
    t0_ns: int
    version: int
    head_hash: str
    sensors: tuple[SensorView, ...]
    frames: tuple[FrameView, ...]
    world_from_ego: PoseTrack | None
    objects: tuple[ObjectView, ...]
    guideline_numbers: tuple[int, ...]
    vehicle_classes: frozenset[str] = frozenset()
    class_names: dict[str, dict[str, str]] = field(default_factory=dict)
    way_back: dict[str, Any] = field(default_factory=dict)

    def sensor(self, key: str) -> SensorView:
        """The sensor of this key."""
        return next(sensor for sensor in self.sensors if sensor.key == key)

    def of_modality(self, modality: str) -> tuple[SensorView, ...]:
        """Sensors of one modality, in order."""
        return tuple(sensor for sensor in self.sensors if sensor.modality == modality)

    def ego_at(self, at_ns: int) -> Rigid:
        """`world_from_ego` at a time."""
        if self.world_from_ego is None:
            return Rigid.identity()
        return self.world_from_ego.at(np.array([at_ns * 1e-9]))[0]

    def cuboids_at(self, at_ns: int) -> list[tuple[ObjectView, Cuboid]]:
        """Every object that is there at a time, with its cuboid in the world."""
        found = []
        for labelled in self.objects:
            cuboid = self.cuboid_at(labelled, at_ns)
            if cuboid is not None:
                found.append((labelled, cuboid))
        return found

    def cuboid_at(self, labelled: ObjectView, at_ns: int) -> Cuboid | None:
        """One object's cuboid in the world at a time; the stored one where a key stands there."""
        keys = labelled.world_keys()
        exact = next((key for key in keys if key.at_ns == at_ns), None)
        if exact is not None:
            return _cuboid(exact)
        if not keys:
            return None
        motion = Motion(
            vehicle=labelled.class_key in self.vehicle_classes, static=labelled.motion == "static"
        )
        track = Trajectory([Keyframe(key.at_ns * 1e-9, _cuboid(key)) for key in keys], motion)
        return track.cuboid_at(at_ns * 1e-9)


def _cuboid(key: KeyView) -> Cuboid | None:
    if key.absent or key.geometry is None:
        return None
    shape = key.geometry
    return Cuboid.of(shape["center_m"], shape["quaternion_xyzw"], shape["size_m"])
