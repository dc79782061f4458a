"""What a workforce manager sees at a glance: work that waits, people who could do it, trouble."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import (
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from apps.accounts.models import User
from apps.operations.models import Task
from apps.portal.selectors.tasks import managed_tasks
from apps.projects.access import projects_with
from apps.projects.models import (
    Project,
    ProjectGroupObjectPermission,
    ProjectUserObjectPermission,
)
from apps.quality.models import Finding
from apps.workforce.selectors import roster

WEEK = timedelta(days=7)
WORK_PERMISSIONS = ("label_project", "review_project")


@dataclass(frozen=True, slots=True)
class BoardFigures:
    """The board's first line."""

    to_label: int
    to_review: int
    returned: int
    in_work: int
    done_this_week: int
    open_findings: int
    blocking_findings: int


def board_figures(person: User) -> BoardFigures:
    """Count what waits, runs and went wrong in the projects that a person steers; two queries."""
    waiting = Q(state=Task.State.OPEN)
    tasks = managed_tasks(person).aggregate(
        to_label=Count("pk", filter=waiting & Q(kind=Task.Kind.LABEL)),
        to_review=Count("pk", filter=waiting & Q(kind=Task.Kind.REVIEW)),
        returned=Count("pk", filter=waiting & Q(kind=Task.Kind.LABEL, round__gt=1)),
        in_work=Count("pk", filter=Q(state=Task.State.LEASED)),
        done_this_week=Count(
            "pk", filter=Q(state=Task.State.DONE, done_at__gte=timezone.now() - WEEK)
        ),
    )
    findings = Finding.objects.filter(
        scene__project__in=projects_with(person, "manage_project"), state=Finding.State.OPEN
    ).aggregate(open_findings=Count("pk"), blocking_findings=Count("pk", filter=Q(blocking=True)))
    return BoardFigures(**tasks, **findings)


def steered_projects(person: User) -> QuerySet[Project]:
    """Projects of a manager that are not closed, the most urgent first."""
    return (
        projects_with(person, "manage_project")
        .exclude(state__in=[Project.State.CLOSED, Project.State.DRAFT])
        .select_related("client")
        .order_by(F("due_on").asc(nulls_last=True), "pk")
    )


def workers_of(projects: QuerySet[Project]) -> QuerySet[User]:
    """People who may label or review in any of some projects, and what they have in work there."""
    people = on_their_hands(User.objects.filter(is_active=True), projects=projects)
    return people.filter(Q(labels=True) | Q(reviews=True))


def on_their_hands(people: QuerySet[User], *, projects: QuerySet[Project]) -> QuerySet[User]:
    """People with what they may do in some projects, have in work there, and did this week."""
    own = ProjectUserObjectPermission.objects.filter(
        content_object__in=projects, permission__codename__in=WORK_PERMISSIONS
    )
    shared = ProjectGroupObjectPermission.objects.filter(
        content_object__in=projects, permission__codename__in=WORK_PERMISSIONS
    )

    def may_do(permission: str) -> Q:
        held = Q(permission__codename=permission, user=OuterRef("pk"))
        through = Q(permission__codename=permission, group__user=OuterRef("pk"))
        return Q(Exists(own.filter(held))) | Q(Exists(shared.filter(through)))

    mine = Task.objects.filter(project__in=projects, assignee=OuterRef("pk"))
    this_week = mine.filter(state=Task.State.DONE, done_at__gte=timezone.now() - WEEK)
    held_now = Task.objects.filter(state=Task.State.LEASED, project__in=projects)
    return (
        roster(people)
        .annotate(
            labels=may_do("label_project"),
            reviews=may_do("review_project"),
            in_work=_number(mine.filter(state=Task.State.LEASED)),
            done_this_week=_number(this_week),
        )
        .prefetch_related(
            Prefetch(
                "assigned_tasks",
                queryset=held_now.select_related("scene", "project"),
                to_attr="held_here",
            )
        )
        .order_by("display_name", "email", "pk")
    )


def _number(tasks: QuerySet[Task]) -> Coalesce:
    counted = tasks.order_by().values("assignee").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))
