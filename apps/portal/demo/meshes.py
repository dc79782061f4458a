"""Triangle meshes of the made-up street: simple solids, and things built of them.

A mesh is in its object's frame: x forward, y left, z up, origin at the centre of the cuboid that encloses it exactly.
"""

from dataclasses import dataclass

import numpy as np

from numerics.arrays import FloatArray, IntArray

RGB = tuple[float, float, float]
GLASS: RGB = (0.09, 0.11, 0.14)
RUBBER: RGB = (0.06, 0.06, 0.065)
STEEL: RGB = (0.55, 0.57, 0.6)
LAMP: RGB = (0.95, 0.93, 0.85)
TAIL: RGB = (0.65, 0.06, 0.05)


@dataclass(frozen=True, slots=True)
class Mesh:
    """Triangles with a colour each.

    Attributes:
        vertices_m: (V, 3).
        triangles: (T, 3) indices of vertices.
        colors: (T, 3) reflectance in [0, 1].
        reflectivity: (T,) for the LiDAR's intensity, in [0, 1].
    """

    vertices_m: FloatArray
    triangles: IntArray
    colors: FloatArray
    reflectivity: FloatArray


def joined(*parts: Mesh) -> Mesh:
    """One mesh of several."""
    offsets = np.cumsum([0] + [len(part.vertices_m) for part in parts[:-1]])
    return Mesh(
        np.concatenate([part.vertices_m for part in parts]),
        np.concatenate(
            [part.triangles + offset for part, offset in zip(parts, offsets, strict=True)]
        ),
        np.concatenate([part.colors for part in parts]),
        np.concatenate([part.reflectivity for part in parts]),
    )


def moved(mesh: Mesh, by_m: tuple[float, float, float]) -> Mesh:
    """The mesh shifted."""
    return Mesh(mesh.vertices_m + np.array(by_m), mesh.triangles, mesh.colors, mesh.reflectivity)


def fitted(mesh: Mesh, size_m: tuple[float, float, float]) -> Mesh:
    """The mesh stretched and centred so that a cuboid of this size encloses it exactly."""
    low, high = mesh.vertices_m.min(axis=0), mesh.vertices_m.max(axis=0)
    scaled = (mesh.vertices_m - (low + high) / 2) * (np.array(size_m) / (high - low))
    return Mesh(scaled, mesh.triangles, mesh.colors, mesh.reflectivity)


def _mesh(vertices: FloatArray, triangles: IntArray, color: RGB, reflectivity: float) -> Mesh:
    count = len(triangles)
    return Mesh(
        vertices,
        triangles,
        np.tile(np.array(color), (count, 1)),
        np.full(count, reflectivity),
    )


def frustum(
    bottom_m: tuple[float, float, float, float],
    top_m: tuple[float, float, float, float],
    z_m: tuple[float, float],
    *,
    color: RGB,
    reflectivity: float = 0.4,
) -> Mesh:
    """A box whose top may differ from its bottom; each given as x_low, x_high, y_low, y_high."""
    corners = [
        (x, y, z)
        for (x0, x1, y0, y1), z in ((bottom_m, z_m[0]), (top_m, z_m[1]))
        for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1))
    ]
    quads = ((0, 3, 2, 1), (4, 5, 6, 7), (0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7))
    triangles = [t for a, b, c, d in quads for t in ((a, b, c), (a, c, d))]
    return _mesh(np.array(corners), np.array(triangles), color, reflectivity)


def block(
    center_m: tuple[float, float, float],
    size_m: tuple[float, float, float],
    *,
    color: RGB,
    reflectivity: float = 0.4,
) -> Mesh:
    """An upright box."""
    (x, y, z), (length, width, height) = center_m, size_m
    base = (x - length / 2, x + length / 2, y - width / 2, y + width / 2)
    return frustum(
        base, base, (z - height / 2, z + height / 2), color=color, reflectivity=reflectivity
    )


def ball(
    center_m: tuple[float, float, float],
    radii_m: tuple[float, float, float],
    *,
    color: RGB,
    reflectivity: float = 0.3,
    rings: int = 8,
) -> Mesh:
    """An ellipsoid."""
    around = 2 * rings
    polar = np.linspace(0, np.pi, rings + 1)
    azimuth = np.linspace(0, 2 * np.pi, around, endpoint=False)
    p, a = np.meshgrid(polar, azimuth, indexing="ij")
    unit = np.stack([np.sin(p) * np.cos(a), np.sin(p) * np.sin(a), np.cos(p)], axis=-1)
    vertices = unit.reshape(-1, 3) * np.array(radii_m) + np.array(center_m)
    ring, step = np.meshgrid(np.arange(rings), np.arange(around), indexing="ij")
    here, right = ring * around + step, ring * around + (step + 1) % around
    triangles = np.concatenate(
        [
            np.stack([here, here + around, right], axis=-1).reshape(-1, 3),
            np.stack([right, here + around, right + around], axis=-1).reshape(-1, 3),
        ]
    )
    return _mesh(vertices, triangles, color, reflectivity)


