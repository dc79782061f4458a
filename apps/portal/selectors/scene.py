"""What the pages of one scene show."""

from dataclasses import dataclass

from django.db.models import Count, Min, QuerySet, Sum

from apps.annotation.models import ChangeSet, LabelledObject
from apps.guidelines.selectors import document_of, version_in_force
from apps.operations.models import Task
from apps.quality.models import Finding
from apps.scenes.links import asset_link, link_expiry
from apps.scenes.models import Calibration, Capture, Scene, Sensor

SHOWN_FINDINGS = 6


def sensors_of(scene: Scene) -> QuerySet[Sensor]:
    """The scene's sensors with the number of their captures and points."""
    return scene.sensors.annotate(
        capture_count=Count("captures"), point_sum=Sum("captures__point_count")
    ).order_by("position", "key")


def calibrations_of(scene: Scene) -> dict[int, list[Calibration]]:
    """All versions of each sensor's calibration, newest first."""
    found: dict[int, list[Calibration]] = {}
    for one in Calibration.objects.filter(sensor__scene=scene).order_by("sensor", "-version"):
        found.setdefault(one.sensor_id, []).append(one)
    return found


@dataclass(frozen=True, slots=True)
class Preview:
    """A small picture of what a sensor saw first."""

    label: str
    href: str
    size: str


def first_previews(scene: Scene) -> list[Preview]:
    """One picture of each sensor that has any: that of its first capture; two queries."""
    first = (
        Capture.objects.filter(sensor__scene=scene, preview__isnull=False)
        .values("sensor")
        .annotate(first=Min("pk"))
        .values_list("first", flat=True)
        .order_by()
    )
    captures = (
        Capture.objects.filter(pk__in=list(first))
        .select_related("sensor", "preview")
        .order_by("sensor__position", "sensor__key")
    )
    until = link_expiry()
    return [
        Preview(
            label=one.sensor.label,
            href=asset_link(one.preview.sha256, one.preview.extension, until=until),
            size=f"{one.width_px} \N{MULTIPLICATION SIGN} {one.height_px} px"
            if one.width_px
            else "",
        )
        for one in captures
        if one.preview is not None
    ]


@dataclass(frozen=True, slots=True)
class ClassCount:
    """How many objects of a class the scene has."""

    label: str
    color: str
    number: int


def class_counts(scene: Scene) -> list[ClassCount]:
    """Objects by class, the most frequent first, in the guideline's words and colours."""
    counted = (
        LabelledObject.objects.filter(scene=scene)
        .values_list("class_key")
        .annotate(number=Count("pk"))
        .order_by("-number", "class_key")
    )
    version = version_in_force(scene.project_id)
    known = {one.key: one for one in document_of(version).taxonomy.classes} if version else {}
    return [
        ClassCount(known[key].label, known[key].color, number)
        if key in known
        else ClassCount(key, "#808080", number)
        for key, number in counted
    ]


def journal_rows(scene: Scene) -> QuerySet[ChangeSet]:
    """The scene's saved gestures, newest first, without their operations."""
    return (
        ChangeSet.objects.filter(scene=scene)
        .select_related("author", "guideline_version")
        .defer("ops_text")
        .order_by("-version")
    )


def open_findings_of(scene: Scene) -> list[Finding]:
    """The worst open findings of a scene."""
    return list(
        scene.findings.filter(state=Finding.State.OPEN)
        .select_related("sensor", "author")
        .order_by("-blocking", "severity", "pk")[:SHOWN_FINDINGS]
    )


def latest_accepted(scene: Scene) -> Task | None:
    """The task through which whoever sees an accepted scene may look at its labels."""
    accepted = Task.objects.filter(scene=scene, outcome=Task.Outcome.ACCEPTED)
    return accepted.order_by("-pk").first()
