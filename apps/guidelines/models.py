"""Editions of the rules, and the numbered clauses in them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.core.models import Timestamped
from apps.projects.models import Project


class GuidelineVersion(Timestamped):
    """An edition of a project's rules; immutable once published."""

    class State(models.TextChoices):
        """A draft may change; what is published may only be retired."""

        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"
        RETIRED = "retired", "Retired"

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="guideline_versions"
    )
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    title = models.CharField(max_length=200)
    document = models.JSONField()  # taxonomy, checks and policy: apps.guidelines.document
    change_note = models.TextField(blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        ordering = ["project", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="guideline_number_once"),
            models.UniqueConstraint(
                fields=["project"], condition=Q(state="published"), name="one_guideline_in_force"
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(published_at__isnull=False),
                name="published_guideline_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} v{self.number}"


class Clause(models.Model):
    """One numbered rule in a guideline version."""

    version = models.ForeignKey(GuidelineVersion, on_delete=models.CASCADE, related_name="clauses")
    number = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    body_md = models.TextField(blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["version", "position", "number"]
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="clause_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"
