"""A stretch of recording labelled as one, and its time steps."""

from django.db import models

from apps.core.models import Timestamped
from apps.projects.models import Project


class Scene(Timestamped):
    """A stretch of recording labelled as one: a drive snippet, a study."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="scenes")
    name = models.CharField(max_length=200)
    source_key = models.CharField(max_length=300)  # where it lies in its recording
    source_format = models.CharField(max_length=40)
    t0_ns = models.BigIntegerField()
    duration_ns = models.BigIntegerField(default=0)
    frame_count = models.PositiveIntegerField(default=0)
    recording_import = models.ForeignKey(
        "scenes.RecordingImport",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="scenes",
    )
    notes = models.JSONField(default=list, blank=True)  # what the importer had to assume
    way_back = models.JSONField(default=dict, blank=True)  # for exports to the format it came in

    class Meta:
        ordering = ["project", "name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "source_key"], name="scene_imported_once")
        ]

    def __str__(self) -> str:
        return self.name


class Frame(models.Model):
    """One time step of a scene."""

    scene = models.ForeignKey(Scene, on_delete=models.CASCADE, related_name="frames")
    index = models.PositiveIntegerField()
    at_ns = models.BigIntegerField()  # since the scene's t0_ns

    class Meta:
        ordering = ["scene", "index"]
        constraints = [
            models.UniqueConstraint(fields=["scene", "index"], name="frame_index_once"),
            models.UniqueConstraint(fields=["scene", "at_ns"], name="frame_time_once"),
        ]

    def __str__(self) -> str:
        return f"{self.scene_id}#{self.index}"


class EgoPose(models.Model):
    """Where the ego frame was in the world: `world_from_ego` at a time."""

    scene = models.ForeignKey(Scene, on_delete=models.CASCADE, related_name="ego_poses")
    at_ns = models.BigIntegerField()
    x_m = models.FloatField()
    y_m = models.FloatField()
    z_m = models.FloatField()
    qx = models.FloatField()
    qy = models.FloatField()
    qz = models.FloatField()
    qw = models.FloatField()

    class Meta:
        ordering = ["scene", "at_ns"]
        constraints = [models.UniqueConstraint(fields=["scene", "at_ns"], name="ego_pose_once")]

    def __str__(self) -> str:
        return f"{self.scene_id}@{self.at_ns}"
