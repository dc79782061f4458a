"""ASAM OpenLABEL 1.0 JSON: one file a scene.

Source:
    ASAM OpenLABEL 1.0.0, data format and its JSON schema.
"""

import json
from typing import Any

import numpy as np

from apps.deliveries.formats.base import Exported, ExportFormat, Losses, OutFile, slug_of
from apps.deliveries.snapshot import (
    Attributes,
    FrameView,
    ObjectView,
    SceneSnapshot,
    SensorView,
)
from numerics.geometry.camera import camera_of
from numerics.geometry.cuboid import Cuboid
from numerics.geometry.projection import project_cuboid
from numerics.geometry.rigid import Rigid

Json = dict[str, Any]
_STREAM_TYPES = {"lidar", "camera", "radar"}
_WORLD, _EGO = "world", "vehicle-iso8855"


def export(snapshot: SceneSnapshot) -> Exported:
    """Write a scene as OpenLABEL.

    Cuboids stand in the world frame at each frame's time, evaluated between keyframes; boxes in their camera's pixels
    at the camera's own time, drawn ones as drawn and derived ones by projection.
    """
    losses = Losses()
    frames = {str(frame.index): _frame(snapshot, frame) for frame in snapshot.frames}
    present = _presence(frames)
    body: Json = {
        "metadata": {
            "schema_version": "1.0.0",
            "name": snapshot.name,
            "annotator": "Concord",
            "comment": f"Scene version {snapshot.version}, journal head {snapshot.head_hash}",
            "file_version": str(snapshot.version),
            "t0_ns": str(snapshot.t0_ns),
            "guideline_versions": list(snapshot.guideline_numbers),
        },
        "coordinate_systems": _coordinate_systems(snapshot),
        "streams": {sensor.key: _stream(sensor) for sensor in snapshot.sensors},
        "objects": {
            labelled.id: _object(labelled, present.get(labelled.id, []))
            for labelled in snapshot.objects
        },
        "frames": frames,
        "frame_intervals": _intervals(sorted(int(index) for index in frames)),
    }
    for labelled in snapshot.objects:
        if labelled.id not in present:
            losses.add("object without geometry", why="It has no shape in any exported frame.")
        losses.add(
            "keyframe of origin and reason",
            why="OpenLABEL holds evaluated geometry; who made a key, and why, stays in the journal.",
            count=sum(len(keys) for keys in labelled.streams.values()),
        )
    text = json.dumps({"openlabel": body}, sort_keys=True, ensure_ascii=False, indent=1)
    path = f"{slug_of(snapshot)}.openlabel.json"
    return Exported((OutFile(path, text.encode()),), tuple(losses))


def _transform(pose: Rigid) -> Json:
    return {
        "quaternion": [float(value) for value in pose.quaternion_xyzw],
        "translation": [float(value) for value in pose.translation_m],
    }


def _coordinate_systems(snapshot: SceneSnapshot) -> Json:
    keys = [sensor.key for sensor in snapshot.sensors]
    systems: Json = {
        _WORLD: {"type": "scene_cs", "parent": "", "children": [_EGO]},
        _EGO: {"type": "local_cs", "parent": _WORLD, "children": keys},
    }
    for sensor in snapshot.sensors:
        systems[sensor.key] = {
            "type": "sensor_cs",
            "parent": _EGO,
            "children": [],
            "pose_wrt_parent": _transform(sensor.ego_from_sensor),
        }
    return systems


def _stream(sensor: SensorView) -> Json:
    stream: Json = {
        "type": sensor.modality if sensor.modality in _STREAM_TYPES else "other",
        "description": f"{sensor.label}, calibration version {sensor.calibration_version}",
    }
    camera = sensor.camera
    if camera is not None:
        distortion = [float(value) for value in camera.get("distortion", ())]
        matrix = [
            *(camera["fx_px"], 0.0, camera["cx_px"], 0.0),
            *(0.0, camera["fy_px"], camera["cy_px"], 0.0),
            *(0.0, 0.0, 1.0, 0.0),
        ]
        stream["stream_properties"] = {
            "intrinsics_pinhole": {
                "camera_matrix": [float(value) for value in matrix],
                "distortion_coeffs": (distortion + [0.0] * 5)[: max(5, len(distortion))],
                "width_px": int(camera["width_px"]),
                "height_px": int(camera["height_px"]),
            }
        }
    return stream


