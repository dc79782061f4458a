"""Background runs in the admin: to look at, not to change."""

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from apps.core.models import JobRun


@admin.register(JobRun)
class JobRunAdmin(ModelAdmin):  # type: ignore[misc]  # unfold has no types
    """What runs, ran and failed."""

    list_display = ("id", "kind", "state", "done", "total", "attempts", "created_by", "created_at")
    list_filter = ("state", "kind")
    list_select_related = ("created_by",)
    ordering = ("-pk",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Runs are started by what they belong to."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: JobRun | None = None) -> bool:
        """A run's record is not edited."""
        return False
