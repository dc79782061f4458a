"""Imports and their reports, as read."""

from collections import Counter
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from apps.accounts.models import User
from apps.core.models import JobRun
from apps.projects.access import visible_to as visible_projects
from apps.projects.models import Project
from apps.scenes.models import Capture, ImportedFile, RecordingImport, Scene
from apps.scenes.selectors.uploads import batch_folder


def recording_source(recording_import: RecordingImport) -> tuple[Path, str]:
    """The folder or archive that an import reads, and its name for people."""
    if recording_import.upload_batch is None:
        path = Path(recording_import.source_path)
        return path, path.name
    return batch_folder(recording_import.project_id, recording_import.upload_batch), "the upload"


State = RecordingImport.State


def imports_visible_to(user: User | AnonymousUser) -> QuerySet[RecordingImport]:
    """Imports into projects that a person may see, with the counts that their lists show."""
    files = ImportedFile.objects.filter(recording_import=OuterRef("pk"))
    scenes = Scene.objects.filter(recording_import=OuterRef("pk"))
    return (
        RecordingImport.objects.filter(project__in=visible_projects(user))
        .select_related("project", "job", "started_by")
        .annotate(
            file_count=_counted(files),
            failed_count=_counted(files.filter(state=ImportedFile.State.FAILED)),
            scene_count=_counted(scenes),
        )
    )


def _counted(rows: QuerySet[Any]) -> Coalesce:
    counted = (
        rows.order_by().values("recording_import").annotate(number=Count("pk")).values("number")
    )
    return Coalesce(Subquery(counted), 0, output_field=IntegerField())


def state_of(recording_import: RecordingImport) -> str:
    """How an import stands: one whose run was given up has failed, whatever it last wrote."""
    run = recording_import.job
    waits = recording_import.state in {State.QUEUED, State.RUNNING}
    if waits and run is not None and run.state == JobRun.State.FAILED:
        return State.FAILED
    if waits and run is not None and run.state == JobRun.State.CANCELLED:
        return State.CANCELLED
    return recording_import.state


def import_of_batch(project: Project, batch: UUID) -> RecordingImport | None:
    """The import of an uploaded batch that waits or is at work."""
    return RecordingImport.objects.filter(
        project=project,
        upload_batch=batch,
        state__in=[State.QUEUED, State.RUNNING],
    ).first()


def import_report(recording_import: RecordingImport) -> dict[str, Any]:
    """Everything that is known of an import, as JSON: its scenes, and a row for each file."""
    rows = recording_import.files.order_by("pk").values(
        "path", "state", "field", "problem", "mend", "scene_id"
    )
    files = list(rows)
    captures = Capture.objects.filter(frame__scene__recording_import=recording_import)
    counted = dict(captures.order_by().values_list("frame__scene").annotate(number=Count("pk")))
    return {
        "import_id": recording_import.pk,
        "state": recording_import.state,
        "message": recording_import.message,
        "scenes": [
            {
                "id": scene.pk,
                "name": scene.name,
                "format": scene.source_format,
                "frames": scene.frame_count,
                "captures": counted.get(scene.pk, 0),
                "notes": scene.notes,
            }
            for scene in recording_import.scenes.order_by("pk")
        ],
        "counts": dict(sorted(Counter(row["state"] for row in files).items())),
        "files": files,
    }
