"""Golden vectors of the checks: inputs made so that the answers are plain arithmetic."""

import json
import math
from pathlib import Path

from tests.golden import reference as ref
from tests.golden.make_geometry import BARREL, PINHOLE, case, cuboid, document, quaternion

ROOT = Path(__file__).parents[2]
LIMITS = json.loads((ROOT / "numerics/checks/defaults.json").read_text())
WORDS = json.loads((ROOT / "numerics/checks/words.json").read_text())
DERIVE = {"kind": "derive_box", "words": "fix.derive_box", "parts": {}}


def said(words, parts):
    """Fill a template, by splitting at its braces."""
    out = ""
    for i, piece in enumerate(WORDS[words].replace("}", "{").split("{")):
        name, _, digits = piece.partition("|")
        out += (
            piece
            if i % 2 == 0
            else str(parts[name])
            if not digits
            else f"{parts[name]:.{digits}f}"
        )
    return out


def draft(severity, measured, threshold, unit, words, parts, fixes=()):  # noqa: PLR0917 -- the columns of a table
    return {
        "severity": severity,
        "measured": measured,
        "threshold": threshold,
        "unit": unit,
        "words": words,
        "parts": parts,
        "sentence": said(words, parts),
        "fixes": list(fixes),
    }


def fix_cuboid(words, parts, box):
    return {"kind": "set_cuboid", "words": words, "parts": parts, "cuboid": box}


LABEL = [100.0, 100.0, 200.0, 200.0]
IMAGE = [1000, 800]


def pairing(by, *, label=None, noise=0.0, visible=False, class_key="car", was=None):
    label = label or LABEL
    return {
        "projected_px": [a + b for a, b in zip(label, by, strict=True)],
        "label_px": label,
        "image_px": IMAGE,
        "noise_px": noise,
        "visible_only": visible,
        "class": class_key,
        "was": was,
    }


def edges():
    def found(severity, ratio, threshold, cause, side, off=None):
        parts = {"side": side, "off_px": abs(ratio) * 100 if off is None else off, "ratio": ratio}
        return draft(severity, abs(ratio), threshold, "", f"proj.edges.{cause}", parts, [DERIVE])

    wide = math.hypot(0.12, 0.1)
    return [
        case("the same", pairing([0, 0, 0, 0]), None),
        case("11 of 100 px low is silent", pairing([0, 0, 0, 11]), None),
        case(
            "13 px low", pairing([0, 0, 0, 13]), found("warning", 0.13, 0.12, "bottom", "bottom")
        ),
        case("36 px low", pairing([0, 0, 0, 36]), found("error", 0.36, 0.35, "bottom", "bottom")),
        case("13 px high", pairing([0, -13, 0, 0]), found("warning", -0.13, 0.12, "top", "top")),
        case("left", pairing([20, 0, 0, 0]), found("warning", 0.2, 0.12, "side", "left")),
        case(
            "open, 10.5 px: stays",
            pairing([0, 0, 0, 10.5], was="warning"),
            found("warning", 0.105, 0.12, "bottom", "bottom"),
        ),
        case("open, 10.1 px: clears", pairing([0, 0, 0, 10.1], was="warning"), None),
        case(
            "open as error, 30 px: stays an error",
            pairing([0, 0, 0, 30], was="error"),
            found("error", 0.3, 0.35, "bottom", "bottom"),
        ),
        case(
            "open as error, 29 px: a warning now",
            pairing([0, 0, 0, 29], was="error"),
            found("warning", 0.29, 0.12, "bottom", "bottom"),
        ),
        case("10 px of noise explain 15", pairing([0, 0, 0, 15], noise=10.0), None),
        case(
            "10 px of noise do not explain 16",
            pairing([0, 0, 0, 16], noise=10.0),
            found("warning", 0.16, wide, "bottom", "bottom"),
        ),
        case(
            "shifted sideways",
            pairing([20, 0, 18, 0]),
            found("warning", 0.2, 0.12, "lateral", "left"),
        ),
        case(
            "too wide", pairing([-20, 0, 18, 0]), found("warning", -0.2, 0.12, "breadth", "left")
        ),
        case(
            "shifted up",
            pairing([0, -18, 0, -20]),
            found("warning", -0.2, 0.12, "vertical", "bottom"),
        ),
        case(
            "too tall", pairing([0, -18, 0, 20]), found("warning", 0.2, 0.12, "tallness", "bottom")
        ),
        case(
            "everywhere",
            pairing([-15, -18, 3, 22]),
            found("warning", 0.22, 0.12, "several", "bottom"),
        ),
        case(
            "each axis by its own side",
            pairing([0, 0, 7, 20], label=[100.0, 100.0, 150.0, 300.0]),
            found("warning", 0.14, 0.12, "side", "right", 7),
        ),
        case(
            "an edge cut by the image is not compared",
            pairing([-40.5, 0, 0, 0], label=[40.0, 100.0, 140.0, 200.0]),
            None,
        ),
        case(
            "a pedestrian's threshold is wider",
            pairing([0, 0, 24, 0], class_key="pedestrian"),
            None,
        ),
        case(
            "a pedestrian's edge",
            pairing([0, 0, 26, 0], class_key="pedestrian"),
            found("warning", 0.26, 0.25, "side", "right"),
        ),
        case(
            "a box around the visible part may lie inside",
            pairing([-50, -40, 30, 20], visible=True),
            None,
        ),
        case(
            "a box around the visible part may not stick out",
            pairing([-50, -40, -6, 20], visible=True),
            found("warning", -0.06, 0.05, "side", "right"),
        ),
    ]


