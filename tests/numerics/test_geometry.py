"""Known answers and refusals of geometry that the golden vectors do not hold."""

import math

import numpy as np
import pytest

from numerics.geometry.camera import BrownCamera, camera_of, widest_angle
from numerics.geometry.cuboid import Cuboid, Cuboids
from numerics.geometry.fit import Prior, fit_click, fit_points, tightened
from numerics.geometry.ground import UNKNOWN_MM, GroundRaster
from numerics.geometry.grow import grow_reach
from numerics.geometry.inside import MOST_CELLS, PointGrid, count_inside, points_inside
from numerics.geometry.lshape import l_shape
from numerics.geometry.projection import edge_lines, project_cuboids
from numerics.geometry.rigid import PoseTrack, Rigid
from numerics.geometry.trajectory import Keyframe, Trajectory, track_size
from numerics.geometry.visibility import DepthBuffer, points_ahead

CAR = Prior((3.2, 5.6), (1.5, 2.2), (1.2, 2.1), np.array([4.4, 1.8, 1.5]))
FORWARD = Rigid(np.array([[0.0, -1, 0], [0, 0, -1], [1, 0, 0]]), np.zeros(3))


def plane(slope=0.0, *, half=20.0, step=0.2):
    x, y = np.meshgrid(np.arange(-half, half, step), np.arange(-half, half, step))
    return np.column_stack([x.ravel(), y.ravel(), slope * x.ravel()])


def block(center, size, count=3000, seed=0):
    share = np.random.default_rng(seed).uniform(-0.5, 0.5, (count, 3))
    return np.array(center) + share * size


class TestRefusals:
    @pytest.mark.parametrize(
        ("make", "said"),
        [
            (lambda: Rigid.of([0, 0, 0, 0], [0, 0, 0]), "no rotation"),
            (lambda: Rigid.of([0, 0, 1], [0, 0, 0]), "needs 4 numbers"),
            (lambda: Rigid.of([0, 0, 0, 1], [0, math.nan, 0]), "not finite"),
            (lambda: Rigid.of_matrix(np.eye(2)), "3x4 or 4x4"),
            (lambda: Rigid.of_matrix(2 * np.eye(4)), "not orthonormal"),
            (lambda: Rigid.of_matrix(np.diag([1.0, 1.0, -1.0, 1.0])), "mirrors"),
            (lambda: Cuboid.of([0, 0, 0], [0, 0, 0, 1], [1, 0, 1]), "above 0"),
            (lambda: Cuboid.of([0, 0, 0], [0, 0, 0, 0], [1, 1, 1]), "no rotation"),
            (lambda: PoseTrack(np.zeros(0), np.zeros((0, 4)), np.zeros((0, 3))), "as many"),
            (
                lambda: PoseTrack(np.zeros(2), np.tile([0, 0, 0, 1.0], (2, 1)), np.zeros((2, 3))),
                "must increase",
            ),
            (lambda: Trajectory([Keyframe(1, None), Keyframe(1, None)]), "must increase"),
            (lambda: camera_of("fisheye", (9, 9), [1, 1, 0, 0], distortion=[]), "not known"),
            (lambda: camera_of("pinhole", (9, 0), [1, 1, 0, 0], distortion=[]), "above 0"),
            (
                lambda: camera_of("brown", (9, 9), [1, 1, 0, 0], distortion=[0] * 9),
                "8 coefficients",
            ),
            (lambda: PointGrid.build(np.zeros((4, 2))), "array"),
            (lambda: PointGrid.build(np.zeros((4, 3)), 0.0), "array"),
            (lambda: GroundRaster.build(np.full((4, 3), np.nan)), "no point is finite"),
            (lambda: l_shape(np.zeros((2, 2))), "three points"),
            (
                lambda: fit_points(np.zeros((4, 3)), CAR, ground_m=0, sensor_m=np.zeros(3)),
                "5 points",
            ),
            (lambda: track_size(np.zeros((0, 3)), np.zeros(0)), "at least one size"),
        ],
    )
    def test_what_cannot_be_is_refused_in_words(self, make, said):
        with pytest.raises(ValueError, match=said):
            make()


