"""A made-up recording on disk, in Concord's own format: manifest, captures, truth and labels."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from apps.portal.demo.generate import EPOCH_NS, Recording, Step
from apps.portal.demo.gestures import write_labels
from apps.portal.demo.mistakes import Label, Labelling, true_labels, with_mistakes
from apps.portal.demo.sensors import CAMERAS, LIDAR, RADAR, Mounted
from numerics.arrays import FloatArray
from numerics.geometry.camera import Camera
from numerics.geometry.cuboid import yaw_quaternion
from numerics.geometry.rigid import Rigid

Json = dict[str, Any]
RADAR_FIELDS = ("x", "y", "z", "rcs", "vx_comp", "vy_comp")


def write_recording(recording: Recording, folder: Path, *, name: str, seed: int) -> Json:
    """Write one scene.

    `manifest.json` names the captures and `labels.json` (the labels, mistakes in them);
    `truth.json` holds the exact labels, `gestures.json` the labels as a workspace saves them, with
    the list of mistakes.

    Returns:
        The manifest.
    """
    folder.mkdir(parents=True, exist_ok=True)
    frames = [_write_step(step, folder, index) for index, step in enumerate(recording.steps)]
    wrong = with_mistakes(recording, seed=seed)
    true = true_labels(recording, seed=seed)
    _dump(folder / "labels.json", _label_file(wrong))
    _dump(folder / "truth.json", _label_file(true))
    write_labels(wrong, folder / "gestures.json")
    write_labels(true, folder / "true-gestures.json")
    manifest: Json = {
        "format": "concord-recording",
        "version": 1,
        "name": name,
        "scenes": [
            {
                "key": f"street-{seed}",
                "name": name,
                "t0_ns": str(EPOCH_NS + seed * 3_600_000_000_000),
                "sensors": [_sensor(mounted) for mounted in (LIDAR, *CAMERAS, RADAR)],
                "ego_poses": [
                    {"at_ns": at_ns, **_pose(pose)} for at_ns, pose in recording.ego_track
                ],
                "frames": frames,
                "labels": "labels.json",
            }
        ],
    }
    _dump(folder / "manifest.json", manifest)
    return manifest


def _write_step(step: Step, folder: Path, index: int) -> Json:
    captures: Json = {}
    for mounted in (LIDAR, *CAMERAS, RADAR):
        shot = step.shots[mounted.key]
        ending = {"lidar": "pcd.bin", "camera": "jpg", "radar": "pcd"}[mounted.modality]
        path = folder / mounted.key / f"{index:03d}.{ending}"
        path.parent.mkdir(exist_ok=True)
        if shot.image is not None:
            shot.image.save(path, quality=88)
        elif mounted.modality == "lidar" and shot.points is not None:
            path.write_bytes(shot.points.astype("<f4").tobytes())
        elif shot.points is not None:
            path.write_bytes(_radar_file(shot.points))
        captures[mounted.key] = {
            "path": path.relative_to(folder).as_posix(),
            "at_ns": shot.at_ns,
        }
    return {"at_ns": step.at_ns, "captures": captures}


def _radar_file(returns: FloatArray) -> bytes:
    """PCD with the radial speed as the vector along the ray that it was measured on."""
    x, y, z, rcs, radial = returns.T if len(returns) else np.zeros((5, 0))
    range_m = np.maximum(np.hypot(x, y), 1e-6)
    columns = np.column_stack([x, y, z, rcs, radial * x / range_m, radial * y / range_m])
    header = [
        "# .PCD v0.7",
        "VERSION 0.7",
        f"FIELDS {' '.join(RADAR_FIELDS)}",
        f"SIZE {' '.join('4' for _ in RADAR_FIELDS)}",
        f"TYPE {' '.join('F' for _ in RADAR_FIELDS)}",
        f"COUNT {' '.join('1' for _ in RADAR_FIELDS)}",
        f"WIDTH {len(columns)}",
        "HEIGHT 1",
        "VIEWPOINT 0 0 0 1 0 0 0",
        f"POINTS {len(columns)}",
        "DATA binary",
    ]
    return ("\n".join(header) + "\n").encode() + columns.astype("<f4").tobytes()


def _sensor(mounted: Mounted) -> Json:
    sensor: Json = {
        "key": mounted.key,
        "label": mounted.label,
        "modality": mounted.modality,
        "ego_from_sensor": _pose(mounted.ego_from_sensor),
    }
    if mounted.camera is not None:
        sensor["camera"] = _camera(mounted, mounted.camera)
    return sensor


def _camera(mounted: Mounted, camera: Camera) -> Json:
    fx_px, fy_px = camera.focal_px
    return {
        "model": mounted.model,
        "width_px": camera.width_px,
        "height_px": camera.height_px,
        "fx_px": fx_px,
        "fy_px": fy_px,
        "cx_px": (camera.width_px - 1) / 2,
        "cy_px": (camera.height_px - 1) / 2,
        "distortion": list(mounted.distortion),
    }


def _pose(pose: Rigid) -> Json:
    return {
        "translation_m": [float(value) for value in pose.translation_m],
        "quaternion_xyzw": [float(value) for value in pose.quaternion_xyzw],
    }


def _label_file(labelling: Labelling) -> Json:
    return {"objects": [_label(labelling.labels[name]) for name in sorted(labelling.labels)]}


def _label(label: Label) -> Json:
    return {
        "id": label.key,
        "class": label.class_key,
        "keys": [
            {
                "at_ns": key.at_ns,
                "cuboid": {
                    "center_m": [round(float(value), 4) for value in key.center_m],
                    "quaternion_xyzw": [float(value) for value in yaw_quaternion(key.yaw_rad)],
                    "size_m": list(key.size_m),
                },
            }
            for key in label.world
        ],
        "boxes": [
            {"sensor": box.sensor_key, "at_ns": box.at_ns, "box_px": list(box.box_px)}
            for box in label.boxes
            if box.box_px is not None
        ],
    }


def _dump(path: Path, content: Json) -> None:
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