def ious():
    def shifted(by, **more):
        explained = more.pop("explained", False)
        return {**pairing([by, 0, by, 0], **more), "explained": explained}

    def found(severity, by, threshold):
        iou = (100 - by) / (100 + by)
        parts = {"iou": iou, "threshold": threshold}
        return draft(severity, iou, threshold, "", "proj.iou", parts, [DERIVE])

    loose = 1 - math.hypot(0.25, 0.2)
    return [
        case("0.82 is silent", shifted(10), None),
        case("0.67", shifted(20), found("warning", 20, 0.75)),
        case("one third", shifted(50), found("error", 50, 0.45)),
        case("explained by the edges", shifted(50, explained=True), None),
        case("open, 0.786: stays", shifted(12, was="warning"), found("warning", 12, 0.75)),
        case("open, 0.802: clears", shifted(11, was="warning"), None),
        case("10 px of noise explain 0.69", shifted(18, noise=10.0), None),
        case(
            "10 px of noise do not explain 0.6",
            shifted(25, noise=10.0),
            found("warning", 25, loose),
        ),
        case("silent for a pedestrian", shifted(30, class_key="pedestrian"), None),
        case("boxes of the visible part are not compared", shifted(50, visible=True), None),
    ]


def centers():
    def found(severity, measured, threshold):
        return draft(
            severity, measured, threshold, "", "proj.center", {"off_px": measured * 100}, [DERIVE]
        )

    def given(by, *, explained=False, **more):
        return {**pairing(by, **more), "explained": explained}

    return [
        case("a tenth is silent", given([10, 0, 10, 0]), None),
        case("a fifth, by 3 4 5", given([12, 16, 12, 16]), found("warning", 0.2, 0.15)),
        case("more than half", given([60, 0, 60, 0]), found("error", 0.6, 0.5)),
        case("explained", given([60, 0, 60, 0], explained=True), None),
        case(
            "open, 0.13: stays", given([13, 0, 13, 0], was="warning"), found("warning", 0.13, 0.15)
        ),
        case("open, 0.12: clears", given([12, 0, 12, 0], was="warning"), None),
        case("noise", given([16, 0, 16, 0], noise=10.0), None),
        case("growing alike moves no middle", given([-30, -30, 30, 30]), None),
    ]


def noises():
    exact = {"pixel_px": 0.0, "rotation_rad": 0.0, "translation_m": 0.0, "sync_s": 0.0}
    rough = {"pixel_px": 1.5, "rotation_rad": 0.002, "translation_m": 0.02, "sync_s": 0.05}

    def given(noise, focal, depth, across):
        return {"noise": noise, "focal_px": focal, "depth_m": depth, "across_m_s": across}

    return [
        case("none", given(exact, 1000.0, 10.0, 20.0), {"noise_px": 0.0}),
        case(
            "50 ms at 20 m/s and 20 m, by hand 50 px",
            given({**exact, "sync_s": 0.05}, 1000.0, 20.0, 20.0),
            {"noise_px": 50.0},
        ),
        case(
            "all, in quadrature",
            given(rough, 1000.0, 10.0, 2.0),
            {"noise_px": math.sqrt(1.5**2 + 2**2 + 2**2 + 10**2)},
        ),
        case(
            "nearer than a metre counts as a metre",
            given({**exact, "translation_m": 0.02}, 1000.0, 0.2, 0.0),
            {"noise_px": 20.0},
        ),
    ]


