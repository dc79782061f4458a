"""The made-up street: what stands, what moves and how, and where the recording car drives."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from apps.portal.demo.meshes import (
    RGB,
    Mesh,
    ball,
    block,
    car,
    cyclist,
    frustum,
    joined,
    moved,
    pedestrian,
    truck,
)

Motion = Callable[[float], tuple[float, float, float]]
"""Seconds to x_m, y_m, yaw_rad in the world."""

PAINTS: tuple[RGB, ...] = (
    (0.55, 0.06, 0.07),
    (0.08, 0.16, 0.42),
    (0.8, 0.8, 0.82),
    (0.13, 0.14, 0.15),
    (0.35, 0.38, 0.41),
    (0.1, 0.3, 0.22),
    (0.86, 0.62, 0.12),
)
BUILDERS: dict[str, Callable[..., Mesh]] = {
    "car": car,
    "truck": truck,
    "pedestrian": pedestrian,
    "bicycle": cyclist,
}
ROAD_HALF_WIDTH_M = 7.0
KERB_M = 0.12
MARGIN_M = 0.08


@dataclass(frozen=True, slots=True)
class Actor:
    """A thing that is labelled: its class, exact size, mesh and motion."""

    name: str
    class_key: str
    size_m: tuple[float, float, float]
    mesh: Mesh
    motion: Motion
    ground_m: float

    def pose_at(self, seconds: float) -> tuple[np.ndarray, float]:
        """Centre in the world (3,) and yaw at a time."""
        x_m, y_m, yaw_rad = self.motion(seconds)
        return np.array([x_m, y_m, self.ground_m + self.size_m[2] / 2]), yaw_rad


@dataclass(frozen=True, slots=True)
class Street:
    """Everything in one made-up scene."""

    background: Mesh
    actors: tuple[Actor, ...]
    ego: Motion
    sun: tuple[float, float, float]


def straight(x_m: float, y_m: float, *, yaw_rad: float, speed_mps: float) -> Motion:
    """Steady motion along a heading."""
    step = (speed_mps * math.cos(yaw_rad), speed_mps * math.sin(yaw_rad))
    return lambda t: (x_m + step[0] * t, y_m + step[1] * t, yaw_rad)


def turning(
    x_m: float, y_m: float, *, yaw_rad: float, speed_mps: float, yaw_rate_radps: float
) -> Motion:
    """Steady motion along an arc."""
    radius_m = speed_mps / yaw_rate_radps

    def at(t: float) -> tuple[float, float, float]:
        yaw = yaw_rad + yaw_rate_radps * t
        return (
            x_m + radius_m * (math.sin(yaw) - math.sin(yaw_rad)),
            y_m - radius_m * (math.cos(yaw) - math.cos(yaw_rad)),
            yaw,
        )

    return at


def _buildings(rng: np.random.Generator) -> list[Mesh]:
    parts = []
    for side in (-1, 1):
        x_m = -45.0
        while x_m < 120:
            width_m = float(rng.uniform(9, 17))
            height_m = float(rng.uniform(7, 16))
            depth_m = float(rng.uniform(8, 12))
            if not 46 < x_m + width_m / 2 < 58:  # a side street
                shade = float(rng.uniform(0.45, 0.75))
                warm = float(rng.uniform(-0.06, 0.12))
                color = (shade + warm, shade, shade - warm)
                y_m = side * (12.0 + depth_m / 2)
                parts.append(
                    block(
                        (x_m + width_m / 2, y_m, height_m / 2),
                        (width_m - 0.2, depth_m, height_m),
                        color=color,
                        reflectivity=float(rng.uniform(0.25, 0.5)),
                    )
                )
            x_m += width_m
    return parts


def _furniture(rng: np.random.Generator) -> list[Mesh]:
    parts = []
    for side in (-1, 1):
        for x_m in np.arange(-35, 110, 13.0):
            if 44 < x_m < 60:
                continue
            x, y = float(x_m + rng.uniform(-1.5, 1.5)), side * 8.3
            if rng.random() < 0.55:
                crown_m = float(rng.uniform(1.3, 1.9))
                green = (0.16, float(rng.uniform(0.28, 0.42)), 0.12)
                parts.append(block((x, y, 1.3), (0.28, 0.28, 2.6), color=(0.27, 0.2, 0.14)))
                parts.append(
                    ball((x, y, 3.4), (crown_m, crown_m, crown_m * 0.95), color=green, rings=6)
                )
            else:
                parts.append(block((x, y, 2.6), (0.14, 0.14, 5.2), color=(0.3, 0.31, 0.33)))
                parts.append(
                    block((x, y - side * 0.7, 5.15), (0.24, 1.5, 0.12), color=(0.3, 0.31, 0.33))
                )
    for x in (41.0, 61.0):
        parts.append(block((x, 7.6, 1.3), (0.1, 0.1, 2.6), color=(0.5, 0.5, 0.5)))
        parts.append(
            block((x, 7.6, 2.5), (0.06, 0.7, 0.7), color=(0.75, 0.1, 0.1), reflectivity=1.0)
        )
    return parts


def _ground() -> list[Mesh]:
    road = frustum(
        (-80, 160, -ROAD_HALF_WIDTH_M, ROAD_HALF_WIDTH_M),
        (-80, 160, -ROAD_HALF_WIDTH_M, ROAD_HALF_WIDTH_M),
        (-0.5, 0.0),
        color=(0.2, 0.2, 0.21),
        reflectivity=0.12,
    )
    walks = [
        frustum(
            (x0, x1, min(a, b), max(a, b)),
            (x0, x1, min(a, b), max(a, b)),
            (-0.5, KERB_M),
            color=(0.5, 0.49, 0.47),
            reflectivity=0.3,
        )
        for a, b in ((ROAD_HALF_WIDTH_M, 40.0), (-ROAD_HALF_WIDTH_M, -40.0))
        for x0, x1 in ((-80.0, 47.0), (57.0, 160.0))
    ]
    side_street = block((52, 0, -0.26), (10, 80, 0.5), color=(0.2, 0.2, 0.21), reflectivity=0.12)
    return [road, *walks, side_street]


def _actor(
    name: str,
    class_key: str,
    size_m: tuple[float, float, float],
    *,
    color: RGB,
    motion: Motion,
    ground_m: float = 0.0,
) -> Actor:
    # A label encloses its points with a hand's breadth to spare, as people draw it.
    length_m, width_m, height_m = size_m
    body = (length_m - MARGIN_M, width_m - MARGIN_M, height_m - MARGIN_M / 2)
    mesh = moved(BUILDERS[class_key](body, color=color), (0.0, 0.0, -MARGIN_M / 4))
    return Actor(name, class_key, size_m, mesh, motion, ground_m)


def make_street(seed: int) -> Street:
    """A street with cars, trucks, cyclists and pedestrians; the seed varies all of it."""
    rng = np.random.default_rng(seed)
    paints = [PAINTS[i] for i in rng.permutation(len(PAINTS))]

    def near(mean: float, spread: float) -> float:
        return float(rng.normal(mean, spread))

    def car_size() -> tuple[float, float, float]:
        return (
            round(near(4.45, 0.2), 2),
            round(near(1.82, 0.05), 2),
            round(near(1.48, 0.05), 2),
        )

    def person_size() -> tuple[float, float, float]:
        return (round(near(0.62, 0.05), 2), round(near(0.62, 0.04), 2), round(near(1.74, 0.08), 2))

    speed = near(7.5, 0.8)
    actors = [
        _actor(
            "lead car",
            "car",
            car_size(),
            color=paints[0],
            motion=straight(near(17, 2), -1.8, yaw_rad=0.0, speed_mps=speed + near(0.6, 0.3)),
        ),
        _actor(
            "oncoming car",
            "car",
            car_size(),
            color=paints[1],
            motion=straight(near(44, 5), 1.9, yaw_rad=math.pi, speed_mps=near(9, 1)),
        ),
        _actor(
            "second oncoming car",
            "car",
            car_size(),
            color=paints[2],
            motion=straight(near(62, 3), 1.8, yaw_rad=math.pi, speed_mps=near(8, 1)),
        ),
        _actor(
            "turning car",
            "car",
            car_size(),
            color=paints[3],
            motion=turning(50.5, -13.0, yaw_rad=math.pi / 2, speed_mps=4.5, yaw_rate_radps=-0.35),
        ),
        _actor(
            "box truck",
            "truck",
            (8.4, 2.5, 3.4),
            color=paints[4],
            motion=straight(near(36, 2), -1.7, yaw_rad=0.0, speed_mps=near(6.5, 0.5)),
        ),
        _actor(
            "cyclist",
            "bicycle",
            (1.76, 0.6, 1.78),
            color=(0.85, 0.3, 0.1),
            motion=straight(near(11, 1.5), -4.4, yaw_rad=0.02, speed_mps=near(4.6, 0.4)),
        ),
        _actor(
            "second cyclist",
            "bicycle",
            (1.72, 0.58, 1.72),
            color=(0.15, 0.45, 0.6),
            motion=straight(near(27, 2), 4.2, yaw_rad=math.pi, speed_mps=near(5, 0.4)),
        ),
        _actor(
            "crossing pedestrian",
            "pedestrian",
            person_size(),
            color=(0.7, 0.2, 0.25),
            motion=straight(near(24, 1), near(-5, 0.5), yaw_rad=math.pi / 2, speed_mps=1.35),
        ),
    ]
    for i, x_m in enumerate((6.0, 13.5, 31.0)):
        actors.append(
            _actor(
                f"walker {i + 1}",
                "pedestrian",
                person_size(),
                color=(near(0.4, 0.12), near(0.4, 0.12), near(0.45, 0.12)),
                motion=straight(
                    near(x_m, 1),
                    (9.6 if i % 2 else -9.4),
                    yaw_rad=0.0 if i % 2 else math.pi,
                    speed_mps=near(1.3, 0.1),
                ),
                ground_m=KERB_M,
            )
        )
    for i, (x_m, y_m) in enumerate(((-9.0, 5.9), (20.5, 5.95), (39.0, -5.9), (68.0, 5.9))):
        actors.append(
            _actor(
                f"parked car {i + 1}",
                "car",
                car_size(),
                color=paints[(i + 4) % len(paints)],
                motion=straight(
                    near(x_m, 0.8),
                    y_m,
                    yaw_rad=near(math.pi if y_m > 0 else 0, 0.02),
                    speed_mps=0.0,
                ),
            )
        )
    background = joined(*_ground(), *_buildings(rng), *_furniture(rng))
    sway = near(0.01, 0.004)
    return Street(
        background=background,
        actors=tuple(actors),
        ego=lambda t: (speed * t, -1.8 + 0.12 * math.sin(0.9 * t), sway * math.cos(0.9 * t)),
        sun=(near(-0.35, 0.1), near(0.45, 0.15), 0.8),
    )
