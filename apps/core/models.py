"""Base models, background runs, and the table of the broker that needs no server."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Timestamped(models.Model):
    """A row that knows when it was made and last changed."""

    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class JobRun(Timestamped):
    """One piece of background work: its progress, its outcome, and how to start it again.

    The fencing token grows with each start; writes under an older token are refused, so a run that
    was taken for dead cannot overwrite its successor's.
    """

    class State(models.TextChoices):
        """Where a run stands."""

        QUEUED = "queued"
        RUNNING = "running"
        SUCCEEDED = "succeeded"
        FAILED = "failed"
        CANCELLED = "cancelled"

    kind = models.CharField(max_length=60)
    task_name = models.CharField(max_length=200)
    task_kwargs = models.JSONField(default=dict, blank=True)
    queue = models.CharField(max_length=40, default="default")
    state = models.CharField(max_length=20, choices=State.choices, default=State.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.TextField(blank=True)
    report = models.JSONField(default=dict, blank=True)
    cancel_requested = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    fencing_token = models.PositiveIntegerField(default=0)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="job_runs",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(total=0) | Q(done__lte=F("total")), name="jobrun_done_within_total"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "running", "succeeded", "failed", "cancelled"]),
                name="jobrun_state_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "heartbeat_at"],
                condition=Q(state__in=["queued", "running"]),
                name="jobrun_unfinished",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk} ({self.state})"

    @property
    def is_finished(self) -> bool:
        """Whether the run has reached an end."""
        return self.state in {self.State.SUCCEEDED, self.State.FAILED, self.State.CANCELLED}


class BrokerMessage(models.Model):
    """A message of the queue that lives in this database; leased to a worker, not handed over.

    Attributes:
        visible_at_s: Seconds since the epoch from which a worker may take it: its ETA while it
            waits, the end of its lease while a worker holds it.
    """

    queue = models.CharField(max_length=120)
    priority = models.PositiveSmallIntegerField(default=5)
    payload = models.TextField()
    visible_at_s = models.FloatField(default=0)
    deliveries = models.PositiveSmallIntegerField(default=0)
    claimed_by = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["queue", "priority", "visible_at_s", "id"], name="brokermessage_next"
            )
        ]

    def __str__(self) -> str:
        return f"{self.queue} #{self.pk}"
