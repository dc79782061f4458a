"""What the client receives: an immutable snapshot, its files and hashes."""

from django.conf import settings
from django.db import models

from apps.core.models import JobRun, Timestamped
from apps.projects.models import Project
from apps.scenes.models import Asset, Scene


class Delivery(Timestamped):
    """An immutable snapshot handed to the client."""

    class State(models.TextChoices):
        """A delivery is built by a job, then never changes."""

        BUILDING = "building", "Being built"
        READY = "ready", "Ready"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="deliveries")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.BUILDING)
    formats = models.JSONField(default=list)
    note = models.TextField(blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    job = models.OneToOneField(
        JobRun, null=True, blank=True, on_delete=models.SET_NULL, related_name="delivery"
    )
    manifest_text = models.TextField(blank=True)
    manifest_sha256 = models.CharField(max_length=64, blank=True)
    archive = models.ForeignKey(
        Asset, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ready_at = models.DateTimeField(null=True, blank=True)
    message = models.TextField(blank=True)

    class Meta:
        ordering = ["project", "-number"]
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="delivery_number_once"),
            models.CheckConstraint(
                condition=~models.Q(state="ready") | ~models.Q(manifest_sha256=""),
                name="a_ready_delivery_has_its_manifest",
            ),
        ]

    def __str__(self) -> str:
        return f"Delivery {self.number}"


class DeliveredScene(models.Model):
    """A scene in a delivery, at the version that was delivered."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="scenes")
    scene = models.ForeignKey(Scene, on_delete=models.PROTECT, related_name="deliveries")
    version = models.PositiveIntegerField()
    head_hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["delivery", "scene"]
        constraints = [
            models.UniqueConstraint(fields=["delivery", "scene"], name="scene_once_a_delivery")
        ]

    def __str__(self) -> str:
        return f"{self.scene_id} v{self.version}"
