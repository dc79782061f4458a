"""Brings stored findings and residuals to what a run of the checks found."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from apps.quality.checks.context import Context
from apps.quality.checks.raised import Raised
from apps.quality.checks.run import OF_THE_TRACK
from apps.quality.models import Finding, FindingEvent, Residual
from apps.quality.selectors import finding_json, residual_json
from apps.scenes.models import Sensor

MOVED = 0.2
"""A waiver holds until the measured number has moved by more than this share of what was waived."""

COLUMNS = (
    *("severity", "blocking", "state", "message", "measured", "threshold", "unit", "clause"),
    *("fixes", "at_ns", "waiver_reason", "waived_measured", "waived_by", "waiver_is_flagged"),
    *("closed_in_version", "updated_at"),
)
BATCH = 500


@dataclass(slots=True)
class Delta:
    """What a run changed.

    Attributes:
        opened: Findings that were not there before.
        updated: Findings that say something else now.
        closed: Those whose cause is gone.
        residuals: What was measured.
        is_partial: Whether frames were left out whose points were not in memory.
    """

    opened: list[Finding] = field(default_factory=list)
    updated: list[Finding] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    residuals: list[Residual] = field(default_factory=list)
    is_partial: bool = False

    @property
    def changes_findings(self) -> bool:
        """Whether anybody has to hear of it."""
        return bool(self.opened or self.updated or self.closed)

    def json(self) -> dict[str, Any]:
        """Findings and residuals as the wire has them."""
        return {
            "findings": {
                "opened": [finding_json(row) for row in self.opened],
                "updated": [finding_json(row) for row in self.updated],
                "closed": self.closed,
            },
            "residuals": [residual_json(row) for row in self.residuals],
        }


def reconcile(
    context: Context, living: list[Finding], *, version: int, recast: frozenset[UUID] = frozenset()
) -> Delta:
    """Open, change and close findings, and replace residuals; part of a larger transaction.

    Args:
        context: The run, done.
        living: Living findings on what the run was about.
        version: The scene's version that was checked.
        recast: Objects whose class changed: what an import said of their class is settled.
    """
    sensors = _sensors(context)
    delta = Delta(is_partial=bool(context.outcome.blind))
    raised = {one.cause.stable_key: one for one in context.outcome.raised}
    changed: list[Finding] = []
    for row in living:
        if row.source != Finding.Source.CHECK:
            continue
        said = raised.pop(row.stable_key, None)
        if said is not None:
            if _take_over(context, row, said):
                changed.append(row)
        elif _is_settled(context, row, recast):
            delta.closed.append(row.pk)
    new = [_row(context, one, version, sensors) for one in raised.values()]
    revived = _revive_waived(new)
    delta.opened = [row for row in new if row.stable_key not in revived]
    delta.updated = changed + [row for row in new if row.stable_key in revived]
    _write(delta, version)
    delta.residuals = _replace_residuals(context, sensors, version)
    return delta


def _write(delta: Delta, version: int) -> None:
    now = timezone.now()
    if delta.opened:
        Finding.objects.bulk_create(delta.opened, batch_size=BATCH)
    for row in delta.updated:
        row.updated_at = now
    if delta.updated:
        Finding.objects.bulk_create(
            delta.updated,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=COLUMNS,
            batch_size=BATCH,
        )
    for start in range(0, len(delta.closed), BATCH):
        Finding.objects.filter(pk__in=delta.closed[start : start + BATCH]).update(
            state=Finding.State.CLOSED, closed_in_version=version, updated_at=now
        )


def _take_over(context: Context, row: Finding, said: Raised) -> bool:
    """Let a living finding say what was found now; whether that is something else."""
    rule = context.rule(said.cause.check)
    values: dict[str, Any] = {
        "severity": said.draft.severity.value,
        "blocking": said.draft.severity.value in rule.blocks,
        "message": said.message,
        "measured": said.draft.measured,
        "threshold": said.draft.threshold,
        "unit": said.draft.unit,
        "clause": rule.clause,
        "fixes": said.fixes,
        "at_ns": said.at_ns,
    }
    if all(getattr(row, name) == value for name, value in values.items()):
        return False
    for name, value in values.items():
        setattr(row, name, value)
    if row.state == Finding.State.WAIVED and not _is_still_waived(row):
        row.state = Finding.State.OPEN
        row.waiver_reason, row.waived_by = "", None
        row.waiver_is_flagged = False
        FindingEvent.objects.create(
            finding=row, kind=FindingEvent.Kind.REOPENED, measured=row.measured
        )
    return True


def _is_still_waived(row: Finding) -> bool:
    if row.waived_measured is None or row.measured is None:
        return True
    return abs(row.measured - row.waived_measured) <= MOVED * abs(row.waived_measured)


def _is_settled(context: Context, row: Finding, recast: frozenset[UUID]) -> bool:
    """Whether the run would have found the cause again if it were still there."""
    ids = [one for one in (row.object_id, row.other_object_id) if one is not None]
    if any(one not in context.tracks for one in ids):
        return True
    if row.check_id == "link.class" and row.other_object_id is None:
        return row.object_id in recast
    if row.check_id in OF_THE_TRACK:
        return any(one in context.extents and context.extents[one].whole for one in ids)
    return row.at_ns is not None and _was_looked_at(context, row, ids, row.at_ns)


def _was_looked_at(context: Context, row: Finding, ids: list[UUID], at_ns: int) -> bool:
    frame = context.view.frame_at_one(at_ns)
    if row.stable_key in context.outcome.unknown or (row.check_id, frame) in context.outcome.blind:
        return False
    sensor_key = None if row.sensor is None else row.sensor.key
    asked = ids if row.check_id == "dup.overlap" else ids[:1]
    return any(
        one in context.extents and context.extents[one].holds(at_ns, sensor_key) for one in asked
    )


def _row(context: Context, said: Raised, version: int, sensors: Mapping[str, Sensor]) -> Finding:
    cause, draft = said.cause, said.draft
    rule = context.rule(cause.check)
    return Finding(
        scene_id=context.view.scene_id,
        object_id=cause.object_id,
        other_object_id=cause.other_id,
        sensor=None if cause.sensor_key is None else sensors[cause.sensor_key],
        at_ns=said.at_ns,
        check_id=cause.check,
        stable_key=cause.stable_key,
        severity=draft.severity.value,
        blocking=draft.severity.value in rule.blocks,
        source=Finding.Source.CHECK,
        message=said.message,
        measured=draft.measured,
        threshold=draft.threshold,
        unit=draft.unit,
        clause=rule.clause,
        fixes=said.fixes,
        opened_in_version=version,
    )


def _revive_waived(new: list[Finding]) -> set[str]:
    """A cause that was waived, went, and comes back nearly the same, is waived still.

    Returns:
        Stable keys of the findings that took the place of their earlier, waived rows.
    """
    by_key = {row.stable_key: row for row in new}
    keys = list(by_key)
    revived: set[str] = set()
    for start in range(0, len(keys), BATCH):
        waived = Finding.objects.filter(
            scene=new[0].scene_id,
            stable_key__in=keys[start : start + BATCH],
            state=Finding.State.CLOSED,
            waived_measured__isnull=False,
        )
        for old in waived.exclude(waiver_reason="").order_by("pk"):
            row = by_key[old.stable_key]
            row.waived_measured = old.waived_measured
            if not _is_still_waived(row):
                row.waived_measured = None
                continue
            revived.add(old.stable_key)
            row.pk, row.created_at = old.pk, old.created_at
            row.opened_in_version = old.opened_in_version
            row.state, row.waiver_reason = Finding.State.WAIVED, old.waiver_reason
            row.waived_by_id, row.waiver_is_flagged = old.waived_by_id, old.waiver_is_flagged
    return revived


def _replace_residuals(
    context: Context, sensors: Mapping[str, Sensor], version: int
) -> list[Residual]:
    """Put the measured numbers in the place of those that the run was about."""
    calibrations = {
        look.key: look.calibration_id
        for look in (*context.view.cameras.values(), *context.view.lidars)
    }
    rows = [
        Residual(
            labelled_object_id=object_id,
            sensor=sensors[sensor_key],
            calibration_id=calibrations[sensor_key],
            at_ns=at_ns,
            in_version=version,
            **numbers,
        )
        for (object_id, sensor_key, at_ns), numbers in context.outcome.residuals.items()
    ]
    stale = Q()
    for track in context.subjects:
        extent = context.extents[track.id]
        for low, high in extent.spans:
            stale |= Q(labelled_object=track.id, at_ns__gte=low, at_ns__lte=high)
        for sensor_key, at_ns in extent.boxes:
            sensor = sensors.get(sensor_key)
            if sensor is not None:
                stale |= Q(labelled_object=track.id, sensor=sensor, at_ns=at_ns)
    if stale:
        Residual.objects.filter(stale).delete()
    return Residual.objects.bulk_create(rows, batch_size=BATCH)


def _sensors(context: Context) -> dict[str, Sensor]:
    """The scene's sensors without asking the database: only their ids and keys are needed."""
    looks = (*context.view.cameras.values(), *context.view.lidars)
    return {
        look.key: Sensor(pk=look.sensor_id, key=look.key, scene_id=context.view.scene_id)
        for look in looks
    }
