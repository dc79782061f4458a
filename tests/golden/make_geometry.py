"""Golden vectors of geometry: rigid, cuboid, camera, projection, overlap, trajectory."""

import math

import numpy as np
from scipy.spatial.transform import Rotation

from tests.golden import reference as ref

PINHOLE = {
    "model": "pinhole",
    "width_px": 1600,
    "height_px": 900,
    "fx_px": 1266.0,
    "fy_px": 1266.0,
    "cx_px": 800.0,
    "cy_px": 450.0,
    "distortion": [],
}
BARREL = {
    **PINHOLE,
    "model": "brown",
    "fx_px": 900.0,
    "fy_px": 905.0,
    "distortion": [-0.35, 0.12, 0.001, -0.0008, -0.02, 0.0, 0.0, 0.0],
}
RATIONAL = {
    **PINHOLE,
    "model": "brown",
    "fx_px": 700.0,
    "fy_px": 700.0,
    "distortion": [0.5, -0.1, 0.0002, 0.0003, 0.01, 0.9, 0.05, 0.0],
}
FOLDING = {**PINHOLE, "model": "brown", "distortion": [-0.4, 0.05, 0.0, 0.0, 0.0]}


def case(name, given, expected):
    return {"name": name, "input": given, "expected": expected}


def finite(number):
    return None if math.isinf(number) else number


def quaternion(*, yaw=0.0, pitch=0.0, roll=0.0):
    return Rotation.from_euler("ZYX", [yaw, pitch, roll]).as_quat(canonical=True).tolist()


def cuboid(center_m, size_m, **turn):
    return {
        "center_m": [float(c) for c in center_m],
        "quaternion_xyzw": quaternion(**turn),
        "size_m": [float(s) for s in size_m],
    }


def rigid():
    rng = np.random.default_rng(1)
    cases = [
        case(
            "a quarter turn about z, by hand",
            {
                "pose": {
                    "quaternion_xyzw": [0.0, 0.0, math.sqrt(0.5), math.sqrt(0.5)],
                    "translation_m": [10.0, 0.0, 0.0],
                },
                "points_m": [[1.0, 0.0, 0.0], [0.0, 2.0, 5.0]],
            },
            {
                "applied_m": [[10.0, 1.0, 0.0], [8.0, 0.0, 5.0]],
                "inverse_applied_m": [[0.0, 9.0, 0.0], [2.0, 10.0, 5.0]],
                "rotation": [[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]],
                "quaternion_xyzw": [0.0, 0.0, math.sqrt(0.5), math.sqrt(0.5)],
            },
        )
    ]
    for i in range(6):
        turn = Rotation.random(random_state=i)
        shift, points = rng.uniform(-50, 50, 3), rng.uniform(-80, 80, (3, 3))
        scale = (-1.0) ** i * (1 + i)
        cases.append(
            case(
                f"random {i}, quaternion of length {abs(scale)}",
                {
                    "pose": {
                        "quaternion_xyzw": (turn.as_quat() * scale).tolist(),
                        "translation_m": shift.tolist(),
                    },
                    "points_m": points.tolist(),
                },
                {
                    "applied_m": (turn.apply(points) + shift).tolist(),
                    "inverse_applied_m": turn.inv().apply(points - shift).tolist(),
                    "rotation": turn.as_matrix().tolist(),
                    "quaternion_xyzw": turn.as_quat(canonical=True).tolist(),
                },
            )
        )
    return cases


def compose():
    cases = []
    for i in range(4):
        a, b = Rotation.random(random_state=10 + i), Rotation.random(random_state=20 + i)
        rng = np.random.default_rng(i)
        p, q = rng.uniform(-9, 9, 3), rng.uniform(-9, 9, 3)
        cases.append(
            case(
                f"chain {i}: a_from_b @ b_from_c",
                {
                    "a_from_b": {
                        "quaternion_xyzw": a.as_quat().tolist(),
                        "translation_m": p.tolist(),
                    },
                    "b_from_c": {
                        "quaternion_xyzw": b.as_quat().tolist(),
                        "translation_m": q.tolist(),
                    },
                },
                {
                    "quaternion_xyzw": (a * b).as_quat(canonical=True).tolist(),
                    "translation_m": (a.apply(q) + p).tolist(),
                },
            )
        )
    return cases


