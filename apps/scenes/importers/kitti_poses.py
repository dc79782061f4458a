"""KITTI's GPS/IMU records (oxts), turned into poses of the ego frame."""

import math
from collections.abc import Mapping

import numpy as np

from apps.modalities.base import Unreadable
from apps.scenes.importers.kitti_calibration import EGO_FROM_VELODYNE
from numerics.arrays import FloatArray
from numerics.geometry.rigid import Rigid

EARTH_RADIUS_M = 6378137.0
POSE_COLUMNS = 6
# Latitude, longitude (degrees), altitude (m), roll, pitch, yaw (rad).
FARTHEST = np.array([89.0, 360.0, 20_000.0, 7.0, 7.0, 7.0])


def parse_oxts(text: str, *, where: str) -> FloatArray:
    """Read one record: latitude, longitude (degrees), altitude (m), roll, pitch, yaw (rad).

    Raises:
        Unreadable: If it has fewer numbers, or they are no place on Earth.
    """
    words = text.split()[:POSE_COLUMNS]
    try:
        numbers = np.array([float(word) for word in words])
    except ValueError:
        numbers = np.zeros(0)
    if len(numbers) < POSE_COLUMNS or not np.isfinite(numbers).all():
        raise Unreadable(
            where,
            "It does not begin with latitude, longitude, altitude, roll, pitch and yaw.",
            mend="Copy the oxts file again.",
        )
    if (np.abs(numbers) > FARTHEST).any():
        raise Unreadable(
            where, "Its place or its turn is none on Earth.", mend="Copy the oxts file again."
        )
    return numbers


def ego_poses(records: Mapping[int, FloatArray], *, velodyne_from_imu: Rigid) -> dict[int, Rigid]:
    """Place the ego frame in a world whose axes are east, north and up at the first record.

    Args:
        records: By frame, as `parse_oxts` gives them.
        velodyne_from_imu: From the calibration.

    Returns:
        `world_from_ego` by frame; the first one is at the world's origin.

    Source:
        The Mercator projection of KITTI's raw development kit (Geiger et al. 2013), with the scale
        of the first record's latitude.
    """
    if not records:
        return {}
    first = records[min(records)]
    scale = math.cos(math.radians(first[0]))
    imu_from_ego = (EGO_FROM_VELODYNE @ velodyne_from_imu).inverse()
    placed = {
        frame: _world_from_imu(record, scale) @ imu_from_ego for frame, record in records.items()
    }
    origin_m = placed[min(placed)].translation_m
    return {
        frame: Rigid(pose.rotation, pose.translation_m - origin_m)
        for frame, pose in placed.items()
    }


def _world_from_imu(record: FloatArray, scale: float) -> Rigid:
    latitude, longitude, altitude_m, roll, pitch, yaw = (float(number) for number in record)
    east_m = scale * EARTH_RADIUS_M * math.radians(longitude)
    north_m = scale * EARTH_RADIUS_M * math.log(math.tan(math.radians(90 + latitude) / 2))
    turn = _about(2, yaw) @ _about(1, pitch) @ _about(0, roll)
    return Rigid(turn, np.array([east_m, north_m, altitude_m]))


def _about(axis: int, angle_rad: float) -> FloatArray:
    turned = np.eye(3)
    first, second = [(1, 2), (2, 0), (0, 1)][axis]
    turned[first, first] = turned[second, second] = math.cos(angle_rad)
    turned[first, second], turned[second, first] = -math.sin(angle_rad), math.sin(angle_rad)
    return turned
