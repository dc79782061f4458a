"""Pictures of the made-up street: one ray a pixel, a sun with shadows, painted roads and windows."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from PIL import Image, ImageFilter

from apps.portal.demo.raycast import BACKGROUND, NOTHING, Hits, Instant
from apps.portal.demo.sensors import CAMERAS, Mounted, ego_pose
from apps.portal.demo.street import KERB_M, ROAD_HALF_WIDTH_M, Street
from numerics.arrays import BoolArray, FloatArray, IntArray

_SKY_LOW = np.array([0.80, 0.87, 0.93])
_SKY_HIGH = np.array([0.36, 0.56, 0.83])
_SUNLIGHT = np.array([1.0, 0.95, 0.86])
_SKYLIGHT = np.array([0.42, 0.47, 0.55])


@dataclass(frozen=True, slots=True)
class Picture:
    """What a camera saw.

    Attributes:
        image: The picture.
        boxes_px: Actor index to the tight box (left, top, right, bottom) of its visible pixels.
        pixels: Actor index to how many pixels it shows.
    """

    image: Image.Image
    boxes_px: dict[int, tuple[float, float, float, float]]
    pixels: dict[int, int]


@cache
def _rays_of(key: str) -> FloatArray:
    camera = next(mounted.camera for mounted in CAMERAS if mounted.key == key)
    if camera is None:
        raise ValueError(f"{key} is no camera.")
    v, u = np.meshgrid(np.arange(camera.height_px), np.arange(camera.width_px), indexing="ij")
    rays = camera.unproject(np.stack([u.ravel(), v.ravel()], axis=-1).astype(np.float64))
    unit: FloatArray = rays / np.linalg.norm(rays, axis=1, keepdims=True)
    return unit


def _tight_boxes(
    actor: IntArray,
) -> tuple[dict[int, tuple[float, float, float, float]], dict[int, int]]:
    boxes, pixels = {}, {}
    for value in np.unique(actor[actor > BACKGROUND]):
        rows, columns = np.nonzero(actor == value)
        boxes[int(value) - 1] = (
            float(columns.min()) - 0.5,
            float(rows.min()) - 0.5,
            float(columns.max()) + 0.5,
            float(rows.max()) + 0.5,
        )
        pixels[int(value) - 1] = len(rows)
    return boxes, pixels


def take(street: Street, mounted: Mounted, *, seconds: float) -> Picture:
    """A camera's picture at a time, and where each actor is in it."""
    camera = mounted.camera
    if camera is None:
        raise ValueError(f"{mounted.key} is no camera.")
    world_from_camera = ego_pose(street, seconds=seconds) @ mounted.ego_from_sensor
    rays = _rays_of(mounted.key)
    directions = rays @ world_from_camera.rotation.T
    instant = Instant(street, seconds=seconds)
    hits = instant.cast(world_from_camera.translation_m, directions)
    light = _light(
        instant, street, world_from_camera.translation_m, directions=directions, hits=hits
    )
    picture = light.reshape(camera.height_px, camera.width_px, 3)
    encoded = np.clip(picture, 0, 1) ** (1 / 2.0)
    image = Image.fromarray((encoded * 255).astype(np.uint8)).filter(ImageFilter.SMOOTH)
    boxes_px, pixels = _tight_boxes(hits.actor.reshape(camera.height_px, camera.width_px))
    return Picture(image, boxes_px, pixels)


def _light(
    instant: Instant,
    street: Street,
    eye_m: FloatArray,
    *,
    directions: FloatArray,
    hits: Hits,
) -> FloatArray:
    sun = np.array(street.sun) / np.linalg.norm(street.sun)
    up = np.clip(directions[:, 2:3] * 2.2, 0, 1)
    out = _SKY_LOW * (1 - up) + _SKY_HIGH * up
    out = out**2.0
    seen = hits.actor != NOTHING
    range_m = hits.range_m[seen]
    points_m = eye_m + directions[seen] * range_m[:, None]
    normal = hits.normal[seen]
    facing = (normal * directions[seen]).sum(axis=1) > 0
    normal = np.where(facing[:, None], -normal, normal)
    color = _painted(
        points_m, normal, color=hits.color[seen], plain=hits.actor[seen] != BACKGROUND
    )
    toward_sun = np.clip(normal @ sun, 0, 1)
    lit = toward_sun > 0
    lit[lit] = np.logical_not(instant.shaded(points_m[lit] + normal[lit] * 0.01, sun))
    ambient = 0.55 + 0.45 * normal[:, 2:3] * 0.5
    shade = _SKYLIGHT * ambient + _SUNLIGHT * (0.85 * toward_sun * lit)[:, None]
    haze = 1 - np.exp(-range_m / 220)[:, None]
    out[seen] = color * shade * (1 - haze) + (_SKY_LOW**2) * haze * 0.9
    return out


def _painted(
    points_m: FloatArray, normal: FloatArray, *, color: FloatArray, plain: BoolArray
) -> FloatArray:
    """Reflectance with road markings, paving, facades and grain on the background."""
    x, y, z = points_m.T
    out = color.copy()
    background = ~plain
    flat = background & (normal[:, 2] > 0.9)
    road = flat & (z < KERB_M / 2)
    grain = _grain(x, y)
    out[road] *= (0.85 + 0.3 * grain[road])[:, None]
    on_main = np.abs(y) < ROAD_HALF_WIDTH_M
    dashes = (np.abs(y) < 0.07) & (np.mod(x, 6.0) < 3.0)
    edges = np.abs(np.abs(y) - 4.4) < 0.06
    crossing = (x > 21.5) & (x < 25.0) & (np.mod(y + 0.25, 1.0) < 0.5)
    paint = road & on_main & (dashes | edges | crossing)
    out[paint] = 0.78
    walk = flat & (z > KERB_M / 2) & (z < 1)
    seams = (np.mod(x, 1.2) < 0.03) | (np.mod(y, 1.2) < 0.03)
    out[walk & seams] *= 0.75
    out[walk] *= (0.92 + 0.16 * grain[walk])[:, None]
    wall = background & (np.abs(normal[:, 2]) < 0.2) & (np.abs(y) > 11.5)
    along = np.where(np.abs(normal[:, 1]) > 0.5, x, y)
    window = (
        wall
        & (np.mod(along, 2.6) > 0.8)
        & (np.mod(along, 2.6) < 2.0)
        & (np.mod(z, 3.1) > 1.0)
        & (np.mod(z, 3.1) < 2.5)
        & (z < 14)
    )
    dark = 0.06 + 0.12 * _grain(np.floor(along / 2.6), np.floor(z / 3.1))
    out[window] = np.stack([dark, dark * 1.1, dark * 1.3], axis=-1)[window]
    out[wall & ~window & (np.mod(z, 3.1) < 0.12)] *= 0.8
    return out


def _grain(x: FloatArray, y: FloatArray) -> FloatArray:
    """Repeatable noise in [0, 1) from positions, on a 5 cm raster."""
    cell = np.sin(np.floor(x * 20) * 12.9898 + np.floor(y * 20) * 78.233) * 43758.5453
    noise: FloatArray = cell - np.floor(cell)
    return noise
