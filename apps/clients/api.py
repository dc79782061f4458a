"""The API's edge of clients."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from apps.accounts.api import person
from apps.clients.access import visible_to
from apps.clients.models import Client
from apps.clients.services import create_client
from apps.core.errors import Refused


class ClientOutput(serializers.ModelSerializer[Client]):
    """An organisation that orders labelling."""

    class Meta:
        model = Client
        fields = ("id", "name", "slug", "created_at")


class ClientInput(serializers.Serializer[Client]):
    """What a new client needs."""

    name = serializers.CharField(max_length=200)
    slug = serializers.SlugField(max_length=80, required=False, default="")


class Clients(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Client]):
    """Clients that I may know of."""

    queryset = Client.objects.none()
    serializer_class = ClientOutput

    def get_queryset(self) -> QuerySet[Client]:
        """Only those."""
        return visible_to(person(self.request)).order_by("name", "pk")

    @extend_schema(request=ClientInput, responses={201: ClientOutput})
    def create(self, request: Request) -> Response:
        """Take on a client; for those who run the portal."""
        if not person(request).has_perm("clients.add_client"):
            raise Refused("Only those who run the portal take on clients; ask them.")
        sent = ClientInput(data=request.data)
        sent.is_valid(raise_exception=True)
        client = create_client(**sent.validated_data)
        return Response(ClientOutput(client).data, status=status.HTTP_201_CREATED)
