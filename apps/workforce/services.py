"""What changes about people's teams, qualifications and availability."""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.core.errors import Conflict, Invalid
from apps.workforce.models import Availability, Qualification, Team, TeamMember

HOURS_OF_A_WEEK = 168


@transaction.atomic
def create_team(name: str, *, kind: str = Team.Kind.INTERNAL) -> Team:
    """Begin a team.

    Raises:
        Conflict: If there is a team of that name.
        Invalid: If the kind is unknown.
    """
    if kind not in Team.Kind.values:
        raise Invalid(
            f"A team is {' or '.join(Team.Kind.values)}, not “{kind}”.",
            fields={"kind": [f"must be one of: {', '.join(Team.Kind.values)}"]},
        )
    if Team.objects.filter(name__iexact=name.strip()).exists():
        raise Conflict(
            f"There is a team named “{name.strip()}” already.", fields={"name": ["is taken"]}
        )
    return Team.objects.create(name=name.strip(), kind=kind)


@transaction.atomic
def join_team(person: User, *, team: Team, lead: bool = False) -> TeamMember:
    """Put a person into a team, or change their place in it."""
    member, _ = TeamMember.objects.update_or_create(
        team=team,
        person=person,
        defaults={"role": TeamMember.Role.LEAD if lead else TeamMember.Role.MEMBER},
    )
    return member


@transaction.atomic
def leave_team(person: User, *, team: Team) -> None:
    """Take a person out of a team; whoever is not in it stays so."""
    TeamMember.objects.filter(team=team, person=person).delete()


@transaction.atomic
def qualify(
    person: User,
    *,
    modalities: Iterable[str],
    kind: str = Qualification.Kind.LABEL,
    expires_at: datetime | None = None,
    by: User | None = None,
) -> list[Qualification]:
    """Write down that a person can label, or review, some modalities; again renews.

    Raises:
        Invalid: If it would have expired already, or the kind is unknown.
    """
    if expires_at is not None and expires_at <= timezone.now():
        raise Invalid(
            "The qualification would have expired already; choose a later time.",
            fields={"expires_at": ["must lie in the future"]},
        )
    if kind not in Qualification.Kind.values:
        raise Invalid(
            f"One qualifies for {' or '.join(Qualification.Kind.values)}, not “{kind}”.",
            fields={"kind": [f"must be one of: {', '.join(Qualification.Kind.values)}"]},
        )
    return [
        Qualification.objects.update_or_create(
            person=person,
            modality=modality,
            kind=kind,
            defaults={"expires_at": expires_at, "granted_by": by},
        )[0]
        for modality in modalities
    ]


@transaction.atomic
def disqualify(person: User, *, modalities: Iterable[str], kind: str) -> None:
    """Take qualifications back."""
    Qualification.objects.filter(person=person, modality__in=list(modalities), kind=kind).delete()


@transaction.atomic
def set_availability(
    person: User,
    *,
    hours_per_week: float = 40,
    time_zone: str = "UTC",
    away_until: date | None = None,
) -> Availability:
    """Say how much of a person there is for work.

    Raises:
        Invalid: If a week does not have that many hours, or the time zone is unknown.
    """
    if not 0 <= hours_per_week <= HOURS_OF_A_WEEK:
        raise Invalid(
            f"A week has {HOURS_OF_A_WEEK} hours; {hours_per_week:g} is none of it.",
            fields={"hours_per_week": ["must be from 0 to 168"]},
        )
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Invalid(
            f"There is no time zone “{time_zone}”; write one such as Europe/Berlin.",
            fields={"time_zone": ["is unknown"]},
        ) from error
    availability, _ = Availability.objects.update_or_create(
        person=person,
        defaults={
            "hours_per_week": hours_per_week,
            "time_zone": time_zone,
            "away_until": away_until,
        },
    )
    return availability
