"""What a check answers: how bad, which number against which, in which words, and what would mend it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from math import hypot
from pathlib import Path

from numerics.geometry.camera import Bounds
from numerics.geometry.cuboid import Cuboid

WORDS = Path(__file__).parent / "words.json"
CLEARS_AT = 0.85
"""A finding that is open stays open down to this share of its threshold."""

PLACE = re.compile(r"\{(\w+)(?:\|(\d))?\}")
Part = float | str


class Severity(StrEnum):
    """How bad."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True, eq=False)
class Fix:
    """A change that would mend it.

    Attributes:
        kind: `set_cuboid` (with `cuboid`), `derive_box`, `add_box` (with `box_px`), `add_cuboid`
            (with `seed_m`), `set_class` (part `class_key`) or `merge` (part `other`).
        words: Key in `words.json`.
        parts: What its sentence names.
        cuboid: The whole cuboid after the change, in the frame of the one that was checked.
        box_px: The box to add.
        seed_m: Point in the camera's frame to grow a cuboid from.
    """

    kind: str
    words: str
    parts: Mapping[str, Part] = field(default_factory=dict)
    cuboid: Cuboid | None = None
    box_px: Bounds | None = None
    seed_m: tuple[float, float, float] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """A finding before it is stored.

    Attributes:
        check: Which check said it.
        severity: How bad.
        measured: The number found.
        threshold: The one it crossed.
        unit: Of both; empty for a ratio.
        words: Key in `words.json`.
        parts: What its sentence names.
        fixes: Best first.
    """

    check: str
    severity: Severity
    measured: float
    threshold: float
    unit: str
    words: str
    parts: Mapping[str, Part] = field(default_factory=dict)
    fixes: tuple[Fix, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """How exact a recording is.

    Attributes:
        pixel_px: Of an edge drawn by hand.
        rotation_rad: Of a camera's calibration.
        translation_m: Of a camera's calibration.
        sync_s: Of the time between camera and cuboid that is not accounted for.
    """

    pixel_px: float
    rotation_rad: float
    translation_m: float
    sync_s: float


def noise_px(noise: Noise, *, focal_px: float, depth_m: float, across_m_s: float) -> float:
    """Distance in the image that the recording itself explains, its parts in quadrature.

    Args:
        noise: How exact the recording is.
        focal_px: Focal length.
        depth_m: Distance along the optical axis; nearer than 1 m counts as 1 m.
        across_m_s: Speed of the object across the viewing direction.
    """
    depth = max(depth_m, 1.0)
    return hypot(
        noise.pixel_px,
        focal_px * noise.rotation_rad,
        focal_px * noise.translation_m / depth,
        focal_px * across_m_s * noise.sync_s / depth,
    )


def grade(
    measured: float, *, warn: float | None, error: float | None, was: Severity | None
) -> tuple[Severity, float] | None:
    """Grade a number that is bad when it is large.

    Args:
        measured: The number.
        warn: Above it is a warning; None: never.
        error: Above it is an error; None: never.
        was: Severity of the open finding, if there is one: it is kept down to `CLEARS_AT`.

    Returns:
        Severity and the threshold crossed, or None.
    """
    for severity, threshold, kept in (
        (Severity.ERROR, error, was is Severity.ERROR),
        (Severity.WARNING, warn, was is not None),
    ):
        if threshold is not None and measured > threshold * (CLEARS_AT if kept else 1.0):
            return severity, threshold
    return None


def sentence(words: str, parts: Mapping[str, Part]) -> str:
    """Fill the template of `words.json`: `{name}` takes a word, `{name|2}` a number with two digits.

    Raises:
        KeyError: If the words or a part are not known.
    """

    def fill(match: re.Match[str]) -> str:
        value, digits = parts[match[1]], match[2]
        return f"{value:.{digits}f}" if digits is not None else str(value)

    return PLACE.sub(fill, _templates()[words])


@cache
def _templates() -> dict[str, str]:
    templates: dict[str, str] = json.loads(WORDS.read_text())
    return templates
