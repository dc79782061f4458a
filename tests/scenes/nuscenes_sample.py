"""Lays a real nuScenes sample out in the nuScenes schema, from the description that comes with it."""

import json
import shutil
from pathlib import Path

import numpy as np

from numerics.geometry.cuboid import Cuboid
from numerics.geometry.rigid import Rigid
from tests.scenes.recordings import put
from tests.shared_data import shared

SIZE_PX = (1600, 900)


def wxyz(pose: Rigid) -> list[float]:
    x, y, z, w = pose.quaternion_xyzw.tolist()
    return [w, x, y, z]


def described():
    folder = shared("lidar_camera", "nuscenes_mmdet3d_sample")
    return folder, json.loads((folder / "info.json").read_text())


def boxes_in_lidar():
    """The sample's cuboids in the LiDAR's frame, their classes, and how many points each holds."""
    _, description = described()
    names = {number: name for name, number in description["metainfo"]["categories"].items()}
    for instance in description["data_list"][0]["instances"]:
        x, y, z, length, width, height, yaw = instance["bbox_3d"]
        cuboid = Cuboid.upright([x, y, z], yaw, [length, width, height])
        yield cuboid, names.get(instance["bbox_label"], "unknown"), instance["num_lidar_pts"]


def write_sample(root: Path) -> Path:
    folder, description = described()
    sample = description["data_list"][0]
    ego_from_lidar = Rigid.of_matrix(np.array(sample["lidar_points"]["lidar2ego"]))
    world_from_ego = Rigid.of_matrix(np.array(sample["ego2global"]))
    at_us = round(sample["timestamp"] * 1e6)
    tables: dict[str, list[dict]] = {
        "scene": [{"token": "scene", "name": "scene-0061"}],
        "sample": [{"token": "sample", "scene_token": "scene", "timestamp": at_us}],
        "ego_pose": [
            {
                "token": "pose",
                "timestamp": at_us,
                "translation": world_from_ego.translation_m.tolist(),
                "rotation": wxyz(world_from_ego),
            }
        ],
        **{name: [] for name in ("sensor", "calibrated_sensor", "sample_data", "category")},
        **{name: [] for name in ("attribute", "instance", "sample_annotation")},
    }

    def add(channel, modality, file, *, pose, matrix=(), at=at_us):
        target = f"samples/{channel}/{file}"
        (root / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(folder / file, root / target)
        tables["sensor"].append({"token": channel, "channel": channel, "modality": modality})
        tables["calibrated_sensor"].append(
            {
                "token": channel,
                "sensor_token": channel,
                "translation": pose.translation_m.tolist(),
                "rotation": wxyz(pose),
                "camera_intrinsic": [list(row) for row in matrix],
            }
        )
        tables["sample_data"].append(
            {
                "token": channel,
                "sample_token": "sample",
                "ego_pose_token": "pose",
                "calibrated_sensor_token": channel,
                "filename": target,
                "timestamp": at,
                "is_key_frame": True,
                "width": SIZE_PX[0] if matrix else 0,
                "height": SIZE_PX[1] if matrix else 0,
            }
        )

    add("LIDAR_TOP", "lidar", sample["lidar_points"]["lidar_path"], pose=ego_from_lidar)
    for channel, camera in sample["images"].items():
        add(
            channel,
            "camera",
            camera["img_path"],
            pose=Rigid.of_matrix(np.array(camera["cam2ego"])),
            matrix=camera["cam2img"],
            at=round(camera["timestamp"] * 1e6),
        )
    world_from_lidar = world_from_ego @ ego_from_lidar
    for number, (cuboid, name, points) in enumerate(boxes_in_lidar()):
        placed = cuboid.transform(world_from_lidar)
        x, y, z, w = placed.quaternion_xyzw.tolist()
        length, width, height = placed.size_m.tolist()
        tables["category"].append({"token": f"c{number}", "name": name})
        tables["instance"].append({"token": f"i{number}", "category_token": f"c{number}"})
        tables["sample_annotation"].append(
            {
                "token": f"a{number}",
                "sample_token": "sample",
                "instance_token": f"i{number}",
                "translation": placed.center_m.tolist(),
                "size": [width, length, height],
                "rotation": [w, x, y, z],
                "num_lidar_pts": points,
            }
        )
    for name, rows in tables.items():
        put(root / f"v1.0-mini/{name}.json", json.dumps(rows))
    return root
