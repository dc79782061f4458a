"""Writes the point frame `MSP1`: what the browser draws of a sweep (docs/reference/wire.md)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from apps.modalities.base import aligned, packed
from apps.modalities.sweep import Float32Array

MAGIC = b"MSP1"
HEADER_BYTES = 72
ENTRY_BYTES = 16
XYZ, INTENSITY, RING, DT_US = 1, 2, 3, 4
U8, I16, U16, I32 = 1, 2, 3, 4
FINEST_STEP_M = 1e-4
COARSEST_STEP_M = 5e-3
WIDE_STEP_M = 1e-3


@dataclass(frozen=True, slots=True)
class _Attribute:
    """One array of the frame, as planes of one component each."""

    identifier: int
    type_code: int
    planes: NDArray[np.generic]
    least: float
    most: float


def point_frame(
    points_m: Float32Array,
    *,
    at_s: float,
    intensity: Float32Array | None = None,
    ring: Float32Array | None = None,
    dt_us: Float32Array | None = None,
) -> bytes:
    """Write points as planes of small integers, in their order, not yet compressed.

    Args:
        points_m: (n, 3) finite, sensor frame.
        at_s: Capture time, seconds since the scene's t0.
        intensity: (n,) in any unit; stored as 0-255 between its 1st and 99th percentile.
        ring: (n,) number of the laser, 0-255.
        dt_us: (n,) microseconds since the capture's time, 0-65535.
    """
    scale_m, origin_m, xyz = _quantised(points_m)
    type_code = I16 if xyz.dtype == np.int16 else I32
    attributes = [_Attribute(XYZ, type_code, xyz, float(points_m.min()), float(points_m.max()))]
    if intensity is not None:
        attributes.append(_stretched(intensity))
    for identifier, code, dtype, values in (
        (RING, U8, np.uint8, ring),
        (DT_US, U16, np.uint16, dt_us),
    ):
        if values is not None:
            held = np.clip(values, 0, np.iinfo(dtype).max).astype(dtype)
            low, high = float(values.min()), float(values.max())
            attributes.append(_Attribute(identifier, code, held[None], low, high))
    head = MAGIC + packed("HHII", 0, len(attributes), len(points_m), 0)
    head += packed("d3d3d", at_s, *scale_m, *origin_m)
    return _assembled(head, attributes)


def _quantised(
    points_m: Float32Array,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.generic]]:
    """Choose the step of each axis, and give (3, n) planes of steps from the middle."""
    low, high = points_m.min(axis=0).astype(np.float64), points_m.max(axis=0).astype(np.float64)
    origin_m = (low + high) / 2
    scale_m = np.maximum((high - low) / 65534, FINEST_STEP_M)
    dtype: type[np.integer] = np.int16
    if (scale_m > COARSEST_STEP_M).any():
        scale_m, dtype = np.full(3, WIDE_STEP_M), np.int32
    steps = np.rint((points_m.T.astype(np.float64) - origin_m[:, None]) / scale_m[:, None])
    return scale_m, origin_m, np.ascontiguousarray(steps.astype(dtype))


def _stretched(intensity: Float32Array) -> _Attribute:
    low, high = (float(value) for value in np.percentile(intensity, [1, 99]))
    if high <= low:
        low, high = float(intensity.min()), float(intensity.max())
    span = high - low if high > low else 1.0
    held = np.rint(np.clip((intensity - low) / span, 0, 1) * 255).astype(np.uint8)
    return _Attribute(INTENSITY, U8, held[None], low, high)


def _assembled(head: bytes, attributes: list[_Attribute]) -> bytes:
    at = aligned(HEADER_BYTES + ENTRY_BYTES * len(attributes))
    table, arrays = b"", []
    for attribute in attributes:
        table += packed(
            "BBHIff",
            attribute.identifier,
            attribute.type_code,
            len(attribute.planes),
            at,
            attribute.least,
            attribute.most,
        )
        content = attribute.planes.tobytes()
        arrays.append(content.ljust(aligned(len(content)), b"\0"))
        at += len(arrays[-1])
    return b"".join([head, table, *arrays])
