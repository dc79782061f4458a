"""The API's edge of imports: started, watched, stopped, and what became of each file."""

from typing import ClassVar

from django.db.models import QuerySet
from django_filters.rest_framework import CharFilter, FilterSet, NumberFilter
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from apps.accounts.api import person
from apps.core.errors import NotFound, Refused
from apps.core.jobs import enqueue_run
from apps.core.pagination import Pages
from apps.operations.services.intake import cancel_import, start_upload_import
from apps.projects.access import visible_to as visible_projects
from apps.projects.models import Project
from apps.scenes.importers.registry import FORMATS
from apps.scenes.models import ImportedFile, RecordingImport
from apps.scenes.rules import may_bring_in
from apps.scenes.selectors.imports import imports_visible_to, state_of


class ImportInput(serializers.Serializer[RecordingImport]):
    """What is to be imported."""

    project = serializers.IntegerField()
    upload_batch = serializers.UUIDField()
    format = serializers.ChoiceField(choices=FORMATS, default="auto")
    with_labels = serializers.BooleanField(default=False)


class ImportOutput(serializers.ModelSerializer[RecordingImport]):
    """An import, and how far it is."""

    project_slug = serializers.CharField(source="project.slug")
    format = serializers.CharField(source="format_key")
    state = serializers.SerializerMethodField()
    started_by = serializers.CharField(source="started_by.name", default="")
    done = serializers.IntegerField(source="job.done", default=0)
    total = serializers.IntegerField(source="job.total", default=0)
    step = serializers.CharField(source="job.message", default="")
    stopping = serializers.BooleanField(source="job.cancel_requested", default=False)
    scene_count = serializers.IntegerField(default=0)
    file_count = serializers.IntegerField(default=0)
    failed_count = serializers.IntegerField(default=0)

    class Meta:
        model = RecordingImport
        fields = (
            "id",
            "project_id",
            "project_slug",
            "format",
            "with_labels",
            "state",
            "message",
            "done",
            "total",
            "step",
            "stopping",
            "scene_count",
            "file_count",
            "failed_count",
            "started_by",
            "created_at",
            "updated_at",
        )

    def get_state(self, found: RecordingImport) -> str:
        """How it stands, its run considered."""
        return state_of(found)


class ImportedFileOutput(serializers.ModelSerializer[ImportedFile]):
    """What became of one file."""

    class Meta:
        model = ImportedFile
        fields = ("path", "state", "field", "problem", "mend", "scene_id")


class ImportFilters(FilterSet):  # type: ignore[misc]  # django-filter has no types
    """Which imports; a project by number, so that a foreign one looks like none."""

    project = NumberFilter(field_name="project_id")
    state = CharFilter()

    class Meta:
        model = RecordingImport
        fields: ClassVar[list[str]] = []


class Imports(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[RecordingImport]):
    """Imports into projects that I may know of."""

    queryset = RecordingImport.objects.none()
    serializer_class = ImportOutput
    filterset_class = ImportFilters
    lookup_value_regex = r"\d+"

    def get_queryset(self) -> QuerySet[RecordingImport]:
        """Only those, newest first."""
        return imports_visible_to(person(self.request)).order_by("-pk")

    @extend_schema(request=ImportInput, responses={202: ImportOutput})
    def create(self, request: Request) -> Response:
        """Import what was uploaded under a batch."""
        sent = ImportInput(data=request.data)
        sent.is_valid(raise_exception=True)
        project = self._project(sent.validated_data["project"])
        ordered = start_upload_import(
            project,
            upload_batch=sent.validated_data["upload_batch"],
            format_key=sent.validated_data["format"],
            with_labels=sent.validated_data["with_labels"],
            by=person(request),
        )
        if ordered.job is not None:
            enqueue_run(ordered.job)
        return Response(ImportOutput(ordered).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses=ImportOutput)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Stop it; scenes that are in stay."""
        found = self.get_object()
        if not may_bring_in(person(request), found.project_id):
            raise Refused("Only who may bring recordings into the project can stop an import.")
        cancel_import(found)
        return Response(ImportOutput(self.get_object()).data)

    @extend_schema(responses=ImportedFileOutput(many=True))
    @action(detail=True, filterset_class=None)
    def files(self, request: Request, pk: str) -> Response:
        """List what became of each file; `?state=failed` narrows."""
        rows = self.get_object().files.order_by("pk")
        state = request.query_params.get("state")
        pages = Pages()
        page = pages.paginate_queryset(
            rows.filter(state=state) if state else rows, request, view=self
        )
        return pages.get_paginated_response(ImportedFileOutput(page, many=True).data)

    def _project(self, pk: int) -> Project:
        project = visible_projects(person(self.request)).filter(pk=pk).first()
        if project is None:
            raise NotFound("There is no such project, or it is not yours to see.")
        if not may_bring_in(person(self.request), project):
            raise Refused(f"You may not bring recordings into “{project}”.")
        return project
