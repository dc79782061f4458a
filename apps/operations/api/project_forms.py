"""How orders, boards and a project's people look in the API."""

from typing import Any

from rest_framework import serializers

from apps.accounts.models import User
from apps.operations.selectors.load import Load
from apps.projects.access import Role
from apps.projects.models import Project
from apps.workforce.api import WorkerOutput
from apps.workforce.rules import is_qualified


class OrderInput(serializers.Serializer[Project]):
    """What a customer asks for."""

    client_id = serializers.IntegerField()
    name = serializers.CharField(max_length=200)
    description = serializers.CharField(allow_blank=True, default="", max_length=10_000)
    instructions = serializers.CharField(allow_blank=True, default="", max_length=10_000)
    template_key = serializers.SlugField(max_length=40, default="driving")
    class_keys = serializers.ListField(
        child=serializers.SlugField(max_length=80), default=list, max_length=200
    )
    modalities = serializers.ListField(
        child=serializers.SlugField(max_length=40), default=list, max_length=20
    )
    max_error_rate = serializers.FloatField(default=0.02)
    confidence = serializers.FloatField(default=0.95)
    due_on = serializers.DateField(allow_null=True, default=None)


class ProgressOutput(serializers.Serializer[Any]):
    """How far a project is, without who does it."""

    project_id = serializers.IntegerField()
    scenes = serializers.DictField(child=serializers.IntegerField())
    scenes_left = serializers.IntegerField()
    accepted_by_day = serializers.ListField(child=serializers.IntegerField())
    submitted_by_day = serializers.ListField(child=serializers.IntegerField())
    days_needed = serializers.FloatField(allow_null=True)
    due_on = serializers.DateField(allow_null=True)
    due_risk = serializers.CharField()


class QueueOutput(serializers.Serializer[Any]):
    """Living tasks of one kind."""

    waiting = serializers.IntegerField()
    kept = serializers.IntegerField()
    leased = serializers.IntegerField()
    expired = serializers.IntegerField()


class InWorkOutput(serializers.Serializer[Any]):
    """A task that a person has now."""

    task_id = serializers.IntegerField()
    kind = serializers.CharField()
    scene_id = serializers.IntegerField()
    scene_name = serializers.CharField()
    person_id = serializers.IntegerField()
    person_name = serializers.CharField()
    leased_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True)


class BoardOutput(ProgressOutput):
    """How a project stands, for its managers."""

    open_findings = serializers.DictField(child=serializers.IntegerField())
    blocking_findings = serializers.IntegerField()
    queues = serializers.DictField(child=QueueOutput())
    returned_count = serializers.IntegerField()
    in_work = InWorkOutput(many=True)


class LoadOutput(serializers.Serializer[Load]):
    """What a person has on their hands in the project."""

    in_work = serializers.IntegerField()
    kept = serializers.IntegerField()
    ended_count = serializers.IntegerField()
    returned_count = serializers.IntegerField()
    last_active_at = serializers.DateTimeField(allow_null=True)


class StaffOutput(serializers.Serializer[Any]):
    """A person who works in a project."""

    person = WorkerOutput()
    load = LoadOutput()
    may = serializers.ListField(child=serializers.CharField())
    qualified_for = serializers.ListField(child=serializers.CharField())

    @staticmethod
    def row(worker: User, *, project: Project, load: Load) -> dict[str, Any]:
        """Put together what is shown of a person.

        Args:
            worker: From `workers_of`.
            project: In which they work.
            load: Their load there.
        """
        held = getattr(worker, "valid_qualifications", [])
        qualified = [
            kind
            for kind in ("label", "review")
            if is_qualified(project.modalities, held=[q.modality for q in held if q.kind == kind])
        ]
        rights = {
            one.permission.codename.removesuffix("_project")
            for one in getattr(worker, "rights", [])
        }
        return {
            "person": worker,
            "load": load,
            "may": sorted(rights & {"label", "review"}),
            "qualified_for": qualified,
        }


class StaffInput(serializers.Serializer[Project]):
    """Who gets which role; customers are the client's affair."""

    user_id = serializers.IntegerField()
    role = serializers.ChoiceField(
        choices=[(r.value, r.label) for r in (Role.ANNOTATOR, Role.REVIEWER)]
    )
