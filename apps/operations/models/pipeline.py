"""The stages that a project's scenes go through, and how far each scene is."""

from django.conf import settings
from django.db import models

from apps.core.models import Timestamped
from apps.projects.models import Project
from apps.scenes.models import Scene


class Stage(models.Model):
    """One step of a project's pipeline."""

    class Kind(models.TextChoices):
        """What is done in it."""

        LABEL = "label", "Label"
        REVIEW = "review", "Review"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="stages")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    lease_minutes = models.PositiveIntegerField(default=30)

    class Meta:
        ordering = ["project", "position"]
        constraints = [
            models.UniqueConstraint(fields=["project", "position"], name="stage_position_once")
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.get_kind_display()}"


class SceneProgress(Timestamped):
    """How far a scene is in its project's pipeline."""

    class State(models.TextChoices):
        """Where the scene stands."""

        LABELLING = "labelling", "To label"
        REVIEWING = "reviewing", "To review"
        ACCEPTED = "accepted", "Accepted"
        DELIVERED = "delivered", "Delivered"

    scene = models.OneToOneField(Scene, on_delete=models.CASCADE, related_name="progress")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=12, choices=State.choices, default=State.LABELLING)
    round = models.PositiveIntegerField(default=1)  # one more each time the scene is returned

    class Meta:
        ordering = ["project", "scene"]
        indexes = [models.Index(fields=["project", "state"], name="progress_by_state")]

    def __str__(self) -> str:
        return f"{self.scene_id}: {self.state}"


class Contribution(Timestamped):
    """Who had a hand in a scene's labels: whoever did never reviews it.

    The task is the one in which they first did; a reviewer who fixes something may finish that
    review, and gets no later one.
    """

    scene = models.ForeignKey(Scene, on_delete=models.CASCADE, related_name="contributions")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="contributions"
    )
    task = models.ForeignKey(
        "operations.Task", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["scene", "person"]
        constraints = [
            models.UniqueConstraint(fields=["scene", "person"], name="contributor_once_a_scene")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.scene_id}"
