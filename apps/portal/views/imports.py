"""Recordings on their way in: the upload page, imports with their progress and their report."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.models import User
from apps.core.errors import PortalError
from apps.core.jobs import enqueue_run
from apps.operations.services.intake import cancel_import, start_upload_import
from apps.portal.asking import cut, kept, project_seen_by, visitor
from apps.portal.selectors.imports import batch_is_kept
from apps.portal.views.projects import frame_of
from apps.projects.access import projects_with
from apps.scenes.importers.registry import AUTO, IMPORTERS
from apps.scenes.models import ImportedFile, RecordingImport
from apps.scenes.selectors.imports import imports_visible_to, state_of

State = RecordingImport.State
LIVING = (State.QUEUED, State.RUNNING)
RETRIABLE = (State.FAILED, State.DONE_WITH_ERRORS, State.CANCELLED)


@login_required
@require_safe
def import_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The project's imports, newest first."""
    person = visitor(request)
    project = project_seen_by(person, slug, holding="order_project")
    rows = imports_visible_to(person).filter(project=project).order_by("-created_at", "-pk")
    context = frame_of(person, project, tab="imports") | {"page": cut(request, rows)}
    return render(request, "portal/imports/list.html", context)


@login_required
@require_safe
def upload(request: HttpRequest, slug: str) -> HttpResponse:
    """Send a recording, in pieces that survive a broken connection."""
    person = visitor(request)
    project = project_seen_by(person, slug, holding="order_project")
    context = frame_of(person, project, tab="imports") | {
        "formats": [(AUTO, "Recognise it"), *((one.key, one.label) for one in IMPORTERS)],
        "importers": IMPORTERS,
    }
    return render(request, "portal/imports/upload.html", context)


@login_required
@require_safe
def import_page(request: HttpRequest, import_id: int) -> HttpResponse:
    """One import: its progress, live, and what became of each file."""
    person = visitor(request)
    one = _import_seen_by(person, import_id)
    state = kept(request, "state")["state"]
    files = one.files.select_related("scene").order_by("pk")
    if state in ImportedFile.State.values:
        files = files.filter(state=state)
    counts = dict.fromkeys(ImportedFile.State.values, 0) | dict(
        one.files.values("state").annotate(n=Count("pk")).values_list("state", "n").order_by()
    )
    stands = state_of(one)
    context = frame_of(person, one.project, tab="imports") | {
        "one": one,
        "page": cut(request, files, size=50),
        "counts": counts,
        "file_total": sum(counts.values()),
        "state": state,
        "living": stands in LIVING,
        "stands": stands,
        "can_retry": stands in RETRIABLE and batch_is_kept(one),
    }
    return render(request, "portal/imports/detail.html", context)


@login_required
@require_POST
def cancel(request: HttpRequest, import_id: int) -> HttpResponse:
    """Ask a running import to stop; what is whole stays."""
    one = _import_seen_by(visitor(request), import_id)
    try:
        cancel_import(one)
    except PortalError as error:
        messages.error(request, error.detail)
    else:
        messages.info(request, "The import stops after the file in hand. Whole scenes stay.")
    return redirect("portal:import", one.pk)


@login_required
@require_POST
def retry(request: HttpRequest, import_id: int) -> HttpResponse:
    """Import what was uploaded once more; scenes that are in are passed by."""
    person = visitor(request)
    one = _import_seen_by(person, import_id)
    if one.upload_batch is None:
        raise Http404
    try:
        again = start_upload_import(
            one.project,
            upload_batch=one.upload_batch,
            format_key=one.format_key,
            with_labels=one.with_labels,
            by=person,
        )
    except PortalError as error:
        messages.error(request, error.detail)
        return redirect("portal:import", one.pk)
    if again.job is not None:
        enqueue_run(again.job)
    return redirect("portal:import", again.pk)


def _import_seen_by(person: User, import_id: int) -> RecordingImport:
    found = (
        RecordingImport.objects.filter(
            pk=import_id, project__in=projects_with(person, "order_project")
        )
        .select_related("project", "project__client", "job", "started_by")
        .first()
    )
    if found is None:
        raise Http404
    return found
