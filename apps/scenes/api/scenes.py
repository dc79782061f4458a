"""The API's edge of recordings: scenes and their captures."""

from typing import ClassVar

from django.db.models import QuerySet
from django_filters.rest_framework import CharFilter, FilterSet, NumberFilter
from rest_framework import mixins, serializers
from rest_framework.viewsets import GenericViewSet

from apps.accounts.api import person
from apps.scenes.links import asset_link, link_expiry
from apps.scenes.models import Asset, Capture, Scene, Sensor
from apps.scenes.selectors.scenes import captures_visible_to, scenes_with_sensors


class SceneSensorOutput(serializers.ModelSerializer[Sensor]):
    """A device of a scene."""

    class Meta:
        model = Sensor
        fields = ("id", "key", "label", "modality")


class SceneOutput(serializers.ModelSerializer[Scene]):
    """A stretch of recording."""

    project_slug = serializers.CharField(source="project.slug")
    project_name = serializers.CharField(source="project.name")
    t0_ns = serializers.CharField(help_text="Nanoseconds since the epoch, as text.")
    notes = serializers.ListField(
        child=serializers.CharField(), help_text="What the importer had to assume."
    )
    sensors = SceneSensorOutput(many=True)

    class Meta:
        model = Scene
        fields = (
            "id",
            "name",
            "project_id",
            "project_slug",
            "project_name",
            "source_format",
            "t0_ns",
            "duration_ns",
            "frame_count",
            "notes",
            "sensors",
            "created_at",
        )


class CaptureOutput(serializers.ModelSerializer[Capture]):
    """One sensor's data at one instant, with links to its files."""

    scene_id = serializers.IntegerField(source="frame.scene_id")
    frame_index = serializers.IntegerField(source="frame.index")
    sensor_key = serializers.CharField(source="sensor.key")
    modality = serializers.CharField(source="sensor.modality")
    asset = serializers.CharField(source="original_id")
    original_url = serializers.SerializerMethodField()
    display_url = serializers.SerializerMethodField()
    preview_url = serializers.SerializerMethodField()
    ground_url = serializers.SerializerMethodField()

    class Meta:
        model = Capture
        fields = (
            "id",
            "scene_id",
            "frame_index",
            "sensor_key",
            "modality",
            "at_ns",
            "source_path",
            "asset",
            "original_url",
            "display_url",
            "preview_url",
            "ground_url",
            "width_px",
            "height_px",
            "point_count",
            "dropped_point_count",
        )

    def get_original_url(self, capture: Capture) -> str:
        """Where the file as it came is."""
        return _link(capture.original) or ""

    def get_display_url(self, capture: Capture) -> str:
        """Where the file that browsers show is."""
        return _link(capture.display) or ""

    def get_preview_url(self, capture: Capture) -> str | None:
        """Where a small picture of it is."""
        return _link(capture.preview)

    def get_ground_url(self, capture: Capture) -> str | None:
        """Where the ground raster is."""
        return _link(capture.ground)


class SceneFilters(FilterSet):  # type: ignore[misc]  # django-filter has no types
    """Which scenes; a project by number, so that a foreign one looks like none."""

    project = NumberFilter(field_name="project_id")
    name = CharFilter(lookup_expr="icontains")

    class Meta:
        model = Scene
        fields: ClassVar[list[str]] = []


class CaptureFilters(FilterSet):  # type: ignore[misc]  # django-filter has no types
    """Which captures."""

    scene = NumberFilter(field_name="frame__scene_id")
    frame = NumberFilter(field_name="frame__index")
    sensor = CharFilter(field_name="sensor__key")

    class Meta:
        model = Capture
        fields: ClassVar[list[str]] = []


class Scenes(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Scene]):
    """Scenes that I may know of."""

    queryset = Scene.objects.none()
    serializer_class = SceneOutput
    filterset_class = SceneFilters
    lookup_value_regex = r"\d+"

    def get_queryset(self) -> QuerySet[Scene]:
        """Only those."""
        return scenes_with_sensors(person(self.request))


class Captures(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Capture]):
    """Captures of scenes that I may know of."""

    queryset = Capture.objects.none()
    serializer_class = CaptureOutput
    filterset_class = CaptureFilters
    lookup_value_regex = r"\d+"

    def get_queryset(self) -> QuerySet[Capture]:
        """Only those."""
        return captures_visible_to(person(self.request))


def _link(asset: Asset | None) -> str | None:
    if asset is None:
        return None
    return asset_link(asset.sha256, asset.extension, until=link_expiry())
