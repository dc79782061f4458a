"""Projection of many cuboids into many cameras, with clipping, subdivision and distortion.

`python -m benchmarks.projection` prints JSON.
"""

from functools import partial

import numpy as np

from benchmarks.timing import measure, report
from numerics.geometry.camera import BrownCamera, Camera, PinholeCamera
from numerics.geometry.cuboid import Cuboids
from numerics.geometry.inside import PointGrid
from numerics.geometry.projection import ProjectedBoxes, project_cuboids
from numerics.geometry.rigid import Rigid
from numerics.geometry.visibility import DepthBuffer, points_ahead

LENS = (-0.3, 0.09, 0.0008, -0.0005, -0.01)
"""Of a wide street camera: straight edges bend by up to some 30 pixels."""


def ring(count: int, *, lens: tuple[float, ...]) -> list[tuple[Camera, Rigid]]:
    """Cameras all around, 1600 x 900, 1.5 m above the ground."""
    cameras: list[tuple[Camera, Rigid]] = []
    axes = np.array([[0.0, -1, 0], [0, 0, -1], [1, 0, 0]])
    for yaw in np.arange(count) * 2 * np.pi / count:
        c, s = np.cos(yaw), np.sin(yaw)
        turn = axes @ np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]])
        pose = Rigid(turn, -turn @ np.array([0.0, 0.0, 1.5]))
        plain = (1600, 900, 1100.0, 1100.0, 800.0, 450.0)
        cameras.append((BrownCamera(*plain, lens) if lens else PinholeCamera(*plain), pose))
    return cameras


def traffic(count: int, *, seed: int = 0) -> Cuboids:
    """Cars, trucks and people around the origin."""
    rng = np.random.default_rng(seed)
    range_m, angle = rng.uniform(4, 60, count), rng.uniform(0, 2 * np.pi, count)
    kinds = np.array([[4.5, 1.8, 1.5], [9.0, 2.5, 3.2], [0.6, 0.6, 1.75]])
    size = kinds[rng.integers(0, 3, count)]
    center = np.c_[range_m * np.cos(angle), range_m * np.sin(angle), size[:, 2] / 2]
    return Cuboids.upright(center, rng.uniform(-np.pi, np.pi, count), size)


def project_all(cuboids: Cuboids, cameras: list[tuple[Camera, Rigid]]) -> list[ProjectedBoxes]:
    """Every cuboid into every camera."""
    return [
        project_cuboids(cuboids.transform(pose.rotation, pose.translation_m), camera)
        for camera, pose in cameras
    ]


def depths(grid: PointGrid, camera: Camera, camera_from_frame: Rigid) -> DepthBuffer:
    """Depths of a whole cloud in one camera."""
    return DepthBuffer.build(points_ahead(grid, camera_from_frame, camera), camera)


def main() -> None:
    """Time the sizes that the workspace and the checks meet."""
    measured: dict[str, object] = {}
    for name, lens in (("pinhole", ()), ("brown", LENS)):
        cameras = ring(6, lens=lens)
        for count in (1, 40, 500):
            cuboids = traffic(count)
            measured[f"{name}_{count}x6"] = measure(partial(project_all, cuboids, cameras))
        seen = int(sum(boxes.seen.sum() for boxes in project_all(traffic(500), cameras)))
        measured[f"{name}_seen_of_3000"] = seen
    rng = np.random.default_rng(1)
    grid = PointGrid.build(rng.normal(0, [25, 25, 1], (200_000, 3)))
    for name, lens in (("pinhole", ()), ("brown", LENS)):
        camera, pose = ring(1, lens=lens)[0]
        measured[f"depth_buffer_200k_{name}"] = measure(partial(depths, grid, camera, pose))
    report("projection", **measured)


if __name__ == "__main__":
    main()
