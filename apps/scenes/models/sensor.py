"""Devices of a scene, and the immutable versions of their calibration."""

from django.db import models

from apps.core.models import Timestamped
from apps.scenes.models.scene import Scene


class Sensor(models.Model):
    """One device or stream of a scene, with its modality."""

    scene = models.ForeignKey(Scene, on_delete=models.CASCADE, related_name="sensors")
    key = models.SlugField(max_length=80)
    label = models.CharField(max_length=120)
    modality = models.CharField(max_length=40)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["scene", "position", "key"]
        constraints = [
            models.UniqueConstraint(fields=["scene", "key"], name="sensor_key_once"),
            models.CheckConstraint(
                condition=~models.Q(key="world"), name="no_sensor_is_called_world"
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Calibration(Timestamped):
    """An immutable version of a sensor's intrinsics and its pose on the ego frame."""

    sensor = models.ForeignKey(Sensor, on_delete=models.CASCADE, related_name="calibrations")
    version = models.PositiveIntegerField(default=1)
    translation_m = models.JSONField()  # ego_from_sensor, [x, y, z]
    quaternion_xyzw = models.JSONField()
    camera = models.JSONField(null=True, blank=True)  # the wire's CameraModel
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["sensor", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["sensor", "version"], name="calibration_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.sensor_id} v{self.version}"
