"""Geometry and checks on real recordings: labels that people made must fit their points and images."""

import numpy as np
import pytest

from numerics.checks.ground import check_ground
from numerics.checks.limits import limits_of, params_of
from numerics.checks.points import Surroundings, check_outside
from numerics.checks.projection import Pairing, check_edges, with_change
from numerics.checks.solve import View, changed
from numerics.geometry.cuboid import Cuboid, Cuboids
from numerics.geometry.fit import Prior, fit_click
from numerics.geometry.ground import GroundRaster
from numerics.geometry.grow import grow_reach
from numerics.geometry.inside import PointGrid, inside_mask, points_inside
from numerics.geometry.overlap import bev_iou, box_iou
from numerics.geometry.projection import project_cuboid, project_cuboids
from numerics.geometry.visibility import DepthBuffer, points_ahead, visible_share
from tests.numerics.recordings import kitti_frame, nuscenes_sample, pandaset_frame

pytestmark = pytest.mark.shared
FRAMES = pytest.mark.parametrize("name", ["000001", "000004", "000007"])
CLASSES = {"Car": "car", "Truck": "truck", "Cyclist": "cyclist"}


def projected(frame, labelled):
    return project_cuboid(labelled.cuboid.transform(frame.camera_from_lidar), frame.camera)


@FRAMES
def test_kitti_cuboids_project_onto_their_boxes(name):
    frame = kitti_frame(name)
    for labelled in frame.objects:
        box = projected(frame, labelled)
        iou = box_iou(np.array(box.clipped_px), np.array(labelled.box_px))
        assert 0.93 < iou < 1.0, labelled.kind


@FRAMES
def test_kitti_labels_raise_no_edge_finding(name):
    frame = kitti_frame(name)
    for labelled in frame.objects:
        pairing = Pairing(projected(frame, labelled).clipped_px, labelled.box_px, (1242, 375))
        limits = limits_of([CLASSES[labelled.kind]])
        assert check_edges(pairing, limits, params=params_of("proj.edges")) is None


def test_a_kitti_car_lifted_by_hand_is_lowered_again():
    frame = kitti_frame("000004")
    labelled = frame.objects[0]
    view = View(frame.camera, frame.camera_from_lidar)
    lifted = changed(labelled.cuboid, 2, 0.3, seen_from_m=view.origin_m)
    pairing = Pairing(
        project_cuboid(lifted.transform(frame.camera_from_lidar), frame.camera).clipped_px,
        labelled.box_px,
        (1242, 375),
    )
    limits = limits_of(["car"])

    params = params_of("proj.edges")
    draft = check_edges(pairing, limits, params=params)
    draft = with_change(draft, pairing, cuboid=lifted, view=view, limits=limits, params=params)

    assert draft.words == "proj.edges.vertical"
    assert [fix.words for fix in draft.fixes] == ["fix.z.minus", "fix.derive_box"]
    assert draft.fixes[0].parts["by"] == pytest.approx(0.3, abs=0.03)
    mended = project_cuboid(draft.fixes[0].cuboid.transform(frame.camera_from_lidar), frame.camera)
    assert np.abs(np.array(mended.clipped_px) - labelled.box_px).max() < 3


@FRAMES
def test_kitti_cuboids_hold_points_and_stand_on_the_ground(name):
    frame = kitti_frame(name)
    grid, ground = PointGrid.build(frame.points_m), GroundRaster.build(frame.points_m)
    cuboids = Cuboids.of([labelled.cuboid for labelled in frame.objects])

    held = points_inside(cuboids, grid).counts
    gaps = [c.cuboid.bottom_m[2] for c in frame.objects] - ground.under(cuboids)

    assert ((held >= 5) & (held <= 195)).all()
    assert (
        held.tolist() == inside_mask(cuboids, frame.points_m[:, :3].astype(float)).sum(1).tolist()
    )
    near = np.linalg.norm(cuboids.center_m, axis=1) < 40
    assert (np.abs(gaps[near]) < 0.3).all()
    for labelled, gap in zip(frame.objects, gaps, strict=True):
        if np.linalg.norm(labelled.cuboid.center_m) < 40:
            drafted = check_ground(
                labelled.cuboid,
                float(labelled.cuboid.bottom_m[2] - gap),
                limits=limits_of(["car"]),
            )
            assert drafted is None or drafted.severity == "warning"


def test_the_nearest_kitti_car_is_found_by_one_click():
    frame = kitti_frame("000007")
    truth = frame.objects[0].cuboid
    grid = PointGrid.build(frame.points_m)
    points = frame.points_m[:, :3].astype(float)
    ground = GroundRaster.build(points)
    heights = ground.at(points[:, :2])
    clear = points[
        (points[:, 2] > heights + 0.2)
        & (np.linalg.norm(points[:, :2] - truth.center_m[:2], axis=1) < 10)
    ]
    seed = points[points_inside(Cuboids.of([truth]), grid).index[0]]
    limits = limits_of(["car"])
    prior = Prior(
        limits.length_m,
        limits.width_m,
        limits.height_m,
        np.array([4.0, 1.7, 1.5]),
        heading_rad=truth.yaw_rad,
    )

    fitted = fit_click(
        clear,
        seed,
        prior,
        reach_m=grow_reach(25.0, np.radians(0.4)),
        ground_m=float(ground.under(Cuboids.of([truth]))[0]),
        sensor_m=np.zeros(3),
    )

    assert fitted is not None
    assert bev_iou(Cuboids.of([fitted.cuboid]), Cuboids.of([truth]))[0, 0] > 0.6


