"""Files on their way in, as read."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from apps.accounts.models import User
from apps.projects.access import projects_with
from apps.scenes.models import RecordingImport, Upload

KEPT_FOR = timedelta(days=3)


def batch_folder(project_id: int, batch: UUID) -> Path:
    """Where the uploaded files of a batch lie until they are imported."""
    return Path(settings.DATA_DIR) / "uploads" / str(project_id) / batch.hex


def upload_path(upload: Upload) -> Path:
    """Where an upload's bytes lie."""
    return batch_folder(upload.project_id, upload.batch) / upload.relative_path


def own_uploads(user: User | AnonymousUser) -> QuerySet[Upload]:
    """A person's uploads into projects for which they may still bring in recordings."""
    if not isinstance(user, User):
        return Upload.objects.none()
    projects = Q(project__in=projects_with(user, "order_project")) | Q(
        project__in=projects_with(user, "manage_project")
    )
    return Upload.objects.filter(projects, uploaded_by=user).order_by("pk")


def uploads_of_batch(project_id: int, batch: UUID) -> QuerySet[Upload]:
    """Files that belong together."""
    return Upload.objects.filter(project_id=project_id, batch=batch).order_by("relative_path")


def incomplete(uploads: QuerySet[Upload]) -> QuerySet[Upload]:
    """Those of which bytes are missing."""
    return uploads.filter(received_bytes__lt=F("size_bytes"))


def expires_at(upload: Upload) -> datetime:
    """When an upload is thrown away, if nothing more comes of it."""
    return upload.updated_at + KEPT_FOR


def left_behind(now: datetime) -> QuerySet[Upload]:
    """Uploads of batches that nobody went on with, and that no import at work reads."""
    at_work = RecordingImport.objects.filter(
        project=OuterRef("project"),
        upload_batch=OuterRef("batch"),
        state__in=[RecordingImport.State.QUEUED, RecordingImport.State.RUNNING],
    )
    fresh = Upload.objects.filter(
        project=OuterRef("project"), batch=OuterRef("batch"), updated_at__gte=now - KEPT_FOR
    )
    return Upload.objects.filter(~Exists(at_work), ~Exists(fresh)).order_by("pk")


def batches_of(uploads: Iterable[Upload]) -> set[tuple[int, UUID]]:
    """The batches that uploads belong to."""
    return {(upload.project_id, upload.batch) for upload in uploads}
