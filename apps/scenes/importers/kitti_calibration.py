"""KITTI's calibration files, and the rig of sensors that they describe.

The ego frame is laid below the LiDAR, on the road: x forward, y left, z up.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from apps.modalities.base import Unreadable
from apps.scenes.importers.base import Intrinsics
from apps.scenes.importers.faults import SceneRefused, fault_of
from apps.scenes.importers.recording import Recording
from numerics.arrays import FloatArray
from numerics.geometry.rigid import Rigid

LIDAR_HEIGHT_M = 1.73
EGO_FROM_VELODYNE = Rigid(np.eye(3), np.array([0.0, 0.0, LIDAR_HEIGHT_M]))
EGO_NOTE = (
    "The ego frame lies below the LiDAR on the road, at KITTI's documented mounting height of"
    f" {LIDAR_HEIGHT_M} m."
)
DOWNLOAD_AGAIN = "Compare it with an original KITTI calibration file, or copy it again."


@dataclass(frozen=True, slots=True, eq=False)
class KittiCamera:
    """A rectified camera.

    Attributes:
        intrinsics: A pinhole.
        camera_from_rect: From the rectified frame of camera 0, a shift along the baseline.
    """

    intrinsics: Intrinsics
    camera_from_rect: Rigid


@dataclass(frozen=True, slots=True, eq=False)
class KittiRig:
    """Where everything sits.

    Attributes:
        rect_from_velodyne: Into the rectified frame of camera 0, in which KITTI's labels stand.
        cameras: By number, 2 for the left colour camera.
        velodyne_from_imu: None where the recording does not say.
    """

    rect_from_velodyne: Rigid
    cameras: dict[int, KittiCamera]
    velodyne_from_imu: Rigid | None = None

    @property
    def ego_from_rect(self) -> Rigid:
        """From the labels' frame to the ego frame."""
        return EGO_FROM_VELODYNE @ self.rect_from_velodyne.inverse()

    def ego_from_camera(self, number: int) -> Rigid:
        """From a camera to the ego frame."""
        return self.ego_from_rect @ self.cameras[number].camera_from_rect.inverse()


def way_back(rig: KittiRig, *, camera_key: str) -> dict[str, Any]:
    """Keep the frame in which the labels stood, so that they can be written there again."""
    rect_from_ego = rig.ego_from_rect.inverse()
    matrix = np.eye(4)
    matrix[:3, :3], matrix[:3, 3] = rect_from_ego.rotation, rect_from_ego.translation_m
    return {"kitti": {"camera": camera_key, "rect_from_ego": matrix.tolist()}}


def read_entries(recording: Recording, path: str) -> dict[str, FloatArray]:
    """Read the named rows of numbers of a calibration file; rows of other things are left out.

    Raises:
        Unreadable: If the file is missing or is no text.
    """
    entries = {}
    for line in recording.text(path).splitlines():
        name, _, rest = line.strip().replace(":", " ", 1).partition(" ")
        try:
            entries[name] = np.array([float(word) for word in rest.split()])
        except ValueError:
            continue
    return entries


def matrix(
    entries: Mapping[str, FloatArray], names: Iterable[str], *, shape: tuple[int, int]
) -> FloatArray:
    """Take the first of several names, as a matrix.

    Raises:
        Unreadable: If none is there, or it has not the numbers that the shape needs.
    """
    wanted = list(names)
    found = next((name for name in wanted if name in entries), None)
    if found is None:
        raise Unreadable(wanted[0], "The file has no such entry.", mend=DOWNLOAD_AGAIN)
    numbers = entries[found]
    if numbers.size != shape[0] * shape[1]:
        raise Unreadable(
            found,
            f"It has {numbers.size} numbers; a {shape[0]}x{shape[1]} matrix needs"
            f" {shape[0] * shape[1]}.",
            mend=DOWNLOAD_AGAIN,
        )
    if not np.isfinite(numbers).all():
        raise Unreadable(found, "One of its numbers is not finite.", mend=DOWNLOAD_AGAIN)
    return numbers.reshape(shape)


def rigid(name: str, rotation: FloatArray, translation_m: FloatArray | None = None) -> Rigid:
    """Build a pose from a 3x3 (and a shift) or a 3x4 matrix.

    Raises:
        Unreadable: If the rotation is none.
    """
    shift = np.zeros(3) if translation_m is None else translation_m.reshape(3)
    whole = rotation if rotation.shape == (3, 4) else np.column_stack([rotation, shift])
    try:
        return Rigid.of_matrix(whole)
    except ValueError as error:
        raise Unreadable(name, str(error), mend=DOWNLOAD_AGAIN) from error


