"""Points and ground of a LiDAR capture as arrays, kept in memory between the checks that ask."""

import gzip
from dataclasses import dataclass

import numpy as np
from django.core.files.storage import default_storage

from apps.modalities.ground_raster import read_ground
from apps.modalities.registry import modality_of
from apps.modalities.sweep import Float32Array, Sweep
from apps.scenes.media import asset_name
from apps.scenes.models import Asset, Calibration, Capture
from apps.scenes.point_cache import BudgetCache
from numerics.geometry.ground import GroundRaster
from numerics.geometry.inside import PointGrid
from numerics.geometry.rigid import Rigid

BUDGET_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True, eq=False)
class DecodedPoints:
    """A capture's points.

    Attributes:
        points_m: (n, 3) in the sensor's frame, in the file's order, without points that are not
            finite.
        grid: The same points in the ego frame at the capture's time, sorted for questions.
        ground: Height of the ground in the ego frame; None where the modality shows none.
    """

    points_m: Float32Array
    grid: PointGrid
    ground: GroundRaster | None

    @property
    def size_bytes(self) -> int:
        """Memory that it takes."""
        grid = self.grid
        sorted_bytes = grid.x_m.nbytes + grid.y_m.nbytes + grid.z_m.nbytes + grid.index.nbytes
        ground_bytes = 0 if self.ground is None else self.ground.height_m.nbytes
        return self.points_m.nbytes + sorted_bytes + grid.starts.nbytes + ground_bytes


_held: BudgetCache[DecodedPoints] = BudgetCache(
    budget_bytes=BUDGET_BYTES, size_of=lambda points: points.size_bytes
)


def decoded_points(capture: Capture, *, calibration: Calibration) -> DecodedPoints:
    """Decode a capture's original under a calibration, or take it from memory. Thread-safe.

    Args:
        capture: Of a ranging sensor; `sensor`, `original` and `ground` are best joined.
        calibration: Of its sensor: `ego_from_sensor`.

    Raises:
        ValueError: If the capture is not made of points.
    """
    key = (capture.pk, calibration.pk)
    return _held.get(key, lambda: _decoded(capture, calibration))


def forget_points() -> None:
    """Empty this process's memory of points."""
    _held.clear()


def ego_from_sensor(calibration: Calibration) -> Rigid:
    """The pose that a calibration states."""
    return Rigid.of(calibration.quaternion_xyzw, calibration.translation_m)


def _decoded(capture: Capture, calibration: Calibration) -> DecodedPoints:
    sweep = modality_of(capture.sensor.modality).read(
        _content(capture.original), capture.source_path
    )
    if not isinstance(sweep, Sweep):
        raise ValueError(f"{capture} is not made of points.")  # noqa: TRY004 - a value's fault
    in_ego_m = ego_from_sensor(calibration).apply(sweep.points_m.astype(np.float64))
    ground = None
    if capture.ground is not None:
        # The stored raster was made under the first calibration; a later one moves the points.
        ground = (
            read_ground(gzip.decompress(_content(capture.ground)))
            if calibration.version == 1
            else GroundRaster.build(in_ego_m)
        )
    return DecodedPoints(sweep.points_m, PointGrid.build(in_ego_m), ground)


def _content(asset: Asset) -> bytes:
    with default_storage.open(asset_name(asset.sha256, asset.extension)) as file:
        content: bytes = file.read()
    return content