class TestPoints:
    def test_points_that_are_not_finite_are_left_out_and_places_stay_true(self):
        points = np.array([[np.nan, 0, 0], [0.1, 0, 0], [0, np.inf, 0], [0, 0.1, 0]], np.float32)
        cuboid = Cuboids.upright(np.zeros((1, 3)), np.zeros(1), np.ones((1, 3)))

        grid = PointGrid.build(points)

        assert len(grid) == 2
        assert points_inside(cuboid, grid).index.tolist() == [1, 3]

    def test_a_cloud_of_one_point_kilometres_away_still_fits_its_cells(self):
        points = np.array([[0.0, 0, 0], [9e5, -4e5, 0]])

        grid = PointGrid.build(points, 0.5)

        assert grid.shape[0] * grid.shape[1] <= MOST_CELLS
        far = Cuboids.upright(np.array([[9e5, -4e5, 0]]), np.ones(1), np.ones((1, 3)))
        assert count_inside(far, grid).tolist() == [1]

    def test_an_empty_cloud_holds_nothing(self):
        grid = PointGrid.build(np.zeros((0, 3)))
        cuboid = Cuboids.upright(np.zeros((1, 3)), np.zeros(1), np.ones((1, 3)))

        assert count_inside(cuboid, grid).tolist() == [0]

    def test_single_precision_is_computed_in_double(self):
        # The nearest single-precision number to 0.7 lies inside, 0.70000005 does not.
        points = np.array(
            [[np.float32(0.7), 0, 0], [np.nextafter(np.float32(0.7), np.float32(1)), 0, 0]]
        )
        edge = float(np.float32(0.7))
        cuboid = Cuboids.upright(np.zeros((1, 3)), np.zeros(1), np.array([[2 * edge, 1, 1]]))

        assert points_inside(cuboid, PointGrid.build(points)).index.tolist() == [0]

    def test_only_points_before_a_camera_are_kept(self):
        camera = camera_of("pinhole", (100, 100), [50, 50, 49.5, 49.5], distortion=[])
        grid = PointGrid.build(np.array([[5.0, 0, 0], [-5.0, 0, 0], [5.0, 40, 0], [0.1, 0, 0.02]]))

        ahead = points_ahead(grid, FORWARD, camera)

        assert sorted(ahead[:, 2].tolist()) == [0.1, 5.0]
        assert DepthBuffer.build(ahead, camera).depth_m.min() == 0.1

    def test_a_lens_that_reaches_no_corner_counts_as_half_a_sphere(self):
        folding = BrownCamera(1600, 900, 500, 500, 800, 450, (-0.4, 0.05, 0, 0, 0))

        assert widest_angle(folding) == pytest.approx(math.pi / 2)


class TestGround:
    def test_a_slope_is_found(self):
        raster = GroundRaster.build(plane(0.1))

        heights = raster.at(np.array([[-10.0, 3.0], [0.0, 0.0], [12.0, -7.0]]))

        np.testing.assert_allclose(heights, [-1.0, 0.0, 1.2], atol=0.12)

    def test_cars_walls_and_a_few_deep_points_do_not_move_it(self):
        clutter = [
            block([5, 5, 1.0], [4.5, 1.8, 1.4]),
            block([-6, 0, 4.0], [1.0, 30, 7.8]),
            np.array([[2.0, -3.0, -4.0], [2.6, -3.1, -4.0]]),
        ]
        shadow = plane()[(np.abs(plane()[:, 0] - 5) > 2.2) | (np.abs(plane()[:, 1] - 5) > 0.9)]

        raster = GroundRaster.build(np.concatenate([shadow, *clutter]))

        places = np.array([[5.0, 5.0], [-6.0, 0.0], [2.0, -3.0], [9.0, 9.0]])
        np.testing.assert_allclose(raster.at(places), 0.0, atol=0.1)

    def test_far_from_any_ground_nothing_is_claimed(self):
        lonely = np.array([[60.0, 60.0, 0.0]])

        raster = GroundRaster.build(np.concatenate([plane(half=5), lonely]))

        assert math.isnan(raster.at(np.array([30.0, 30.0])))
        assert math.isnan(raster.at(np.array([500.0, 0.0])))

    def test_millimetres_come_back(self):
        raster = GroundRaster.build(plane(0.05))
        raster.height_m[3, 4] = np.nan
        raster.height_m[0, 0] = 99.0

        stored = raster.millimetres()
        back = GroundRaster.of_millimetres(raster.corner_m, raster.cell_m, stored)

        assert stored.dtype == np.int16
        assert stored[3, 4] == stored[0, 0] == UNKNOWN_MM
        kept = stored != UNKNOWN_MM
        np.testing.assert_allclose(back.height_m[kept], raster.height_m[kept], atol=0.0005001)


