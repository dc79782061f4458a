"""Every format of recordings that the portal reads, and how one is recognised."""

from apps.scenes.importers.base import Importer, Reading
from apps.scenes.importers.concord import CONCORD
from apps.scenes.importers.faults import Fault, SceneRefused
from apps.scenes.importers.kitti import KITTI
from apps.scenes.importers.kitti_raw import LAYOUT as RAW_LAYOUT
from apps.scenes.importers.kitti_raw import RawReading
from apps.scenes.importers.kitti_tracking import LAYOUT as TRACKING_LAYOUT
from apps.scenes.importers.kitti_tracking import TrackingReading
from apps.scenes.importers.nuscenes import NUSCENES
from apps.scenes.importers.recording import Recording

AUTO = "auto"


def _is_raw(recording: Recording) -> bool:
    return any(RAW_LAYOUT.fullmatch(path) for path in recording.paths)


def _is_drive(recording: Recording) -> bool:
    return any(TRACKING_LAYOUT.fullmatch(path) for path in recording.paths) or _is_raw(recording)


def _drive_reading(recording: Recording) -> Reading:
    return RawReading(recording) if _is_raw(recording) else TrackingReading(recording)


KITTI_TRACKING = Importer(
    key="kitti-tracking",
    label="KITTI tracking or raw",
    expects=(
        "image_02/, velodyne/, calib/ and label_02/ with one folder or file a sequence; or raw"
        " drives with their calib_*.txt"
    ),
    fits=_is_drive,
    begin=_drive_reading,
)
# The order in which they are tried: what says most about itself comes first.
IMPORTERS = (CONCORD, NUSCENES, KITTI_TRACKING, KITTI)
FORMATS = (AUTO, *(importer.key for importer in IMPORTERS))


def importer_for(recording: Recording, format_key: str) -> Importer:
    """Find the importer that was asked for, or the first that fits.

    Raises:
        SceneRefused: If the recording does not look like the format, or like any.
    """
    asked = [importer for importer in IMPORTERS if format_key in {AUTO, importer.key}]
    found = next((importer for importer in asked if importer.fits(recording)), None)
    if found is not None:
        return found
    expected = "; ".join(f"{importer.label}: {importer.expects}" for importer in asked)
    if asked and format_key != AUTO:
        problem = f"The recording does not look like {asked[0].label}."
    else:
        problem = "The recording looks like none of the formats that are known here."
    raise SceneRefused(
        Fault(
            path=recording.name,
            field="format",
            problem=problem,
            mend=f"Arrange its files as one of these: {expected}."
            if expected
            else f"Ask for one of these formats: {', '.join(FORMATS)}.",
        )
    )