FRONT = {"quaternion_xyzw": [0.5, -0.5, 0.5, 0.5], "translation_m": [0.0, 1.5, 0.0]}
"""x forward, y left, z up to x right, y down, z forward: a camera 1.5 m above the origin."""


def changes():
    car = cuboid([15, 2, 0.8], [4.5, 1.8, 1.5], yaw=0.3)
    eye = [0.0, 0.0, 1.5]
    stories = [
        ("0.2 m too low", car, 2, 0.2),
        ("0.3 m too far right", car, 1, 0.3),
        ("0.25 m too short at the rear", car, 4, 0.25),
        ("0.15 m too tall", car, 6, -0.15),
        ("turned too far left", car, 3, -0.12),
        ("nearer than it is", car, 0, 0.8),
    ]
    cases = []
    for camera_name, camera in (("pinhole", PINHOLE), ("barrel", BARREL)):
        for name, box, parameter, by in stories:
            truth = ref.change(box, parameter, by, eye)
            label = ref.project(camera, ref.move(FRONT, truth))["clipped_px"]
            given = change_input(camera, box, label)
            expected = solved(given)
            assert expected is not None
            if parameter in {1, 2, 6}:
                assert abs(expected["cuboid"]["center_m"][1] - truth["center_m"][1]) < 0.02, name
                assert abs(expected["cuboid"]["center_m"][2] - truth["center_m"][2]) < 0.02, name
            cases.append(case(f"{name}, {camera_name}", given, expected))
    far = ref.project(PINHOLE, ref.move(FRONT, cuboid([15, 2, 0.8], [6.5, 2.8, 3.5], yaw=1.2)))
    given = change_input(PINHOLE, car, far["clipped_px"])
    cases.append(case("no single change explains it", given, solved(given)))
    assert cases[-1]["expected"] is None
    given = change_input(PINHOLE, car, [300.0, 300.0, 420.0, 400.0], sides=[False] * 4)
    cases.append(case("no edge can be compared", given, None))
    label = ref.project(PINHOLE, ref.move(FRONT, ref.change(car, 2, 0.2, eye)))["clipped_px"]
    given = change_input(PINHOLE, car, label, sides=[False, True, False, True])
    cases.append(case("two edges suffice", given, solved(given)))
    return cases


def change_input(camera, box, label, *, sides=None):
    return {
        "camera": camera,
        "camera_from_frame": FRONT,
        "cuboid": box,
        "label_px": label,
        "sides": sides or [True] * 4,
        "class": "car",
        "share_min": 0.5,
    }


def solved(given):
    limits = LIMITS["classes"][given["class"]]
    return ref.best_change(
        given["camera"],
        given["camera_from_frame"],
        given["cuboid"],
        given["label_px"],
        sides=given["sides"],
        spans=[limits["length_m"], limits["width_m"], limits["height_m"]],
        share_min=given["share_min"],
    )


def missing_boxes():
    def given(width, height, **more):
        box = [100.0, 100.0, 100.0 + width, 100.0 + height]
        seen = {"full_px": box, "clipped_px": box, "truncation": more.pop("truncation", 0.0)}
        return {
            "seen": {**seen, "depth_m": 20.0},
            "visibility": more.pop("visibility", 1.0),
            "confirmed": more.pop("confirmed", True),
            "submitting": more.pop("submitting", False),
            "was": more.pop("was", None),
        }

    def found(severity, given_):
        left, top, right, bottom = given_["seen"]["clipped_px"]
        parts = {
            "width_px": right - left,
            "height_px": bottom - top,
            "visibility": given_["visibility"],
            "truncation": given_["seen"]["truncation"],
        }
        fix = {
            "kind": "add_box",
            "words": "fix.add_box",
            "parts": {},
            "box_px": given_["seen"]["clipped_px"],
        }
        area = (right - left) * (bottom - top)
        return draft(severity, area, 400.0, "px2", "link.missing.box", parts, [fix])

    fires = [
        ("well visible", "warning", given(40, 30)),
        ("exactly 20 x 20", "warning", given(20, 20)),
        ("at submit", "error", given(40, 30, submitting=True)),
        ("at submit, not confirmed", "error", given(40, 30, submitting=True, confirmed=False)),
        ("open, a little smaller: stays", "warning", given(20, 18, was="warning")),
        ("open, cut by 0.8: stays", "warning", given(40, 30, truncation=0.8, was="warning")),
        ("open, 0.35 visible: stays", "warning", given(40, 30, visibility=0.35, was="warning")),
    ]
    silent = [
        ("too small", given(19, 20)),
        ("cut by 0.7", given(40, 30, truncation=0.7)),
        ("hidden", given(40, 30, visibility=0.4)),
        ("not confirmed yet", given(40, 30, confirmed=False)),
        ("open, much smaller: clears", given(20, 16, was="warning")),
        ("open, hidden: clears", given(40, 30, visibility=0.3, was="warning")),
    ]
    return [case(n, g, found(s, g)) for n, s, g in fires] + [case(n, g, None) for n, g in silent]


