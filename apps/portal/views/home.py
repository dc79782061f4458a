"""The home of each role; a person of several roles gets tabs."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.models import User
from apps.deliveries.models import Delivery
from apps.operations.models import Task
from apps.operations.selectors.board import boards_of
from apps.portal.asking import cut, visitor
from apps.portal.selectors.board import board_figures, steered_projects, workers_of
from apps.portal.selectors.progress import progress_of
from apps.portal.selectors.roles import ADMIN, may_order, ordered, roles_of
from apps.portal.selectors.system import recent_runs, system_health, worker_is_silent
from apps.portal.selectors.tasks import (
    held_tasks,
    last_returns,
    managed_tasks,
    own_history,
    own_yield,
    reserved_tasks,
    review_queue,
    what_weighs,
    why_nothing,
    with_findings,
)
from apps.projects.access import Role
from apps.projects.models import Project
from apps.projects.selectors import projects_seen_by

LAST = 6
SHOWN_PROJECTS = 12
SHOWN_PEOPLE = 14
# A socket joins at most fifty rooms.
MOST_ROOMS = 45
SECTIONS: tuple[tuple[str, str, str, str], ...] = (
    ("People", "Accounts, passwords, staff", "user", "accounts_user"),
    ("Clients", "Who orders, and their people", "folder", "clients_client"),
    ("Projects", "Orders and object permissions", "package", "projects_project"),
    ("Teams", "Internal and vendors", "users", "workforce_team"),
    ("Qualifications", "Who may label what", "shield", "workforce_qualification"),
    ("Guidelines", "Editions and clauses", "book", "guidelines_guidelineversion"),
    ("Tasks", "Every task and its history", "list", "operations_task"),
    ("Background runs", "Imports, deliveries, checks", "gauge", "core_jobrun"),
)


@login_required
@require_safe
def home(request: HttpRequest, role: str = "") -> HttpResponse:
    """The first page after signing in."""
    person = visitor(request)
    roles = ordered(roles_of(person))
    if role and role not in roles:
        raise Http404
    shown = role or (roles[0] if roles else "")
    context = HOMES[shown](request, person) if shown else {}
    context |= {"roles": roles, "role": shown}
    return render(request, f"portal/home/{shown or 'nobody'}.html", context)


def _customer(request: HttpRequest, person: User) -> dict[str, Any]:
    page = cut(request, projects_seen_by(person), size=12)
    progress = progress_of(page)
    ready = Delivery.objects.filter(project__in=projects_seen_by(person), state="ready")
    return {
        "page": page,
        "rows": [(project, progress[project.pk]) for project in page],
        "deliveries": ready.select_related("project").order_by("-ready_at")[:LAST],
        "orders_possible": may_order(person),
    }


def _annotator(request: HttpRequest, person: User) -> dict[str, Any]:
    held = list(held_tasks(person, Task.Kind.LABEL))
    reserved = list(reserved_tasks(person, Task.Kind.LABEL)[:LAST])
    return {
        "held": held,
        "reserved": reserved,
        "returns": last_returns([*held, *reserved]),
        "record": own_yield(person),
        "history": own_history(person).filter(kind=Task.Kind.LABEL)[:LAST],
        "reason": why_nothing(person, Task.Kind.LABEL),
    }


def _reviewer(request: HttpRequest, person: User) -> dict[str, Any]:
    page = cut(request, review_queue(person))
    return {
        "held": list(held_tasks(person, Task.Kind.REVIEW)),
        "page": page,
        "weighs": what_weighs(page),
        "history": own_history(person).filter(kind=Task.Kind.REVIEW)[:LAST],
        "reason": why_nothing(person, Task.Kind.REVIEW),
    }


def _manager(request: HttpRequest, person: User) -> dict[str, Any]:
    steered = steered_projects(person)
    projects = list(steered[:MOST_ROOMS])
    ordered_ones = [one for one in projects if one.state == Project.State.ORDERED]
    shown = [one for one in projects if one.state != Project.State.ORDERED][:SHOWN_PROJECTS]
    progress, boards = progress_of(shown), boards_of(shown)
    waiting = with_findings(managed_tasks(person).filter(state=Task.State.OPEN))
    return {
        "figures": board_figures(person),
        "all_projects": projects,
        "orders": ordered_ones,
        "rows": [(one, progress[one.pk], boards[one.pk]) for one in shown],
        "waiting": waiting.order_by("created_at", "pk")[:LAST],
        "people": workers_of(steered)[:SHOWN_PEOPLE],
        "today": timezone.localdate(),
    }


def _admin(request: HttpRequest, person: User) -> dict[str, Any]:
    health = system_health()
    return {
        "health": health,
        "silent": worker_is_silent(health),
        "runs": recent_runs(),
        "sections": [
            {"label": label, "text": text, "icon": icon, "href": href}
            for label, text, icon, name in SECTIONS
            if (href := _admin_list(name))
        ],
    }


def _admin_list(name: str) -> str:
    try:
        return reverse(f"admin:{name}_changelist")
    except NoReverseMatch:
        return ""


HOMES: dict[str, Callable[[HttpRequest, User], dict[str, Any]]] = {
    Role.CUSTOMER: _customer,
    Role.ANNOTATOR: _annotator,
    Role.REVIEWER: _reviewer,
    Role.MANAGER: _manager,
    ADMIN: _admin,
}
