"""How far projects are: scenes by state, open work and open findings, for many projects at once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Max, Q

from apps.deliveries.models import Delivery
from apps.operations.models import SceneProgress, Task, TaskEvent
from apps.projects.models import Project
from apps.quality.models import Finding
from apps.scenes.models import RecordingImport, Scene

SCENE_STATES: tuple[str, ...] = ("delivered", "accepted", "reviewing", "labelling", "waiting")
FINISHED_STATES = ("delivered", "accepted")


@dataclass(slots=True)
class Progress:
    """Where a project stands.

    Attributes:
        scenes: Number of scenes by state, from done to not begun.
    """

    scenes: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SCENE_STATES, 0))
    open_tasks: int = 0
    tasks_in_work: int = 0
    open_findings: int = 0
    blocking_findings: int = 0
    deliveries: int = 0
    running_imports: int = 0
    last_change: datetime | None = None

    @property
    def total(self) -> int:
        """All scenes."""
        return sum(self.scenes.values())

    @property
    def finished(self) -> int:
        """Scenes that passed review."""
        return sum(self.scenes[state] for state in FINISHED_STATES)


def progress_of(projects: Iterable[Project]) -> dict[int, Progress]:
    """Where each project stands; the same number of queries for one project and for fifty."""
    keys = [project.pk for project in projects]
    found = {key: Progress() for key in keys}
    _count_scenes(found)
    for key, waiting, working in (
        Task.objects.filter(project__in=keys)
        .values("project")
        .annotate(
            waiting=Count("pk", filter=Q(state=Task.State.OPEN)),
            working=Count("pk", filter=Q(state=Task.State.LEASED)),
        )
        .values_list("project", "waiting", "working")
        .order_by()
    ):
        found[key].open_tasks, found[key].tasks_in_work = waiting, working
    for key, open_findings, blocking in (
        Finding.objects.filter(scene__project__in=keys, state=Finding.State.OPEN)
        .values("scene__project")
        .annotate(number=Count("pk"), blocking=Count("pk", filter=Q(blocking=True)))
        .values_list("scene__project", "number", "blocking")
        .order_by()
    ):
        found[key].open_findings, found[key].blocking_findings = open_findings, blocking
    _count_handed_over(found)
    return found


def _count_scenes(found: dict[int, Progress]) -> None:
    for key, number in (
        Scene.objects.filter(project__in=found)
        .values("project")
        .annotate(number=Count("pk"))
        .values_list("project", "number")
        .order_by()
    ):
        found[key].scenes["waiting"] = number
    for key, state, number in (
        SceneProgress.objects.filter(project__in=found)
        .values("project", "state")
        .annotate(number=Count("pk"))
        .values_list("project", "state", "number")
        .order_by()
    ):
        found[key].scenes[state] = number
        found[key].scenes["waiting"] -= number


def _count_handed_over(found: dict[int, Progress]) -> None:
    for key, number in (
        Delivery.objects.filter(project__in=found, state=Delivery.State.READY)
        .values("project")
        .annotate(number=Count("pk"))
        .values_list("project", "number")
        .order_by()
    ):
        found[key].deliveries = number
    for key, number in (
        RecordingImport.objects.filter(
            project__in=found,
            state__in=[RecordingImport.State.QUEUED, RecordingImport.State.RUNNING],
        )
        .values("project")
        .annotate(number=Count("pk"))
        .values_list("project", "number")
        .order_by()
    ):
        found[key].running_imports = number
    for key, moment in (
        TaskEvent.objects.filter(task__project__in=found)
        .values("task__project")
        .annotate(moment=Max("happened_at"))
        .values_list("task__project", "moment")
        .order_by()
    ):
        found[key].last_change = moment
