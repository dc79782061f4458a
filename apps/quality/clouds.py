"""Points and ground of captures, decoded once and kept in memory while there is room."""

import logging
import zlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from django.core.files.storage import default_storage

from apps.modalities.base import Unreadable
from apps.modalities.ground_raster import read_ground
from apps.modalities.registry import modality_of
from apps.quality.checks.view import Look
from numerics.geometry.ground import GroundRaster
from numerics.geometry.inside import PointGrid

logger = logging.getLogger(__name__)

MOST_BYTES = 384 * 1024 * 1024
BYTES_A_POINT = 32
GZIP_WINDOW = 16 + zlib.MAX_WBITS

Kept = PointGrid | GroundRaster | None


class Shelf:
    """Least recently used clouds by the name of their file, bounded by their size."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._kept: OrderedDict[str, tuple[Kept, int]] = OrderedDict()
        self._held_bytes = 0
        self._lock = Lock()

    def find(self, name: str) -> tuple[bool, Kept]:
        """Whether a file was decoded lately, and what it gave; None where it cannot be read."""
        with self._lock:
            found = self._kept.get(name)
            if found is None:
                return False, None
            self._kept.move_to_end(name)
            return True, found[0]

    def put(self, name: str, cloud: Kept) -> None:
        """Keep what was decoded; the least recently used make room."""
        size = 64
        if isinstance(cloud, PointGrid):
            size += len(cloud) * BYTES_A_POINT
        elif isinstance(cloud, GroundRaster):
            size += int(cloud.height_m.nbytes)
        with self._lock:
            _, replaced = self._kept.pop(name, (None, 0))
            self._kept[name] = (cloud, size)
            self._held_bytes += size - replaced
            while self._held_bytes > self._most_bytes and len(self._kept) > 1:
                _, (_, gone) = self._kept.popitem(last=False)
                self._held_bytes -= gone


SHELF = Shelf()


@dataclass(frozen=True, slots=True)
class StoredClouds:
    """Clouds of the store; what is not in memory is decoded only where the run may wait for it.

    Attributes:
        may_load: Whether a capture may be decoded now.
        shelf: What is in memory.
    """

    may_load: Callable[[int], bool]
    shelf: Shelf = SHELF

    def points(self, look: Look, row: int) -> PointGrid | None:
        """Points in the sensor's frame, or nothing if they are not to be had now."""
        found = self._found(look, row, look.files[row].points, _decoded_points)
        return found if isinstance(found, PointGrid) else None

    def ground(self, look: Look, row: int) -> GroundRaster | None:
        """Ground in the ego's frame at the capture's time, or nothing."""
        name = look.files[row].ground
        found = None if name is None else self._found(look, row, name, _decoded_ground)
        return found if isinstance(found, GroundRaster) else None

    def _found(self, look: Look, row: int, name: str, decode: Callable[[str], Kept]) -> Kept:
        known, cloud = self.shelf.find(name)
        if known:
            return cloud
        if not self.may_load(int(look.capture_ids[row])):
            return None
        cloud = decode(name)
        self.shelf.put(name, cloud)
        return cloud


def _decoded_points(name: str) -> Kept:
    content = _content(name)
    if content is None:
        return None
    try:
        sweep = modality_of("lidar").read(content, name)
    except Unreadable as error:
        logger.warning("a stored sweep cannot be read", extra={"file": name, "why": str(error)})
        return None
    return PointGrid.build(sweep.points_m)


def _decoded_ground(name: str) -> Kept:
    content = _content(name)
    return None if content is None else read_ground(zlib.decompress(content, GZIP_WINDOW))


def _content(name: str) -> bytes | None:
    try:
        with default_storage.open(name) as file:
            content: bytes = file.read()
    except FileNotFoundError:
        logger.warning("a stored file is missing", extra={"file": name})
        return None
    return content
