"""Reads a radar sweep: .pcd as nuScenes writes it."""

import numpy as np

from apps.modalities.base import Circumstances, Prepared, Unreadable
from apps.modalities.pcd import read_pcd
from apps.modalities.sweep import Sweep, sweep_of

EXTENSIONS = ("pcd",)
CHANNELS = {
    "rcs": "rcs_dbsm",
    "vx": "velocity_x_mps",
    "vy": "velocity_y_mps",
    "vx_comp": "compensated_velocity_x_mps",
    "vy_comp": "compensated_velocity_y_mps",
}


def read_returns(content: bytes, name: str) -> Sweep:
    """Decode radar returns in the sensor's frame.

    Raises:
        Unreadable: If the file is no sound PCD cloud. A cloud without returns is sound.
    """
    columns = read_pcd(content)
    xyz_m = np.stack([columns[axis] for axis in "xyz"], axis=1)
    known = {to: columns[name] for name, to in CHANNELS.items() if name in columns}
    if len(xyz_m) == 0:
        return Sweep(xyz_m, known, 0)
    return sweep_of(xyz_m, known)


def prepare_returns(content: bytes, name: str, circumstances: Circumstances) -> Prepared:
    """Check the returns and count them; the original is what is stored.

    Raises:
        Unreadable: If the file is no sound PCD cloud.
    """
    if not name.lower().endswith(".pcd"):
        raise Unreadable(
            "name", "Radar is read from .pcd files only.", mend="Convert the sweep to .pcd."
        )
    sweep = read_returns(content, name)
    return Prepared(
        extension="pcd", point_count=len(sweep.points_m), dropped_point_count=sweep.dropped
    )
