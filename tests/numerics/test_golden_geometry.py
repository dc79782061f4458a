"""Geometry against the golden vectors."""

import numpy as np
import pytest

from numerics.geometry.cuboid import Cuboids
from numerics.geometry.overlap import bev_iou, box_iou, iou_3d, overlap_of_smaller
from numerics.geometry.projection import project_cuboid
from numerics.geometry.rigid import PoseTrack, quaternion_of
from numerics.geometry.trajectory import Keyframe, Motion, Trajectory
from tests.numerics.golden import a_camera, a_cuboid, a_pose, cases, same


@cases("rigid")
def test_a_pose_moves_points_and_back(given, expected):
    pose = a_pose(given["pose"])
    points = np.array(given["points_m"])

    assert same(pose.apply(points), expected["applied_m"])
    assert same(pose.inverse().apply(points), expected["inverse_applied_m"])
    assert same(pose.rotation, expected["rotation"])
    assert same(pose.quaternion_xyzw, expected["quaternion_xyzw"])


@cases("compose")
def test_poses_chain(given, expected):
    a_from_c = a_pose(given["a_from_b"]) @ a_pose(given["b_from_c"])

    assert same(a_from_c.quaternion_xyzw, expected["quaternion_xyzw"])
    assert same(a_from_c.translation_m, expected["translation_m"])


@cases("poses")
def test_poses_are_interpolated_by_time(given, expected):
    track = PoseTrack(
        np.array([p["time_s"] for p in given["poses"]]),
        np.array([p["quaternion_xyzw"] for p in given["poses"]]),
        np.array([p["translation_m"] for p in given["poses"]]),
    )
    if expected is None:
        with pytest.raises(ValueError, match="No pose is known"):
            track.at(given["time_s"])
        return

    pose = track.at(given["time_s"])[0]

    assert same(pose.quaternion_xyzw, expected["quaternion_xyzw"])
    assert same(pose.translation_m, expected["translation_m"])


@cases("cuboid")
def test_a_cuboid_has_its_corners(given, expected):
    cuboid = a_cuboid(given)

    assert same(cuboid.corners_m, expected["corners_m"])
    assert same(cuboid.yaw_rad, expected["yaw_rad"])
    assert same(cuboid.bottom_m, expected["bottom_m"])
    assert same(Cuboids.of([cuboid]).corners_m[0], expected["corners_m"])


@cases("camera")
def test_a_camera_projects_and_goes_back(given, expected):
    camera = a_camera(given["camera"])
    radius = expected["valid_radius"]
    known = np.array([p is not None for p in expected["pixels_px"]])

    pixels, valid = camera.project(np.array(given["points_m"]))

    assert same(camera.valid_radius, float("inf") if radius is None else radius)
    assert valid.tolist() == known.tolist()
    assert np.isnan(pixels[~known]).all()
    assert same(pixels[known], [p for p in expected["pixels_px"] if p is not None])
    assert same(camera.unproject(pixels[known]), [r for r in expected["rays"] if r is not None])


@cases("projection")
def test_a_camera_sees_a_cuboid(given, expected):
    box = project_cuboid(a_cuboid(given["cuboid"]), a_camera(given["camera"]))

    assert (box is None) == (expected is None)
    if box is not None:
        assert same(box.full_px, expected["full_px"])
        assert same(box.clipped_px, expected["clipped_px"])
        assert same(box.truncation, expected["truncation"])
        assert same(box.depth_m, expected["depth_m"])


@cases("overlap")
def test_cuboids_overlap(given, expected):
    a, b = Cuboids.of([a_cuboid(given["a"])]), Cuboids.of([a_cuboid(given["b"])])

    assert same(bev_iou(a, b)[0, 0], expected["bev_iou"])
    assert same(iou_3d(a, b)[0, 0], expected["iou_3d"])
    assert same(overlap_of_smaller(a, b)[0, 0], expected["of_smaller"])


@cases("boxes")
def test_boxes_overlap(given, expected):
    assert same(
        box_iou(np.array(given["a_px"], float), np.array(given["b_px"], float)), expected["iou"]
    )


@cases("trajectory")
def test_an_object_is_between_its_keyframes(given, expected):
    keyframes = [
        Keyframe(k["time_s"], None if k["cuboid"] is None else a_cuboid(k["cuboid"]), k["stop"])
        for k in given["keyframes"]
    ]

    evaluated = Trajectory(keyframes, Motion(**given["motion"])).at([given["time_s"]])

    assert evaluated.present.tolist() == [expected is not None]
    if expected is not None:
        assert same(evaluated.cuboids.center_m[0], expected["center_m"])
        turned = quaternion_of(evaluated.cuboids.rotation[0])
        assert same(
            turned * np.sign(turned @ expected["quaternion_xyzw"]), expected["quaternion_xyzw"]
        )
        assert same(evaluated.cuboids.size_m[0], expected["size_m"])
        assert same(evaluated.velocity_m_s[0], expected["velocity_m_s"])
