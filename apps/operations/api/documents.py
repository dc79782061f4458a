"""The API's edge of a task's labels: the document, edits, checks, findings, drafts."""

from typing import Any

from django.db.models import QuerySet
from django.utils.http import parse_etags
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from apps.accounts.api import person
from apps.annotation.ops import parse_changesets
from apps.annotation.selectors import change_set_json, changes_since, document_of
from apps.core.errors import NotFound, Refused
from apps.core.pagination import Pages
from apps.operations.api.document_forms import (
    AnswerInput,
    ChecksInput,
    CommentInput,
    DraftOutput,
    DraftRow,
    SaveInput,
    SinceInput,
)
from apps.operations.api.task_forms import LeaseOutput, TaskOutput
from apps.operations.models import Task
from apps.operations.selectors.documents import document_etag, document_json
from apps.operations.selectors.holds import drafts_of, mode_of, visible_findings
from apps.operations.selectors.tasks import readable_tasks, visible_tasks, with_names
from apps.operations.services.answering import answer_finding, comment_on
from apps.operations.services.drafting import SaveRequest
from apps.operations.services.saving import save_changes
from apps.quality.jobs import recheck_objects, recheck_scene
from apps.quality.models import Finding
from apps.quality.selectors import finding_json, living_findings
from apps.quality.services.checking import check_objects

MOST_CHANGES = 500
RECHECK_AFTER_S = 2
WIRE = OpenApiTypes.OBJECT  # its members stand in docs/reference/wire.md


