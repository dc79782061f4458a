"""Reads a LiDAR sweep: KITTI .bin, nuScenes .pcd.bin, and .pcd."""

import numpy as np

from apps.modalities.base import Unreadable, extension_of
from apps.modalities.pcd import read_pcd
from apps.modalities.sweep import Sweep, sweep_of

EXTENSIONS = ("pcd.bin", "bin", "pcd")
COLUMNS = {"bin": ("x", "y", "z", "intensity"), "pcd.bin": ("x", "y", "z", "intensity", "ring")}
PCD_NAMES = {"intensity": "intensity", "i": "intensity", "ring": "ring", "channel": "ring"}


def read_sweep(content: bytes, name: str) -> Sweep:
    """Decode a sweep; the layout follows from the name's ending.

    Args:
        content: The file.
        name: `*.bin` holds float32 x, y, z, intensity; `*.pcd.bin` one more, the ring; `*.pcd`
            says itself what it holds.

    Raises:
        Unreadable: If the file is cut off, its header claims what it does not hold, or no point is
            finite.
    """
    extension = extension_of(name, EXTENSIONS)
    if extension is None:
        raise Unreadable(
            "name",
            "Its ending names no LiDAR format that is known here.",
            mend="Convert it to .pcd, or to .bin of float32 x, y, z, intensity.",
        )
    if extension == "pcd":
        columns = read_pcd(content)
        xyz_m = np.stack([columns[axis] for axis in "xyz"], axis=1)
        known = {to: columns[name] for name, to in PCD_NAMES.items() if name in columns}
        return sweep_of(xyz_m, known)
    names = COLUMNS[extension]
    stride_bytes = 4 * len(names)
    if len(content) % stride_bytes:
        raise Unreadable(
            "size",
            f"{len(content):,} bytes are no whole number of points of {stride_bytes} bytes"
            f" ({', '.join(names)} as float32).",
            mend="The file is cut off or has another layout: copy it again or convert it to .pcd.",
        )
    table = np.frombuffer(content, "<f4").reshape(-1, len(names))
    return sweep_of(table[:, :3], dict(zip(names[3:], table.T[3:], strict=True)))
