"""Scenes to label in tests: a guideline, sensors with poses and captures, and edits on them."""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import numpy as np
from django.utils import timezone

from apps.accounts.models import User
from apps.annotation.ops import NewChangeSet, parse_changesets
from apps.annotation.rulebook import Recording, Rulebook
from apps.clients.models import Client
from apps.guidelines.document import parse
from apps.guidelines.models import GuidelineVersion
from apps.modalities.base import Circumstances
from apps.modalities.lidar.prepare import prepare_sweep
from apps.projects.models import Project
from apps.scenes.models import Asset, Calibration, Capture, EgoPose, Frame, Scene, Sensor
from apps.scenes.services.assets import record_assets, store_file
from numerics.geometry.rigid import Rigid

FRAME_NS = 100_000_000
CAMERA = {
    "model": "pinhole",
    "width_px": 1600,
    "height_px": 900,
    "fx_px": 1266.0,
    "fy_px": 1266.0,
    "cx_px": 816.0,
    "cy_px": 491.0,
    "distortion": [],
}
FORWARD_XYZW = [-0.5, 0.5, -0.5, 0.5]  # ego from a camera that looks along ego's x


def make_document(**checks: Any) -> dict[str, Any]:
    """A small guideline document: cars, pedestrians, signs that are boxes only, and a heading."""
    shared = {"color": "#336699", "parent": None, "rigid": True, "grounded": True}
    asked = {"required": False, "default": None, "classes": []}
    states = [{"key": key, "label": key} for key in ("moving", "parked")]
    return {
        "taxonomy": {
            "classes": [
                {
                    **shared,
                    "key": "car",
                    "label": "Car",
                    "shapes": ["cuboid", "box"],
                    "default_size_m": [4.4, 1.8, 1.5],
                    "confusable_with": ["van"],
                    "limits": {},
                },
                {
                    **shared,
                    "key": "van",
                    "label": "Van",
                    "shapes": ["cuboid", "box"],
                    "default_size_m": [5.2, 2.0, 2.1],
                    "confusable_with": ["car"],
                    "limits": {},
                },
                {
                    **shared,
                    "key": "pedestrian",
                    "label": "Pedestrian",
                    "rigid": False,
                    "shapes": ["cuboid", "box"],
                    "default_size_m": [0.7, 0.7, 1.75],
                    "confusable_with": [],
                    "limits": {},
                },
                {
                    **shared,
                    "key": "sign",
                    "label": "Sign",
                    "shapes": ["box"],
                    "grounded": False,
                    "default_size_m": [0.1, 0.6, 0.6],
                    "confusable_with": [],
                    "limits": {},
                },
                {
                    **shared,
                    "key": "vehicle",
                    "label": "Vehicles",
                    "shapes": [],
                    "default_size_m": [4, 2, 2],
                    "confusable_with": [],
                    "limits": {},
                },
            ],
            "attributes": [
                {
                    **asked,
                    "key": "motion_state",
                    "label": "Motion",
                    "scope": "object",
                    "type": "enum",
                    "options": states,
                    "classes": ["car", "van"],
                },
                {
                    **asked,
                    "key": "note",
                    "label": "Note",
                    "scope": "object",
                    "type": "text",
                    "options": [],
                },
                {
                    **asked,
                    "key": "braking",
                    "label": "Braking",
                    "scope": "frame",
                    "type": "bool",
                    "options": [],
                },
                {
                    **asked,
                    "key": "hidden_share",
                    "label": "Hidden",
                    "scope": "sensor",
                    "type": "number",
                    "options": [],
                },
            ],
        },
        "checks": checks,
        "policy": {},
    }


@dataclass
class LabelScene:
    """A scene ready to be labelled, and what is in force there."""

    scene: Scene
    guideline: GuidelineVersion
    cameras: Sequence[str]
    frame_times: Sequence[int]
    sensors: dict[str, Sensor] = field(default_factory=dict)

    @property
    def rulebook(self) -> Rulebook:
        return Rulebook(parse(self.guideline.document), self.guideline.number)

    @property
    def recording(self) -> Recording:
        return Recording(
            self.scene.duration_ns,
            {key: (sensor.pk, sensor.modality) for key, sensor in self.sensors.items()},
            {key: frozenset(self.frame_times) for key in self.sensors},
        )


