"""What a modality declares about itself: one frozen value; nothing inherits."""

import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from numerics.geometry.rigid import Rigid

GZIP_LEVEL = 6


class Unreadable(ValueError):
    """A file cannot be used: which field of it, why, and what mends it.

    Attributes:
        field: The part of the file that is wrong, such as `POINTS` or `row 3`.
        problem: One sentence that says what is wrong.
        mend: One sentence that says what to do.
    """

    def __init__(self, field: str, problem: str, *, mend: str) -> None:
        super().__init__(f"{field}: {problem} {mend}")
        self.field = field
        self.problem = problem
        self.mend = mend


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """When and where a capture was taken.

    Attributes:
        at_s: Seconds since the scene's t0.
        ego_from_sensor: The sensor's pose on the ego frame.
    """

    at_s: float
    ego_from_sensor: Rigid


@dataclass(frozen=True, slots=True)
class Form:
    """One file that is made of a capture, and the ending that says what it is."""

    content: bytes
    extension: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What the portal stores of a capture beside the original.

    Attributes:
        extension: What the original truly is, whatever its name says.
        display: What the browser shows; None where it shows the original.
        preview: A small picture, where there can be one.
        ground: The ground's height as a raster, where the capture shows it.
        remarks: What was amiss and borne, each as one sentence.
    """

    extension: str
    display: Form | None = None
    preview: Form | None = None
    ground: Form | None = None
    width_px: int | None = None
    height_px: int | None = None
    point_count: int | None = None
    dropped_point_count: int = 0
    remarks: tuple[str, ...] = ()


def nothing_missing() -> str | None:
    """Say that the modality needs nothing beyond the portal's own packages."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Modality:
    """A kind of sensor.

    Attributes:
        key: Stored with every sensor; never changes.
        label: What people read.
        viewer: The front end's module that shows it.
        extensions: Endings of file names that it reads, without the leading dot.
        shapes: Value types of numerics by the name that a payload carries.
        read: Turns a file's bytes, and its name, into arrays; raises `Unreadable`.
        prepare: Turns a file's bytes into what the portal stores; raises `Unreadable`.
        checks: Keys of the checks that look at a capture of this kind alone.
        missing: Names in one sentence what has to be installed, or nothing.
    """

    key: str
    label: str
    viewer: str
    extensions: tuple[str, ...]
    shapes: Mapping[str, type]
    read: Callable[[bytes, str], Any]
    prepare: Callable[[bytes, str, Circumstances], Prepared]
    checks: tuple[str, ...] = ()
    missing: Callable[[], str | None] = nothing_missing


def extension_of(name: str, known: tuple[str, ...]) -> str | None:
    """Find the longest known ending of a file name, whatever its case."""
    lowered = name.lower()
    fitting = [ending for ending in known if lowered.endswith(f".{ending}")]
    return max(fitting, key=len, default=None)


def aligned(size_bytes: int, *, to_bytes: int = 4) -> int:
    """Round a size up to a multiple."""
    return -(-size_bytes // to_bytes) * to_bytes


def packed(layout: str, *values: float | bytes) -> bytes:
    """Pack numbers little-endian, without padding."""
    return struct.pack(f"<{layout}", *values)


def gzipped(content: bytes) -> bytes:
    """Compress once and for all; the same content gives the same bytes."""
    squeezer = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, wbits=31)
    return squeezer.compress(content) + squeezer.flush()