class TaskDocuments(GenericViewSet[Task]):
    """Labels and findings of the tasks that I may know of."""

    queryset = Task.objects.none()
    serializer_class = TaskOutput
    filterset_class = None
    lookup_value_regex = r"\d+"

    def get_queryset(self) -> QuerySet[Task]:
        """Only those; to look at the labels, also those by which a scene was accepted."""
        looks = self.action == "doc" or (self.action == "ops" and self.request.method == "GET")
        tasks = readable_tasks if looks else visible_tasks
        return with_names(tasks(person(self.request)))

    @extend_schema(responses={200: WIRE})
    @action(detail=True, methods=["get"])
    def doc(self, request: Request, pk: str) -> Response:
        """Everything about the scene's labels as of now; 304 if nothing changed."""
        task, asking = self.get_object(), person(request)
        document, mode = document_of(task.scene_id), mode_of(task, by=asking)
        etag = document_etag(task, document, mode=mode, reader_id=asking.pk)
        headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
        if etag in parse_etags(request.headers.get("If-None-Match", "")):
            return Response(status=status.HTTP_304_NOT_MODIFIED, headers=headers)
        return Response(
            {
                "task": TaskOutput(task).data,
                "mode": mode,
                "lease": _lease(task, asking.pk),
                **document_json(task, document),
            },
            headers=headers,
        )

    @extend_schema(
        request=SaveInput,
        responses={200: WIRE, 409: WIRE, 422: WIRE, 423: WIRE},
        parameters=[
            OpenApiParameter("Idempotency-Key", location="header"),
            OpenApiParameter("since", int, description="For GET: from which version on."),
        ],
    )
    @action(detail=True, methods=["post", "get"])
    def ops(self, request: Request, pk: str) -> Response:
        """Save edits, or catch up with those of others."""
        if request.method == "GET":
            return self._since(request)
        task = self.get_object()
        sent = _sent(SaveInput, request.data)
        answer = save_changes(
            task,
            by=person(request),
            request=SaveRequest(
                base_version=sent["base_version"],
                lease_token=sent["lease_token"],
                session=sent["session"],
                change_sets=parse_changesets(sent["changesets"]),
                idempotency_key=request.headers.get("Idempotency-Key", ""),
            ),
        )
        if answer.to_recheck:
            ids = [str(key) for key in answer.to_recheck]
            recheck_objects.apply_async((answer.scene_id, ids), countdown=RECHECK_AFTER_S)
        return Response(answer.json())

    def _since(self, request: Request) -> Response:
        task = self.get_object()
        since = _sent(SinceInput, request.query_params)["since"]
        rows = changes_since(task.scene_id, since, limit=MOST_CHANGES + 1)
        more = len(rows) > MOST_CHANGES
        shown = rows[:MOST_CHANGES]
        version = shown[-1].version if shown else max(since, document_of(task.scene_id).version)
        changes = [change_set_json(row) for row in shown]
        return Response({"version": version, "changesets": changes, "more": more})

    @extend_schema(request=ChecksInput, responses={200: WIRE, 202: WIRE})
    @action(detail=True, methods=["post"])
    def checks(self, request: Request, pk: str) -> Response:
        """Check objects now, with all points; the whole scene in the background if none is named."""
        task = self.get_object()
        ids = _sent(ChecksInput, request.data)["object_ids"]
        if mode_of(task, by=person(request)) == "view":
            raise Refused("Take the task first; its labels are checked while they are worked on.")
        if ids:
            return Response(check_objects(task.scene, ids).json())
        recheck_scene.delay(task.scene_id)
        return Response({"queued": True}, status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=CommentInput, responses={200: WIRE, 201: WIRE})
    @action(detail=True, methods=["get", "post"])
    def findings(self, request: Request, pk: str) -> Response:
        """Living findings of the scene, the worst first; or a reviewer's own, anchored in it."""
        task = self.get_object()
        if request.method == "GET":
            pages = Pages()
            rows = pages.paginate_queryset(living_findings(task.scene_id), request) or []
            return pages.get_paginated_response([finding_json(row) for row in rows])
        sent = _sent(CommentInput, request.data)
        message = sent.pop("message")
        made = comment_on(task, by=person(request), message=message, about=sent)
        return Response(finding_json(made), status=status.HTTP_201_CREATED)

    @extend_schema(responses=DraftRow(many=True))
    @action(detail=True, methods=["get"])
    def drafts(self, request: Request, pk: str) -> Response:
        """My edits that came too late."""
        pages = Pages()
        drafts = drafts_of(self.get_object(), by=person(request))
        rows = pages.paginate_queryset(drafts, request)
        return pages.get_paginated_response(DraftRow(rows, many=True).data)

    @extend_schema(
        responses=DraftOutput, parameters=[OpenApiParameter("draft_id", int, location="path")]
    )
    @action(detail=True, methods=["get"], url_path=r"drafts/(?P<draft_id>\d+)")
    def draft(self, request: Request, pk: str, draft_id: str) -> Response:
        """One of them, with the edits."""
        found = drafts_of(self.get_object(), by=person(request)).filter(pk=draft_id).first()
        if found is None:
            raise NotFound("There is no such draft here, or it is not yours to see.")
        return Response(DraftOutput(found).data)


class Findings(GenericViewSet[Finding]):
    """Findings of the scenes that I may know of."""

    queryset = Finding.objects.none()
    serializer_class = AnswerInput
    filterset_class = None
    lookup_value_regex = r"\d+"

    def get_queryset(self) -> QuerySet[Finding]:
        """Only those."""
        return visible_findings(person(self.request))

    @extend_schema(responses={200: WIRE})
    def retrieve(self, request: Request, pk: str) -> Response:
        """One of them."""
        return Response(finding_json(self.get_object()))

    @extend_schema(request=AnswerInput, responses={200: WIRE})
    def partial_update(self, request: Request, pk: str) -> Response:
        """Waive it with a reason, open it again, or resolve it."""
        finding = self.get_object()
        sent = _sent(AnswerInput, request.data)
        answered = answer_finding(finding, by=person(request), **sent)
        return Response(finding_json(answered))


def _lease(task: Task, reader_id: int) -> dict[str, Any] | None:
    """The hold on the task; only its holder is told the token."""
    if task.state != Task.State.LEASED:
        return None
    lease: dict[str, Any] = dict(LeaseOutput(task).data)
    return lease if task.assignee_id == reader_id else {**lease, "token": 0}


def _sent(kind: type[serializers.Serializer[Any]], data: Any) -> dict[str, Any]:
    sent = kind(data=data)
    sent.is_valid(raise_exception=True)
    values: dict[str, Any] = sent.validated_data
    return values
