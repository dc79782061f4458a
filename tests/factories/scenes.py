"""Makes scenes without files: rows enough for tasks and labels."""

from itertools import count

from apps.projects.models import Project
from apps.scenes.models import Calibration, Frame, Scene, Sensor

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
