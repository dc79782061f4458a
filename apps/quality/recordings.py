"""Reads a scene's recording for the checks, once for each state of its calibrations."""

from collections import OrderedDict
from threading import Lock
from typing import Any

import numpy as np
from django.db.models import Count, Max

from apps.annotation.rulebook import Recording
from apps.quality.checks.view import CloudFiles, Look, Poses, SceneView, ego_poses
from apps.scenes.media import asset_name
from apps.scenes.models import Calibration, Capture, EgoPose, Frame, Scene, Sensor
from numerics.geometry.camera import Camera, camera_of
from numerics.geometry.rigid import PoseTrack, Rigid

NS = 1e-9
MOST_KEPT = 32

Fingerprint = tuple[Any, ...]

_kept: OrderedDict[int, tuple[Fingerprint, SceneView]] = OrderedDict()
_lock = Lock()


def scene_view(scene: Scene) -> SceneView:
    """The scene's recording under its newest calibrations, made now or kept from before."""
    fingerprint = _fingerprint(scene)
    with _lock:
        found = _kept.get(scene.pk)
        if found is not None and found[0] == fingerprint:
            _kept.move_to_end(scene.pk)
            return found[1]
    view = read_view(scene)
    with _lock:
        _kept[scene.pk] = (fingerprint, view)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return view


def read_view(scene: Scene) -> SceneView:
    """Read sensors, calibrations, captures and poses: five queries, however long the scene is."""
    frames = list(Frame.objects.filter(scene=scene).order_by("index").values_list("pk", "at_ns"))
    frame_ns = np.array([at_ns for _, at_ns in frames], np.int64)
    places = {pk: place for place, (pk, _) in enumerate(frames)}
    path = _path(scene)
    captures: dict[int, list[Capture]] = {}
    rows = Capture.objects.filter(frame__scene=scene).select_related("original", "ground")
    for capture in rows.order_by("sensor", "at_ns"):
        captures.setdefault(capture.sensor_id, []).append(capture)
    cameras, lidars = {}, []
    for calibration in newest_calibrations(scene):
        sensor = calibration.sensor
        if sensor.modality == "camera" and calibration.camera is not None:
            cameras[sensor.key] = _look(
                calibration, (captures.get(sensor.pk, []), places), path=path
            )
        elif sensor.modality == "lidar":
            lidars.append(_look(calibration, (captures.get(sensor.pk, []), places), path=path))
    return SceneView(scene.pk, frame_ns, cameras, tuple(lidars), path, _bounds(scene, captures))


def newest_calibrations(scene: Scene) -> list[Calibration]:
    """The calibration in force of each sensor, in the order of the sensors."""
    found: dict[int, Calibration] = {}
    for row in (
        Calibration.objects.filter(sensor__scene=scene)
        .select_related("sensor")
        .order_by("sensor__position", "sensor__key", "version")
    ):
        found[row.sensor_id] = row
    return list(found.values())


def _fingerprint(scene: Scene) -> Fingerprint:
    """What changes when the recording does: a calibration is added, captures come in."""
    seen = Sensor.objects.filter(scene=scene).aggregate(
        Max("calibrations__pk"), Count("captures", distinct=True)
    )
    return (scene.updated_at, scene.frame_count, *seen.values())


def _bounds(scene: Scene, captures: dict[int, list[Capture]]) -> Recording:
    sensors = list(Sensor.objects.filter(scene=scene))
    return Recording(
        scene.duration_ns,
        {sensor.key: (sensor.pk, sensor.modality) for sensor in sensors},
        {
            sensor.key: frozenset(row.at_ns for row in captures.get(sensor.pk, ()))
            for sensor in sensors
        },
    )


def _look(
    calibration: Calibration,
    captures: tuple[list[Capture], dict[int, int]],
    *,
    path: PoseTrack | None,
) -> Look:
    rows, places = captures
    at_ns = np.array([row.at_ns for row in rows], np.int64)
    ego_from_sensor = Rigid.of(calibration.quaternion_xyzw, calibration.translation_m)
    poses = [(pose @ ego_from_sensor).inverse() for pose in ego_poses(path, at_ns)]
    is_lidar = calibration.sensor.modality == "lidar"
    return Look(
        key=calibration.sensor.key,
        sensor_id=calibration.sensor_id,
        calibration_id=calibration.pk,
        at_ns=at_ns,
        frame=np.array([places[row.frame_id] for row in rows], np.intp),
        capture_ids=np.array([row.pk for row in rows], np.int64),
        sensor_from_world=Poses.of(poses),
        camera=_camera(calibration.camera),
        files=tuple(_files(row) for row in rows) if is_lidar else (),
    )


def _files(row: Capture) -> CloudFiles:
    ground = row.ground
    return CloudFiles(
        asset_name(row.original.sha256, row.original.extension),
        None if ground is None else asset_name(ground.sha256, ground.extension),
    )


def _camera(said: dict[str, Any] | None) -> Camera | None:
    if said is None:
        return None
    return camera_of(
        said["model"],
        (said["width_px"], said["height_px"]),
        (said["fx_px"], said["fy_px"], said["cx_px"], said["cy_px"]),
        distortion=said["distortion"],
    )


def _path(scene: Scene) -> PoseTrack | None:
    rows = np.array(
        EgoPose.objects.filter(scene=scene)
        .order_by("at_ns")
        .values_list("at_ns", "x_m", "y_m", "z_m", "qx", "qy", "qz", "qw"),
        float,
    ).reshape(-1, 8)
    if not len(rows):
        return None
    quaternions = rows[:, 4:] / np.linalg.norm(rows[:, 4:], axis=1, keepdims=True)
    return PoseTrack(rows[:, 0] * NS, quaternions, rows[:, 1:4])
