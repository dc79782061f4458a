"""How projects stand, for whoever steers them: a constant number of queries for any number."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from django.db.models import Count, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from apps.operations.models import SceneProgress, Task, TaskEvent
from apps.projects.models import Project
from apps.quality.models import Finding
from apps.scenes.models import Scene

DAYS_LOOKED_BACK = 7
# More than this share of the days that are left is tight.
TIGHT_SHARE = 0.7
# Without any pace to go by, this near a due date is tight.
TIGHT_DAYS = 14

Risk = Literal["none", "ok", "tight", "late"]


@dataclass(frozen=True, slots=True, kw_only=True)
class InWork:
    """A task that a person has now."""

    task_id: int
    kind: str
    scene_id: int
    scene_name: str
    person_id: int
    person_name: str
    leased_at: datetime | None
    expires_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """The living tasks of one kind.

    Attributes:
        waiting: Open to everybody.
        kept: Open, and kept for a person.
        leased: In work.
        expired: Of those in work, how many have run out and are about to come back.
    """

    waiting: int = 0
    kept: int = 0
    leased: int = 0
    expired: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectBoard:
    """How a project stands.

    Attributes:
        scenes: Number of scenes by state: `waiting` (no task yet), `labelling`, `reviewing`,
            `accepted`, `delivered`.
        open_findings: Number of open findings by severity.
        blocking_findings: Number of open findings that stop a submit.
        queues: Living tasks by kind.
        accepted_by_day: Scenes accepted on each of the last seven days, oldest first.
        submitted_by_day: Scenes handed in likewise.
        returned_count: Scenes returned in those days.
        in_work: Who is on what.
        scenes_left: Scenes that are not accepted yet.
        days_needed: Days for those at the pace of the last seven days; None without a pace.
        due_risk: `late` if the due date is over or cannot be met, `tight` if it barely can.
    """

    project_id: int
    scenes: dict[str, int]
    open_findings: dict[str, int]
    blocking_findings: int
    queues: dict[str, Queue]
    accepted_by_day: list[int]
    submitted_by_day: list[int]
    returned_count: int
    in_work: list[InWork]
    scenes_left: int
    days_needed: float | None
    due_on: date | None
    due_risk: Risk


def boards_of(projects: Iterable[Project]) -> dict[int, ProjectBoard]:
    """How some projects stand, by their ids."""
    chosen = {project.pk: project for project in projects}
    keys = list(chosen)
    scenes, findings, queues = _scenes(keys), _findings(keys), _queues(keys)
    ends, in_work = _ends(keys), _in_work(keys)
    return {
        key: _board(
            project,
            scenes=scenes[key],
            findings=findings[key],
            queues=queues[key],
            ends=ends[key],
            in_work=in_work[key],
        )
        for key, project in chosen.items()
    }


def start_of_window() -> datetime:
    """Midnight at which the days looked back on begin."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return today - timedelta(days=DAYS_LOOKED_BACK - 1)


def due_risk(
    *, due_on: date | None, today: date, scenes_left: int, days_needed: float | None
) -> Risk:
    """Whether a due date can be met at the present pace."""
    if due_on is None:
        return "none"
    days_left = (due_on - today).days + 1
    if scenes_left == 0:
        return "ok"
    if days_needed is None:
        tight = days_left <= TIGHT_DAYS
    else:
        tight = days_needed > TIGHT_SHARE * days_left
    if days_left <= 0 or (days_needed is not None and days_needed > days_left):
        return "late"
    return "tight" if tight else "ok"


