"""How an import begins and ends, and who hears of it."""

from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from apps.accounts.models import User
from apps.core.errors import Invalid
from apps.core.models import JobRun
from apps.live.broadcast import broadcast
from apps.live.events import ImportProgress
from apps.live.rooms import project_room
from apps.projects.models import Project
from apps.scenes.importers.registry import FORMATS
from apps.scenes.models import ImportedFile, RecordingImport, Scene, SceneLabels

State = RecordingImport.State


@transaction.atomic
def open_import(
    project: Project,
    *,
    source_path: str = "",
    upload_batch: UUID | None = None,
    format_key: str = "auto",
    with_labels: bool = False,
    by: User | None = None,
) -> RecordingImport:
    """Write down an import of an uploaded batch, or of what lies on the server.

    Raises:
        Invalid: If the format is not known.
    """
    check_format(format_key)
    return RecordingImport.objects.create(
        project=project,
        source_path=source_path,
        upload_batch=upload_batch,
        format_key=format_key,
        with_labels=with_labels,
        started_by=by,
    )


def check_format(format_key: str) -> None:
    """Refuse a format that no importer reads.

    Raises:
        Invalid: If there is none of that key.
    """
    if format_key not in FORMATS:
        raise Invalid(
            f"There is no recording format “{format_key}”; choose one of {', '.join(FORMATS)}.",
            fields={"format": [f"one of {', '.join(FORMATS)}"]},
        )


def close_import(recording_import: RecordingImport) -> RecordingImport:
    """Sum up an import that came to its end, and tell its project."""
    scenes = Scene.objects.filter(recording_import=recording_import).count()
    counted = recording_import.files.values_list("state").annotate(Count("pk")).order_by("state")
    files = dict(counted)
    failed = files.get(ImportedFile.State.FAILED, 0)
    known = files.get(ImportedFile.State.SKIPPED, 0)
    if failed and not scenes:
        state = State.FAILED
    else:
        state = State.DONE_WITH_ERRORS if failed else State.DONE
    said = f"{_counted(scenes, 'scene')} imported"
    if failed:
        said += f"; {_counted(failed, 'problem')}, listed in the report"
    elif not scenes and known:
        said = "Nothing new: its scenes were imported before"
    return mark_import(recording_import, state=state, message=f"{said}.")


@transaction.atomic
def mark_import(
    recording_import: RecordingImport, *, state: RecordingImport.State, message: str = ""
) -> RecordingImport:
    """Write an import's state, and tell its project."""
    recording_import.state = state
    recording_import.message = message
    recording_import.save(update_fields=["state", "message", "updated_at"])
    tell_progress(recording_import, recording_import.job)
    return recording_import


def tell_progress(recording_import: RecordingImport, run: JobRun | None) -> None:
    """Tell the project how far an import is."""
    broadcast(
        project_room(recording_import.project_id),
        ImportProgress(
            import_id=recording_import.pk,
            project_id=recording_import.project_id,
            done=0 if run is None else run.done,
            total=0 if run is None else run.total,
            state=recording_import.state,
        ),
    )


def note_labels_applied(scene: Scene) -> None:
    """Remember that a scene's imported labels were saved, so that it is not done again."""
    SceneLabels.objects.filter(scene=scene).update(
        applied_at=timezone.now(), updated_at=timezone.now()
    )


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
