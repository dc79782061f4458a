"""Who signs in, and the tokens with which their programs do."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from apps.core.models import Timestamped


class People(BaseUserManager["User"]):
    """Makes and finds people by their e-mail address, whatever its case."""

    def create_user(self, email: str, password: str | None = None, **values: Any) -> "User":
        """Make a person; without a password they sign in by passkey or single sign-on.

        Raises:
            ValueError: If there is no address.
        """
        if not email:
            raise ValueError("a person needs an e-mail address")
        person = self.model(email=email.strip().lower(), **values)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **values: Any) -> "User":
        """Make a person who may do everything."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **values)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find a person by address."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin, Timestamped):
    """A person; they are their e-mail address, and go by their display name."""

    email = models.EmailField(unique=True, error_messages={"unique": "Somebody has this address."})
    display_name = models.CharField(max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False, help_text="May sign in to the admin.")
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = People()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_any_case")]
        verbose_name = "person"
        verbose_name_plural = "people"

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """What other people see: the display name, or what stands before the @."""
        return self.display_name or self.email.partition("@")[0]

    def get_full_name(self) -> str:
        """The name, as the admin's theme asks for it."""
        return self.name


class AccessToken(Timestamped):
    """A secret with which a person's program signs in; only its hash is kept."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="access_tokens")
    name = models.CharField(max_length=80)
    shown_prefix = models.CharField(max_length=16)
    token_sha256 = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "name"],
                condition=models.Q(revoked_at=None),
                name="accesstoken_name_once_a_person",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.shown_prefix}…)"