def _board(
    project: Project,
    *,
    scenes: Counter[str],
    findings: Counter[str],
    queues: dict[str, Queue],
    ends: dict[str, Counter[date]],
    in_work: list[InWork],
) -> ProjectBoard:
    today = timezone.localdate()
    days = [today - timedelta(days=back) for back in reversed(range(DAYS_LOOKED_BACK))]
    accepted = [ends[TaskEvent.Kind.ACCEPTED][day] for day in days]
    states = SceneProgress.State
    left = scenes["waiting"] + scenes[states.LABELLING] + scenes[states.REVIEWING]
    needed = left * DAYS_LOOKED_BACK / sum(accepted) if sum(accepted) else None
    blocking = findings.pop("blocking", 0)
    return ProjectBoard(
        project_id=project.pk,
        scenes={key: scenes[key] for key in ("waiting", *states.values)},
        open_findings={key: findings[key] for key in Finding.Severity.values},
        blocking_findings=blocking,
        queues={key: queues.get(key, Queue()) for key in Task.Kind.values},
        accepted_by_day=accepted,
        submitted_by_day=[ends[TaskEvent.Kind.SUBMITTED][day] for day in days],
        returned_count=ends[TaskEvent.Kind.RETURNED].total(),
        in_work=in_work,
        scenes_left=left,
        days_needed=needed,
        due_on=project.due_on,
        due_risk=due_risk(
            due_on=project.due_on, today=today, scenes_left=left, days_needed=needed
        ),
    )


def _scenes(projects: list[int]) -> dict[int, Counter[str]]:
    rows = (
        Scene.objects.filter(project__in=projects)
        .values_list("project", "progress__state")
        .annotate(count=Count("pk"))
        .order_by()
    )
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for project, state, count in rows:
        found[project][state or "waiting"] += count
    return found


def _findings(projects: list[int]) -> dict[int, Counter[str]]:
    rows = (
        Finding.objects.filter(scene__project__in=projects, state=Finding.State.OPEN)
        .values_list("scene__project", "severity", "blocking")
        .annotate(count=Count("pk"))
        .order_by()
    )
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for project, severity, blocking, count in rows:
        found[project][severity] += count
        if blocking:
            found[project]["blocking"] += count
    return found


def _queues(projects: list[int]) -> dict[int, dict[str, Queue]]:
    is_open, is_leased = Q(state=Task.State.OPEN), Q(state=Task.State.LEASED)
    rows = (
        Task.objects.filter(project__in=projects, state__in=[Task.State.OPEN, Task.State.LEASED])
        .values_list("project", "kind")
        .annotate(
            waiting=Count("pk", filter=is_open & Q(reserved_for__isnull=True)),
            kept=Count("pk", filter=is_open & Q(reserved_for__isnull=False)),
            leased=Count("pk", filter=is_leased),
            expired=Count("pk", filter=is_leased & Q(lease_expires_at__lt=timezone.now())),
        )
        .order_by()
    )
    found: dict[int, dict[str, Queue]] = defaultdict(dict)
    for project, kind, waiting, kept, leased, expired in rows:
        found[project][kind] = Queue(waiting=waiting, kept=kept, leased=leased, expired=expired)
    return found


def _ends(projects: list[int]) -> dict[int, dict[str, Counter[date]]]:
    kinds = (TaskEvent.Kind.SUBMITTED, TaskEvent.Kind.ACCEPTED, TaskEvent.Kind.RETURNED)
    rows = (
        TaskEvent.objects.filter(
            task__project__in=projects, kind__in=kinds, happened_at__gte=start_of_window()
        )
        .annotate(day=TruncDate("happened_at"))
        .values_list("task__project", "kind", "day")
        .annotate(count=Count("pk"))
        .order_by()
    )
    found: dict[int, dict[str, Counter[date]]] = defaultdict(lambda: defaultdict(Counter))
    for project, kind, day, count in rows:
        found[project][kind][day] += count
    return found


def _in_work(projects: list[int]) -> dict[int, list[InWork]]:
    tasks = (
        Task.objects.filter(project__in=projects, state=Task.State.LEASED)
        .select_related("assignee", "scene")
        .order_by("leased_at", "pk")
    )
    found: dict[int, list[InWork]] = defaultdict(list)
    for task in tasks:
        if task.assignee is not None:
            found[task.project_id].append(
                InWork(
                    task_id=task.pk,
                    kind=task.kind,
                    scene_id=task.scene_id,
                    scene_name=task.scene.name,
                    person_id=task.assignee.pk,
                    person_name=task.assignee.name,
                    leased_at=task.leased_at,
                    expires_at=task.lease_expires_at,
                )
            )
    return found
