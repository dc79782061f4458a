"""Projects, their pipelines and the work on them in the admin."""

from collections.abc import Callable

from django.contrib import admin, messages
from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from guardian.admin import GuardedModelAdminMixin
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    RangeDateFilter,
    RangeDateTimeFilter,
)

from apps.accounts.models import User
from apps.core.admin_bases import (
    STATE_COLORS,
    PortalAdmin,
    RecordAdmin,
    RecordInline,
    shown,
    state_of,
)
from apps.core.errors import PortalError
from apps.operations.models import Contribution, Draft, SceneProgress, Stage, Task, TaskEvent
from apps.operations.services.ordering import activate_project, close_project, pause_project
from apps.operations.services.staffing import unassign
from apps.projects.models import Project


class StageInline(RecordInline):
    """The steps that a project's scenes go through."""

    model = Stage
    fields = ("position", "kind", "lease_minutes")
    show_change_link = False


@admin.register(Project)
class ProjectAdmin(GuardedModelAdminMixin, PortalAdmin):
    """Orders; “Object permissions” says who may label, review, manage or follow each."""

    list_display = (
        *("name", "client", "state_mark", "scene_count"),
        *("accepted_count", "error_rate", "due_on", "created_at"),
    )
    list_filter = (
        ("state", ChoicesDropdownFilter),
        ("client", AutocompleteSelectFilter),
        ("due_on", RangeDateFilter),
    )
    list_select_related = ("client",)
    search_fields = ("name", "slug", "client__name")
    readonly_fields = ("client", "slug", "state", "ordered_by", "created_at", "updated_at")
    fieldsets = (
        (None, {"fields": (("name", "slug"), ("client", "state"), "description")}),
        (
            "Terms",
            {"fields": ("modalities", ("max_error_rate", "confidence"), ("due_on", "ordered_by"))},
        ),
        ("Dates", {"fields": (("created_at", "updated_at"),)}),
    )
    inlines = (StageInline,)
    actions = ("put_into_production", "pause", "close")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Project]:
        """With the number of their scenes."""
        found: QuerySet[Project] = super().get_queryset(request)  # type: ignore[no-untyped-call]  # guardian
        done = Q(scenes__progress__state__in=["accepted", "delivered"])
        return found.annotate(
            scene_count=Count("scenes", distinct=True),
            accepted_count=Count("scenes", filter=done, distinct=True),
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A project is ordered in the portal, where it gets its guideline and its pipeline."""
        return False

    @shown(description="Scenes", ordering="scene_count")
    def scene_count(self, project: Project) -> int:
        """How many."""
        return int(getattr(project, "scene_count", 0))

    @shown(description="Accepted", ordering="accepted_count")
    def accepted_count(self, project: Project) -> int:
        """How many of them are."""
        return int(getattr(project, "accepted_count", 0))

    @shown(description="Target", ordering="max_error_rate")
    def error_rate(self, project: Project) -> str:
        """The most errors that are tolerated, and with which confidence it is shown."""
        return f"≤ {project.max_error_rate:.1%} at {project.confidence:.0%}"

    @admin.action(description="Put into production", permissions=["change"])
    def put_into_production(self, request: HttpRequest, projects: QuerySet[Project]) -> None:
        """Give out their tasks from now on."""
        self._each(request, projects, activate_project)

    @admin.action(description="Pause", permissions=["change"])
    def pause(self, request: HttpRequest, projects: QuerySet[Project]) -> None:
        """Give out no more of their tasks."""
        self._each(request, projects, pause_project)

    @admin.action(description="Close", permissions=["change"])
    def close(self, request: HttpRequest, projects: QuerySet[Project]) -> None:
        """End the orders."""
        self._each(request, projects, close_project)

    def _each(
        self,
        request: HttpRequest,
        projects: QuerySet[Project],
        change: Callable[[Project], Project],
    ) -> None:
        for project in projects:
            try:
                moved = change(project)
            except PortalError as error:
                self.message_user(request, error.detail, messages.ERROR)
            else:
                word = moved.get_state_display().lower()
                self.message_user(request, f"“{moved}” is {word}.", messages.SUCCESS)


class EventInline(RecordInline):
    """What happened to a task."""

    model = TaskEvent
    fields = ("happened_at", "kind", "person", "by", "lease_token", "note")
    readonly_fields = ("happened_at",)
    ordering = ("pk",)
    show_change_link = False


@admin.register(Task)
class TaskAdmin(RecordAdmin):
    """Work on scenes: who has it, until when, and how it ended."""

    readonly_fields = ("created_at",)

    list_display = (
        *("title", "state_mark", "outcome_mark", "priority", "holder"),
        *("author", "lease", "round", "due_on"),
    )
    list_filter = (
        ("project", AutocompleteSelectFilter),
        ("kind", ChoicesDropdownFilter),
        ("state", ChoicesDropdownFilter),
        ("outcome", ChoicesDropdownFilter),
        ("assignee", AutocompleteSelectFilter),
        ("created_at", RangeDateTimeFilter),
    )
    list_select_related = ("project", "scene", "assignee", "author", "reserved_for")
    search_fields = ("scene__name", "project__name", "assignee__email", "author__email")
    ordering = ("-updated_at",)
    fieldsets = (
        (None, {"fields": (("project", "scene"), ("kind", "stage"), ("state", "outcome"))}),
        (
            "Who",
            {
                "fields": (
                    ("assignee", "author"),
                    ("reserved_for", "reserved_until"),
                    ("lease_token", "lease_expires_at"),
                    ("leased_at", "done_at"),
                )
            },
        ),
        (
            "What",
            {
                "fields": (
                    ("priority", "priority_set_by_hand"),
                    ("round", "submitted_version"),
                    ("due_on", "created_at"),
                    "note",
                )
            },
        ),
    )
    inlines = (EventInline,)
    actions = ("give_back",)

    @shown(description="Task", ordering="pk", header=True)
    def title(self, task: Task) -> list[str]:
        """What, and of which scene."""
        return [f"{task.get_kind_display()} {task.scene}", task.project.name]

    @shown(description="Outcome", ordering="outcome", label=STATE_COLORS)
    def outcome_mark(self, task: Task) -> tuple[str, str]:
        """How it ended."""
        return state_of(task, "outcome")

    @shown(description="Person", ordering="assignee")
    def holder(self, task: Task) -> str:
        """Who has it, or for whom it is kept."""
        if task.assignee is not None:
            return str(task.assignee)
        return "" if task.reserved_for is None else f"kept for {task.reserved_for}"

    @shown(description="Lease", ordering="lease_expires_at")
    def lease(self, task: Task) -> str:
        """How long it is still held."""
        if task.lease_expires_at is None:
            return ""
        minutes = int((task.lease_expires_at - timezone.now()).total_seconds() // 60)
        return f"{minutes} min left" if minutes >= 0 else "expired"

    @admin.action(description="Give back to everybody", permissions=["staff"])
    def give_back(self, request: HttpRequest, tasks: QuerySet[Task]) -> None:
        """Take tasks from whoever has them, and open them to all."""
        for task in tasks:
            try:
                unassign(task, by=_person(request))
            except PortalError as error:
                self.message_user(request, error.detail, messages.ERROR)
            else:
                self.message_user(request, f"“{task}” is open.", messages.SUCCESS)

    def has_staff_permission(self, request: HttpRequest) -> bool:
        """Whoever may change tasks; here that is giving them back, nothing else."""
        return bool(request.user.has_perm("operations.change_task"))


@admin.register(TaskEvent)
class TaskEventAdmin(RecordAdmin):
    """The history of all work."""

    list_display = ("happened_at", "kind", "task", "person", "by", "note")
    list_filter = (
        ("kind", ChoicesDropdownFilter),
        ("person", AutocompleteSelectFilter),
        ("happened_at", RangeDateTimeFilter),
    )
    list_select_related = ("task", "person", "by")
    search_fields = ("task__scene__name", "person__email", "note")
    ordering = ("-pk",)


@admin.register(SceneProgress)
class SceneProgressAdmin(RecordAdmin):
    """How far each scene is in its project's pipeline."""

    list_display = ("scene", "project", "state_mark", "round", "updated_at")
    list_filter = (("project", AutocompleteSelectFilter), ("state", ChoicesDropdownFilter))
    list_select_related = ("scene", "project")
    search_fields = ("scene__name", "project__name")


@admin.register(Stage)
class StageAdmin(PortalAdmin):
    """Steps of pipelines; how long a lease lasts may be changed."""

    list_display = ("project", "position", "kind", "lease_minutes")
    list_filter = (("project", AutocompleteSelectFilter), ("kind", ChoicesDropdownFilter))
    list_select_related = ("project",)
    search_fields = ("project__name",)
    readonly_fields = ("project", "position", "kind")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A pipeline is laid when a project is ordered."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Tasks stand in it."""
        return False


@admin.register(Contribution)
class ContributionAdmin(RecordAdmin):
    """Who had a hand in which scene, and so does not review it."""

    list_display = ("scene", "person", "task", "created_at")
    list_filter = (("person", AutocompleteSelectFilter),)
    list_select_related = ("scene", "person", "task")
    search_fields = ("scene__name", "person__email")


@admin.register(Draft)
class DraftAdmin(RecordAdmin):
    """Edits that came too late, kept for their authors."""

    list_display = ("task", "author", "base_version", "reason", "created_at")
    list_filter = (("author", AutocompleteSelectFilter), ("created_at", RangeDateTimeFilter))
    list_select_related = ("task__scene", "author")
    search_fields = ("task__scene__name", "author__email", "reason")


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise TypeError("only people use the admin")
    return request.user