def poses():
    track = [
        {
            "time_s": t,
            "quaternion_xyzw": quaternion(yaw=yaw, pitch=0.01 * t),
            "translation_m": [8.0 * t, 0.5 * t * t, 0.02 * t],
        }
        for t, yaw in ((0.0, 3.0), (0.1, 3.1), (0.25, -3.1), (0.3, -3.0))
    ]
    # The sign of a quaternion carries nothing: the arc must still be the short one.
    track[2]["quaternion_xyzw"] = [-x for x in track[2]["quaternion_xyzw"]]
    cases = [
        case(f"at {t} s", {"poses": track, "time_s": t}, ref.pose_at(track, t))
        for t in (-0.2, 0.0, 0.03, 0.1, 0.2, 0.25, 0.29, 0.3, 0.4)
    ]
    cases.append(case("too early is an error", {"poses": track, "time_s": -0.3}, None))
    cases.append(case("too late is an error", {"poses": track, "time_s": 0.6}, None))
    cases.append(
        case("one pose stands", {"poses": track[:1], "time_s": 99.0}, ref.pose_at(track[:1], 99.0))
    )
    return cases


def cuboids():
    given = [
        ("by hand: a box along x", cuboid([10, 0, 1], [4, 2, 2])),
        ("yaw 30 degrees", cuboid([10, -3, 1], [4.2, 1.8, 1.5], yaw=math.radians(30))),
        ("yaw 180 degrees", cuboid([1, 2, 3], [4.2, 1.8, 1.5], yaw=math.pi)),
        (
            "roll and pitch too",
            cuboid([500000, -3, 1], [8, 2.5, 3], yaw=-2, pitch=0.1, roll=-0.05),
        ),
    ]
    cases = []
    for name, box in given:
        up = ref.rotate(box["quaternion_xyzw"], [0.0, 0.0, -box["size_m"][2] / 2])
        cases.append(
            case(
                name,
                box,
                {
                    "corners_m": ref.corners(box),
                    "yaw_rad": ref.yaw_of(box["quaternion_xyzw"]),
                    "bottom_m": ref.add(box["center_m"], up),
                },
            )
        )
    cases[0]["expected"]["corners_m"] = [
        [8, -1, 0],
        [12, -1, 0],
        [8, 1, 0],
        [12, 1, 0],
        [8, -1, 2],
        [12, -1, 2],
        [8, 1, 2],
        [12, 1, 2],
    ]
    return cases


def cameras():
    points = [
        [0.0, 0.0, 5.0],
        [1.0, -0.5, 4.0],
        [-2.0, 1.0, 3.0],
        [3.0, 0.2, 2.0],
        [-9.0, 2.0, 1.5],
        [1.0, 1.0, -4.0],
        [0.3, 0.1, 0.0],
    ]
    cases = []
    for name, camera in (
        ("pinhole", PINHOLE),
        ("barrel", BARREL),
        ("rational", RATIONAL),
        ("folding", FOLDING),
    ):
        radius = ref.valid_radius(camera)
        valid = [p[2] > 1e-6 and math.hypot(p[0], p[1]) <= radius * p[2] for p in points]
        pixels = [ref.pixel(camera, p) if v else None for p, v in zip(points, valid, strict=True)]
        rays = [p / np.linalg.norm(p) for p in np.array(points)]
        cases.append(
            case(
                name,
                {"camera": camera, "points_m": points},
                {
                    "valid_radius": finite(radius),
                    "pixels_px": pixels,
                    "rays": [r.tolist() if v else None for r, v in zip(rays, valid, strict=True)],
                },
            )
        )
    cases[0]["expected"]["pixels_px"][1] = [1116.5, 291.75]
    return cases


