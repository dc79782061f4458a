"""Makes scenes without files: rows enough for tasks and labels."""

import hashlib
from itertools import count

from apps.projects.models import Project
from apps.scenes.models import Asset, Calibration, Capture, Frame, Scene, Sensor

FRAME_NS = 100_000_000

_numbers = count(1)


def make_scene(project: Project, name: str = "", *, frame_count: int = 3) -> Scene:
    """A scene of one LiDAR and one camera in front, at 10 Hz, without captures."""
    name = name or f"scene-{next(_numbers)}"
    scene = Scene.objects.create(
        project=project,
        name=name,
        source_key=name,
        source_format="made",
        t0_ns=1_700_000_000_000_000_000,
        duration_ns=(frame_count - 1) * FRAME_NS,
        frame_count=frame_count,
    )
    Frame.objects.bulk_create(
        Frame(scene=scene, index=index, at_ns=index * FRAME_NS) for index in range(frame_count)
    )
    lidar = Sensor.objects.create(scene=scene, key="LIDAR_TOP", label="LiDAR", modality="lidar")
    camera = Sensor.objects.create(
        scene=scene, key="CAM_FRONT", label="Camera", modality="camera", position=1
    )
    Calibration.objects.create(
        sensor=lidar, translation_m=[0, 0, 1.8], quaternion_xyzw=[0, 0, 0, 1]
    )
    Calibration.objects.create(
        sensor=camera,
        translation_m=[1.5, 0, 1.5],
        quaternion_xyzw=[-0.5, 0.5, -0.5, 0.5],
        camera={
            "model": "pinhole",
            "width_px": 1600,
            "height_px": 900,
            "fx_px": 1266,
            "fy_px": 1266,
            "cx_px": 800,
            "cy_px": 450,
            "distortion": [],
        },
    )
    return scene


def make_asset(extension: str = "bin", *, content: bytes = b"") -> Asset:
    """A row of a file that lies nowhere."""
    return Asset.objects.create(
        sha256=hashlib.sha256(content or f"asset {next(_numbers)}".encode()).hexdigest(),
        extension=extension,
        media_type="application/octet-stream",
        size_bytes=len(content),
    )


def make_capture(scene: Scene, sensor_key: str = "LIDAR_TOP", *, frame_index: int = 0) -> Capture:
    """A capture of one sensor in one frame, without files."""
    frame = Frame.objects.get(scene=scene, index=frame_index)
    lidar = sensor_key.startswith("LIDAR")
    return Capture.objects.create(
        frame=frame,
        sensor=Sensor.objects.get(scene=scene, key=sensor_key),
        at_ns=frame.at_ns,
        source_path=f"{sensor_key}/{frame_index}.bin",
        original=make_asset("bin" if lidar else "jpg"),
        display=make_asset("pts" if lidar else "webp"),
        point_count=100 if lidar else None,
        width_px=None if lidar else 1600,
        height_px=None if lidar else 900,
    )
