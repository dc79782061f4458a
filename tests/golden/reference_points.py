"""Plain loops over points: inside, ground, visibility, growing, heading, fitting."""

import math
from statistics import median

from scipy.spatial.transform import Rotation

from tests.golden.reference import pixel, valid_radius, wrap, yaw_of


def local(box, point):
    back = Rotation.from_quat(box["quaternion_xyzw"]).inv()
    return back.apply([p - c for p, c in zip(point, box["center_m"], strict=True)]).tolist()


def inside(box, points):
    return [
        i
        for i, p in enumerate(points)
        if all(abs(v) <= s / 2 for v, s in zip(local(box, p), box["size_m"], strict=True))
    ]


def height_at(raster, x, y):
    """Bilinear between the known of the four nearest centres."""
    cell, rows = raster["cell_m"], raster["height_m"]
    u, v = (x - raster["corner_m"][0]) / cell, (y - raster["corner_m"][1]) / cell
    if not (0 <= u < len(rows[0]) and 0 <= v < len(rows)):
        return None
    u, v = u - 0.5, v - 0.5
    total = weight = 0.0
    for r in (math.floor(v), math.floor(v) + 1):
        for c in (math.floor(u), math.floor(u) + 1):
            if 0 <= r < len(rows) and 0 <= c < len(rows[0]) and rows[r][c] is not None:
                share = (1 - abs(u - c)) * (1 - abs(v - r))
                total += share * rows[r][c]
                weight += share
    return total / weight if weight > 0 else None


def ground_under(raster, box):
    yaw, places = yaw_of(box["quaternion_xyzw"]), (-0.4, -0.2, 0.0, 0.2, 0.4)
    heights = []
    for a in places:
        for b in places:
            x, y = a * box["size_m"][0], b * box["size_m"][1]
            heights.append(
                height_at(
                    raster,
                    box["center_m"][0] + x * math.cos(yaw) - y * math.sin(yaw),
                    box["center_m"][1] + x * math.sin(yaw) + y * math.cos(yaw),
                )
            )
    known = [h for h in heights if h is not None]
    return median(known) if known else None


def quarter_pixel(camera, point):
    """Buffer pixel of a point, or None outside the image."""
    if point[2] <= 1e-6 or math.hypot(*point[:2]) > valid_radius(camera) * point[2]:
        return None
    u, v = pixel(camera, point)
    if not (-0.5 <= u < camera["width_px"] - 0.5 and -0.5 <= v < camera["height_px"] - 0.5):
        return None
    return int((v + 0.5) // 4), int((u + 0.5) // 4)


def visible_share(camera, cloud, held, *, box, nearer):
    met = free = 0
    for point in held:
        place = quarter_pixel(camera, point)
        if place is None:
            continue
        around = [
            p[2]
            for p in cloud
            if (q := quarter_pixel(camera, p))
            and abs(q[0] - place[0]) <= 1
            and abs(q[1] - place[1]) <= 1
        ]
        met += 1
        free += point[2] <= min(around, default=math.inf) + 0.3
    if met >= 10:
        return free / met
    covered = 0
    for i in range(16):
        for j in range(16):
            u = box[0] + (i + 0.5) / 16 * (box[2] - box[0])
            v = box[1] + (j + 0.5) / 16 * (box[3] - box[1])
            covered += any(b[0] <= u <= b[2] and b[1] <= v <= b[3] for b in nearer)
    return 1 - covered / 256


def grown(points, seed, reach):
    reached, front = set(), [seed]
    while front:
        here = front.pop()
        for i, p in enumerate(points):
            if i not in reached and math.dist(p, here) <= reach:
                reached.add(i)
                front.append(p)
    return sorted(reached)


def turned(points, yaw):
    c, s = math.cos(yaw), math.sin(yaw)
    return [(c * p[0] + s * p[1], -s * p[0] + c * p[1]) for p in points]


def closeness(points, degrees):
    places = turned(points, math.radians(degrees))
    rims = [(min(a), max(a)) for a in zip(*places, strict=True)]
    total = 0.0
    for p in places:
        nearest = min(min(hi - a, a - lo) for a, (lo, hi) in zip(p, rims, strict=True))
        total += 1 / max(nearest, 0.02)
    return total / len(points)


def l_shape(points):
    flat = [p[:2] for p in points]
    coarse = max(range(90), key=lambda d: closeness(flat, d))
    fine = max(range(-10, 11), key=lambda k: closeness(flat, coarse + k * 0.1))
    return {
        "yaw_rad": math.radians(round(coarse + fine * 0.1, 1) % 90),
        "closeness": closeness(flat, coarse + fine * 0.1),
    }


def quantile(numbers, q):
    """Linear between the two around (n - 1) q."""
    ordered = sorted(numbers)
    place = (len(ordered) - 1) * q
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def extent(points, yaw):
    places = turned(points, yaw)
    return [min(a) for a in zip(*places, strict=True)], [max(a) for a in zip(*places, strict=True)]


def fitted(points, prior, ground, sensor):  # noqa: PLR0915 -- one story, told from top to bottom
    """A boxy object's cuboid."""
    found = l_shape(points)
    yaw = found["yaw_rad"]
    low, high = extent(points, yaw)
    a, b = high[0] - low[0], high[1] - low[1]
    usual, track = prior["usual_m"], prior["track_m"]
    long = max(a, b) > 1.3 * prior["width_m"][1]
    if b > a if long else abs(a - usual[1]) < abs(b - usual[1]):
        yaw += math.pi / 2
    hint = prior["heading_rad"]
    if hint is not None and abs(wrap(yaw - hint)) > math.pi / 2:
        yaw += math.pi
    low, high = extent(points, yaw)
    eye = turned([sensor], yaw)[0]
    assumed = []
    for axis, least in enumerate((prior["length_m"][0], prior["width_m"][0])):
        size = high[axis] - low[axis]
        wanted = track[axis] if track else size if size >= least else usual[axis]
        if wanted == size:
            continue
        if eye[axis] >= (low[axis] + high[axis]) / 2:
            low[axis] = high[axis] - wanted
            assumed.append(("rear", "right")[axis])
        else:
            high[axis] = low[axis] + wanted
            assumed.append(("front", "left")[axis])
    heights = [p[2] for p in points]
    bottom = min(heights) if ground is None else ground
    height = quantile(heights, 0.98) + 0.03 - bottom
    if track or height < prior["height_m"][0]:
        height = track[2] if track else usual[2]
        assumed.append("top")
    x, y = (low[0] + high[0]) / 2, (low[1] + high[1]) / 2
    c, s = math.cos(yaw), math.sin(yaw)
    center = [c * x - s * y, s * x + c * y, bottom + height / 2]
    size = [high[0] - low[0], high[1] - low[1], height]
    score = min(1, len(points) / 60) * (1 - len(assumed) / 4) * min(1, found["closeness"] / 10)

    def box(turn):
        quaternion = [0.0, 0.0, math.sin((yaw + turn) / 2), math.cos((yaw + turn) / 2)]
        return {"center_m": center, "quaternion_xyzw": quaternion, "size_m": size}

    return {
        "cuboid": box(0),
        "assumed": assumed,
        "score": score,
        "candidates": [box(math.pi), box(math.pi / 2), box(-math.pi / 2)],
    }
