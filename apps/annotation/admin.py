"""Labels and their journal in the admin: to read."""

from django.contrib import admin
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    RangeDateTimeFilter,
)

from apps.annotation.models import ChangeSet, Keyframe, LabelledObject, SceneDocument
from apps.core.admin_bases import RecordAdmin, RecordInline, shown


@admin.register(SceneDocument)
class SceneDocumentAdmin(RecordAdmin):
    """How far each scene's labels are."""

    list_display = ("scene", "version", "short_hash", "updated_at")
    list_select_related = ("scene",)
    search_fields = ("scene__name", "head_hash")

    @shown(description="Head of the journal")
    def short_hash(self, document: SceneDocument) -> str:
        """The hash that the next entry will hold."""
        return document.head_hash[:16]


@admin.register(ChangeSet)
class ChangeSetAdmin(RecordAdmin):
    """The journal: who changed what, under which lease and guideline."""

    list_display = (
        "scene",
        "version",
        "label",
        "author",
        "guideline_version",
        "saved_at",
        "short_hash",
    )
    list_filter = (
        ("scene", AutocompleteSelectFilter),
        ("author", AutocompleteSelectFilter),
        ("saved_at", RangeDateTimeFilter),
    )
    list_select_related = ("scene", "author", "guideline_version")
    search_fields = ("scene__name", "label", "uuid", "hash")
    ordering = ("-saved_at", "-pk")

    @shown(description="Hash")
    def short_hash(self, entry: ChangeSet) -> str:
        """Its own."""
        return entry.hash[:12]


class KeyframeInline(RecordInline):
    """Where an object was, and in which sensor."""

    model = Keyframe
    fields = ("stream", "at_ns", "state", "origin", "confirmed", "absent", "reason", "geometry")
    ordering = ("stream", "at_ns")
    show_change_link = False
    per_page = 50


@admin.register(LabelledObject)
class LabelledObjectAdmin(RecordAdmin):
    """Things in the world, across sensors and time."""

    list_display = (
        "id",
        "scene",
        "class_key",
        "motion",
        "size_locked",
        "changed_in_version",
        "updated_at",
    )
    list_filter = (
        ("scene", AutocompleteSelectFilter),
        "class_key",
        ("motion", ChoicesDropdownFilter),
    )
    list_select_related = ("scene",)
    search_fields = ("id", "scene__name", "class_key")
    inlines = (KeyframeInline,)
