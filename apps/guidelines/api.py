"""The API's edge of guidelines: versions, their clauses, and templates to start from."""

from typing import Any

from django.db.models import QuerySet
from django_filters.rest_framework import FilterSet, NumberFilter
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet, ViewSet

from apps.accounts.api import person
from apps.core.errors import NotFound, Refused
from apps.guidelines.document import dumped
from apps.guidelines.models import Clause, GuidelineVersion
from apps.guidelines.selectors import clause_html, clauses_of, versions_visible_to
from apps.guidelines.services import (
    change_draft,
    draft_from_template,
    draft_version,
    publish_version,
    retire_version,
)
from apps.guidelines.templates import ClauseText, Template, templates
from apps.projects.access import may, visible_to


class ClauseOutput(serializers.ModelSerializer[Clause]):
    """One numbered rule, as written and as shown."""

    body_html = serializers.SerializerMethodField()

    class Meta:
        model = Clause
        fields = ("number", "title", "body_md", "body_html")

    def get_body_html(self, clause: Clause) -> str:
        """The rule as safe HTML."""
        return clause_html(clause)


class GuidelineOutput(serializers.ModelSerializer[GuidelineVersion]):
    """A version, without what is in it."""

    project_slug = serializers.CharField(source="project.slug", read_only=True)
    clause_count = serializers.IntegerField(read_only=True)

    class Meta:
        model = GuidelineVersion
        fields: tuple[str, ...] = (
            "id",
            "project_id",
            "project_slug",
            "number",
            "state",
            "title",
            "change_note",
            "clause_count",
            "published_at",
            "created_at",
        )


class WholeGuidelineOutput(GuidelineOutput):
    """A version with its document and clauses."""

    clauses = serializers.SerializerMethodField()

    class Meta(GuidelineOutput.Meta):
        fields: tuple[str, ...] = (*GuidelineOutput.Meta.fields, "document", "clauses")

    @extend_schema(responses=ClauseOutput(many=True))
    def get_clauses(self, version: GuidelineVersion) -> list[dict[str, Any]]:
        """The rules in reading order."""
        return list(ClauseOutput(clauses_of(version), many=True).data)


class ClauseInput(serializers.Serializer[Clause]):
    """One numbered rule."""

    number = serializers.CharField(max_length=20)
    title = serializers.CharField(max_length=200)
    body_md = serializers.CharField(required=False, allow_blank=True, default="")


class DraftInput(serializers.Serializer[GuidelineVersion]):
    """All of a draft."""

    title = serializers.CharField(max_length=200)
    document = serializers.JSONField()
    clauses = ClauseInput(many=True, required=False, default=list)
    change_note = serializers.CharField(required=False, allow_blank=True, default="")


class NewDraftInput(serializers.Serializer[GuidelineVersion]):
    """A draft from a template, or one of one's own."""

    project_id = serializers.IntegerField()
    template = serializers.SlugField(required=False)
    title = serializers.CharField(max_length=200, required=False)
    document = serializers.JSONField(required=False)
    clauses = ClauseInput(many=True, required=False, default=list)
    change_note = serializers.CharField(required=False, allow_blank=True, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One or the other."""
        if "template" not in attrs and not {"title", "document"} <= attrs.keys():
            raise serializers.ValidationError("Give a template, or a title and a document.")
        return attrs


class GuidelineFilters(FilterSet):  # type: ignore[misc]  # django-filter has no types
    """Of one project, in one state; by number, so that a foreign project looks like none."""

    project = NumberFilter(field_name="project_id")

    class Meta:
        model = GuidelineVersion
        fields = ("state",)


class Guidelines(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[GuidelineVersion]
):
    """Guideline versions of my projects; managers write them."""

    queryset = GuidelineVersion.objects.none()
    serializer_class = GuidelineOutput
    filterset_class = GuidelineFilters

    def get_queryset(self) -> QuerySet[GuidelineVersion]:
        """Only those."""
        return versions_visible_to(person(self.request))

    @extend_schema(responses=WholeGuidelineOutput)
    def retrieve(self, request: Request, *args: object, **kwargs: object) -> Response:
        """A version with its document and clauses."""
        return Response(WholeGuidelineOutput(self.get_object()).data)

    @extend_schema(request=NewDraftInput, responses={201: WholeGuidelineOutput})
    def create(self, request: Request) -> Response:
        """Begin a draft."""
        sent = NewDraftInput(data=request.data)
        sent.is_valid(raise_exception=True)
        values = sent.validated_data
        project = visible_to(person(request)).filter(pk=values["project_id"]).first()
        if project is None:
            raise NotFound("There is no such project, or it is not yours to see.")
        self._refuse_others(project.pk)
        if "template" in values:
            version = draft_from_template(project, template_key=values["template"])
        else:
            version = draft_version(
                project,
                title=values["title"],
                document=values["document"],
                clauses=_texts(values["clauses"]),
                change_note=values["change_note"],
            )
        return Response(self._whole(version), status=status.HTTP_201_CREATED)

    @extend_schema(request=DraftInput, responses=WholeGuidelineOutput)
    def update(self, request: Request, *args: object, **kwargs: object) -> Response:
        """Rewrite a draft."""
        version = self._managed()
        sent = DraftInput(data=request.data)
        sent.is_valid(raise_exception=True)
        values = sent.validated_data
        return Response(
            self._whole(
                change_draft(
                    version,
                    title=values["title"],
                    document=values["document"],
                    clauses=_texts(values["clauses"]),
                    change_note=values["change_note"],
                )
            )
        )

    @extend_schema(request=None, responses=WholeGuidelineOutput)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: str) -> Response:
        """Put a draft in force; the version before is retired."""
        return Response(self._whole(publish_version(self._managed(), by=person(request))))

    @extend_schema(request=None, responses=WholeGuidelineOutput)
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, pk: str) -> Response:
        """Take the version in force out of it."""
        return Response(self._whole(retire_version(self._managed())))

    def _managed(self) -> GuidelineVersion:
        version: GuidelineVersion = self.get_object()
        self._refuse_others(version.project_id)
        return version

    def _refuse_others(self, project_id: int) -> None:
        if not may(person(self.request), "manage_project", project_id):
            raise Refused("Only the project's managers write its guideline; ask one of them.")

    def _whole(self, version: GuidelineVersion) -> dict[str, Any]:
        whole: dict[str, Any] = WholeGuidelineOutput(self.get_queryset().get(pk=version.pk)).data
        return whole


class GuidelineTemplates(ViewSet):
    """Guidelines to start from."""

    lookup_value_regex = "[a-z_]+"

    @extend_schema(responses={200: dict})
    def list(self, request: Request) -> Response:
        """All of them, with their classes and clauses."""
        return Response([_template(template) for template in templates()])


def _texts(clauses: list[dict[str, str]]) -> list[ClauseText]:
    return [ClauseText(**clause) for clause in clauses]


def _template(template: Template) -> dict[str, Any]:
    return {
        "key": template.key,
        "title": template.title,
        "description": template.description,
        "modalities": template.modalities,
        "document": dumped(template.document),
        "clauses": [
            {"number": clause.number, "title": clause.title, "body_md": clause.body_md}
            for clause in template.clauses
        ],
    }
