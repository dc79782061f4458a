"""Tasks as the pages list them, with what a person needs to judge them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from apps.accounts.models import User
from apps.operations.models import Contribution, Task, TaskEvent
from apps.operations.selectors.reasons import why_no_task
from apps.operations.selectors.tasks import workable_projects
from apps.projects.access import projects_with
from apps.quality.models import Finding

WEEK = timedelta(days=7)


def _open_findings(**conditions: object) -> Coalesce:
    return Coalesce(
        Subquery(
            Finding.objects.filter(scene=OuterRef("scene"), state=Finding.State.OPEN, **conditions)
            .order_by()
            .values("scene")
            .annotate(number=Count("pk"))
            .values("number"),
            output_field=IntegerField(),
        ),
        Value(0),
    )


def with_findings(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """Tasks with their scene, people and open findings, in one query."""
    return tasks.select_related("project", "scene", "assignee", "author", "reserved_for").annotate(
        open_findings=_open_findings(), blocking_findings=_open_findings(blocking=True)
    )


def managed_tasks(person: User) -> QuerySet[Task]:
    """Tasks of the projects that a person steers."""
    return Task.objects.filter(project__in=projects_with(person, "manage_project"))


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFilter:
    """What a list of tasks is narrowed to; empty means all."""

    project: str = ""
    kind: str = ""
    state: str = ""
    who: str = ""
    text: str = ""

    def narrow(self, tasks: QuerySet[Task]) -> QuerySet[Task]:
        """Those tasks that it lets through."""
        if self.project:
            tasks = tasks.filter(project__slug=self.project)
        if self.kind in Task.Kind.values:
            tasks = tasks.filter(kind=self.kind)
        if self.state == "living" or (not self.state and not self.text):
            tasks = tasks.filter(state__in=[Task.State.OPEN, Task.State.LEASED])
        elif self.state in Task.State.values:
            tasks = tasks.filter(state=self.state)
        if self.who == "nobody":
            tasks = tasks.filter(assignee=None, reserved_for=None)
        elif self.who.isdecimal():
            tasks = tasks.filter(Q(assignee=self.who) | Q(reserved_for=self.who))
        if self.text:
            tasks = tasks.filter(scene__name__icontains=self.text)
        return tasks


def held_tasks(person: User, kind: str) -> QuerySet[Task]:
    """Tasks that a person has in work."""
    return with_findings(
        Task.objects.filter(assignee=person, state=Task.State.LEASED, kind=kind)
    ).order_by("lease_expires_at")


def reserved_tasks(person: User, kind: str) -> QuerySet[Task]:
    """Open tasks that wait for this person: returned ones first, then the assigned ones."""
    waiting = Task.objects.filter(
        Q(reserved_until=None) | Q(reserved_until__gt=timezone.now()),
        reserved_for=person,
        state=Task.State.OPEN,
        kind=kind,
    )
    return with_findings(waiting).order_by("-round", "-priority", F("due_on").asc(nulls_last=True))


@dataclass(frozen=True, slots=True)
class Returned:
    """What a reviewer said when the scene came back."""

    note: str
    by: User | None
    at: datetime
    comments: list[Finding]


def last_returns(tasks: list[Task]) -> dict[int, Returned]:
    """For each task of a second or later round, what the reviewer said; two queries."""
    scenes = [task.scene_id for task in tasks if task.round > 1]
    events = (
        TaskEvent.objects.filter(task__scene__in=scenes, kind=TaskEvent.Kind.RETURNED)
        .select_related("person", "task")
        .order_by("pk")
    )
    comments: dict[int, list[Finding]] = {}
    for finding in (
        Finding.objects.filter(
            scene__in=scenes, source=Finding.Source.PERSON, state=Finding.State.OPEN
        )
        .select_related("author", "sensor")
        .order_by("pk")
    ):
        comments.setdefault(finding.scene_id, []).append(finding)
    return {
        event.task.scene_id: Returned(
            event.note, event.person, event.happened_at, comments.get(event.task.scene_id, [])
        )
        for event in events
    }


@dataclass(frozen=True, slots=True)
class Yield:
    """A person's own record.

    Attributes:
        first_pass: Of the scenes that were judged, the share accepted without a return; None
            where nothing was judged yet.
    """

    submitted: int
    submitted_this_week: int
    judged: int
    first_pass: float | None


def own_yield(person: User) -> Yield:
    """How much a person labelled, and how much of it passed the first review."""
    submitted = Task.objects.filter(
        assignee=person, kind=Task.Kind.LABEL, state=Task.State.DONE, outcome="submitted"
    )
    counts = submitted.aggregate(
        all=Count("pk"), week=Count("pk", filter=Q(done_at__gte=timezone.now() - WEEK))
    )
    first_reviews = Task.objects.filter(
        author=person, kind=Task.Kind.REVIEW, round=1, state=Task.State.DONE
    )
    judged = first_reviews.aggregate(
        all=Count("pk"), passed=Count("pk", filter=Q(outcome=Task.Outcome.ACCEPTED))
    )
    share = judged["passed"] / judged["all"] if judged["all"] else None
    return Yield(counts["all"], counts["week"], judged["all"], share)


def own_history(person: User) -> QuerySet[Task]:
    """Tasks that a person handed in, newest first, and how they were judged."""
    verdict = Task.objects.filter(
        scene=OuterRef("scene"), kind=Task.Kind.REVIEW, round=OuterRef("round")
    ).order_by("-pk")
    return (
        Task.objects.filter(assignee=person, state=Task.State.DONE)
        .select_related("project", "scene", "author")
        .annotate(verdict=Subquery(verdict.values("outcome")[:1]))
        .order_by("-done_at", "-pk")
    )


@dataclass(frozen=True, slots=True)
class Why:
    """Why a person gets no task, or how many there are for them."""

    waiting: int
    sentence: str


def _open_to(person: User, kind: str) -> QuerySet[Task]:
    """Open tasks of a kind that a person may take, kept for nobody else."""
    free = Q(reserved_for=None) | Q(reserved_for=person) | Q(reserved_until__lte=timezone.now())
    tasks = Task.objects.filter(
        free, project__in=workable_projects(person, kind), kind=kind, state=Task.State.OPEN
    )
    if kind == Task.Kind.REVIEW:
        hand = Contribution.objects.filter(scene=OuterRef("scene"), person=person)
        elsewhere = hand.exclude(task=OuterRef("pk"))
        tasks = tasks.exclude(author=person).exclude(Exists(elsewhere))
    return tasks


def why_nothing(person: User, kind: str) -> Why:
    """Count what a person could take, and where it is nothing, say why in one sentence."""
    waiting = _open_to(person, kind).count()
    return Why(waiting, "" if waiting else why_no_task(person, kind=kind))


@dataclass(frozen=True, slots=True)
class Weighs:
    """What there is to weigh up in a scene: why it stands where it stands in the queue."""

    waived_blockers: int = 0
    errors: int = 0
    warnings: int = 0
    waivers: int = 0


def what_weighs(tasks: Iterable[Task]) -> dict[int, Weighs]:
    """Why reviews stand where they stand, by task; one query for any number."""
    chosen = list(tasks)
    is_open, is_waived = Q(state=Finding.State.OPEN), Q(state=Finding.State.WAIVED)
    rows = (
        Finding.objects.filter(scene__in={task.scene_id for task in chosen})
        .order_by()
        .values("scene")
        .annotate(
            waived_blockers=Count("pk", filter=is_waived & Q(waiver_is_flagged=True)),
            errors=Count("pk", filter=is_open & Q(severity=Finding.Severity.ERROR)),
            warnings=Count("pk", filter=is_open & Q(severity=Finding.Severity.WARNING)),
            waivers=Count("pk", filter=is_waived & Q(waiver_is_flagged=False)),
        )
    )
    found = {
        row["scene"]: Weighs(
            row["waived_blockers"], row["errors"], row["warnings"], row["waivers"]
        )
        for row in rows
    }
    return {task.pk: found.get(task.scene_id, Weighs()) for task in chosen}


def review_queue(person: User) -> QuerySet[Task]:
    """Reviews that a person may take, by what needs judgement most, not by age."""
    kept_first = Case(When(reserved_for=person, then=Value(0)), default=Value(1))
    return with_findings(_open_to(person, Task.Kind.REVIEW)).order_by(
        kept_first, "-priority", F("due_on").asc(nulls_last=True), "pk"
    )