def test_a_kitti_car_cut_short_loses_points_at_its_face():
    frame = kitti_frame("000007")
    truth = frame.objects[0].cuboid
    grid, ground = PointGrid.build(frame.points_m), GroundRaster.build(frame.points_m)
    short = changed(truth, 4, -0.35, seen_from_m=np.array([200.0, 0.0, 0.0]))

    draft = outside(short, "car", grid, ground)

    assert draft is not None
    assert draft.parts["face"] == "rear"
    assert draft.fixes[0].cuboid.size_m[0] > short.size_m[0]


def gaps_of(points, cuboids):
    """Ranges, and heights of the bottoms over the ground."""
    stacked = Cuboids.of(cuboids)
    bottoms = stacked.center_m[:, 2] - stacked.size_m[:, 2] / 2
    ground = GroundRaster.build(points).under(stacked)
    return np.linalg.norm(stacked.center_m[:, :2], axis=1), bottoms - ground


def test_labels_stand_on_the_ground_where_it_is_known():
    panda, found = pandaset_frame()
    points, nuscenes, _, _ = nuscenes_sample()
    measured = [gaps_of(panda, [cuboid for _, cuboid in found]), gaps_of(points, nuscenes)]
    for name in ("000001", "000004", "000007"):
        frame = kitti_frame(name)
        measured.append(gaps_of(frame.points_m, [labelled.cuboid for labelled in frame.objects]))
    range_m, gap_m = (np.concatenate([one[k] for one in measured]) for k in (0, 1))
    near, known = range_m < 30, np.isfinite(gap_m)

    assert known[near].mean() > 0.95
    assert known[~near].mean() < 0.5
    # The thresholds of ground.gap for a car, on labels that people took care with.
    assert (np.abs(gap_m[known]) > 0.15).mean() < 0.13
    assert (np.abs(gap_m[known]) > 0.35).mean() < 0.07


def outside(cuboid, class_key, grid, ground):
    """pts.outside of one cuboid in the LiDAR's frame."""
    params = params_of("pts.outside")
    around = points_inside(Cuboids.of([cuboid]), grid, margin_m=params["shell_m"])
    places = cuboid.center_m + around.local_m @ cuboid.rotation.T
    above = places[:, 2] > ground.at(places[:, :2]) + params["above_ground_m"]
    sensor = cuboid.rotation.T @ -cuboid.center_m
    surroundings = Surroundings(around.local_m, above, sensor)
    return check_outside(cuboid, surroundings, limits=limits_of([class_key]), params=params)


def test_careful_labels_lose_no_points_and_careless_ones_do():
    points, found = pandaset_frame()
    grid, ground = PointGrid.build(points), GroundRaster.build(points)
    held = points_inside(Cuboids.of([cuboid for _, cuboid in found]), grid).counts
    dense = [pair for pair, count in zip(found, held.tolist(), strict=True) if count >= 30]

    as_drawn = [outside(c, key, grid, ground) for key, c in dense]
    shrunk = [
        outside(Cuboid(c.center_m, c.quaternion_xyzw, 0.88 * c.size_m), key, grid, ground)
        for key, c in dense
        if key == "car"
    ]

    assert len(dense) == 45
    assert sum(draft is not None for draft in as_drawn) <= 4
    assert sum(draft is not None for draft in shrunk) > 0.5 * len(shrunk)


def test_nuscenes_cuboids_hold_the_counted_points():
    points, cuboids, counts, _ = nuscenes_sample()

    held = points_inside(Cuboids.of(cuboids), PointGrid.build(points)).counts

    assert len(counts) == 69
    assert (np.abs(held - counts) > 2).sum() == 2
    assert (held == counts).mean() > 0.85


def test_nuscenes_boxes_are_projections():
    _, cuboids, _, cameras = nuscenes_sample()
    for camera, camera_from_lidar, instances in cameras.values():
        in_camera = Cuboids.of(cuboids).transform(
            camera_from_lidar.rotation, camera_from_lidar.translation_m
        )
        boxes = project_cuboids(in_camera, camera)
        seen_px = boxes.clipped_px[boxes.seen]
        overlaps = [box_iou(seen_px, np.array([i["bbox"]])).max() for i in instances]
        assert min(overlaps) > 0.9


def test_most_nuscenes_objects_with_points_are_visible_in_front():
    points, cuboids, counts, cameras = nuscenes_sample()
    camera, pose, _ = cameras["CAM_FRONT"]
    grid = PointGrid.build(points)
    buffer = DepthBuffer.build(points_ahead(grid, pose, camera), camera)
    stacked = Cuboids.of(cuboids)
    inside = points_inside(stacked, grid)
    boxes = project_cuboids(stacked.transform(pose.rotation, pose.translation_m), camera)
    shares = [
        visible_share(
            pose.apply(points[inside.of(i), :3].astype(float)),
            buffer,
            box_px=boxes.clipped_px[i],
            nearer_px=np.zeros((0, 4)),
        )
        for i in np.flatnonzero(boxes.seen & (counts >= 15))
    ]

    assert len(shares) >= 5
    assert np.median(shares) > 0.8
