"""What a person has in their hands just now: live leases, and edits that came too late."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils import timezone

from apps.accounts.models import User
from apps.operations.models import Draft, Task
from apps.operations.selectors.tasks import visible_tasks
from apps.projects.access import may
from apps.quality.models import Finding


def held_task(scene_id: int, *, by: User) -> Task | None:
    """The task of a scene that a person holds under a live lease; a review before a label task."""
    return (
        Task.objects.filter(
            scene=scene_id,
            state=Task.State.LEASED,
            assignee=by,
            lease_expires_at__gt=timezone.now(),
        )
        .order_by("-kind")
        .first()
    )


def mode_of(task: Task, *, by: User) -> str:
    """What a person may do in a task's document now: `label`, `review` or `view`."""
    expires_at = task.lease_expires_at
    if task.state != Task.State.LEASED or task.assignee_id != by.pk or expires_at is None:
        return "view"
    return str(task.kind) if expires_at > timezone.now() else "view"


def visible_findings(user: User | AnonymousUser) -> QuerySet[Finding]:
    """Findings of the scenes whose tasks a person may know of."""
    return Finding.objects.filter(scene__in=visible_tasks(user).values("scene")).select_related(
        "scene", "sensor", "author"
    )


def drafts_of(task: Task, *, by: User) -> QuerySet[Draft]:
    """A person's own edits that came too late for a task; its managers see everybody's."""
    drafts = Draft.objects.filter(task=task).select_related("author")
    return drafts if may(by, "manage_project", task.project_id) else drafts.filter(author=by)
