"""What must hold for any numbers."""

import math

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from numerics.checks.draft import Severity, grade
from numerics.geometry.camera import BrownCamera, PinholeCamera
from numerics.geometry.cuboid import Cuboid, Cuboids, wrap_rad
from numerics.geometry.inside import PointGrid, inside_mask, points_inside
from numerics.geometry.lshape import l_shape
from numerics.geometry.overlap import bev_iou, iou_3d, overlap_of_smaller
from numerics.geometry.projection import image_bounds, project_cuboid
from numerics.geometry.rigid import Rigid, quaternion_of, rotation_of, slerp
from numerics.geometry.trajectory import Keyframe, Motion, Trajectory

# The same examples every time: a run of the suite is no place for news. `--hypothesis-seed` finds new ones.
settings.register_profile("numerics", deadline=None, max_examples=60, derandomize=True)
settings.load_profile("numerics")

meters = st.floats(-80, 80)
angles = st.floats(-math.pi, math.pi)
sizes = st.floats(0.2, 15)
vectors = st.tuples(meters, meters, meters).map(np.array)
quaternions = st.tuples(angles, angles, angles).map(
    lambda a: Rotation.from_euler("ZYX", a).as_quat()
)
poses = st.builds(Rigid.of, quaternions, vectors)
cuboids = st.builds(Cuboid.of, vectors, quaternions, st.tuples(sizes, sizes, sizes))
upright = st.builds(Cuboid.upright, vectors, angles, st.tuples(sizes, sizes, sizes))
cameras = st.one_of(
    st.builds(
        PinholeCamera,
        st.just(1600),
        st.just(900),
        *[st.floats(400, 1500)] * 2,
        st.floats(600, 1000),
        st.floats(350, 550),
    ),
    st.builds(
        BrownCamera,
        st.just(1600),
        st.just(900),
        *[st.floats(600, 1500)] * 2,
        st.floats(600, 1000),
        st.floats(350, 550),
        st.tuples(
            st.floats(-0.4, 0.2),
            st.floats(-0.1, 0.2),
            st.floats(-0.002, 0.002),
            st.floats(-0.002, 0.002),
            st.floats(-0.05, 0.05),
        ),
    ),
)
seeds = st.integers(0, 2**32 - 1)


def one(cuboid):
    return Cuboids.of([cuboid])


@given(poses, vectors)
def test_a_pose_and_its_inverse_undo_each_other(pose, point):
    np.testing.assert_allclose(pose.inverse().apply(pose.apply(point)), point, atol=1e-10)


@given(poses, poses, vectors)
def test_chained_poses_act_one_after_the_other(a, b, point):
    np.testing.assert_allclose((a @ b).apply(point), a.apply(b.apply(point)), atol=1e-10)


@given(quaternions)
def test_a_quaternion_survives_its_matrix(quaternion):
    back = quaternion_of(rotation_of(quaternion))

    assert back[3] >= 0
    np.testing.assert_allclose(back * np.sign(back @ quaternion), quaternion, atol=1e-12)


@given(quaternions, quaternions, st.floats(0, 1))
def test_slerp_turns_evenly(a, b, share):
    turned = slerp(a[None], b[None], np.array([share]))[0]
    whole = (Rotation.from_quat(a).inv() * Rotation.from_quat(b)).magnitude()

    part = (Rotation.from_quat(a).inv() * Rotation.from_quat(turned)).magnitude()

    assert math.isclose(part, share * whole, abs_tol=1e-6)


@given(cuboids, poses)
def test_corners_move_with_their_cuboid(cuboid, pose):
    np.testing.assert_allclose(
        cuboid.transform(pose).corners_m, pose.apply(cuboid.corners_m), atol=1e-9
    )
    moved = one(cuboid).transform(pose.rotation, pose.translation_m)
    np.testing.assert_allclose(moved.corners_m[0], pose.apply(cuboid.corners_m), atol=1e-9)


@given(cameras, st.floats(-0.45, 0.45), st.floats(-0.45, 0.45), st.floats(0.5, 90))
def test_a_pixel_and_its_ray_undo_each_other(camera, x, y, depth):
    point = np.array([x, y, 1.0]) * depth
    pixel, valid = camera.project(point)
    # Next to its rim a lens is flat, and half of the digits are gone.
    assume(bool(valid) and math.hypot(x, y) < 0.9 * camera.valid_radius)

    ray = camera.unproject(pixel)

    np.testing.assert_allclose(ray, point / np.linalg.norm(point), atol=1e-8)


