"""The API's edge of accounts: who I am, and the tokens of my programs."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from apps.accounts.models import AccessToken, User
from apps.accounts.selectors import own_tokens
from apps.accounts.services import issue_token, rename, revoke_token


def person(request: Request) -> User:
    """Who asks.

    Raises:
        NotAuthenticated: If nobody is signed in.
    """
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user


class PersonOutput(serializers.ModelSerializer[User]):
    """A person, as they see themselves."""

    class Meta:
        model = User
        fields = ("id", "email", "display_name", "name", "is_staff")


class PersonInput(serializers.Serializer[User]):
    """What a person may change about themselves."""

    display_name = serializers.CharField(max_length=120, allow_blank=True)


class AccessTokenOutput(serializers.ModelSerializer[AccessToken]):
    """A token without its secret."""

    class Meta:
        model = AccessToken
        fields: tuple[str, ...] = (
            "id",
            "name",
            "shown_prefix",
            "expires_at",
            "last_used_at",
            "created_at",
        )


class IssuedTokenOutput(AccessTokenOutput):
    """A token with its secret, which is told this once."""

    secret = serializers.CharField()

    class Meta(AccessTokenOutput.Meta):
        fields: tuple[str, ...] = (*AccessTokenOutput.Meta.fields, "secret")


class AccessTokenInput(serializers.Serializer[AccessToken]):
    """What a new token needs."""

    name = serializers.CharField(max_length=80)
    expires_at = serializers.DateTimeField(required=False, allow_null=True, default=None)


class Me(APIView):
    """The person who asks."""

    @extend_schema(responses=PersonOutput)
    def get(self, request: Request) -> Response:
        """Tell who I am."""
        return Response(PersonOutput(person(request)).data)

    @extend_schema(request=PersonInput, responses=PersonOutput)
    def patch(self, request: Request) -> Response:
        """Change my name."""
        sent = PersonInput(data=request.data)
        sent.is_valid(raise_exception=True)
        return Response(PersonOutput(rename(person(request), **sent.validated_data)).data)


class AccessTokens(
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.DestroyModelMixin,
    GenericViewSet[AccessToken],
):
    """My own access tokens."""

    queryset = AccessToken.objects.none()
    serializer_class = AccessTokenOutput

    def get_queryset(self) -> QuerySet[AccessToken]:
        """Only one's own."""
        return own_tokens(person(self.request))

    @extend_schema(request=AccessTokenInput, responses={201: IssuedTokenOutput})
    def create(self, request: Request) -> Response:
        """Issue a token and tell its secret, this once."""
        sent = AccessTokenInput(data=request.data)
        sent.is_valid(raise_exception=True)
        token, secret = issue_token(person(request), **sent.validated_data)
        answer = {**AccessTokenOutput(token).data, "secret": secret}
        return Response(answer, status=status.HTTP_201_CREATED)

    def perform_destroy(self, instance: AccessToken) -> None:
        """Revoke it."""
        revoke_token(instance)
