"""What is done with points, against the golden vectors."""

import math

import numpy as np

from numerics.geometry.cuboid import Cuboids
from numerics.geometry.fit import Prior, fit_points
from numerics.geometry.ground import GroundRaster
from numerics.geometry.grow import grow
from numerics.geometry.inside import PointGrid, inside_mask, points_inside
from numerics.geometry.lshape import l_shape
from numerics.geometry.visibility import DepthBuffer, visible_share
from tests.numerics.golden import a_camera, a_cuboid, cases, same


def points_of(given):
    return np.array(given, float).reshape(-1, 3)


def a_raster(given):
    heights = [[math.nan if h is None else h for h in row] for row in given["height_m"]]
    return GroundRaster(tuple(given["corner_m"]), given["cell_m"], np.array(heights))


def or_nan(number):
    return math.nan if number is None else number


@cases("inside")
def test_points_are_inside(given, expected):
    cuboids = Cuboids.of([a_cuboid(c) for c in given["cuboids"]])
    points = points_of(given["points_m"])

    found = points_inside(cuboids, PointGrid.build(points))

    assert [sorted(found.of(i).tolist()) for i in range(len(cuboids))] == expected["indices"]
    assert [np.flatnonzero(row).tolist() for row in inside_mask(cuboids, points)] == expected[
        "indices"
    ]


@cases("ground_at")
def test_the_ground_has_a_height(given, expected):
    height = a_raster(given["raster"]).at(np.array(given["place_m"]))

    assert same(height, or_nan(expected["height_m"]))


@cases("ground_under")
def test_there_is_ground_under_a_cuboid(given, expected):
    height = a_raster(given["raster"]).under(Cuboids.of([a_cuboid(given["cuboid"])]))

    assert same(height, [or_nan(expected["ground_m"])])


@cases("visible")
def test_an_object_is_visible(given, expected):
    camera = a_camera(given["camera"])
    share = visible_share(
        points_of(given["held_m"]),
        DepthBuffer.build(points_of(given["cloud_m"]), camera),
        box_px=np.array(given["box_px"]),
        nearer_px=np.array(given["nearer_px"], float).reshape(-1, 4),
    )

    assert same(share, expected["visible"])


@cases("grow")
def test_points_hang_together(given, expected):
    reached = grow(
        points_of(given["points_m"]), np.array(given["seed_m"]), reach_m=given["reach_m"]
    )

    assert np.flatnonzero(reached).tolist() == expected["indices"]


@cases("l_shape")
def test_sides_show_a_heading(given, expected):
    found = l_shape(points_of(given["points_m"])[:, :2])

    assert same(found.yaw_rad, expected["yaw_rad"])
    assert same(found.closeness, expected["closeness"])


@cases("fit")
def test_a_cuboid_is_fitted(given, expected):
    prior = given["prior"]
    fitted = fit_points(
        points_of(given["points_m"]),
        Prior(
            **{k: tuple(prior[k]) for k in ("length_m", "width_m", "height_m")},
            usual_m=np.array(prior["usual_m"]),
            track_m=prior["track_m"] and np.array(prior["track_m"]),
            heading_rad=prior["heading_rad"],
        ),
        ground_m=given["ground_m"],
        sensor_m=np.array(given["sensor_m"]),
    )

    assert list(fitted.assumed) == expected["assumed"]
    assert same(fitted.score, expected["score"])
    boxes = [fitted.cuboid, *fitted.candidates]
    for box, wanted in zip(boxes, [expected["cuboid"], *expected["candidates"]], strict=True):
        assert same(box.center_m, wanted["center_m"])
        assert same(box.rotation, a_cuboid(wanted).rotation)
        assert same(box.size_m, wanted["size_m"])
