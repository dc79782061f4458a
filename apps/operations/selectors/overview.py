"""The whole house in numbers, for those who run it."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone

from apps.core.models import JobRun
from apps.operations.models import SceneProgress, Task
from apps.projects.models import Project
from apps.quality.models import Finding
from apps.scenes.models import Scene

MOST_PROJECTS = 25
MOST_RUNS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Counts over all clients.

    Attributes:
        failed_runs: Background runs that failed in the last day.
        living_runs: Background runs that run, or wait to.
    """

    active_projects: int
    ordered_projects: int
    scenes: int
    accepted_scenes: int
    open_tasks: int
    open_reviews: int
    leased_tasks: int
    expired_tasks: int
    open_findings: int
    blocking_findings: int
    failed_runs: int
    living_runs: int


def overview() -> Overview:
    """Count; six queries."""
    now = timezone.now()
    is_open, is_leased = Q(state=Task.State.OPEN), Q(state=Task.State.LEASED)
    states = SceneProgress.State
    return Overview(
        **Project.objects.aggregate(
            active_projects=Count("pk", filter=Q(state=Project.State.ACTIVE)),
            ordered_projects=Count("pk", filter=Q(state=Project.State.ORDERED)),
        ),
        scenes=Scene.objects.count(),
        accepted_scenes=SceneProgress.objects.filter(
            state__in=[states.ACCEPTED, states.DELIVERED]
        ).count(),
        **Task.objects.filter(is_open | is_leased).aggregate(
            open_tasks=Count("pk", filter=is_open),
            open_reviews=Count("pk", filter=is_open & Q(kind=Task.Kind.REVIEW)),
            leased_tasks=Count("pk", filter=is_leased),
            expired_tasks=Count("pk", filter=is_leased & Q(lease_expires_at__lt=now)),
        ),
        **Finding.objects.filter(state=Finding.State.OPEN).aggregate(
            open_findings=Count("pk"),
            blocking_findings=Count("pk", filter=Q(blocking=True)),
        ),
        **JobRun.objects.aggregate(
            failed_runs=Count(
                "pk",
                filter=Q(state=JobRun.State.FAILED, finished_at__gte=now - timedelta(days=1)),
            ),
            living_runs=Count(
                "pk", filter=Q(state__in=[JobRun.State.QUEUED, JobRun.State.RUNNING])
            ),
        ),
    )


def projects_in_work() -> QuerySet[Project]:
    """The projects to look at first: in production, then ordered, then paused; nearest due first."""
    states = Project.State
    rank = Case(
        When(state=states.ACTIVE, then=Value(0)),
        When(state=states.ORDERED, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return (
        Project.objects.filter(state__in=[states.ACTIVE, states.ORDERED, states.PAUSED])
        .select_related("client")
        .order_by(rank, "due_on", "-pk")[:MOST_PROJECTS]
    )


def recent_runs() -> QuerySet[JobRun]:
    """The newest background runs."""
    return JobRun.objects.select_related("created_by").order_by("-pk")[:MOST_RUNS]
