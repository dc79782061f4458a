"""Makes of a LiDAR sweep what the portal stores: a point frame and the ground under it."""

import numpy as np

from apps.modalities.base import Circumstances, Form, Prepared, extension_of, gzipped
from apps.modalities.ground_raster import ground_file
from apps.modalities.lidar.reader import EXTENSIONS, read_sweep
from apps.modalities.point_frame import point_frame
from numerics.geometry.ground import GroundRaster


def prepare_sweep(content: bytes, name: str, circumstances: Circumstances) -> Prepared:
    """Check a sweep and write its display form and the raster of the ground, in the ego frame.

    Raises:
        Unreadable: If the sweep cannot be decoded.
    """
    sweep = read_sweep(content, name)
    frame = point_frame(
        sweep.points_m,
        at_s=circumstances.at_s,
        intensity=sweep.channels.get("intensity"),
        ring=sweep.channels.get("ring"),
    )
    remarks = []
    if sweep.dropped:
        remarks.append(f"{sweep.dropped:,} points have NaN or infinite coordinates; left out.")
    in_ego_m = circumstances.ego_from_sensor.apply(sweep.points_m.astype(np.float64))
    ground = ground_file(GroundRaster.build(in_ego_m))
    return Prepared(
        extension=extension_of(name, EXTENSIONS) or "bin",
        display=Form(gzipped(frame), "pts"),
        ground=Form(gzipped(ground), "ground"),
        point_count=len(sweep.points_m),
        dropped_point_count=sweep.dropped,
        remarks=tuple(remarks),
    )
