"""The same answers by plain loops over plain numbers: slow, short, and written apart from numerics.

SciPy does the rotations. Read this beside README.md when porting to another language.
"""

import math
from functools import cache
from itertools import pairwise

from scipy.spatial.transform import Rotation, Slerp

NEAR_M = 0.1
STEPS = 8


def rotate(quaternion, point):
    return Rotation.from_quat(quaternion).apply(point).tolist()


def add(a, b):
    return [x + y for x, y in zip(a, b, strict=True)]


def corners(cuboid):
    out = []
    for i in range(8):
        local = [(0.5 if i >> axis & 1 else -0.5) * cuboid["size_m"][axis] for axis in range(3)]
        out.append(add(cuboid["center_m"], rotate(cuboid["quaternion_xyzw"], local)))
    return out


def edges():
    return [(i, i | 1 << axis) for axis in range(3) for i in range(8) if not i >> axis & 1]


def distort(camera, x, y):
    """OpenCV's documented formula, term by term."""
    k1, k2, p1, p2, k3, k4, k5, k6 = (list(camera["distortion"]) + [0.0] * 8)[:8]
    r2 = x**2 + y**2
    g = (1 + k1 * r2 + k2 * r2**2 + k3 * r2**3) / (1 + k4 * r2 + k5 * r2**2 + k6 * r2**3)
    return (
        x * g + 2 * p1 * x * y + p2 * (r2 + 2 * x**2),
        y * g + p1 * (r2 + 2 * y**2) + 2 * p2 * x * y,
    )


def pixel(camera, point):
    x, y = distort(camera, point[0] / point[2], point[1] / point[2])
    return [camera["fx_px"] * x + camera["cx_px"], camera["fy_px"] * y + camera["cy_px"]]


def valid_radius(camera):
    return radius_of(tuple((list(camera["distortion"]) + [0.0] * 8)[:8]))


@cache
def radius_of(distortion):
    """First turning point of r g(r2), by its derivative taken with a tiny complex step."""
    k1, k2, _, _, k3, k4, k5, k6 = distortion

    def grows(r):
        z = complex(r, 1e-30)
        s = z * z
        bottom = 1 + k4 * s + k5 * s**2 + k6 * s**3
        return bottom.real > 0 and (z * (1 + k1 * s + k2 * s**2 + k3 * s**3) / bottom).imag > 0

    step = next((i for i in range(1, 1001) if not grows(i * 0.01)), None)
    if step is None:
        return math.inf
    low, high = (step - 1) * 0.01, step * 0.01
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if grows(middle) else (low, middle)
    return low


def span(a, b, radius):
    """Share of the edge a-b with z >= NEAR_M and within the cone, by halving its two rims."""

    def inside(t):
        x, y, z = (p + t * (q - p) for p, q in zip(a, b, strict=True))
        # On the plane itself rounding must not decide what is in front.
        return z >= NEAR_M - 1e-13 and (
            radius == math.inf or math.hypot(x, y) <= radius * (1 - 1e-9) * z
        )

    known = next((t for t in (i / 4096 for i in range(4097)) if inside(t)), None)
    if known is None:
        return None

    def rim(outside):
        if inside(outside):
            return outside
        good, bad = known, outside
        last = max((i / 4096 for i in range(4097) if inside(i / 4096)), default=known)
        good = last if outside == 1.0 else known
        for _ in range(80):
            middle = (good + bad) / 2
            good, bad = (middle, bad) if inside(middle) else (good, middle)
        return good

    return rim(0.0), rim(1.0)


def lines(camera, cuboid):
    radius = valid_radius(camera)
    points = corners(cuboid)
    out = []
    for i, j in edges():
        kept = span(points[i], points[j], radius)
        if kept is None or kept[1] <= kept[0]:
            continue
        out.append(cut_line(camera, points[i], points[j], kept))
    return out


