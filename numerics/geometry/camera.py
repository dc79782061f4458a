"""Camera models: from points in front of a camera to pixels and back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple, Protocol

import numpy as np

from numerics.arrays import BoolArray, FloatArray

SEARCH_RADIUS = 10.0
SEARCH_STEP = 0.01
NEWTON_STEPS = 20


class Bounds(NamedTuple):
    """Left, top, right, bottom in pixels."""

    left: float
    top: float
    right: float
    bottom: float


class Camera(Protocol):
    """What a camera model offers. Pixel (0, 0) is the centre of the top-left pixel."""

    @property
    def width_px(self) -> int:
        """Columns of the image, which reaches from -0.5 to width - 0.5."""

    @property
    def height_px(self) -> int:
        """Rows of the image, which reaches from -0.5 to height - 0.5."""

    @property
    def focal_px(self) -> tuple[float, float]:
        """Focal lengths along x and y."""

    @property
    def valid_radius(self) -> float:
        """Largest tangent of the angle from the axis at which the model holds; may be infinite."""

    def pixels(self, points_m: FloatArray) -> FloatArray:
        """Project (..., 3) camera points that are known to be in front, as (..., 2) pixels."""

    def project(self, points_m: FloatArray) -> tuple[FloatArray, BoolArray]:
        """Project (..., 3) camera points; say which are in front and within the valid radius."""

    def unproject(self, pixels_px: FloatArray) -> FloatArray:
        """Give (..., 3) unit rays of (..., 2) pixels."""

    def __hash__(self) -> int:
        """A camera is a value: what is derived from it alone is kept."""


@dataclass(frozen=True, slots=True)
class PinholeCamera:
    """A camera without distortion.

    Attributes:
        width_px: Columns.
        height_px: Rows.
        fx_px: Focal length along x.
        fy_px: Focal length along y.
        cx_px: Principal point.
        cy_px: Principal point.
    """

    width_px: int
    height_px: int
    fx_px: float
    fy_px: float
    cx_px: float
    cy_px: float

    @property
    def focal_px(self) -> tuple[float, float]:
        """Focal lengths along x and y."""
        return self.fx_px, self.fy_px

    @property
    def valid_radius(self) -> float:
        """A pinhole holds for every angle below 90 degrees."""
        return float("inf")

    def pixels(self, points_m: FloatArray) -> FloatArray:
        """Project (..., 3) camera points that are known to be in front."""
        u = self.fx_px * (points_m[..., 0] / points_m[..., 2]) + self.cx_px
        v = self.fy_px * (points_m[..., 1] / points_m[..., 2]) + self.cy_px
        return np.stack([u, v], axis=-1)

    def project(self, points_m: FloatArray) -> tuple[FloatArray, BoolArray]:
        """Project (..., 3) camera points; those not in front are NaN."""
        return _project(self, points_m)

    def unproject(self, pixels_px: FloatArray) -> FloatArray:
        """Give (..., 3) unit rays of (..., 2) pixels."""
        x = (pixels_px[..., 0] - self.cx_px) / self.fx_px
        y = (pixels_px[..., 1] - self.cy_px) / self.fy_px
        return _unit(x, y)


@dataclass(frozen=True, slots=True)
class BrownCamera:
    """A camera with radial (rational) and tangential distortion.

    Attributes:
        width_px: Columns.
        height_px: Rows.
        fx_px: Focal length along x.
        fy_px: Focal length along y.
        cx_px: Principal point.
        cy_px: Principal point.
        distortion: k1 k2 p1 p2 k3 and, if there are eight, k4 k5 k6.

    Source:
        Brown (1966); the order and the rational form are OpenCV's.
    """

    width_px: int
    height_px: int
    fx_px: float
    fy_px: float
    cx_px: float
    cy_px: float
    distortion: tuple[float, ...]
    coefficients: tuple[float, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Fill the missing coefficients with 0.

        Raises:
            ValueError: If there are more than eight.
        """
        if len(self.distortion) > 8:
            raise ValueError(f"A Brown camera has 8 coefficients, not {len(self.distortion)}.")
        padded = tuple(self.distortion) + (0.0,) * (8 - len(self.distortion))
        object.__setattr__(self, "coefficients", padded)

    @property
    def focal_px(self) -> tuple[float, float]:
        """Focal lengths along x and y."""
        return self.fx_px, self.fy_px

    @property
    def valid_radius(self) -> float:
        """Largest radius up to which the image radius grows with the angle.

        Beyond it points fold back into the image. Infinite if none is found up to 10 (84 degrees).
        """
        return _valid_radius(self.coefficients)

    def pixels(self, points_m: FloatArray) -> FloatArray:
        """Project (..., 3) camera points that are known to be in front and within the radius."""
        x, y = self._distort(
            points_m[..., 0] / points_m[..., 2], points_m[..., 1] / points_m[..., 2]
        )
        return np.stack([self.fx_px * x + self.cx_px, self.fy_px * y + self.cy_px], axis=-1)

    def project(self, points_m: FloatArray) -> tuple[FloatArray, BoolArray]:
        """Project (..., 3) camera points; those not in front or beyond the radius are NaN."""
        return _project(self, points_m)

    def unproject(self, pixels_px: FloatArray) -> FloatArray:
        """Give (..., 3) unit rays of (..., 2) pixels, by Newton steps on the distortion.

        A pixel that no ray within the valid radius reaches gets NaN.
        """
        goal_x = (pixels_px[..., 0] - self.cx_px) / self.fx_px
        goal_y = (pixels_px[..., 1] - self.cy_px) / self.fy_px
        x, y = self._undistort(np.asarray(goal_x, float), np.asarray(goal_y, float))
        back_x, back_y = self._distort(x, y)
        reached = np.hypot(back_x - goal_x, back_y - goal_y) < 1e-9
        reached &= np.hypot(x, y) <= self.valid_radius
        return _unit(np.where(reached, x, np.nan), np.where(reached, y, np.nan))

    def _distort(self, x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
        k1, k2, p1, p2, k3, k4, k5, k6 = self.coefficients
        s = x * x + y * y
        g = (1 + s * (k1 + s * (k2 + s * k3))) / (1 + s * (k4 + s * (k5 + s * k6)))
        xy = x * y
        return (
            x * g + 2 * p1 * xy + p2 * (s + 2 * x * x),
            y * g + p1 * (s + 2 * y * y) + 2 * p2 * xy,
        )

    def _undistort(self, goal_x: FloatArray, goal_y: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Newton with the exact Jacobian; a step is at most 0.5 long, the start is inside."""
        k1, k2, p1, p2, k3, k4, k5, k6 = self.coefficients
        inside = np.minimum(
            1.0, 0.7 * self.valid_radius / np.maximum(np.hypot(goal_x, goal_y), 1e-12)
        )
        x, y = goal_x * inside, goal_y * inside
        for _ in range(NEWTON_STEPS):
            s = x * x + y * y
            top, bottom = 1 + s * (k1 + s * (k2 + s * k3)), 1 + s * (k4 + s * (k5 + s * k6))
            g = top / bottom
            dg = (k1 + s * (2 * k2 + s * 3 * k3) - g * (k4 + s * (2 * k5 + s * 3 * k6))) / bottom
            off_x, off_y = self._distort(x, y)
            off_x, off_y = off_x - goal_x, off_y - goal_y
            xx = g + 2 * x * x * dg + 2 * p1 * y + 6 * p2 * x
            xy = 2 * x * y * dg + 2 * p1 * x + 2 * p2 * y
            yy = g + 2 * y * y * dg + 6 * p1 * y + 2 * p2 * x
            determinant = xx * yy - xy * xy
            determinant = np.where(np.abs(determinant) < 1e-12, 1e-12, determinant)
            step_x = (yy * off_x - xy * off_y) / determinant
            step_y = (xx * off_y - xy * off_x) / determinant
            short = np.minimum(1.0, 0.5 / np.maximum(np.hypot(step_x, step_y), 1e-12))
            x, y = x - short * step_x, y - short * step_y
        return x, y


def camera_of(
    model: str,
    size_px: tuple[int, int],
    intrinsics_px: Sequence[float],
    *,
    distortion: Sequence[float],
) -> Camera:
    """Build the camera that a calibration names.

    Args:
        model: `pinhole` or `brown`.
        size_px: Width and height.
        intrinsics_px: fx, fy, cx, cy.
        distortion: Up to eight coefficients in the order of `BrownCamera`.

    Raises:
        ValueError: If the model is unknown or the numbers do not fit it.
    """
    width, height = size_px
    fx, fy, cx, cy = (float(n) for n in intrinsics_px)
    if width <= 0 or height <= 0 or not fx > 0 or not fy > 0:
        raise ValueError("A camera's size and focal lengths are above 0.")
    if model == "pinhole":
        return PinholeCamera(width, height, fx, fy, cx, cy)
    if model == "brown":
        return BrownCamera(width, height, fx, fy, cx, cy, tuple(float(n) for n in distortion))
    raise ValueError(f"The camera model '{model}' is not known; known are pinhole and brown.")


def image_bounds(camera: Camera) -> Bounds:
    """Reach of the image, whose first pixel is centred on (0, 0)."""
    return Bounds(-0.5, -0.5, camera.width_px - 0.5, camera.height_px - 0.5)


@lru_cache(maxsize=256)
def widest_angle(camera: Camera) -> float:
    """Largest angle from the axis of anything in the image; pi / 2 where the model does not say."""
    left, top, right, bottom = image_bounds(camera)
    rim = np.concatenate(
        [
            np.stack(np.broadcast_arrays(np.linspace(left, right, 9), edge), axis=-1)
            for edge in (top, bottom)
        ]
        + [
            np.stack(np.broadcast_arrays(edge, np.linspace(top, bottom, 9)), axis=-1)
            for edge in (left, right)
        ]
    )
    angle = np.arccos(np.clip(camera.unproject(rim)[:, 2], -1, 1))
    return float(angle.max()) + 0.02 if np.isfinite(angle).all() else np.pi / 2


def _unit(x: FloatArray, y: FloatArray) -> FloatArray:
    ray = np.stack([x, y, np.ones_like(x)], axis=-1)
    unit: FloatArray = ray / np.linalg.norm(ray, axis=-1, keepdims=True)
    return unit


def _project(camera: Camera, points_m: FloatArray) -> tuple[FloatArray, BoolArray]:
    x, y, z = points_m[..., 0], points_m[..., 1], points_m[..., 2]
    valid = z > 1e-6
    if np.isfinite(camera.valid_radius):
        valid = valid & (np.hypot(x, y) <= camera.valid_radius * z)
    if valid.all():
        return camera.pixels(points_m), valid
    safe = np.where(valid[..., None], points_m, [0.0, 0.0, 1.0])
    return np.where(valid[..., None], camera.pixels(safe), np.nan), valid


@lru_cache(maxsize=256)
def _valid_radius(coefficients: tuple[float, ...]) -> float:
    """First radius at which d(r g)/dr or the denominator is no longer above 0.

    Found by steps of 0.01 and 60 halvings, which both languages do alike.
    """
    k1, k2, _, _, k3, k4, k5, k6 = coefficients

    def grows(radius: float) -> bool:
        s = radius * radius
        top, bottom = 1 + s * (k1 + s * (k2 + s * k3)), 1 + s * (k4 + s * (k5 + s * k6))
        d_top, d_bottom = k1 + s * (2 * k2 + s * 3 * k3), k4 + s * (2 * k5 + s * 3 * k6)
        return bottom > 0 and top * bottom + 2 * s * (d_top * bottom - top * d_bottom) > 0

    step = next(
        (
            i
            for i in range(1, round(SEARCH_RADIUS / SEARCH_STEP) + 1)
            if not grows(i * SEARCH_STEP)
        ),
        None,
    )
    if step is None:
        return float("inf")
    low, high = (step - 1) * SEARCH_STEP, step * SEARCH_STEP
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if grows(middle) else (low, middle)
    return low
