"""KITTI labels: object files for single frames, tracking files for sequences, with the calibration they stand in.

Source:
    Geiger, Lenz, Urtasun (2012), CVPR; the development kits of the object and the tracking benchmark.
"""

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import numpy as np

from apps.deliveries.formats.base import Exported, ExportFormat, Losses, OutFile, slug_of
from apps.deliveries.snapshot import FrameView, KeyView, ObjectView, SceneSnapshot, SensorView
from apps.operations.services.labels import OCCLUSION
from apps.scenes.importers.kitti_labels import box_in_rect
from numerics.geometry.camera import Camera, camera_of
from numerics.geometry.cuboid import Cuboid
from numerics.geometry.projection import ProjectedBox, project_cuboid
from numerics.geometry.rigid import Rigid

UNKNOWN_OCCLUSION = 3
NO_CUBOID = "-1 -1 -1 -1000 -1000 -1000 -10"
_OWN = frozenset({"truncation", "occlusion", "alpha", "score"})


@dataclass(frozen=True, slots=True)
class _View:
    """The camera whose labels are written, and the rectified frame in which they stand.

    Attributes:
        sensor: The camera.
        camera: Its model.
        rect_from_ego: KITTI's rectified camera 0; the camera itself where the recording is not KITTI's.
    """

    sensor: SensorView
    camera: Camera
    rect_from_ego: Rigid


def export(snapshot: SceneSnapshot) -> Exported:
    """Write a scene as KITTI labels of its main camera."""
    losses = Losses()
    view = _view(snapshot)
    if view is None:
        losses.add("scene", why="KITTI labels stand in a camera, and the scene has none.")
        return Exported((), tuple(losses))
    single = len(snapshot.frames) == 1
    name = _name(snapshot, view) if single else slug_of(snapshot)
    lines: list[str] = []
    for frame in snapshot.frames:
        for number, labelled in enumerate(snapshot.objects):
            line = _line(snapshot, view, labelled, frame=frame, losses=losses)
            if line is not None:
                lines.append(line if single else f"{frame.index} {_track(line, number)} {line}")
    _count_losses(snapshot, view, losses=losses)
    folder = "label_2" if single else "label_02"
    calibration = _calibration(snapshot, view).encode()
    files = [
        OutFile(f"{folder}/{name}.txt", "".join(f"{line}\n" for line in lines).encode()),
        OutFile(f"calib/{name}.txt", calibration),
    ]
    return Exported(tuple(files), tuple(losses))


def _view(snapshot: SceneSnapshot) -> _View | None:
    cameras = snapshot.of_modality("camera")
    usable = [sensor for sensor in cameras if sensor.camera is not None]
    if not usable:
        return None
    kept = snapshot.way_back.get("kitti", {})
    sensor = next((s for s in usable if s.key == kept.get("camera")), _forward(usable))
    model = sensor.camera or {}
    camera = camera_of(
        model["model"],
        (model["width_px"], model["height_px"]),
        (model["fx_px"], model["fy_px"], model["cx_px"], model["cy_px"]),
        distortion=model.get("distortion", ()),
    )
    matrix = kept.get("rect_from_ego")
    rect_from_ego = (
        Rigid.of_matrix(np.array(matrix, dtype=np.float64))
        if matrix is not None
        else sensor.ego_from_sensor.inverse()
    )
    return _View(sensor, camera, rect_from_ego)


def _forward(cameras: list[SensorView]) -> SensorView:
    """The camera that looks forward most."""
    return max(cameras, key=lambda sensor: float(sensor.ego_from_sensor.rotation[0, 2]))


def _name(snapshot: SceneSnapshot, view: _View) -> str:
    """The file's own name where it came from KITTI (000007), else the scene's."""
    capture = snapshot.frames[0].captures.get(view.sensor.key)
    stem = PurePosixPath(capture.source_path).stem if capture else ""
    return stem if stem.isdigit() else slug_of(snapshot)


def _line(
    snapshot: SceneSnapshot,
    view: _View,
    labelled: ObjectView,
    *,
    frame: FrameView,
    losses: Losses,
) -> str | None:
    capture = frame.captures.get(view.sensor.key)
    at_ns = frame.at_ns if capture is None else capture.at_ns
    key = labelled.sensor_key_at(view.sensor.key, at_ns)
    cuboid = snapshot.cuboid_at(labelled, frame.at_ns)
    projected = None
    if cuboid is not None:
        camera_from_world = (snapshot.ego_at(at_ns) @ view.sensor.ego_from_sensor).inverse()
        projected = project_cuboid(cuboid.transform(camera_from_world), view.camera)
    box = _box(key, projected)
    if box is None:
        if cuboid is not None:
            losses.add("cuboid out of sight", why="KITTI labels hold what its camera sees.")
        return None
    world = next((k for k in labelled.world_keys() if k.at_ns == frame.at_ns), None)
    values = {
        **labelled.attributes,
        **(world.attributes if world else {}),
        **(key.attributes if key else {}),
    }
    return _written(
        snapshot,
        view,
        labelled,
        box=box,
        cuboid=cuboid,
        values=values,
        projected=projected,
        at_ns=frame.at_ns,
    )


