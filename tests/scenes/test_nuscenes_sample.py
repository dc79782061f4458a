"""A real nuScenes sample: after import the points in each cuboid are those that nuScenes counted."""

import numpy as np
import pytest
from django.core.files.storage import default_storage

from apps.modalities.lidar.reader import read_sweep
from apps.scenes.media import asset_name
from apps.scenes.models import Calibration, Capture, EgoPose, Scene
from apps.scenes.selectors.scenes import imported_labels
from numerics.geometry.camera import camera_of
from numerics.geometry.cuboid import Cuboids
from numerics.geometry.inside import PointGrid, count_inside
from numerics.geometry.projection import project_cuboid
from numerics.geometry.rigid import Rigid
from tests.scenes.nuscenes_sample import write_sample

pytestmark = pytest.mark.shared


@pytest.fixture
def scene(bring_in, tmp_path):
    ordered, _ = bring_in(write_sample(tmp_path), with_labels=True)
    assert ordered.scenes.count() == 1
    return Scene.objects.get()


def pose_of(row):
    return Rigid.of(row.quaternion_xyzw, row.translation_m)


def world_from_ego(scene):
    pose = EgoPose.objects.get(scene=scene)
    return Rigid.of((pose.qx, pose.qy, pose.qz, pose.qw), (pose.x_m, pose.y_m, pose.z_m))


def test_seven_sensors_come_in_with_their_own_times(scene):
    captures = Capture.objects.filter(frame__scene=scene)

    assert scene.sensors.count() == captures.count() == 7
    assert len(set(captures.values_list("at_ns", flat=True))) == 7


def test_the_points_in_each_cuboid_are_those_that_nuscenes_counted(scene):
    capture = Capture.objects.select_related("original").get(sensor__key="LIDAR_TOP")
    name = asset_name(capture.original.sha256, capture.original.extension)
    with default_storage.open(name) as file:
        sweep = read_sweep(file.read(), capture.source_path)
    ego_from_lidar = pose_of(Calibration.objects.get(sensor=capture.sensor))
    grid = PointGrid.build(ego_from_lidar.apply(sweep.points_m.astype(float)))
    labels = imported_labels(scene)
    ego_from_world = world_from_ego(scene).inverse()
    cuboids = Cuboids.of([label.keys[0].cuboid.transform(ego_from_world) for label in labels])

    counted = count_inside(cuboids, grid)

    stored = np.array([label.keys[0].attributes["num_lidar_pts"] for label in labels])
    assert len(labels) == 69
    assert np.count_nonzero(np.abs(counted - stored) > 2) <= 2


def test_cuboids_are_seen_in_the_cameras_that_look_at_them(scene):
    calibration = Calibration.objects.select_related("sensor").get(sensor__key="CAM_FRONT")
    model = calibration.camera
    camera = camera_of(
        model["model"],
        (model["width_px"], model["height_px"]),
        [model[name] for name in ("fx_px", "fy_px", "cx_px", "cy_px")],
        distortion=model["distortion"],
    )
    camera_from_world = (world_from_ego(scene) @ pose_of(calibration)).inverse()
    ahead = 0
    for label in imported_labels(scene):
        in_camera = label.keys[0].cuboid.transform(camera_from_world)
        seen = project_cuboid(in_camera, camera)
        x, _, z = in_camera.center_m
        if z > 5 and abs(x) < 0.4 * z:
            ahead += 1
            assert seen is not None
        elif z < -5:
            assert seen is None
    assert ahead > 5