def near_lines(camera, cuboid):
    """Where the plane z = NEAR_M cuts each face, as lines cut in pieces like the edges."""
    points, radius, out = corners(cuboid), valid_radius(camera), []
    for axis in range(3):
        for side in (0, 1):
            cuts = []
            for i, j in edges():
                a, b = points[i], points[j]
                beside = (i >> axis & 1) == side and (j >> axis & 1) == side
                if beside and (a[2] < NEAR_M) != (b[2] < NEAR_M):
                    t = (NEAR_M - a[2]) / (b[2] - a[2])
                    cuts.append([p + t * (q - p) for p, q in zip(a, b, strict=True)])
            if cuts:
                a, b = cuts
                a, b = [*a[:2], NEAR_M], [*b[:2], NEAR_M]
                kept = span(a, b, radius)
                if kept and kept[1] > kept[0]:
                    out.append(cut_line(camera, a, b, kept))
    return out


def cut_line(camera, a, b, kept):
    shares = [kept[0] + (kept[1] - kept[0]) * k / STEPS for k in range(STEPS + 1)]
    return [pixel(camera, [p + t * (q - p) for p, q in zip(a, b, strict=True)]) for t in shares]


def clip_piece(p, q, image):
    """Part of p-q inside the image, side by side."""
    t0, t1 = 0.0, 1.0
    for axis in range(2):
        d = q[axis] - p[axis]
        for sign, wall in ((-1, image[axis]), (1, image[axis + 2])):
            room, speed = sign * (wall - p[axis]), sign * d
            if speed == 0:
                if room < 0:
                    return None
            elif speed > 0:
                t1 = min(t1, room / speed)
            else:
                t0 = max(t0, room / speed)
    if t0 > t1:
        return None
    return [[p[k] + t * (q[k] - p[k]) for k in range(2)] for t in (t0, t1)]


def undistorted(camera, u, v):
    """The ray of a pixel, by plain fixed-point rounds damped to be safe; None where none leads there."""
    goal = [(u - camera["cx_px"]) / camera["fx_px"], (v - camera["cy_px"]) / camera["fy_px"]]
    x, y = goal
    for _ in range(2000):
        dx, dy = distort(camera, x, y)
        x, y = x + 0.5 * (goal[0] - dx), y + 0.5 * (goal[1] - dy)
        if math.hypot(x, y) > valid_radius(camera):
            return None
    return x, y


def covers(camera, cuboid, u, v):
    """Whether the ray of a pixel meets the cuboid in front of the near plane."""
    ray = undistorted(camera, u, v)
    if ray is None:
        return False
    back = Rotation.from_quat(cuboid["quaternion_xyzw"]).inv()
    origin = back.apply([-c for c in cuboid["center_m"]])
    way = back.apply([*ray, 1.0])
    enter, leave = -math.inf, math.inf
    for axis in range(3):
        half = cuboid["size_m"][axis] / 2
        if way[axis] == 0:
            if abs(origin[axis]) > half:
                return False
            continue
        a, b = (-half - origin[axis]) / way[axis], (half - origin[axis]) / way[axis]
        enter, leave = max(enter, min(a, b)), min(leave, max(a, b))
    return enter <= leave and leave >= NEAR_M


def covered_corners(camera, cuboid, full, image):
    """Corners of the image that the cuboid covers; none where the cuboid does not reach as far."""
    return [
        [image[i], image[j]]
        for i in (0, 2)
        for j in (1, 3)
        if full[0] <= image[i] <= full[2]
        and full[1] <= image[j] <= full[3]
        and covers(camera, cuboid, image[i], image[j])
    ]


def bounds(points):
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return [min(xs), min(ys), max(xs), max(ys)]


def project(camera, cuboid):
    image = [-0.5, -0.5, camera["width_px"] - 0.5, camera["height_px"] - 0.5]
    drawn = lines(camera, cuboid)
    if not drawn:
        return None
    full = bounds([p for piece in drawn for p in piece])
    kept = []
    for piece in drawn + near_lines(camera, cuboid):
        for p, q in pairwise(piece):
            kept += clip_piece(p, q, image) or []
    kept += covered_corners(camera, cuboid, full, image)
    if not kept:
        return None
    clipped = bounds(kept)
    area = (clipped[2] - clipped[0]) * (clipped[3] - clipped[1])
    if clipped[2] <= clipped[0] or clipped[3] <= clipped[1]:
        return None
    return {
        "full_px": full,
        "clipped_px": clipped,
        "truncation": max(0.0, 1 - area / ((full[2] - full[0]) * (full[3] - full[1]))),
        "depth_m": cuboid["center_m"][2],
    }


