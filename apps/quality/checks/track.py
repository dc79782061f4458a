"""One object through time, as the checks need it."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from uuid import UUID

import numpy as np

from apps.annotation.state import KeyRecord, ObjectRecord
from apps.quality.checks.standards import ClassStandard
from apps.quality.checks.view import NS, seconds
from numerics.arrays import BoolArray, IntArray
from numerics.geometry.cuboid import Cuboid, Cuboids
from numerics.geometry.path import Keyframe, Motion
from numerics.geometry.rigid import rotations_of
from numerics.geometry.trajectory import Evaluated, Trajectory

WORLD = "world/cuboid"
MOST_KEPT = 4000


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """An object, its path through the world, and what is usual for its class.

    Attributes:
        record: The object.
        standard: Of its class.
        trajectory: Its path; of no keyframe where it has no cuboid.
        key_ns: (k,) times of the keyframes at which it is there.
        cuboids: k cuboids at these, in the world.
        confirmed: (k,) whether a person stands by the keyframe.
    """

    record: ObjectRecord
    standard: ClassStandard
    trajectory: Trajectory
    key_ns: IntArray
    cuboids: Cuboids
    confirmed: BoolArray

    @property
    def id(self) -> UUID:
        """The object's id."""
        return self.record.id

    @property
    def name(self) -> str:
        """What to call it in a sentence."""
        return f"{self.standard.label.lower()} {str(self.id)[:4]}"

    @property
    def is_static(self) -> bool:
        """Whether it stands still during the scene."""
        return bool(self.record.fields["motion"] == "static")

    def at(self, at_ns: IntArray) -> Evaluated:
        """Where it is at some times."""
        return self.trajectory.at(seconds(at_ns))

    def cuboid_at(self, at_ns: int) -> Cuboid | None:
        """Its cuboid at one time; None where it is absent."""
        return self.trajectory.cuboid_at(at_ns * NS)

    def boxes(self, sensor_key: str) -> tuple[KeyRecord, ...]:
        """Its keyframes in a camera."""
        return self.record.streams.get(f"{sensor_key}/box", ())


class TrackShelf:
    """Tracks made once for each state of an object; records never change, so neither do these."""

    def __init__(self) -> None:
        self._tracks: OrderedDict[tuple[int, int], Track] = OrderedDict()
        self._lock = Lock()

    def track(self, record: ObjectRecord, standard: ClassStandard) -> Track:
        """The record's track, made now or before."""
        # The track holds both, so that no other object can come to have their addresses.
        key = (id(record), id(standard))
        with self._lock:
            kept = self._tracks.get(key)
            if kept is not None:
                self._tracks.move_to_end(key)
                return kept
        made = make_track(record, standard)
        with self._lock:
            self._tracks[key] = made
            while len(self._tracks) > MOST_KEPT:
                self._tracks.popitem(last=False)
        return made


def make_track(record: ObjectRecord, standard: ClassStandard) -> Track:
    """Read an object's keyframes in the world."""
    keys = record.streams.get(WORLD, ())
    there = [key for key in keys if key.value["geometry"] is not None and not key.value["absent"]]
    geometries = [key.value["geometry"] for key in there]
    center_m, quaternion_xyzw, size_m = (
        np.array([geometry[name] for geometry in geometries], float).reshape(-1, width)
        for name, width in (("center_m", 3), ("quaternion_xyzw", 4), ("size_m", 3))
    )
    # Stored quaternions are unit within a millionth only.
    quaternion_xyzw /= np.linalg.norm(quaternion_xyzw, axis=1, keepdims=True)
    shapes = map(Cuboid, center_m, quaternion_xyzw, size_m)
    by_time = dict(zip((key.at_ns for key in there), shapes, strict=True))
    motion = Motion(vehicle=standard.is_vehicle, static=record.fields["motion"] == "static")
    return Track(
        record,
        standard,
        Trajectory([Keyframe(key.at_ns * NS, by_time.get(key.at_ns)) for key in keys], motion),
        np.array(list(by_time), np.int64),
        Cuboids(center_m, rotations_of(quaternion_xyzw), size_m),
        np.array([bool(key.value["confirmed"]) for key in there], bool),
    )
