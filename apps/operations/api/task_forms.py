"""How tasks, leases and their history look in the API, and what is sent about them."""

from rest_framework import serializers

from apps.accounts.models import User
from apps.operations.models import Task, TaskEvent


class TaskOutput(serializers.ModelSerializer[Task]):
    """A task; an open one that is kept for a person has them as its assignee."""

    scene_name = serializers.CharField(source="scene.name", read_only=True)
    project_name = serializers.CharField(source="project.name", read_only=True)
    project_slug = serializers.CharField(source="project.slug", read_only=True)
    assignee_id = serializers.SerializerMethodField()
    assignee_name = serializers.SerializerMethodField()
    author_name = serializers.SerializerMethodField()

    class Meta:
        model = Task
        fields = (
            "id",
            "kind",
            "state",
            "outcome",
            "round",
            "scene_id",
            "scene_name",
            "project_id",
            "project_name",
            "project_slug",
            "author_id",
            "author_name",
            "assignee_id",
            "assignee_name",
            "reserved_until",
            "priority",
            "priority_set_by_hand",
            "due_on",
            "note",
            "leased_at",
            "lease_expires_at",
            "done_at",
            "submitted_version",
            "created_at",
        )

    def get_assignee_id(self, task: Task) -> int | None:
        """Who has it, had it last, or is to have it."""
        return task.assignee_id or task.reserved_for_id

    def get_assignee_name(self, task: Task) -> str:
        """Their name."""
        return _name(task.assignee or task.reserved_for)

    def get_author_name(self, task: Task) -> str:
        """Whose work a review judges."""
        return _name(task.author)


class LeaseOutput(serializers.Serializer[Task]):
    """A hold on a task; the token goes with every save."""

    token = serializers.IntegerField(source="lease_token")
    expires_at = serializers.DateTimeField(source="lease_expires_at")
    holder_id = serializers.IntegerField(source="assignee_id")


class ClaimOutput(serializers.Serializer[Task]):
    """A task with the lease under which it was taken."""

    task = TaskOutput(source="*")
    lease = LeaseOutput(source="*")


class EventOutput(serializers.ModelSerializer[TaskEvent]):
    """One line of a task's history."""

    person_name = serializers.SerializerMethodField()
    by_name = serializers.SerializerMethodField()

    class Meta:
        model = TaskEvent
        fields = (
            "id",
            "kind",
            "person_id",
            "person_name",
            "by_id",
            "by_name",
            "note",
            "happened_at",
        )

    def get_person_name(self, event: TaskEvent) -> str:
        """Whom it concerns."""
        return _name(event.person)

    def get_by_name(self, event: TaskEvent) -> str:
        """Who did it, where that is somebody else."""
        return _name(event.by)


class NextInput(serializers.Serializer[Task]):
    """What kind of work, from where."""

    kind = serializers.ChoiceField(choices=Task.Kind.choices, required=False, default=None)
    project = serializers.IntegerField(required=False, allow_null=True, default=None)


class LeaseInput(serializers.Serializer[Task]):
    """Under which lease."""

    lease_token = serializers.IntegerField()


class SubmitInput(LeaseInput):
    """Under which lease, and which version of the labels."""

    version = serializers.IntegerField(min_value=0)


class JudgeInput(SubmitInput):
    """Likewise, with what the reviewer says."""

    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=5000)


class AssignInput(serializers.Serializer[Task]):
    """For whom the task is kept; nobody if null."""

    user_id = serializers.IntegerField(allow_null=True)


class PriorityInput(serializers.Serializer[Task]):
    """Higher goes first."""

    priority = serializers.IntegerField()


class BulkInput(serializers.Serializer[Task]):
    """Several tasks at once."""

    task_ids = serializers.ListField(
        child=serializers.IntegerField(), min_length=1, max_length=500
    )


class BulkAssignInput(BulkInput, AssignInput):
    """Several tasks for one person."""


class BulkPriorityInput(BulkInput, PriorityInput):
    """Several tasks with one priority."""


def _name(one: User | None) -> str:
    return "" if one is None else one.name