def missing_cuboids():
    box = [700.0, 350.0, 900.0, 550.0]

    def bunch(depth, count, step=0.1):
        """A diagonal line of points in the middle of the box."""
        return [[0.02 * i, 0.01 * i, depth + step * i] for i in range(count)]

    def given(points, was=None):
        return {
            "camera": PINHOLE,
            "box_px": box,
            "points_m": points,
            "diagonal_m": 5.0,
            "was": was,
        }

    def found(points):
        count = float(len(points))
        middle = points[(len(points) - 1) // 2]
        fix = {"kind": "add_cuboid", "words": "fix.add_cuboid", "parts": {}, "seed_m": middle}
        drafted = draft(
            "warning", count, 5.0, "points", "link.missing.cuboid", {"points": count}, [fix]
        )
        return {"cluster_m": points, "draft": drafted}

    wall = bunch(30.0, 40)
    none = {"cluster_m": [], "draft": None}
    near_edge = [[1.4, 0.0, 20.0 + 0.01 * i] for i in range(9)]
    behind = [[0.0, 0.0, -10.0 - 0.1 * i] for i in range(9)]
    return [
        case("nothing", given([]), none),
        case("four points", given(bunch(15.0, 4)), none),
        case("five points", given(bunch(15.0, 5)), found(bunch(15.0, 5))),
        case("an object before a wall", given(wall + bunch(12.0, 8)), found(bunch(12.0, 8))),
        case(
            "two stray points before the object",
            given(bunch(5.0, 2) + bunch(12.0, 8)),
            found(bunch(12.0, 8)),
        ),
        case(
            "no deeper than 1.5 diagonals",
            given(bunch(12.0, 30, 0.5)),
            found([p for p in bunch(12.0, 30, 0.5) if norm(p) <= norm([0, 0, 12.0]) + 7.5]),
        ),
        case("outside the middle of the box", given(near_edge), none),
        case("behind the camera", given(behind), none),
    ]


def norm(point):
    return math.sqrt(sum(x * x for x in point))


def classes():
    def given(a, b):
        return {"class_a": a, "class_b": b, "confusable": [["van", "truck"], ["adult", "child"]]}

    def found(severity, a, b):
        fixes = [
            {"kind": "set_class", "words": "fix.set_class", "parts": {"class_key": k}}
            for k in (a, b)
        ]
        return draft(severity, 1.0, 0.0, "", "link.class", {"class_a": a, "class_b": b}, fixes)

    return [
        case("the same", given("car", "car"), None),
        case("different", given("car", "pedestrian"), found("error", "car", "pedestrian")),
        case("easily confused", given("van", "truck"), found("info", "van", "truck")),
        case("the other way round", given("child", "adult"), found("info", "child", "adult")),
    ]


def few_points():
    def given(held, *, class_key="car", expected=None, radar=0, was=None):
        return {
            "held": held,
            "expected": expected,
            "class": class_key,
            "radar_hits": radar,
            "was": was,
        }

    def found(severity, held, needed):
        words = "pts.few" if held else "pts.few.none"
        parts = {"held": float(held), "needed": needed}
        return draft(severity, float(held), needed, "points", words, parts)

    return [
        case("enough", given(5), None),
        case("one too few", given(4), found("warning", 4, 5.0)),
        case("none", given(0), found("error", 0, 5.0)),
        case("none, but seen by radar", given(0, radar=2), found("warning", 0, 5.0)),
        case("a truck needs eight", given(7, class_key="truck"), found("warning", 7, 8.0)),
        case("near, so more are expected", given(20, expected=200.0), found("warning", 20, 30.0)),
        case("far, so the class counts", given(5, expected=10.0), None),
        case("open, 5: stays", given(5, was="warning"), found("warning", 5, 5.0)),
        case("open, 6: clears", given(6, was="warning"), None),
    ]


def expectations():
    def given(box, sensor, visibility=1.0):
        return {
            "cuboid": box,
            "sensor_m": sensor,
            "azimuth_rad": 0.01,
            "elevation_rad": 0.02,
            "visibility": visibility,
        }

    ahead = cuboid([10, 0, 0], [4, 2, 1.5])
    side = cuboid([10, 0, 0], [4, 2, 1.5], yaw=math.pi / 2)
    return [
        case("its rear, 3 m2 at 10 m", given(ahead, [0.0, 0.0, 0.0]), {"expected": 90.0}),
        case("its side, 6 m2", given(side, [0.0, 0.0, 0.0]), {"expected": 180.0}),
        case("half visible", given(ahead, [0.0, 0.0, 0.0], 0.5), {"expected": 45.0}),
        case(
            "from above and behind, by 3 4 5",
            given(ahead, [6.0, 0.0, 3.0]),
            {"expected": 0.6 * (3 * 0.8 + 8 * 0.6) / (25 * 0.0002)},
        ),
    ]


def outside_points():
    size = [4.0, 2.0, 1.5]
    box = {**cuboid([20, 5, 0.75], size, yaw=0.5)}
    behind = [-15.0, 0.0, 1.0]

    def at_rear(beyond, count, z=0.3):
        return [[-2.0 - beyond, -0.5 + 0.1 * i, z] for i in range(count)]

    def given(points, *, sensor=None, above=None, mirrors=False, was=None, class_key="car"):
        return {
            "cuboid": box,
            "local_m": points,
            "above": above or [True] * len(points),
            "sensor_m": sensor or behind,
            "mirrors_included": mirrors,
            "class": class_key,
            "was": was,
        }

    def found(ratio, count, face, out):
        turn, sign = quaternion(yaw=0.5), (1 if face in {"front", "left", "top"} else -1)
        axis = {"front": 0, "rear": 0, "left": 1, "right": 1, "top": 2}[face]
        shift = [sign * out / 2 if i == axis else 0.0 for i in range(3)]
        grown = {
            "center_m": ref.add(box["center_m"], ref.rotate(turn, shift)),
            "quaternion_xyzw": turn,
            "size_m": [s + (out if i == axis else 0.0) for i, s in enumerate(size)],
        }
        fix = fix_cuboid("fix.face", {"face": face, "by": out}, grown)
        parts = {"points": float(count), "face": face}
        return draft("warning", ratio, 0.15, "", "pts.outside", parts, [fix])

    inside = at_rear(-0.05, 10)
    beside = [[0.1 * i, 1.05, 0.5] for i in range(6)]
    mirror = [[0.1 * i, 1.05, 0.2] for i in range(6)]
    flank = [[0.1 * i, 0.9, 0.4] for i in range(6)]
    left_of = [0.0, 12.0, 1.0]
    return [
        case("all inside", given(inside), None),
        case(
            "six behind the rear", given(inside + at_rear(0.1, 6)), found(6 / 16, 6, "rear", 0.1)
        ),
        case("four are too few", given(inside[:2] + at_rear(0.1, 4)), None),
        case(
            "a small share",
            given(
                [p for z in (0.1, 0.2, 0.3, 0.4) for p in at_rear(-0.05, 10, z)] + at_rear(0.1, 6)
            ),
            None,
        ),
        case(
            "open: stays at 13 %",
            given(
                [p for z in (0.1, 0.2, 0.3, 0.4) for p in at_rear(-0.05, 10, z)] + at_rear(0.1, 6),
                was="warning",
            ),
            found(6 / 46, 6, "rear", 0.1),
        ),
        case(
            "a face that looks away",
            given(inside + at_rear(0.1, 6), sensor=[15.0, 0.0, 0.5]),
            None,
        ),
        case("the ground", given(inside + at_rear(0.1, 6), above=[True] * 10 + [False] * 6), None),
        case("not connected", given(at_rear(-0.05, 10, -0.6) + at_rear(0.1, 6, 0.5)), None),
        case("beyond the shell", given(inside + at_rear(0.31, 6)), None),
        case("nothing inside", given(at_rear(0.1, 6)), None),
        case(
            "beside the left face",
            given(flank + beside, sensor=left_of),
            found(0.5, 6, "left", 0.05),
        ),
        case("mirrors stick out", given(flank + mirror, sensor=left_of), None),
        case(
            "mirrors that belong to it",
            given(flank + mirror, sensor=left_of, mirrors=True),
            found(0.5, 6, "left", 0.05),
        ),
        case(
            "the outermost 2 % do not count",
            given(inside + [[-2.0 - 0.018 * i, -0.6 + 0.1 * i, 0.3] for i in range(1, 11)]),
            found(0.5, 10, "rear", 0.018 + 0.162 * 0.98),
        ),
    ]


def gaps():
    def given(z, *, ground=0.0, class_key="car", was=None):
        return {
            "cuboid": cuboid([5, 1, z], [4, 2, 1.5], yaw=0.4),
            "ground_m": ground,
            "class": class_key,
            "was": was,
        }

    def found(severity, z, threshold, ground=0.0):
        gap = z - 0.75 - ground
        words = "ground.gap.floats" if gap > 0 else "ground.gap.sunk"
        down = cuboid([5, 1, 0.75 + ground], [4, 2, 1.5], yaw=0.4)
        fix = fix_cuboid("fix.ground", {"by": -gap}, down)
        return draft(severity, gap, threshold, "m", words, {"gap_m": abs(gap)}, [fix])

    return [
        case("on the ground", given(0.75), None),
        case("0.14 m above is silent", given(0.89), None),
        case("0.2 m above", given(0.95), found("warning", 0.95, 0.15)),
        case("0.4 m above", given(1.15), found("error", 1.15, 0.35)),
        case("0.2 m below", given(0.55), found("warning", 0.55, 0.15)),
        case("on a hill", given(3.0, ground=2.0), found("warning", 3.0, 0.15, 2.0)),
        case("open, 0.13 m: stays", given(0.88, was="warning"), found("warning", 0.88, 0.15)),
        case("open, 0.12 m: clears", given(0.87, was="warning"), None),
        case("a truck may float more", given(0.93, class_key="truck"), None),
        case("unknown ground", given(9.0, ground=None), None),
    ]


def priors():
    def given(size, *, class_key="car", statistics=None, was=None):
        return {"size_m": size, "class": class_key, "statistics": statistics, "was": was}

    def found(dimension, value, limit, *, above):
        words = f"size.prior.{'above' if above else 'below'}"
        parts = {"dimension": dimension, "value_m": value, "limit_m": limit}
        return draft("error", value, limit, "m", words, parts)

    def odd(dimension, value, mean, z):
        parts = {"dimension": dimension, "value_m": value, "mean_m": mean}
        return draft("warning", z, 2.5, "sigma", "size.prior.unusual", parts)

    usual = {"mean_m": [4.4, 1.8, 1.5], "deviation_m": [0.3, 0.1, 0.1]}
    return [
        case("a car", given([4.4, 1.8, 1.5]), None),
        case("as long as it may be", given([5.6, 1.8, 1.5]), None),
        case("too long", given([5.8, 1.8, 1.5]), found("length", 5.8, 5.6, above=True)),
        case("too low", given([4.4, 1.8, 1.0]), found("height", 1.0, 1.2, above=False)),
        case(
            "the worst one is named",
            given([5.7, 4.0, 1.5]),
            found("width", 4.0, 2.2, above=True),
        ),
        case(
            "length and width swapped",
            given([1.8, 4.4, 1.5]),
            found("width", 4.4, 2.2, above=True),
        ),
        case("an unknown class may be anything", given([9.0, 9.0, 9.0], class_key="thing"), None),
        case(
            "unusual here",
            given([4.4, 1.8, 1.8], statistics=usual),
            odd("height", 1.8, 1.5, 3.0),
        ),
        case("usual here", given([4.9, 1.9, 1.6], statistics=usual), None),
        case(
            "open, 2.2 sigma: stays",
            given([4.4, 1.8, 1.72], statistics=usual, was="warning"),
            odd("height", 1.72, 1.5, 2.2),
        ),
        case(
            "open, 2.0 sigma: clears",
            given([4.4, 1.8, 1.7], statistics=usual, was="warning"),
            None,
        ),
    ]


def track_sizes():
    track = [4.0, 2.0, 1.5]

    def given(size, *, center=(10, 0, 0.75), seen=(0.0, 0.0, 1.0), class_key="car", was=None):
        return {
            "cuboid": cuboid(list(center), size),
            "track_m": track,
            "seen_from_m": list(seen),
            "class": class_key,
            "was": was,
        }

    def found(dimension, value, kept, measured, center):
        parts = {"dimension": dimension, "value_m": value, "track_m": kept}
        fix = fix_cuboid("fix.size_track", {}, cuboid(center, track))
        return draft("error", measured, 0.03, "", "size.track", parts, [fix])

    return [
        case("the same", given(track), None),
        case("2 % off", given([4.08, 2.0, 1.5]), None),
        case(
            "longer; its rear is seen and stays",
            given([5.0, 2.0, 1.5]),
            found("length", 5.0, 4.0, 0.25, [9.5, 0, 0.75]),
        ),
        case(
            "longer; its front is seen and stays",
            given([5.0, 2.0, 1.5], seen=(20.0, 0.0, 1.0)),
            found("length", 5.0, 4.0, 0.25, [10.5, 0, 0.75]),
        ),
        case(
            "narrower; seen from behind, the middle stays",
            given([4.0, 1.8, 1.5]),
            found("width", 1.8, 2.0, 0.1, [10, 0, 0.75]),
        ),
        case(
            "lower; the bottom stays",
            given([4.0, 2.0, 1.2]),
            found("height", 1.2, 1.5, 0.2, [10, 0, 0.9]),
        ),
        case(
            "open, 2.6 %: stays",
            given([4.0, 2.052, 1.5], was="error"),
            found("width", 2.052, 2.0, 0.026, [10, 0, 0.75]),
        ),
        case("open, 2.5 %: clears", given([4.0, 2.05, 1.5], was="error"), None),
        case("a person's size changes", given([5.0, 2.0, 1.5], class_key="pedestrian"), None),
    ]


def speeds():
    def given(speed, class_key="car", was=None):
        return {"speed_m_s": speed, "class": class_key, "was": was}

    def found(severity, speed, limit):
        parts = {"speed_m_s": speed, "limit_m_s": limit}
        return draft(severity, speed, limit, "m/s", "kin.speed", parts)

    return [
        case("city traffic", given(14.0), None),
        case("a motorway", given(44.0), None),
        case("very fast", given(46.0), found("warning", 46.0, 44.0)),
        case("impossible", given(61.0), found("error", 61.0, 55.0)),
        case("open, 38 m/s: stays", given(38.0, was="warning"), found("warning", 38.0, 44.0)),
        case("open, 37 m/s: clears", given(37.0, was="warning"), None),
        case("a person runs", given(6.5, "pedestrian"), None),
        case("a person flies", given(12.0, "pedestrian"), found("error", 12.0, 9.0)),
        case("a cone creeps", given(0.5, "cone"), found("error", 0.5, 0.3)),
    ]


def turns():
    def given(rate, speed, class_key="car", was=None):
        return {"rate_rad_s": rate, "speed_m_s": speed, "class": class_key, "was": was}

    def found(severity, rate, limit, speed):
        parts = {"rate_rad_s": rate, "limit_rad_s": limit, "speed_m_s": speed}
        return draft(severity, rate, limit, "rad/s", "kin.yawrate", parts)

    return [
        case("round a corner", given(0.5, 5.0), None),
        case("sharp, to the right", given(-0.7, 5.0), found("warning", 0.7, 0.64, 5.0)),
        case("too sharp", given(0.9, 5.0), found("error", 0.9, 0.8, 5.0)),
        case("the same turn when fast", given(0.35, 30.0), found("error", 0.35, 0.3, 30.0)),
        case("fast and gentle", given(0.2, 30.0), None),
        case("open: stays", given(0.55, 5.0, was="warning"), found("warning", 0.55, 0.64, 5.0)),
        case("open: clears", given(0.54, 5.0, was="warning"), None),
        case("people turn on the spot", given(4.0, 0.5, "pedestrian"), None),
        case("cones have no heading", given(9.0, 0.0, "cone"), None),
    ]


def kinematics():
    return [
        case(
            "steady, with a gap in time",
            {
                "times_s": [0.0, 0.1, 0.2, 0.5],
                "centers_m": [[0, 0, 0], [1, 0, 0], [2, 0, 0], [5, 0, 0]],
                "yaws_rad": [3.1, math.pi, -3.1, -3.0],
            },
            {
                "speeds_m_s": [10.0, 10.0, 10.0, 10.0],
                "yaw_rates_rad_s": [
                    (math.pi - 3.1) / 0.1,
                    (2 * math.pi - 6.2) / 0.2,
                    (2 * math.pi - 6.1 - (math.pi - 3.1)) / 0.4,
                    0.1 / 0.3,
                ],
            },
        ),
        case(
            "faster and faster",
            {
                "times_s": [0.0, 1.0, 2.0],
                "centers_m": [[0, 0, 0], [3, 4, 0], [9, 12, 0]],
                "yaws_rad": [0.0, 0.0, 0.0],
            },
            {"speeds_m_s": [5.0, 7.5, 10.0], "yaw_rates_rad_s": [0.0, 0.0, 0.0]},
        ),
        case(
            "alone",
            {"times_s": [3.0], "centers_m": [[1, 2, 3]], "yaws_rad": [1.0]},
            {"speeds_m_s": [0.0], "yaw_rates_rad_s": [0.0]},
        ),
    ]


def overlap_checks():
    def given(share, iou, *, same=True, groups=("vehicle", "vehicle"), was=None):
        return {
            "key": "car 17",
            "same_class": same,
            "groups": list(groups),
            "of_smaller": share,
            "bev_iou": iou,
            "was": was,
        }

    def found(measured, threshold, words="dup.overlap"):
        parts = {"other": "car 17", "share": measured}
        merge = {"kind": "merge", "words": "fix.merge", "parts": {"other": "car 17"}}
        fixes = [merge] if words.endswith("duplicate") else []
        return draft("error", measured, threshold, "", words, parts, fixes)

    return [
        case("apart", given(0.0, 0.0), None),
        case("bumper to bumper", given(0.14, 0.09), None),
        case("into one another", given(0.3, 0.2), found(0.3, 0.15)),
        case("footprints", given(0.1, 0.12), found(0.12, 0.10, "dup.overlap.footprint")),
        case("footprints of two classes", given(0.1, 0.12, same=False), None),
        case("drawn twice", given(0.9, 0.8), found(0.9, 0.15, "dup.overlap.duplicate")),
        case("open: stays", given(0.13, 0.0, was="error"), found(0.13, 0.15)),
        case("open: clears", given(0.12, 0.08, was="error"), None),
        case("a trailer", given(0.25, 0.2, same=False, groups=("trailer", "vehicle")), None),
        case(
            "a trailer, too far in",
            given(0.35, 0.2, same=False, groups=("trailer", "vehicle")),
            found(0.35, 0.3),
        ),
        case("people close together", given(0.2, 0.2, groups=("person", "person")), None),
        case(
            "people in one another",
            given(0.2, 0.3, groups=("person", "person")),
            found(0.3, 0.25, "dup.overlap.footprint"),
        ),
        case("a rider on a cycle", given(0.55, 0.5, same=False, groups=("person", "cycle")), None),
    ]


def limit_cases():
    def given(keys, **overrides):
        return {"classes": keys, "overrides": overrides}

    car = LIMITS["classes"]["car"]
    return [
        case("a class of the table", given(["car"]), car),
        case("an alias", given(["cyclist"]), LIMITS["classes"]["bicycle"]),
        case("its ancestor", given(["taxi", "car", "vehicle"]), car),
        case("nothing known", given(["thing"]), LIMITS["fallback"]),
        case(
            "a project's own numbers",
            given(["car"], length_m=[2.0, 6.0], points_min=10.0, speed_max_m_s=None),
            {**car, "length_m": [2.0, 6.0], "points_min": 10.0, "speed_max_m_s": None},
        ),
    ]


def files():
    return {
        "check_limits": document("Limits of a class, with overrides.", limit_cases()),
        "check_noise": document("What a recording's own inexactness explains.", noises()),
        "check_proj_edges": document("proj.edges", edges()),
        "check_proj_iou": document("proj.iou", ious()),
        "check_proj_center": document("proj.center", centers()),
        "check_best_change": {
            **document("The one change that explains the edges.", changes()),
            "tolerance": 1e-7,
        },
        "check_link_missing_box": document("link.missing: no box", missing_boxes()),
        "check_link_missing_cuboid": document("link.missing: no cuboid", missing_cuboids()),
        "check_link_class": document("link.class", classes()),
        "check_pts_few": document("pts.few", few_points()),
        "check_pts_expected": document("How many points a cuboid should hold.", expectations()),
        "check_pts_outside": document("pts.outside", outside_points()),
        "check_ground_gap": document("ground.gap", gaps()),
        "check_size_prior": document("size.prior", priors()),
        "check_size_track": document("size.track", track_sizes()),
        "check_kinematics": document("Speeds and yaw rates of a track.", kinematics()),
        "check_kin_speed": document("kin.speed", speeds()),
        "check_kin_yawrate": document("kin.yawrate", turns()),
        "check_dup_overlap": document("dup.overlap", overlap_checks()),
    }
