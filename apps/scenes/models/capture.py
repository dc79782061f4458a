"""One sensor's data at one instant, and the files that hold it."""

from django.db import models

from apps.core.models import Timestamped
from apps.scenes.models.scene import Frame
from apps.scenes.models.sensor import Sensor


class Asset(Timestamped):
    """A file named by the SHA-256 of its content; stored once, never changed."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    extension = models.CharField(max_length=12)
    media_type = models.CharField(max_length=80)
    content_encoding = models.CharField(max_length=12, blank=True)
    size_bytes = models.BigIntegerField()

    class Meta:
        ordering = ["sha256"]

    def __str__(self) -> str:
        return f"{self.sha256[:12]}.{self.extension}"


class Capture(models.Model):
    """One sensor's data at one instant: file, own timestamp, content hash."""

    frame = models.ForeignKey(Frame, on_delete=models.CASCADE, related_name="captures")
    sensor = models.ForeignKey(Sensor, on_delete=models.CASCADE, related_name="captures")
    at_ns = models.BigIntegerField()  # since the scene's t0_ns, the sensor's own time
    source_path = models.CharField(max_length=500, blank=True)
    original = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="+")
    display = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="+")
    preview = models.ForeignKey(
        Asset, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ground = models.ForeignKey(
        Asset, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    width_px = models.PositiveIntegerField(null=True, blank=True)
    height_px = models.PositiveIntegerField(null=True, blank=True)
    point_count = models.PositiveIntegerField(null=True, blank=True)
    dropped_point_count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["frame", "sensor"]
        constraints = [
            models.UniqueConstraint(fields=["frame", "sensor"], name="one_capture_a_frame"),
            models.UniqueConstraint(fields=["sensor", "at_ns"], name="capture_time_once"),
        ]

    def __str__(self) -> str:
        return f"{self.sensor_id}@{self.at_ns}"
