"""Background runs in the admin: to look at, not to change."""

from django.contrib import admin
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter

from apps.core.admin_bases import RecordAdmin, shown
from apps.core.models import JobRun


@admin.register(JobRun)
class JobRunAdmin(RecordAdmin):
    """What runs, ran and failed."""

    list_display = (
        "title",
        "state_mark",
        "progress",
        "attempts",
        "message",
        "created_by",
        "created_at",
        "finished_at",
    )
    list_filter = (("state", ChoicesDropdownFilter), "kind", ("created_at", RangeDateTimeFilter))
    list_select_related = ("created_by",)
    search_fields = ("kind", "message", "task_name")
    ordering = ("-pk",)

    @shown(description="Run", ordering="pk", header=True)
    def title(self, run: JobRun) -> list[str]:
        """What it does, and its number."""
        return [run.kind, f"#{run.pk} in {run.queue}"]

    @shown(description="Progress")
    def progress(self, run: JobRun) -> str:
        """How far it is."""
        return f"{run.done} of {run.total}" if run.total else "-"
