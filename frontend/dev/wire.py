"""Turns a recording into what docs/reference/wire.md says, for the development fixture server only."""

from __future__ import annotations

import gzip
import hashlib
import html
import io
import json
import struct
import uuid
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from recordings import Recording, Step

GUIDELINE = Path(__file__).resolve().parents[2] / "apps/guidelines/templates_data/driving.json"
CELL_M = 0.5
NAMESPACE = uuid.UUID("6f4f4b0e-6f0e-4a39-9f5c-0d3c5b1d2a10")


class Assets:
    """Bytes by content hash, with their type and encoding."""

    def __init__(self) -> None:
        """Start empty."""
        self.by_name: dict[str, tuple[bytes, str, bool]] = {}

    def put(self, content: bytes, ending: str, kind: str, *, zipped: bool = False) -> str:
        """Keep bytes and answer their address."""
        name = f"{hashlib.sha256(content).hexdigest()}.{ending}"
        self.by_name[name] = (gzip.compress(content, 6) if zipped else content, kind, zipped)
        return f"/assets/{name}?until=0&sig=dev"


def encode_points(points: np.ndarray, seconds: float) -> bytes:
    """Encode n x 4 points (x, y, z, intensity 0-1) as a .pts frame."""
    xyz = points[:, :3].astype(np.float64)
    origin = (xyz.max(axis=0) + xyz.min(axis=0)) / 2
    scale = np.maximum((xyz.max(axis=0) - xyz.min(axis=0)) / 65000, 0.001)
    planes = np.round((xyz - origin) / scale).astype("<i2").T
    low, high = np.percentile(points[:, 3], [1, 99])
    stretched = np.clip((points[:, 3] - low) / max(high - low, 1e-6), 0, 1) * 255
    count = len(points)
    body = b"".join(plane.tobytes() for plane in planes)
    body += b"\0" * (-len(body) % 4)
    start = 72 + 2 * 16
    table = struct.pack("<BBHIff", 1, 2, 3, start, xyz.min(), xyz.max())
    table += struct.pack("<BBHIff", 2, 1, 1, start + len(body), low, high)
    head = b"MSP1" + struct.pack("<HHII", 0, 2, count, 0)
    head += struct.pack("<d3d3d", seconds, *scale, *origin)
    return head + table + body + stretched.astype(np.uint8).tobytes()


def encode_ground(points_ego: np.ndarray) -> bytes:
    """Encode a lowest-point raster, smoothed by a lower quartile over 5 x 5 cells."""
    near = points_ego[np.abs(points_ego[:, :2]).max(axis=1) < 80]
    low = np.floor(near[:, :2].min(axis=0) / CELL_M) * CELL_M
    cells = np.floor((near[:, :2] - low) / CELL_M).astype(int)
    nx, ny = cells.max(axis=0) + 1
    height = np.full((ny, nx), np.inf)
    np.minimum.at(height, (cells[:, 1], cells[:, 0]), near[:, 2])
    height[~np.isfinite(height)] = np.nan
    padded = np.pad(height, 2, constant_values=np.nan)
    window = np.lib.stride_tricks.sliding_window_view(padded, (5, 5)).reshape(ny, nx, 25)
    known = np.isfinite(window).sum(axis=2) >= 3
    smooth = np.full((ny, nx), -32768)
    smooth[known] = np.round(np.nanpercentile(window[known], 25, axis=1) * 1000)
    head = b"CGR1" + struct.pack("<IIf", nx, ny, CELL_M) + struct.pack("<dd", *low)
    return head + smooth.astype("<i2").tobytes()


def pose(matrix: np.ndarray) -> dict[str, list[float]]:
    """A 4 x 4 matrix as translation and x, y, z, w quaternion."""
    m = matrix[:3, :3]
    w = np.sqrt(max(0.0, 1 + m[0, 0] + m[1, 1] + m[2, 2])) / 2
    x = np.copysign(np.sqrt(max(0.0, 1 + m[0, 0] - m[1, 1] - m[2, 2])) / 2, m[2, 1] - m[1, 2])
    y = np.copysign(np.sqrt(max(0.0, 1 - m[0, 0] + m[1, 1] - m[2, 2])) / 2, m[0, 2] - m[2, 0])
    z = np.copysign(np.sqrt(max(0.0, 1 - m[0, 0] - m[1, 1] + m[2, 2])) / 2, m[1, 0] - m[0, 1])
    quat = np.array([x, y, z, w]) / np.linalg.norm([x, y, z, w])
    return {"translation_m": matrix[:3, 3].tolist(), "quaternion_xyzw": quat.tolist()}


