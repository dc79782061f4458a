"""Golden vectors of what is done with points."""

import math

import numpy as np

from tests.golden import reference_points as ref
from tests.golden.make_geometry import BARREL, PINHOLE, case, cuboid, document


def insides():
    rng = np.random.default_rng(5)
    scattered = np.round(rng.uniform([-4, -4, -1], [8, 6, 3], (60, 3)), 3).tolist()
    corners = [[1.0, 1.0, 0.5], [-1.0, 1.0, 0.5], [1.001, 0.0, 0.0], [0.0, 0.0, -0.5]]
    boxes = [
        cuboid([1, 0, 0.5], [5, 3, 2]),
        cuboid([2, 2, 1], [4, 2, 2], yaw=0.7),
        cuboid([2, 1, 1], [4, 3, 2], yaw=-2.1, pitch=0.2, roll=0.1),
        cuboid([90, 90, 1], [4, 3, 2]),
    ]
    unit = [cuboid([0, 0, 0], [2, 2, 1])]

    def answer(cuboids, points):
        return {"indices": [ref.inside(box, points) for box in cuboids]}

    by_hand = {"indices": [[0, 1, 3]]}
    assert answer(unit, corners) == by_hand
    return [
        case(
            "a point on a face is inside, by hand", {"cuboids": unit, "points_m": corners}, by_hand
        ),
        case(
            "scattered points",
            {"cuboids": boxes, "points_m": scattered},
            answer(boxes, scattered),
        ),
        case("no points", {"cuboids": boxes, "points_m": []}, answer(boxes, [])),
    ]


RASTER = {
    "corner_m": [-1.0, 2.0],
    "cell_m": 0.5,
    "height_m": [
        [0.0, 0.1, 0.2, 0.3, 0.4],
        [0.0, 0.1, None, 0.3, 0.4],
        [0.1, 0.2, 0.3, None, None],
        [0.2, 0.3, 0.4, None, None],
    ],
}


def lookups():
    places = {
        "on a centre, by hand 0.1": ([-0.25, 2.25], 0.1),
        "between two, by hand 0.15": ([0.0, 2.25], 0.15),
        "between four, by hand 0.1": ([-0.5, 3.0], 0.1),
        "in the corner cell, towards the rim": ([-0.95, 2.05], 0.0),
        "beside a hole": ([0.1, 2.6], None),
        "in a hole": ([0.25, 2.75], None),
        "in a large hole": ([1.3, 3.9], None),
        "left of the raster": ([-1.01, 2.5], None),
        "on its far rim": ([1.5, 2.5], None),
    }
    cases = []
    for name, (place, by_hand) in places.items():
        height = ref.height_at(RASTER, *place)
        assert by_hand is None or math.isclose(height, by_hand, abs_tol=1e-12), name
        cases.append(case(name, {"raster": RASTER, "place_m": place}, {"height_m": height}))
    return cases


def grounds():
    boxes = [
        ("a small box", cuboid([-0.2, 2.6, 1], [0.8, 0.4, 1], yaw=0.3)),
        ("a box partly beyond the raster", cuboid([-0.9, 2.2, 1], [2, 1, 1], yaw=1.2)),
        ("a box over the hole", cuboid([1.3, 3.8, 1], [0.2, 0.2, 1])),
        ("a box elsewhere", cuboid([40, 40, 1], [4, 2, 1])),
    ]
    return [
        case(name, {"raster": RASTER, "cuboid": box}, {"ground_m": ref.ground_under(RASTER, box)})
        for name, box in boxes
    ]


def visibilities():
    rng = np.random.default_rng(8)

    def wall(depth, left, right, count):
        across = rng.uniform(left, right, count)
        return np.round(np.stack([across, rng.uniform(-1, 1, count), np.full(count, depth)], 1), 3)

    def fence(depth, left, right):
        """So dense that every quarter-sized pixel beside one of its points is blocked."""
        across, up = np.meshgrid(np.arange(left, right, 0.09), np.arange(-1.0, 1.0, 0.09))
        return np.stack([across.ravel(), up.ravel(), np.full(across.size, depth)], 1).round(3)

    thing, half, grid = wall(20, -2, 2, 40), fence(10, -1.0, 0.0), fence(10, -0.6, 0.6)
    beyond = wall(35, -4, 4, 30)
    box = [673.4, 386.7, 926.6, 513.3]
    blocks = [[600.0, 300.0, 800.0, 600.0], [780.0, 300.0, 850.0, 440.0]]

    def given(name, camera, cloud, held, *, nearer=()):
        held, cloud = held.tolist(), cloud.tolist()
        nearer = [list(b) for b in nearer]
        share = ref.visible_share(camera, cloud, held, box=box, nearer=nearer)
        value = {
            "camera": camera,
            "cloud_m": cloud,
            "held_m": held,
            "box_px": box,
            "nearer_px": nearer,
        }
        return case(name, value, {"visible": share})

    free = np.concatenate([thing, beyond])
    cases = [
        given("free", PINHOLE, free, thing),
        given("half behind a wall", PINHOLE, np.concatenate([free, half]), thing),
        given("behind a wall, barrel lens", BARREL, np.concatenate([free, grid]), thing),
        given("few points, free", PINHOLE, free, thing[:9]),
        given("few points, behind two boxes", PINHOLE, free, thing[:9], nearer=blocks),
        given("no points at all", PINHOLE, free[:0], thing[:0], nearer=blocks[:1]),
        given("its points are behind the camera", PINHOLE, free, -thing, nearer=blocks[:1]),
    ]
    assert cases[0]["expected"] == {"visible": 1.0}
    assert 0.2 < cases[1]["expected"]["visible"] < 0.6
    return cases


