"""Work on a scene for a person, held by a lease with a fencing token."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from apps.core.models import Timestamped
from apps.operations.models.pipeline import Stage
from apps.projects.models import Project
from apps.scenes.models import Scene


class Task(Timestamped):
    """Work on a scene for a person: label, review; later adjudicate, relabel, probe."""

    class Kind(models.TextChoices):
        """What is to be done."""

        LABEL = "label", "Label"
        REVIEW = "review", "Review"

    class State(models.TextChoices):
        """Whose turn it is."""

        OPEN = "open", "Open"
        LEASED = "leased", "In work"
        DONE = "done", "Done"
        CANCELLED = "cancelled", "Cancelled"

    class Outcome(models.TextChoices):
        """How a done task ended."""

        NONE = "", "Not yet"
        SUBMITTED = "submitted", "Submitted"
        ACCEPTED = "accepted", "Accepted"
        RETURNED = "returned", "Returned"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="tasks")
    scene = models.ForeignKey(Scene, on_delete=models.CASCADE, related_name="tasks")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="tasks")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    outcome = models.CharField(
        max_length=10, choices=Outcome.choices, default=Outcome.NONE, blank=True
    )
    round = models.PositiveIntegerField(default=1)
    priority = models.IntegerField(default=0)  # higher first
    # A priority that a person set; what the findings say does not change it any more.
    priority_set_by_hand = models.BooleanField(default=False)
    note = models.TextField(blank=True)
    due_on = models.DateField(null=True, blank=True)
    # Whose work a review judges.
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="assigned_tasks",
    )
    # A returned scene goes to its author first; a hand-assigned one to the person named.
    reserved_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    reserved_until = models.DateTimeField(null=True, blank=True)  # null: until it is done
    lease_token = models.BigIntegerField(default=0)  # grows with every lease: the fence
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    leased_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    submitted_version = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["-priority", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="review")
                | Q(author__isnull=True)
                | Q(assignee__isnull=True)
                | ~Q(assignee=F("author")),
                name="nobody_reviews_their_own_work",
            ),
            models.CheckConstraint(
                condition=~Q(kind="review")
                | Q(author__isnull=True)
                | Q(reserved_for__isnull=True)
                | ~Q(reserved_for=F("author")),
                name="no_review_is_kept_for_its_author",
            ),
            models.CheckConstraint(
                condition=~Q(state="leased")
                | (Q(assignee__isnull=False) & Q(lease_expires_at__isnull=False)),
                name="a_leased_task_has_a_holder",
            ),
            models.UniqueConstraint(
                fields=["scene", "kind"],
                condition=Q(state__in=["open", "leased"]),
                name="one_living_task_a_scene_and_kind",
            ),
        ]
        indexes = [
            # The head of a queue is the first entry of its part of an index, however long the
            # queue is and however much is held or kept by others.
            models.Index(
                F("project"),
                F("kind"),
                F("priority").desc(),
                F("id"),
                condition=Q(state="open", reserved_for__isnull=True),
                name="task_queue",
            ),
            models.Index(
                F("reserved_for"),
                F("kind"),
                F("priority").desc(),
                F("id"),
                condition=Q(state="open", reserved_for__isnull=False),
                name="task_kept_queue",
            ),
            models.Index(
                fields=["reserved_until"],
                condition=Q(state="open", reserved_until__isnull=False),
                name="task_reservation_expiry",
            ),
            models.Index(
                fields=["lease_expires_at"], condition=Q(state="leased"), name="task_lease_expiry"
            ),
            models.Index(fields=["assignee", "state"], name="task_by_assignee"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.scene_id}"


class TaskEvent(models.Model):
    """What happened to a task, append-only: the history that pages and statistics read."""

    class Kind(models.TextChoices):
        """What happened."""

        OPENED = "opened", "Opened"
        ASSIGNED = "assigned", "Assigned"
        LEASED = "leased", "Taken"
        RELEASED = "released", "Put back"
        EXPIRED = "expired", "Lease expired"
        SUBMITTED = "submitted", "Submitted"
        ACCEPTED = "accepted", "Accepted"
        RETURNED = "returned", "Returned"
        FIXED = "fixed", "Fixed by its reviewer"
        REPRIORITISED = "reprioritised", "Priority changed"

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=14, choices=Kind.choices)
    # Whom it concerns: who took it, handed it in, or was assigned.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    # Who did it, where that is somebody else.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    lease_token = models.BigIntegerField(null=True, blank=True)
    note = models.TextField(blank=True)
    happened_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["task", "pk"]
        indexes = [
            models.Index(fields=["happened_at", "kind"], name="task_events_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.kind}"


class Draft(Timestamped):
    """Edits that came under a stale lease: refused, and kept for their author."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="drafts")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts"
    )
    base_version = models.PositiveIntegerField()
    lease_token = models.BigIntegerField()
    change_sets = models.JSONField()
    reason = models.CharField(max_length=200)
    idempotency_key = models.CharField(max_length=64)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["task", "idempotency_key"], name="draft_kept_once")
        ]

    def __str__(self) -> str:
        return f"Draft of {self.author_id} on {self.task_id}"