def make_project(slug: str = "street", **values: Any) -> Project:
    """A project of a client of the same name."""
    client, _ = Client.objects.get_or_create(slug=slug, defaults={"name": slug.title()})
    values.setdefault("state", Project.State.ACTIVE)
    return Project.objects.create(client=client, name=slug.title(), slug=slug, **values)


def make_guideline(project: Project, document: dict[str, Any] | None = None) -> GuidelineVersion:
    """A published guideline version."""
    return GuidelineVersion.objects.create(
        project=project,
        number=1,
        state=GuidelineVersion.State.PUBLISHED,
        title="Street",
        document=document or make_document(),
        published_at=timezone.now(),
    )


def make_scene(
    project: Project,
    *,
    name: str = "s1",
    frames: int = 5,
    cameras: Sequence[str] = ("CAM_FRONT",),
    guideline: GuidelineVersion | None = None,
) -> LabelScene:
    """A scene whose ego drives at 10 m/s along x, with a LiDAR and cameras that look ahead.

    Its captures have no files: what needs points makes them itself.
    """
    times = [index * FRAME_NS for index in range(frames)]
    scene = Scene.objects.create(
        project=project,
        name=name,
        source_key=name,
        source_format="test",
        t0_ns=1_700_000_000 * 10**9,
        duration_ns=times[-1],
        frame_count=frames,
    )
    EgoPose.objects.bulk_create(
        EgoPose(scene=scene, at_ns=t, x_m=t * 1e-8, y_m=0, z_m=0, qx=0, qy=0, qz=0, qw=1)
        for t in times
    )
    made = LabelScene(scene, guideline or make_guideline(project), cameras, times)
    lidar = Sensor.objects.create(scene=scene, key="LIDAR", label="LiDAR", modality="lidar")
    Calibration.objects.create(
        sensor=lidar, translation_m=[0, 0, 1.8], quaternion_xyzw=[0, 0, 0, 1]
    )
    made.sensors["LIDAR"] = lidar
    for position, key in enumerate(cameras, start=1):
        sensor = Sensor.objects.create(
            scene=scene, key=key, label=key, modality="camera", position=position
        )
        Calibration.objects.create(
            sensor=sensor, translation_m=[1.5, 0, 1.6], quaternion_xyzw=FORWARD_XYZW, camera=CAMERA
        )
        made.sensors[key] = sensor
    rows = [Frame(scene=scene, index=index, at_ns=t) for index, t in enumerate(times)]
    for frame in Frame.objects.bulk_create(rows):
        for sensor in made.sensors.values():
            _capture(frame, sensor)
    return made


def _capture(frame: Frame, sensor: Sensor) -> None:
    name = hashlib.sha256(f"{frame.pk} {sensor.pk}".encode()).hexdigest()
    asset = Asset.objects.create(
        sha256=name, extension="bin", media_type="application/octet-stream", size_bytes=0
    )
    size = {"width_px": 1600, "height_px": 900} if sensor.modality == "camera" else {}
    Capture.objects.create(
        frame=frame, sensor=sensor, at_ns=frame.at_ns, original=asset, display=asset, **size
    )


def give_points(
    made: LabelScene, frame: int, *things: tuple[Sequence[float], Sequence[float]]
) -> None:
    """Store a sweep for a frame: flat ground at z = 0, and the faces of upright boxes on it.

    Args:
        made: The scene.
        frame: Index of the frame.
        things: Centre and size of each box, in the world's axes.
    """
    capture = Capture.objects.get(sensor=made.sensors["LIDAR"], frame__index=frame)
    ego_x_m = made.frame_times[frame] * 1e-8
    side = np.linspace(-40, 40, 161)
    flat = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2) + np.array([ego_x_m, 0])
    world_m = [np.column_stack([flat, np.zeros(len(flat))])]
    world_m += [_faces(np.array(center_m), np.array(size_m)) for center_m, size_m in things]
    points_m = np.concatenate(world_m) - [ego_x_m, 0, 1.8]
    sweep = np.column_stack([points_m, np.zeros(len(points_m))]).astype("<f4").tobytes()
    circumstances = Circumstances(
        at_s=0.0, ego_from_sensor=Rigid(np.eye(3), np.array([0, 0, 1.8]))
    )
    ground = prepare_sweep(sweep, "sweep.bin", circumstances).ground
    assert ground is not None
    stored = [store_file(sweep, extension="bin"), store_file(ground.content, extension="ground")]
    record_assets(stored)
    capture.original_id, capture.ground_id = (one.sha256 for one in stored)
    capture.point_count = len(points_m)
    capture.save()
    made.scene.save()  # what was read of the recording before is old now