def wheel(center_m: tuple[float, float, float], radius_m: float, *, width_m: float) -> Mesh:
    """A wheel that rolls along x."""
    sides = 14
    angle = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    rim = np.stack([radius_m * np.cos(angle), np.zeros(sides), radius_m * np.sin(angle)], axis=-1)
    half = np.array([0, width_m / 2, 0])
    vertices = np.concatenate([rim - half, rim + half, [-half, half]]) + np.array(center_m)
    i = np.arange(sides)
    j = (i + 1) % sides
    triangles = np.concatenate(
        [
            np.stack([i, j, i + sides], axis=-1),
            np.stack([j, j + sides, i + sides], axis=-1),
            np.stack([np.full(sides, 2 * sides), j, i], axis=-1),
            np.stack([np.full(sides, 2 * sides + 1), i + sides, j + sides], axis=-1),
        ]
    )
    return _mesh(vertices, triangles, RUBBER, 0.1)


def car(size_m: tuple[float, float, float], *, color: RGB) -> Mesh:
    """A saloon: body, glass house, roof, wheels, lamps."""
    cabin = frustum(
        (-1.75, 0.95, -0.82, 0.82), (-1.25, 0.3, -0.66, 0.66), (0.92, 1.42), color=GLASS
    )
    roof = block((-0.47, 0, 1.46), (1.6, 1.34, 0.08), color=color, reflectivity=0.6)
    body = frustum(
        (-2.25, 2.2, -0.88, 0.88),
        (-2.2, 2.05, -0.84, 0.84),
        (0.5, 0.94),
        color=color,
        reflectivity=0.6,
    )
    skirt = block((0, 0, 0.38), (4.36, 1.74, 0.28), color=(0.12, 0.12, 0.13))
    wheels = [wheel((x, y, 0.33), 0.33, width_m=0.22) for x in (-1.4, 1.4) for y in (-0.79, 0.79)]
    lamps = [
        block((2.2, y, 0.72), (0.06, 0.34, 0.14), color=LAMP, reflectivity=0.95)
        for y in (-0.62, 0.62)
    ]
    tails = [
        block((-2.26, y, 0.76), (0.06, 0.3, 0.16), color=TAIL, reflectivity=0.95)
        for y in (-0.64, 0.64)
    ]
    return fitted(joined(body, skirt, cabin, roof, *wheels, *lamps, *tails), size_m)


def truck(size_m: tuple[float, float, float], *, color: RGB) -> Mesh:
    """A box truck: cab in front, cargo box behind."""
    cab = frustum(
        (2.4, 4.3, -1.15, 1.15), (2.5, 4.1, -1.1, 1.1), (0.6, 2.6), color=color, reflectivity=0.5
    )
    screen = block((4.22, 0, 2.0), (0.12, 1.9, 0.7), color=GLASS)
    cargo = block((-1.0, 0, 2.1), (6.6, 2.4, 2.7), color=(0.82, 0.82, 0.8), reflectivity=0.7)
    frame = block((0, 0, 0.65), (8.2, 1.1, 0.3), color=(0.1, 0.1, 0.11))
    wheels = [wheel((x, y, 0.5), 0.5, width_m=0.3) for x in (-3.2, -2.1, 3.1) for y in (-1.0, 1.0)]
    return fitted(joined(cab, screen, cargo, frame, *wheels), size_m)


def pedestrian(size_m: tuple[float, float, float], *, color: RGB) -> Mesh:
    """A walking person."""
    legs = [
        frustum(
            (x - 0.09, x + 0.09, y - 0.08, y + 0.08),
            (-0.09, 0.09, y - 0.09, y + 0.09),
            (0.0, 0.85),
            color=(0.12, 0.14, 0.22),
        )
        for x, y in ((0.2, 0.09), (-0.2, -0.09))
    ]
    torso = ball((0, 0, 1.13), (0.15, 0.22, 0.36), color=color)
    arms = [
        ball((x, y, 1.1), (0.13, 0.06, 0.3), color=color)
        for x, y in ((-0.14, 0.26), (0.14, -0.26))
    ]
    head = ball((0.02, 0, 1.62), (0.11, 0.1, 0.13), color=(0.75, 0.56, 0.45))
    return fitted(joined(*legs, torso, *arms, head), size_m)


def cyclist(size_m: tuple[float, float, float], *, color: RGB) -> Mesh:
    """A bicycle with its rider: one object, as the guideline has it."""
    wheels = [wheel((x, 0, 0.34), 0.34, width_m=0.05) for x in (-0.52, 0.52)]
    bars = block((0, 0, 0.62), (0.85, 0.05, 0.08), color=STEEL, reflectivity=0.8)
    handle = block((0.42, 0, 1.0), (0.08, 0.52, 0.05), color=STEEL, reflectivity=0.8)
    fork = block((0.48, 0, 0.8), (0.05, 0.05, 0.5), color=STEEL, reflectivity=0.8)
    legs = [
        frustum(
            (0.02, 0.18, y - 0.07, y + 0.07),
            (-0.2, 0.0, y - 0.09, y + 0.09),
            (0.35, 0.98),
            color=(0.1, 0.12, 0.16),
        )
        for y in (-0.13, 0.13)
    ]
    torso = ball((0.06, 0, 1.28), (0.24, 0.19, 0.36), color=color)
    arms = [ball((0.28, y, 1.2), (0.2, 0.05, 0.1), color=color) for y in (-0.22, 0.22)]
    head = ball((0.2, 0, 1.68), (0.13, 0.1, 0.13), color=(0.9, 0.75, 0.2))
    return fitted(joined(*wheels, bars, handle, fork, *legs, torso, *arms, head), size_m)
