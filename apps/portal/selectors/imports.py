"""What the pages of imports ask besides."""

from apps.scenes.models import RecordingImport
from apps.scenes.selectors.uploads import incomplete, uploads_of_batch


def batch_is_kept(one: RecordingImport) -> bool:
    """Whether the files that an import read are still here in full, so that it can be tried again."""
    if one.upload_batch is None:
        return False
    uploads = uploads_of_batch(one.project_id, one.upload_batch)
    return uploads.exists() and not incomplete(uploads).exists()
