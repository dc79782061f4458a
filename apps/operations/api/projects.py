"""The API's edge of projects: ordered, steered, staffed, and how they stand."""

from dataclasses import asdict
from typing import Any

from django.db.models import QuerySet
from django_filters.rest_framework import CharFilter, FilterSet, NumberFilter
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from apps.accounts.api import person
from apps.accounts.models import User
from apps.clients.access import clients_with
from apps.core.errors import NotFound, Refused
from apps.core.pagination import Pages
from apps.operations.api.project_forms import (
    BoardOutput,
    OrderInput,
    ProgressOutput,
    StaffInput,
    StaffOutput,
)
from apps.operations.rules import may_manage
from apps.operations.selectors.board import boards_of
from apps.operations.selectors.load import loads_of, workers_of
from apps.operations.services.ordering import (
    Order,
    activate_project,
    close_project,
    order_project,
    pause_project,
)
from apps.projects.access import grant, revoke
from apps.projects.api import ProjectOutput, TermsInput
from apps.projects.models import Project
from apps.projects.selectors import projects_seen_by
from apps.projects.services import Terms, change_terms
from apps.workforce.selectors import people_seen_by


class ProjectFilters(FilterSet):  # type: ignore[misc]  # django-filter has no types
    """Of one client, in one state."""

    state = CharFilter()
    client = NumberFilter(field_name="client_id")

    class Meta:
        model = Project
        fields = ("slug",)


class Projects(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Project]):
    """Projects that I may know of."""

    queryset = Project.objects.none()
    serializer_class = ProjectOutput
    filterset_class = ProjectFilters
    lookup_value_regex = r"\d+"

    def get_queryset(self) -> QuerySet[Project]:
        """Only those."""
        return projects_seen_by(person(self.request))

    @extend_schema(request=OrderInput, responses={201: ProjectOutput})
    def create(self, request: Request) -> Response:
        """Order a project for a client."""
        asking = person(request)
        sent = OrderInput(data=request.data)
        sent.is_valid(raise_exception=True)
        values = dict(sent.validated_data)
        client = (
            clients_with(asking, "order_for_client").filter(pk=values.pop("client_id")).first()
        )
        if client is None:
            raise NotFound("There is no such client, or you may not order for it.")
        project = order_project(client, order=Order(**values), by=asking)
        return Response(ProjectOutput(project).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=TermsInput, responses=ProjectOutput)
    def partial_update(self, request: Request, *args: object, **kwargs: object) -> Response:
        """Agree on other terms."""
        project = self._managed()
        sent = TermsInput(data=request.data)
        sent.is_valid(raise_exception=True)
        held = {str(name): getattr(project, str(name)) for name in sent.fields}
        changed = change_terms(project, terms=Terms(**{**held, **sent.validated_data}))
        return Response(ProjectOutput(changed).data)

    @extend_schema(request=None, responses=ProjectOutput)
    @action(detail=True, methods=["post"])
    def activate(self, request: Request, pk: str) -> Response:
        """Put it into production."""
        return Response(ProjectOutput(activate_project(self._managed())).data)

    @extend_schema(request=None, responses=ProjectOutput)
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, pk: str) -> Response:
        """Give out no more of its tasks."""
        return Response(ProjectOutput(pause_project(self._managed())).data)

    @extend_schema(request=None, responses=ProjectOutput)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """End the order."""
        return Response(ProjectOutput(close_project(self._managed())).data)

    @extend_schema(responses=ProgressOutput)
    @action(detail=True, methods=["get"])
    def progress(self, request: Request, pk: str) -> Response:
        """How far it is; for everyone who may see it."""
        project = self.get_object()
        return Response(ProgressOutput(asdict(boards_of([project])[project.pk])).data)

    @extend_schema(responses=BoardOutput)
    @action(detail=True, methods=["get"])
    def board(self, request: Request, pk: str) -> Response:
        """How it stands, with findings, queues and who is on what; for its managers."""
        project = self._managed()
        return Response(BoardOutput(asdict(boards_of([project])[project.pk])).data)

    @extend_schema(responses=StaffOutput(many=True))
    @action(detail=True, methods=["get"], url_path="people")
    def people(self, request: Request, pk: str) -> Response:
        """Who works in it: qualified or not, away or not, with how much on their hands."""
        project = self._managed()
        pages = Pages()
        workers = pages.paginate_queryset(workers_of(project), request) or []
        loads = loads_of(workers, projects=[project])
        rows = [StaffOutput.row(one, project=project, load=loads[one.pk]) for one in workers]
        return pages.get_paginated_response(StaffOutput(rows, many=True).data)

    @extend_schema(request=StaffInput, responses={204: None})
    @people.mapping.post
    def staff(self, request: Request, pk: str) -> Response:
        """Let a person label, or review, in it."""
        project, worker, role = self._staffed(request.data)
        grant(worker, role, project=project)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=StaffInput, responses={204: None})
    @people.mapping.delete
    def unstaff(self, request: Request, pk: str) -> Response:
        """Take a role back."""
        project, worker, role = self._staffed(request.data)
        revoke(worker, role, project=project)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _staffed(self, values: Any) -> tuple[Project, User, str]:
        project = self._managed()
        sent = StaffInput(data=values)
        sent.is_valid(raise_exception=True)
        user_id = sent.validated_data["user_id"]
        worker = people_seen_by(person(self.request)).filter(pk=user_id).first()
        if worker is None:
            raise NotFound("There is no such person, or they are not yours to see.")
        return project, worker, sent.validated_data["role"]

    def _managed(self) -> Project:
        project: Project = self.get_object()
        if not may_manage(person(self.request), project):
            raise Refused(f"Only managers of “{project}” may do that; ask one of them.")
        return project