@given(cameras, cuboids, st.floats(0.2, 60), seeds)
def test_what_is_in_a_cuboid_projects_into_its_bounds(camera, cuboid, depth, seed):
    # A lens whose valid circle ends inside the image is bounded by edges alone: see the function.
    assume(np.isfinite(camera.unproject(np.array([[-0.5, -0.5], [1599.5, 899.5]]))).all())
    center = np.array([cuboid.center_m[0] / 4, cuboid.center_m[1] / 8, depth])
    cuboid = Cuboid(center, cuboid.quaternion_xyzw, cuboid.size_m)
    share = np.random.default_rng(seed).uniform(-0.5, 0.5, (300, 3))
    points = center + (share * cuboid.size_m) @ cuboid.rotation.T
    pixels, valid = camera.project(points)
    left, top, right, bottom = image_bounds(camera)
    # A chord of an eighth of an edge cuts off less than this of a lens's curve.
    slack = 0.0 if isinstance(camera, PinholeCamera) else 12.0
    inside = valid & (points[:, 2] >= 0.1)
    inside &= (pixels >= [left, top]).all(1) & (pixels <= [right, bottom]).all(1)

    box = project_cuboid(cuboid, camera)

    if box is None:
        far_in = (pixels > [left + slack, top + slack]) & (
            pixels < [right - slack, bottom - slack]
        )
        assert not (inside & far_in.all(1)).any()
        return
    assert 0 <= box.truncation <= 1
    assert left <= box.clipped_px.left < box.clipped_px.right <= right
    assert top <= box.clipped_px.top < box.clipped_px.bottom <= bottom
    seen = pixels[inside]
    assert (seen >= np.array(box.clipped_px[:2]) - slack - 1e-6).all()
    assert (seen <= np.array(box.clipped_px[2:]) + slack + 1e-6).all()


@given(
    st.lists(st.one_of(cuboids, upright), max_size=8),
    st.integers(0, 400),
    st.floats(0.1, 5),
    seeds,
)
def test_the_grid_finds_what_trying_all_finds(boxes, count, cell_m, seed):
    rng = np.random.default_rng(seed)
    points = rng.uniform(-80, 80, (count, 3)) * rng.choice([0.05, 0.3, 1.0], (count, 1))
    if boxes and count:
        # Many points on and near the cuboids, so that there is something to find.
        owner = rng.integers(0, len(boxes), count)
        share = np.clip(rng.normal(0, 0.4, (count, 3)), -0.6, 0.6)
        points += np.array(
            [
                boxes[i].center_m + boxes[i].rotation @ (s * boxes[i].size_m) - p
                for i, s, p in zip(owner, share, points, strict=True)
            ]
        ) * (rng.random((count, 1)) < 0.7)
        points[rng.random(count) < 0.05] = np.nan
    stacked = Cuboids.of(boxes)

    found = points_inside(stacked, PointGrid.build(points, cell_m))

    expected = inside_mask(stacked, points)
    assert found.counts.tolist() == expected.sum(axis=1).tolist()
    for i in range(len(boxes)):
        assert sorted(found.of(i).tolist()) == np.flatnonzero(expected[i]).tolist()


@given(upright, upright, st.floats(-3, 3), st.floats(-3, 3))
def test_overlap_is_symmetric_and_a_share(a, b, dx, dy):
    b = Cuboid(a.center_m + np.array([dx, dy, 0.1]), b.quaternion_xyzw, b.size_m)
    for measure in (bev_iou, iou_3d, overlap_of_smaller):
        there, back = measure(one(a), one(b))[0, 0], measure(one(b), one(a))[0, 0]
        assert math.isclose(there, back, abs_tol=1e-9)
        assert 0 <= there <= 1 + 1e-9
        assert math.isclose(measure(one(a), one(a))[0, 0], 1, abs_tol=1e-9)


@given(upright, upright, st.floats(-3, 3), angles, vectors)
def test_overlap_does_not_care_where_the_world_begins(a, b, dx, yaw, shift):
    b = Cuboid(a.center_m + np.array([dx, 0.3, 0.2]), b.quaternion_xyzw, b.size_m)
    pose = Rigid.of(Rotation.from_rotvec([0, 0, yaw]).as_quat(), shift)

    before = iou_3d(one(a), one(b))[0, 0]
    after = iou_3d(one(a.transform(pose)), one(b.transform(pose)))[0, 0]

    assert math.isclose(before, after, abs_tol=1e-9)


