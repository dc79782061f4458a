"""Reading the shared recordings just far enough to check geometry on them."""

import csv
import json
import math
from dataclasses import dataclass

import numpy as np

from numerics.geometry.camera import PinholeCamera
from numerics.geometry.cuboid import Cuboid
from numerics.geometry.rigid import Rigid
from tests.shared_data import shared

KITTI = "lidar_camera/kitti_object_shared"
PANDASET = "lidar_camera/pandaset_001_frame00"
NUSCENES = "lidar_camera/nuscenes_mmdet3d_sample"


@dataclass(frozen=True)
class Labelled:
    """One labelled object: its cuboid in the LiDAR's frame, and its box."""

    kind: str
    cuboid: Cuboid
    box_px: list


@dataclass(frozen=True)
class KittiFrame:
    points_m: np.ndarray
    camera: PinholeCamera
    camera_from_lidar: Rigid
    objects: list


def kitti_frame(name):
    """One frame, in the LiDAR's frame; P2's fourth column is a shift of the camera."""
    folder = shared(KITTI)
    calib = {
        line.split(":")[0]: np.array(line.split(":")[1].split(), float)
        for line in (folder / "calib" / f"{name}.txt").read_text().splitlines()
        if line
    }
    p2 = calib["P2"].reshape(3, 4)
    shift = np.linalg.inv(p2[:, :3]) @ p2[:, 3]
    rect = Rigid.of_matrix(np.column_stack([calib["R0_rect"].reshape(3, 3), shift]))
    camera_from_lidar = rect @ Rigid.of_matrix(calib["Tr_velo_to_cam"].reshape(3, 4))
    lidar_from_rect = (Rigid(np.eye(3), -shift) @ camera_from_lidar).inverse()
    points = np.fromfile(folder / "velodyne" / f"{name}.bin", np.float32).reshape(-1, 4)
    objects = []
    for line in (folder / "label_2" / f"{name}.txt").read_text().splitlines():
        kind, *numbers = line.split()
        if kind != "DontCare":
            objects.append(kitti_object(kind, [float(n) for n in numbers], lidar_from_rect))
    camera = PinholeCamera(1242, 375, p2[0, 0], p2[1, 1], p2[0, 2], p2[1, 2])
    return KittiFrame(points, camera, camera_from_lidar, objects)


def kitti_object(kind, numbers, lidar_from_rect):
    height, width, length = numbers[7:10]
    x, y, z = numbers[10:13]
    turn = numbers[13]
    # The box's own axes in camera 0: forward by rotation_y about the axis that looks down, up is -y.
    forward = [np.cos(turn), 0.0, -np.sin(turn)]
    up = [0.0, -1.0, 0.0]
    rotation = np.column_stack([forward, np.cross(up, forward), up])
    pose = Rigid(rotation, np.array([x, y - height / 2, z]))
    in_rect = Cuboid.of(pose.translation_m, pose.quaternion_xyzw, [length, width, height])
    return Labelled(kind, in_rect.transform(lidar_from_rect), numbers[3:7])


def nuscenes_sample():
    """Points, cuboids, stored counts, and per camera its model, pose and boxes."""
    folder = shared(NUSCENES)
    sample = json.loads((folder / "info.json").read_text())["data_list"][0]
    file = folder / sample["lidar_points"]["lidar_path"]
    points = np.fromfile(file, np.float32).reshape(-1, 5)
    boxes = [i["bbox_3d"] for i in sample["instances"]]
    cuboids = [Cuboid.upright(b[:3], b[6], b[3:6]) for b in boxes]
    counts = [i["num_lidar_pts"] for i in sample["instances"]]
    cameras = {}
    for key, image in sample["images"].items():
        k = np.array(image["cam2img"])
        camera = PinholeCamera(1600, 900, k[0, 0], k[1, 1], k[0, 2], k[1, 2])
        pose = Rigid.of_matrix(np.array(image["lidar2cam"]))
        cameras[key] = (camera, pose, sample["cam_instances"][key])
    return points, cuboids, np.array(counts), cameras


PANDASET_CLASSES = {
    "Car": "car",
    "Pedestrian": "pedestrian",
    "Pedestrian with Object": "pedestrian",
    "Pickup Truck": "van",
    "Medium-sized Truck": "truck",
    "Bus": "bus",
    "Motorcycle": "motorcycle",
    "Bicycle": "bicycle",
}


def pandaset_frame():
    """Points of the spinning LiDAR and cuboids with their classes, around that LiDAR.

    PandaSet gives width before length, and yaw 0 along +y.
    """
    folder = shared(PANDASET)
    with np.load(folder / "lidar_00_with_semseg.npz") as stored:
        points = stored["xyz"][stored["sensor"] == 0].astype(float)
    # The world begins at the vehicle of the first frame; its LiDAR is some 1.8 m above.
    origin = np.array([0.41, 0.26, 1.81])
    found = []
    with (folder / "cuboids_00.csv").open() as lines:
        for row in csv.DictReader(lines):
            if row["label"] in PANDASET_CLASSES:
                center = [float(row[f"position.{axis}"]) for axis in "xyz"]
                size = [float(row[f"dimensions.{axis}"]) for axis in "yxz"]
                yaw = float(row["yaw"]) + math.pi / 2
                cuboid = Cuboid.upright(np.array(center) - origin, yaw, size)
                found.append((PANDASET_CLASSES[row["label"]], cuboid))
    return points - origin, found
