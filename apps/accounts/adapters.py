"""Whom allauth lets in, and how it keeps their second factors.

Sign-up is closed unless it is opened; single sign-on may bring people.
"""

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts are made by the staff, or by whoever comes while `OPEN_SIGNUP` is on."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Whether strangers may make an account."""
        return bool(settings.OPEN_SIGNUP)


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # as above
    """Whoever the organisation's own sign-on vouches for may come in."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Whether a person of the identity provider gets an account at first sight."""
        return bool(settings.OIDC_ISSUER)

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Any:
        """Take over the name that the identity provider gives."""
        user = super().populate_user(request, sociallogin, data)
        parts = (data.get("first_name"), data.get("last_name"))
        name = data.get("name") or " ".join(part for part in parts if part)
        user.display_name = name[:120]
        return user


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # as above
    """Keeps the seeds of second factors encrypted: a stolen database alone signs nobody in."""

    def encrypt(self, text: str) -> str:
        """Encrypt a seed under the site's present secret."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Read a seed that was kept under the present secret or a former one."""
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> MultiFernet:
    """The ciphers of the site's secrets, the present one first (`SECRET_KEY_FALLBACKS` follow)."""
    return MultiFernet(
        Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"second-factor:{key}".encode()).digest()))
        for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    )
