"""Scenes, their captures and imports, as read."""

from pathlib import Path
from uuid import UUID

from django.conf import settings

from apps.scenes.models import RecordingImport


def batch_folder(project_id: int, batch: UUID) -> Path:
    """Where the uploaded files of a batch lie until they are imported."""
    return Path(settings.DATA_DIR) / "uploads" / str(project_id) / batch.hex


def recording_source(recording_import: RecordingImport) -> tuple[Path, str]:
    """The folder or archive that an import reads, and its name for people."""
    if recording_import.upload_batch is None:
        path = Path(recording_import.source_path)
        return path, path.name
    return batch_folder(recording_import.project_id, recording_import.upload_batch), "the upload"
