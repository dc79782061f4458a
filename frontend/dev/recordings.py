"""Reads a few public recordings into one plain shape, for the development fixture server only."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

CLASSES = {
    "car": "car",
    "van": "van",
    "truck": "truck",
    "bus": "bus",
    "bus/rv/caravan": "bus",
    "trailer": "trailer",
    "construction_vehicle": "truck",
    "pedestrian": "pedestrian",
    "person": "pedestrian",
    "person_sitting": "pedestrian",
    "cyclist": "bicycle",
    "bicycle": "bicycle",
    "motorcycle": "motorcycle",
    "tram": "tram",
    "traffic_cone": "cone",
    "barrier": "barrier",
}


@dataclass
class Camera:
    """One camera: pinhole matrix, size and pose on the ego frame (4 x 4)."""

    key: str
    matrix: np.ndarray
    size_px: tuple[int, int]
    ego_from_sensor: np.ndarray


@dataclass
class Step:
    """One frame: points (n x 4, sensor frame), pose (4 x 4) and image file of each camera."""

    at_ns: int
    points: np.ndarray
    world_from_ego: np.ndarray
    images: dict[str, tuple[int, Path]]


@dataclass
class Recording:
    """A whole recording with the tracks that came with it."""

    name: str
    ego_from_lidar: np.ndarray
    cameras: list[Camera]
    steps: list[Step]
    poses: list[tuple[int, np.ndarray]]
    tracks: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add_key(self, track: str, kind: str, at_ns: int, cuboid: tuple) -> None:
        """Append a cuboid (world_from_object 4 x 4, size) to a track."""
        entry = self.tracks.setdefault(track, {"class": kind, "keys": []})
        entry["keys"].append((at_ns, *cuboid))


def shared_data() -> Path:
    """The folder of shared recordings."""
    named = os.environ.get("CONCORD_SHARED_DATA")
    return Path(named) if named else Path(__file__).resolve().parents[3] / "shared" / "data"


def rigid(quat_wxyz: tuple[float, ...], translation: tuple[float, ...]) -> np.ndarray:
    """Build a 4 x 4 matrix from a w-first quaternion and a translation."""
    w, x, y, z = np.asarray(quat_wxyz, float) / np.linalg.norm(quat_wxyz)
    m = np.eye(4)
    m[:3, :3] = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ]
    m[:3, 3] = translation
    return m


def about_z(yaw_rad: float, translation: tuple[float, ...]) -> np.ndarray:
    """Build a 4 x 4 matrix that turns about z and moves."""
    return rigid((np.cos(yaw_rad / 2), 0, 0, np.sin(yaw_rad / 2)), translation)


def kitti_object(number: str = "000007") -> Recording:
    """Read one KITTI object frame: one camera, one sweep; the LiDAR frame is the ego frame."""
    folder = shared_data() / "lidar_camera" / "kitti_object_shared"
    lines = (folder / f"calib/{number}.txt").read_text().splitlines()
    rows = dict(line.split(":", 1) for line in lines if ":" in line)
    projection = np.fromstring(rows["P2"], sep=" ").reshape(3, 4)
    rect = np.eye(4)
    rect[:3, :3] = np.fromstring(rows["R0_rect"], sep=" ").reshape(3, 3)
    velo = np.eye(4)
    velo[:3] = np.fromstring(rows["Tr_velo_to_cam"], sep=" ").reshape(3, 4)
    shift = np.eye(4)
    shift[:3, 3] = np.linalg.inv(projection[:, :3]) @ projection[:, 3]
    cam_from_ego = shift @ rect @ velo
    camera = Camera("image_2", projection[:, :3], (1242, 375), np.linalg.inv(cam_from_ego))
    points = np.fromfile(folder / f"velodyne/{number}.bin", np.float32).reshape(-1, 4)
    step = Step(0, points, np.eye(4), {"image_2": (0, folder / f"image_2/{number}.png")})
    recording = Recording(f"KITTI {number}", np.eye(4), [camera], [step], [(0, np.eye(4))])
    ego_from_rect = np.linalg.inv(rect @ velo)
    for index, line in enumerate((folder / f"label_2/{number}.txt").read_text().splitlines()):
        kind, *numbers = line.split()
        if kind.lower() not in CLASSES:
            continue
        h, w, l, x, y, z, turn = (float(n) for n in numbers[7:14])  # noqa: E741
        center = (ego_from_rect @ [x, y - h / 2, z, 1])[:3]
        placed = about_z(-turn - np.pi / 2, tuple(center))
        recording.add_key(str(index), CLASSES[kind.lower()], 0, (placed, (l, w, h)))
    return recording


def nuscenes() -> Recording:
    """Read the nuScenes sample: six cameras, one sweep."""
    folder = shared_data() / "lidar_camera" / "nuscenes_mmdet3d_sample"
    sample = json.loads((folder / "info.json").read_text())
    names = list(sample["metainfo"]["categories"])
    frame = sample["data_list"][0]
    t0 = min(frame["timestamp"], *(i["timestamp"] for i in frame["images"].values()))
    order = ["FRONT_LEFT", "FRONT", "FRONT_RIGHT", "BACK_LEFT", "BACK", "BACK_RIGHT"]
    cameras, images = [], {}
    for key in (f"CAM_{side}" for side in order):
        image = frame["images"][key]
        pose = np.array(image["cam2ego"])
        cameras.append(Camera(key, np.array(image["cam2img"])[:3, :3], (1600, 900), pose))
        images[key] = (round((image["timestamp"] - t0) * 1e9), folder / image["img_path"])
    raw = np.fromfile(folder / frame["lidar_points"]["lidar_path"], np.float32).reshape(-1, 5)
    ego_from_lidar = np.array(frame["lidar_points"]["lidar2ego"])
    world_from_ego = np.array(frame["ego2global"])
    at_ns = round((frame["timestamp"] - t0) * 1e9)
    points = raw[:, :4] / np.array([1, 1, 1, 255], np.float32)
    step = Step(at_ns, points, world_from_ego, images)
    poses = [(0, world_from_ego), (at_ns + 1, world_from_ego)]
    recording = Recording("nuScenes 0061", ego_from_lidar, cameras, [step], poses)
    for index, row in enumerate(frame["instances"]):
        kind = CLASSES.get(names[row["bbox_label_3d"]])
        if kind is None:
            continue
        x, y, z, *size, yaw = row["bbox_3d"]
        placed = world_from_ego @ ego_from_lidar @ about_z(yaw, (x, y, z))
        recording.add_key(str(index), kind, at_ns, (placed, tuple(size)))
    return recording


def _pose(block: dict[str, Any]) -> np.ndarray:
    turn, move = block["rotation"], block["translation"]
    return rigid(tuple(turn[f"q{k}"] for k in "wxyz"), tuple(move[k] for k in "xyz"))


def _ticks(stamp: str) -> int:
    """Nanoseconds of a DGP file name, whose unit is 100 ns."""
    return int(Path(stamp).stem) * 100


def _dgp_ontology(folder: Path) -> dict[int, str]:
    items = json.loads(next((folder / "ontology").iterdir()).read_text())["items"]
    return {item["id"]: item["name"].lower() for item in items}


def _dgp_tracks(recording: Recording, folder: Path, frames: list[tuple[int, dict]]) -> None:
    names = _dgp_ontology(folder)
    for at_ns, cloud in frames:
        world_from_lidar = _pose(cloud["pose"])
        rows = json.loads((folder / cloud["annotations"]["1"]).read_text())["annotations"]
        for row in rows:
            kind = CLASSES.get(names[row["class_id"]])
            if kind is None:
                continue
            box = row["box"]
            size = (box["length"], box["width"], box["height"])
            placed = world_from_lidar @ _pose(box["pose"])
            recording.add_key(str(row["instance_id"]), kind, at_ns, (placed, size))


def dgp() -> Recording:
    """Read the DGP test scene: three cameras, three sweeps at 1 Hz, moving ego."""
    folder = shared_data() / "lidar_camera" / "dgp_scene_01_shared" / "scene_01"
    scene = json.loads(next(folder.glob("scene_*.json")).read_text())
    calib = json.loads(next((folder / "calibration").iterdir()).read_text())
    by_key = {entry["key"]: entry for entry in scene["data"]}
    cameras, steps, poses, clouds = [], [], [], []
    t0 = min(_ticks(p.name) for p in (folder / "point_cloud" / "LIDAR").iterdir())
    for name, inner, outer in zip(
        calib["names"], calib["intrinsics"], calib["extrinsics"], strict=True
    ):
        if name == "LIDAR":
            continue
        matrix = np.array(
            [[inner["fx"], 0, inner["cx"]], [0, inner["fy"], inner["cy"]], [0, 0, 1.0]]
        )
        cameras.append(Camera(name, matrix, (1936, 1216), _pose(outer)))
    for sample in scene["samples"]:
        entries = [by_key[key] for key in sample["datum_keys"]]
        cloud = next(e["datum"]["point_cloud"] for e in entries if "point_cloud" in e["datum"])
        at_ns = _ticks(cloud["filename"]) - t0
        images = {}
        for entry in entries:
            if "image" in entry["datum"]:
                file = folder / entry["datum"]["image"]["filename"]
                images[entry["id"]["name"]] = (_ticks(file.name) - t0, file)
        points = np.load(folder / cloud["filename"])["data"].astype(np.float32)
        near = np.abs(points[:, :2]).max(axis=1) < 160
        steps.append(Step(at_ns, points[near], _pose(cloud["pose"]), images))
        poses.append((at_ns, _pose(cloud["pose"])))
        camera = next(e for e in entries if e["id"]["name"] == cameras[0].key)
        outer = _pose(camera["datum"]["image"]["pose"]) @ np.linalg.inv(cameras[0].ego_from_sensor)
        poses.append((images[cameras[0].key][0], outer))
        clouds.append((at_ns, cloud))
    poses.sort(key=lambda pair: pair[0])
    recording = Recording("DGP scene 01", np.eye(4), cameras, steps, poses)
    _dgp_tracks(recording, folder, clouds)
    return recording


READERS = {"kitti": kitti_object, "nuscenes": nuscenes, "dgp": dgp}