class TestFitting:
    def click(self, points, **more):
        known = {"reach_m": 0.5, "ground_m": 0.0, "sensor_m": np.zeros(3), **more}
        return fit_click(points, np.array([20.0, 0, 0.7]), CAR, **known)

    def test_a_lone_car_is_fitted(self):
        fitted = self.click(block([20, 0, 0.75], [4.4, 1.8, 1.5]))

        assert fitted.cuboid.size_m == pytest.approx([4.4, 1.8, 1.5], abs=0.06)
        assert fitted.cuboid.center_m == pytest.approx([20, 0, 0.75], abs=0.05)
        assert fitted.points.all()

    def test_a_car_close_to_another_is_told_apart_by_shorter_steps(self):
        car, other = (
            block([20, 0, 0.75], [4.4, 1.8, 1.5], 6000),
            block([25.0, 0, 0.75], [4.4, 1.8, 1.5]),
        )

        fitted = self.click(np.concatenate([car, other]), reach_m=0.8)

        assert fitted.points[:6000].all()
        assert not fitted.points[6000:].any()

    def test_a_wall_is_no_car(self):
        assert self.click(block([20, 0, 1.5], [0.3, 30, 3.0], 9000)) is None

    def test_nothing_is_no_car(self):
        assert self.click(np.array([[20.0, 0, 0.7], [90.0, 0, 0.7]])) is None

    def test_people_keep_the_hint_unless_they_are_long(self):
        person = Prior(
            (0.25, 1.2), (0.3, 1.2), (1.3, 2.1), np.array([0.6, 0.6, 1.75]), None, 1.0, False
        )
        round_one = block([8, 0, 0.9], [0.5, 0.5, 1.75])
        long_one = block([8, 0, 0.9], [0.4, 1.2, 1.75])
        known = {"ground_m": 0.0, "sensor_m": np.zeros(3)}

        assert fit_points(round_one, person, **known).cuboid.yaw_rad == pytest.approx(1.0)
        assert fit_points(long_one, person, **known).cuboid.yaw_rad == pytest.approx(
            math.pi / 2, abs=0.05
        )

    def test_tightening_follows_the_points_but_not_the_bottom(self):
        loose = Cuboid.upright([20, 0, 1.0], 0.0, [6.0, 3.0, 2.0])

        tight = tightened(loose, block([20, 0, 0.75], [4.4, 1.8, 1.5]))

        assert tight.size_m == pytest.approx([4.4, 1.8, 1.5], rel=0.05)
        assert tight.bottom_m[2] == pytest.approx(0.0)

    def test_tightening_without_points_changes_nothing(self):
        loose = Cuboid.upright([20, 0, 1.0], 0.0, [6.0, 3.0, 2.0])

        assert tightened(loose, np.zeros((5, 3))) is loose

    @pytest.mark.parametrize(("range_m", "reach_m"), [(5, 0.25), (40, 0.6), (200, 0.9)])
    def test_steps_grow_with_range_within_bounds(self, range_m, reach_m):
        assert grow_reach(range_m, 0.005) == pytest.approx(reach_m)


def test_a_track_keeps_the_weighted_median_size():
    sizes = np.array([[4.0, 1.8, 1.5], [4.4, 1.9, 1.4], [9.0, 1.7, 1.6]])

    assert track_size(sizes, np.array([1.0, 1.0, 1.0])).tolist() == [4.4, 1.8, 1.5]
    assert track_size(sizes, np.array([5.0, 1.0, 1.0])).tolist() == [4.0, 1.8, 1.5]


def test_many_cuboids_project_like_one_by_one():
    rng = np.random.default_rng(4)
    camera = BrownCamera(1600, 900, 900, 900, 800, 450, (-0.2, 0.05, 0.0005, 0, 0))
    cuboids = [
        Cuboid.of(
            rng.uniform([-30, -3, -20], [30, 3, 60]), rng.normal(0, 1, 4), rng.uniform(0.5, 8, 3)
        )
        for _ in range(200)
    ]

    together = project_cuboids(Cuboids.of(cuboids), camera)

    assert 40 < together.seen.sum() < 160
    for i, cuboid in enumerate(cuboids):
        alone = project_cuboids(Cuboids.of([cuboid]), camera)
        assert alone.seen[0] == together.seen[i]
        np.testing.assert_allclose(alone.clipped_px[0], together.clipped_px[i], rtol=1e-12)
        np.testing.assert_allclose(alone.full_px[0], together.full_px[i], rtol=1e-12)


def test_edges_are_lines_to_draw():
    camera = camera_of("pinhole", (1600, 900), [1000, 1000, 800, 450], distortion=[])
    lines, drawn = edge_lines(Cuboids.of([Cuboid.of([0, 0, 10], [0, 0, 0, 1], [2, 2, 2])]), camera)

    assert lines.shape == (1, 12, 9, 2)
    assert drawn.all()
    # The first edge goes along x through the corners 0 and 1, at the near face.
    np.testing.assert_allclose(
        lines[0, 0, [0, -1]], [[800 - 1000 / 9, 450 - 1000 / 9], [800 + 1000 / 9, 450 - 1000 / 9]]
    )
