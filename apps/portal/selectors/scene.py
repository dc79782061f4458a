"""What the pages of one scene show."""

from dataclasses import dataclass

from django.db.models import Count, Min, QuerySet, Sum

from apps.annotation.models import ChangeSet, LabelledObject
from apps.guidelines.selectors import document_of, version_in_force
from apps.quality.models import Finding
from apps.scenes.models import Calibration, Capture, Scene, Sensor

SHOWN_FINDINGS = 6


def sensors_of(scene: Scene) -> QuerySet[Sensor]:
    """The scene's sensors with the number of their captures and points."""
    return scene.sensors.annotate(
        capture_count=Count("captures"), point_sum=Sum("captures__point_count")
    ).order_by("position", "key")


def calibrations_of(scene: Scene) -> list[Calibration]:
    """All versions of the sensors' calibrations, newest first."""
    return list(
        Calibration.objects.filter(sensor__scene=scene)
        .select_related("sensor")
        .order_by("sensor__position", "sensor__key", "-version")
    )


def first_previews(scene: Scene) -> list[Capture]:
    """One picture of each sensor that has any: that of its first capture."""
    first = (
        Capture.objects.filter(sensor__scene=scene, preview__isnull=False)
        .values("sensor")
        .annotate(first=Min("pk"))
        .values("first")
        .order_by()
    )
    return list(
        Capture.objects.filter(pk__in=first)
        .select_related("sensor", "preview")
        .order_by("sensor__position", "sensor__key")
    )


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
