"""People, their teams, what they can do and how much of them there is."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from apps.accounts.models import User
from apps.projects.access import MANAGERS, projects_with
from apps.projects.models import Project, ProjectUserObjectPermission
from apps.workforce.models import Qualification, Team, TeamMember


def valid_qualifications() -> QuerySet[Qualification]:
    """Qualifications that have not expired."""
    return Qualification.objects.filter(
        Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    ).order_by("modality", "kind")


def qualified_modalities(person: User | AnonymousUser, kind: str) -> frozenset[str]:
    """Modalities that a person may label, or review, today."""
    if not isinstance(person, User):
        return frozenset()
    held = valid_qualifications().filter(person=person, kind=kind)
    return frozenset(held.values_list("modality", flat=True))


def people_qualified(modalities: Collection[str], *, kind: str) -> QuerySet[User]:
    """Active people who are qualified in every one of some modalities."""
    people = User.objects.filter(is_active=True)
    for modality in set(modalities):
        held = valid_qualifications().filter(kind=kind, modality=modality)
        people = people.filter(pk__in=held.values("person"))
    return people


def available(people: QuerySet[User], *, on: date | None = None) -> QuerySet[User]:
    """Those who are not away on a day (today if none is given) and have hours for work."""
    day = on or timezone.localdate()
    return people.exclude(availability__away_until__gte=day).exclude(
        availability__hours_per_week=0
    )


def roster(people: QuerySet[User]) -> QuerySet[User]:
    """People with all that a staffing page shows of them, in a constant number of queries."""
    return people.select_related("availability").prefetch_related(
        Prefetch(
            "qualifications", queryset=valid_qualifications(), to_attr="valid_qualifications"
        ),
        Prefetch(
            "team_memberships",
            queryset=TeamMember.objects.select_related("team").order_by("team__name"),
            to_attr="memberships",
        ),
    )


def staffs_people(user: User | AnonymousUser) -> bool:
    """Whether a person steers work anywhere."""
    return isinstance(user, User) and (
        steers_everything(user) or projects_with(user, "manage_project").exists()
    )


def steers_everything(user: User) -> bool:
    """Whether a person is one of the portal's workforce managers, or runs it."""
    return user.is_superuser or user.groups.filter(name=MANAGERS).exists()


def people_seen_by(user: User | AnonymousUser) -> QuerySet[User]:
    """Oneself, and whoever works in the projects that one steers.

    The portal's workforce managers see everyone who works or is qualified to; customers never
    show up, as nothing of one client is told to others.
    """
    if not isinstance(user, User):
        return User.objects.none()
    working = Q(pk__in=_working_in(Project.objects.all()))
    if steers_everything(user):
        shown = working | Q(team_memberships__isnull=False) | Q(qualifications__isnull=False)
    else:
        shown = Q(pk__in=_working_in(projects_with(user, "manage_project")))
    return User.objects.filter(shown | Q(pk=user.pk), is_active=True).distinct()


def _working_in(
    projects: QuerySet[Project],
) -> QuerySet[ProjectUserObjectPermission, dict[str, Any]]:
    return ProjectUserObjectPermission.objects.filter(
        content_object__in=projects,
        permission__codename__in=["label_project", "review_project"],
    ).values("user")


def teams_seen_by(user: User | AnonymousUser) -> QuerySet[Team]:
    """All teams for the portal's workforce managers; for others those in which they are."""
    teams = Team.objects.annotate(member_count=Count("members")).order_by("name")
    if not isinstance(user, User):
        return teams.none()
    if steers_everything(user):
        return teams
    return teams.filter(pk__in=TeamMember.objects.filter(person=user).values("team"))
