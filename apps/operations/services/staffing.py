"""Tasks are opened, assigned, taken away and put in order: what a manager and the pipeline do."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from apps.accounts.models import User
from apps.core.errors import Conflict, Invalid
from apps.operations.models import SceneProgress, Stage, Task, TaskEvent
from apps.operations.rules import may_do_kind, may_judge
from apps.operations.services.chronicle import announce, record
from apps.operations.services.ordering import lay_pipeline
from apps.quality.selectors import needs_judgement
from apps.scenes.models import Scene

MOST_AT_ONCE = 500
SWEEP = 2000
FARTHEST_PRIORITY = 1_000_000


@transaction.atomic
def open_first_task(scene: Scene, *, priority: int = 0) -> Task:
    """Send a scene into its project's pipeline; one that is in it already keeps its task.

    Holds a lock on the scene. Returns the scene's newest task of the first stage.
    """
    Scene.objects.select_for_update().get(pk=scene.pk)
    first = lay_pipeline(scene.project)[0]
    held = Task.objects.filter(scene=scene, stage=first).order_by("-pk").first()
    if held is not None:
        return held
    SceneProgress.objects.get_or_create(scene=scene, defaults={"project_id": scene.project_id})
    return open_task(scene, stage=first, priority=priority)


def open_task(
    scene: Scene,
    *,
    stage: Stage,
    priority: int = 0,
    author: User | None = None,
    review_round: int = 1,
) -> Task:
    """Open a scene's task of a stage; part of a larger transaction."""
    task = Task.objects.create(
        project_id=scene.project_id,
        scene=scene,
        stage=stage,
        kind=stage.kind,
        priority=priority,
        author=author,
        round=review_round,
        due_on=scene.project.due_on,
    )
    record(task, TaskEvent.Kind.OPENED, person=author)
    announce(task)
    return task


@transaction.atomic
def assign(task: Task, *, to: User | None, by: User, until: datetime | None = None) -> Task:
    """Keep a task for a person, or for nobody; whoever had it in work loses it.

    Holds a lock on the task.

    Args:
        task: An open task, or one in work.
        to: Who gets it when they ask for work; None gives it back to everybody.
        by: The manager.
        until: When it goes back to everybody; None keeps it until it is done.

    Raises:
        Conflict: If the task is done or cancelled.
        Invalid: If the person may not do it.
    """
    locked = _living(task)
    if to is not None:
        refuse_unfit(locked, to)
    before = (locked.assignee_id, locked.reserved_for_id)
    if locked.state == Task.State.LEASED and locked.assignee_id != getattr(to, "pk", None):
        record(locked, TaskEvent.Kind.RELEASED, person=locked.assignee, by=by, note="Taken away.")
        locked.state, locked.assignee = Task.State.OPEN, None
        locked.lease_expires_at = locked.leased_at = None
    locked.reserved_for, locked.reserved_until = to, until
    locked.save()
    record(locked, TaskEvent.Kind.ASSIGNED, person=to, by=by)
    announce(locked, also_to=before)
    return locked


def unassign(task: Task, *, by: User) -> Task:
    """Give a task back to everybody.

    Raises:
        Conflict: If the task is done or cancelled.
    """
    return assign(task, to=None, by=by)


@transaction.atomic
def bulk_assign(tasks: Sequence[Task], *, to: User | None, by: User) -> list[Task]:
    """Assign some tasks at once: all of them, or none.

    Raises:
        Conflict: If one is done or cancelled.
        Invalid: If they are too many, or the person may not do one of them.
    """
    _few_enough(tasks)
    return [assign(task, to=to, by=by) for task in tasks]


@transaction.atomic
def reprioritise(tasks: Sequence[Task], *, priority: int, by: User) -> list[Task]:
    """Set the priority of some tasks by hand; higher goes first. Holds locks on the tasks.

    Raises:
        Conflict: If one is done or cancelled.
        Invalid: If they are too many, or the priority is out of range.
    """
    _few_enough(tasks)
    if abs(priority) > FARTHEST_PRIORITY:
        raise Invalid(
            f"A priority lies between -{FARTHEST_PRIORITY} and {FARTHEST_PRIORITY}.",
            fields={"priority": ["is out of range"]},
        )
    changed = []
    for task in tasks:
        locked = _living(task)
        note = f"{locked.priority} to {priority}"
        locked.priority, locked.priority_set_by_hand = priority, True
        locked.save(update_fields=["priority", "priority_set_by_hand", "updated_at"])
        record(locked, TaskEvent.Kind.REPRIORITISED, by=by, note=note)
        announce(locked)
        changed.append(locked)
    return changed


@transaction.atomic
def order_reviews() -> int:
    """Order the reviews that wait by what needs judgement now; those ordered by hand stay.

    Returns how many moved. Holds locks on these.
    """
    waiting = Task.objects.filter(
        kind=Task.Kind.REVIEW, state=Task.State.OPEN, priority_set_by_hand=False
    )
    rows = list(waiting.values_list("pk", "scene_id", "priority"))
    weights: dict[int, int] = {}
    for begin in range(0, len(rows), SWEEP):
        weights |= needs_judgement([scene for _, scene, _ in rows[begin : begin + SWEEP]])
    wrong = [pk for pk, scene, priority in rows if weights[scene] != priority]
    moved = list(waiting.filter(pk__in=wrong[:SWEEP]).select_for_update(skip_locked=True))
    for task in moved:
        task.priority = weights[task.scene_id]
        task.save(update_fields=["priority", "updated_at"])
        announce(task)
    return len(moved)


def refuse_unfit(task: Task, person: User) -> None:
    """Say why a person may not do a task.

    Raises:
        Invalid: If they may not.
    """
    if not may_judge(person, task):
        raise Invalid(
            f"{person} worked on “{task.scene}”; nobody reviews their own work. "
            "Choose another reviewer.",
            fields={"user_id": ["worked on the scene"]},
        )
    if not person.is_active or not may_do_kind(person, task.kind, task.project):
        needed = ", ".join(task.project.modalities) or "nothing in particular"
        raise Invalid(
            f"{person} cannot {task.kind} in “{task.project}”: it needs the right to, and valid "
            f"qualifications for {needed}.",
            fields={"user_id": ["has no right to it, or lacks a qualification"]},
        )


def _living(task: Task) -> Task:
    locked = (
        Task.objects.select_for_update(of=("self",))
        .select_related("project", "scene", "assignee")
        .get(pk=task.pk)
    )
    if locked.state not in {Task.State.OPEN, Task.State.LEASED}:
        raise Conflict(
            f"The task on “{locked.scene}” is {locked.get_state_display().lower()}; "
            "it cannot be changed any more."
        )
    return locked


def _few_enough(tasks: Sequence[Task]) -> None:
    if len(tasks) > MOST_AT_ONCE:
        raise Invalid(f"At most {MOST_AT_ONCE} tasks can be changed at once; choose fewer.")
