"""One thing wrong or uncertain, said by a check or a person."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.core.models import Timestamped
from apps.scenes.models import Scene, Sensor


class Finding(Timestamped):
    """One thing wrong or uncertain, said by a check, a comparison or a person."""

    class Severity(models.TextChoices):
        """How bad it is."""

        INFO = "info", "Hint"
        WARNING = "warning", "Warning"
        ERROR = "error", "Error"

    class State(models.TextChoices):
        """Open until its cause is gone or somebody answers for it."""

        OPEN = "open", "Open"
        WAIVED = "waived", "Waived"
        CLOSED = "closed", "Closed"

    class Source(models.TextChoices):
        """Who says it."""

        CHECK = "check", "Check"
        PERSON = "person", "Reviewer"

    scene = models.ForeignKey(Scene, on_delete=models.CASCADE, related_name="findings")
    # An object may be deleted; what was found on it stays in the record, so no foreign key.
    object_id = models.UUIDField(null=True, blank=True)
    other_object_id = models.UUIDField(null=True, blank=True)  # where it takes two
    sensor = models.ForeignKey(
        Sensor, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    at_ns = models.BigIntegerField(null=True, blank=True)
    check_id = models.CharField(max_length=40)
    stable_key = models.CharField(max_length=64)  # check, object, sensor and frame; one open each
    severity = models.CharField(max_length=8, choices=Severity.choices)
    blocking = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    source = models.CharField(max_length=8, choices=Source.choices, default=Source.CHECK)
    message = models.TextField()
    measured = models.FloatField(null=True, blank=True)
    threshold = models.FloatField(null=True, blank=True)
    unit = models.CharField(max_length=20, blank=True)
    clause = models.CharField(max_length=20, blank=True)
    fixes = models.JSONField(default=list, blank=True)
    anchor = models.JSONField(null=True, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    waiver_reason = models.CharField(max_length=500, blank=True)
    waived_measured = models.FloatField(null=True, blank=True)
    waived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    # A blocking finding that its own annotator waived: the reviewer looks at it.
    waiver_is_flagged = models.BooleanField(default=False)
    opened_in_version = models.PositiveIntegerField()
    closed_in_version = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["scene", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["scene", "stable_key"],
                condition=~Q(state="closed"),
                name="one_living_finding_a_cause",
            ),
            models.CheckConstraint(
                condition=~Q(state="waived") | ~Q(waiver_reason=""),
                name="a_waiver_has_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["scene", "state", "blocking"], name="finding_open_blocking"),
            models.Index(fields=["scene", "object_id"], name="finding_by_object"),
            models.Index(fields=["scene", "other_object_id"], name="finding_by_other_object"),
            models.Index(fields=["scene", "stable_key"], name="finding_by_cause"),
        ]

    def __str__(self) -> str:
        return f"{self.check_id}: {self.message}"


class FindingEvent(models.Model):
    """What people (or a moved number) made of a finding, append-only: the audit of waivers."""

    class Kind(models.TextChoices):
        """What happened."""

        RAISED = "raised", "Raised by a person"
        WAIVED = "waived", "Waived"
        REOPENED = "reopened", "Opened again"
        RESOLVED = "resolved", "Resolved"

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    # Nobody where the measured number moved away from what was waived.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    reason = models.CharField(max_length=500, blank=True)
    measured = models.FloatField(null=True, blank=True)
    happened_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["finding", "pk"]

    def __str__(self) -> str:
        return f"{self.finding_id} {self.kind}"
