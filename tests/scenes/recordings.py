"""Writes small made-up recordings of every format, sound ones; tests then break them."""

import io
import json
import struct
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image

KITTI_CALIBRATION = """\
P0: 700 0 160 0 0 700 60 0 0 0 1 0
P1: 700 0 160 -380 0 700 60 0 0 0 1 0
P2: 700 0 160 44.8 0 700 60 0.2 0 0 1 0.003
P3: 700 0 160 -339 0 700 60 2.2 0 0 1 0.003
R0_rect: 9.999239e-01 9.837760e-03 -7.445048e-03 -9.869795e-03 9.999421e-01 -4.278459e-03 \
7.402527e-03 4.351614e-03 9.999631e-01
Tr_velo_to_cam: 7.533745e-03 -9.999714e-01 -6.166020e-04 -4.069766e-03 1.480249e-02 7.280733e-04 \
-9.998902e-01 -7.631618e-02 9.998621e-01 7.523790e-03 1.480755e-02 -2.717806e-01
Tr_imu_to_velo: 9.999976e-01 7.553071e-04 -2.035826e-03 -8.086759e-01 -7.854027e-04 9.998898e-01 \
-1.482298e-02 3.195559e-01 2.024406e-03 1.482454e-02 9.998881e-01 -7.997231e-01
"""
KITTI_LABELS = """\
Car 0.00 0 1.85 38.76 18.15 42.38 20.31 1.67 1.87 3.69 -16.53 2.39 58.49 1.57
Pedestrian 0.30 2 -0.20 71.24 14.30 81.07 30.79 1.89 0.48 1.20 1.84 1.47 8.41 0.01
DontCare -1 -1 -10 50.39 16.97 59.06 19.01 -1 -1 -1 -1000 -1000 -1000 -10
"""
SIZE_PX = (320, 120)


def cloud(count=400, seed=1):
    """(n, 4) float32 x, y, z, intensity of a flat street."""
    rng = np.random.default_rng(seed)
    xyz = rng.uniform([-40, -20, -1.8], [40, 20, -1.7], (count, 3))
    return np.column_stack([xyz, rng.uniform(0, 1, count)]).astype("<f4")


def bin_bytes(count=400, seed=1):
    return cloud(count, seed).tobytes()


