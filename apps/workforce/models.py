"""Who people are: teams, vendors, qualifications, capacity."""

from django.conf import settings
from django.db import models

from apps.core.models import Timestamped


class Team(Timestamped):
    """People who work together: our own or a vendor's."""

    class Kind(models.TextChoices):
        """Whose people they are."""

        INTERNAL = "internal", "Internal"
        VENDOR = "vendor", "Vendor"

    name = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.INTERNAL)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class TeamMember(Timestamped):
    """A person's place in a team."""

    class Role(models.TextChoices):
        """A lead sees the team's people and work."""

        MEMBER = "member", "Member"
        LEAD = "lead", "Lead"

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="team_memberships"
    )
    role = models.CharField(max_length=8, choices=Role.choices, default=Role.MEMBER)

    class Meta:
        ordering = ["team", "pk"]
        constraints = [models.UniqueConstraint(fields=["team", "person"], name="member_once")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.team_id}"


class Availability(Timestamped):
    """How much of a person there is for work."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="availability"
    )
    hours_per_week = models.FloatField(default=40)
    time_zone = models.CharField(max_length=60, default="UTC")
    away_until = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "availabilities"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(hours_per_week__gte=0) & models.Q(hours_per_week__lte=168),
                name="a_week_has_168_hours",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.hours_per_week} h a week"


class Qualification(Timestamped):
    """What a person has shown to be able to label or review, and until when."""

    class Kind(models.TextChoices):
        """The work it qualifies for."""

        LABEL = "label", "Label"
        REVIEW = "review", "Review"

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="qualifications"
    )
    modality = models.CharField(max_length=40)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.LABEL)
    expires_at = models.DateTimeField(null=True, blank=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        ordering = ["person", "modality", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "modality", "kind"], name="qualification_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} may {self.kind} {self.modality}"
