"""A calibration is written once; a better one is a new version."""

import pytest
from django.db import DatabaseError, transaction

from apps.core.errors import Invalid
from apps.scenes.models import Calibration
from apps.scenes.services.calibrating import new_calibration
from tests.factories.projects import make_project
from tests.factories.scenes import make_scene

CAMERA = {
    "model": "brown",
    "width_px": 1600,
    "height_px": 900,
    "fx_px": 1200,
    "fy_px": 1200,
    "cx_px": 800,
    "cy_px": 450,
    "distortion": [0.1],
}
POSE = {"translation_m": [1, 0, 1.5], "quaternion_xyzw": [-0.5, 0.5, -0.5, 0.5]}


@pytest.fixture
def camera(db):
    return make_scene(make_project()).sensors.get(modality="camera")


def test_a_new_version_follows_and_the_old_one_stays(camera):
    before = list(Calibration.objects.filter(sensor=camera).values())

    made = new_calibration(camera, **POSE, camera=CAMERA, source="bundle adjustment")

    assert made.version == 2
    assert list(Calibration.objects.filter(sensor=camera, version=1).values()) == before


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"camera": {**CAMERA, "fx_px": 0}}, "focal lengths are above 0"),
        ({"camera": {**CAMERA, "model": "fisheye"}}, "is not known"),
        ({"camera": {"model": "pinhole"}}, "width_px"),
        ({"camera": CAMERA, "quaternion_xyzw": [0, 0, 0, 0]}, "no rotation"),
        ({"camera": CAMERA, "translation_m": [1, 2]}, "needs 3 numbers"),
        ({}, "needs a camera model"),
    ],
)
def test_what_is_no_calibration_is_refused(camera, values, said):
    with pytest.raises(Invalid, match=said):
        new_calibration(camera, **{**POSE, **values})

    assert Calibration.objects.filter(sensor=camera).count() == 1


def test_a_lidar_has_no_camera_model(camera):
    lidar = camera.scene.sensors.get(modality="lidar")

    with pytest.raises(Invalid, match="has no camera model"):
        new_calibration(lidar, **POSE, camera=CAMERA)


def test_the_database_itself_lets_no_calibration_change(camera):
    with pytest.raises(DatabaseError, match="immutable"), transaction.atomic():
        Calibration.objects.filter(sensor=camera).update(source="quietly mended")

    assert not Calibration.objects.filter(source="quietly mended").exists()