def footprint(cuboid):
    yaw = yaw_of(cuboid["quaternion_xyzw"])
    length, width = cuboid["size_m"][:2]
    cx, cy = cuboid["center_m"][:2]
    return [
        (
            cx + a * length * math.cos(yaw) - b * width * math.sin(yaw),
            cy + a * length * math.sin(yaw) + b * width * math.cos(yaw),
        )
        for a, b in ((0.5, 0.5), (-0.5, 0.5), (-0.5, -0.5), (0.5, -0.5))
    ]


def yaw_of(quaternion):
    x, y, _ = rotate(quaternion, [1.0, 0.0, 0.0])
    return math.atan2(y, x)


def shared_area(a, b):
    """Cut polygon a by every side of the convex polygon b."""
    polygon = a
    for (x0, y0), (x1, y1) in zip(b, b[1:] + b[:1], strict=True):

        def side(p, x0=x0, y0=y0, x1=x1, y1=y1):
            return (x1 - x0) * (p[1] - y0) - (y1 - y0) * (p[0] - x0)

        cut = []
        for p, q in zip(polygon, polygon[1:] + polygon[:1], strict=True):
            if side(p) >= 0:
                cut.append(p)
            if (side(p) >= 0) != (side(q) >= 0):
                t = side(p) / (side(p) - side(q))
                cut.append((p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])))
        polygon = cut
        if not polygon:
            return 0.0
    return (
        sum(
            p[0] * q[1] - p[1] * q[0]
            for p, q in zip(polygon, polygon[1:] + polygon[:1], strict=True)
        )
        / 2
    )


def overlaps(a, b):
    area = shared_area(footprint(a), footprint(b))
    top = min(c["center_m"][2] + c["size_m"][2] / 2 for c in (a, b))
    bottom = max(c["center_m"][2] - c["size_m"][2] / 2 for c in (a, b))
    volume = area * max(0.0, top - bottom)
    area_a, area_b = (c["size_m"][0] * c["size_m"][1] for c in (a, b))
    volume_a, volume_b = area_a * a["size_m"][2], area_b * b["size_m"][2]
    return {
        "bev_iou": area / (area_a + area_b - area),
        "iou_3d": volume / (volume_a + volume_b - volume),
        "of_smaller": volume / min(volume_a, volume_b),
    }


def pose_at(poses, time_s):
    times = [p["time_s"] for p in poses]
    if len(poses) == 1:
        return {k: poses[0][k] for k in ("translation_m", "quaternion_xyzw")}
    k = max(i for i in range(len(times) - 1) if i == 0 or times[i] <= time_s)
    a, b = poses[k], poses[k + 1]
    share = (time_s - times[k]) / (times[k + 1] - times[k])
    turn = Rotation.from_quat(a["quaternion_xyzw"]).inv() * Rotation.from_quat(
        b["quaternion_xyzw"]
    )
    turned = Rotation.from_quat(a["quaternion_xyzw"]) * Rotation.from_rotvec(
        share * turn.as_rotvec()
    )
    return {
        "translation_m": [
            p + share * (q - p)
            for p, q in zip(a["translation_m"], b["translation_m"], strict=True)
        ],
        "quaternion_xyzw": turned.as_quat(canonical=True).tolist(),
    }


def wrap(angle):
    return math.remainder(angle, 2 * math.pi)


def runs_of(keyframes):
    """Stretches of present keyframes, each with the time that ends it."""
    runs, here = [], []
    for key in keyframes:
        if key["cuboid"] is not None:
            here.append(key)
        else:
            if here:
                runs.append((here, key["time_s"]))
            here = []
    if here:
        runs.append((here, math.inf))
    return runs


