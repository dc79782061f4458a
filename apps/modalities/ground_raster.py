"""Writes and reads the ground raster `CGR1` (docs/reference/wire.md)."""

import struct

import numpy as np

from apps.modalities.base import packed
from numerics.geometry.ground import GroundRaster

MAGIC = b"CGR1"
HEAD = struct.Struct("<4sIIfdd")


def ground_file(ground: GroundRaster) -> bytes:
    """Write a raster, not yet compressed."""
    stored = ground.millimetres()
    rows, columns = stored.shape
    x_m, y_m = ground.corner_m
    head = MAGIC + packed("IIfdd", columns, rows, ground.cell_m, x_m, y_m)
    return head + stored.astype("<i2").tobytes()


def read_ground(content: bytes) -> GroundRaster:
    """Read what `ground_file` wrote.

    Raises:
        ValueError: If it is no ground raster.
    """
    if len(content) < HEAD.size or content[:4] != MAGIC:
        raise ValueError("This is no ground raster.")
    _, columns, rows, cell_m, x_m, y_m = HEAD.unpack_from(content)
    stored = np.frombuffer(content, "<i2", rows * columns, HEAD.size).reshape(rows, columns)
    return GroundRaster.of_millimetres((x_m, y_m), cell_m, stored.astype(np.int16))