def _frame(snapshot: SceneSnapshot, frame: FrameView) -> Json:
    objects: Json = {}
    for labelled, cuboid in snapshot.cuboids_at(frame.at_ns):
        entry: Json = {
            "name": "cuboid",
            "coordinate_system": _WORLD,
            "val": [
                *map(float, cuboid.center_m),
                *map(float, cuboid.quaternion_xyzw),
                *map(float, cuboid.size_m),
            ],
        }
        attributes = _attributes_at(labelled, frame.at_ns)
        if attributes:
            entry["attributes"] = _typed(attributes)
        objects.setdefault(labelled.id, {}).setdefault("cuboid", []).append(entry)
    for sensor in snapshot.of_modality("camera"):
        capture = frame.captures.get(sensor.key)
        if capture is None:
            continue
        for labelled in snapshot.objects:
            box = _box(snapshot, labelled, sensor, at_ns=capture.at_ns)
            if box is not None:
                objects.setdefault(labelled.id, {}).setdefault("bbox", []).append(box)
    return {
        "frame_properties": {
            "timestamp": str(snapshot.t0_ns + frame.at_ns),
            "streams": {
                key: {
                    "uri": capture.source_path,
                    "stream_properties": {
                        "sync": {"timestamp": str(snapshot.t0_ns + capture.at_ns)}
                    },
                }
                for key, capture in frame.captures.items()
            },
            "transforms": {
                f"{_EGO}_to_{_WORLD}": {
                    "src": _EGO,
                    "dst": _WORLD,
                    "transform_src_to_dst": _transform(snapshot.ego_at(frame.at_ns)),
                }
            },
        },
        "objects": {key: {"object_data": value} for key, value in objects.items()},
    }


def _box(
    snapshot: SceneSnapshot, labelled: ObjectView, sensor: SensorView, *, at_ns: int
) -> Json | None:
    key = labelled.sensor_key_at(sensor.key, at_ns)
    if key is None or key.state == "not_visible":
        return None
    if key.state == "derived":
        cuboid = snapshot.cuboid_at(labelled, at_ns)
        bounds = None if cuboid is None else _projected(snapshot, cuboid, sensor, at_ns=at_ns)
    else:
        bounds = key.geometry["box_px"] if key.geometry else None
    if bounds is None:
        return None
    left, top, right, bottom = (float(value) for value in bounds)
    attributes = {**key.attributes, "observation": key.state}
    if key.reason:
        attributes["reason"] = key.reason
    return {
        "name": f"box-{sensor.key}",
        "coordinate_system": sensor.key,
        "val": [(left + right) / 2, (top + bottom) / 2, right - left, bottom - top],
        "attributes": _typed(attributes),
    }


def _projected(
    snapshot: SceneSnapshot, cuboid: Cuboid, sensor: SensorView, *, at_ns: int
) -> tuple[float, ...] | None:
    model = sensor.camera
    if model is None:
        return None
    camera = camera_of(
        model["model"],
        (model["width_px"], model["height_px"]),
        (model["fx_px"], model["fy_px"], model["cx_px"], model["cy_px"]),
        distortion=model.get("distortion", ()),
    )
    camera_from_world = (snapshot.ego_at(at_ns) @ sensor.ego_from_sensor).inverse()
    box = project_cuboid(cuboid.transform(camera_from_world), camera)
    return None if box is None else tuple(box.clipped_px)


def _attributes_at(labelled: ObjectView, at_ns: int) -> Attributes:
    key = next((key for key in labelled.world_keys() if key.at_ns == at_ns), None)
    return dict(key.attributes) if key else {}


def _typed(attributes: Attributes) -> Json:
    """Attributes by OpenLABEL's types."""
    typed: Json = {}
    for name, value in sorted(attributes.items()):
        if value is None:
            continue
        if isinstance(value, bool):
            typed.setdefault("boolean", []).append({"name": name, "val": value})
        elif isinstance(value, int | float | np.floating):
            typed.setdefault("num", []).append({"name": name, "val": float(value)})
        else:
            typed.setdefault("text", []).append({"name": name, "val": str(value)})
    return typed


def _object(labelled: ObjectView, frames: list[int]) -> Json:
    entry: Json = {
        "name": f"{labelled.class_key}-{labelled.id[:8]}",
        "type": labelled.class_key,
        "frame_intervals": _intervals(frames),
    }
    static = _typed({**labelled.attributes, "motion": labelled.motion})
    entry["object_data"] = static
    return entry


def _presence(frames: Json) -> dict[str, list[int]]:
    present: dict[str, list[int]] = {}
    for index in sorted(frames, key=int):
        for key in frames[index]["objects"]:
            present.setdefault(key, []).append(int(index))
    return present


def _intervals(indices: list[int]) -> list[Json]:
    intervals: list[Json] = []
    for index in indices:
        if intervals and intervals[-1]["frame_end"] == index - 1:
            intervals[-1]["frame_end"] = index
        else:
            intervals.append({"frame_start": index, "frame_end": index})
    return intervals


OPENLABEL = ExportFormat(
    "openlabel",
    "ASAM OpenLABEL 1.0",
    "One JSON file a scene: cuboids in the world, boxes in each camera, attributes, calibration, poses.",
    export,
)