def tangent(keys, i, straight):
    """Velocity through keyframe i, per axis."""

    def slope(k, axis):
        a, b = keys[k], keys[k + 1]
        return (b["cuboid"]["center_m"][axis] - a["cuboid"]["center_m"][axis]) / (
            b["time_s"] - a["time_s"]
        )

    before = i > 0 and not straight[i - 1]
    after = i < len(keys) - 1 and not straight[i]
    out = []
    for axis in range(3):
        if before and after:
            a, b = slope(i - 1, axis), slope(i, axis)
            central = (
                keys[i + 1]["cuboid"]["center_m"][axis] - keys[i - 1]["cuboid"]["center_m"][axis]
            ) / (keys[i + 1]["time_s"] - keys[i - 1]["time_s"])
            most = 3 * min(abs(a), abs(b))
            out.append(max(-most, min(most, central)) if a * b > 0 else 0.0)
        elif before:
            out.append(slope(i - 1, axis))
        elif after:
            out.append(slope(i, axis))
        else:
            out.append(0.0)
    return out


def trajectory_at(keyframes, motion, time_s):
    starts = -math.inf
    reach = math.inf if motion["static"] else 0.15
    for keys, ends in runs_of(keyframes):
        first = max(keys[0]["time_s"] - reach, starts)
        if first <= time_s <= keys[-1]["time_s"] + reach and time_s < ends:
            return inside_run(keys, motion, time_s)
        starts = ends
    return None


def inside_run(keys, motion, time_s):
    if len(keys) == 1:
        return {**keys[0]["cuboid"], "velocity_m_s": [0.0, 0.0, 0.0]}
    straight = [b["time_s"] - a["time_s"] > 2 or a["stop"] or b["stop"] for a, b in pairwise(keys)]
    inside = min(max(time_s, keys[0]["time_s"]), keys[-1]["time_s"])
    k = max(i for i in range(len(keys) - 1) if i == 0 or keys[i]["time_s"] <= inside)
    a, b = keys[k], keys[k + 1]
    h = b["time_s"] - a["time_s"]
    u = (inside - a["time_s"]) / h
    p0, p1 = a["cuboid"]["center_m"], b["cuboid"]["center_m"]
    line = [(q - p) / h for p, q in zip(p0, p1, strict=True)]
    m0 = line if straight[k] else tangent(keys, k, straight)
    m1 = line if straight[k] else tangent(keys, k + 1, straight)
    # The four Hermite basis functions as textbooks print them.
    h00, h10 = 2 * u**3 - 3 * u**2 + 1, u**3 - 2 * u**2 + u
    h01, h11 = -2 * u**3 + 3 * u**2, u**3 - u**2
    d00, d10, d01, d11 = (
        6 * u**2 - 6 * u,
        3 * u**2 - 4 * u + 1,
        -6 * u**2 + 6 * u,
        3 * u**2 - 2 * u,
    )
    center = [h00 * p0[i] + h10 * h * m0[i] + h01 * p1[i] + h11 * h * m1[i] for i in range(3)]
    velocity = [(d00 * p0[i] + d01 * p1[i]) / h + d10 * m0[i] + d11 * m1[i] for i in range(3)]
    if motion["static"]:
        velocity = [0.0, 0.0, 0.0]
    center = [c + (time_s - inside) * v for c, v in zip(center, velocity, strict=True)]
    ends = Rotation.from_quat([a["cuboid"]["quaternion_xyzw"], b["cuboid"]["quaternion_xyzw"]])
    turned = Slerp([0, 1], ends)(u)
    if motion["vehicle"]:
        extra = toward_path(turned, (m0, velocity, m1), ends, u)
        turned = Rotation.from_rotvec([0, 0, extra]) * turned
    size = [
        p + u * (q - p) for p, q in zip(a["cuboid"]["size_m"], b["cuboid"]["size_m"], strict=True)
    ]
    return {
        "center_m": center,
        "quaternion_xyzw": turned.as_quat(canonical=True).tolist(),
        "size_m": size,
        "velocity_m_s": velocity,
    }


def toward_path(turned, speeds, ends, u):
    m0, velocity, m1 = speeds
    off0 = yaw_of(ends[0].as_quat()) - math.atan2(m0[1], m0[0])
    off1 = yaw_of(ends[1].as_quat()) - math.atan2(m1[1], m1[0])
    wanted = math.atan2(velocity[1], velocity[0]) + off0 + u * wrap(off1 - off0)
    slowest = min(math.hypot(v[0], v[1]) for v in speeds)
    pull = min(1.0, max(0.0, (slowest - 2) / 2))
    return pull * wrap(wanted - yaw_of(turned.as_quat()))


