"""Recordings in the admin: what came in, and what became of each file."""

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    RangeDateTimeFilter,
    RangeNumericFilter,
)

from apps.core.admin_bases import STATE_COLORS, RecordAdmin, RecordInline, shown, state_of
from apps.scenes.models import (
    Asset,
    Calibration,
    Capture,
    ImportedFile,
    RecordingImport,
    Scene,
    Sensor,
    Upload,
)


class SensorInline(RecordInline):
    """The devices of a scene."""

    model = Sensor
    fields = ("key", "label", "modality", "position")


@admin.register(Scene)
class SceneAdmin(RecordAdmin):
    """Stretches of recording labelled as one."""

    list_display = ("name", "project", "source_format", "frame_count", "duration", "created_at")
    list_filter = (
        ("project", AutocompleteSelectFilter),
        "source_format",
        ("frame_count", RangeNumericFilter),
        ("created_at", RangeDateTimeFilter),
    )
    list_select_related = ("project",)
    search_fields = ("name", "source_key", "project__name")
    inlines = (SensorInline,)

    @shown(description="Duration", ordering="duration_ns")
    def duration(self, scene: Scene) -> str:
        """In seconds."""
        return f"{scene.duration_ns / 1e9:.1f} s"


class CalibrationInline(RecordInline):
    """The versions of a sensor's calibration."""

    model = Calibration
    fields = ("version", "translation_m", "quaternion_xyzw", "source", "created_at")
    readonly_fields = ("created_at",)


@admin.register(Sensor)
class SensorAdmin(RecordAdmin):
    """Devices and streams."""

    list_display = ("label", "key", "modality", "scene")
    list_filter = ("modality",)
    list_select_related = ("scene",)
    search_fields = ("key", "label", "scene__name")
    inlines = (CalibrationInline,)


@admin.register(Calibration)
class CalibrationAdmin(RecordAdmin):
    """Immutable: a better calibration is a new version."""

    list_display = (
        "sensor",
        "version",
        "translation_m",
        "quaternion_xyzw",
        "source",
        "created_at",
    )
    list_select_related = ("sensor",)
    search_fields = ("sensor__key", "sensor__scene__name", "source")


@admin.register(Capture)
class CaptureAdmin(RecordAdmin):
    """One sensor's data at one instant."""

    list_display = (
        "source_path",
        "sensor",
        "scene",
        "at_ns",
        "point_count",
        "width_px",
        "height_px",
    )
    list_filter = ("sensor__modality",)
    list_select_related = ("sensor__scene",)
    search_fields = ("source_path", "sensor__key", "sensor__scene__name")

    @shown(description="Scene")
    def scene(self, capture: Capture) -> str:
        """Of which recording."""
        return capture.sensor.scene.name


@admin.register(Asset)
class AssetAdmin(RecordAdmin):
    """Files, named by the hash of their content."""

    list_display = ("sha256", "extension", "media_type", "size", "created_at")
    list_filter = ("extension", ("size_bytes", RangeNumericFilter))
    search_fields = ("sha256",)

    @shown(description="Size", ordering="size_bytes")
    def size(self, asset: Asset) -> str:
        """As people say it."""
        return filesizeformat(asset.size_bytes)


class ImportedFileInline(RecordInline):
    """The report: a line for each file that was not simply taken."""

    model = ImportedFile
    fields = ("path", "state_mark", "field", "problem", "mend")
    readonly_fields = ("state_mark",)
    show_change_link = False
    per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportedFile]:
        """Worst first; what was taken without a remark is left out, as it may be thousands."""
        found: QuerySet[ImportedFile] = super().get_queryset(request)
        return found.exclude(state=ImportedFile.State.IMPORTED).order_by("state", "pk")

    @shown(description="State", label=STATE_COLORS)
    def state_mark(self, file: ImportedFile) -> tuple[str, str]:
        """What became of it."""
        return state_of(file)


@admin.register(RecordingImport)
class RecordingImportAdmin(RecordAdmin):
    """Runs of the importer, each with its report."""

    list_display = (
        "number",
        "project",
        "state_mark",
        "format_key",
        "taken_count",
        "failed_count",
        "started_by",
        "created_at",
    )
    list_filter = (
        ("state", ChoicesDropdownFilter),
        ("project", AutocompleteSelectFilter),
        "format_key",
        ("created_at", RangeDateTimeFilter),
    )
    list_select_related = ("project", "started_by")
    search_fields = ("project__name", "source_path", "message")
    inlines = (ImportedFileInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[RecordingImport]:
        """With the number of files that came in, and of those that did not."""
        states = ImportedFile.State
        found: QuerySet[RecordingImport] = super().get_queryset(request)
        return found.annotate(
            taken=Count("files", filter=Q(files__state__in=[states.IMPORTED, states.WARNED])),
            failed=Count("files", filter=Q(files__state=states.FAILED)),
        )

    @shown(description="Import", ordering="pk")
    def number(self, row: RecordingImport) -> str:
        """Its number."""
        return f"#{row.pk}"

    @shown(description="Files in", ordering="taken")
    def taken_count(self, row: RecordingImport) -> int:
        """How many came in."""
        return int(getattr(row, "taken", 0))

    @shown(description="Failed", ordering="failed")
    def failed_count(self, row: RecordingImport) -> int:
        """How many did not."""
        return int(getattr(row, "failed", 0))


@admin.register(Upload)
class UploadAdmin(RecordAdmin):
    """Files on their way in."""

    list_display = ("relative_path", "project", "uploaded_by", "received", "created_at")
    list_filter = (("project", AutocompleteSelectFilter),)
    list_select_related = ("project", "uploaded_by")
    search_fields = ("relative_path", "project__name")

    @shown(description="Received", ordering="received_bytes")
    def received(self, upload: Upload) -> str:
        """How much of it is here."""
        return f"{filesizeformat(upload.received_bytes)} of {filesizeformat(upload.size_bytes)}"
