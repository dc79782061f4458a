"""A project's pages: overview, scenes, guideline, people, findings."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.models import User
from apps.core.errors import PortalError
from apps.guidelines.selectors import (
    clause_html,
    clauses_of,
    version_in_force,
    versions_visible_to,
)
from apps.operations.services.ordering import activate_project, close_project, pause_project
from apps.portal.asking import cut, kept, project_seen_by, visitor
from apps.portal.looks import look
from apps.portal.selectors.progress import SCENE_STATES, progress_of
from apps.portal.selectors.project import (
    STAFF_PERMISSIONS,
    FindingFilter,
    class_tree,
    finding_rows,
    findings_by_check,
    held_permissions,
    people_rows,
    recent_events,
    scene_rows,
)
from apps.portal.selectors.roles import may_order
from apps.projects.models import Project
from apps.projects.selectors import projects_seen_by
from apps.scenes.models import RecordingImport
from apps.workforce.selectors import people_seen_by


@login_required
@require_safe
def project_list(request: HttpRequest) -> HttpResponse:
    """All projects that a person may see, with their progress."""
    said = kept(request, "q", "state")
    rows = projects_seen_by(visitor(request))
    if said["q"]:
        rows = rows.filter(name__icontains=said["q"])
    if said["state"] in Project.State.values:
        rows = rows.filter(state=said["state"])
    page = cut(request, rows)
    progress = progress_of(page)
    return render(
        request,
        "portal/projects/list.html",
        {
            "page": page,
            "rows": [(project, progress[project.pk]) for project in page],
            "said": said,
            "states": Project.State.choices,
            "orders_possible": may_order(visitor(request)),
        },
    )


@login_required
@require_safe
def overview(request: HttpRequest, slug: str) -> HttpResponse:
    """How the project stands, live."""
    person, project = visitor(request), project_seen_by(visitor(request), slug)
    context = frame_of(person, project, tab="overview")
    context |= {
        "events": recent_events(project) if context["is_staff_here"] else [],
        "imports": project.imports.select_related("job")[:3],
        "guideline": version_in_force(project),
        "deliveries": project.deliveries.all()[:3],
    }
    return render(request, "portal/projects/overview.html", context)


@login_required
@require_safe
def scenes(request: HttpRequest, slug: str) -> HttpResponse:
    """The project's scenes and where each stands."""
    person, project = visitor(request), project_seen_by(visitor(request), slug)
    said = kept(request, "q", "state")
    page = cut(request, scene_rows(project, text=said["q"], state=said["state"]))
    context = frame_of(person, project, tab="scenes") | {
        "page": page,
        "said": said,
        "scene_states": [(state, look("scene", state).words) for state in SCENE_STATES],
    }
    return render(request, "portal/projects/scenes.html", context)


@login_required
@require_safe
def guideline(request: HttpRequest, slug: str) -> HttpResponse:
    """The rules in force, to read; or an older edition of them."""
    person, project = visitor(request), project_seen_by(visitor(request), slug)
    versions = list(versions_visible_to(person).filter(project=project))
    asked = request.GET.get("version", "")
    version = next((one for one in versions if str(one.number) == asked), None)
    version = version or version_in_force(project)
    context = frame_of(person, project, tab="guideline") | {
        "version": version,
        "versions": versions,
        "clauses": [(one, clause_html(one)) for one in clauses_of(version)] if version else [],
        "classes": class_tree(version) if version else [],
    }
    return render(request, "portal/projects/guideline.html", context)


@login_required
@require_safe
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """Who works in the project; for those who steer it."""
    person = visitor(request)
    project = project_seen_by(person, slug, holding="manage_project")
    page = cut(request, people_rows(project))
    context = frame_of(person, project, tab="people") | {
        "page": page,
        "today": timezone.localdate(),
        "candidates": people_seen_by(person).order_by("display_name", "email"),
    }
    return render(request, "portal/projects/people.html", context)


@login_required
@require_safe
def findings(request: HttpRequest, slug: str) -> HttpResponse:
    """What is wrong or uncertain in the project, by check."""
    person, project = visitor(request), project_seen_by(visitor(request), slug)
    if not held_permissions(person, project) & STAFF_PERMISSIONS:
        raise Http404
    said = FindingFilter(**kept(request, "state", "severity", "check"))
    page = cut(request, finding_rows(project, said))
    context = frame_of(person, project, tab="findings") | {
        "page": page,
        "said": said,
        "by_check": findings_by_check(project),
    }
    return render(request, "portal/projects/findings.html", context)


STATE_MOVES: dict[str, tuple[Callable[[Project], Project], str]] = {
    "active": (activate_project, "is in production: its tasks are given out now."),
    "paused": (pause_project, "is paused: what is in work may be finished."),
    "closed": (close_project, "is closed."),
}


@login_required
@require_POST
def move_project(request: HttpRequest, slug: str) -> HttpResponse:
    """Put an order into production, pause it, or close it."""
    project = project_seen_by(visitor(request), slug, holding="manage_project")
    if request.POST.get("to") not in STATE_MOVES:
        raise Http404
    move, words = STATE_MOVES[request.POST["to"]]
    try:
        move(project)
    except PortalError as error:
        messages.error(request, error.detail)
    else:
        messages.success(request, f"“{project}” {words}")
    return redirect("portal:project", project.slug)


def frame_of(person: User, project: Project, *, tab: str) -> dict[str, Any]:
    """What every page of a project shows around its own part."""
    progress = progress_of([project])[project.pk]
    running = project.imports.filter(
        state__in=[RecordingImport.State.QUEUED, RecordingImport.State.RUNNING]
    )
    permissions = held_permissions(person, project)
    return {
        "project": project,
        "progress": progress,
        "permissions": permissions,
        "is_staff_here": bool(permissions & STAFF_PERMISSIONS),
        "running_imports": running.count(),
        "tab": tab,
    }