def _written(  # noqa: PLR0913 - a KITTI line has this many parts
    snapshot: SceneSnapshot,
    view: _View,
    labelled: ObjectView,
    *,
    box: tuple[float, ...],
    cuboid: Cuboid | None,
    values: dict[str, Any],
    projected: ProjectedBox | None,
    at_ns: int,
) -> str:
    name = snapshot.class_names.get("kitti", {}).get(labelled.class_key, labelled.class_key)
    bounds = " ".join(f"{value:.2f}" for value in box)
    if cuboid is None:
        truncated, occluded = values.get("truncation", -1), _occluded(values, unknown=-1)
        return f"{name} {_number(truncated)} {_number(occluded)} -10 {bounds} {NO_CUBOID}"
    in_ego = cuboid.transform(snapshot.ego_at(at_ns).inverse())
    bottom, ry_rad = box_in_rect(in_ego, ego_from_rect=view.rect_from_ego.inverse())
    alpha = values.get("alpha", _wrapped(ry_rad - float(np.arctan2(bottom[0], bottom[2]))))
    truncated = values.get("truncation", round(projected.truncation, 2) if projected else 0)
    occluded = _occluded(values, unknown=UNKNOWN_OCCLUSION)
    length, width, height = (float(value) for value in cuboid.size_m)
    parts = [
        name,
        _number(truncated),
        _number(occluded),
        f"{alpha:.4f}",
        bounds,
        f"{height:.4f} {width:.4f} {length:.4f}",
        " ".join(f"{value:.4f}" for value in bottom),
        f"{ry_rad:.5f}",
    ]
    if "score" in values:
        parts.append(f"{values['score']:.4f}")
    return " ".join(parts)


def _box(key: KeyView | None, projected: ProjectedBox | None) -> tuple[float, ...] | None:
    """The drawn box, or the projected one; nothing where the object is said not to be visible."""
    if key is not None and key.state == "not_visible":
        return None
    if key is not None and key.geometry is not None:
        return tuple(float(value) for value in key.geometry["box_px"])
    return tuple(projected.clipped_px) if projected else None


def _wrapped(angle_rad: float) -> float:
    return float((angle_rad + np.pi) % (2 * np.pi) - np.pi)


def _occluded(values: dict[str, Any], *, unknown: int) -> int:
    """KITTI's number for how much is hidden."""
    return next((n for n, word in OCCLUSION.items() if word == values.get("occlusion")), unknown)


def _number(value: Any) -> str:
    """Whole numbers without a point, as KITTI writes occlusion; others with two places."""
    number = float(value)
    return str(int(number)) if number == int(number) else f"{number:.2f}"


def _track(line: str, number: int) -> int:
    """The track's number; DontCare regions have none."""
    return -1 if line.startswith("DontCare") else number


def _count_losses(snapshot: SceneSnapshot, view: _View, *, losses: Losses) -> None:
    for sensor in snapshot.of_modality("camera"):
        if sensor.key != view.sensor.key:
            losses.add(f"boxes in {sensor.key}", why="KITTI labels hold one camera.")
    if view.sensor.camera and any(view.sensor.camera.get("distortion", ())):
        losses.add("lens distortion", why="KITTI's projection matrix holds none.")
    for labelled in snapshot.objects:
        lost = set(labelled.attributes) - _OWN
        for keys in labelled.streams.values():
            lost.update(*(set(key.attributes) - _OWN for key in keys))
        for name in sorted(lost):
            losses.add(f"attribute {name}", why="KITTI's columns have no place for it.")


def _calibration(snapshot: SceneSnapshot, view: _View) -> str:
    """The calibration file, in the frame in which the labels are written."""
    model = view.sensor.camera or {}
    projection = np.zeros((3, 4))
    projection[0] = [model["fx_px"], 0, model["cx_px"], 0]
    projection[1] = [0, model["fy_px"], model["cy_px"], 0]
    projection[2, 2] = 1
    lidars = snapshot.of_modality("lidar")
    ego_from_lidar = lidars[0].ego_from_sensor if lidars else Rigid.identity()
    rect_from_lidar = view.rect_from_ego @ ego_from_lidar
    rows = {
        **{f"P{index}": projection for index in range(4)},
        "R0_rect": np.eye(3),
        "Tr_velo_to_cam": np.column_stack(
            [rect_from_lidar.rotation, rect_from_lidar.translation_m]
        ),
    }
    return "".join(
        f"{name}: {' '.join(f'{value:.12e}' for value in matrix.ravel())}\n"
        for name, matrix in rows.items()
    )


KITTI = ExportFormat(
    "kitti",
    "KITTI",
    "One text file a frame (or a sequence), labels of the main camera, with its calibration.",
    export,
)
