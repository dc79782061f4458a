"""What people say to findings: waive, open again, resolve; and findings of their own."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from apps.accounts.models import User
from apps.core.errors import Conflict, Invalid, Refused
from apps.quality.checks.standards import COMMENT
from apps.quality.models import Finding, FindingEvent
from apps.quality.services.checking import announce_findings
from apps.scenes.models import Scene, Sensor

LONGEST_REASON = 500
LONGEST_MESSAGE = 2000


@transaction.atomic
def waive(finding: Finding, *, by: User, reason: str, as_reviewer: bool = False) -> Finding:
    """Let a finding stand, for a reason. Holds a lock on the finding.

    An annotator's waiver of a blocking finding is flagged: the reviewer looks at it.

    Raises:
        Invalid: If there is no reason.
        Conflict: If the finding is closed.
        Refused: If it is what a reviewer said, and the person is none.
    """
    said = _reason(reason)
    locked = _locked(finding)
    if locked.state == Finding.State.CLOSED:
        raise Conflict("This finding is closed; there is nothing to waive.")
    if locked.source == Finding.Source.PERSON and not as_reviewer:
        raise Refused("What a reviewer said is not waived: mend it and resolve it.")
    locked.state = Finding.State.WAIVED
    locked.waiver_reason, locked.waived_by = said, by
    locked.waived_measured = locked.measured
    locked.waiver_is_flagged = locked.blocking and not as_reviewer
    return _judged(locked, FindingEvent.Kind.WAIVED, by=by, reason=said)


@transaction.atomic
def reopen(finding: Finding, *, by: User, reason: str = "") -> Finding:
    """Take a waiver back, or a person's resolved finding. Holds a lock on the finding.

    Raises:
        Conflict: If it is open, or a check closed it because its cause is gone.
    """
    locked = _locked(finding)
    if locked.state == Finding.State.OPEN:
        raise Conflict("This finding is open already.")
    if locked.state == Finding.State.CLOSED and locked.source == Finding.Source.CHECK:
        raise Conflict("Its cause is gone; the check opens it again if it comes back.")
    locked.state, locked.closed_in_version = Finding.State.OPEN, None
    locked.waiver_reason, locked.waived_by, locked.waived_measured = "", None, None
    locked.waiver_is_flagged = False
    return _judged(locked, FindingEvent.Kind.REOPENED, by=by, reason=reason.strip())


@transaction.atomic
def resolve(finding: Finding, *, by: User, version: int, reason: str = "") -> Finding:
    """Say that what a person, or an import, complained of is mended. Holds a lock on the finding.

    Args:
        finding: The finding.
        by: Who says so.
        version: The scene's version in which it is mended.
        reason: What was done, if there is something to say.

    Raises:
        Conflict: If it is closed, or a check watches over its cause.
    """
    locked = _locked(finding)
    if locked.state == Finding.State.CLOSED:
        raise Conflict("This finding is closed already.")
    if locked.source == Finding.Source.CHECK and not _is_of_an_import(locked):
        raise Conflict("It closes by itself once its cause is gone; waive it to let it stand.")
    locked.state, locked.closed_in_version = Finding.State.CLOSED, version
    return _judged(locked, FindingEvent.Kind.RESOLVED, by=by, reason=reason.strip())


@transaction.atomic
def comment(
    scene: Scene,
    *,
    by: User,
    version: int,
    message: str,
    about: Mapping[str, Any],
) -> Finding:
    """Say that something is wrong, at a place in the scene.

    Args:
        scene: The scene.
        by: Who says so.
        version: The scene's version that they looked at.
        message: What is wrong, for whoever mends it.
        about: `object_id`, `sensor_key`, `at_ns`, `anchor`, `severity`, `blocking`; all may be left out.

    Raises:
        Invalid: If nothing is said, or the scene has no such sensor or object.
    """
    said = message.strip()
    if not said or len(said) > LONGEST_MESSAGE:
        raise Invalid(
            f"Say what is wrong, in up to {LONGEST_MESSAGE} characters.",
            fields={"message": "says nothing" if not said else "is too long"},
        )
    made = Finding.objects.create(
        scene=scene,
        object_id=_object(scene, about.get("object_id")),
        sensor=_sensor(scene, about.get("sensor_key")),
        at_ns=about.get("at_ns"),
        anchor=about.get("anchor"),
        check_id=COMMENT,
        stable_key=uuid.uuid4().hex,
        severity=about.get("severity", Finding.Severity.WARNING),
        blocking=about.get("blocking", False),
        source=Finding.Source.PERSON,
        message=said,
        author=by,
        opened_in_version=version,
    )
    FindingEvent.objects.create(finding=made, kind=FindingEvent.Kind.RAISED, person=by)
    announce_findings(scene)
    return made


def _judged(finding: Finding, kind: FindingEvent.Kind, *, by: User, reason: str) -> Finding:
    finding.save()
    FindingEvent.objects.create(
        finding=finding,
        kind=kind,
        person=by,
        reason=reason[:LONGEST_REASON],
        measured=finding.measured,
    )
    announce_findings(finding.scene)
    return finding


def _locked(finding: Finding) -> Finding:
    return (
        Finding.objects.select_for_update(of=("self",))
        .select_related("scene", "sensor", "author")
        .get(pk=finding.pk)
    )


def _reason(reason: str) -> str:
    said = reason.strip()
    if not said or len(said) > LONGEST_REASON:
        raise Invalid(
            f"A waiver needs a reason, in up to {LONGEST_REASON} characters.",
            fields={"reason": "is missing" if not said else "is too long"},
        )
    return said


def _is_of_an_import(finding: Finding) -> bool:
    """What an import had to decide about a class is nobody's to measure again."""
    return finding.check_id == "link.class" and finding.other_object_id is None


def _sensor(scene: Scene, key: str | None) -> Sensor | None:
    if key is None:
        return None
    found = Sensor.objects.filter(scene=scene, key=key).first()
    if found is None:
        raise Invalid(
            f"The scene has no sensor “{key}”.", fields={"sensor_key": "is no sensor of the scene"}
        )
    return found


def _object(scene: Scene, key: uuid.UUID | None) -> uuid.UUID | None:
    if key is not None and not scene.labelled_objects.filter(pk=key).exists():
        raise Invalid(
            "The scene has no such object.", fields={"object_id": "is no object of the scene"}
        )
    return key
