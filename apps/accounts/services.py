"""What changes about people: their name, and the tokens of their programs."""

import secrets
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from apps.accounts.models import AccessToken, User
from apps.accounts.selectors import own_tokens, token_hash
from apps.core.errors import Conflict, Invalid

TOKEN_MARK = "cpat_"  # noqa: S105 - the mark that secret scanners look for, no secret
SHOWN_LETTERS = 6
MOST_TOKENS = 50
SEEN_EVERY = timedelta(minutes=1)


@transaction.atomic
def issue_token(
    person: User, *, name: str, expires_at: datetime | None = None
) -> tuple[AccessToken, str]:
    """Make an access token; its secret is returned once and never stored.

    Raises:
        Conflict: If the person has a token of that name.
        Invalid: If it would be expired already, or the person has too many.
    """
    if expires_at is not None and expires_at <= timezone.now():
        raise Invalid(
            "The token would be expired already; choose a later time.",
            fields={"expires_at": "must lie in the future"},
        )
    if own_tokens(person).count() >= MOST_TOKENS:
        raise Invalid(f"You have {MOST_TOKENS} tokens already; revoke one that you do not use.")
    secret = TOKEN_MARK + secrets.token_urlsafe(32)
    try:
        with transaction.atomic():
            token = AccessToken.objects.create(
                person=person,
                name=name,
                shown_prefix=secret[: len(TOKEN_MARK) + SHOWN_LETTERS],
                token_sha256=token_hash(secret),
                expires_at=expires_at,
            )
    except IntegrityError as error:
        raise Conflict(
            f"You have a token named “{name}” already; choose another name or revoke it.",
            fields={"name": "is taken"},
        ) from error
    return token, secret


@transaction.atomic
def revoke_token(token: AccessToken) -> None:
    """Close a token for good; it stays as a record."""
    AccessToken.objects.filter(pk=token.pk, revoked_at=None).update(
        revoked_at=timezone.now(), updated_at=timezone.now()
    )


def note_use(token: AccessToken) -> None:
    """Remember that a token was used; written at most once a minute."""
    now = timezone.now()
    if token.last_used_at is None or token.last_used_at < now - SEEN_EVERY:
        AccessToken.objects.filter(
            Q(last_used_at=None) | Q(last_used_at__lt=now - SEEN_EVERY), pk=token.pk
        ).update(last_used_at=now)


@transaction.atomic
def rename(person: User, *, display_name: str) -> User:
    """Change the name that others see."""
    person.display_name = display_name.strip()
    person.save(update_fields=["display_name", "updated_at"])
    return person
