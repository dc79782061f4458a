"""How a program signs in to the API: `Authorization: Bearer cpat_…`."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from apps.accounts.models import AccessToken, User
from apps.accounts.selectors import live_token
from apps.accounts.services import TOKEN_MARK, note_use

WORDS_OF_HEADER = 2


class AccessTokenAuthentication(BaseAuthentication):
    """Reads the bearer token of a request."""

    def authenticate(self, request: Request) -> tuple[User, AccessToken] | None:
        """Tell whose token a request carries, or nothing if it carries none of ours.

        Raises:
            AuthenticationFailed: If it carries one that opens nothing.
        """
        words = get_authorization_header(request).decode("latin-1").split()
        if len(words) != WORDS_OF_HEADER or words[0].lower() != "bearer":
            return None
        if not words[1].startswith(TOKEN_MARK):
            return None
        token = live_token(words[1])
        if token is None:
            raise AuthenticationFailed("The access token is unknown, expired or revoked.")
        note_use(token)
        return token.person, token

    def authenticate_header(self, request: Request) -> str:
        """Name the scheme that an anonymous request should have used."""
        return "Bearer"


class AccessTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # untyped
    """Describes the token in the API's schema."""

    target_class = AccessTokenAuthentication
    name = "accessToken"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """Write the scheme as OpenAPI has it."""
        return {"type": "http", "scheme": "bearer", "bearerFormat": f"{TOKEN_MARK}…"}
