"""How recordings come in: resumable uploads, imports and their per-file report."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from apps.core.models import JobRun, Timestamped
from apps.projects.models import Project
from apps.scenes.models.scene import Scene


class Upload(Timestamped):
    """A file on its way in, in pieces (tus 1.0); complete when `received_bytes` is its size."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="uploads")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    batch = models.UUIDField(default=uuid.uuid4, db_index=True)  # files of one folder share it
    relative_path = models.CharField(max_length=500)
    size_bytes = models.BigIntegerField()
    received_bytes = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["-created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(received_bytes__gte=0) & Q(received_bytes__lte=F("size_bytes")),
                name="upload_receives_no_more_than_its_size",
            ),
            models.UniqueConstraint(
                fields=["project", "batch", "relative_path"], name="upload_path_once_a_batch"
            ),
        ]

    def __str__(self) -> str:
        return self.relative_path


class RecordingImport(Timestamped):
    """One run of the importer over one recording."""

    class State(models.TextChoices):
        """How far it came."""

        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Importing"
        DONE = "done", "Imported"
        DONE_WITH_ERRORS = "partial", "Imported, with errors"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="imports")
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    job = models.OneToOneField(
        JobRun, null=True, blank=True, on_delete=models.SET_NULL, related_name="recording_import"
    )
    upload_batch = models.UUIDField(null=True, blank=True)
    source_path = models.CharField(max_length=1000, blank=True)  # a folder or zip on the server
    format_key = models.CharField(max_length=40, default="auto")
    with_labels = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=State.choices, default=State.QUEUED)
    message = models.TextField(blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"Import {self.pk} into {self.project_id}"


class ImportedFile(models.Model):
    """What became of one file of a recording: a line of the import's report."""

    class State(models.TextChoices):
        """A file is in, left aside on purpose, or wrong."""

        IMPORTED = "imported", "Imported"
        SKIPPED = "skipped", "Not needed"
        FAILED = "failed", "Failed"
        WARNED = "warned", "Imported, with a remark"

    recording_import = models.ForeignKey(
        RecordingImport, on_delete=models.CASCADE, related_name="files"
    )
    path = models.CharField(max_length=500)
    state = models.CharField(max_length=10, choices=State.choices)
    field = models.CharField(max_length=200, blank=True)
    problem = models.TextField(blank=True)
    mend = models.TextField(blank=True)
    scene = models.ForeignKey(
        Scene, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["recording_import", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["recording_import", "path", "field"], name="file_reported_once_a_field"
            )
        ]

    def __str__(self) -> str:
        return f"{self.path}: {self.state}"
