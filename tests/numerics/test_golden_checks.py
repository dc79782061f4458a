"""Checks against the golden vectors."""

import math
from dataclasses import asdict

import numpy as np

from numerics.checks.draft import Noise, Severity, noise_px, sentence
from numerics.checks.ground import check_ground
from numerics.checks.limits import limits_of, params_of
from numerics.checks.links import (
    check_class,
    check_missing_box,
    check_missing_cuboid,
    frustum_cluster,
)
from numerics.checks.motion import check_speed, check_yaw_rate, speeds, yaw_rates
from numerics.checks.overlap import Neighbour, check_overlap
from numerics.checks.points import (
    Pitch,
    Surroundings,
    check_few,
    check_outside,
    expected_points,
)
from numerics.checks.projection import Pairing, check_center, check_edges, check_iou
from numerics.checks.size import SizeStatistics, check_prior, check_track_size
from numerics.checks.solve import View, best_change
from numerics.geometry.camera import Bounds
from numerics.geometry.projection import ProjectedBox
from tests.numerics.golden import a_camera, a_cuboid, a_pose, cases, same


def agrees(draft, expected, check):
    """Compare every field of a draft with its golden one."""
    assert (draft is None) == (expected is None), draft
    if draft is None:
        return True
    assert draft.check == check
    assert draft.severity == expected["severity"]
    assert same(draft.measured, expected["measured"])
    assert same(draft.threshold, expected["threshold"])
    assert draft.unit == expected["unit"]
    assert draft.words == expected["words"]
    assert parts_agree(draft.parts, expected["parts"])
    assert sentence(draft.words, draft.parts) == expected["sentence"]
    assert len(draft.fixes) == len(expected["fixes"])
    return all(fix_agrees(f, e) for f, e in zip(draft.fixes, expected["fixes"], strict=True))


def parts_agree(parts, expected, tolerance=1e-9):
    assert parts.keys() == expected.keys()
    for name, value in expected.items():
        if isinstance(value, str):
            assert parts[name] == value
        else:
            assert same(parts[name], value, tolerance)
    return True


def fix_agrees(fix, expected, tolerance=1e-9):
    assert (fix.kind, fix.words) == (expected["kind"], expected["words"])
    assert parts_agree(fix.parts, expected["parts"], tolerance)
    assert sentence(fix.words, fix.parts)
    assert (fix.cuboid is None) == ("cuboid" not in expected)
    if fix.cuboid is not None:
        wanted = a_cuboid(expected["cuboid"])
        assert same(fix.cuboid.center_m, wanted.center_m, tolerance)
        assert same(fix.cuboid.rotation, wanted.rotation, tolerance)
        assert same(fix.cuboid.size_m, wanted.size_m, tolerance)
    assert (fix.box_px is None) == ("box_px" not in expected)
    assert fix.box_px is None or same(fix.box_px, expected["box_px"])
    assert (fix.seed_m is None) == ("seed_m" not in expected)
    assert fix.seed_m is None or same(fix.seed_m, expected["seed_m"])
    return True


def was(given):
    return None if given["was"] is None else Severity(given["was"])


def a_pairing(given):
    return Pairing(
        Bounds(*given["projected_px"]),
        Bounds(*given["label_px"]),
        tuple(given["image_px"]),
        given["noise_px"],
        given["visible_only"],
    )


@cases("check_limits")
def test_limits_are_found(given, expected):
    limits = asdict(limits_of(given["classes"], given["overrides"]))

    assert {k: list(v) if isinstance(v, tuple) else v for k, v in limits.items()} == expected


@cases("check_noise")
def test_noise_adds_in_quadrature(given, expected):
    measured = noise_px(
        Noise(**given["noise"]),
        focal_px=given["focal_px"],
        depth_m=given["depth_m"],
        across_m_s=given["across_m_s"],
    )

    assert same(measured, expected["noise_px"])


@cases("check_proj_edges")
def test_edges(given, expected):
    draft = check_edges(
        a_pairing(given),
        limits_of([given["class"]]),
        params=params_of("proj.edges"),
        was=was(given),
    )

    assert agrees(draft, expected, "proj.edges")


@cases("check_proj_iou")
def test_iou(given, expected):
    draft = check_iou(
        a_pairing(given),
        limits_of([given["class"]]),
        explained=given["explained"],
        was=was(given),
    )

    assert agrees(draft, expected, "proj.iou")


@cases("check_proj_center")
def test_center(given, expected):
    draft = check_center(
        a_pairing(given),
        limits_of([given["class"]]),
        explained=given["explained"],
        was=was(given),
    )

    assert agrees(draft, expected, "proj.center")


@cases("check_best_change")
def test_one_change_is_proposed(given, expected):
    fix = best_change(
        a_cuboid(given["cuboid"]),
        View(a_camera(given["camera"]), a_pose(given["camera_from_frame"])),
        np.array(given["label_px"]),
        sides=np.array(given["sides"]),
        spans_m=limits_of([given["class"]]).spans_m,
        share_min=given["share_min"],
    )

    assert (fix is None) == (expected is None)
    assert fix is None or fix_agrees(fix, expected, 1e-7)


