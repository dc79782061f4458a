"""Deliveries over HTTP: list, open, follow, fetch."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from apps.accounts.api import person
from apps.core.errors import NotFound
from apps.core.jobs import enqueue_run
from apps.deliveries.formats.registry import FORMATS
from apps.deliveries.models import Delivery
from apps.deliveries.selectors import visible_to, with_scene_counts
from apps.deliveries.services import cancel_delivery, open_delivery
from apps.projects import access
from apps.scenes.links import asset_link, link_expiry


class DeliveryInput(serializers.Serializer[Any]):
    """What a delivery is asked for with."""

    project = serializers.SlugField(help_text="The project's slug.")
    formats = serializers.MultipleChoiceField(choices=sorted(FORMATS))
    note = serializers.CharField(required=False, allow_blank=True, max_length=2000, default="")


class DeliveryOutput(serializers.ModelSerializer[Delivery]):
    """A delivery as it is told."""

    scene_count = serializers.IntegerField(read_only=True)
    done = serializers.IntegerField(source="job.done", default=0, read_only=True)
    total = serializers.IntegerField(source="job.total", default=0, read_only=True)
    archive_url = serializers.SerializerMethodField()
    archive_size_bytes = serializers.IntegerField(
        source="archive.size_bytes", default=None, read_only=True
    )

    class Meta:
        model = Delivery
        fields = [
            "id",
            "project",
            "number",
            "state",
            "formats",
            "note",
            "message",
            "scene_count",
            "done",
            "total",
            "created_at",
            "ready_at",
            "manifest_sha256",
            "archive_url",
            "archive_size_bytes",
        ]

    def get_archive_url(self, delivery: Delivery) -> str | None:
        """A signed link that expires."""
        archive = delivery.archive
        if archive is None:
            return None
        return asset_link(archive.sha256, archive.extension, until=link_expiry())


class Deliveries(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Delivery]):
    """What customers receive."""

    queryset = Delivery.objects.none()
    serializer_class = DeliveryOutput
    filterset_fields = ("project", "state")

    def get_queryset(self) -> Any:
        """Only deliveries of projects whose customer or manager the person is."""
        return with_scene_counts(visible_to(person(self.request)))

    @extend_schema(request=DeliveryInput, responses={202: DeliveryOutput})
    def create(self, request: Request) -> Response:
        """Open a delivery of all accepted scenes and start packing it."""
        given = DeliveryInput(data=request.data)
        given.is_valid(raise_exception=True)
        by, slug = person(request), given.validated_data["project"]
        project = access.visible_to(by).filter(slug=slug).first()
        if project is None:
            raise NotFound(f"There is no project “{slug}” that you may see.")
        delivery = open_delivery(
            project,
            by=by,
            formats=sorted(given.validated_data["formats"]),
            note=given.validated_data["note"],
        )
        if delivery.job is not None:
            enqueue_run(delivery.job)
        found = self.get_queryset().get(pk=delivery.pk)
        return Response(DeliveryOutput(found).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses=DeliveryOutput)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Stop packing."""
        cancel_delivery(self.get_object(), by=person(request))
        return Response(DeliveryOutput(self.get_object()).data)