IN_FRONT = [
    ("straight ahead, by hand", PINHOLE, cuboid([0, 0, 10], [2, 2, 2])),
    (
        "a car seen from its side",
        PINHOLE,
        cuboid([-4, 1, 14], [4.5, 1.5, 1.9], yaw=0.2, pitch=0.7),
    ),
    ("behind the camera", PINHOLE, cuboid([0, 1, -10], [4, 2, 2])),
    ("straddling the near plane, beside", PINHOLE, cuboid([2.6, 0.8, 1.0], [1.9, 1.5, 4.6])),
    ("straddling, all around the camera", PINHOLE, cuboid([0.2, 0.1, 0.5], [3, 3, 3])),
    ("straddling, the cut itself is seen", PINHOLE, cuboid([0.0, 0.0, 1.0], [1.0, 0.05, 2.0])),
    (
        "straddling, the cut itself is seen, tilted",
        PINHOLE,
        cuboid([0.05, 0.02, 1.0], [0.4, 0.06, 2.4], yaw=0.2, pitch=0.1),
    ),
    ("so near that it fills the image", PINHOLE, cuboid([0.0, 0.0, 4.0], [30, 20, 2])),
    ("cut by the left border", PINHOLE, cuboid([-7, 0.5, 10], [3, 1.6, 4.4], pitch=0.3)),
    ("cut by a corner of the image", PINHOLE, cuboid([6.4, 3.6, 10], [3, 3, 3])),
    ("beside the image", PINHOLE, cuboid([-12, 0.5, 10], [3, 1.6, 4.4])),
    (
        "its bounds meet the image, it does not",
        PINHOLE,
        cuboid([9.4, 5.9, 10], [0.1, 0.1, 9], yaw=0.1, roll=0.6),
    ),
    ("barrel lens, straight ahead", BARREL, cuboid([0.5, 0.2, 8], [4.5, 1.9, 1.5], pitch=0.4)),
    (
        "barrel lens, cut by the border",
        BARREL,
        cuboid([-6.5, 1.0, 7], [4.5, 1.9, 1.5], pitch=-0.9),
    ),
    ("barrel lens, straddling", BARREL, cuboid([3.0, 1.0, 0.8], [2.0, 1.6, 5.0], pitch=0.15)),
    ("rational lens", RATIONAL, cuboid([-3.0, 0.6, 5.0], [4.4, 1.5, 1.8], pitch=1.1)),
    (
        "folding lens: what is beyond its radius is cut",
        FOLDING,
        cuboid([4, 0.8, 4.5], [5, 1.6, 2], pitch=0.3),
    ),
    ("folding lens, straddling", FOLDING, cuboid([2.2, 0.8, 1.0], [2, 1.5, 5], pitch=0.1)),
]


def projections():
    cases = [
        case(name, {"camera": camera, "cuboid": box}, ref.project(camera, box))
        for name, camera, box in IN_FRONT
    ]
    reach = 1266.0 / 9
    by_hand = [800 - reach, 450 - reach, 800 + reach, 450 + reach]
    cases[0]["expected"] = {
        "full_px": by_hand,
        "clipped_px": by_hand,
        "truncation": 0.0,
        "depth_m": 10.0,
    }
    return cases


def overlap():
    base = cuboid([10, 5, 1], [4, 2, 2])
    far = [500000.0, 4500000.0, 30.0]
    pairs = [
        ("the same, by hand 1, 1, 1", base, base),
        ("shifted by 1 m along the length, by hand 0.6", base, cuboid([11, 5, 1], [4, 2, 2])),
        ("shifted up by half, by hand: BEV 1, 3D 1/3", base, cuboid([10, 5, 2], [4, 2, 2])),
        ("crossed at a right angle", base, cuboid([10, 5, 1], [4, 2, 2], yaw=math.pi / 2)),
        ("turned by 30 degrees", base, cuboid([10.3, 4.8, 1.2], [4.4, 1.8, 1.5], yaw=0.5236)),
        ("a small one inside", base, cuboid([10.5, 5.2, 0.7], [0.6, 0.5, 1.0], yaw=1.0)),
        ("touching", base, cuboid([14, 5, 1], [4, 2, 2])),
        ("near, but apart", base, cuboid([10, 7.3, 1], [4, 2, 2], yaw=0.1)),
        ("above one another", base, cuboid([10, 5, 5], [4, 2, 2])),
        (
            "map-sized coordinates",
            cuboid(far, [4, 2, 2], yaw=0.3),
            cuboid([far[0] + 0.7, far[1] - 0.4, far[2]], [4.4, 1.8, 1.6], yaw=0.5),
        ),
    ]
    cases = []
    for name, a, b in pairs:
        # Overlap does not change when both are shifted: the plain loops need the small numbers.
        origin = [0.0, 0.0, 0.0] if abs(a["center_m"][0]) < 1e3 else a["center_m"]
        near = [
            {**c, "center_m": [p - o for p, o in zip(c["center_m"], origin, strict=True)]}
            for c in (a, b)
        ]
        cases.append(case(name, {"a": a, "b": b}, ref.overlaps(*near)))
    cases[0]["expected"] = {"bev_iou": 1.0, "iou_3d": 1.0, "of_smaller": 1.0}
    cases[1]["expected"] = {"bev_iou": 0.6, "iou_3d": 0.6, "of_smaller": 0.75}
    cases[2]["expected"] = {"bev_iou": 1.0, "iou_3d": 1 / 3, "of_smaller": 0.5}
    return cases


