"""How projects look in the API; its viewset stands in operations, where orders are taken."""

from rest_framework import serializers

from apps.projects.models import Project


class ProjectOutput(serializers.ModelSerializer[Project]):
    """One client's order."""

    client_name = serializers.CharField(source="client.name", read_only=True)

    class Meta:
        model = Project
        fields = (
            "id",
            "slug",
            "name",
            "description",
            "client_id",
            "client_name",
            "state",
            "modalities",
            "max_error_rate",
            "confidence",
            "due_on",
            "created_at",
        )


class TermsInput(serializers.Serializer[Project]):
    """What is agreed with the client; what is left out stays."""

    name = serializers.CharField(max_length=200, required=False)
    description = serializers.CharField(required=False, allow_blank=True)
    modalities = serializers.ListField(
        child=serializers.SlugField(max_length=40), required=False, max_length=20
    )
    max_error_rate = serializers.FloatField(required=False)
    confidence = serializers.FloatField(required=False)
    due_on = serializers.DateField(required=False, allow_null=True)
