"""Why a person who asked for work was given none, in words."""

from django.db.models import Q

from apps.accounts.models import User
from apps.operations.models import Task
from apps.operations.rules import PERMISSION_FOR
from apps.operations.selectors.tasks import workable_projects
from apps.projects.access import projects_with
from apps.projects.models import Project
from apps.workforce.selectors import qualified_modalities

KINDS = (Task.Kind.LABEL, Task.Kind.REVIEW)


def why_no_task(user: User, *, kind: str | None = None, project: int | None = None) -> str:
    """Say in one sentence why nothing was given, and what would change that."""
    kinds = [one for one in KINDS if kind in {None, one}]
    rights = _projects_by_right(user, kinds, project)
    if not rights:
        where = "this project" if project is not None else "any project"
        what = " or ".join(kinds)
        return (
            f"You have no right to {what} in {where} yet; a workforce manager can give it to you."
        )
    active = [(one, found) for one, found in rights if found.state == Project.State.ACTIVE]
    if not active:
        return f"{_named(rights)} not in production now; a workforce manager can start it."
    fit = [
        found.pk
        for one in kinds
        for found in workable_projects(user, one)
        if project in {None, found.pk}
    ]
    if not fit:
        one, found = active[0]
        lacking = sorted(set(found.modalities) - qualified_modalities(user, one))
        return (
            f"You are not qualified to {one} {', '.join(lacking)}, which “{found}” needs; "
            "a workforce manager can qualify you."
        )
    return _of_the_queue(user, kinds, fit)


def _projects_by_right(
    user: User, kinds: list[Task.Kind], project: int | None
) -> list[tuple[str, Project]]:
    found = []
    for one in kinds:
        projects = projects_with(user, PERMISSION_FOR[one])
        if project is not None:
            projects = projects.filter(pk=project)
        found += [(one.value, each) for each in projects]
    return found


def _named(rights: list[tuple[str, Project]]) -> str:
    names = sorted({f"“{found}”" for _, found in rights})
    return f"{names[0]} is" if len(names) == 1 else f"Your {len(names)} projects are"


def _of_the_queue(user: User, kinds: list[Task.Kind], projects: list[int]) -> str:
    living = Task.objects.filter(project__in=projects, kind__in=kinds)
    waiting = living.filter(state=Task.State.OPEN)
    own = Q(author=user) | Q(scene__contributions__person=user)
    for_others = waiting.exclude(own, kind=Task.Kind.REVIEW)
    if for_others.filter(reserved_for__isnull=False).exclude(reserved_for=user).exists():
        return "The tasks that wait are kept for other people; new ones appear as scenes come in."
    if waiting.filter(own, kind=Task.Kind.REVIEW).exists():
        return "Only scenes that you worked on wait for review; nobody reviews their own work."
    if living.filter(state=Task.State.LEASED).exists():
        return "Every task is in work just now; one comes back when it is handed in or put back."
    if living.filter(state=Task.State.DONE).exists():
        return "All work of your projects is done; new tasks appear as scenes come in."
    return "No scene waits yet; tasks appear when recordings are imported."
