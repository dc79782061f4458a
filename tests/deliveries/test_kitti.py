"""KITTI: columns, angles and what has no place in them."""

from dataclasses import replace

import numpy as np
import pytest

from apps.deliveries.formats.kitti import export
from apps.deliveries.snapshot import SceneSnapshot, SensorView
from tests.deliveries.conftest import CAMERA, EGO_FROM_CAMERA


def lines_of(snapshot: SceneSnapshot) -> list[list[str]]:
    labels = next(file for file in export(snapshot).files if file.path.startswith("label"))
    return [line.split() for line in labels.content.decode().splitlines()]


def test_a_single_frame_is_an_object_file_under_its_own_number(single):
    paths = [file.path for file in export(single).files]

    assert paths == ["label_2/000000.txt", "calib/000000.txt"]


def test_a_cuboid_is_written_by_its_bottom_in_the_rectified_camera(single):
    car = next(line for line in lines_of(single) if line[0] == "Car")

    assert [float(value) for value in car[8:11]] == [1.5, 1.8, 4.2]
    # Ego (15, 2, -0.8) lies 14.7 m ahead, 1.9 m left of and 0.7 m below the camera; its bottom 0.75 m lower.
    assert [float(value) for value in car[11:14]] == pytest.approx([-1.9, 1.45, 14.7], abs=1e-4)
    # It drives along the camera's axis: a quarter turn against KITTI's angle, which grows from x towards -z.
    assert float(car[14]) == pytest.approx(-np.pi / 2, abs=1e-4)


def test_a_drawn_box_is_written_as_drawn(single):
    car = next(line for line in lines_of(single) if line[0] == "Car")

    assert car[4:8] == ["450.00", "180.00", "580.00", "260.00"]


def test_a_region_without_cuboid_has_kittis_marks_for_nothing(single):
    region = next(line for line in lines_of(single) if line[0] == "DontCare")

    assert region == [
        "DontCare",
        "-1",
        "-1",
        "-10",
        "10.00",
        "20.00",
        "60.00",
        "70.00",
        "-1",
        "-1",
        "-1",
        "-1000",
        "-1000",
        "-1000",
        "-10",
    ]


def test_a_sequence_is_a_tracking_file_with_one_number_a_track(scene):
    rows = lines_of(scene)
    tracks = {(row[1], row[2]) for row in rows}

    # In frame 2 the car is said not to be visible, so KITTI has no line for it.
    assert [row[0] for row in rows if row[2] == "Car"] == ["0", "1"]
    assert tracks == {("0", "Car"), ("1", "Pedestrian"), ("-1", "DontCare")}


def test_a_camera_behind_is_a_loss_not_a_line(single):
    losses = {loss.what for loss in export(single).losses}

    assert losses == {
        "boxes in rear",
        "attribute rider",
        "attribute colour",
    }


def test_a_scene_without_cameras_says_so(single):
    blind = replace(single, sensors=single.sensors[:1])

    exported = export(blind)

    assert exported.files == ()
    assert [loss.what for loss in exported.losses] == ["scene"]


def test_the_written_calibration_projects_the_written_location(single):
    calibration = next(f for f in export(single).files if f.path.startswith("calib"))
    rows = dict(line.split(": ", 1) for line in calibration.content.decode().splitlines() if line)
    projection = np.array(rows["P2"].split(), dtype=float).reshape(3, 4)
    lidar = np.vstack(
        [np.array(rows["Tr_velo_to_cam"].split(), float).reshape(3, 4), [0, 0, 0, 1]]
    )
    pixel = projection @ lidar @ np.array([15.0, 2.0, -0.8, 1.0])

    assert pixel[:2] / pixel[2] == pytest.approx(
        [609.5 - 721.5 * 1.9 / 14.7, 172.8 + 721.5 * 0.7 / 14.7]
    )


def test_the_camera_that_looks_forward_is_the_main_one(single):
    rear_first = replace(single, sensors=(single.sensors[0], single.sensors[2], single.sensors[1]))
    front = SensorView("front", "Front", "camera", EGO_FROM_CAMERA, CAMERA, 1)

    assert rear_first.of_modality("camera")[1].ego_from_sensor.translation_m == pytest.approx(
        front.ego_from_sensor.translation_m
    )
    assert lines_of(rear_first) == lines_of(single)
