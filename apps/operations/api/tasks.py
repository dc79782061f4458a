"""The API's edge of work: tasks listed, taken, held, handed in, judged, assigned."""

from typing import Any, ClassVar
from urllib.parse import quote

from django.db.models import QuerySet
from django_filters.rest_framework import BooleanFilter, CharFilter, FilterSet, NumberFilter
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from apps.accounts.api import person
from apps.accounts.models import User
from apps.core.errors import Invalid, NotFound, Refused
from apps.core.pagination import Pages
from apps.operations.api.task_forms import (
    AssignInput,
    BulkAssignInput,
    BulkPriorityInput,
    ClaimOutput,
    EventOutput,
    JudgeInput,
    LeaseInput,
    LeaseOutput,
    NextInput,
    PriorityInput,
    SubmitInput,
    TaskOutput,
)
from apps.operations.models import Task
from apps.operations.rules import PERMISSION_FOR, may_manage
from apps.operations.selectors.reasons import why_no_task
from apps.operations.selectors.tasks import history_of, tasks_of, visible_tasks, with_names
from apps.operations.services.leasing import claim, claim_next, extend, release
from apps.operations.services.reviewing import accept, return_to_author, submit
from apps.operations.services.staffing import bulk_assign, reprioritise
from apps.projects.access import people_with


class TaskFilters(FilterSet):  # type: ignore[misc]  # django-filter has no types
    """Which tasks; a project by number, so that a foreign one looks like none."""

    state = CharFilter(method="of_states")
    kind = CharFilter()
    project = NumberFilter(field_name="project_id")
    scene = NumberFilter(field_name="scene_id")
    mine = BooleanFilter(method="of_mine")

    class Meta:
        model = Task
        fields: ClassVar[list[str]] = []

    def of_states(self, tasks: QuerySet[Task], _name: str, value: str) -> QuerySet[Task]:
        """In one of some states, divided by commas."""
        return tasks.filter(state__in=value.split(","))

    def of_mine(self, tasks: QuerySet[Task], _name: str, value: bool) -> QuerySet[Task]:
        """In my hands, or waiting for me by name."""
        return tasks.filter(tasks_of(person(self.request))) if value else tasks


