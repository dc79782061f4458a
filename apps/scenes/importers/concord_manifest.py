"""Concord's own recording format: `manifest.json` beside the files that it names.

The JSON Schema in docs/reference/recording.schema.json is generated from these models.
"""

import math
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    WithJsonSchema,
    model_validator,
)

FORMAT = "concord-recording"
UNIT_TOLERANCE = 1e-3


def _relative(path: str) -> str:
    parts = path.split("/")
    if path.startswith("/") or "\\" in path or {"", ".", ".."} & set(parts):
        raise ValueError("a path is relative to the manifest's folder and stays inside it")
    return path


def _unit(quaternion: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    if abs(math.hypot(*quaternion) - 1) > UNIT_TOLERANCE:
        raise ValueError("the quaternion has not length 1; its order is x, y, z, w")
    return quaternion


Finite = Annotated[float, Field(allow_inf_nan=False)]
Positive = Annotated[float, Field(allow_inf_nan=False, gt=0, le=1e6)]
Metres = Annotated[float, Field(allow_inf_nan=False, ge=-1e8, le=1e8)]
Metres3 = Annotated[
    tuple[Metres, Metres, Metres], Field(description="x, y, z in metres", examples=[[1.2, 0, 1.8]])
]
QuaternionXyzw = Annotated[
    tuple[Finite, Finite, Finite, Finite],
    Field(description="Unit quaternion in the order x, y, z, w", examples=[[0, 0, 0, 1]]),
    AfterValidator(_unit),
]
EpochNs = Annotated[
    int,
    Field(ge=-(2**63), lt=2**63),
    WithJsonSchema(
        {
            "anyOf": [{"type": "string", "pattern": "^-?[0-9]{1,19}$"}, {"type": "integer"}],
            "description": "Nanoseconds since the epoch; a string keeps every digit in JavaScript",
            "examples": ["1700000000000000000"],
        }
    ),
]
AtNs = Annotated[
    int,
    Field(ge=-(10**18), le=10**18, description="Nanoseconds since the scene's t0_ns"),
]
Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,80}$")]
RelativePath = Annotated[
    str,
    Field(min_length=1, max_length=500, description="Relative to the manifest's folder"),
    AfterValidator(_relative),
]


class Strict(BaseModel):
    """Refuses members that it does not know: a misspelt one would be lost without a word."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Pose(Strict):
    """A rotation and a shift that take points from one frame to another."""

    translation_m: Metres3
    quaternion_xyzw: QuaternionXyzw


class Camera(Strict):
    """A camera's matrix and distortion; pixel (0, 0) is the centre of the top-left pixel."""

    model: Literal["pinhole", "brown"] = "pinhole"
    width_px: int = Field(gt=0, le=65535)
    height_px: int = Field(gt=0, le=65535)
    fx_px: Positive
    fy_px: Positive
    cx_px: Finite
    cy_px: Finite
    distortion: tuple[Finite, ...] = Field(
        default=(), max_length=8, description="k1, k2, p1, p2, k3, k4, k5, k6; missing ones are 0"
    )


class Sensor(Strict):
    """A device of the scene."""

    key: Key
    label: str = Field(default="", max_length=120)
    modality: str = Field(description="lidar, camera or radar", examples=["lidar"])
    ego_from_sensor: Pose
    camera: Camera | None = Field(default=None, description="Needed for a camera")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.modality == "camera" and self.camera is None:
            raise ValueError("a sensor of the modality camera needs the member camera")
        if self.key == "world":
            raise ValueError("no sensor may be called world")
        return self


class TimedPose(Pose):
    """Where the ego frame was in the world: `world_from_ego`."""

    at_ns: AtNs


class Capture(Strict):
    """One file of one sensor."""

    path: RelativePath
    at_ns: AtNs | None = Field(default=None, description="The sensor's own time; else the frame's")


class Frame(Strict):
    """One time step."""

    at_ns: AtNs
    captures: dict[Key, Capture] = Field(description="By sensor key; a sensor may be absent")


class LabelCuboid(Strict):
    """A box in the world frame: length along its x, width along y, height along z."""

    center_m: Metres3
    quaternion_xyzw: QuaternionXyzw
    size_m: tuple[Positive, Positive, Positive]


class LabelKey(Strict):
    """Where an object was at one time; `cuboid: null` ends it until its next key."""

    at_ns: AtNs
    cuboid: LabelCuboid | None
    attributes: dict[str, Any] = Field(default_factory=dict)


class LabelBox(Strict):
    """A 2D box in one camera; `box_px: null` ends it until its next box."""

    sensor: Key
    at_ns: AtNs
    box_px: tuple[Finite, Finite, Finite, Finite] | None = Field(
        description="left, top, right, bottom"
    )
    attributes: dict[str, Any] = Field(default_factory=dict)


class Label(Strict):
    """One object through the scene."""

    id: str = Field(min_length=1, max_length=200)
    class_name: str = Field(alias="class", min_length=1, max_length=120)
    attributes: dict[str, Any] = Field(default_factory=dict)
    keys: list[LabelKey] = Field(default_factory=list)
    boxes: list[LabelBox] = Field(default_factory=list)


class LabelFile(Strict):
    """What a scene's `labels` path leads to."""

    objects: list[Label]


class Scene(Strict):
    """A stretch of recording that is labelled as one."""

    key: str = Field(min_length=1, max_length=200)
    name: str = Field(default="", max_length=200)
    t0_ns: EpochNs
    sensors: list[Sensor] = Field(min_length=1)
    ego_poses: list[TimedPose] = Field(
        default_factory=list, description="Empty: the world frame is the ego frame"
    )
    frames: list[Frame] = Field(min_length=1)
    labels: RelativePath | None = Field(default=None, description="A label file, if there is one")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        keys = [sensor.key for sensor in self.sensors]
        twice = {key for key in keys if keys.count(key) > 1}
        if twice:
            raise ValueError(f"two sensors have the key {min(twice)}")
        unknown = {key for frame in self.frames for key in frame.captures} - set(keys)
        if unknown:
            raise ValueError(f"a frame names the sensor {min(unknown)}, which the scene has not")
        times = [pose.at_ns for pose in self.ego_poses]
        if any(after <= before for before, after in pairwise(times)):
            raise ValueError("the times of ego_poses do not increase")
        return self


class Manifest(Strict):
    """The whole recording."""

    format: Literal["concord-recording"]
    version: Literal[1]
    name: str = Field(default="", max_length=200)
    scenes: list[Scene] = Field(min_length=1)


class ManifestShell(BaseModel):
    """A manifest whose scenes are judged one by one, so that a bad one spoils no other."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal["concord-recording"]
    version: Literal[1]
    name: str = ""
    scenes: list[dict[str, Any]] = Field(min_length=1)


def recording_schema() -> dict[str, Any]:
    """JSON Schema of a manifest, with that of a label file beside it."""
    schema = Manifest.model_json_schema(by_alias=True)
    labels = LabelFile.model_json_schema(by_alias=True)
    schema["$defs"] |= labels.pop("$defs")
    schema["$defs"]["LabelFile"] = labels
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Concord recording",
        **{key: value for key, value in schema.items() if key != "title"},
    }
