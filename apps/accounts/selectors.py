"""People and their tokens, as read."""

import hashlib

from django.db.models import Q, QuerySet
from django.utils import timezone

from apps.accounts.models import AccessToken, User


def own_tokens(person: User) -> QuerySet[AccessToken]:
    """A person's tokens that are not revoked, newest first."""
    return AccessToken.objects.filter(person=person, revoked_at=None).order_by("-pk")


def token_hash(secret: str) -> str:
    """Hash a token as it is stored; the secret is 256 random bits, so a plain hash suffices."""
    return hashlib.sha256(secret.encode()).hexdigest()


def live_token(secret: str) -> AccessToken | None:
    """The token of this secret, if it still opens anything."""
    return (
        AccessToken.objects.select_related("person")
        .filter(token_sha256=token_hash(secret), revoked_at=None, person__is_active=True)
        .filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now()))
        .first()
    )
