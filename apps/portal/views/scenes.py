"""A scene's pages: what was recorded, where its labels stand, and its journal."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.models import User
from apps.operations.models import Task
from apps.operations.selectors.tasks import visible_tasks, with_names
from apps.portal.asking import cut, visitor
from apps.portal.selectors.project import STAFF_PERMISSIONS, held_permissions
from apps.portal.selectors.scene import (
    calibrations_of,
    class_counts,
    first_previews,
    journal_rows,
    latest_accepted,
    open_findings_of,
    sensors_of,
)
from apps.projects.access import visible_to
from apps.scenes.models import Scene


@login_required
@require_safe
def scene_page(request: HttpRequest, scene_id: int) -> HttpResponse:
    """What was recorded, and where the labels stand, live."""
    person = visitor(request)
    scene = _scene_seen_by(person, scene_id)
    permissions = held_permissions(person, scene.project)
    progress, document = getattr(scene, "progress", None), getattr(scene, "label_document", None)
    tasks, classes = _tasks_on(person, scene), class_counts(scene)
    context = {
        "scene": scene,
        "state": progress.state if progress else "waiting",
        "version": document.version if document else 0,
        "project": scene.project,
        "sensors": sensors_of(scene),
        "calibrations": calibrations_of(scene),
        "previews": first_previews(scene),
        "classes": classes,
        "object_total": sum(one.number for one in classes),
        "tasks": tasks,
        "open_task": tasks[-1] if tasks else latest_accepted(scene),
        "notes": scene.notes if isinstance(scene.notes, list) else [],
        "findings": open_findings_of(scene),
        "changes": journal_rows(scene)[:8],
        "is_staff_here": bool(permissions & STAFF_PERMISSIONS),
    }
    return render(request, "portal/scenes/detail.html", context)


@login_required
@require_safe
def journal(request: HttpRequest, scene_id: int) -> HttpResponse:
    """Every saved gesture of a scene, newest first."""
    person = visitor(request)
    scene = _scene_seen_by(person, scene_id)
    if not held_permissions(person, scene.project) & STAFF_PERMISSIONS:
        raise Http404
    context = {
        "scene": scene,
        "project": scene.project,
        "page": cut(request, journal_rows(scene), size=50),
    }
    return render(request, "portal/scenes/journal.html", context)


def _tasks_on(person: User, scene: Scene) -> list[Task]:
    return list(with_names(visible_tasks(person).filter(scene=scene)).order_by("pk"))


def _scene_seen_by(person: User, scene_id: int) -> Scene:
    found = (
        Scene.objects.filter(pk=scene_id, project__in=visible_to(person))
        .select_related("project", "project__client", "progress", "label_document")
        .first()
    )
    if found is None:
        raise Http404
    return found