def _faces(center_m: Any, size_m: Any) -> Any:
    """Points 2 cm inside the side faces and the top of an upright box, 4 mm of noise on them."""
    share = np.linspace(-0.5, 0.5, 31)
    u, v = (axis.ravel() for axis in np.meshgrid(share, share))
    edge = 0.5 - 0.02 / size_m
    faces = []
    for axis in range(3):
        for sign in (1, -1) if axis < 2 else (1,):
            local = np.empty((len(u), 3))
            others = [other for other in range(3) if other != axis]
            local[:, axis], local[:, others[0]], local[:, others[1]] = sign * edge[axis], u, v
            faces.append(local * np.where(np.arange(3) == axis, 1.0, 0.98) * size_m)
    points_m = np.concatenate(faces) + center_m
    return points_m + np.random.default_rng(7).normal(0, 0.004, points_m.shape)


# --- edits -----------------------------------------------------------------------------------


def fields(class_key: str = "car", **values: Any) -> dict[str, Any]:
    """The wire's ObjectFields."""
    return {
        "class": class_key,
        "attributes": {},
        "motion": "dynamic",
        "size_locked": False,
        **values,
    }


def cuboid(x_m: float = 20, y_m: float = 0, z_m: float = 0.75, **values: Any) -> dict[str, Any]:
    """A keyframe's value in the world: a car of the usual size, facing along x."""
    size_m = values.pop("size_m", [4.4, 1.8, 1.5])
    quaternion_xyzw = values.pop("quaternion_xyzw", [0.0, 0.0, 0.0, 1.0])
    geometry = {"center_m": [x_m, y_m, z_m], "quaternion_xyzw": quaternion_xyzw, "size_m": size_m}
    return key_value(geometry, state="keyed", **values)


def box(*box_px: float, state: str = "independent", **values: Any) -> dict[str, Any]:
    """A keyframe's value in a camera."""
    return key_value({"box_px": list(box_px)} if box_px else None, state=state, **values)


def key_value(geometry: dict[str, Any] | None, *, state: str, **values: Any) -> dict[str, Any]:
    """The wire's KeyValue."""
    return {
        "geometry": geometry,
        "state": state,
        "origin": "human",
        "confirmed": True,
        "absent": False,
        "reason": "",
        "attributes": {},
        **values,
    }


def add(obj: str, class_key: str = "car", **values: Any) -> dict[str, Any]:
    """An operation that makes an object."""
    return {"k": "obj.add", "obj": obj, "next": fields(class_key, **values)}


def put(
    obj: str,
    at_ns: int,
    value: dict[str, Any],
    *,
    prev: dict[str, Any] | None = None,
    stream: str = "world/cuboid",
) -> dict[str, Any]:
    """An operation that puts a keyframe."""
    return {
        "k": "key.put",
        "obj": obj,
        "stream": stream,
        "at_ns": at_ns,
        "prev": prev,
        "next": value,
    }


def gesture(*ops: dict[str, Any], label: str = "Edit", key: str | None = None) -> dict[str, Any]:
    """A change set as the browser sends it."""
    return {
        "id": key or str(uuid.uuid4()),
        "label": label,
        "ops": list(ops),
        "made_at": datetime(2024, 5, 1, tzinfo=UTC).isoformat(),
    }


def parsed(*gestures: dict[str, Any]) -> list[NewChangeSet]:
    """Change sets as services take them."""
    return parse_changesets(list(gestures))


def new_id() -> str:
    """An object's id."""
    return str(uuid.uuid4())


def make_author(name: str = "ann") -> User:
    """Somebody whose edits these are."""
    return User.objects.create_user(f"{name}@example.org", display_name=name.title())
