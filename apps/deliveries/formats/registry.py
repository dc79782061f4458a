"""The export formats, by key."""

from apps.core.errors import Invalid
from apps.deliveries.formats.base import ExportFormat
from apps.deliveries.formats.kitti import KITTI
from apps.deliveries.formats.openlabel import OPENLABEL

FORMATS: dict[str, ExportFormat] = {found.key: found for found in (OPENLABEL, KITTI)}


def format_named(key: str) -> ExportFormat:
    """The format of this key.

    Raises:
        Invalid: If there is none.
    """
    if key not in FORMATS:
        known = ", ".join(sorted(FORMATS))
        raise Invalid(
            f"There is no export format “{key}”; choose one of {known}.",
            fields={"formats": [f"must be one of {known}"]},
        )
    return FORMATS[key]
