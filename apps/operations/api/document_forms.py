"""What is sent about a scene's labels and findings, and how drafts look."""

from typing import Any

from rest_framework import serializers

from apps.operations.models import Draft
from apps.quality.models import Finding


class SaveInput(serializers.Serializer[Any]):
    """Edits; `changesets` is read by `annotation.ops`, which names each fault by its place."""

    base_version = serializers.IntegerField(min_value=0)
    lease_token = serializers.IntegerField(min_value=0)
    session = serializers.UUIDField(allow_null=True, default=None)
    changesets = serializers.JSONField()


class SinceInput(serializers.Serializer[Any]):
    """From which version on."""

    since = serializers.IntegerField(min_value=0)


class ChecksInput(serializers.Serializer[Any]):
    """Which objects to check now; all of the scene in the background if none is named."""

    object_ids = serializers.ListField(child=serializers.UUIDField(), default=list, max_length=20)


class AnchorInput(serializers.Serializer[Any]):
    """Where a comment points: a place in the world, or a pixel."""

    point_m = serializers.ListField(
        child=serializers.FloatField(), min_length=3, max_length=3, required=False
    )
    pixel_px = serializers.ListField(
        child=serializers.FloatField(), min_length=2, max_length=2, required=False
    )


class CommentInput(serializers.Serializer[Any]):
    """What a reviewer says, and of what."""

    message = serializers.CharField(max_length=2000)
    object_id = serializers.UUIDField(allow_null=True, default=None)
    sensor_key = serializers.CharField(max_length=80, allow_null=True, default=None)
    at_ns = serializers.IntegerField(allow_null=True, default=None)
    severity = serializers.ChoiceField(
        choices=Finding.Severity.choices, default=Finding.Severity.WARNING
    )
    blocking = serializers.BooleanField(default=False)
    anchor = AnchorInput(allow_null=True, default=None)


class AnswerInput(serializers.Serializer[Any]):
    """What a person says to a finding."""

    action = serializers.ChoiceField(choices=["waive", "reopen", "resolve"])
    reason = serializers.CharField(allow_blank=True, default="", max_length=500)


class DraftRow(serializers.ModelSerializer[Draft]):
    """Edits that came too late, without the edits."""

    author_name = serializers.CharField(source="author.name", read_only=True)
    change_set_count = serializers.SerializerMethodField()

    class Meta:
        model = Draft
        fields: tuple[str, ...] = (
            "id",
            "author_id",
            "author_name",
            "base_version",
            "reason",
            "change_set_count",
            "created_at",
        )

    def get_change_set_count(self, draft: Draft) -> int:
        """How many gestures it keeps."""
        return len(draft.change_sets)


class DraftOutput(DraftRow):
    """Edits that came too late, with the edits."""

    changesets = serializers.JSONField(source="change_sets")

    class Meta(DraftRow.Meta):
        fields: tuple[str, ...] = (*DraftRow.Meta.fields, "changesets")
