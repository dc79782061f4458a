"""Deliveries in the admin: immutable, to read."""

from django.contrib import admin
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    RangeDateTimeFilter,
)

from apps.core.admin_bases import RecordAdmin, RecordInline, shown
from apps.deliveries.models import DeliveredScene, Delivery


class DeliveredSceneInline(RecordInline):
    """What was delivered, at which version."""

    model = DeliveredScene
    fields = ("scene", "version", "head_hash")
    show_change_link = False


@admin.register(Delivery)
class DeliveryAdmin(RecordAdmin):
    """Snapshots handed to clients."""

    list_display = (
        "number",
        "project",
        "state_mark",
        "formats",
        "short_hash",
        "created_by",
        "ready_at",
    )
    list_filter = (
        ("state", ChoicesDropdownFilter),
        ("project", AutocompleteSelectFilter),
        ("ready_at", RangeDateTimeFilter),
    )
    list_select_related = ("project", "created_by")
    search_fields = ("project__name", "manifest_sha256", "note")
    inlines = (DeliveredSceneInline,)

    @shown(description="Manifest")
    def short_hash(self, delivery: Delivery) -> str:
        """Its hash."""
        return delivery.manifest_sha256[:16]
