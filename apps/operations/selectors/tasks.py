"""Tasks, as read."""

from collections.abc import Collection

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils import timezone

from apps.accounts.models import User
from apps.operations.models import SceneProgress, Task, TaskEvent
from apps.operations.rules import PERMISSION_FOR
from apps.projects.access import projects_with
from apps.projects.models import Project
from apps.projects.selectors import in_production
from apps.workforce.rules import is_qualified
from apps.workforce.selectors import qualified_modalities


def workable_projects(user: User, kind: str) -> list[Project]:
    """Projects in production in which a person may do a kind of work, by right and qualification."""
    projects = in_production(user, PERMISSION_FOR[kind])
    if not projects:
        return []
    held = qualified_modalities(user, kind)
    return [project for project in projects if is_qualified(project.modalities, held=held)]


def visible_tasks(user: User | AnonymousUser) -> QuerySet[Task]:
    """Tasks that a person may know of.

    Managers see all of their projects' tasks; who labels or reviews sees the tasks of that kind,
    and a labeller the reviews of their own work.
    """
    if not isinstance(user, User):
        return Task.objects.none()
    managed = projects_with(user, "manage_project")
    labelled = projects_with(user, "label_project")
    reviewed = projects_with(user, "review_project")
    return Task.objects.filter(
        Q(project__in=managed)
        | Q(project__in=labelled, kind=Task.Kind.LABEL)
        | Q(project__in=reviewed)
        | Q(project__in=labelled, author=user)
    )


def readable_tasks(user: User | AnonymousUser) -> QuerySet[Task]:
    """Tasks through which a person may look at a scene's labels.

    Those that they may know of; and, for whoever may view a project, the reviews by which its
    scenes were accepted: a customer sees what passed, and nothing of the work before.
    """
    if not isinstance(user, User):
        return Task.objects.none()
    passed = Q(
        outcome=Task.Outcome.ACCEPTED,
        project__in=projects_with(user, "view_project"),
        scene__progress__state__in=[
            SceneProgress.State.ACCEPTED,
            SceneProgress.State.DELIVERED,
        ],
    )
    return Task.objects.filter(passed | Q(pk__in=visible_tasks(user).values("pk")))


def with_names(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """Tasks with everything that a list shows of them, in one query."""
    return tasks.select_related(
        "project", "scene", "stage", "author", "assignee", "reserved_for"
    ).order_by("-priority", "pk")


def tasks_of(user: User) -> Q:
    """What a person has in work, or what waits for them by name."""
    return Q(assignee=user) | Q(reserved_for=user, state=Task.State.OPEN)


def history_of(task: Task) -> QuerySet[TaskEvent]:
    """What happened to a task, oldest first."""
    return task.events.select_related("person", "by").order_by("pk")


def expired_leases(project_ids: Collection[int] | None = None) -> QuerySet[Task]:
    """Tasks in work whose time is up, of all projects or of some."""
    found = Task.objects.filter(state=Task.State.LEASED, lease_expires_at__lt=timezone.now())
    return found if project_ids is None else found.filter(project__in=project_ids)


def expired_reservations(project_ids: Collection[int] | None = None) -> QuerySet[Task]:
    """Open tasks that were kept for a person until a time that is over."""
    found = Task.objects.filter(state=Task.State.OPEN, reserved_until__lt=timezone.now())
    return found if project_ids is None else found.filter(project__in=project_ids)