def camera(
    name: str, projection: FloatArray, *, size_px: tuple[int, int] | None = None
) -> KittiCamera:
    """Split KITTI's 3x4 projection into a pinhole and the camera's place.

    Raises:
        Unreadable: If it is no projection of a rectified camera.
    """
    inner = projection[:, :3]
    upright = np.array([[1, 0, 1], [0, 1, 1], [0, 0, 1]], bool)
    if not np.allclose(inner[~upright], 0) or not np.allclose(inner[2, 2], 1):
        raise Unreadable(
            name, "It is no projection matrix of a rectified camera.", mend=DOWNLOAD_AGAIN
        )
    if inner[0, 0] <= 0 or inner[1, 1] <= 0:
        raise Unreadable(name, "A focal length is not above 0.", mend=DOWNLOAD_AGAIN)
    width, height = size_px or (None, None)
    intrinsics = Intrinsics(
        model="pinhole",
        fx_px=float(inner[0, 0]),
        fy_px=float(inner[1, 1]),
        cx_px=float(inner[0, 2]),
        cy_px=float(inner[1, 2]),
        width_px=width,
        height_px=height,
    )
    shift_m: FloatArray = np.linalg.solve(inner, projection[:, 3]).astype(np.float64)
    return KittiCamera(intrinsics, Rigid(np.eye(3), shift_m))


def read_rig(recording: Recording, path: str, *, cameras: Iterable[int]) -> KittiRig:
    """Read the calibration file of an object frame or a tracking sequence.

    Raises:
        Unreadable: If an entry is missing or wrong.
    """
    entries = read_entries(recording, path)
    found = {
        number: camera(f"P{number}", matrix(entries, [f"P{number}"], shape=(3, 4)))
        for number in cameras
    }
    rectify = rigid("R0_rect", matrix(entries, ["R0_rect", "R_rect"], shape=(3, 3)))
    names = ["Tr_velo_to_cam", "Tr_velo_cam"]
    rect_from_velodyne = rectify @ rigid(names[0], matrix(entries, names, shape=(3, 4)))
    imu = ["Tr_imu_to_velo", "Tr_imu_velo"]
    has_imu = any(name in entries for name in imu)
    velodyne_from_imu = rigid(imu[0], matrix(entries, imu, shape=(3, 4))) if has_imu else None
    return KittiRig(rect_from_velodyne, found, velodyne_from_imu)


def read_raw_rig(
    recording: Recording, folder: str, *, cameras: Iterable[int]
) -> tuple[KittiRig, list[str]]:
    """Read the three calibration files of a day of raw drives.

    Args:
        recording: The recording.
        folder: Where the files lie, with its trailing slash, or nothing.
        cameras: Numbers of the cameras that are wanted.

    Returns:
        The rig, and the files that were read.

    Raises:
        SceneRefused: If an entry is missing or wrong.
    """
    cams, velo, imu = (
        f"{folder}calib_{name}.txt" for name in ("cam_to_cam", "velo_to_cam", "imu_to_velo")
    )
    used = [cams, velo] + ([imu] if imu in recording else [])
    path = cams
    try:
        entries = read_entries(recording, cams)
        found = {number: _raw_camera(entries, number) for number in cameras}
        rectify = rigid("R_rect_00", matrix(entries, ["R_rect_00"], shape=(3, 3)))
        path = velo
        rect_from_velodyne = rectify @ _transform(recording, velo)
        path = imu
        velodyne_from_imu = _transform(recording, imu) if imu in recording else None
    except Unreadable as error:
        raise SceneRefused(fault_of(path, error)) from error
    return KittiRig(rect_from_velodyne, found, velodyne_from_imu), used


def _raw_camera(entries: Mapping[str, FloatArray], number: int) -> KittiCamera:
    width, height = matrix(entries, [f"S_rect_0{number}"], shape=(1, 2))[0]
    name = f"P_rect_0{number}"
    size_px = (round(width), round(height))
    return camera(name, matrix(entries, [name], shape=(3, 4)), size_px=size_px)


def _transform(recording: Recording, path: str) -> Rigid:
    entries = read_entries(recording, path)
    return rigid("R", matrix(entries, ["R"], shape=(3, 3)), matrix(entries, ["T"], shape=(1, 3)))
