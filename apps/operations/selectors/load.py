"""What people have on their hands, and who could take more."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Prefetch, Q, QuerySet

from apps.accounts.models import User
from apps.operations.models import Task, TaskEvent
from apps.operations.rules import PERMISSION_FOR
from apps.operations.selectors.board import start_of_window
from apps.projects.access import people_with
from apps.projects.models import Project, ProjectUserObjectPermission
from apps.workforce.selectors import available, people_qualified, roster

ENDS = (TaskEvent.Kind.SUBMITTED, TaskEvent.Kind.ACCEPTED, TaskEvent.Kind.RETURNED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What a person has on their hands.

    Attributes:
        in_work: Tasks that they hold.
        kept: Open tasks that wait for them by name.
        ended_count: Tasks that they handed in or judged in the last seven days.
        returned_count: Scenes of theirs that came back in those days.
        last_active_at: When they last did something with a task, in those days.
    """

    person_id: int
    in_work: int
    kept: int
    ended_count: int
    returned_count: int
    last_active_at: datetime | None


def loads_of(people: Iterable[User], *, projects: Collection[Project | int]) -> dict[int, Load]:
    """What people have on their hands in some projects, by their ids; four queries for any number."""
    keys = [person.pk for person in people]
    tasks = Task.objects.filter(project__in=projects)
    events = TaskEvent.objects.filter(
        task__project__in=projects, happened_at__gte=start_of_window()
    )
    held = _counted(tasks.filter(state=Task.State.LEASED, assignee__in=keys), "assignee")
    kept = _counted(tasks.filter(state=Task.State.OPEN, reserved_for__in=keys), "reserved_for")
    returns = events.filter(kind=TaskEvent.Kind.RETURNED, task__author__in=keys)
    returned = _counted(returns, "task__author")
    own = {
        person: (ended, last)
        for person, ended, last in events.filter(person__in=keys)
        .values_list("person")
        .annotate(ended=Count("pk", filter=Q(kind__in=ENDS)), last=Max("happened_at"))
        .order_by()
    }
    return {
        key: Load(
            person_id=key,
            in_work=held.get(key, 0),
            kept=kept.get(key, 0),
            ended_count=own.get(key, (0, None))[0],
            returned_count=returned.get(key, 0),
            last_active_at=own.get(key, (0, None))[1],
        )
        for key in keys
    }


def people_for(project: Project, *, kind: str) -> QuerySet[User]:
    """Who could do a kind of work in a project now: by right, qualified, and not away."""
    qualified = people_qualified(project.modalities, kind=kind)
    by_right = people_with(PERMISSION_FOR[kind], project=project)
    return available(qualified.filter(pk__in=by_right.values("pk"))).order_by(
        "display_name", "email"
    )


def workers_of(project: Project) -> QuerySet[User]:
    """Everyone who may label or review in a project, with what a staffing page shows of them."""
    rights = ProjectUserObjectPermission.objects.filter(
        content_object=project, permission__codename__in=PERMISSION_FOR.values()
    )
    return (
        roster(User.objects.filter(is_active=True, pk__in=rights.values("user")))
        .prefetch_related(
            Prefetch(
                "projectuserobjectpermission_set",
                queryset=rights.select_related("permission"),
                to_attr="rights",
            )
        )
        .order_by("display_name", "email", "pk")
    )


def _counted(rows: QuerySet[Task] | QuerySet[TaskEvent], name: str) -> dict[int, int]:
    return dict(rows.values_list(name).annotate(count=Count("pk")).order_by())
