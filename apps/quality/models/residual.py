"""How far an observation is from what the object's geometry predicts."""

from django.db import models

from apps.annotation.models import LabelledObject
from apps.scenes.models import Calibration, Sensor


class Residual(models.Model):
    """Measured deviation of one observation, under one calibration."""

    labelled_object = models.ForeignKey(
        LabelledObject, on_delete=models.CASCADE, related_name="residuals"
    )
    sensor = models.ForeignKey(Sensor, on_delete=models.CASCADE, related_name="+")
    calibration = models.ForeignKey(Calibration, on_delete=models.PROTECT, related_name="+")
    at_ns = models.BigIntegerField()
    left_px = models.FloatField(null=True, blank=True)
    top_px = models.FloatField(null=True, blank=True)
    right_px = models.FloatField(null=True, blank=True)
    bottom_px = models.FloatField(null=True, blank=True)
    iou = models.FloatField(null=True, blank=True)
    center_ratio = models.FloatField(null=True, blank=True)  # of the square root of the box's area
    points_inside = models.PositiveIntegerField(null=True, blank=True)
    points_outside = models.PositiveIntegerField(null=True, blank=True)
    ground_gap_m = models.FloatField(null=True, blank=True)
    in_version = models.PositiveIntegerField()

    class Meta:
        ordering = ["labelled_object", "at_ns"]
        constraints = [
            models.UniqueConstraint(
                fields=["labelled_object", "sensor", "at_ns"], name="one_residual_an_observation"
            )
        ]

    def __str__(self) -> str:
        return f"{self.labelled_object_id} in {self.sensor_id}@{self.at_ns}"