def grows():
    line = [[0.5 * i, 0.0, 1.0] for i in range(6)]
    apart = [[3.2, 0.0, 1.0], [9.0, 0.0, 1.0]]

    def given(points, seed, reach):
        return {"points_m": points, "seed_m": seed, "reach_m": reach}

    rng = np.random.default_rng(3)
    cloud = np.round(rng.uniform(-2, 2, (50, 3)), 3).tolist()
    return [
        case(
            "a chain of exact steps",
            given(line, [0.0, 0.0, 1.0], 0.5),
            {"indices": [0, 1, 2, 3, 4, 5]},
        ),
        case(
            "a gap ends it",
            given(line + apart, [0.0, 0.0, 1.0], 0.6),
            {"indices": [0, 1, 2, 3, 4, 5]},
        ),
        case(
            "longer steps cross it",
            given(line + apart, [0.0, 0.0, 1.0], 0.75),
            {"indices": [0, 1, 2, 3, 4, 5, 6]},
        ),
        case("a seed in the void", given(line, [0.0, 5.0, 1.0], 0.5), {"indices": []}),
        case("a cloud", given(cloud, cloud[0], 0.8), {"indices": ref.grown(cloud, cloud[0], 0.8)}),
    ]


def side_points(length, width, *, yaw, center, rear=True, flank=True, count=40, seed=0):
    """Points with 1 cm of noise on the rear and the right side of a box."""
    rng = np.random.default_rng(seed)
    pieces = []
    if flank:
        pieces.append(
            np.stack([np.linspace(-length / 2, length / 2, count), np.full(count, -width / 2)], 1)
        )
    if rear:
        few = max(count // 3, 8)
        pieces.append(
            np.stack([np.full(few, -length / 2), np.linspace(-width / 2, width / 2, few)], 1)
        )
    flat = np.concatenate(pieces) + rng.normal(0, 0.01, (sum(map(len, pieces)), 2))
    c, s = math.cos(yaw), math.sin(yaw)
    placed = flat @ np.array([[c, s], [-s, c]]) + center
    return np.round(np.column_stack([placed, rng.uniform(0.3, 1.45, len(placed))]), 4).tolist()


def headings():
    cases = []
    for degrees in (0, 17, 45.5, 73, 89, 120, -30):
        points = side_points(4.4, 1.8, yaw=math.radians(degrees), center=[18, 6])
        expected = ref.l_shape(points)
        off = (math.degrees(expected["yaw_rad"]) - degrees) % 90
        assert min(off, 90 - off) < 1.0, (degrees, off)
        cases.append(case(f"{degrees} degrees", {"points_m": points}, expected))
        cases.append(
            case(f"{degrees} degrees, shuffled", {"points_m": points[::-1]}, cases[-1]["expected"])
        )
    return cases


CAR = {
    "length_m": [3.2, 5.6],
    "width_m": [1.5, 2.2],
    "height_m": [1.2, 2.1],
    "usual_m": [4.4, 1.8, 1.5],
    "track_m": None,
    "heading_rad": None,
}


def fits():
    yaw = math.radians(25)
    both = side_points(4.6, 1.9, yaw=yaw, center=[20, 8])
    stories = [
        ("two sides", both, CAR, 0.0),
        ("two sides, it looks the other way", both, {**CAR, "heading_rad": yaw + math.pi}, 0.0),
        ("two sides, no ground", both, CAR, None),
        ("its track knows the size", both, {**CAR, "track_m": [4.9, 1.95, 1.6]}, 0.0),
        (
            "only its rear",
            side_points(4.6, 1.9, yaw=yaw, center=[20, 8], flank=False),
            {**CAR, "heading_rad": yaw},
            0.0,
        ),
        ("only its side", side_points(4.6, 1.9, yaw=yaw, center=[20, 8], rear=False), CAR, 0.0),
    ]
    cases = []
    for name, points, prior, ground in stories:
        expected = ref.fitted(points, prior, ground, [0.0, -10.0, 1.8])
        center, size = expected["cuboid"]["center_m"], expected["cuboid"]["size_m"]
        if name.startswith("two sides"):
            assert math.dist(center[:2], [20, 8]) < 0.1, name
            assert abs(size[0] - 4.6) < 0.1, name
        given = {
            "points_m": points,
            "prior": prior,
            "ground_m": ground,
            "sensor_m": [0.0, -10.0, 1.8],
        }
        cases.append(case(name, given, expected))
    return cases


def files():
    return {
        "inside": document("Points in cuboids.", insides()),
        "ground_at": document("Height of the ground at a place.", lookups()),
        "ground_under": document("Ground under a cuboid.", grounds()),
        "visible": document("How much of an object a camera sees.", visibilities()),
        "grow": document("Points that hang together.", grows()),
        "l_shape": document("Heading from the points of visible sides.", headings()),
        "fit": document("A cuboid from the points of one boxy object.", fits()),
    }