def change(cuboid, parameter, by, seen_from):
    """One of x, y, z, yaw, length, width, height."""
    turn = Rotation.from_quat(cuboid["quaternion_xyzw"])
    axes = turn.as_matrix().T
    center, size = list(cuboid["center_m"]), list(cuboid["size_m"])
    if parameter == 3:
        turned = turn * Rotation.from_rotvec([0, 0, by])
        return {**cuboid, "quaternion_xyzw": turned.as_quat(canonical=True).tolist()}
    if parameter < 3:
        return {**cuboid, "center_m": add(center, (by * axes[parameter]).tolist())}
    axis = parameter - 4
    seen = sum(axes[axis][i] * (seen_from[i] - center[i]) for i in range(3))
    away = 1 if axis == 2 or seen < 0 else -1
    size[axis] += by
    return {
        **cuboid,
        "center_m": add(center, (away * by / 2 * axes[axis]).tolist()),
        "size_m": size,
    }


def move(pose, cuboid):
    turn = Rotation.from_quat(pose["quaternion_xyzw"])
    return {
        "center_m": add(turn.apply(cuboid["center_m"]).tolist(), pose["translation_m"]),
        "quaternion_xyzw": (turn * Rotation.from_quat(cuboid["quaternion_xyzw"]))
        .as_quat()
        .tolist(),
        "size_m": cuboid["size_m"],
    }


def edge_distances(camera, pose, cuboid, label, sides):
    seen = project(camera, move(pose, cuboid))
    if seen is None:
        return None
    return [p - q for p, q, s in zip(seen["clipped_px"], label, sides, strict=True) if s]


def best_change(camera, pose, cuboid, label, *, sides, spans, share_min):
    turn = Rotation.from_quat(pose["quaternion_xyzw"]).inv()
    eye = (-turn.apply(pose["translation_m"])).tolist()

    def off(parameter, by):
        return edge_distances(camera, pose, change(cuboid, parameter, by, eye), label, sides)

    start = off(0, 0.0)
    if not start:
        return None
    best = None
    for parameter in range(7):
        by = newton(lambda b, k=parameter: off(k, b), parameter, cuboid, spans)
        left = None if by is None else off(parameter, by)
        if left is not None:
            score = sum(x * x for x in left)
            if best is None or score < best[0]:
                best = (score, parameter, by)
    if best is None or best[0] > (1 - share_min) * sum(x * x for x in start):
        return None
    return described(cuboid, best[1], best[2], eye)


def newton(off, parameter, cuboid, spans):
    """Three Newton steps on a forward difference; None where they lead too far."""
    step = 0.005 if parameter == 3 else 0.01
    by = 0.0
    for _ in range(3):
        here, ahead = off(by), off(by + step)
        if here is None or ahead is None:
            return None
        slope = [(a - h) / step for a, h in zip(ahead, here, strict=True)]
        steep = sum(s * s for s in slope)
        if steep > 1e-12:
            by -= sum(s * h for s, h in zip(slope, here, strict=True)) / steep
        if abs(by) > (0.6 if parameter == 3 else 2.0):
            return None
        if parameter > 3:
            now, (low, high) = cuboid["size_m"][parameter - 4], spans[parameter - 4]
            if not max(min(low, now), 0.1) <= now + by <= max(high, now):
                return None
    return by


def described(cuboid, parameter, by, eye):
    name = ("x", "y", "z", "yaw", "length", "width", "height")[parameter]
    parts = {"by": abs(math.degrees(by) if parameter == 3 else by)}
    if parameter in {4, 5}:
        axis = Rotation.from_quat(cuboid["quaternion_xyzw"]).as_matrix().T[parameter - 4]
        seen = sum(a * (e - c) for a, e, c in zip(axis, eye, cuboid["center_m"], strict=True))
        parts["face"] = (("rear", "front"), ("right", "left"))[parameter - 4][int(seen < 0)]
    return {
        "kind": "set_cuboid",
        "words": f"fix.{name}.{'plus' if by >= 0 else 'minus'}",
        "parts": parts,
        "cuboid": change(cuboid, parameter, by, eye),
    }
