"""What an importer is and what it yields: plans of scenes, in the portal's own frames and units."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from apps.scenes.importers.faults import Fault
from apps.scenes.importers.recording import Recording
from numerics.geometry.cuboid import Cuboid
from numerics.geometry.rigid import Rigid


@dataclass(frozen=True, slots=True, kw_only=True)
class Intrinsics:
    """A camera as its recording describes it.

    Attributes:
        width_px: Columns, or None where only the picture tells.
        distortion: k1 k2 p1 p2 k3 k4 k5 k6; missing ones are 0.
    """

    model: str
    fx_px: float
    fy_px: float
    cx_px: float
    cy_px: float
    width_px: int | None = None
    height_px: int | None = None
    distortion: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSensor:
    """A device of a scene, and where it sits on the ego frame."""

    key: str
    label: str
    modality: str
    ego_from_sensor: Rigid
    intrinsics: Intrinsics | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class PlannedCapture:
    """One file of one sensor at one time, since the scene's t0."""

    sensor_key: str
    at_ns: int
    path: str


@dataclass(frozen=True, slots=True)
class PlannedFrame:
    """One time step."""

    at_ns: int
    captures: tuple[PlannedCapture, ...]


@dataclass(frozen=True, slots=True)
class PlannedPose:
    """Where the ego frame was in the world."""

    at_ns: int
    world_from_ego: Rigid


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedKey:
    """Where an object was at one time: a cuboid in the world, or from here on nowhere."""

    at_ns: int
    cuboid: Cuboid | None
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedBox:
    """A 2D box of an object in one camera at one time; None ends it until the next."""

    sensor_key: str
    at_ns: int
    box_px: tuple[float, float, float, float] | None
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedLabel:
    """One object as the recording labels it, in words of the recording.

    Attributes:
        source_id: Names the object within its scene; the same in every import.
        class_name: The class as the source writes it.
        source_path: The file that it stands in.
        source_field: Where in the file.
    """

    source_id: str
    class_name: str
    source_path: str
    source_field: str = ""
    keys: tuple[ImportedKey, ...] = ()
    boxes: tuple[ImportedBox, ...] = ()
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A scene that a recording holds, known from names alone.

    Attributes:
        key: Names the scene within its recording.
        name: For people.
        paths: Files of its captures; all of them are counted as work.
    """

    key: str
    name: str
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenePlan:
    """Everything about a scene but the content of its captures.

    Attributes:
        t0_ns: Since the epoch; every other time counts from here.
        notes: What the importer had to assume, one sentence each.
        faults: What it had to leave out or could not be sure of.
        used: Files that it read, beside captures.
        way_back: What an export to the same format needs to write what was read, by format.
    """

    t0_ns: int
    sensors: tuple[PlannedSensor, ...]
    frames: tuple[PlannedFrame, ...]
    poses: tuple[PlannedPose, ...] = ()
    labels: tuple[ImportedLabel, ...] = ()
    notes: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    used: tuple[str, ...] = ()
    way_back: Mapping[str, Any] = field(default_factory=dict)


class Reading(Protocol):
    """An importer at work on one recording."""

    @property
    def outlines(self) -> Sequence[Outline]:
        """Scenes of the recording, in their order."""

    @property
    def faults(self) -> Sequence[Fault]:
        """What is amiss with the recording as a whole."""

    def plan(self, outline: Outline, *, with_labels: bool) -> ScenePlan:
        """Read everything about one scene but its captures.

        Raises:
            SceneRefused: If the scene cannot be imported.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Importer:
    """A format of recordings.

    Attributes:
        key: Named on the command line and in the API.
        label: What people read.
        expects: One sentence that says which files it wants.
        fits: Whether a recording looks like this format.
        begin: Starts reading; raises `SceneRefused` if nothing can be read.
    """

    key: str
    label: str
    expects: str
    fits: Callable[[Recording], bool]
    begin: Callable[[Recording], Reading]
