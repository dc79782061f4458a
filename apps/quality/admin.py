"""What is wrong or uncertain, in the admin: to read."""

from django.contrib import admin
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    RangeDateTimeFilter,
)

from apps.core.admin_bases import STATE_COLORS, RecordAdmin, RecordInline, shown, state_of
from apps.quality.models import Finding, FindingEvent, Residual


class FindingEventInline(RecordInline):
    """Who answered for it, and how."""

    model = FindingEvent
    fields = ("kind", "person", "reason", "measured", "happened_at")
    readonly_fields = ("happened_at",)
    show_change_link = False


@admin.register(Finding)
class FindingAdmin(RecordAdmin):
    """Findings of checks and people; they are answered in the workspace."""

    list_display = (
        "check_id",
        "severity_mark",
        "state_mark",
        "blocks",
        "message",
        "scene",
        "source",
        "created_at",
    )
    list_filter = (
        ("severity", ChoicesDropdownFilter),
        ("state", ChoicesDropdownFilter),
        ("source", ChoicesDropdownFilter),
        "blocking",
        "check_id",
        ("scene", AutocompleteSelectFilter),
        ("created_at", RangeDateTimeFilter),
    )
    list_select_related = ("scene",)
    search_fields = ("check_id", "message", "scene__name", "waiver_reason")
    ordering = ("-pk",)
    inlines = (FindingEventInline,)

    @shown(description="Severity", ordering="severity", label=STATE_COLORS | {"info": "info"})
    def severity_mark(self, finding: Finding) -> tuple[str, str]:
        """How bad it is."""
        return state_of(finding, "severity")

    @shown(description="Blocks", ordering="blocking", label={"blocks": "danger"})
    def blocks(self, finding: Finding) -> tuple[str, str]:
        """Whether it stops a submit."""
        return ("blocks", "Blocks") if finding.blocking else ("", "-")


@admin.register(Residual)
class ResidualAdmin(RecordAdmin):
    """How far observations are from what geometry predicts."""

    list_display = (
        "labelled_object",
        "sensor",
        "at_ns",
        "iou",
        "center_ratio",
        "points_inside",
        "ground_gap_m",
        "in_version",
    )
    list_select_related = ("labelled_object", "sensor")
    list_filter = ("sensor__modality",)
    search_fields = ("labelled_object__id", "sensor__key", "labelled_object__scene__name")
