"""Takes recordings in: scenes are imported, enter the pipeline, and get the labels that came along."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.accounts.models import User
from apps.clients.models import Client
from apps.clients.services import create_client
from apps.core.errors import Conflict, NotFound
from apps.core.models import JobRun
from apps.core.services import RunCancelled, RunSuperseded, request_cancel, start_run
from apps.operations.services.labels import apply_imported_labels
from apps.operations.services.ordering import Order, activate_project, order_project
from apps.operations.services.staffing import open_first_task
from apps.projects.models import Project
from apps.scenes.models import ImportedFile, RecordingImport, Scene
from apps.scenes.selectors.imports import import_of_batch
from apps.scenes.services.importing import import_recording
from apps.scenes.services.imports import close_import, mark_import, open_import
from apps.scenes.services.uploading import check_batch, release_batch

TASK_NAME = "operations.run_recording_import"
QUEUE = "long"


@transaction.atomic
def project_for_import(slug: str, *, client_name: str | None) -> Project:
    """Find a project by its slug, or put a new one into production for a client named here.

    Raises:
        NotFound: If there is none, and no client to make it for.
    """
    project = Project.objects.filter(slug=slug).first()
    if project is not None:
        return project
    if client_name is None:
        raise NotFound(
            f"There is no project with the slug “{slug}”; correct it, or add --create-project."
        )
    client = Client.objects.filter(name__iexact=client_name).first() or create_client(client_name)
    ordered = order_project(
        client, order=Order(name=slug, modalities=("lidar", "camera")), slug=slug
    )
    return activate_project(ordered)


@transaction.atomic
def start_import(
    project: Project,
    *,
    source_path: str,
    format_key: str = "auto",
    with_labels: bool = False,
    by: User | None = None,
) -> RecordingImport:
    """Order the import of a folder or archive on the server; an edge sends its run to a worker.

    Raises:
        Invalid: If the format is not known.
    """
    recording_import = open_import(
        project, source_path=source_path, format_key=format_key, with_labels=with_labels, by=by
    )
    return _with_run(recording_import, by=by)


@transaction.atomic
def start_upload_import(
    project: Project, *, upload_batch: UUID, format_key: str, with_labels: bool, by: User
) -> RecordingImport:
    """Order the import of an uploaded batch; asked again, it answers with the import at work.

    Holds a lock on the project.

    Raises:
        Conflict: If a file of the batch is not here in full.
        Invalid: If the batch is empty, or the format is not known.
    """
    Project.objects.select_for_update().get(pk=project.pk)
    at_work = import_of_batch(project, upload_batch)
    if at_work is not None:
        return at_work
    check_batch(project, upload_batch)
    recording_import = open_import(
        project,
        upload_batch=upload_batch,
        format_key=format_key,
        with_labels=with_labels,
        by=by,
    )
    return _with_run(recording_import, by=by)


def take_in(recording_import: RecordingImport, *, run: JobRun) -> Mapping[str, Any]:
    """Carry an import out: each scene that is in gets its first task.

    It stands being begun again: what an attempt before brought in is passed by, and what it left
    undone is done.

    Returns:
        The run's report.

    Raises:
        RunCancelled: If a stop was asked for.
        RunSuperseded: If the run was begun again elsewhere.
    """
    try:
        for scene in import_recording(recording_import, run=run):
            settle(scene, recording_import=recording_import)
        close_import(recording_import)
        if recording_import.state == RecordingImport.State.DONE and recording_import.upload_batch:
            release_batch(recording_import.project_id, recording_import.upload_batch)
    except RunSuperseded:
        raise
    except RunCancelled:
        mark_import(
            recording_import, state=RecordingImport.State.CANCELLED, message="Stopped on request."
        )
        raise
    except Exception:
        mark_import(
            recording_import,
            state=RecordingImport.State.FAILED,
            message="It stopped at a fault of the portal; the operators can see it.",
        )
        raise
    return _summary(recording_import)


def settle(scene: Scene, *, recording_import: RecordingImport) -> None:
    """Send a scene into its project's pipeline with the labels it brought, unless that is done."""
    if recording_import.with_labels:
        apply_imported_labels(scene, recording_import=recording_import)
    open_first_task(scene)


@transaction.atomic
def cancel_import(recording_import: RecordingImport) -> RecordingImport:
    """Stop an import; scenes that are in stay. Holds a lock on its run.

    Raises:
        Conflict: If it has ended.
    """
    if recording_import.job is None:
        raise Conflict("This import has no run that could be stopped.")
    run = request_cancel(recording_import.job)
    if run.state == JobRun.State.CANCELLED:
        return mark_import(
            recording_import, state=RecordingImport.State.CANCELLED, message="Stopped on request."
        )
    return recording_import


def _with_run(recording_import: RecordingImport, *, by: User | None) -> RecordingImport:
    recording_import.job = start_run(
        "import",
        task_name=TASK_NAME,
        task_kwargs={"import_id": recording_import.pk},
        queue=QUEUE,
        created_by=by,
    )
    recording_import.save(update_fields=["job", "updated_at"])
    return recording_import


def _summary(recording_import: RecordingImport) -> dict[str, Any]:
    failed = recording_import.files.filter(state=ImportedFile.State.FAILED).count()
    return {
        "import_id": recording_import.pk,
        "state": recording_import.state,
        "message": recording_import.message,
        "scenes": recording_import.scenes.count(),
        "failed": failed,
    }
