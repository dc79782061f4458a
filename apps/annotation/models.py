"""Objects across sensors, and the append-only journal of every change."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.core.models import Timestamped
from apps.guidelines.models import GuidelineVersion
from apps.scenes.models import Scene, Sensor


class SceneDocument(Timestamped):
    """The current state of a scene's labels: its version and the journal's head."""

    scene = models.OneToOneField(Scene, on_delete=models.CASCADE, related_name="label_document")
    version = models.PositiveIntegerField(default=0)
    head_hash = models.CharField(max_length=64, default="0" * 64)

    def __str__(self) -> str:
        return f"{self.scene_id} v{self.version}"


class ChangeSet(models.Model):
    """One saved gesture; append-only, each entry holds the hash of the one before."""

    scene = models.ForeignKey(Scene, on_delete=models.PROTECT, related_name="change_sets")
    version = models.PositiveIntegerField()
    uuid = models.UUIDField()  # the idempotency key, made by whoever made the gesture
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="change_sets"
    )
    task_id = models.BigIntegerField(null=True, blank=True)  # tasks live higher in the house
    lease_token = models.BigIntegerField(null=True, blank=True)
    session = models.UUIDField(null=True, blank=True)  # the browser tab it came from
    guideline_version = models.ForeignKey(
        GuidelineVersion, on_delete=models.PROTECT, related_name="change_sets"
    )
    base_version = models.PositiveIntegerField()
    label = models.CharField(max_length=200)
    # Text, not JSON: a database that reformats numbers would break the hash.
    ops_text = models.TextField()
    made_at = models.DateTimeField()  # by the clock of whoever made it
    saved_at = models.DateTimeField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["scene", "version"]
        constraints = [
            models.UniqueConstraint(fields=["scene", "version"], name="changeset_version_once"),
            models.UniqueConstraint(fields=["scene", "uuid"], name="changeset_uuid_once"),
        ]

    def __str__(self) -> str:
        return f"{self.scene_id} v{self.version}: {self.label}"


class LabelledObject(Timestamped):
    """One thing in the world, across sensors and time; class and object attributes stand here only."""

    class Motion(models.TextChoices):
        """Whether it moves during the scene."""

        DYNAMIC = "dynamic", "Moves"
        STATIC = "static", "Stands"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    scene = models.ForeignKey(Scene, on_delete=models.CASCADE, related_name="labelled_objects")
    class_key = models.CharField(max_length=80)
    attributes = models.JSONField(default=dict)
    motion = models.CharField(max_length=8, choices=Motion.choices, default=Motion.DYNAMIC)
    size_locked = models.BooleanField(default=False)
    changed_in_version = models.PositiveIntegerField()

    class Meta:
        ordering = ["scene", "pk"]
        indexes = [models.Index(fields=["scene", "class_key"], name="labelled_by_class")]

    def __str__(self) -> str:
        return f"{self.class_key} {str(self.pk)[:8]}"


class Keyframe(models.Model):
    """A stored geometry of an object at a time, in the world or in one sensor."""

    class State(models.TextChoices):
        """How it relates to the object's geometry in the world."""

        KEYED = "keyed", "In the world"
        DERIVED = "derived", "Derived"
        ADJUSTED = "adjusted", "Adjusted"
        INDEPENDENT = "independent", "Independent"
        NOT_VISIBLE = "not_visible", "Not visible"

    labelled_object = models.ForeignKey(
        LabelledObject, on_delete=models.CASCADE, related_name="keyframes"
    )
    sensor = models.ForeignKey(
        Sensor, null=True, blank=True, on_delete=models.PROTECT, related_name="keyframes"
    )
    stream = models.CharField(max_length=120)  # "world/cuboid", "<sensor key>/box"
    at_ns = models.BigIntegerField()
    state = models.CharField(max_length=12, choices=State.choices)
    geometry = models.JSONField(null=True, blank=True)
    origin = models.CharField(max_length=12)
    confirmed = models.BooleanField(default=True)
    absent = models.BooleanField(default=False)
    reason = models.CharField(max_length=500, blank=True)
    attributes = models.JSONField(default=dict)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    guideline_version = models.ForeignKey(
        GuidelineVersion, on_delete=models.PROTECT, related_name="keyframes"
    )
    changed_in_version = models.PositiveIntegerField()

    class Meta:
        ordering = ["labelled_object", "stream", "at_ns"]
        constraints = [
            models.UniqueConstraint(
                fields=["labelled_object", "stream", "at_ns"], name="one_key_a_stream_and_time"
            ),
            models.CheckConstraint(
                condition=Q(sensor__isnull=True, state="keyed")
                | (Q(sensor__isnull=False) & ~Q(state="keyed")),
                name="only_the_world_is_keyed",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["derived", "not_visible"]) | Q(geometry__isnull=True),
                name="derived_has_no_geometry_of_its_own",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["adjusted", "not_visible"]) | ~Q(reason=""),
                name="a_deviation_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stream}@{self.at_ns}"
