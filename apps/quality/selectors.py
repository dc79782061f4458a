"""What is wrong or uncertain, as read: findings, residuals, counts, and who needs a reviewer first."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Sum, Value, When

from apps.projects.models import Project
from apps.quality.models import Finding, Residual
from apps.scenes.models import Scene

LIVING = (Finding.State.OPEN, Finding.State.WAIVED)
WORST_FIRST = Case(
    When(severity=Finding.Severity.ERROR, then=Value(0)),
    When(severity=Finding.Severity.WARNING, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


def living_findings(scene: Scene | int) -> QuerySet[Finding]:
    """Findings that are open or waived, blocking and bad ones first, with all that a list shows of them."""
    return (
        Finding.objects.filter(scene=scene, state__in=LIVING)
        .select_related("sensor", "author")
        .order_by("-blocking", WORST_FIRST, "pk")
    )


def open_findings(scene: Scene | int) -> QuerySet[Finding]:
    """Findings that nobody has answered for."""
    return living_findings(scene).filter(state=Finding.State.OPEN)


def blocking_findings(scene: Scene | int) -> QuerySet[Finding]:
    """Findings that stop the scene from being handed in or accepted."""
    return open_findings(scene).filter(blocking=True)


def flagged_waivers(scene: Scene | int) -> QuerySet[Finding]:
    """Blocking findings that the annotator waived: the reviewer looks at each."""
    return living_findings(scene).filter(state=Finding.State.WAIVED, waiver_is_flagged=True)


def findings_on(scene: Scene | int, object_ids: Iterable[UUID]) -> QuerySet[Finding]:
    """Living findings that are about some objects, alone or with another."""
    ids = list(object_ids)
    return living_findings(scene).filter(Q(object_id__in=ids) | Q(other_object_id__in=ids))


def finding_counts(scene: Scene | int) -> tuple[int, int]:
    """How many findings are open, and how many of these block."""
    row = Finding.objects.filter(scene=scene, state=Finding.State.OPEN).aggregate(
        all=Count("pk"), blocking=Count("pk", filter=Q(blocking=True))
    )
    return row["all"], row["blocking"]


def counts_by_scene(scenes: Iterable[Scene | int]) -> dict[int, dict[str, int]]:
    """Open, blocking and waived findings of many scenes in one query; scenes without any are left out."""
    ids = [scene.pk if isinstance(scene, Scene) else scene for scene in scenes]
    return _counts(Finding.objects.filter(scene__in=ids), "scene_id")


def counts_by_project(projects: Iterable[Project | int]) -> dict[int, dict[str, int]]:
    """Open, blocking and waived findings of many projects in one query; projects without any are left out."""
    ids = [project.pk if isinstance(project, Project) else project for project in projects]
    return _counts(Finding.objects.filter(scene__project__in=ids), "scene__project_id")


# What a reviewer has to weigh up, in parts of what a waived blocker asks of them.
JUDGEMENT = Case(
    When(state=Finding.State.WAIVED, waiver_is_flagged=True, then=Value(100)),
    When(state=Finding.State.WAIVED, then=Value(10)),
    When(severity=Finding.Severity.ERROR, then=Value(40)),
    When(severity=Finding.Severity.WARNING, then=Value(10)),
    default=Value(1),
    output_field=IntegerField(),
)


def needs_judgement(scenes: Iterable[Scene | int]) -> dict[int, int]:
    """How much of many scenes a reviewer has to weigh up, in one query; 0 where nothing is uncertain.

    A blocking finding that the annotator waived weighs most, as somebody's word stands against a
    rule; then open errors, warnings and other waivers; hints hardly.
    """
    ids = [scene.pk if isinstance(scene, Scene) else scene for scene in scenes]
    rows = (
        Finding.objects.filter(scene__in=ids, state__in=LIVING)
        .order_by()
        .values_list("scene_id")
        .annotate(weight=Sum(JUDGEMENT))
    )
    return dict.fromkeys(ids, 0) | dict(rows)


def residuals_of(scene: Scene | int) -> list[dict[str, Any]]:
    """Everything measured in a scene, as the wire has it; one query."""
    rows = Residual.objects.filter(labelled_object__scene=scene).select_related("sensor")
    return [residual_json(row) for row in rows.order_by("labelled_object", "at_ns", "sensor")]


def delta_since(
    scene: Scene | int, object_ids: Iterable[UUID], *, version: int
) -> tuple[list[Finding], list[int], list[Residual]]:
    """What the checks say of some objects now, for whoever saw them at a version last.

    Returns:
        Their living findings, the ids of those closed since, and what was measured of them.
    """
    ids = list(object_ids)
    closed = Finding.objects.filter(
        scene=scene, object_id__in=ids, closed_in_version__gt=version
    ).values_list("pk", flat=True)
    residuals = Residual.objects.filter(labelled_object__in=ids).select_related("sensor")
    return list(findings_on(scene, ids)), list(closed), list(residuals)


def finding_json(row: Finding) -> dict[str, Any]:
    """A finding as the wire has it."""
    return {
        "id": row.pk,
        "check": row.check_id,
        "severity": row.severity,
        "blocking": row.blocking,
        "state": row.state,
        "source": row.source,
        "object_id": None if row.object_id is None else str(row.object_id),
        "sensor_key": None if row.sensor is None else row.sensor.key,
        "at_ns": row.at_ns,
        "message": row.message,
        "measured": row.measured,
        "threshold": row.threshold,
        "unit": row.unit,
        "clause": row.clause,
        "fixes": row.fixes,
        "anchor": row.anchor,
        "waiver_reason": row.waiver_reason,
        "waiver_is_flagged": row.waiver_is_flagged,
        "author_name": "" if row.author is None else row.author.name,
        "created_at": row.created_at.isoformat(),
    }


def residual_json(row: Residual) -> dict[str, Any]:
    """What was measured of one observation, as the wire has it."""
    edges = (row.left_px, row.top_px, row.right_px, row.bottom_px)
    return {
        "object_id": str(row.labelled_object_id),
        "sensor_key": row.sensor.key,
        "at_ns": row.at_ns,
        "edges_px": None if None in edges else list(edges),
        "iou": row.iou,
        "center_ratio": row.center_ratio,
        "points_inside": row.points_inside,
        "points_outside": row.points_outside,
        "ground_gap_m": row.ground_gap_m,
        "calibration_id": row.calibration_id,
    }


def _counts(findings: QuerySet[Finding], by: str) -> dict[int, dict[str, int]]:
    rows = (
        findings.filter(state__in=LIVING)
        .order_by()
        .values_list(by)
        .annotate(
            open=Count("pk", filter=Q(state=Finding.State.OPEN)),
            blocking=Count("pk", filter=Q(state=Finding.State.OPEN, blocking=True)),
            waived=Count("pk", filter=Q(state=Finding.State.WAIVED)),
        )
    )
    return {
        key: {"open": opened, "blocking": blocking, "waived": waived}
        for key, opened, blocking, waived in rows
    }