def _sensors(recording: Recording) -> list[dict[str, Any]]:
    lidar = {
        "id": 1,
        "key": "LIDAR_TOP",
        "label": "LiDAR",
        "modality": "lidar",
        "viewer": "point-cloud",
        "calibration": {
            "id": 1,
            "version": 1,
            "ego_from_sensor": pose(recording.ego_from_lidar),
            "camera": None,
        },
    }
    sensors = [lidar]
    for number, camera in enumerate(recording.cameras, start=2):
        k = camera.matrix
        model = {
            "model": "pinhole",
            "width_px": camera.size_px[0],
            "height_px": camera.size_px[1],
            "fx_px": k[0, 0],
            "fy_px": k[1, 1],
            "cx_px": k[0, 2],
            "cy_px": k[1, 2],
            "distortion": [],
        }
        calibration = {
            "id": number,
            "version": 1,
            "ego_from_sensor": pose(camera.ego_from_sensor),
            "camera": model,
        }
        label = camera.key.replace("CAM_", "").replace("_", " ").title()
        sensors.append(
            {
                "id": number,
                "key": camera.key,
                "label": label,
                "modality": "camera",
                "viewer": "image",
                "calibration": calibration,
            }
        )
    return sensors


def _image(assets: Assets, file: Path, at_ns: int, number: int) -> dict[str, Any]:
    raw = file.read_bytes()
    with Image.open(io.BytesIO(raw)) as image:
        size = image.size
        image.thumbnail((400, 400))
        small = io.BytesIO()
        image.convert("RGB").save(small, "JPEG", quality=70)
    kind = "image/png" if file.suffix == ".png" else "image/jpeg"
    return {
        "id": number,
        "at_ns": at_ns,
        "asset": "",
        "image_url": assets.put(raw, file.suffix[1:], kind),
        "preview_url": assets.put(small.getvalue(), "jpg", "image/jpeg"),
        "width_px": size[0],
        "height_px": size[1],
    }


def _frame(recording: Recording, step: Step, index: int, assets: Assets) -> dict[str, Any]:
    encoded = encode_points(step.points, step.at_ns / 1e9)
    m = recording.ego_from_lidar
    in_ego = step.points[:, :3].astype(np.float64) @ m[:3, :3].T + m[:3, 3]
    captures: dict[str, Any] = {
        "LIDAR_TOP": {
            "id": index * 100 + 1,
            "at_ns": step.at_ns,
            "asset": "",
            "points_url": assets.put(encoded, "pts", "application/octet-stream", zipped=True),
            "point_count": len(step.points),
            "ground_url": assets.put(
                encode_ground(in_ego), "ground", "application/octet-stream", zipped=True
            ),
            "bytes": len(encoded),
        }
    }
    for number, (key, (at_ns, file)) in enumerate(step.images.items(), start=2):
        captures[key] = _image(assets, file, at_ns, index * 100 + number)
    return {"index": index, "at_ns": step.at_ns, "captures": captures}


def manifest(recording: Recording, assets: Assets) -> dict[str, Any]:
    """The manifest of a recording; its files go into `assets`."""
    frames = [_frame(recording, step, n, assets) for n, step in enumerate(recording.steps)]
    return {
        "scene": {
            "id": 1,
            "name": recording.name,
            "project_id": 1,
            "project_slug": "dev",
            "project_name": "Development",
            "t0_ns": "1532402927000000000",
            "duration_ns": frames[-1]["at_ns"],
            "frame_count": len(frames),
        },
        "room": "scene:1:1",
        "sensors": _sensors(recording),
        "frames": frames,
        "ego_poses": [{"at_ns": at_ns, **pose(m)} for at_ns, m in recording.poses],
        "guideline": _guideline(),
    }


def _guideline() -> dict[str, Any]:
    """The product's own template for driving, as a published version."""
    template = json.loads(GUIDELINE.read_text())
    clauses = [
        {"number": c["number"], "title": c["title"], "body_html": f"<p>{html.escape(c['body_md'])}</p>"}
        for c in template["clauses"]
    ]
    return {"version_id": 1, "number": 3, "document": template["document"], "clauses": clauses}


def _key(at_ns: int, placed: np.ndarray, size: tuple[float, ...]) -> dict[str, Any]:
    where = pose(placed)
    return {
        "at_ns": at_ns,
        "geometry": {
            "center_m": where["translation_m"],
            "quaternion_xyzw": where["quaternion_xyzw"],
            "size_m": list(size),
        },
        "state": "keyed",
        "origin": "import",
        "confirmed": True,
        "absent": False,
        "reason": "",
        "attributes": {},
        "author_id": None,
        "guideline_number": 3,
    }


def objects(recording: Recording) -> list[dict[str, Any]]:
    """The recording's own tracks as labelled objects."""
    return [
        {
            "id": str(uuid.uuid5(NAMESPACE, track)),
            "class": entry["class"],
            "attributes": {},
            "motion": "static" if entry["class"] in ("cone", "barrier") else "dynamic",
            "size_locked": False,
            "streams": {"world/cuboid": [_key(*key) for key in entry["keys"]]},
        }
        for track, entry in recording.tracks.items()
    ]
