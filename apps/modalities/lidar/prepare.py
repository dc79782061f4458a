"""Makes of a LiDAR sweep what the portal stores: a point frame."""

from apps.modalities.base import Circumstances, Form, Prepared, extension_of, gzipped
from apps.modalities.lidar.reader import EXTENSIONS, read_sweep
from apps.modalities.point_frame import point_frame


def prepare_sweep(content: bytes, name: str, circumstances: Circumstances) -> Prepared:
    """Check a sweep and write its display form.

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
    return Prepared(
        extension=extension_of(name, EXTENSIONS) or "bin",
        display=Form(gzipped(frame), "pts"),
        point_count=len(sweep.points_m),
        dropped_point_count=sweep.dropped,
        remarks=tuple(remarks),
    )