@cases("check_link_missing_box")
def test_a_missing_box(given, expected):
    seen = given["seen"]
    draft = check_missing_box(
        ProjectedBox(
            Bounds(*seen["full_px"]),
            Bounds(*seen["clipped_px"]),
            seen["truncation"],
            seen["depth_m"],
        ),
        given["visibility"],
        params=params_of("link.missing"),
        confirmed=given["confirmed"],
        submitting=given["submitting"],
        was=was(given),
    )

    assert agrees(draft, expected, "link.missing")


@cases("check_link_missing_cuboid")
def test_a_missing_cuboid(given, expected):
    cluster = frustum_cluster(
        np.array(given["points_m"]).reshape(-1, 3),
        a_camera(given["camera"]),
        Bounds(*given["box_px"]),
        diagonal_m=given["diagonal_m"],
        params=params_of("link.missing"),
    )
    draft = check_missing_cuboid(cluster, params=params_of("link.missing"), was=was(given))

    assert same(cluster, np.array(expected["cluster_m"]).reshape(-1, 3))
    assert agrees(draft, expected["draft"], "link.missing")


@cases("check_link_class")
def test_two_classes(given, expected):
    draft = check_class(
        given["class_a"],
        given["class_b"],
        confusable={(a, b) for a, b in given["confusable"]},
    )

    assert agrees(draft, expected, "link.class")


@cases("check_pts_few")
def test_few_points(given, expected):
    draft = check_few(
        given["held"],
        given["expected"],
        limits=limits_of([given["class"]]),
        params=params_of("pts.few"),
        radar_hits=given["radar_hits"],
        was=was(given),
    )

    assert agrees(draft, expected, "pts.few")


@cases("check_pts_expected")
def test_points_are_expected(given, expected):
    measured = expected_points(
        a_cuboid(given["cuboid"]),
        np.array(given["sensor_m"]),
        pitch=Pitch(given["azimuth_rad"], given["elevation_rad"]),
        visibility=given["visibility"],
    )

    assert same(measured, expected["expected"])


@cases("check_pts_outside")
def test_points_outside(given, expected):
    draft = check_outside(
        a_cuboid(given["cuboid"]),
        Surroundings(
            np.array(given["local_m"]), np.array(given["above"]), np.array(given["sensor_m"])
        ),
        limits=limits_of([given["class"]]),
        params=params_of("pts.outside"),
        mirrors_included=given["mirrors_included"],
        was=was(given),
    )

    assert agrees(draft, expected, "pts.outside")


@cases("check_ground_gap")
def test_ground_gap(given, expected):
    ground = math.nan if given["ground_m"] is None else given["ground_m"]
    draft = check_ground(
        a_cuboid(given["cuboid"]), ground, limits=limits_of([given["class"]]), was=was(given)
    )

    assert agrees(draft, expected, "ground.gap")


@cases("check_size_prior")
def test_size_prior(given, expected):
    known = given["statistics"]
    draft = check_prior(
        np.array(given["size_m"]),
        limits=limits_of([given["class"]]),
        params=params_of("size.prior"),
        statistics=known
        and SizeStatistics(np.array(known["mean_m"]), np.array(known["deviation_m"])),
        was=was(given),
    )

    assert agrees(draft, expected, "size.prior")


@cases("check_size_track")
def test_size_track(given, expected):
    draft = check_track_size(
        a_cuboid(given["cuboid"]),
        np.array(given["track_m"]),
        limits=limits_of([given["class"]]),
        seen_from_m=np.array(given["seen_from_m"]),
        was=was(given),
    )

    assert agrees(draft, expected, "size.track")


@cases("check_kinematics")
def test_kinematics(given, expected):
    times = np.array(given["times_s"])

    assert same(speeds(times, np.array(given["centers_m"], float)), expected["speeds_m_s"])
    assert same(yaw_rates(times, np.array(given["yaws_rad"])), expected["yaw_rates_rad_s"])


@cases("check_kin_speed")
def test_speed(given, expected):
    draft = check_speed(
        given["speed_m_s"],
        limits=limits_of([given["class"]]),
        params=params_of("kin.speed"),
        was=was(given),
    )

    assert agrees(draft, expected, "kin.speed")


@cases("check_kin_yawrate")
def test_yaw_rate(given, expected):
    draft = check_yaw_rate(
        given["rate_rad_s"],
        given["speed_m_s"],
        limits=limits_of([given["class"]]),
        params=params_of("kin.yawrate"),
        was=was(given),
    )

    assert agrees(draft, expected, "kin.yawrate")


@cases("check_dup_overlap")
def test_overlap(given, expected):
    draft = check_overlap(
        Neighbour(
            given["key"],
            given["same_class"],
            tuple(given["groups"]),
            given["of_smaller"],
            given["bev_iou"],
        ),
        params=params_of("dup.overlap"),
        was=was(given),
    )

    assert agrees(draft, expected, "dup.overlap")