def boxes():
    pairs = [
        ("the same", [0, 0, 10, 10], [0, 0, 10, 10], 1.0),
        ("half", [0, 0, 10, 10], [5, 0, 15, 10], 1 / 3),
        ("apart", [0, 0, 10, 10], [20, 0, 30, 10], 0.0),
        ("touching", [0, 0, 10, 10], [10, 0, 20, 10], 0.0),
        ("inside", [0, 0, 10, 10], [2, 2, 4, 4], 0.04),
        ("both empty", [3, 3, 3, 3], [3, 3, 3, 3], 0.0),
    ]
    return [case(n, {"a_px": a, "b_px": b}, {"iou": iou}) for n, a, b, iou in pairs]


def key(time_s, box, *, stop=False):
    return {"time_s": time_s, "cuboid": box, "stop": stop}


def trajectories():
    def car(x, y, yaw, **turn):
        return cuboid([x, y, 0.8], [4.4, 1.8, 1.5], yaw=yaw, **turn)

    bend = [
        key(0.0, car(0, 0, 0.02)),
        key(0.5, car(5, 0.4, 0.15)),
        key(1.0, car(9.8, 2.0, 0.45)),
        key(1.6, car(14.5, 5.6, 0.8)),
        key(4.0, car(28, 22, 0.95)),
    ]
    back = [key(0.0, car(0, 0, 3.1)), key(1.0, car(-6, 0.1, -3.1)), key(2.0, car(-12, 0, 3.1))]
    brake = [
        key(0.0, car(0, 0, 0)),
        key(1.0, car(8, 0, 0)),
        key(2.0, car(8.5, 0, 0), stop=True),
        key(3.0, car(8.5, 0, 0), stop=True),
        key(4.0, car(12, 0, 0)),
    ]
    gap = [
        key(0.0, car(0, 0, 0)),
        key(0.4, car(4, 0, 0)),
        key(0.8, None),
        key(1.5, car(15, 0, 0)),
        key(1.9, car(19, 1, 0.2)),
    ]
    child = [
        key(0.0, cuboid([3, 3, 0.6], [0.5, 0.6, 1.2], yaw=1.0)),
        key(1.0, cuboid([3.5, 4, 0.6], [0.7, 0.6, 1.3], yaw=-1.0)),
    ]
    tilted = [
        key(0.0, car(0, 0, 0.1, pitch=0.1, roll=0.02)),
        key(1.0, car(9, 3, 0.6, pitch=-0.05, roll=-0.03)),
        key(1.5, car(12.5, 6, 0.9, pitch=0.0, roll=0.0)),
    ]
    vehicle, other = {"vehicle": True, "static": False}, {"vehicle": False, "static": False}
    static = {"vehicle": True, "static": True}
    runs = [
        ("a bend", bend, vehicle, (-0.2, -0.1, 0, 0.25, 0.5, 0.7, 1.3, 1.6, 2.0, 4.0, 4.1, 4.2)),
        ("a bend, not a vehicle", bend, other, (0.25, 0.7, 1.3, 3.0)),
        ("across the cut of the yaw", back, vehicle, (0.3, 0.5, 1.7)),
        ("a stop", brake, vehicle, (0.5, 1.5, 2.5, 3.5)),
        ("an absence", gap, vehicle, (0.2, 0.5, 0.56, 0.79, 0.8, 1.2, 1.36, 1.7, 2.0)),
        ("a size that changes", child, other, (0.0, 0.4, 1.0)),
        ("on a slope", tilted, vehicle, (0.4, 1.2)),
        ("one keyframe", bend[:1], vehicle, (-0.2, -0.1, 0.1, 0.2)),
        ("standing, one keyframe", bend[:1], static, (-50, 0, 90)),
        ("standing, two", [child[0], child[1]], static, (-3, 0.5, 7)),
        ("standing until it is gone", gap[:3], static, (-3, 0.5, 0.9)),
    ]
    return [
        case(
            f"{name}, at {t} s",
            {"keyframes": keys, "motion": motion, "time_s": float(t)},
            ref.trajectory_at(keys, motion, float(t)),
        )
        for name, keys, motion, times in runs
        for t in times
    ]


def document(about, cases):
    return {"about": about, "tolerance": 1e-9, "cases": cases}


def files():
    return {
        "rigid": document("Apply a pose, its inverse; its matrix and unit quaternion.", rigid()),
        "compose": document("Chain two poses.", compose()),
        "poses": document("Evaluate ego poses at a time.", poses()),
        "cuboid": document("Corners, yaw and bottom centre of a cuboid.", cuboids()),
        "camera": document("Pixels of points, and the rays back.", cameras()),
        "projection": document("What a camera sees of a cuboid in its own frame.", projections()),
        "overlap": document("Overlap of two cuboids.", overlap()),
        "boxes": document("Overlap of two image boxes.", boxes()),
        "trajectory": document("An object between its keyframes, in the world.", trajectories()),
    }