@st.composite
def keyframes(draw):
    gaps = draw(st.lists(st.floats(0.05, 3), min_size=2, max_size=7))
    times = np.cumsum(gaps)
    return [
        Keyframe(float(t), draw(upright), draw(st.booleans()) and draw(st.booleans()))
        for t in times
    ]


@given(keyframes(), st.booleans(), st.booleans())
def test_a_trajectory_goes_through_its_keyframes(keys, vehicle, static):
    found = Trajectory(keys, Motion(vehicle, static)).at([k.time_s for k in keys])

    assert found.present.all()
    np.testing.assert_allclose(
        found.cuboids.center_m, [k.cuboid.center_m for k in keys], atol=1e-9
    )
    np.testing.assert_allclose(
        found.cuboids.rotation, [k.cuboid.rotation for k in keys], atol=1e-7
    )
    np.testing.assert_allclose(found.cuboids.size_m, [k.cuboid.size_m for k in keys], atol=1e-9)


@given(keyframes())
def test_a_trajectory_does_not_overshoot(keys):
    times = np.linspace(keys[0].time_s, keys[-1].time_s, 200)
    centers = np.array([k.cuboid.center_m for k in keys])

    found = Trajectory(keys).at(times).cuboids.center_m

    after = np.clip(np.searchsorted([k.time_s for k in keys], times), 1, len(keys) - 1)
    low = np.minimum(centers[after - 1], centers[after])
    high = np.maximum(centers[after - 1], centers[after])
    assert (found >= low - 1e-9).all()
    assert (found <= high + 1e-9).all()


@given(keyframes(), st.booleans())
def test_velocity_is_the_slope_of_the_path(keys, vehicle):
    path = Trajectory(keys, Motion(vehicle))
    middle = (keys[0].time_s + keys[1].time_s) / 2
    step = 1e-5

    before, after = path.at([middle - step, middle + step]).cuboids.center_m
    slope = (after - before) / (2 * step)

    np.testing.assert_allclose(path.at([middle]).velocity_m_s[0], slope, atol=1e-3, rtol=1e-4)


def sides_of_a_car(seed, yaw, count):
    rng = np.random.default_rng(seed)
    flank = np.column_stack([rng.uniform(-2.2, 2.2, count), np.full(count, -0.9)])
    rear = np.column_stack([np.full(count // 2, -2.2), rng.uniform(-0.9, 0.9, count // 2)])
    flat = np.concatenate([flank, rear]) + rng.normal(0, 0.015, (count + count // 2, 2))
    c, s = math.cos(yaw), math.sin(yaw)
    return flat @ np.array([[c, s], [-s, c]]) + rng.uniform(-40, 40, 2)


@given(seeds, angles, st.integers(20, 400))
def test_the_order_of_points_does_not_turn_a_car(seed, yaw, count):
    points = sides_of_a_car(seed, yaw, count)
    shuffled = np.random.default_rng(seed + 1).permutation(points)

    assert l_shape(points).yaw_rad == l_shape(shuffled).yaw_rad


@given(seeds, angles, st.integers(40, 400))
def test_a_car_is_found_along_its_sides(seed, yaw, count):
    found = l_shape(sides_of_a_car(seed, yaw, count)).yaw_rad

    off = float(wrap_rad(np.array(4 * (found - yaw)))) / 4
    assert abs(off) < math.radians(2.0)


bad = st.sampled_from([None, Severity.WARNING, Severity.ERROR])


@given(st.floats(0, 2), st.floats(0, 2), bad)
def test_more_is_never_less_severe(a, b, was):
    rank = {None: 0, Severity.WARNING: 1, Severity.ERROR: 2}
    low, high = (grade(x, warn=0.5, error=1.0, was=was) for x in sorted((a, b)))

    assert rank[low and low[0]] <= rank[high and high[0]]


@given(st.floats(0, 2), bad)
def test_an_open_finding_is_not_closed_by_what_opens_one(measured, was):
    fresh = grade(measured, warn=0.5, error=1.0, was=None)

    assert fresh is None or grade(measured, warn=0.5, error=1.0, was=was) is not None
