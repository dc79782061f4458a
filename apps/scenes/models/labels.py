"""Labels that came with a recording, kept as neutral records beside the scene."""

from django.db import models

from apps.core.models import Timestamped
from apps.scenes.models.capture import Asset
from apps.scenes.models.scene import Scene


class SceneLabels(Timestamped):
    """The records that an importer read; a higher app saves them, and notes when."""

    scene = models.OneToOneField(Scene, on_delete=models.CASCADE, related_name="imported_labels")
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="+")
    record_count = models.PositiveIntegerField()
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["scene"]
        verbose_name_plural = "scene labels"

    def __str__(self) -> str:
        return f"{self.record_count} imported labels of {self.scene_id}"