class Tasks(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Task]):
    """Work that I may know of."""

    queryset = Task.objects.none()
    serializer_class = TaskOutput
    filterset_class = TaskFilters
    lookup_value_regex = r"\d+"

    def get_queryset(self) -> QuerySet[Task]:
        """Only that."""
        return with_names(visible_tasks(person(self.request)))

    @extend_schema(
        request=NextInput,
        responses={200: ClaimOutput, 204: OpenApiResponse(description="Nothing fits.")},
    )
    @action(detail=False, methods=["post"])
    def next(self, request: Request) -> Response:
        """Take the task that waits first for me; 204 and the reason where none does."""
        wanted = _sent(NextInput, request)
        task = claim_next(person(request), **wanted)
        if task is None:
            reason = why_no_task(person(request), **wanted)
            # A header holds no letters beyond Latin-1; names of projects may.
            headers = {"X-Concord-Reason": quote(reason, safe=" ,.;:'()")}
            return Response(status=status.HTTP_204_NO_CONTENT, headers=headers)
        return Response(ClaimOutput(task).data)

    @extend_schema(request=None, responses=ClaimOutput)
    @action(detail=True, methods=["post"])
    def claim(self, request: Request, pk: str) -> Response:
        """Take this task."""
        return Response(ClaimOutput(claim(self.get_object(), by=person(request))).data)

    @extend_schema(request=LeaseInput, responses=LeaseOutput)
    @action(detail=True, methods=["post"])
    def lease(self, request: Request, pk: str) -> Response:
        """Hold it for longer."""
        sent = _sent(LeaseInput, request)
        return Response(LeaseOutput(extend(self.get_object(), by=person(request), **sent)).data)

    @extend_schema(request=LeaseInput, responses=TaskOutput)
    @action(detail=True, methods=["post"])
    def release(self, request: Request, pk: str) -> Response:
        """Put it back; what was saved stays."""
        sent = _sent(LeaseInput, request)
        return Response(TaskOutput(release(self.get_object(), by=person(request), **sent)).data)

    @extend_schema(request=SubmitInput, responses=TaskOutput)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str) -> Response:
        """Hand the labels in."""
        sent = _sent(SubmitInput, request)
        return Response(TaskOutput(submit(self.get_object(), by=person(request), **sent)).data)

    @extend_schema(request=JudgeInput, responses=TaskOutput)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        """Find the labels good."""
        sent = _sent(JudgeInput, request)
        return Response(TaskOutput(accept(self.get_object(), by=person(request), **sent)).data)

    @extend_schema(request=JudgeInput, responses=TaskOutput)
    @action(detail=True, methods=["post"], url_path="return")
    def send_back(self, request: Request, pk: str) -> Response:
        """Return the scene to its author."""
        sent = _sent(JudgeInput, request)
        task = return_to_author(self.get_object(), by=person(request), **sent)
        return Response(TaskOutput(task).data)

    @extend_schema(responses=EventOutput(many=True))
    @action(detail=True, methods=["get"], filterset_class=None)
    def history(self, request: Request, pk: str) -> Response:
        """What happened to it."""
        pages = Pages()
        events = pages.paginate_queryset(history_of(self.get_object()), request)
        return pages.get_paginated_response(EventOutput(events, many=True).data)

    @extend_schema(request=AssignInput, responses=TaskOutput)
    @action(detail=True, methods=["post"])
    def assign(self, request: Request, pk: str) -> Response:
        """Keep it for a person, or give it back to everybody."""
        sent = _sent(AssignInput, request)
        tasks = self._managed([self.get_object()])
        changed = bulk_assign(tasks, to=_worker(tasks, sent["user_id"]), by=person(request))
        return Response(self._shown(changed)[0])

    @extend_schema(request=PriorityInput, responses=TaskOutput)
    @action(detail=True, methods=["post"])
    def priority(self, request: Request, pk: str) -> Response:
        """Set its place in the queue."""
        sent = _sent(PriorityInput, request)
        changed = reprioritise(self._managed([self.get_object()]), by=person(request), **sent)
        return Response(self._shown(changed)[0])

    @extend_schema(request=BulkAssignInput, responses=TaskOutput(many=True))
    @action(detail=False, methods=["post"], url_path="bulk-assign")
    def bulk_assign(self, request: Request) -> Response:
        """Keep several tasks for a person: all of them, or none."""
        sent = _sent(BulkAssignInput, request)
        tasks = self._named(sent["task_ids"])
        changed = bulk_assign(tasks, to=_worker(tasks, sent["user_id"]), by=person(request))
        return Response(self._shown(changed))

    @extend_schema(request=BulkPriorityInput, responses=TaskOutput(many=True))
    @action(detail=False, methods=["post"], url_path="bulk-priority")
    def bulk_priority(self, request: Request) -> Response:
        """Set the place of several tasks in the queue."""
        sent = _sent(BulkPriorityInput, request)
        tasks = self._named(sent["task_ids"])
        return Response(
            self._shown(reprioritise(tasks, priority=sent["priority"], by=person(request)))
        )

    def _named(self, task_ids: list[int]) -> list[Task]:
        found = list(self.get_queryset().filter(pk__in=task_ids))
        if len(found) < len(set(task_ids)):
            raise NotFound("One of these tasks does not exist, or is not yours to see.")
        return self._managed(found)

    def _managed(self, tasks: list[Task]) -> list[Task]:
        asking = person(self.request)
        for project in {task.project for task in tasks}:
            if not may_manage(asking, project):
                raise Refused(f"Only managers of “{project}” staff its tasks; ask one of them.")
        return tasks

    def _shown(self, tasks: list[Task]) -> list[dict[str, Any]]:
        shown = self.get_queryset().filter(pk__in=[task.pk for task in tasks])
        return list(TaskOutput(shown, many=True).data)


def _sent(kind: type[serializers.Serializer[Task]], request: Request) -> dict[str, Any]:
    sent = kind(data=request.data)
    sent.is_valid(raise_exception=True)
    values: dict[str, Any] = sent.validated_data
    return values


def _worker(tasks: list[Task], user_id: int | None) -> User | None:
    """Only people who work in the tasks' projects can be named; others look like nobody."""
    if user_id is None:
        return None
    for task in tasks:
        worker = people_with(PERMISSION_FOR[task.kind], project=task.project)
        if not worker.filter(pk=user_id).exists():
            raise Invalid(
                f"Nobody of that number may {task.kind} in “{task.project}”; give them the right first.",
                fields={"user_id": "is nobody who works there"},
            )
    return User.objects.get(pk=user_id)
