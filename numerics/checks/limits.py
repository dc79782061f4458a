"""What is usual for a class, and the settings of each check: defaults, and a project's own."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Any

from numerics.checks.draft import Noise

DEFAULTS = Path(__file__).parent / "defaults.json"
Span = tuple[float, float]
Limit = float | Iterable[float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassLimits:
    """Bounds and thresholds of one class; None switches the part of a check off.

    Attributes:
        group: `vehicle`, `trailer`, `cycle`, `person`, `static` or `other`.
        length_m: Least and most.
        width_m: Least and most.
        height_m: Least and most.
        speed_max_m_s: Fastest.
        accel_max_m_s2: Strongest change of speed.
        yaw_rate_max_rad_s: Fastest turn when slow.
        lateral_accel_max_m_s2: Bounds the turn when fast.
        points_min: Points that a cuboid should hold at least.
        shell_warn_ratio: Share of points just outside a face.
        ground_warn_m: Gap to the ground.
        ground_error_m: Gap to the ground.
        iou_warn: Least overlap of projection and drawn box.
        iou_error: Likewise.
        center_warn_ratio: Distance of the middles over the square root of the drawn box's area.
        center_error_ratio: Likewise.
        edge_warn_ratio: Distance of an edge over the drawn box's side along that axis.
        edge_error_ratio: Likewise.
        size_track_ratio: Relative difference from the track's size.
    """

    group: str
    length_m: Span
    width_m: Span
    height_m: Span
    speed_max_m_s: float | None
    accel_max_m_s2: float | None
    yaw_rate_max_rad_s: float | None
    lateral_accel_max_m_s2: float | None
    points_min: float
    shell_warn_ratio: float
    ground_warn_m: float
    ground_error_m: float
    iou_warn: float
    iou_error: float
    center_warn_ratio: float
    center_error_ratio: float
    edge_warn_ratio: float
    edge_error_ratio: float
    size_track_ratio: float | None

    @property
    def spans_m(self) -> tuple[Span, Span, Span]:
        """Bounds of length, width and height."""
        return self.length_m, self.width_m, self.height_m


SPANS = ("length_m", "width_m", "height_m")
MAY_BE_NONE = (
    "speed_max_m_s",
    "accel_max_m_s2",
    "yaw_rate_max_rad_s",
    "lateral_accel_max_m_s2",
    "size_track_ratio",
)


def limits_of(
    class_keys: Iterable[str], overrides: Mapping[str, Limit] | None = None
) -> ClassLimits:
    """Find the limits of a class.

    Args:
        class_keys: The class and then its ancestors: the first that the defaults know counts.
        overrides: A project's own numbers, by field.

    Raises:
        ValueError: If an override names no field, or its number does not fit it.
    """
    classes, aliases = _defaults()["classes"], _defaults()["aliases"]
    known = (aliases.get(key, key) for key in class_keys)
    limits = next((_limits(key) for key in known if key in classes), _limits(None))
    own: dict[str, Any] = {k: _fitting(k, v) for k, v in (overrides or {}).items()}
    return replace(limits, **own)


def params_of(check: str, overrides: Mapping[str, float] | None = None) -> dict[str, float]:
    """Find the settings of a check.

    Raises:
        ValueError: If the check, or a setting that is overridden, is not known.
    """
    params = _defaults()["params"]
    if check not in params:
        raise ValueError(f"The check '{check}' is not known; known are {', '.join(params)}.")
    strange = set(overrides or {}) - set(params[check])
    if strange:
        raise ValueError(f"The check '{check}' has no setting '{min(strange)}'.")
    return {**params[check], **(overrides or {})}


def default_noise() -> Noise:
    """How exact recordings are where nothing better is known."""
    return Noise(**_defaults()["noise"])


def check_ids() -> tuple[str, ...]:
    """Every check there is."""
    return tuple(_defaults()["params"])


@cache
def _defaults() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(DEFAULTS.read_text())
    return document


@cache
def _limits(class_key: str | None) -> ClassLimits:
    known = _defaults()
    entry: dict[str, Any] = known["fallback"] if class_key is None else known["classes"][class_key]
    read: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in entry.items()}
    return ClassLimits(**read)


def _fitting(field: str, value: Limit) -> float | Span | None:
    if field not in {f.name for f in fields(ClassLimits)} or field == "group":
        raise ValueError(f"Class limits have no field '{field}'.")
    if field in SPANS:
        span = tuple(value) if isinstance(value, Iterable) else ()
        if len(span) != 2 or not 0 < span[0] <= span[1]:
            raise ValueError(f"The limit '{field}' is two numbers, least and most, above 0.")
        return span[0], span[1]
    if isinstance(value, Iterable) or (value is None and field not in MAY_BE_NONE):
        raise ValueError(f"The limit '{field}' is one number.")
    return value
