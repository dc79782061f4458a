"""What the pages of one project show."""

from dataclasses import dataclass, field

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from apps.accounts.models import User
from apps.annotation.models import LabelledObject
from apps.guidelines.document import AttributeDefinition, LabelClass
from apps.guidelines.models import GuidelineVersion
from apps.guidelines.selectors import document_of
from apps.operations.models import Task, TaskEvent
from apps.projects.access import PERMISSIONS
from apps.projects.models import (
    Project,
    ProjectGroupObjectPermission,
    ProjectUserObjectPermission,
)
from apps.quality.models import Finding
from apps.scenes.models import Scene

RECENT = 12
STAFF_PERMISSIONS = frozenset({"label_project", "review_project", "manage_project"})


def held_permissions(person: User, project: Project) -> frozenset[str]:
    """What a person may do in a project; two short queries."""
    if person.is_superuser:
        return frozenset(name for held in PERMISSIONS.values() for name in held)
    own = ProjectUserObjectPermission.objects.filter(user=person, content_object=project)
    shared = ProjectGroupObjectPermission.objects.filter(
        group__user=person, content_object=project
    )
    names = "permission__codename"
    return frozenset([*own.values_list(names, flat=True), *shared.values_list(names, flat=True)])


def recent_events(project: Project) -> list[TaskEvent]:
    """The last things that happened to the project's tasks."""
    return list(
        TaskEvent.objects.filter(task__project=project)
        .select_related("task", "task__scene", "person", "by")
        .order_by("-pk")[:RECENT]
    )


def scene_rows(project: Project, *, text: str = "", state: str = "") -> QuerySet[Scene]:
    """The project's scenes with their state, objects and open findings."""
    rows = project.scenes.select_related("progress")
    if text:
        rows = rows.filter(name__icontains=text)
    if state == "waiting":
        rows = rows.filter(progress=None)
    elif state:
        rows = rows.filter(progress__state=state)
    return rows.annotate(
        object_count=_number(LabelledObject.objects.filter(scene=OuterRef("pk")), "scene"),
        open_findings=_number(
            Finding.objects.filter(scene=OuterRef("pk"), state=Finding.State.OPEN), "scene"
        ),
        in_work=Exists(Task.objects.filter(scene=OuterRef("pk"), state=Task.State.LEASED)),
    ).order_by("name", "pk")


def _number(rows: QuerySet[LabelledObject] | QuerySet[Finding], by: str) -> Coalesce:
    counted = rows.order_by().values(by).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))


def people_rows(project: Project) -> QuerySet[User]:
    """People with a role of their own in the project, and what they have in work."""
    holders = ProjectUserObjectPermission.objects.filter(content_object=project)
    of_project = Q(assigned_tasks__project=project)

    def holds(permission: str) -> Exists:
        return Exists(holders.filter(user=OuterRef("pk"), permission__codename=permission))

    return (
        User.objects.filter(is_active=True, pk__in=holders.values("user"))
        .select_related("availability")
        .prefetch_related("team_memberships__team", "qualifications")
        .annotate(
            labels=holds("label_project"),
            reviews=holds("review_project"),
            manages=holds("manage_project"),
            orders=holds("order_project"),
            in_work=Count(
                "assigned_tasks", filter=of_project & Q(assigned_tasks__state=Task.State.LEASED)
            ),
            done=Count(
                "assigned_tasks", filter=of_project & Q(assigned_tasks__state=Task.State.DONE)
            ),
        )
        .order_by("display_name", "email")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingFilter:
    """What a list of findings is narrowed to."""

    state: str = ""
    severity: str = ""
    check: str = ""


def finding_rows(project: Project, said: FindingFilter) -> QuerySet[Finding]:
    """The project's findings, the worst first."""
    rows = Finding.objects.filter(scene__project=project).select_related(
        "scene", "sensor", "author", "waived_by"
    )
    state = said.state if said.state in Finding.State.values else Finding.State.OPEN
    rows = rows.filter(state=state)
    if said.severity in Finding.Severity.values:
        rows = rows.filter(severity=said.severity)
    if said.check:
        rows = rows.filter(check_id=said.check)
    return rows.order_by("-blocking", "severity", "-pk")


def findings_by_check(project: Project) -> list[dict[str, object]]:
    """How many open and waived findings each check has in the project."""
    rows = (
        Finding.objects.filter(scene__project=project)
        .exclude(state=Finding.State.CLOSED)
        .values("check_id")
        .annotate(
            open=Count("pk", filter=Q(state=Finding.State.OPEN)),
            waived=Count("pk", filter=Q(state=Finding.State.WAIVED)),
            blocking=Count("pk", filter=Q(state=Finding.State.OPEN, blocking=True)),
        )
        .order_by("-open", "check_id")
    )
    return [dict(row) for row in rows]


@dataclass(frozen=True, slots=True)
class ClassRow:
    """A class as the guideline's reader shows it."""

    label_class: LabelClass
    depth: int
    attributes: list[AttributeDefinition] = field(default_factory=list)


def class_tree(version: GuidelineVersion) -> list[ClassRow]:
    """The version's classes, each below its parent."""
    document = document_of(version)
    children: dict[str | None, list[LabelClass]] = {}
    for one in document.taxonomy.classes:
        children.setdefault(one.parent, []).append(one)
    rows: list[ClassRow] = []

    def take(parent: str | None, depth: int) -> None:
        for one in children.get(parent, []):
            rows.append(ClassRow(one, depth, list(document.attributes_for(one.key))))
            take(one.key, depth + 1)

    take(None, 0)
    return rows
