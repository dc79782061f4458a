"""Questions about work with a yes or no."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils import timezone

from apps.accounts.models import User
from apps.operations.models import Contribution, Task
from apps.projects.access import may
from apps.projects.models import Project
from apps.workforce.rules import is_qualified
from apps.workforce.selectors import qualified_modalities

PERMISSION_FOR: dict[str, str] = {
    Task.Kind.LABEL: "label_project",
    Task.Kind.REVIEW: "review_project",
}


def may_manage(user: User | AnonymousUser, project: Project | int) -> bool:
    """Whoever staffs and steers the project."""
    return may(user, "manage_project", project)


def may_do_kind(user: User | AnonymousUser, kind: str, project: Project) -> bool:
    """Whoever has the right to this kind of work in the project, and is qualified for its sensors."""
    return may(user, PERMISSION_FOR[kind], project) and is_qualified(
        project.modalities, held=qualified_modalities(user, kind)
    )


def had_a_hand_in(user: User, task: Task) -> bool:
    """Whoever changed the scene's labels other than by fixing them in this very review."""
    elsewhere = Q(task__isnull=True) | ~Q(task=task.pk)
    return Contribution.objects.filter(elsewhere, scene=task.scene_id, person=user).exists()


def may_judge(user: User, task: Task) -> bool:
    """Nobody reviews their own work."""
    return task.kind != Task.Kind.REVIEW or (
        task.author_id != user.pk and not had_a_hand_in(user, task)
    )


def may_work_on(user: User, task: Task) -> bool:
    """Whoever may do this kind of work in the task's project, on this scene."""
    return may_do_kind(user, task.kind, task.project) and may_judge(user, task)


def is_kept_for_another(user: User, task: Task) -> bool:
    """A task that waits for its author, or for the person whom a manager named."""
    return (
        task.reserved_for_id is not None
        and task.reserved_for_id != user.pk
        and (task.reserved_until is None or task.reserved_until > timezone.now())
    )


def holds_lease(user: User | AnonymousUser, task: Task, *, lease_token: int | None = None) -> bool:
    """Whoever has the task now; with a token, under that very lease."""
    return (
        task.state == Task.State.LEASED
        and task.assignee_id == user.pk
        and lease_token in {None, task.lease_token}
    )
