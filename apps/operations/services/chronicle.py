"""How a task's history is written, and who hears of it."""

from apps.accounts.models import User
from apps.live.broadcast import broadcast
from apps.live.events import TaskChanged
from apps.live.rooms import person_room, project_room
from apps.operations.models import Task, TaskEvent


def record(
    task: Task,
    kind: TaskEvent.Kind,
    *,
    person: User | None = None,
    by: User | None = None,
    note: str = "",
) -> TaskEvent:
    """Write a line of the task's history, under the lease that it has now."""
    return TaskEvent.objects.create(
        task=task,
        kind=kind,
        person=person,
        by=by,
        note=note,
        lease_token=task.lease_token or None,
    )


def announce(task: Task, *, also_to: tuple[int | None, ...] = ()) -> None:
    """Tell the project, and whom the task concerns, that it changed."""
    event = TaskChanged(
        task_id=task.pk,
        project_id=task.project_id,
        state=task.state,
        assignee_id=task.assignee_id,
    )
    broadcast(project_room(task.project_id), event)
    concerned = {task.assignee_id, task.author_id, task.reserved_for_id, *also_to}
    for person_id in sorted(one for one in concerned if one is not None):
        broadcast(person_room(person_id), event)