def picture_bytes(size_px=SIZE_PX, *, seed=1, form="PNG"):
    noise = np.random.default_rng(seed).integers(0, 255, (size_px[1], size_px[0], 3), np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(noise).save(buffer, form)
    return buffer.getvalue()


def put(path: Path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, str):
        path.write_text(content)
    else:
        path.write_bytes(content)


def write_kitti(root: Path, frames=("000001",), *, labels=True):
    """Object frames."""
    for number, frame in enumerate(frames, start=1):
        put(root / f"velodyne/{frame}.bin", bin_bytes(seed=number))
        put(root / f"image_2/{frame}.png", picture_bytes(seed=number))
        put(root / f"calib/{frame}.txt", KITTI_CALIBRATION)
        if labels:
            put(root / f"label_2/{frame}.txt", KITTI_LABELS)
    return root


def write_tracking(root: Path, sequence="0001", frames=4, *, poses=True):
    """A tracking sequence that drives north at 10 m/s."""
    lines = []
    for frame in range(frames):
        put(root / f"velodyne/{sequence}/{frame:06d}.bin", bin_bytes(seed=frame))
        put(root / f"image_02/{sequence}/{frame:06d}.png", picture_bytes(seed=frame))
        if frame != 2:  # the track has a gap
            lines.append(
                f"{frame} 3 Car 0 0 1.85 38.76 18.15 42.38 20.31 1.67 1.87 3.69"
                f" -6.5 1.7 {20 - frame} 1.57"
            )
        lines.append(f"{frame} -1 DontCare -1 -1 -10 1 2 30 40 -1000 -1000 -1000 -10 -1 -1 -1")
    put(root / f"calib/{sequence}.txt", KITTI_CALIBRATION.replace(":", ""))
    put(root / f"label_02/{sequence}.txt", "\n".join(lines) + "\n")
    if poses:
        records = [f"{49 + frame * 9e-6:.9f} 8.4 115 0 0 1.5707963 0 0" for frame in range(frames)]
        put(root / f"oxts/{sequence}.txt", "\n".join(records) + "\n")
    return root


def write_raw(root: Path, frames=3):
    """A raw drive with tracklets."""
    entries = dict(line.split(":") for line in KITTI_CALIBRATION.splitlines())
    numbers = {name: rest.split() for name, rest in entries.items()}
    day = root / "2011_09_26"
    drive = day / "2011_09_26_drive_0001_sync"
    cams = [
        "calib_time: 09-Jan-2012 13:57:47",
        f"R_rect_00: {' '.join(numbers['R0_rect'])}",
        f"S_rect_02: {SIZE_PX[0]} {SIZE_PX[1]}",
        f"P_rect_02: {' '.join(numbers['P2'])}",
    ]
    put(day / "calib_cam_to_cam.txt", "\n".join(cams))
    for name, entry in (("velo_to_cam", "Tr_velo_to_cam"), ("imu_to_velo", "Tr_imu_to_velo")):
        rows = np.array([float(word) for word in numbers[entry]]).reshape(3, 4)
        turn, shift = (" ".join(map(str, part.ravel())) for part in (rows[:, :3], rows[:, 3]))
        put(day / f"calib_{name}.txt", f"calib_time: x\nR: {turn}\nT: {shift}\n")
    stamps = [f"2011-09-26 13:02:{25 + frame * 0.1:012.9f}" for frame in range(frames)]
    later = [f"2011-09-26 13:02:{25.01 + frame * 0.1:012.9f}" for frame in range(frames)]
    put(drive / "velodyne_points/timestamps.txt", "\n".join(later))
    put(drive / "image_02/timestamps.txt", "\n".join(stamps))
    put(drive / "oxts/timestamps.txt", "\n".join(stamps))
    for frame in range(frames):
        put(drive / f"velodyne_points/data/{frame:010d}.bin", bin_bytes(seed=frame))
        put(drive / f"image_02/data/{frame:010d}.png", picture_bytes(seed=frame))
        put(drive / f"oxts/data/{frame:010d}.txt", f"{49 + frame * 9e-6:.9f} 8.4 115 0 0 0.1 0")
    pose = "<item><tx>10</tx><ty>2</ty><tz>-1.7</tz><rx>0</rx><ry>0</ry><rz>0.3</rz></item>"
    put(
        drive / "tracklet_labels.xml",
        '<?xml version="1.0"?><!DOCTYPE boost_serialization><boost_serialization><tracklets>'
        "<count>2</count><item><objectType>Car</objectType><h>1.5</h><w>1.7</w><l>4</l>"
        f"<first_frame>0</first_frame><poses><count>2</count>{pose * 2}</poses></item>"
        "<item><objectType>Van</objectType><h>high</h></item></tracklets></boost_serialization>",
    )
    return root


def radar_pcd(count=5):
    """Radar returns as nuScenes writes them, with fewer fields."""
    head = (
        "# .PCD v0.7 - Point Cloud Data file format\nVERSION 0.7\n"
        "FIELDS x y z dyn_prop id rcs vx_comp vy_comp\nSIZE 4 4 4 1 2 4 4 4\n"
        f"TYPE F F F I I F F F\nCOUNT 1 1 1 1 1 1 1 1\nWIDTH {count}\nHEIGHT 1\n"
        f"VIEWPOINT 0 0 0 1 0 0 0\nPOINTS {count}\nDATA binary\n"
    )
    rows = b"".join(
        struct.pack("<fffbhfff", 10 + i, i, 0.5, 1, i, 5.5, -2.0 * i, 0.25) for i in range(count)
    )
    return head.encode() + rows


def nuscenes_tables(samples=2):
    """Tables of one scene with a LiDAR, a camera and a radar; the vehicle moves 5 m a sample."""
    sensors = [("LIDAR_TOP", "lidar"), ("CAM_FRONT", "camera"), ("RADAR_FRONT", "radar")]
    endings = {"lidar": "pcd.bin", "camera": "jpg", "radar": "pcd"}
    t0_us = 1_532_402_927_000_000
    return {
        "scene": [{"token": "scene-a", "name": "scene-0061"}],
        "sensor": [
            {"token": f"s-{name}", "channel": name, "modality": kind} for name, kind in sensors
        ],
        "calibrated_sensor": [
            {
                "token": f"c-{name}",
                "sensor_token": f"s-{name}",
                "translation": [1.0, 0.0, 1.8],
                "rotation": [0.5, -0.5, 0.5, -0.5] if kind == "camera" else [1.0, 0, 0, 0],
                "camera_intrinsic": [[700, 0, 160], [0, 700, 60], [0, 0, 1]]
                if kind == "camera"
                else [],
            }
            for name, kind in sensors
        ],
        "sample": [
            {"token": f"n{i}", "scene_token": "scene-a", "timestamp": t0_us + i * 500_000}
            for i in range(samples)
        ],
        "ego_pose": [
            {
                "token": f"e{i}",
                "timestamp": t0_us + i * 500_000,
                "translation": [100 + 5.0 * i, 200, 0],
                "rotation": [1, 0, 0, 0],
            }
            for i in range(samples)
        ],
        "sample_data": [
            {
                "token": f"d{i}-{name}",
                "sample_token": f"n{i}",
                "ego_pose_token": f"e{i}",
                "calibrated_sensor_token": f"c-{name}",
                "filename": f"samples/{name}/{i}.{endings[kind]}",
                "timestamp": t0_us + i * 500_000 + (12_000 if kind == "camera" else 0),
                "is_key_frame": True,
                "width": SIZE_PX[0] if kind == "camera" else 0,
                "height": SIZE_PX[1] if kind == "camera" else 0,
            }
            for i in range(samples)
            for name, kind in sensors
        ],
        "category": [{"token": "cat", "name": "vehicle.car"}],
        "attribute": [{"token": "att", "name": "vehicle.moving"}],
        "visibility": [{"token": "4", "level": "v80-100"}],
        "instance": [{"token": "inst", "category_token": "cat"}],
        "sample_annotation": [
            {
                "token": "a0",
                "sample_token": "n0",
                "instance_token": "inst",
                "attribute_tokens": ["att"],
                "visibility_token": "4",
                "translation": [110, 203, 0.9],
                "size": [1.9, 4.5, 1.6],
                "rotation": [0.0, 0, 0, 1.0],
                "num_lidar_pts": 12,
                "num_radar_pts": 1,
            }
        ],
    }


def write_nuscenes(root: Path, tables=None):
    """The tables, and the files that they name."""
    tables = tables or nuscenes_tables()
    for name, rows in tables.items():
        put(root / f"v1.0-mini/{name}.json", json.dumps(rows))
    for row in tables["sample_data"]:
        path, seed = root / row["filename"], len(row["token"]) + int(row["token"][1])
        if path.name.endswith("pcd.bin"):
            ring = np.zeros((300, 1), "<f4")
            put(path, np.column_stack([cloud(300, seed), ring]).astype("<f4").tobytes())
        elif path.suffix == ".jpg":
            put(path, picture_bytes(seed=seed, form="JPEG"))
        else:
            put(path, radar_pcd(4 + seed))
    return root


def concord_manifest(frames=2, *, key="street-1"):
    """A manifest of one scene with a LiDAR and a camera."""
    return {
        "format": "concord-recording",
        "version": 1,
        "name": "made up",
        "scenes": [
            {
                "key": key,
                "name": f"Street {key}",
                "t0_ns": "1700000000000000000",
                "sensors": [
                    {
                        "key": "lidar-top",
                        "label": "LiDAR",
                        "modality": "lidar",
                        "ego_from_sensor": {
                            "translation_m": [0, 0, 1.8],
                            "quaternion_xyzw": [0, 0, 0, 1],
                        },
                    },
                    {
                        "key": "cam-front",
                        "modality": "camera",
                        "ego_from_sensor": {
                            "translation_m": [1.5, 0, 1.5],
                            "quaternion_xyzw": [-0.5, 0.5, -0.5, 0.5],
                        },
                        "camera": {
                            "model": "brown",
                            "width_px": SIZE_PX[0],
                            "height_px": SIZE_PX[1],
                            "fx_px": 300,
                            "fy_px": 300,
                            "cx_px": 159.5,
                            "cy_px": 59.5,
                            "distortion": [-0.1, 0.01],
                        },
                    },
                ],
                "ego_poses": [
                    {
                        "at_ns": i * 100_000_000,
                        "translation_m": [i, 0, 0],
                        "quaternion_xyzw": [0, 0, 0, 1],
                    }
                    for i in range(frames)
                ],
                "frames": [
                    {
                        "at_ns": i * 100_000_000,
                        "captures": {
                            "lidar-top": {"path": f"lidar/{key}-{i}.bin"},
                            "cam-front": {
                                "path": f"cam/{key}-{i}.jpg",
                                "at_ns": i * 100_000_000 + 5_000_000,
                            },
                        },
                    }
                    for i in range(frames)
                ],
                "labels": f"labels/{key}.json",
            }
        ],
    }


def concord_labels():
    return {
        "objects": [
            {
                "id": "car-1",
                "class": "car",
                "attributes": {"parked": False},
                "keys": [
                    {
                        "at_ns": 0,
                        "cuboid": {
                            "center_m": [10, 2, 0.8],
                            "quaternion_xyzw": [0, 0, 0, 1],
                            "size_m": [4.5, 1.9, 1.6],
                        },
                    },
                    {"at_ns": 100_000_000, "cuboid": None},
                ],
                "boxes": [{"sensor": "cam-front", "at_ns": 5_000_000, "box_px": [10, 20, 60, 70]}],
            }
        ]
    }


def write_concord(root: Path, manifest=None, labels=None):
    """A manifest, and the files that it names."""
    manifest = manifest or concord_manifest()
    put(root / "manifest.json", json.dumps(manifest))
    for scene in manifest["scenes"]:
        for number, frame in enumerate(scene["frames"]):
            for capture in frame["captures"].values():
                ending = capture["path"].rpartition(".")[2]
                seed = number + len(scene["key"])
                content = (
                    bin_bytes(seed=seed)
                    if ending == "bin"
                    else picture_bytes(seed=seed, form="JPEG")
                )
                put(root / capture["path"], content)
        put(root / scene["labels"], json.dumps(labels or concord_labels()))
    return root


def zipped(root: Path, target: Path, *, inside=""):
    """Pack a folder."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(root.rglob("*")):
            if path.is_file():
                archive.write(path, f"{inside}{path.relative_to(root).as_posix()}")
    return target
